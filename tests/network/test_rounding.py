"""Weights rounded to bytes: how far they move, and that nothing is lost on their way to a page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from netviz.network.network import dense_network
from netviz.network.parameters import fresh
from netviz.network.rounding import as_bytes, rounded
from netviz.network.written import network_of_layers

SHAPES = arrays.array_shapes(min_dims=2, max_dims=4, max_side=5)
WEIGHTS = arrays.arrays(np.float32, SHAPES, elements=st.floats(-(2.0**99), 2.0**99, width=32))


def only_layer(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `weights` as a network of one dense layer has them once it is rounded."""
    flat = weights.reshape(-1, weights.shape[-1])
    network = dense_network((len(flat), 1, 1), (), flat.shape[1])
    given = network.layers[1].with_arrays({"weights": flat})
    layers = (network.layers[0], given)
    again: NDArray[np.float32] = (
        rounded(type(network)(network.image_shape, layers)).dense[0].weights
    )
    return again.reshape(weights.shape)


@given(WEIGHTS)
def test_rounded_weights_come_back_from_bytes_exactly(weights: NDArray[np.float32]) -> None:
    found = only_layer(weights)
    sent = as_bytes(found)
    assert sent is not None
    whole, scales = sent
    assert np.array_equal(whole * scales, found)
    assert np.abs(whole.astype(int)).max() <= 127


@given(WEIGHTS)
def test_no_weight_moves_by_more_than_half_a_step_of_its_unit(weights: NDArray[np.float32]) -> None:
    moved = np.abs(only_layer(weights) - weights.astype(np.float64))
    largest = np.abs(weights.astype(np.float64)).reshape(-1, weights.shape[-1]).max(axis=0)
    assert (moved <= largest / 127 * 0.501 + 1e-30).all()


@pytest.mark.slow
@given(WEIGHTS)
def test_to_round_twice_is_to_round_once(weights: NDArray[np.float32]) -> None:
    once = only_layer(weights)
    assert np.array_equal(only_layer(once), once)


def test_other_weights_are_not_taken_for_rounded_ones() -> None:
    """By one bit of one weight, as by many."""
    network = fresh(dense_network((5, 5, 1), (), 3), np.random.default_rng(0)).network
    assert as_bytes(network.dense[0].weights) is None
    weights = rounded(network).dense[0].weights
    assert as_bytes(weights) is not None
    weights[7, 1] = np.nextafter(weights[7, 1], np.float32(9))
    assert as_bytes(weights) is None


def test_biases_stay_as_they_are_and_the_answers_nearly() -> None:
    start = network_of_layers(["conv 5x5x8", "pool 2", "relu", "flatten"], (20, 20, 1), 5)
    parameters = fresh(start, np.random.default_rng(0))
    parameters.network.convolutions[0].biases[:] = np.arange(8) / 7
    network = rounded(parameters.network)
    assert np.array_equal(network.convolutions[0].biases, parameters.network.convolutions[0].biases)
    images = np.random.default_rng(1).random((20, 400)).astype(np.float32)
    before, after = parameters.network.logits(images), network.logits(images)
    assert 0 < np.abs(after - before).max() < 0.02 * np.abs(before).max()


@pytest.mark.parametrize("unit", [0, 1])
def test_a_unit_without_weights_has_none_afterwards(unit: int) -> None:
    weights = np.ones((4, 2), np.float32)
    weights[:, unit] = 0
    found = only_layer(weights)
    assert not found[:, unit].any()
    assert found[:, 1 - unit] == pytest.approx(1, abs=1e-4)
