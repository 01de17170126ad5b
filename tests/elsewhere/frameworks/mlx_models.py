"""Networks of MLX: dense layers as in PyTorch, filters and flattened maps with channels last."""

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import mlx.core as mx
import numpy as np
from mlx import nn, optimizers

from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Array,
    Keeper,
    Said,
    Shape,
    labels_of,
    main,
    pixels_of,
)  # fmt: skip

ARRAYS, TENSORS = "`save_weights` in an `.npz`", "`save_weights` in safetensors"


class Flat(nn.Module):
    def __call__(self, x: mx.array) -> mx.array:
        return x.reshape(x.shape[0], -1)


class Means(nn.Module):
    def __call__(self, x: mx.array) -> mx.array:
        return x.mean((1, 2))


def keep(
    keeper: Keeper,
    name: str,
    model: Any,  # noqa: ANN401 - of MLX
    shape: Shape = GREY,
    of_npz: Mapping[str, Any] = MappingProxyType({}),
    **said: Any,  # noqa: ANN401 - fields of Said
) -> None:
    pixels = pixels_of(shape)
    x, y = mx.array(pixels), mx.array(labels_of(pixels))
    optimiser = optimizers.Adam(0.01)
    step = nn.value_and_grad(model, lambda m: nn.losses.cross_entropy(m(x), y).mean())
    for _ in range(30):
        optimiser.update(model, step(model)[1])
        mx.eval(model.parameters())
    model.eval()

    def answer(pixels: Array) -> Array:
        return np.asarray(model(mx.array(pixels)))

    for form, file in ((ARRAYS, "theirs.npz"), (TENSORS, "theirs.safetensors")):
        here = {**said, **(of_npz if form == ARRAYS else {})}
        keeper.keep(f"{name} {file[7:]}", Said(form, file, shape, **here),
                    functools.partial(model.save_weights, file), answer)  # fmt: skip


def make(keeper: Keeper) -> None:
    mx.random.seed(7)
    keep(keeper, "perceptron", nn.Sequential(
        Flat(), nn.Linear(784, 24), nn.ReLU(), nn.Linear(24, CLASSES)))  # fmt: skip
    keep(keeper, "colours", nn.Sequential(
        Flat(), nn.Linear(768, 24), nn.ReLU(), nn.Linear(24, CLASSES)), COLOUR,
        {"settings": {"colours": "pixels"}})  # fmt: skip
    last = {"why": "filters with channels last"}
    keep(
        keeper,
        "convolutional",
        nn.Sequential(
            nn.Conv2d(3, 6, 5),
            nn.ReLU(),
            nn.BatchNorm(6),
            nn.MaxPool2d(2, 2),
            Flat(),
            nn.Linear(216, CLASSES),
        ),
        COLOUR,
        last | {"reason": "does not fit its layer.*With MLX"},
        settings={"layers": ["conv 5x5x6", "relu", "batch norm", "pool 2", "flatten", "dense"]},
    )
    keep(
        keeper,
        "filters of 3 by 3 by 3",
        nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), Means(), nn.Linear(6, CLASSES)),
        COLOUR,
        last | {"reason": "MLX with the channels last"},
        settings={"layers": ["conv 3x3x6", "relu", "global average", "dense"]},
    )


if __name__ == "__main__":
    main("mlx", make)
