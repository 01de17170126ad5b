"""Moves of an image and the maps after a pool: held to plain loops, and to what must be so."""

from itertools import product

import numpy as np
import pytest

from netviz.analysis.moving import moved_left
from netviz.analysis.pooling import (
    Grid,
    after_pool,
    fitted,
    grid_of,
    measure_pooling,
    pools,
    shares_changed,
)
from netviz.analysis.receptive import receptive_field
from netviz.network.layers import (
    Activation,
    AveragePool,
    Convolution,
    Dense,
    Flatten,
    Layer,
    MaxPool,
    ScaleShift,
)
from netviz.network.network import Network

SIDE = 20
COUNT = 6


def drawn(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.normal(0, 0.5, shape).astype(np.float32)


def network_of(*layers: Layer) -> Network:
    shape: tuple[int, ...] = (SIDE, SIDE, 1)
    for layer in layers:
        shape = layer.output_shape(shape)
    last = Dense(np.zeros((int(np.prod(shape)), 2), np.float32), np.zeros(2, np.float32))
    return Network((SIDE, SIDE, 1), (*layers, Flatten(), last))


def known(pool: type[MaxPool | AveragePool], padding: int) -> Network:
    """Return two convolutions, of which the first may pad the image, each with a pool."""
    rng = np.random.default_rng(5)
    return network_of(
        Convolution(drawn(rng, 3, 3, 1, 3), drawn(rng, 3), 1, (padding,) * 4),
        pool(2, 2),
        ScaleShift(np.array([1, 2, 0.5], np.float32), np.array([0.1, 0, 0.2], np.float32)),
        Activation("relu"),
        Convolution(drawn(rng, 2, 2, 3, 4), drawn(rng, 4)),
        Activation("relu"),
        pool(2, 2),
    )


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(6).integers(0, 256, (COUNT, SIDE, SIDE, 1), np.uint8)


def maps_of(network: Network, depth: int, images: np.ndarray) -> np.ndarray:
    pixels = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return network.outputs(pixels)[depth].astype(np.float64)


def share_by_loops(network: Network, depth: int, images: np.ndarray, pixels: int) -> float:
    """Return what changes, cell by cell, of those whose windows lie in the image, moved or not."""
    rows, columns, units = network.shapes[depth + 1]
    step = receptive_field(network, depth, 0, 1).left - receptive_field(network, depth, 0, 0).left
    still = maps_of(network, depth, images)
    moved = maps_of(network, depth, moved_left(images, pixels))
    lost_of_all = size_of_all = 0.0
    for image in range(len(images)):
        found = []
        for cells in (pixels // step, -(-pixels // step)):
            lost = size = 0.0
            for row, column, unit in product(range(rows), range(columns), range(units)):
                window = receptive_field(network, depth, row, column)
                ahead = -(-pixels // step) * step
                if min(window.top, window.left) < 0 or window.bottom > SIDE:
                    continue
                if window.right + ahead > SIDE:
                    continue
                before = still[image, row, column + cells, unit]
                lost += abs(moved[image, row, column, unit] - before)
                size += abs(before)
            found.append((lost, size))
        lost, size = min(found, key=lambda one: one[0])
        lost_of_all += lost
        size_of_all += size
    return lost_of_all / size_of_all


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("pool", [MaxPool, AveragePool])
def test_the_share_is_that_of_plain_loops(
    images: np.ndarray, pool: type[MaxPool | AveragePool], padding: int
) -> None:
    network = known(pool, padding)
    depths = [after_pool(network, place) for place in pools(network)]
    assert depths == [3, 6]
    found = shares_changed(network, depths, images, (0, 1, 2, 3, 4))
    for row, depth in enumerate(depths):
        by_loops = [share_by_loops(network, depth, images, pixels) for pixels in range(5)]
        np.testing.assert_allclose(found[row], by_loops, atol=1e-6)


def test_a_move_by_the_stride_changes_nothing_and_one_by_a_pixel_does(images: np.ndarray) -> None:
    first, second = measure_pooling(known(MaxPool, 1), images)
    assert (first.images, first.stride, second.stride) == (COUNT, 2, 4)
    assert first.by_stride == second.by_stride == first.before == 0
    assert min(first.by_pixel, second.by_pixel, second.before) > 0.1


def test_a_pool_that_leaves_out_no_place_moves_along_with_every_pixel(images: np.ndarray) -> None:
    """What is said of pools falls with their stride, whatever the weights."""
    rng = np.random.default_rng(8)
    layers = (Convolution(drawn(rng, 3, 3, 1, 3), drawn(rng, 3)), MaxPool(2, 1))
    (found,) = measure_pooling(network_of(*layers), images)
    assert (found.stride, found.by_stride, found.by_pixel) == (1, 0, 0)


def test_only_cells_that_see_nothing_but_the_image_are_compared() -> None:
    whole, padded = known(MaxPool, 0), known(MaxPool, 1)
    assert grid_of(whole, 1) == Grid(slice(0, 9), slice(0, 9), 2)
    assert grid_of(padded, 1) == Grid(slice(1, 9), slice(1, 9), 2)


def test_maps_are_moved_by_the_cells_that_fit_best() -> None:
    """A step of 3: moved by 2 pixels, one map has moved by a cell, the other one by none."""
    still = np.zeros((2, 1, 5, 1), np.float32)
    still[:, 0, 3] = 1
    moved = still.copy()
    moved[0] = np.roll(still[0], -1, axis=1)
    fit = fitted(still, moved, 2, Grid(slice(0, 1), slice(0, 5), 3))
    assert fit.cells.tolist() == [1, 0]
    assert fit.columns == slice(0, 4)
    assert fit.share == 0


def test_of_maps_that_are_0_no_share_changes() -> None:
    empty = np.zeros((1, 2, 4, 1), np.float32)
    grid = Grid(slice(0, 2), slice(0, 4), 2)
    assert np.isnan(fitted(empty, empty, 1, grid).share)
    # Nor where a move leaves no cell to compare.
    assert np.isnan(fitted(empty + 1, empty + 1, 8, grid).share)


def test_a_network_without_pools_has_nothing_to_measure(images: np.ndarray) -> None:
    rng = np.random.default_rng(7)
    plain = network_of(Convolution(drawn(rng, 3, 3, 1, 2), drawn(rng, 2)), Activation("relu"))
    assert measure_pooling(plain, images) == ()
    # A pool of the image itself takes no maps.
    assert pools(network_of(MaxPool(2, 2))) == ()
