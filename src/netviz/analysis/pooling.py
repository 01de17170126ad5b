"""Pooling and translation: whether the maps after a pool move with the image, by whole cells.

A cell of a map stands for a window of pixels, and the next cell for a window some pixels on: the
step of the maps. Moved by as many pixels, an image gives the same maps moved by one cell. Moved by
fewer, it gives other maps. Only cells whose windows lie in the image are compared: at the border
a move brings in pixels that were not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.moving import moved_left
from netviz.analysis.receptive import Window, receptive_field
from netviz.datasets.dataset import Images, to_unit_range
from netviz.network.layers import Activation, AveragePool, MaxPool, ScaleShift
from netviz.network.network import Network

LOOKED_AT = 200  # images
DIGITS = 6  # of a share: more than sums in single precision agree in

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """The cells of a layer's maps whose windows lie in the image, and the pixels between two."""

    rows: slice
    columns: slice
    step: int


@dataclass(frozen=True, eq=False)
class Fit:
    """Maps of moved images beside those of the same images in their place, moved by whole cells.

    Attributes:
        columns: the columns of the moved maps that were compared.
        cells: by how many cells the maps in place were moved, (n,): what fits best.
        differences: moved maps minus those, (n, rows, columns, maps).
        sizes: the sum of the sizes of what they were compared with, (n,).
    """

    columns: slice
    cells: NDArray[np.intp]
    differences: Floats
    sizes: NDArray[np.float64]

    @property
    def share(self) -> float:
        """The sum of all differences as a share of the sum of the maps; NaN where all are 0."""
        total = float(self.sizes.sum())
        if not total:
            return float("nan")
        return round(float(np.abs(self.differences).sum(dtype=np.float64)) / total, DIGITS)


@dataclass(frozen=True)
class Pooling:
    """How much of the maps after one pool changes with a move to the left.

    Attributes:
        images: how many were moved.
        stride: the pixels that lie between the windows of two cells.
        by_stride: the share that changes when images are moved by so many pixels.
        by_pixel: the same for a move by one pixel.
        before: the same for a move by one pixel, of the maps that the pool takes.
    """

    images: int
    stride: int
    by_stride: float
    by_pixel: float
    before: float


def pools(network: Network) -> tuple[int, ...]:
    """Return the numbers of the pools that take maps of another layer."""
    return tuple(
        number
        for number, layer in enumerate(network.layers)
        if number and isinstance(layer, (MaxPool, AveragePool))
    )


def after_pool(network: Network, pool: int) -> int:
    """Return the last layer from a `pool` on that treats each number of its maps alone."""
    depth = pool
    while isinstance(network.layers[depth + 1], (Activation, ScaleShift)):
        depth += 1
    return depth


def grid_of(network: Network, depth: int) -> Grid:
    """Return the cells of the maps of layer `depth` whose windows lie in the image."""
    height, width, _ = network.image_shape
    rows, columns, _ = network.shapes[depth + 1]

    def window(place: int) -> Window:
        return receptive_field(network, depth, place, place)

    inner_rows = [k for k in range(rows) if window(k).top >= 0 and window(k).bottom <= height]
    inner = [k for k in range(columns) if window(k).left >= 0 and window(k).right <= width]
    return Grid(_run(inner_rows), _run(inner), window(1).left - window(0).left)


def _run(places: Sequence[int]) -> slice:
    return slice(places[0], places[-1] + 1) if places else slice(0, 0)


def fitted(still: Floats, moved: Floats, pixels: int, grid: Grid) -> Fit:
    """Compare maps of images moved to the left by `pixels` with those of the images in place.

    Those in place are moved by the whole number of cells that fits best, image by image: just below
    or just above what the pixels make up.

    Args:
        still: (n, rows, columns, maps), of the images in their place.
        moved: the same of the images moved.
        pixels: by which they were moved, 0 or more.
        grid: of these maps.
    """
    fewest, most = pixels // grid.step, -(-pixels // grid.step)
    first = grid.columns.start
    columns = slice(first, max(first, grid.columns.stop - most))
    there = moved[:, grid.rows, columns]
    candidates = np.stack(
        [
            still[:, grid.rows, columns.start + cells : columns.stop + cells]
            for cells in (fewest, most)
        ]
    )
    lost = np.abs(there - candidates).sum(axis=(2, 3, 4), dtype=np.float64)
    best = lost.argmin(axis=0)
    chosen = candidates[best, np.arange(len(there))]
    return Fit(
        columns=columns,
        cells=np.where(best, most, fewest),
        differences=there - chosen,
        sizes=np.abs(chosen).sum(axis=(1, 2, 3), dtype=np.float64),
    )


def shares_changed(
    network: Network, depths: Sequence[int], images: Images, distances: Sequence[int]
) -> NDArray[np.float64]:
    """Return how much of the maps of each of `depths` changes with each move, (depths, distances).

    Each is `Fit.share` over all `images` (n, height, width, channels).
    """
    still = _maps(network, depths, images)
    grids = [grid_of(network, depth) for depth in depths]
    found = np.empty((len(depths), len(distances)))
    for column, pixels in enumerate(distances):
        moved = _maps(network, depths, moved_left(images, pixels))
        for row, grid in enumerate(grids):
            found[row, column] = fitted(still[row], moved[row], pixels, grid).share
    return found


def _maps(network: Network, depths: Sequence[int], images: Images) -> list[Floats]:
    pixels = to_unit_range(images.reshape(len(images), -1))
    outputs = network.outputs(pixels)
    return [outputs[depth] for depth in depths]


def measure_pooling(network: Network, images: Images) -> tuple[Pooling, ...]:
    """Measure what moves of the first images do to the maps after each pool of a network."""
    some = images[:LOOKED_AT]
    found = pools(network)
    after = [after_pool(network, pool) for pool in found]
    steps = [grid_of(network, depth).step for depth in after]
    distances = sorted({1, *steps})
    depths = [*after, *(pool - 1 for pool in found)]
    shares = shares_changed(network, depths, some, distances)
    return tuple(
        Pooling(
            images=len(some),
            stride=step,
            by_stride=float(shares[place, distances.index(step)]),
            by_pixel=float(shares[place, distances.index(1)]),
            before=float(shares[len(found) + place, distances.index(1)]),
        )
        for place, step in enumerate(steps)
    )
