"""Networks of PyTorch: the state of each in a file of safetensors, by the line that we give."""

import copy
from collections.abc import Callable
from typing import Any

import safetensors.torch
import torch
from torch import nn
from torch.nn import Module
from torch.nn.utils import parametrizations, prune

from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Array,
    Keeper,
    Said,
    Shape,
    labels_of,
    line_of,
    main,
    pixels_of,
    run,
)

STATE = "`state_dict` in safetensors"
NAME = "theirs.safetensors"
MNIST = {"pixel_mean": 0.1307, "pixel_deviation": 0.3081}
INPUTS = 784


def planes(pixels: Array) -> torch.Tensor:
    """Return images as PyTorch has them, (n, channels, height, width)."""
    return torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())


def lively(model: Module, shape: Shape = GREY, white: float = 1.0) -> Module:
    """Train a few steps, so that statistics, biases and answers are those of a network in use."""
    pixels = pixels_of(shape)
    x, y = planes(pixels) * white, torch.from_numpy(labels_of(pixels))
    model.train()
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.affine:
                module.weight.uniform_(0.4, 1.6)
                module.bias.normal_()
    optimiser = torch.optim.Adam(model.parameters(), 0.004)
    for _ in range(60):
        optimiser.zero_grad()
        loss(model(x), y).backward()
        optimiser.step()
    return model.eval()


