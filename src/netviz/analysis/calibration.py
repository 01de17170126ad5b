"""Calibration: confidence against accuracy, and the expected calibration error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.spread import wilson_interval


@dataclass(frozen=True)
class Bin:
    """The answers whose confidence lies above `low` and at most at `high`.

    `confidence` and `accuracy` are their means, `accuracy_low` and `accuracy_high` the ends of
    the 95 % Wilson interval of the accuracy; all four are None in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None


@dataclass(frozen=True)
class Calibration:
    """A reliability diagram in numbers.

    `expected_error` is the expected calibration error: the mean over all answers of
    |accuracy − confidence| of their bin. `overconfidence` is mean confidence less accuracy.
    """

    bins: tuple[Bin, ...]
    expected_error: float
    overconfidence: float


def calibrate(evaluation: Evaluation, bins: int = 10) -> Calibration:
    """Compare confidence with accuracy in `bins` bins of equal width over 0..1.

    The expected calibration error Σ (n_b / n) · |accuracy_b − confidence_b| is from
    M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015; reliability diagrams of networks from C. Guo, G. Pleiss, Y. Sun
    and K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017, whose bins are
    open below and closed above, as here.

    Raises:
        ValueError: there is no answer, or no bin.
    """
    if bins < 1 or not len(evaluation.labels):
        raise ValueError("calibration needs at least one bin and one answer")
    confidences = evaluation.confidences.astype(np.float64)
    edges = np.linspace(0, 1, bins + 1)
    # The probability of a certain answer may exceed 1 by a rounding error.
    places = np.clip(np.searchsorted(edges, confidences, side="left") - 1, 0, bins - 1)
    filled = tuple(
        _bin(
            float(edges[place]),
            float(edges[place + 1]),
            confidences[places == place],
            evaluation.correct[places == place],
        )
        for place in range(bins)
    )
    gaps = (
        bin_.count * abs(bin_.accuracy - bin_.confidence)
        for bin_ in filled
        if bin_.accuracy is not None and bin_.confidence is not None
    )
    return Calibration(
        filled,
        expected_error=sum(gaps) / len(confidences),
        overconfidence=float(confidences.mean()) - evaluation.accuracy,
    )


def _bin(
    low: float, high: float, confidences: NDArray[np.float64], correct: NDArray[np.bool_]
) -> Bin:
    count = len(confidences)
    if count == 0:
        return Bin(low, high, 0, None, None, None, None)
    interval = wilson_interval(int(correct.sum()), count)
    return Bin(
        low,
        high,
        count,
        float(confidences.mean()),
        float(correct.mean()),
        interval.low,
        interval.high,
    )
