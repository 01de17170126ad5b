"""The columns of a convolution: the pixels that its filters are multiplied by, side by side.

Maps lie in memory as (channels, rows, columns, images), so that what is done to one pixel is done
to that of all images of a batch at once. A filter at one place reads `filter rows · filter columns
· channels` numbers of an image: a column. All columns together take many times the memory of the
maps. So they are made for some rows of outputs at a time, few enough to stay in the cache, and
made again when they are needed again.

The columns of a row of outputs are cut into pieces. OpenBLAS multiplies small matrices without
first copying them into another order, which makes it up to one and a half times as fast.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from netviz.network.layers import Array

SMALL_PRODUCT = 1_000_000  # multiply-adds
SMALLEST_PIECE, LARGEST_PIECE = 64, 256  # columns
CACHED = 400_000  # bytes of columns at once, which leaves room in a cache of 512 KB


@dataclass(frozen=True)
class Geometry:
    """Sizes of a convolution: of its (padded) maps, its filters, and the outputs that are used."""

    channels: int
    height: int
    width: int
    images: int
    filter_rows: int
    filter_columns: int
    filters: int
    stride: int
    rows: int
    columns: int

    @property
    def fan_in(self) -> int:
        """The numbers in a column."""
        return self.filter_rows * self.filter_columns * self.channels

    @cached_property
    def piece(self) -> tuple[int, int]:
        """How many columns a piece has: places beside each other, and images of each.

        With a stride of 1 neighbours lie side by side for all images, and count as one place.
        """
        across = self.columns * self.images
        step = 1 if self.stride == 1 else self.images
        lengths = [n for n in range(step, across + 1, step) if across % n == 0]
        small = [n for n in lengths if n * self.fan_in * self.filters <= SMALL_PRODUCT]
        if small and small[-1] >= SMALLEST_PIECE:
            length = max(n for n in small if n <= LARGEST_PIECE or n == small[0])
        else:
            length = max(n for n in lengths if n <= LARGEST_PIECE or n == lengths[0])
        return (1, length) if self.stride == 1 else (length // self.images, self.images)

    @property
    def pieces(self) -> int:
        """Into how many pieces a row of outputs is cut."""
        return self.columns * self.images // (self.piece[0] * self.piece[1])

    def rows_at_once(self, unit: int) -> int:
        """Return for how many rows of outputs the columns are cached, a multiple of `unit`."""
        row = 4 * self.fan_in * self.columns * self.images
        return min(self.rows, max(1, CACHED // (row * unit)) * unit)


class Columns:
    """Gathers the columns of `maps` (channels, height, width, images), and adds back to them.

    Attributes:
        chunks: the rows of outputs that are worked on at once, as (first, number).
    """

    def __init__(self, geometry: Geometry, maps: Array, unit: int) -> None:
        at_once = geometry.rows_at_once(unit)
        self.chunks = [
            (first, min(at_once, geometry.rows - first))
            for first in range(0, geometry.rows, at_once)
        ]
        places, images = geometry.piece
        self._memory = np.empty(
            (at_once, geometry.pieces, geometry.fan_in, places * images), np.float32
        )
        self._split = self._memory.reshape(
            at_once,
            geometry.pieces,
            geometry.filter_rows,
            geometry.filter_columns,
            geometry.channels,
            places,
            images,
        )
        self._views = [_windows(geometry, maps, first, number) for first, number in self.chunks]
        # What several windows share is added to once for each place in a window.
        self._sums = [
            [
                (view[:, :, i, j], self._split[: len(view), :, i, j])
                for i, j in np.ndindex(geometry.filter_rows, geometry.filter_columns)
            ]
            for view in self._views
        ]

    def gather(self, chunk: int) -> Array:
        """Return the columns of a chunk, (rows, pieces, fan-in, columns of a piece)."""
        _, number = self.chunks[chunk]
        np.copyto(self._split[:number], self._views[chunk])
        return self._memory[:number]

    def room(self, chunk: int) -> Array:
        """Return memory for columns of a chunk, to be filled and given to `add`."""
        return self._memory[: self.chunks[chunk][1]]

    def add(self, chunk: int) -> None:
        """Add what `room` was filled with to the maps, each number where `gather` took it."""
        for target, part in self._sums[chunk]:
            np.add(target, part, out=target)


def _windows(geometry: Geometry, maps: Array, first: int, number: int) -> Array:
    """Return the view of `maps` that has every column of some rows of outputs."""
    places, images = geometry.piece
    channel, row, column, image = maps.strides
    step = geometry.stride
    return np.lib.stride_tricks.as_strided(
        maps[:, first * step :],
        shape=(
            number,
            geometry.pieces,
            geometry.filter_rows,
            geometry.filter_columns,
            geometry.channels,
            places,
            images,
        ),
        strides=(
            row * step,
            image * places * images if step == 1 else column * step * places,
            row,
            column,
            channel,
            column * step,
            image,
        ),
    )


def in_pieces(geometry: Geometry, maps: Array) -> Array:
    """Return a view of outputs (filters, rows, columns, images) as products are made.

    It is (rows, pieces, filters, columns of a piece).
    """
    filters, rows, _, _ = maps.shape
    return maps.reshape(filters, rows, geometry.pieces, -1).transpose(1, 2, 0, 3)
