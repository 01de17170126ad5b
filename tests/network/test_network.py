"""Networks: their counts, what they compute, and their identity."""

import numpy as np
import pytest

from netviz.network.network import Architecture, Network
from netviz.network.parameters import fresh

ARCHITECTURE = Architecture((4, 3, 2), (5,), 3, "tanh")


@pytest.fixture
def network() -> Network:
    return fresh(ARCHITECTURE, np.random.default_rng(0)).network()


def test_counts_of_the_textbook_network() -> None:
    digits = Architecture((28, 28, 1), (10,), 10)
    assert digits.widths == (784, 10, 10)
    assert digits.parameters == 784 * 10 + 10 + 10 * 10 + 10
    assert digits.multiply_adds == 784 * 10 + 10 * 10


def test_logits_are_those_written_out_unit_by_unit(network: Network) -> None:
    pixels = np.random.default_rng(1).random(24, dtype=np.float32)
    hidden = [
        np.tanh(network.biases[0][j] + sum(pixels[i] * network.weights[0][i, j] for i in range(24)))
        for j in range(5)
    ]
    expected = [
        network.biases[1][k] + sum(hidden[j] * network.weights[1][j, k] for j in range(5))
        for k in range(3)
    ]
    np.testing.assert_allclose(network.logits(pixels[None])[0], expected, rtol=1e-5)


def test_activations_end_with_the_logits(network: Network) -> None:
    pixels = np.ones((2, 24), np.float32)
    hidden, logits = network.activations(pixels)
    assert hidden.shape == (2, 5)
    np.testing.assert_array_equal(logits, network.logits(pixels))


def test_a_filter_is_a_column_of_weights_as_a_picture(network: Network) -> None:
    filters = network.filters()
    assert filters.shape == (5, 4, 3, 2)
    np.testing.assert_array_equal(filters[2].ravel(), network.weights[0][:, 2])


def test_identity_tells_any_change_of_shape_or_number(network: Network) -> None:
    same = fresh(ARCHITECTURE, np.random.default_rng(0)).network()
    assert same.identity == network.identity
    changed = fresh(ARCHITECTURE, np.random.default_rng(0)).network()
    changed.biases[1][2] = np.nextafter(changed.biases[1][2], np.float32(1))
    assert changed.identity != network.identity
    renamed = Network(Architecture((4, 3, 2), (5,), 3, "relu"), network.weights, network.biases)
    assert renamed.identity != network.identity
