"""Confusion matrices, and the images on which the answers of two networks differ."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation

Counts = NDArray[np.intp]


@dataclass(frozen=True)
class Pair:
    """How many images of the class `actual` were read as `predicted`."""

    actual: int
    predicted: int
    count: int


@dataclass(frozen=True)
class Confusion:
    """A confusion matrix: `counts` (classes, classes), rows actual, columns predicted."""

    counts: Counts

    @property
    def total(self) -> int:
        """The number of images."""
        return int(self.counts.sum())

    @property
    def accuracy(self) -> float:
        """The share of images on the diagonal; nan without any image."""
        return float(_shares(self.counts.trace(), self.counts.sum()))

    @cached_property
    def recall(self) -> NDArray[np.float64]:
        """Of the images of each class, the share read as that class, (classes,).

        A class without images has no recall (0/0): nan.
        """
        return _shares(self.counts.diagonal(), self.counts.sum(axis=1))

    @cached_property
    def precision(self) -> NDArray[np.float64]:
        """Of the images read as each class, the share that are of that class, (classes,).

        A class that is never predicted has no precision (0/0): nan.
        """
        return _shares(self.counts.diagonal(), self.counts.sum(axis=0))

    @cached_property
    def row_shares(self) -> NDArray[np.float64]:
        """Each cell as a share of its row, (classes, classes); nan in the row of an empty class."""
        return _shares(self.counts, self.counts.sum(axis=1, keepdims=True))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The cells off the diagonal that hold an image, the largest first.

        Cells of equal count are in the order of their rows, then of their columns.
        """
        mistakes = self.counts.copy()
        np.fill_diagonal(mistakes, 0)
        actual, predicted = np.nonzero(mistakes)
        pairs = (
            Pair(int(row), int(column), int(mistakes[row, column]))
            for row, column in zip(actual, predicted, strict=True)
        )
        return tuple(sorted(pairs, key=lambda pair: -pair.count))


@dataclass(frozen=True)
class Flips:
    """What changes when a second network answers in place of a first.

    `to_right` and `to_wrong` are indices of images in ascending order: those that the second
    network mends, and those that it spoils.
    """

    to_right: NDArray[np.intp]
    to_wrong: NDArray[np.intp]


def confusion_matrix(
    labels: NDArray[np.integer], predictions: NDArray[np.integer], classes: int
) -> Counts:
    """Count images by true and by predicted class: rows actual, columns predicted.

    Args:
        labels: (n,) true classes, each in 0..classes-1.
        predictions: (n,) predicted classes, likewise.
        classes: the number of classes.

    Raises:
        ValueError: the two differ in length, or a class is out of range.
    """
    places = np.ravel_multi_index((labels, predictions), (classes, classes))
    counts: Counts = np.bincount(places, minlength=classes**2).reshape(classes, classes)
    return counts


def confusion(evaluation: Evaluation) -> Confusion:
    """Return the confusion matrix of an evaluation."""
    return Confusion(
        confusion_matrix(evaluation.labels, evaluation.predictions, evaluation.classes)
    )


def flips(first: Evaluation, second: Evaluation) -> Flips:
    """Tell what changes, image by image, when `second` answers in place of `first`.

    Raises:
        ValueError: the two did not answer to the same images of the same classes.
    """
    if first.classes != second.classes or not np.array_equal(first.labels, second.labels):
        raise ValueError("the two evaluations are not of the same images")
    return Flips(
        to_right=np.flatnonzero(~first.correct & second.correct),
        to_wrong=np.flatnonzero(first.correct & ~second.correct),
    )


def _shares(parts: Counts, wholes: Counts) -> NDArray[np.float64]:
    """Return parts / wholes, nan where the whole is 0."""
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = np.divide(parts, wholes, dtype=np.float64)
    return shares
