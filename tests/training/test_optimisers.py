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


def test_two_steps_of_nesterov_by_hand() -> None:
    """v: 2, then 0.5 · 2 − 1 = 0; w: 1 − 0.1 · (2 + 0.5 · 2) = 0.7, then 0.7 − 0.1 · (−1 + 0)."""
    nesterov = Momentum(np.zeros(1), 0.5, nesterov=True)
    assert path(nesterov, 1.0, [2.0, -1.0], 0.1) == pytest.approx([0.7, 0.8])


@given(GRADIENTS, st.floats(0.01, 1), st.floats(0.1, 0.99))
def test_nesterov_is_momentum_seen_from_a_step_ahead(
    gradients: list[float], rate: float, momentum: float
) -> None:
    """The form of Sutskever et al. (2013): the gradient counts at θ + μ·v, and v ← μ·v − rate·g.

    Our place is theirs looked ahead from, θ + μ·v, so that no gradient is taken elsewhere.
    """
    theta, v = 0.5, 0.0
    expected = []
    for g in gradients:
        v = momentum * v - rate * g
        theta += v
        expected.append(theta + momentum * v)
    found = path(Momentum(np.zeros(1), momentum, nesterov=True), 0.5, gradients, rate)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("nesterov", [False, True])
def test_pytorch_makes_the_same_steps(nesterov: bool) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is the peer here")
    rng = np.random.default_rng(0)
    mine = rng.normal(size=5)
    theirs = torch.tensor(mine.copy(), requires_grad=True)
    ours = Momentum(mine, 0.9, nesterov=nesterov)
    peer = torch.optim.SGD([theirs], lr=0.1, momentum=0.9, nesterov=nesterov)
    for _ in range(20):
        gradient = rng.normal(size=5)
        theirs.grad = torch.tensor(gradient)
        peer.step()
        ours.step(mine, gradient, 0.1)
    np.testing.assert_allclose(mine, theirs.detach().numpy(), rtol=1e-12)


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


@pytest.mark.parametrize(
    "recipe", [Recipe(optimiser="sgd"), Recipe(nesterov=True), Recipe(optimiser="adam")]
)
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
    ahead = optimiser_for(Recipe(momentum=0.5, nesterov=True), np.zeros(1))
    assert path(ahead, 1.0, [2.0, -1.0], 0.1) == pytest.approx([0.7, 0.8])
