"""Networks of PyTorch in files of ONNX, by the line that we give and by the older exporter."""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import Module

from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Keeper,
    Said,
    block_of,
    main,
    run,
)
from tests.elsewhere.frameworks.pytorch import (
    INPUTS,
    MNIST,
    Attending,
    Convolutional,
    Named,
    Normalising,
    Residual,
    answering,
    lively,
    stacked,
)

NAME = "theirs.onnx"
NEWER, OLDER = "`torch.onnx.export`", "`torch.onnx.export` with `dynamo=False`"


def newer(model: Module, shape: tuple[int, int, int]) -> None:
    code = block_of("onnx.md", "PyTorch")
    height, width, channels = shape
    here = code.replace("(1, 1, 28, 28)", f"(1, {channels}, {height}, {width})")
    assert shape == GREY or here != code
    run(here, model=model)


def older(model: Module, shape: tuple[int, int, int]) -> None:
    """As exporters wrote by default up to PyTorch 2.8, for any number of images."""
    height, width, channels = shape
    torch.onnx.export(
        model, (torch.zeros(2, channels, height, width),), NAME, opset_version=17, dynamo=False,
        input_names=["images"], output_names=["answers"], dynamic_axes={"images": {0: "n"}},
    )  # fmt: skip


WRITERS: dict[str, Callable[[Module, tuple[int, int, int]], None]] = {NEWER: newer, OLDER: older}


def keep_graph(keeper: Keeper, name: str, model: Module, **said: Any) -> None:  # noqa: ANN401 - fields of Said
    """Keep the graph of `model` by both exporters."""
    shape = said.get("shape", GREY)
    settings = said.get("settings", {})
    pixels = settings.get("pixel_mean", 0.0), settings.get("pixel_deviation", 1.0)
    for form, write in WRITERS.items():
        keeper.keep(
            f"{name}{' (older)' if form == OLDER else ''}",
            Said(form, NAME, **said),
            functools.partial(write, model, shape),
            answering(model, *pixels),
        )


class Turned(nn.Module):
    """Maps are turned before they are flattened, as people do who mix two frameworks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 5, 3, stride=2), nn.Linear(245, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = torch.relu(self.conv(x)).permute(0, 2, 3, 1)
        return self.fc(maps.reshape(x.shape[0], -1))


class Bytes(nn.Module):
    """Pixels of 0 to 255 go in and are divided within."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(INPUTS, 20), nn.Linear(20, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(torch.relu(self.fc1((x / 255).flatten(1))))


class Gap(nn.Module):
    """The mean over all places, by `mean` instead of a pool."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 8, 3, padding="same"), nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.norm(torch.relu(self.conv(x))).mean((2, 3)))


def keep_read(keeper: Keeper) -> None:
    flat, relu, conv, pool = nn.Flatten, nn.ReLU, nn.Conv2d, nn.MaxPool2d
    keep_graph(keeper, "linear", stacked(flat(), nn.Linear(INPUTS, CLASSES)))
    keep_graph(
        keeper, "dense, batch norm, dropout, softmax",
        stacked(flat(), nn.Linear(INPUTS, 32), nn.BatchNorm1d(32), relu(), nn.Dropout(),
                nn.Linear(32, 16), nn.Sigmoid(), nn.BatchNorm1d(16), nn.Linear(16, CLASSES),
                nn.Softmax(1)),
        gives="probabilities",
    )  # fmt: skip
    keep_graph(keeper, "tanh", lively(Named(nn.Tanh())))
    keep_graph(
        keeper, "example of PyTorch", lively(Convolutional()), gives="log probabilities",
        settings=MNIST,
    )  # fmt: skip
    keep_graph(
        keeper, "padded, batch norm before, colours",
        stacked(conv(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), relu(), pool(2),
                conv(8, 6, 5, padding=2, groups=2), relu(), flat(), nn.Linear(384, CLASSES),
                shape=COLOUR),
        shape=COLOUR,
    )  # fmt: skip
    keep_graph(
        keeper, "strides, dilation, batch norm after, average",
        stacked(conv(3, 6, 3, stride=2, padding=1), nn.Tanh(), nn.BatchNorm2d(6),
                conv(6, 6, 3, padding=2, dilation=2), nn.Sigmoid(), nn.AvgPool2d(2), flat(),
                nn.Linear(96, CLASSES), shape=COLOUR),
        shape=COLOUR,
    )  # fmt: skip
    keep_graph(
        keeper, "global average at the end",
        stacked(conv(1, 8, 5, stride=2), nn.BatchNorm2d(8), relu(), pool(3, 2),
                conv(8, CLASSES, 1), nn.AdaptiveAvgPool2d(1), flat()),
    )  # fmt: skip
    body = nn.Sequential(conv(3, 6, 3, padding=1), relu(), pool(2), flat(), nn.Linear(384, CLASSES))
    keep_graph(keeper, "pixels of buffers", lively(Normalising(3, body), COLOUR), shape=COLOUR)
    keep_graph(keeper, "turned maps", lively(Turned(), COLOUR), shape=COLOUR)
    keep_graph(keeper, "mean of places", lively(Gap(), COLOUR), shape=COLOUR)
    keep_graph(
        keeper, "two classes", stacked(flat(), nn.Linear(INPUTS, 12), relu(), nn.Linear(12, 2)),
        classes=2,
    )  # fmt: skip
    keep_graph(
        keeper, "pixels of 0 to 255", lively(Bytes(), white=255.0),
        settings={"pixel_deviation": 1 / 255},
    )  # fmt: skip


def keep_refused(keeper: Keeper) -> None:
    flat, relu, conv, pool = nn.Flatten, nn.ReLU, nn.Conv2d, nn.MaxPool2d
    for name, between in {
        "leaky": nn.LeakyReLU(0.1), "gelu": nn.GELU(), "relu6": nn.ReLU6(), "elu": nn.ELU(),
    }.items():  # fmt: skip
        keep_graph(
            keeper, name, lively(Named(between)), why="another activation",
            reason=r"is of a kind that netviz cannot run|joins two ways|takes what arrives more",
        )  # fmt: skip
    keep_graph(
        keeper, "residual", lively(Residual(), COLOUR), shape=COLOUR,
        why="two ways that are added", reason="joins two ways",
    )  # fmt: skip
    keep_graph(keeper, "attention", lively(Attending()), why="attention", reason="node '.*")
    keep_graph(
        keeper, "padded pool",
        stacked(conv(1, 6, 3), relu(), pool(3, 2, padding=1), flat(), nn.Linear(1014, CLASSES)),
        why="a pool beyond the edge", reason="pools beyond the edge",
    )  # fmt: skip
    keep_graph(
        keeper, "one output",
        stacked(flat(), nn.Linear(INPUTS, 12), relu(), nn.Linear(12, 1), nn.Sigmoid()),
        classes=2, why="one output for two classes", reason="ends with a sigmoid",
    )  # fmt: skip
    keep_graph(
        keeper, "unsaid pixels of 0 to 255", lively(Bytes(), white=255.0),
        why="pixels of 0 to 255 are not said", reason="pixel_deviation = 0.00392",
    )  # fmt: skip


def make(keeper: Keeper) -> None:
    torch.manual_seed(2)
    keep_read(keeper)
    keep_refused(keeper)


if __name__ == "__main__":
    main("torch", make)
