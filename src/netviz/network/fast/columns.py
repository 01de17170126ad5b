"""The columns of a convolution: the numbers that its filters are multiplied by, side by side.

Maps lie in memory as (rows, channels, columns, images), so that what is done to one pixel is done
to that of all images of a batch at once. A filter at one place reads `filter rows · filter columns
· channels` numbers of an image: a column.

Each row of the maps is copied once for every column of a filter, shifted by as many pixels:
(filter columns, channels, columns of outputs, images). The columns of a row of outputs are then
the copies of as many rows as a filter has, which follow each other in memory: a view. So a number
is copied once for every column of a filter, and not for each of its rows as well.

The columns of a row of outputs are multiplied piece by piece: a product with more of them than
`LARGEST_PIECE` takes up to twice the time for the same arithmetic.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from netviz.network.layers import Array

SMALLEST_PIECE, LARGEST_PIECE = 64, 512  # columns
CACHED = 2_000_000  # bytes of copies at once: about the size of a cache of level 2


@dataclass(frozen=True)
class Geometry:
    """Sizes of a convolution: its channels, a batch, its filters, and the outputs that are used.

    Attributes:
        size: rows and columns of a filter.
        outputs: rows and columns of them.
    """

    channels: int
    images: int
    size: tuple[int, int]
    filters: int
    stride: int
    outputs: tuple[int, int]

    @property
    def fan_in(self) -> int:
        """The numbers in a column."""
        return self.size[0] * self.size[1] * self.channels

    @property
    def across(self) -> int:
        """The columns of a row of outputs: those of all images."""
        return self.outputs[1] * self.images

    @cached_property
    def piece(self) -> int:
        """How many columns a piece has: all, where no equal pieces of some size are in them."""
        lengths = range(SMALLEST_PIECE, LARGEST_PIECE + 1)
        return max((n for n in lengths if self.across % n == 0), default=self.across)

    @property
    def pieces(self) -> int:
        """Into how many pieces a row of outputs is cut."""
        return self.across // self.piece

    def rows_read(self, rows: int) -> int:
        """Return how many rows of the maps so many rows of outputs are made of."""
        return (rows - 1) * self.stride + self.size[0]

    def rows_at_once(self, unit: int) -> int:
        """Return for how many rows of outputs columns are made at once, a multiple of `unit`."""
        row = 4 * self.size[1] * self.channels * self.across
        counts = range(unit, self.outputs[0] + 1, unit)
        return max((n for n in counts if row * self.rows_read(n) <= CACHED), default=unit)


class Columns:
    """Gathers the columns of `maps` (height, channels, width, images), padded ones.

    Attributes:
        at_once: for how many rows of outputs columns are made at once, a multiple of `unit`.
        chunks: these rows of outputs; the last may be fewer.
    """

    def __init__(self, geometry: Geometry, maps: Array, unit: int = 1) -> None:
        rows, columns = geometry.outputs
        self.at_once = geometry.rows_at_once(unit)
        self.chunks = [
            slice(first, min(first + self.at_once, rows)) for first in range(0, rows, self.at_once)
        ]
        self._shifted = np.empty(
            (
                geometry.rows_read(self.at_once),
                geometry.size[1],
                geometry.channels,
                columns,
                geometry.images,
            ),
            np.float32,
        )
        self._gathered: int | None = None
        self._copies = [self._copies_of(geometry, maps, chunk) for chunk in self.chunks]
        row, _, channel, _, number = self._shifted.strides
        self._columns = np.lib.stride_tricks.as_strided(
            self._shifted,
            shape=(self.at_once, geometry.pieces, geometry.fan_in, geometry.piece),
            strides=(row * geometry.stride, number * geometry.piece, channel, number),
        )

    def _copies_of(self, geometry: Geometry, maps: Array, rows: slice) -> list[tuple[Array, Array]]:
        """Return for each column of a filter where its numbers go and where they come from.

        They are those that these `rows` of outputs are made of.
        """
        step = geometry.stride
        first = rows.start * step
        read = maps[first : first + geometry.rows_read(rows.stop - rows.start)]
        last = (geometry.outputs[1] - 1) * step + 1
        return [
            (self._shifted[: len(read), column], read[:, :, column : column + last : step])
            for column in range(geometry.size[1])
        ]

    def gather(self, chunk: int) -> Array:
        """Return the columns of a chunk, (rows, pieces, fan-in, columns of a piece)."""
        for target, source in self._copies[chunk]:
            np.copyto(target, source)
        self._gathered = chunk
        return self._of(chunk)

    def again(self, chunk: int) -> Array:
        """Return what `gather` does, of maps that are still those of its last call."""
        return self._of(chunk) if chunk == self._gathered else self.gather(chunk)

    def _of(self, chunk: int) -> Array:
        rows = self.chunks[chunk]
        return self._columns[: rows.stop - rows.start]


def in_pieces(geometry: Geometry, maps: Array) -> Array:
    """Return a view of outputs (rows, filters, columns, images) as products are made.

    It is (rows, pieces, filters, columns of a piece).
    """
    rows, filters, _, _ = maps.shape
    return maps.reshape(rows, filters, geometry.pieces, geometry.piece).transpose(0, 2, 1, 3)
