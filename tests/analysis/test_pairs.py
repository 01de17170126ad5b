"""Pairs of classes: counted either way, ranked, and compared rank by rank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.analysis.confusion import Confusion
from netviz.analysis.pairs import (
    PairValue,
    alike_pairs,
    confused_pairs,
    largest_first,
    rank_correlation,
)


def pairs_of(values: list[float]) -> tuple[PairValue, ...]:
    return tuple(PairValue(0, k + 1, value) for k, value in enumerate(values))


def test_confusions_of_either_direction_are_added() -> None:
    found = confused_pairs(Confusion(np.array([[9, 2, 0], [3, 8, 1], [0, 4, 7]])))
    assert found == (PairValue(0, 1, 5), PairValue(0, 2, 0), PairValue(1, 2, 5))


def test_the_largest_pair_comes_first_and_equals_keep_their_order() -> None:
    found = largest_first(alike_pairs(np.array([[1, 0.2, 0.7], [0.2, 1, 0.7], [0.7, 0.7, 1]])))
    assert [(pair.first, pair.second) for pair in found] == [(0, 2), (1, 2), (0, 1)]


def test_ranks_correlate_whatever_the_scale() -> None:
    values = [0.1, 0.4, 0.2, 0.9]
    grown = pairs_of([value**9 for value in values])
    assert rank_correlation(pairs_of(values), grown) == pytest.approx(1)
    turned = pairs_of([-value for value in values])
    assert rank_correlation(pairs_of(values), turned) == pytest.approx(-1)


def test_equal_values_share_a_rank() -> None:
    # Ranks 1.5, 1.5, 3 against 1, 2, 3: covariance 1.5, variances 1.5 and 2.
    found = rank_correlation(pairs_of([5, 5, 6]), pairs_of([1, 2, 3]))
    assert found == pytest.approx(1.5 / np.sqrt(1.5 * 2))


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(rank_correlation(pairs_of([1, 1]), pairs_of([1, 2])))


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=12))
def test_the_order_of_pairs_does_not_matter(values: list[float]) -> None:
    others = [value * value for value in values]
    straight = rank_correlation(pairs_of(values), pairs_of(others))
    turned = rank_correlation(pairs_of(values[::-1]), pairs_of(others[::-1]))
    assert straight == pytest.approx(turned, nan_ok=True)
