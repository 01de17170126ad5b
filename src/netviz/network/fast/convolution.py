"""A convolution, and the max pool upon it, by small products that stay in the cache."""

from functools import reduce

import numpy as np

from netviz.network.fast.columns import Columns, Geometry, in_pieces
from netviz.network.layers import Array, Convolution, Shape


class FastConvolution:
    """A convolution of maps (channels, rows, columns, images), with a pool where there is one.

    The rows of outputs that are worked on at once are pooled at once. Outputs that no window of
    the pool covers are not computed. Biases are added after the pool, which chooses the same.
    Nobody asks for the error of what arrives at the lowest.
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
        self._is_lowest = is_lowest
        top, left, bottom, right = layer.padding
        height, width, channels = below
        rows, columns, filters = layer.output_shape(below)
        pooled = rows // pool, columns // pool
        padded = (channels, height + top + bottom, width + left + right, images)
        geometry = Geometry(
            *padded, *layer.size, filters, layer.stride, pooled[0] * pool, pooled[1] * pool
        )
        self._geometry = geometry
        self._maps = np.zeros(padded, np.float32)
        self._inside = self._maps[:, top : top + height, left : left + width]
        self._columns = Columns(geometry, self._maps, pool)
        self._filters = np.empty((filters, geometry.fan_in), np.float32)
        self._sums = np.empty((filters, geometry.rows, geometry.columns, images), np.float32)
        self._sums_in_pieces = in_pieces(geometry, self._sums)
        self._pooled = self._sums if pool == 1 else np.empty((filters, *pooled, images), np.float32)
        self._outputs = np.empty_like(self._pooled)
        self._back: _Back | None = None

    # --- forward ---------------------------------------------------------------------------------

    def forward(self, maps: Array) -> Array:
        np.copyto(self._inside, maps)
        np.copyto(self._filters, self._layer.weights.reshape(-1, self._layer.units).T)
        for chunk, (first, number) in enumerate(self._columns.chunks):
            rows = slice(first, first + number)
            columns = self._columns.gather(chunk)
            np.matmul(self._filters, columns, out=self._sums_in_pieces[rows])
            if self._pool > 1:
                self._pool_rows(rows)
        return np.add(self._pooled, self._layer.biases[:, None, None, None], out=self._outputs)

    def _pool_rows(self, rows: slice) -> None:
        """Keep the largest of each window in these rows of sums."""
        pooled = slice(rows.start // self._pool, rows.stop // self._pool)
        cells = in_windows(self._sums[:, rows], self._pool)
        self._pooled[:, pooled] = over_windows(np.maximum, cells)

    # --- backward --------------------------------------------------------------------------------

    def backward(self, error: Array) -> Array:
        """Write the gradient; return the error of the inputs, which is 0 for the lowest."""
        if self._back is None:
            self._back = _Back(self._geometry, self._maps.shape, self._columns, self._pool)
        back, units = self._back, self._layer.units
        weights = self._layer.weights.reshape(-1, units)
        gradient = self._result.weights.reshape(-1, units)
        gradient[...] = 0
        if not self._is_lowest:
            back.error_below.fill(0)
        for chunk, (first, number) in enumerate(self._columns.chunks):
            rows = slice(first, first + number)
            self._spread(error, rows)
            of_sums = back.error_in_pieces[:number]
            columns = self._columns.gather(chunk)
            products = back.products[:number]
            np.matmul(columns, of_sums.transpose(0, 1, 3, 2), out=products)
            gradient += products.sum(axis=(0, 1))
            if not self._is_lowest:
                np.matmul(weights, of_sums, out=back.columns.room(chunk))
                back.columns.add(chunk)
        error.sum(axis=(1, 2, 3), out=self._result.biases)
        top, left, _, _ = self._layer.padding
        _, height, width, _ = self._inside.shape
        return back.error_below[:, top : top + height, left : left + width]

    def _spread(self, error: Array, rows: slice) -> None:
        """Give the error of the outputs to the sums of these rows, in the memory for it."""
        assert self._back is not None  # noqa: S101 - made by the caller
        pool = self._pool
        of_sums = self._back.error[:, : rows.stop - rows.start]
        if pool == 1:
            np.copyto(of_sums, error[:, rows])
            return
        pooled = slice(rows.start // pool, rows.stop // pool)
        sums = in_windows(self._sums[:, rows], pool)
        are_largest = self._back.are_largest[:, : pooled.stop - pooled.start]
        np.equal(sums, _to_each(self._pooled[:, pooled]), out=are_largest)
        # Several that are largest alike have equal shares.
        share = error[:, pooled] / over_windows(np.add, are_largest.view(np.uint8))
        np.multiply(_to_each(share), are_largest, out=in_windows(of_sums, pool))


class _Back:
    """The memory that only a backward pass needs."""

    def __init__(
        self, geometry: Geometry, maps: tuple[int, ...], columns: Columns, pool: int
    ) -> None:
        at_once = columns.chunks[0][1]
        self.error = np.empty(
            (geometry.filters, at_once, geometry.columns, geometry.images), np.float32
        )
        self.error_in_pieces = in_pieces(geometry, self.error)
        self.products = np.empty(
            (at_once, geometry.pieces, geometry.fan_in, geometry.filters), np.float32
        )
        self.error_below = np.zeros(maps, np.float32)
        self.columns = Columns(geometry, self.error_below, pool)
        self.are_largest = np.empty(in_windows(self.error, pool).shape, np.bool_)


def in_windows(maps: Array, pool: int) -> Array:
    """Return a view of maps (channels, rows, columns, images) as windows of `pool` by `pool`.

    It is (channels, windows below each other, pool, windows beside each other, pool, images).
    """
    channels, rows, columns, images = maps.shape
    return maps.reshape(channels, rows // pool, pool, columns // pool, pool, images)


def over_windows(merge: np.ufunc, windows: Array) -> Array:
    """Merge the numbers of each window: rows first, of which long runs lie side by side."""
    rows = reduce(merge, (windows[:, :, i] for i in range(windows.shape[2])))
    return reduce(merge, (rows[:, :, :, j] for j in range(windows.shape[4])))


def _to_each(pooled: Array) -> Array:
    """Return pooled maps as they are set against every number of their windows."""
    return pooled[:, :, None, :, None]
