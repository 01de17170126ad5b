"""Pixels as networks of others were trained on them, as the settings or the file say."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.faults import fault
from netviz.elsewhere.folding import Layer, by_channel
from netviz.elsewhere.parts import Dense, Item, Numbers, Order, Scaling
from netviz.errors import DataError
from netviz.network.layers import ScaleShift

BRIGHTEST = 10.0  # beyond, a mean is one of pixels of 0 to 255, however dark


def order_of_colours(items: Iterable[Item], expected: Expected, file: Path) -> Order:
    first = next(item for item in items if isinstance(item, Dense))
    order = expected.colours or first.order
    if order is None and expected.ends.channels > 1:
        raise fault(
            file,
            f"{first.name} does not tell how the numbers of an image in colour follow",
            expected='the setting colours = "planes" (all of red first, as in PyTorch)'
            ' or "pixels" (red, green, blue of each pixel, as in Keras)',
            got="neither",
        )
    return order or "pixels"


def check_normalisation(items: Sequence[Item], expected: Expected, file: Path) -> None:
    """Refuse pixels that the file and the settings normalise both, or that are not 0 to 1."""
    for item in items:
        if not isinstance(item, Scaling):
            return
        if item.of_pixels and set(expected.mean) != {0.0}:
            raise fault(
                file,
                f"{item.name} normalises the pixels, and 'pixel_mean' does so again",
                expected="one of the two",
                remedy="Leave 'pixel_mean' and 'pixel_deviation' out of the settings.",
            )
        if expected.is_plain and item.centre.max() > BRIGHTEST:
            raise fault(
                file,
                f"{item.name} was made for other pixels than of 0 to 1",
                expected=f"a mean of about 0 to 1, or pixel_deviation = {1 / 255!r} in the settings"
                " for pixels of 0 to 255",
                got=f"{item.centre.max():.4g}",
            )


def check_channels(expected: Expected) -> None:
    """Refuse a mean or deviation that is neither one number nor one for each channel."""
    for name, values in (("mean", expected.mean), ("deviation", expected.deviation)):
        if len(values) not in (1, expected.ends.channels):
            raise DataError(
                f"'pixel_{name}' does not fit the images",
                expected="one number" + (", or one for each colour" * (expected.ends.channels > 1)),
                got=f"{len(values)} numbers",
            )


def for_plain_pixels(layer: Layer, order: Order, expected: Expected) -> Layer:
    """Return the first layer for pixels of 0 to 1, row by row, colours pixel by pixel."""
    layer = Layer(_pixel_by_pixel(layer.weight, order, expected.image_shape), layer.bias)
    factor, offset = normalisation(expected)
    inputs = expected.ends.inputs
    return layer.scaled_below(
        by_channel(factor, inputs, "pixels"), by_channel(offset, inputs, "pixels")
    )


def normalisation(expected: Expected) -> tuple[Numbers, Numbers]:
    """Return by what a pixel of 0 to 1 was multiplied, and what was added, each (channels,)."""
    channels = expected.ends.channels
    mean, deviation = (np.resize(one, channels) for one in (expected.mean, expected.deviation))
    factor, offset = 1 / deviation, -mean / deviation
    if expected.is_inverted:  # the pixel x was 1 - x
        factor, offset = -factor, offset + factor
    return factor, offset


def _pixel_by_pixel(
    weight: NDArray[np.float64], order: Order, image_shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    """Reorder inputs from (channel, row, column) to (row, column, channel)."""
    if order == "pixels":
        return weight
    height, width, channels = image_shape
    planes = weight.reshape(channels, height, width, -1)
    return planes.transpose(1, 2, 0, 3).reshape(height * width * channels, -1)


def pixel_layers(expected: Expected) -> list[ScaleShift]:
    """Return what makes of pixels of 0 to 1 those that the network was trained on, if others."""
    if expected.is_plain:
        return []
    factor, offset = normalisation(expected)
    return [ScaleShift(factor, offset)]


def channel_layer(part: Scaling, expected: Expected, file: Path) -> ScaleShift:
    """Return a normalisation of the pixels by channel as a layer."""
    channels = expected.ends.channels
    if part.size not in (1, channels):
        raise fault(
            file,
            f"{part.name} does not normalise by channel, as netviz does before a convolution",
            expected="one number" + (f", or {channels}" if channels > 1 else ""),
            got=str(part.size),
        )
    return ScaleShift(np.resize(part.factor, channels), np.resize(part.offset, channels))
