"""How far a figure can be trusted: its spread over seeds, and differences beyond chance.

Two questions are kept apart. *These two networks, on these images*: each image is read by
both, so the comparison is paired. *Two recipes, whatever the seed*: the accuracies of several
seeds are compared as two groups.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

# The standard normal quantile that leaves 2.5 % above it.
NORMAL_975 = 1.959963984540054
# Two sums of the same accuracies in another order may differ by rounding alone.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Spread:
    """A measurement repeated over seeds.

    `sd` is the sample standard deviation (divided by count − 1); None for a single value.
    """

    count: int
    mean: float
    low: float
    high: float
    sd: float | None


@dataclass(frozen=True)
class Interval:
    """A range from `low` to `high`."""

    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Summarise `values`, one a seed.

    Raises:
        ValueError: there is none.
    """
    if not values:
        raise ValueError("no values to summarise")
    array = np.asarray(values, np.float64)
    sd = float(array.std(ddof=1)) if len(array) > 1 else None
    # The mean of equal numbers may miss them by a rounding error, and so leave their range.
    mean = min(max(float(array.mean()), float(array.min())), float(array.max()))
    return Spread(len(array), mean, float(array.min()), float(array.max()), sd)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided p value of McNemar's exact test, from the images where two disagree.

    If neither network is the better one, each disagreement is a fair coin. The p value is
    twice the binomial tail Σ_{i ≤ min} C(n, i) / 2ⁿ, at most 1, summed in whole numbers.
    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12, 1947; applied to classifiers by T. G. Dietterich,
    "Approximate statistical tests for comparing supervised classification learning algorithms",
    Neural Computation 10, 1998.
    """
    tosses = only_first + only_second
    ways = 1
    tail = 1
    for heads in range(min(only_first, only_second)):
        ways = ways * (tosses - heads) // (heads + 1)
        tail += ways
    tails: float = 2 * tail / 2**tosses
    return min(1.0, tails)


def is_clearly_more(gained: int, lost: int) -> bool:
    """Say whether images that a second way of reading `gained` outweigh those it `lost`.

    McNemar's test (1947): of the images on which the two differ, chance would give each half. Four
    standard deviations leave room for some thirty ways to be tried.
    """
    return gained - lost > 4 * math.sqrt(gained + lost)


def permutation_test(
    first: Sequence[float], second: Sequence[float], rng: np.random.Generator, draws: int = 20_000
) -> float:
    """Return the two-sided p value for a difference in mean between two groups of seeds.

    If the recipe made no difference, any split of the values into groups of these sizes would
    have been as likely: the p value is the share of splits whose means differ at least as much
    (E. J. G. Pitman, "Significance tests which may be applied to samples from any populations",
    1937). Every split is tried where there are at most `draws`; otherwise `draws` random ones,
    the real one counted among them (B. Phipson and G. K. Smyth, "Permutation p-values should
    never be zero", 2010). Three seeds against three cannot give less than 0.1, five against five
    not less than 0.008.

    Raises:
        ValueError: a group is empty.
    """
    if not first or not second:
        raise ValueError("both groups need at least one value")
    values = np.array([*first, *second], np.float64)
    size = len(first)
    observed = _mean_difference(values, np.arange(size)[None])[0] - ROUNDING
    if math.comb(len(values), size) <= draws:
        every = np.array(list(combinations(range(len(values)), size)))
        return float((_mean_difference(values, every) >= observed).mean())
    shuffled = rng.permuted(np.tile(np.arange(len(values)), (draws, 1)), axis=1)[:, :size]
    as_large = int((_mean_difference(values, shuffled) >= observed).sum())
    return (as_large + 1) / (draws + 1)


def _mean_difference(values: NDArray[np.float64], groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return |mean inside − mean outside| for each row of `groups` (splits, size of a group)."""
    size = groups.shape[1]
    inside = values[groups].sum(axis=1)
    outside = values.sum() - inside
    differences: NDArray[np.float64] = np.abs(inside / size - outside / (len(values) - size))
    return differences


def wilson_interval(successes: int, trials: int) -> Interval:
    """Return the 95 % Wilson score interval of a proportion.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927.

    Raises:
        ValueError: there is no trial, or more successes than trials.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"{successes} successes in {trials} trials")
    share = successes / trials
    z2 = NORMAL_975**2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    half *= NORMAL_975 / (1 + z2 / trials)
    # The ends meet 0 and 1 exactly where every trial went one way; rounding would miss them.
    low = centre - half if successes else 0.0
    high = centre + half if successes < trials else 1.0
    return Interval(low, high)
