"""Layers of a network trained elsewhere, made into a `Network` for pixels of 0 to 1.

Arrays come as floats of 64 bits and leave as floats of 32. A scaling beside a dense layer or a
convolution is folded into it, so that a weight means the same in every picture; where zeros around
an image would mean another colour it stays a layer of its own.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.faults import fault
from netviz.elsewhere.hints import ANSWERS
from netviz.elsewhere.parts import Numbers, check_largest
from netviz.network.layers import (
    Activation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    ScaleShift,
    Shape,
)
from netviz.network.layers.windows import IMAGE
from netviz.network.network import ImageShape, Network
from netviz.network.written import MOST_LAYERS, shape_in_words

MOST_MULTIPLICATIONS = 10**9  # of one image: ten thousand of them take minutes then
MOST_OUTPUTS = 2**21  # of all layers, for one image: 50 images at once take half a gigabyte


def assembled(
    layers: Sequence[Layer], image_shape: ImageShape, classes: int, file: Path
) -> Network:
    """Return the network of `layers`, whose arrays are floats of 64 bits.

    Raises:
        DataError: they do not lead from the images to one number a class, their numbers leave the
            floats of 32 bits, or they take too long.
    """
    simple = simplified(layers)
    if len(simple) > MOST_LAYERS:
        most = f"at most {MOST_LAYERS}"
        raise fault(file, "there are too many layers", expected=most, got=str(len(simple)))
    shapes = _shapes(simple, image_shape, file)
    if shapes[-1] != (classes,):
        raise fault(
            file,
            "the network does not fit its data set",
            expected=f"{classes} numbers at the end, one a class",
            got=shape_in_words(shapes[-1]),
        )
    _check_work(simple, shapes, file)
    _check_range(simple, shapes, file)
    return Network(image_shape, tuple(_single(layer) for layer in simple))


def _single(layer: Layer) -> Layer:
    arrays = {name: as_floats(one) for name, one in layer.arrays.items()}
    return layer.with_arrays(arrays) if arrays else layer


def as_floats(array: Numbers) -> NDArray[np.float32]:
    """Return `array` in the precision of networks, read-only."""
    floats = np.ascontiguousarray(array, np.float32)
    floats.setflags(write=False)
    return floats


# --- scalings --------------------------------------------------------------------------------


def simplified(layers: Sequence[Layer]) -> list[Layer]:
    """Return `layers` with each `ScaleShift` folded into a neighbour that can take it."""
    found: list[Layer] = []
    for layer in layers:
        found.append(layer)
        while len(found) > 1 and (pair := _joined(found[-2], found[-1])):
            found[-2:] = pair
            if len(pair) > 1:
                break
    return found


def _joined(below: Layer, above: Layer) -> tuple[Layer, ...]:
    """Return layers equal to both, with one scaling less or a later one; () if there are none."""
    match below, above:
        case Dense() | Convolution(), ScaleShift():
            weights = below.weights * above.scale
            return (replace(below, weights=weights, biases=_scaled(below.biases, above)),)
        case ScaleShift(), ScaleShift():
            return (ScaleShift(below.scale * above.scale, _scaled(below.shift, above)),)
        case ScaleShift(), Dense():
            biases = above.biases + below.shift @ above.weights
            return (replace(above, weights=below.scale[:, None] * above.weights, biases=biases),)
        case ScaleShift(), Convolution() if not any(above.padding) or not below.shift.any():
            return (_scaled_below(above, below),)
        case ScaleShift(), GlobalAverage():
            return above, below
    return ()


def _scaled(values: Numbers, scaling: ScaleShift) -> Numbers:
    return np.asarray(values * scaling.scale + scaling.shift, np.float64)


def _scaled_below(convolution: Convolution, scaling: ScaleShift) -> Convolution:
    offset = np.einsum("ijcu,c->u", convolution.weights, scaling.shift)
    weights = convolution.weights * scaling.scale[:, None]
    return replace(convolution, weights=weights, biases=convolution.biases + offset)


# --- what is refused -------------------------------------------------------------------------


def _shapes(layers: Sequence[Layer], image_shape: ImageShape, file: Path) -> list[Shape]:
    shapes: list[Shape] = [image_shape]
    for number, layer in enumerate(layers):
        try:
            shapes.append(layer.output_shape(shapes[-1]))
        except ValueError as error:
            raise fault(
                file,
                f"layer {number} ({layer.kind.replace('_', ' ')}) does not fit: {error}",
                got=f"{shape_in_words(shapes[-1])} arriving",
            ) from None
    return shapes


def _check_work(layers: Sequence[Layer], shapes: Sequence[Shape], file: Path) -> None:
    work = sum(layer.multiply_adds(shape) for layer, shape in zip(layers, shapes, strict=False))
    numbers = sum(math.prod(shape) for shape in shapes)
    for what, got, most in (
        ("multiplications", work, MOST_MULTIPLICATIONS),
        ("numbers between the layers", numbers, MOST_OUTPUTS),
    ):
        if got > most:
            raise fault(
                file,
                f"one image takes too many {what}",
                expected=f"at most {most:,}",
                got=f"{got:,}",
                remedy=ANSWERS,
            )


def _check_range(layers: Sequence[Layer], shapes: Sequence[Shape], file: Path) -> None:
    """Refuse layers whose numbers, or whose answers to some image, exceed floats of 32 bits."""
    reach: Numbers = np.ones(shapes[0][-1])
    for number, (layer, below) in enumerate(zip(layers, shapes, strict=False)):
        with np.errstate(over="ignore", invalid="ignore"):
            reach = _reach(layer, below, reach)
            largest = max(reach.max(), *(np.abs(one).max() for one in layer.arrays.values()), 0.0)
        check_largest(number, largest, file)


def _reach(layer: Layer, below: Shape, reach: Numbers) -> Numbers:
    """Return how far from 0 the numbers of each channel may be after `layer`, (channels,)."""
    match layer:
        case Dense():
            found = reach @ np.abs(layer.weights) + np.abs(layer.biases)
        case Convolution():
            found = np.abs(layer.weights).sum(axis=(0, 1)).T @ reach + np.abs(layer.biases)
        case ScaleShift():
            found = reach * np.abs(layer.scale) + np.abs(layer.shift)
        case Flatten() if len(below) == IMAGE:
            found = np.tile(reach, below[0] * below[1])
        case Activation(function="tanh" | "sigmoid"):
            found = np.ones_like(reach)
        case _:
            found = reach
    return np.asarray(found, np.float64)
