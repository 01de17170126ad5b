"""A convolution, and the max pool upon it, by small products."""

from functools import reduce

import numpy as np

from netviz.network.fast.columns import Columns, Geometry, in_pieces
from netviz.network.layers import Array, Convolution, Shape


class FastConvolution:
    """A convolution of maps (rows, channels, columns, images), with a pool where there is one.

    The rows of outputs that are worked on at once are pooled at once. Outputs that no window of
    the pool covers are not computed. Biases are added after the pool, which chooses the same.
    The first layer computes no gradient of its inputs, which nothing needs.
    """

    def __init__(  # noqa: PLR0913 - a layer, its place, and what follows it
        self,
        layer: Convolution,
        result: Convolution,
        below: Shape,
        images: int,
        pool: int = 1,
        *,
        is_lowest: bool = False,
    ) -> None:
        self._layer, self._result, self._pool = layer, result, pool
        self._below, self._is_lowest = below, is_lowest
        top, left, bottom, right = layer.padding
        height, width, channels = below
        rows, columns, filters = layer.output_shape(below)
        maps = np.zeros((height + top + bottom, channels, width + left + right, images), np.float32)
        self._inside = maps[top : top + height, :, left : left + width]
        kept = rows // pool * pool, columns // pool * pool
        geometry = Geometry(channels, images, layer.size, filters, layer.stride, kept)
        self._columns = Columns(geometry, maps, pool)
        self._filters = np.empty((filters, geometry.fan_in), np.float32)
        self._sums = np.empty((kept[0], filters, kept[1], images), np.float32)
        self._sums_in_pieces = in_pieces(geometry, self._sums)
        shape = rows // pool, filters, columns // pool, images
        self._pooled = self._sums if pool == 1 else np.empty(shape, np.float32)
        self._outputs = np.empty(shape, np.float32)
        self._geometry = geometry
        self._back: _Back | None = None

    # --- forward ---------------------------------------------------------------------------------

    def forward(self, maps: Array) -> Array:
        np.copyto(self._inside, maps)
        np.copyto(self._filters, self._layer.weights.reshape(-1, self._layer.units).T)
        for chunk, rows in enumerate(self._columns.chunks):
            columns = self._columns.gather(chunk)
            np.matmul(self._filters, columns, out=self._sums_in_pieces[rows])
            if self._pool > 1:
                self._pool_rows(rows)
        return np.add(self._pooled, self._layer.biases[:, None, None], out=self._outputs)

    def _pool_rows(self, rows: slice) -> None:
        """Keep the largest of each window in these rows of sums."""
        pooled = slice(rows.start // self._pool, rows.stop // self._pool)
        cells = in_windows(self._sums[rows], self._pool)
        self._pooled[pooled] = over_windows(np.maximum, cells)

    # --- backward --------------------------------------------------------------------------------

    def backward(self, error: Array) -> Array:
        """Write the gradient; return the error of the inputs, which is 0 for the lowest."""
        if self._back is None:
            self._back = _Back(self._layer, self._geometry, self._below, self._columns.at_once)
        error.sum(axis=(0, 2, 3), out=self._result.biases)
        self._spread(error, self._back.error)
        gradient = self._result.weights.reshape(-1, self._layer.units)
        gradient[...] = 0
        for chunk, rows in enumerate(self._columns.chunks):
            of_sums = self._back.error_in_pieces[rows].transpose(0, 1, 3, 2)
            products = self._back.products[: rows.stop - rows.start]
            np.matmul(self._columns.again(chunk), of_sums, out=products)
            gradient += products.sum(axis=(0, 1))
        if self._is_lowest:
            return np.broadcast_to(np.float32(0), self._inside.shape)
        return self._back.error_below()

    def _spread(self, error: Array, of_sums: Array) -> None:
        """Give the error of the outputs to the sums."""
        if self._pool == 1:
            np.copyto(of_sums, error)
            return
        windows = in_windows(self._sums, self._pool)
        are_largest = np.equal(windows, _to_each(self._pooled))
        # Several that are largest alike have equal shares.
        share = error / over_windows(np.add, are_largest.view(np.uint8))
        np.multiply(_to_each(share), are_largest, out=in_windows(of_sums, self._pool))


class _Back:
    """The memory that only a backward pass needs, and the error of the inputs.

    That error is a convolution too: of the error of the sums, which lie a stride apart with zeros
    between and around them, by the filters turned by half a circle.

    Attributes:
        error: that of the sums, (rows, filters, columns, images), and the same in pieces.
        products: what the gradient is the sum of, (rows, pieces, fan-in, filters).
    """

    def __init__(self, layer: Convolution, geometry: Geometry, below: Shape, at_once: int) -> None:
        height, width, channels = below
        rows, columns = geometry.size
        top, left, _, _ = layer.padding
        images, units = geometry.images, layer.units
        self._layer = layer
        self.error = np.empty((geometry.outputs[0], units, geometry.outputs[1], images), np.float32)
        self.error_in_pieces = in_pieces(geometry, self.error)
        self.products = np.empty((at_once, geometry.pieces, geometry.fan_in, units), np.float32)
        maps = np.zeros((height + rows - 1, units, width + columns - 1, images), np.float32)
        of_rows, at_rows = _apart(geometry.outputs[0], layer.stride, rows - 1 - top, len(maps))
        of_columns, at_columns = _apart(
            geometry.outputs[1], layer.stride, columns - 1 - left, maps.shape[2]
        )
        self._read = self.error[of_rows, :, of_columns]
        self._apart = maps[at_rows, :, at_columns]
        turned = Geometry(units, images, geometry.size, channels, 1, (height, width))
        self._columns = Columns(turned, maps)
        self._filters = np.empty((channels, rows, columns, units), np.float32)
        self._below = np.empty((height, channels, width, images), np.float32)
        self._below_in_pieces = in_pieces(turned, self._below)

    def error_below(self) -> Array:
        """Return what `error` makes of the error of the inputs."""
        np.copyto(self._apart, self._read)
        np.copyto(self._filters, self._layer.weights[::-1, ::-1].transpose(2, 0, 1, 3))
        filters = self._filters.reshape(len(self._filters), -1)
        for chunk, rows in enumerate(self._columns.chunks):
            np.matmul(filters, self._columns.gather(chunk), out=self._below_in_pieces[rows])
        return self._below


def _apart(count: int, step: int, first: int, size: int) -> tuple[slice, slice]:
    """Return which of `count` rows lie in `size` of them, and where.

    The rows lie `step` apart, from `first` on, which may be before the beginning.
    """
    start = max(0, -(first // step))
    stop = max(start, min(count, (size - 1 - first) // step + 1))
    return slice(start, stop), slice(first + start * step, max(0, first + stop * step), step)


def in_windows(maps: Array, pool: int) -> Array:
    """Return a view of maps (rows, channels, columns, images) as windows of `pool` by `pool`.

    It is (windows below each other, pool, channels, windows beside each other, pool, images).
    """
    rows, channels, columns, images = maps.shape
    return maps.reshape(rows // pool, pool, channels, columns // pool, pool, images)


def over_windows(merge: np.ufunc, windows: Array) -> Array:
    """Merge the numbers of each window: rows first, of which long runs lie side by side."""
    rows = reduce(merge, (windows[:, i] for i in range(windows.shape[1])))
    return reduce(merge, (rows[:, :, :, j] for j in range(windows.shape[4])))


def _to_each(pooled: Array) -> Array:
    """Return pooled maps with axes of length 1 for the rows and columns of a window."""
    return pooled[:, None, :, :, None]
