"""Activations: their values, and their derivatives against differences."""

import numpy as np
import pytest

from netviz.network.layers.activation import ACTIVATIONS, ActivationName


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_is_the_derivative(name: ActivationName) -> None:
    activation = ACTIVATIONS[name]
    z = np.linspace(-4, 4, 40)  # without 0, where ReLU has no derivative
    step = 1e-6
    measured = (activation.forward(z + step) - activation.forward(z - step)) / (2 * step)
    np.testing.assert_allclose(activation.slope(activation.forward(z)), measured, atol=1e-8)


def test_known_values() -> None:
    z = np.array([-2.0, 0.0, 2.0])
    np.testing.assert_array_equal(ACTIVATIONS["relu"].forward(z), [0, 0, 2])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].forward(z), 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(ACTIVATIONS["tanh"].forward(z), np.tanh(z))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_huge_inputs_overflow_nowhere(name: ActivationName) -> None:
    outputs = ACTIVATIONS[name].forward(np.array([-1e30, 1e30], np.float32))
    assert np.isfinite(outputs).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_precision_is_kept(name: ActivationName) -> None:
    for kind in (np.float32, np.float64):
        outputs = ACTIVATIONS[name].forward(np.ones(3, kind))
        assert outputs.dtype == kind
        assert ACTIVATIONS[name].slope(outputs).dtype == kind
