"""Windows: the small squares of an image that a convolution or a pool looks at one by one."""

from collections.abc import Iterator

import numpy as np

from netviz.network.layers.layer import Array, Shape

IMAGE = 3  # dimensions: height, width, channels


def windows(images: Array, size: tuple[int, int], stride: int) -> Array:
    """Return a view of `images` (n, height, width, channels) as all of their windows.

    It is (n, rows, columns, channels, *size); one window begins `stride` pixels after another.
    """
    every = np.lib.stride_tricks.sliding_window_view(images, size, axis=(1, 2))
    kept: Array = every[:, ::stride, ::stride]
    return kept


def places(shape: Shape, size: tuple[int, int], stride: int) -> Iterator[tuple[slice, ...]]:
    """Yield for each place of a window, row by row, where its pixels of all windows lie.

    `images[found]` of images of `shape` (n, height, width, channels) is (n, rows, columns,
    channels). A pixel that several windows share is found at several places.
    """
    _, height, width, _ = shape
    down, along = height - size[0] + 1, width - size[1] + 1
    for i in range(size[0]):
        for j in range(size[1]):
            yield slice(None), slice(i, i + down, stride), slice(j, j + along, stride)


def window_grid(
    input_shape: Shape, size: tuple[int, int], stride: int, what: str
) -> tuple[int, int]:
    """Return how many windows fit below and beside each other; pixels left over are not used.

    Raises:
        ValueError: the input of `what` is no image, or not one window fits.
    """
    if len(input_shape) != IMAGE:
        raise ValueError(f"{what} takes an image of maps, and gets {input_shape}")
    height, width, _ = input_shape
    if size[0] > height or size[1] > width:
        raise ValueError(f"{what} of {size[0]} by {size[1]} does not fit {height} by {width}")
    return (height - size[0]) // stride + 1, (width - size[1]) // stride + 1


def check_counts(what: str, *counts: object) -> None:
    """Refuse a size or a stride that is no whole number above 0.

    Raises:
        ValueError: one of `counts` is below 1, or no whole number.
    """
    if any(type(count) is not int or count < 1 for count in counts):
        raise ValueError(f"size and stride of {what} are {counts}, and must be 1 or more")
