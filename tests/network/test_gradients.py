"""Gradients against differences of the objective, in float64, and the checker against lies."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.network.gradients import Penalties, gradient, objective
from netviz.network.layers.activation import ACTIVATIONS, ActivationFunction, ActivationName
from netviz.network.parameters import Parameters
from netviz.network.softmax import cross_entropy
from tests.network.conftest import MakeParameters

Batch = tuple[NDArray[Any], NDArray[Any]]

NO_PENALTIES = Penalties()

TOLERANCE = 1e-8  # of the largest derivative; differences of step 1e-5 are exact to about 1e-10


def measured_gradient(
    parameters: Parameters, batch: Batch, penalties: Penalties
) -> NDArray[np.float64]:
    """Return the derivative of the objective by each parameter, from central differences."""
    vector = parameters.vector
    step = 1e-5
    result = np.empty_like(vector)
    for i, value in enumerate(vector.copy()):
        vector[i] = value + step
        above = objective(parameters, *batch, penalties)
        vector[i] = value - step
        below = objective(parameters, *batch, penalties)
        vector[i] = value
        result[i] = (above - below) / (2 * step)
    return result


def gradient_error(
    parameters: Parameters, batch: Batch, penalties: Penalties = NO_PENALTIES
) -> float:
    """Return the largest difference between computed and measured, relative to the largest."""
    measured = measured_gradient(parameters, batch, penalties)
    computed = gradient(parameters, *batch, penalties).vector
    return float(np.abs(computed - measured).max() / np.abs(measured).max())


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_derivative_is_right(
    make_parameters: MakeParameters,
    batch: Batch,
    hidden: tuple[int, ...],
    activation: ActivationName,
) -> None:
    assert gradient_error(make_parameters(hidden, activation), batch) < TOLERANCE


@pytest.mark.parametrize("penalties", [Penalties(0.3, 0), Penalties(0, 0.7), Penalties(0.3, 0.7)])
@pytest.mark.parametrize("hidden", [(), (5,)])
def test_penalties_are_part_of_it(
    make_parameters: MakeParameters, batch: Batch, hidden: tuple[int, ...], penalties: Penalties
) -> None:
    assert gradient_error(make_parameters(hidden), batch, penalties) < TOLERANCE


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_check_catches_a_wrong_slope(
    make_parameters: MakeParameters,
    batch: Batch,
    activation: ActivationName,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = ACTIVATIONS[activation]
    wrong = ActivationFunction(
        right.forward, lambda output: 1.001 * right.slope(output), right.gain
    )
    monkeypatch.setitem(ACTIVATIONS, activation, wrong)
    assert gradient_error(make_parameters((5,), activation), batch) > 100 * TOLERANCE


@pytest.mark.parametrize("told", [Penalties(0.3001, 0.7), Penalties(0.3, 0.7001)])
def test_the_check_catches_a_wrong_penalty(
    make_parameters: MakeParameters, batch: Batch, told: Penalties
) -> None:
    parameters = make_parameters((5,))
    measured = measured_gradient(parameters, batch, Penalties(0.3, 0.7))
    computed = gradient(parameters, *batch, told).vector
    assert np.abs(computed - measured).max() / np.abs(measured).max() > 100 * TOLERANCE


def test_penalties_of_weights_that_can_be_counted(
    make_parameters: MakeParameters, batch: Batch
) -> None:
    """One weight of 2 at a corner: decay ½·λ·4, roughness ½·λ·(4 + 4), its two neighbours 0."""
    parameters = make_parameters(())
    parameters.vector[:] = 0
    parameters.network.dense[0].weights.reshape(4, 3, 2, 3)[0, 0, 1, 2] = 2
    loss = cross_entropy(batch[0] @ parameters.network.dense[0].weights, batch[1])
    assert objective(parameters, *batch, Penalties(1, 0)) - loss == pytest.approx(2)
    assert objective(parameters, *batch, Penalties(0, 1)) - loss == pytest.approx(4)


def test_a_flat_picture_is_smooth_and_biases_are_free(
    make_parameters: MakeParameters, batch: Batch
) -> None:
    parameters = make_parameters(())
    parameters.network.dense[0].weights[:] = 5
    parameters.network.dense[0].biases[:] = 7
    loss = cross_entropy(batch[0] @ parameters.network.dense[0].weights + 7, batch[1])
    assert objective(parameters, *batch, Penalties(0, 1)) == pytest.approx(loss)
