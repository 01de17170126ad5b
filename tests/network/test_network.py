"""Networks: their counts, what they compute, and their identity."""

import numpy as np
import pytest

from netviz.network.network import Network, dense_network, stacked
from netviz.network.parameters import fresh

LAYERS = dense_network((4, 3, 2), (5,), 3, "tanh")


@pytest.fixture
def network() -> Network:
    return fresh(LAYERS, np.random.default_rng(0)).network


def test_counts_of_the_textbook_network() -> None:
    digits = dense_network((28, 28, 1), (10,), 10)
    assert (digits.inputs, digits.hidden, digits.classes) == (784, (10,), 10)
    assert digits.parameters == 784 * 10 + 10 + 10 * 10 + 10
    assert digits.multiply_adds == 784 * 10 + 10 * 10


def test_logits_are_those_written_out_unit_by_unit(network: Network) -> None:
    pixels = np.random.default_rng(1).random(24, dtype=np.float32)
    hidden = [
        np.tanh(
            network.dense[0].biases[j]
            + sum(pixels[i] * network.dense[0].weights[i, j] for i in range(24))
        )
        for j in range(5)
    ]
    expected = [
        network.dense[1].biases[k]
        + sum(hidden[j] * network.dense[1].weights[j, k] for j in range(5))
        for k in range(3)
    ]
    np.testing.assert_allclose(network.logits(pixels[None])[0], expected, rtol=1e-5)


def test_outputs_end_with_the_logits(network: Network) -> None:
    pixels = np.ones((2, 24), np.float32)
    *_, hidden, logits = network.outputs(pixels)
    assert hidden.shape == (2, 5)
    np.testing.assert_array_equal(hidden, network.features(pixels))
    np.testing.assert_array_equal(logits, network.logits(pixels))


def test_a_filter_is_a_column_of_weights_as_a_picture(network: Network) -> None:
    filters = network.filters()
    assert filters.shape == (5, 4, 3, 2)
    np.testing.assert_array_equal(filters[2].ravel(), network.dense[0].weights[:, 2])


def test_identity_tells_any_change_of_shape_or_number(network: Network) -> None:
    same = fresh(LAYERS, np.random.default_rng(0)).network
    assert same.identity == network.identity
    changed = fresh(LAYERS, np.random.default_rng(0)).network
    biases = changed.dense[1].biases
    biases[2] = np.nextafter(biases[2], np.float32(1))
    assert changed.identity != network.identity
    renamed = stacked((4, 3, 2), network.dense, "relu")
    assert renamed.identity != network.identity
