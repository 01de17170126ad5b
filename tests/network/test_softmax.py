"""Softmax and cross-entropy against values known by other ways."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netviz.network.softmax import cross_entropy, softmax

LOGITS = arrays(np.float64, (3, 4), elements=st.floats(-1e4, 1e4))


@given(LOGITS, st.floats(-1e3, 1e3))
def test_probabilities_sum_to_one_and_ignore_a_common_shift(
    logits: np.ndarray, shift: float
) -> None:
    probabilities = softmax(logits)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(softmax(logits + shift), probabilities, atol=1e-9)


def test_odds_are_exponentials_of_differences() -> None:
    (row,) = softmax(np.array([[0.0, math.log(2), math.log(5)]]))
    np.testing.assert_allclose(row, [1 / 8, 2 / 8, 5 / 8])


def test_cross_entropy_of_known_probabilities() -> None:
    logits = np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    expected = -(math.log(0.5) + math.log(0.8)) / 2
    assert cross_entropy(logits, np.array([0, 2])) == pytest.approx(expected)


def test_knowing_nothing_costs_the_logarithm_of_the_classes() -> None:
    assert cross_entropy(np.zeros((5, 10)), np.arange(5)) == pytest.approx(math.log(10))


def test_huge_logits_overflow_nowhere() -> None:
    logits = np.array([[1e30, -1e30, 0]], np.float32)
    np.testing.assert_array_equal(softmax(logits), [[1, 0, 0]])
    assert cross_entropy(logits, np.array([0])) == 0