def loss(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    classes = answers.shape[1]
    if classes == 1:
        return nn.functional.binary_cross_entropy_with_logits(answers[:, 0], labels % 2.0)
    return nn.functional.cross_entropy(answers, labels * classes // CLASSES)


def answering(model: Module, mean: float = 0.0, deviation: float = 1.0) -> Callable[[Array], Array]:
    def answer(pixels: Array) -> Array:
        with torch.no_grad():
            return model(planes((pixels - mean) / deviation)).float().numpy()

    return answer


def stacked(*modules: Module, shape: Shape = GREY) -> Module:
    return lively(nn.Sequential(*modules), shape)


class Named(nn.Module):
    """Layers under the names that programs give them, with `between` after each but the last."""

    def __init__(
        self, between: Module, widths: tuple[int, ...] = (INPUTS, 30, 20, CLASSES)
    ) -> None:
        super().__init__()
        for k in range(len(widths) - 1):
            setattr(self, f"fc{k + 1}", nn.Linear(widths[k], widths[k + 1]))
        self.depth, self.between = len(widths) - 1, between

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.flatten(1)
        for k in range(1, self.depth):
            x = self.between(getattr(self, f"fc{k}")(x))
        return getattr(self, f"fc{self.depth}")(x)


class Normed(nn.Module):
    """A batch normalisation before the activation, as no name tells."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.bn1 = nn.Linear(INPUTS, 30), nn.BatchNorm1d(30)
        self.fc2 = nn.Linear(30, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(torch.relu(self.bn1(self.fc1(x.flatten(1)))))


class Normalising(nn.Module):
    """The pixels are normalised by buffers of the model."""

    def __init__(self, channels: int, body: Module) -> None:
        super().__init__()
        self.register_buffer("mean", torch.linspace(0.3, 0.5, channels).reshape(-1, 1, 1))
        self.register_buffer("std", torch.linspace(0.2, 0.3, channels).reshape(-1, 1, 1))
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body((x - self.mean) / self.std)


class Convolutional(nn.Module):
    """The network of PyTorch's own example for MNIST, smaller."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 8, 3)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(8 * 12 * 12, 16), nn.Linear(16, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        x = self.dropout1(nn.functional.max_pool2d(x, 2)).flatten(1)
        x = self.dropout2(torch.relu(self.fc1(x)))
        return nn.functional.log_softmax(self.fc2(x), dim=1)


class Residual(nn.Module):
    """A convolution whose result is added to what goes in."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.inner = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 6, 3, padding=1)
        self.fc = nn.Linear(6, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.stem(x))
        return self.fc((x + torch.relu(self.inner(x))).mean((2, 3)))


class Attending(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(28, 2, batch_first=True)
        self.fc = nn.Linear(28, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.squeeze(1)
        return self.fc(self.attention(rows, rows, rows)[0].mean(1))


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.fc = nn.LSTM(28, 12, batch_first=True), nn.Linear(12, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.lstm(x.squeeze(1))[0][:, -1])


def keep_state(keeper: Keeper, name: str, model: Module, **said: Any) -> None:  # noqa: ANN401 - fields of Said
    """Keep the state of `model` by the line of our page; `mean` and the like are of its pixels."""
    deviation = said.get("settings", {}).get("pixel_deviation", 1.0)
    mean = said.get("settings", {}).get("pixel_mean", 0.0)
    line = line_of("material.md", "safetensors.torch.save_file(")
    keeper.keep(
        name,
        Said(STATE, NAME, **said),
        lambda: run(line, safetensors=safetensors, model=model),
        answering(model, mean, deviation),
    )


# --- dense -----------------------------------------------------------------------------------


def keep_dense(keeper: Keeper) -> None:
    flat, relu = nn.Flatten, nn.ReLU
    keep_state(keeper, "linear", stacked(flat(), nn.Linear(INPUTS, CLASSES)))
    keep_state(
        keeper, "relu and dropout",
        stacked(flat(), nn.Linear(INPUTS, 32), relu(), nn.Dropout(0.3), nn.Linear(32, CLASSES),
                nn.LogSoftmax(1)),
        gives="log probabilities",
    )  # fmt: skip
    keep_state(keeper, "named layers", lively(Named(nn.ReLU())))
    keep_state(keeper, "tanh", lively(Named(nn.Tanh())), settings={"activation": "tanh"})
    keep_state(keeper, "sigmoid", lively(Named(nn.Sigmoid())), settings={"activation": "sigmoid"})
    keep_state(
        keeper, "colours",
        stacked(flat(), nn.Linear(768, 24), relu(), nn.Linear(24, CLASSES), nn.Softmax(1),
                shape=COLOUR),
        shape=COLOUR, gives="probabilities",
    )  # fmt: skip
    keep_state(
        keeper, "pixels of the settings",
        stacked(flat(), nn.Linear(INPUTS, 24), relu(), nn.Linear(24, CLASSES)), settings=MNIST,
    )  # fmt: skip
    body = nn.Sequential(flat(), nn.Linear(768, 20), relu(), nn.Linear(20, CLASSES))
    keep_state(keeper, "pixels of buffers", lively(Normalising(3, body), COLOUR), shape=COLOUR)
    keep_state(
        keeper, "two classes", stacked(flat(), nn.Linear(INPUTS, 12), relu(), nn.Linear(12, 2)),
        classes=2,
    )  # fmt: skip
    keep_state(
        keeper, "one output for two classes",
        stacked(flat(), nn.Linear(INPUTS, 12), relu(), nn.Linear(12, 1)), classes=2,
        why="one output for two classes", reason="becomes two, 0 for the first class",
    )  # fmt: skip


def keep_normalised(keeper: Keeper) -> None:
    flat, relu = nn.Flatten, nn.ReLU
    keep_state(
        keeper, "batch norm before",
        stacked(flat(), nn.Linear(INPUTS, 32, bias=False), nn.BatchNorm1d(32), relu(),
                nn.Dropout(), nn.Linear(32, CLASSES)),
    )  # fmt: skip
    keep_state(
        keeper,
        "batch norm after",
        stacked(flat(), nn.Linear(INPUTS, 32), relu(), nn.BatchNorm1d(32), nn.Linear(32, CLASSES)),
    )
    keep_state(
        keeper, "batch norm without factors at both ends",
        stacked(flat(), nn.BatchNorm1d(INPUTS, affine=False), nn.Linear(INPUTS, 32), relu(),
                nn.Linear(32, CLASSES), nn.BatchNorm1d(CLASSES)),
    )  # fmt: skip
    order = ["fc1", "bn1", "activation", "fc2"]
    keep_state(keeper, "batch norm by name", lively(Normed()), settings={"layers": order})
    keep_state(
        keeper, "batch norm by name, unsaid", lively(Normed()),
        why="where a normalisation is applied is not said", reason=r'layers = \["fc1", "bn1"',
    )  # fmt: skip
    keep_state(
        keeper, "layer norm",
        stacked(flat(), nn.Linear(INPUTS, 20), nn.LayerNorm(20), relu(), nn.Linear(20, CLASSES)),
        why="layer normalisation", reason="a normalisation over each image by itself",
    )  # fmt: skip
    keep_state(
        keeper, "prelu", stacked(flat(), nn.Linear(INPUTS, 20), nn.PReLU(), nn.Linear(20, CLASSES)),
        why="an activation that learnt", reason="PReLU",
    )  # fmt: skip


def keep_wrapped(keeper: Keeper) -> None:
    """Weights that are kept otherwise than as they are applied, and under longer names."""
    flat, relu = nn.Flatten, nn.ReLU
    weighed = parametrizations.weight_norm(nn.Linear(INPUTS, 24))
    keep_state(keeper, "weight norm", stacked(flat(), weighed, relu(), nn.Linear(24, CLASSES)))
    pruned = nn.Linear(INPUTS, 24)
    prune.l1_unstructured(pruned, "weight", 0.5)
    keep_state(keeper, "pruned", stacked(flat(), pruned, relu(), nn.Linear(24, CLASSES)))
    spectral = parametrizations.spectral_norm(nn.Linear(INPUTS, 24))
    keep_state(
        keeper, "spectral norm", stacked(flat(), spectral, relu(), nn.Linear(24, CLASSES)),
        why="spectral normalisation", reason="remove_parametrizations",
    )  # fmt: skip
    parallel = nn.DataParallel(nn.Sequential(flat(), nn.Linear(INPUTS, 24), relu(),
                               nn.Dropout(), nn.Linear(24, CLASSES)))  # fmt: skip
    keep_state(keeper, "data parallel", lively(parallel))
    averaged = torch.optim.swa_utils.AveragedModel(lively(Named(nn.ReLU())))
    keep_state(keeper, "averaged", averaged)
    half: Any = stacked(flat(), nn.Linear(INPUTS, 24), relu(), nn.Linear(24, CLASSES)).bfloat16()
    keep_state(keeper, "attention", lively(Attending()), why="attention", reason="an attention")
    keep_state(
        keeper, "recurrent", lively(Recurrent()), why="a recurrent layer", reason="a recurrent"
    )
    line = line_of("material.md", "safetensors.torch.save_file(")
    keeper.keep(
        "bfloat16", Said(STATE, NAME), lambda: run(line, safetensors=safetensors, model=half),
        answering(copy.deepcopy(half).float()),
    )  # fmt: skip


# --- convolutional ---------------------------------------------------------------------------


def keep_convolutional(keeper: Keeper) -> None:
    conv, pool, relu = nn.Conv2d, nn.MaxPool2d, nn.ReLU
    example = ["conv 3x3x6", "relu", "conv 3x3x8", "relu", "pool 2", "flatten", "dense 16", "relu"]
    keep_state(
        keeper, "example of PyTorch", lively(Convolutional()), gives="log probabilities",
        settings={**MNIST, "layers": [*example, "dense"]},
    )  # fmt: skip
    keep_state(
        keeper, "convolutions unsaid", lively(Convolutional()), gives="log probabilities",
        why="what lies between convolutions is not said", reason=r'\["conv 3x3x6", "conv 3x3x8"',
    )  # fmt: skip
    keep_state(
        keeper, "padded, batch norm before, colours",
        stacked(conv(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), relu(), pool(2),
                conv(8, 6, 5, padding=2), relu(), nn.Flatten(), nn.Linear(384, CLASSES),
                shape=COLOUR),
        shape=COLOUR,
        settings={"layers": ["conv 3x3x8 padded", "batch norm", "relu", "pool 2",
                             "conv 5x5x6 padded", "relu", "flatten", "dense"]},
    )  # fmt: skip
    keep_state(
        keeper, "strides, batch norm after, average, colours",
        stacked(conv(3, 6, 3, stride=2, padding=1), nn.Tanh(), nn.BatchNorm2d(6), nn.AvgPool2d(2),
                nn.Flatten(), nn.Linear(96, 12), nn.Sigmoid(), nn.BatchNorm1d(12),
                nn.Linear(12, CLASSES), shape=COLOUR),
        shape=COLOUR, settings={"pixel_mean": 0.45, "pixel_deviation": 0.25, "layers": [
            "conv 3x3x6 stride 2 padded", "tanh", "batch norm", "average 2", "flatten", "dense 12",
            "sigmoid", "batch norm", "dense"]},
    )  # fmt: skip
    keep_state(
        keeper, "global average at the end",
        stacked(conv(1, 8, 5, stride=2), nn.BatchNorm2d(8), relu(), pool(3, 2),
                conv(8, CLASSES, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        settings={"layers": ["conv 5x5x8 stride 2", "batch norm", "relu", "pool 3 stride 2",
                             "conv 1x1x10", "global average"]},
    )  # fmt: skip
    grouped = stacked(conv(3, 6, 3), relu(), conv(6, 6, 3, groups=3), relu(), nn.Flatten(),
                      nn.Linear(864, CLASSES), shape=COLOUR)  # fmt: skip
    words = ["conv 3x3x6", "relu", "conv 3x3x6", "relu", "flatten", "dense"]
    keep_state(
        keeper, "groups", grouped, shape=COLOUR, settings={"layers": words},
        why="filters in groups", reason=r"expected \(6, 6, 3, 3\)",
    )  # fmt: skip


def make(keeper: Keeper) -> None:
    torch.manual_seed(1)
    keep_dense(keeper)
    keep_normalised(keeper)
    keep_wrapped(keeper)
    keep_convolutional(keeper)


if __name__ == "__main__":
    main("torch", make)
