"""Weights trained elsewhere: dense layers in an `.npz` or a `.safetensors`, read as a network.

Layers are told by the names of their arrays, and come in the natural order of these: 2 before 10.
Each way of naming goes with a way of laying out:

- `0.weight` and `0.bias`: as PyTorch keeps a Linear, (units above, units below), colours plane by
  plane;
- `0.kernel` and `0.bias`: as Keras keeps a Dense, (units below, units above), colours pixel by
  pixel;
- `weights_0` and `biases_0`: as netviz offers its own for download, laid out like Keras's.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.bounds import (
    as_float32,
    check_arrays,
    check_npz,
    check_safetensors,
    check_sums,
)
from netviz.errors import DataError, Place
from netviz.network.layers import ActivationName, Dense
from netviz.network.network import Network, stacked
from netviz.network.storage import LARGEST, read_arrays

Arrays = Mapping[str, NDArray[Any]]
NUMBER = re.compile(r"(\d+)")
MATRIX = 2  # dimensions


@dataclass(frozen=True)
class Layout:
    """How a kind of file names and keeps its layers."""

    weights: re.Pattern[str]
    biases: str
    is_transposed: bool


LAYOUTS = (
    Layout(re.compile(r"(.*\.)?weight"), "bias", is_transposed=True),
    Layout(re.compile(r"(.*[./])?kernel"), "bias", is_transposed=False),
    Layout(re.compile(r"()weights(_\d+)"), "biases", is_transposed=False),
)


@dataclass(frozen=True)
class Expected:
    """What a network must be to read the images of a data set.

    `mean` and `deviation` are those by which pixels of 0 to 1 were normalised in its training.
    """

    image_shape: tuple[int, int, int]
    classes: int
    activation: ActivationName
    mean: float = 0.0
    deviation: float = 1.0


def read_foreign(file: Path, expected: Expected) -> Network:
    """Read the network of dense layers in `file`, for pixels of 0 to 1 as all networks here.

    Raises:
        DataError: the file cannot be read, holds no dense layers, or does not fit the data set.
    """
    arrays = _arrays(file)
    check_arrays(file, arrays)
    weights, biases, layout = _layers(arrays, file)
    if layout.is_transposed:
        weights = [weight.T for weight in weights]
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if weight.shape[1:] != bias.shape:
            got = f"{weight.shape} and {bias.shape} (units below, units above)"
            raise _fault(file, f"weights and biases of layer {number} do not fit", got=got)
    widths = [weights[0].shape[0], *(weight.shape[1] for weight in weights)]
    for number, (before, after) in enumerate(pairwise(weights), 1):
        if before.shape[1] != after.shape[0]:
            expected_units = f"{before.shape[1]} inputs in layer {number}"
            raise _fault(
                file, "the layers do not follow", expected=expected_units, got=str(after.shape[0])
            )
    inputs = math.prod(expected.image_shape)
    if (widths[0], widths[-1]) != (inputs, expected.classes):
        raise _fault(
            file,
            "the network does not fit its data set",
            expected=f"{inputs} inputs and {expected.classes} outputs",
            got=f"{widths[0]} and {widths[-1]}",
        )
    if layout.is_transposed:
        weights[0] = _pixel_by_pixel(weights[0], expected.image_shape)
    with np.errstate(over="ignore", invalid="ignore"):  # told below, once it is float32
        first = weights[0] / expected.deviation
        biases[0] = biases[0] - expected.mean * first.sum(axis=0)
    weights[0] = first
    layers = [
        Dense(
            as_float32(weight, f"the weights of layer {number}", file),
            as_float32(bias, f"the biases of layer {number}", file),
        )
        for number, (weight, bias) in enumerate(zip(weights, biases, strict=True))
    ]
    check_sums(
        file,
        ((layer.weights, layer.biases) for layer in layers),
        reset=expected.activation in ("tanh", "sigmoid"),
    )
    return stacked(expected.image_shape, layers, expected.activation)


def _layers(
    arrays: Arrays, file: Path
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]], Layout]:
    """Return the weights and biases of each layer in order, as they stand, and their layout."""
    for layout in LAYOUTS:
        found = {name: match for name in arrays if (match := layout.weights.fullmatch(name))}
        names = sorted(found, key=_natural)
        if names:
            weights = [_numbers(arrays, name, MATRIX, file) for name in names]
            biases = []
            for name, weight in zip(names, weights, strict=True):
                before, *after = (part or "" for part in found[name].groups())
                bias = f"{before}{layout.biases}{''.join(after)}"
                units = weight.shape[0 if layout.is_transposed else 1]
                none = np.zeros(units)  # a layer may do without
                biases.append(_numbers(arrays, bias, 1, file) if bias in arrays else none)
            return weights, biases, layout
    raise _fault(
        file,
        "the file holds no dense layers",
        expected="arrays such as 0.weight and 0.bias, 0.kernel and 0.bias, weights_0 and biases_0",
        got=", ".join(sorted(arrays)[:8]) or "no arrays",
    )


def _numbers(arrays: Arrays, name: str, dimensions: int, file: Path) -> NDArray[np.float64]:
    array = arrays[name]
    if array.ndim != dimensions or array.dtype.kind != "f":
        raise _fault(
            file,
            f"{name} is not part of a dense layer",
            expected=f"floats in {dimensions} dimension{'s' if dimensions > 1 else ''}",
            got=f"{array.dtype} {array.shape}",
        )
    if not array.size or not np.isfinite(array).all():
        raise _fault(file, f"{name} has numbers that are not finite, or none")
    return array.astype(np.float64)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts numbers in a name by their size."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in NUMBER.split(name)]


def _pixel_by_pixel(
    weight: NDArray[np.float64], image_shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    """Reorder inputs from (channel, row, column) to (row, column, channel)."""
    height, width, channels = image_shape
    planes = weight.reshape(channels, height, width, -1)
    return planes.transpose(1, 2, 0, 3).reshape(height * width * channels, -1)


def _arrays(file: Path) -> Arrays:
    """Read every array of a file that asks for no more than a network may."""
    if file.suffix != ".safetensors":
        if file.exists():
            check_npz(file, LARGEST)
        return read_arrays(file)
    if file.exists():
        check_safetensors(file)
    return _safetensors(file)


def _safetensors(file: Path) -> Arrays:
    from safetensors.numpy import load  # noqa: PLC0415 - few essays need it

    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST} bytes")
        return load(file.read_bytes())
    except FileNotFoundError:
        raise _fault(file, "there is no such file") from None
    except Exception as error:  # a damaged file fails in more ways than can be listed
        got = f"{type(error).__name__}: {error}"
        raise _fault(file, "not a readable file of safetensors", got=got) from None


def _fault(
    file: Path, problem: str, *, expected: str | None = None, got: str | None = None
) -> DataError:
    return DataError(problem, place=Place(file), expected=expected, got=got)
