"""Parameters: one vector seen as layers, and what training starts from."""

import numpy as np
import pytest

from netviz.network.activations import ACTIVATIONS, ActivationName
from netviz.network.network import Architecture
from netviz.network.parameters import fresh, over, zeros

ARCHITECTURE = Architecture((4, 3, 2), (5, 6), 3)


def test_layers_are_views_that_cover_the_vector_once() -> None:
    parameters = zeros(ARCHITECTURE)
    for layer in (*parameters.weights, *parameters.biases):
        layer[...] += 1
    np.testing.assert_array_equal(parameters.vector, 1)
    assert [weight.shape for weight in parameters.weights] == [(24, 5), (5, 6), (6, 3)]
    assert [bias.shape for bias in parameters.biases] == [(5,), (6,), (3,)]


def test_all_weights_leave_the_biases_out() -> None:
    parameters = zeros(ARCHITECTURE)
    parameters.all_weights[:] = 1
    assert all((weight == 1).all() for weight in parameters.weights)
    assert all((bias == 0).all() for bias in parameters.biases)


def test_a_network_is_a_copy() -> None:
    parameters = zeros(ARCHITECTURE)
    network = parameters.network()
    parameters.vector[:] = 1
    assert not network.weights[0].any()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_fresh_weights_have_the_stated_variance(activation: ActivationName) -> None:
    architecture = Architecture((28, 28, 1), (200,), 200, activation)
    parameters = fresh(architecture, np.random.default_rng(0), scale=0.5)
    below, last = parameters.weights
    gain = ACTIVATIONS[activation].gain
    assert below.std() == pytest.approx(0.5 * np.sqrt(gain / 784), rel=0.02)
    assert last.std() == pytest.approx(0.5 * np.sqrt(1 / 200), rel=0.02)
    assert abs(below.mean()) < 0.02 * below.std()
    assert not any(bias.any() for bias in parameters.biases)


def test_relu_signals_keep_their_size_through_depth() -> None:
    """With the gain of 2, the mean square of a deep layer is that of the inputs."""
    architecture = Architecture((16, 16, 1), (256, 256, 256), 256)
    network = fresh(architecture, np.random.default_rng(0)).network()
    inputs = np.random.default_rng(1).standard_normal((200, 256)).astype(np.float32)
    *hidden, logits = network.activations(inputs)
    for z in hidden:
        assert 2 * float((z**2).mean()) == pytest.approx(2, rel=0.25)
    assert float((logits**2).mean()) == pytest.approx(1, rel=0.25)


def test_scale_zero_starts_from_nothing() -> None:
    assert not fresh(ARCHITECTURE, np.random.default_rng(0), scale=0).vector.any()


def test_a_vector_of_any_precision_is_seen_as_layers() -> None:
    vector = np.arange(ARCHITECTURE.parameters, dtype=np.float64)
    parameters = over(ARCHITECTURE, vector)
    assert parameters.weights[0][0, 1] == 1
    assert parameters.biases[-1][-1] == ARCHITECTURE.parameters - 1
