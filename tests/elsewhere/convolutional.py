"""Arrays of small convolutional networks as frameworks name them, and what these answer.

The answers are computed here in the plainest way, map by map (images, channels, rows, columns).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = dict[str, Array]

RNG = np.random.default_rng(23)
SHAPE, COLOUR, CLASSES = (10, 11, 1), (10, 11, 3), 3
IMAGES = {1: RNG.random((5, *SHAPE)), 3: RNG.random((5, *COLOUR))}


def maps(images: Array) -> Array:
    return np.asarray(images.transpose(0, 3, 1, 2))


def conv(x: Array, weight: Array, bias: Array | float = 0.0, stride: int = 1,
         pads: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Array:  # fmt: skip
    """Convolve `x` with `weight` (filters, channels, rows, columns), as PyTorch has it."""
    top, left, bottom, right = pads
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    rows, columns = weight.shape[2:]
    down = (x.shape[2] - rows) // stride + 1
    along = (x.shape[3] - columns) // stride + 1
    z = np.zeros((len(x), len(weight), down, along))
    for i in range(down):
        for j in range(along):
            seen = x[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
            z[:, :, i, j] = np.einsum("ncij,ucij->nu", seen, weight)
    return np.asarray(z + np.reshape(bias, (1, -1, 1, 1)))


def pool(x: Array, size: int = 2) -> Array:
    down, along = x.shape[2] // size, x.shape[3] // size
    cut = x[:, :, : down * size, : along * size]
    return np.asarray(cut.reshape(*x.shape[:2], down, size, along, size).max(axis=(3, 5)))


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def normed(x: Array, statistics: "Statistics", epsilon: float) -> Array:
    """Return what a batch normalisation in use makes of maps or rows."""
    mean, variance, gain, shift = (one.reshape(1, -1, *[1] * (x.ndim - 2)) for one in statistics)
    return np.asarray((x - mean) / np.sqrt(variance + epsilon) * gain + shift)


Statistics = tuple[Array, Array, Array, Array]


def weights(*shape: int) -> tuple[Array, Array]:
    """Return random weights, units first, and biases."""
    return RNG.normal(size=shape), RNG.normal(size=shape[0])


def statistics(channels: int) -> Statistics:
    """Return a mean, a variance, a gain and a shift for each channel."""
    mean, gain, shift = RNG.normal(size=(3, channels))
    return mean, RNG.uniform(0.2, 2, channels), gain, shift


def torch(**layers: tuple[Array, ...]) -> Arrays:
    """Return arrays as PyTorch names them; `n0` is the module 0, four arrays are statistics."""
    found: Arrays = {}
    for key, arrays in layers.items():
        name = key.removeprefix("n").replace("__", ".")
        if len(arrays) == 4:
            leaves: tuple[str, ...] = ("running_mean", "running_var", "weight", "bias")
            found[f"{name}.num_batches_tracked"] = np.array(3)
        else:
            leaves = ("weight", "bias")
        found |= {f"{name}.{leaf}": one for leaf, one in zip(leaves, arrays, strict=False)}
    return found


def keras(**layers: tuple[Array, ...]) -> Arrays:
    """Return arrays as Keras names and lays them out."""
    found: Arrays = {}
    for name, (first, *others) in layers.items():
        leaves: tuple[str, ...] = ("moving_mean", "moving_variance", "gamma", "beta")
        is_normalisation = len(others) == len(leaves) - 1
        leaves = leaves if is_normalisation else ("kernel", "bias")
        arrays = (first if is_normalisation else kernel(first), *others)
        found |= {f"{name}/{leaf}": one for leaf, one in zip(leaves, arrays, strict=False)}
    return found


def kernel(weight: Array) -> Array:
    """Return weights of PyTorch as Keras and Flax lay them out."""
    return weight.T if weight.ndim == 2 else weight.transpose(2, 3, 1, 0)


def by_pixel(x: Array) -> Array:
    """Flatten maps as Keras does: row, column, channel."""
    return np.asarray(x.transpose(0, 2, 3, 1).reshape(len(x), -1))


def by_plane(x: Array) -> Array:
    return np.asarray(x.reshape(len(x), -1))
