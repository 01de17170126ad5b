"""Optimisers against steps worked out by hand and against laws that hold whatever the code."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.training.optimisers import Adam, Momentum, Optimiser, optimiser_for
from netviz.training.recipe import Recipe

GRADIENTS = st.lists(st.floats(-100, 100), min_size=1, max_size=8)


def path(optimiser: Optimiser, start: float, gradients: list[float], rate: float) -> list[float]:
    """Return where one parameter stands after each gradient."""
    parameters = np.array([start])
    places = []
    for gradient in gradients:
        optimiser.step(parameters, np.array([gradient]), rate)
        places.append(float(parameters[0]))
    return places


def test_two_steps_of_momentum_by_hand() -> None:
    """v: 2, then 0.5 · 2 − 1 = 0; w: 1 − 0.1 · 2 = 0.8, then 0.8 − 0.1 · 0."""
    assert path(Momentum(np.zeros(1), 0.5), 1.0, [2.0, -1.0], 0.1) == pytest.approx([0.8, 0.8])


def test_without_momentum_it_is_plain_descent() -> None:
    assert path(Momentum(np.zeros(1), 0), 1.0, [2.0, -1.0], 0.1) == pytest.approx([0.8, 0.9])


def test_momentum_under_a_steady_gradient_reaches_its_final_speed() -> None:
    """Σ μᵏ = 1 / (1 − μ): ten times the plain step for a momentum of 0.9."""
    places = path(Momentum(np.zeros(1), 0.9), 0.0, [1.0] * 400, 0.01)
    assert places[-2] - places[-1] == pytest.approx(0.01 / (1 - 0.9))


def test_two_steps_of_adam_by_hand() -> None:
    """Gradients 2 and −1.

    m̂₁ = 2, v̂₁ = 4: a step of 0.1 · 2/2. Then m = 0.9 · 0.2 − 0.1 = 0.08, m̂₂ = 0.08 / 0.19, and
    v = 0.999 · 0.004 + 0.001 = 0.004996, v̂₂ = 0.004996 / 0.001999.
    """
    second = 0.1 * (0.08 / 0.19) / math.sqrt(0.004996 / 0.001999)
    places = path(Adam(np.zeros(1)), 1.0, [2.0, -1.0], 0.1)
    assert places == pytest.approx([0.9, 0.9 - second], rel=1e-7)


@given(GRADIENTS, st.floats(0.01, 1))
def test_adam_follows_its_paper_line_by_line(gradients: list[float], rate: float) -> None:
    """Algorithm 1 of Kingma & Ba (2015), one scalar, with its own names."""
    theta, m, v = 0.5, 0.0, 0.0
    expected = []
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g * g
        m_hat = m / (1 - 0.9**t)
        v_hat = v / (1 - 0.999**t)
        theta = theta - rate * m_hat / (math.sqrt(v_hat) + 1e-8)
        expected.append(theta)
    assert path(Adam(np.zeros(1)), 0.5, gradients, rate) == pytest.approx(expected, rel=1e-9)


@given(st.floats(1e-3, 1e6), st.sampled_from([-1, 1]))
def test_adams_first_step_knows_only_the_sign(size: float, sign: int) -> None:
    (place,) = path(Adam(np.zeros(1)), 0.0, [sign * size], 0.01)
    assert place == pytest.approx(-sign * 0.01, rel=1e-4)


@pytest.mark.parametrize("recipe", [Recipe(optimiser="sgd"), Recipe(optimiser="adam")])
def test_float32_stays_float32_and_gradients_are_left_alone(recipe: Recipe) -> None:
    parameters = np.ones(3, np.float32)
    gradient = np.full(3, 0.5, np.float32)
    optimiser_for(recipe, parameters).step(parameters, gradient, 0.1)
    assert parameters.dtype == np.float32
    np.testing.assert_array_equal(gradient, np.float32(0.5))
    assert (parameters < 1).all()


def test_a_recipe_names_its_optimiser_and_momentum() -> None:
    assert isinstance(optimiser_for(Recipe(optimiser="adam"), np.zeros(1)), Adam)
    plain = optimiser_for(Recipe(momentum=0.0), np.zeros(1))
    assert path(plain, 1.0, [2.0, -1.0], 0.1) == pytest.approx([0.8, 0.9])
