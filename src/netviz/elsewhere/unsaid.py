"""What may be true of a network from elsewhere although neither its file nor its author says so.

Most files of weights tell nothing of how the pixels were normalised, and some nothing of the
activation. Each of these usual ways is a setting that its author can give.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.expected import Expected
from netviz.network.layers.activation import ACTIVATIONS

Row = tuple[float, ...]

BYTES = 1 / 255  # the deviation that makes pixels of 0 to 255 of those of 0 to 1
BATCH = 1000  # images
DIGITS = 4  # after the point, of a mean and a deviation that were measured
# (mean, deviation) of images in grey: PyTorch's example for MNIST, pixels of -1 to 1, and of 0 to
# 255; of images in colour: torchvision's models, tutorials on CIFAR-10, and the last two again.
USUAL: dict[int, tuple[tuple[Row, Row], ...]] = {
    1: (((0.1307,), (0.3081,)), ((0.5,), (0.5,)), ((0.0,), (BYTES,))),
    3: (
        ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.201)),
        ((0.5,), (0.5,)),
        ((0.0,), (BYTES,)),
    ),
}


@dataclass(frozen=True)
class Better:
    """Lines of settings with which a network reads more images, and how many it reads then."""

    settings: tuple[str, ...]
    correct: int


@dataclass(frozen=True)
class Tried:
    """How many of some test images a network reads as it is said to be, and in other ways.

    `better` is the best of the ways, where it reads clearly more of them (`is_clearly_more`).
    """

    images: int
    correct: int
    ways: int
    better: Better | None = None


def unsaid(expected: Expected, images: NDArray[np.uint8]) -> Iterator[Expected]:
    """Yield what else may be true of a network than `expected`, where that leaves it open.

    Its pixels may have been normalised, and without words for its layers its activation may have
    been another. `images` are those to learn from, (n, height, width, channels): their own mean and
    deviation are among what is usual.
    """
    is_free = expected.activation is None and not expected.layers
    activations = (None, *ACTIVATIONS) if is_free else (expected.activation,)
    pixels = [expected]
    if expected.is_plain:
        usual = _normalisations(images)
        pixels += [replace(expected, mean=mean, deviation=deviation) for mean, deviation in usual]
        pixels.append(replace(expected, is_inverted=True))
    for activation, one in product(activations, pixels):
        if (found := replace(one, activation=activation)) != expected:
            yield found


def settings_of(unsaid: Expected, expected: Expected) -> tuple[str, ...]:
    """Return the lines of the settings that say what `unsaid` says beyond `expected`."""
    lines = []
    if unsaid.activation != expected.activation:
        lines.append(f'activation = "{unsaid.activation}"')
    if unsaid.is_inverted:
        lines.append("inverted = true")
    if unsaid.mean != expected.mean:
        lines.append(f"pixel_mean = {_written(unsaid.mean)}")
    if unsaid.deviation != expected.deviation:
        lines.append(f"pixel_deviation = {_written(unsaid.deviation)}")
    return tuple(lines)


def _normalisations(images: NDArray[np.uint8]) -> list[tuple[Row, Row]]:
    channels = images.shape[-1]
    usual = list(USUAL.get(channels, USUAL[1][1:]))
    mean, deviation = (_rounded(one) for one in _mean_and_deviation(images))
    if min(deviation) > 0 and (mean, deviation) not in usual:
        usual.append((mean, deviation))
    return usual


def _mean_and_deviation(
    images: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return those of pixels of 0 to 1 by channel, (channels,) each, some images at a time."""
    total, squares = np.zeros(images.shape[-1]), np.zeros(images.shape[-1])
    for start in range(0, len(images), BATCH):
        pixels = images[start : start + BATCH].reshape(-1, images.shape[-1]) * BYTES
        total += pixels.sum(axis=0)
        squares += np.square(pixels).sum(axis=0)
    count = images.size // images.shape[-1]
    mean = total / count
    return mean, np.sqrt(np.maximum(squares / count - np.square(mean), 0))


def _rounded(row: NDArray[np.float64]) -> Row:
    return tuple(round(float(one), DIGITS) for one in row)


def _written(row: Row) -> str:
    return repr(row[0]) if len(row) == 1 else repr(list(row))
