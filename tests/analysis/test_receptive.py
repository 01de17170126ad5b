"""Receptive fields: computed from the layers, and found by changing one pixel after another."""

import numpy as np
import pytest

from netviz.analysis.receptive import Window, receptive_field, sensitivity
from netviz.network.layers import Activation, AveragePool, Convolution, Dense, Flatten, Layer
from netviz.network.network import Network

SIDE = 9


def positive(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return weights above 0, so that no path from a pixel to a unit is cut off."""
    return (0.1 + rng.random(shape)).astype(np.float32)


def network_of(*layers: Layer) -> Network:
    shape: tuple[int, ...] = (SIDE, SIDE, 1)
    for layer in layers:
        shape = layer.output_shape(shape)
    last = Dense(np.zeros((int(np.prod(shape)), 2), np.float32), np.zeros(2, np.float32))
    return Network((SIDE, SIDE, 1), (*layers, Flatten(), last))


def touched(network: Network, depth: int, row: int, column: int) -> set[tuple[int, int]]:
    """Return the pixels that change a unit, found one by one."""
    start = np.full((1, SIDE, SIDE, 1), 0.5, np.float32)
    before = network.outputs(start.reshape(1, -1))[depth][0, row, column]
    found = set()
    for y in range(SIDE):
        for x in range(SIDE):
            changed = start.copy()
            changed[0, y, x] += 0.25
            after = network.outputs(changed.reshape(1, -1))[depth][0, row, column]
            if not np.allclose(before, after, atol=1e-7):
                found.add((y, x))
    return found


@pytest.mark.parametrize("row", [0, 1])
@pytest.mark.parametrize("column", [0, 2])
def test_the_field_is_what_changes_a_unit(row: int, column: int) -> None:
    rng = np.random.default_rng(1)
    network = network_of(
        Convolution(positive(rng, 3, 2, 1, 2), np.zeros(2, np.float32), 1, (1, 0, 1, 0)),
        Activation("relu"),
        AveragePool(2, 2),
        Convolution(positive(rng, 2, 2, 2, 3), np.zeros(3, np.float32)),
    )
    window = receptive_field(network, 3, row, column).within(SIDE, SIDE)
    inside = {
        (y, x) for y in range(window.top, window.bottom) for x in range(window.left, window.right)
    }
    assert touched(network, 3, row, column) == inside


def test_a_stride_moves_the_field_by_as_many_pixels() -> None:
    rng = np.random.default_rng(2)
    network = network_of(Convolution(positive(rng, 3, 3, 1, 1), np.zeros(1, np.float32), 2))
    assert receptive_field(network, 0, 0, 0) == Window(0, 0, 3, 3)
    assert receptive_field(network, 0, 1, 2) == Window(2, 4, 5, 7)


def test_padding_lets_a_field_begin_outside_the_image() -> None:
    rng = np.random.default_rng(3)
    network = network_of(
        Convolution(positive(rng, 3, 3, 1, 1), np.zeros(1, np.float32), 1, (1, 1, 1, 1))
    )
    assert receptive_field(network, 0, 0, 0) == Window(-1, -1, 2, 2)
    assert receptive_field(network, 0, 0, 0).within(SIDE, SIDE) == Window(0, 0, 2, 2)


def test_sensitivity_is_the_derivative_and_nothing_outside_the_field() -> None:
    rng = np.random.default_rng(4)
    weights = positive(rng, 3, 3, 1, 1)
    network = network_of(Convolution(weights, np.zeros(1, np.float32)))
    pixels = rng.random((4, SIDE * SIDE)).astype(np.float32)
    found = sensitivity(network, 0, pixels, 2, 3)
    expected = np.zeros((SIDE, SIDE))
    expected[2:5, 3:6] = weights[:, :, 0, 0] / weights.max()
    np.testing.assert_allclose(found, expected, atol=1e-6)
