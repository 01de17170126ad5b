"""The ledger adds up, exactly, to what the network computes."""

from fractions import Fraction

import numpy as np
import pytest

from netviz.analysis.ledger import class_ledger
from netviz.network.layers import Dense
from netviz.network.network import Network, stacked

SHAPE = (6, 5, 2)


@pytest.fixture
def network() -> Network:
    rng = np.random.default_rng(1)
    weights = rng.normal(size=(60, 4)).astype(np.float32)
    return stacked(SHAPE, [Dense(weights, rng.random(4, np.float32))])


@pytest.fixture
def image() -> np.ndarray:
    pixels = np.random.default_rng(2).integers(0, 256, SHAPE)
    return pixels.astype(np.float32) / np.float32(255)


def test_a_ledger_adds_up_to_the_logit(network: Network, image: np.ndarray) -> None:
    logits = network.logits(image.reshape(1, -1))[0]
    for k in range(4):
        ledger = class_ledger(network.dense[0], image, k)
        assert ledger.terms.shape == SHAPE
        assert ledger.total == pytest.approx(float(logits[k]), abs=1e-5)
        assert ledger.running[0] == ledger.bias
        assert ledger.running[-1] == pytest.approx(ledger.total, abs=1e-12)


def test_the_sum_is_exact(network: Network, image: np.ndarray) -> None:
    """Against rational arithmetic on the very float32 numbers, rounded once at the end."""
    weights, biases = network.dense[0].weights, network.dense[0].biases
    for k in range(4):
        exact = Fraction(float(biases[k])) + sum(
            Fraction(float(w)) * Fraction(float(x))
            for w, x in zip(weights[:, k], image.ravel(), strict=True)
        )
        assert class_ledger(network.dense[0], image, k).total == float(exact)


def test_each_term_is_its_own_pixel(network: Network, image: np.ndarray) -> None:
    ledger = class_ledger(network.dense[0], image, 3)
    filters = network.filters()
    for place in np.ndindex(SHAPE):
        assert ledger.terms[place] == float(filters[(3, *place)]) * float(image[place])
