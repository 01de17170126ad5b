"""Spread and tests of difference, against the statistics module, loops and published values."""

import math
import statistics
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.analysis.spread import (
    is_clearly_more,
    mcnemar,
    permutation_test,
    spread,
    wilson_interval,
)

SHARES = st.lists(st.integers(0, 10_000).map(lambda hits: hits / 10_000), min_size=2, max_size=4)


@given(SHARES)
def test_spread_agrees_with_the_statistics_module(values: list[float]) -> None:
    found = spread(values)
    assert found.count == len(values)
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.sd == pytest.approx(statistics.stdev(values), abs=1e-12)
    assert (found.low, found.high) == (min(values), max(values))
    assert found.low <= found.mean <= found.high


def test_one_value_has_no_spread() -> None:
    assert spread([0.5]).sd is None
    with pytest.raises(ValueError, match="no values"):
        spread([])


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_counts_the_tosses_at_least_as_uneven(first: int, second: int) -> None:
    tosses = first + second
    uneven = abs(first - second)
    ways = sum(
        math.comb(tosses, heads) for heads in range(tosses + 1) if abs(tosses - 2 * heads) >= uneven
    )
    assert mcnemar(first, second) == pytest.approx(float(Fraction(ways, 2**tosses)))


def test_mcnemar_stays_finite_for_thousands_of_images() -> None:
    assert mcnemar(5000, 5000) == 1
    assert 0 < mcnemar(1500, 2000) < 1e-15


@given(SHARES, SHARES)
def test_permutations_agree_with_a_loop_over_all_splits(
    first: list[float], second: list[float]
) -> None:
    values = first + second
    places = range(len(values))

    def gap(chosen: tuple[int, ...]) -> Fraction:
        inside = sum((Fraction(values[place]) for place in chosen), Fraction())
        outside = sum(map(Fraction, values), Fraction()) - inside
        return abs(inside / len(first) - outside / len(second))

    observed = gap(tuple(range(len(first))))
    splits = list(combinations(places, len(first)))
    as_large = sum(gap(split) >= observed - Fraction(1, 10**12) for split in splits)
    found = permutation_test(first, second, np.random.default_rng(0))
    assert found == as_large / len(splits)


def test_groups_wholly_apart_give_the_least_p_value() -> None:
    found = permutation_test([0.1, 0.2, 0.3, 0.4, 0.5], [0.6, 0.7, 0.8, 0.9, 1], rng())
    assert found == pytest.approx(2 / 252)
    assert permutation_test([0.1, 0.2, 0.3], [0.6, 0.7, 0.8], rng()) == pytest.approx(0.1)


def test_equal_groups_differ_by_nothing() -> None:
    assert permutation_test([0.1, 0.2, 0.3], [0.3, 0.2, 0.1], rng()) == 1


def test_random_splits_come_near_to_all_of_them() -> None:
    first = [0.50, 0.52, 0.55, 0.53, 0.51, 0.54]
    second = [0.52, 0.54, 0.56, 0.55, 0.53, 0.56]
    every = permutation_test(first, second, rng())
    sampled = permutation_test(first, second, rng(), draws=900)
    assert sampled != every
    assert sampled == pytest.approx(every, abs=0.04)


def test_an_empty_group_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        permutation_test([], [0.5], rng())


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@given(st.integers(1, 500), st.data())
def test_wilson_ends_are_where_the_score_test_turns(trials: int, data: st.DataObject) -> None:
    """At each end p the share lies 1.96 standard errors of p away: the interval's definition."""
    successes = data.draw(st.integers(0, trials))
    interval = wilson_interval(successes, trials)
    share = successes / trials
    assert interval.low <= share + 1e-12
    assert interval.high >= share - 1e-12
    for end in (interval.low, interval.high):
        if 1e-9 < end < 1 - 1e-9:
            score = abs(share - end) / math.sqrt(end * (1 - end) / trials)
            assert score == pytest.approx(1.959964, rel=1e-5)


def test_an_interval_of_no_trials_is_refused() -> None:
    with pytest.raises(ValueError, match="0 successes in 0 trials"):
        wilson_interval(0, 0)


@pytest.mark.parametrize(
    ("gained", "lost", "is_clear"),
    [(0, 0, False), (16, 0, False), (17, 0, True), (60, 40, False), (80, 20, True), (0, 50, False)],
)
def test_more_is_clear_only_beyond_chance(gained: int, lost: int, is_clear: bool) -> None:
    assert is_clearly_more(gained, lost) is is_clear
