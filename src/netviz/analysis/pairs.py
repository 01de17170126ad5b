"""Two classes at a time: how often each pair is confused, either way, and how alike it is."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import Confusion


@dataclass(frozen=True)
class PairValue:
    """What was found of the classes `first` and `second`, first < second."""

    first: int
    second: int
    value: float


def confused_pairs(confusion: Confusion) -> tuple[PairValue, ...]:
    """Count the images of one class read as the other, for every two classes in order."""
    counts = confusion.counts
    return _every_pair(len(counts), lambda a, b: int(counts[a, b] + counts[b, a]))


def alike_pairs(correlations: NDArray[np.float64]) -> tuple[PairValue, ...]:
    """Read how alike every two classes are off a symmetric (classes, classes) matrix."""
    return _every_pair(len(correlations), lambda a, b: float(correlations[a, b]))


def _every_pair(classes: int, value: Callable[[int, int], float]) -> tuple[PairValue, ...]:
    return tuple(PairValue(a, b, value(a, b)) for a, b in combinations(range(classes), 2))


def largest_first(pairs: tuple[PairValue, ...]) -> tuple[PairValue, ...]:
    """Sort pairs by value, the largest first; equals keep their order."""
    return tuple(sorted(pairs, key=lambda pair: -pair.value))


def rank_correlation(first: tuple[PairValue, ...], second: tuple[PairValue, ...]) -> float:
    """Return Spearman's rank correlation of two values of the same pairs; nan for constants.

    Equal values share the mean of their ranks. C. Spearman, "The proof and measurement of
    association between two things", American Journal of Psychology 15, 1904.
    """
    ranks = [_ranks(np.array([pair.value for pair in pairs])) for pairs in (first, second)]
    a, b = (rank - rank.mean() for rank in ranks)
    with np.errstate(invalid="ignore"):
        return float((a @ b) / np.sqrt((a @ a) * (b @ b)))


def _ranks(values: NDArray[Any]) -> NDArray[np.float64]:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: NDArray[np.float64] = (last - (counts - 1) / 2)[places]
    return ranks
