"""The fast gradient against the plain one, and nothing taken on trust."""

import numpy as np
import pytest

from netviz.network.gradients import Penalties, gradient
from netviz.network.layers import ActivationName
from netviz.network.network import Network, dense_network
from netviz.network.parameters import fresh, over
from netviz.training.batches import Examples
from netviz.training.fast import FastGradient

# Largest difference allowed, relative to the largest derivative. Float32 keeps 24 bits, and sums
# over a batch of raw pixels lose a few of them.
TOLERANCE = 1e-5

SHAPES = [
    pytest.param((28, 28, 1), (), id="digits"),
    pytest.param((28, 28, 1), (10,), id="digits, hidden"),
    pytest.param((32, 32, 3), (), id="photos, in slices"),
    pytest.param((32, 32, 3), (40,), id="photos, wide"),
    pytest.param((6, 5, 2), (4, 3, 5), id="deep"),
    pytest.param((1, 7, 1), (3,), id="a single row"),
]


def largest_error(
    start: Network, penalties: Penalties, *, centred: bool = True, size: int = 120
) -> float:
    """Return how far the fast gradient is from the plain one in float64, batch after batch."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (300, start.inputs), np.uint8)
    examples = Examples(pixels, rng.integers(0, start.classes, 300), np.arange(300))
    centre = pixels.mean(axis=0) if centred else np.zeros(start.inputs)
    scale = 0.01
    parameters = fresh(start, rng)
    parameters.vector[:] += rng.normal(0, 0.01, len(parameters.vector))
    fast = FastGradient(parameters, size, penalties, centre, scale)
    worst = 0.0
    for _ in range(3):
        batch = rng.permutation(300)[:size]
        plain = gradient(
            over(start, parameters.vector.astype(np.float64)),
            (pixels[batch] - centre) * scale,
            examples.labels[batch],
            penalties,
        ).vector
        error = np.abs(fast(examples, batch).vector - plain).max() / np.abs(plain).max()
        worst = max(worst, float(error))
        parameters.vector[:] -= np.float32(0.1) * plain.astype(np.float32)  # the next differs
    return worst


@pytest.mark.parametrize(("image_shape", "hidden"), SHAPES)
@pytest.mark.parametrize("penalties", [Penalties(), Penalties(0.1, 0), Penalties(0.1, 0.3)])
def test_it_equals_the_plain_gradient(
    image_shape: tuple[int, int, int], hidden: tuple[int, ...], penalties: Penalties
) -> None:
    assert largest_error(dense_network(image_shape, hidden, 10), penalties) < TOLERANCE


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("centred", [False, True])
def test_it_does_so_for_every_activation_and_without_a_centre(
    activation: ActivationName, centred: bool
) -> None:
    start = dense_network((6, 5, 2), (7, 4), 3, activation)
    assert largest_error(start, Penalties(0.1, 0.3), centred=centred) < TOLERANCE


def test_a_batch_of_one_is_a_batch() -> None:
    assert largest_error(dense_network((6, 5, 2), (4,), 3), Penalties(), size=1) < TOLERANCE
