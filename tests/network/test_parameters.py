"""Parameters: one vector seen as layers, and what training starts from."""

import numpy as np
import pytest

from netviz.network.layers.activation import ACTIVATIONS, ActivationName
from netviz.network.network import dense_network
from netviz.network.parameters import fresh, over, zeros

LAYERS = dense_network((4, 3, 2), (5, 6), 3)


def test_layers_are_views_that_cover_the_vector_once() -> None:
    parameters = zeros(LAYERS)
    for array in (array for one in parameters.layers for array in one.arrays.values()):
        array[...] += 1
    np.testing.assert_array_equal(parameters.vector, 1)
    assert [layer.weights.shape for layer in parameters.network.dense] == [(24, 5), (5, 6), (6, 3)]
    assert [layer.biases.shape for layer in parameters.network.dense] == [(5,), (6,), (3,)]


def test_all_weights_leave_the_biases_out() -> None:
    parameters = zeros(LAYERS)
    parameters.all_weights[:] = 1
    assert all((layer.weights == 1).all() for layer in parameters.network.dense)
    assert not any(layer.biases.any() for layer in parameters.network.dense)


def test_a_converted_network_is_a_copy() -> None:
    parameters = zeros(LAYERS)
    network = parameters.network.converted(np.float32)
    parameters.vector[:] = 1
    assert not network.dense[0].weights.any()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_fresh_weights_have_the_stated_variance(activation: ActivationName) -> None:
    start = dense_network((28, 28, 1), (200,), 200, activation)
    parameters = fresh(start, np.random.default_rng(0), scale=0.5)
    below, last = (layer.weights for layer in parameters.network.dense)
    gain = ACTIVATIONS[activation].gain
    assert below.std() == pytest.approx(0.5 * np.sqrt(gain / 784), rel=0.02)
    assert last.std() == pytest.approx(0.5 * np.sqrt(1 / 200), rel=0.02)
    assert abs(below.mean()) < 0.02 * below.std()
    assert not any(layer.biases.any() for layer in parameters.network.dense)


def test_relu_signals_keep_their_size_through_depth() -> None:
    """With the gain of 2, the mean square of a deep layer is that of the inputs."""
    start = dense_network((16, 16, 1), (256, 256, 256), 256)
    network = fresh(start, np.random.default_rng(0)).network
    inputs = np.random.default_rng(1).standard_normal((200, 256)).astype(np.float32)
    _, *outputs, logits = network.outputs(inputs)
    for z in outputs[1::2]:
        assert 2 * float((z**2).mean()) == pytest.approx(2, rel=0.25)
    assert float((logits**2).mean()) == pytest.approx(1, rel=0.25)


def test_scale_zero_starts_from_nothing() -> None:
    assert not fresh(LAYERS, np.random.default_rng(0), scale=0).vector.any()


def test_a_vector_of_any_precision_is_seen_as_layers() -> None:
    vector = np.arange(LAYERS.parameters, dtype=np.float64)
    parameters = over(LAYERS, vector)
    assert parameters.network.dense[0].weights[0, 1] == 1
    assert parameters.network.dense[-1].biases[-1] == LAYERS.parameters - 1
