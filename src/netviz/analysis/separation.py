"""How well classes are separated in a space: of pixels, or of a hidden layer's outputs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]

# Points looked at in one go: few enough that float64 copies of them stay small.
BATCH = 1000


def class_means(points: Points, labels: NDArray[np.integer], classes: int) -> NDArray[np.float64]:
    """Return the mean of each class's points, (classes, d); nan for a class without any."""
    sums = np.zeros((classes, points.shape[1]))
    for batch in _batches(len(points)):
        members = labels[batch] == np.arange(classes)[:, None]
        sums += members.astype(np.float64) @ points[batch].astype(np.float64)
    counts = np.bincount(labels, minlength=classes)[:, None]
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float64] = sums / counts
    return means


def nearest_mean(points: Points, means: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the class whose mean lies nearest to each point, (n,).

    It is a network of one layer: |x − m|² is smallest where m·x − |m|²/2 is largest, so that the
    means are the weights and −|m|²/2 the biases.
    """
    known = np.flatnonzero(np.isfinite(means).all(axis=1))
    biases = -np.square(means[known]).sum(axis=1) / 2
    found = np.empty(len(points), np.intp)
    for batch in _batches(len(points)):
        scores = points[batch].astype(np.float64) @ means[known].T + biases
        found[batch] = known[scores.argmax(axis=1)]
    return found


def between_class_share(points: Points, labels: NDArray[np.integer], classes: int) -> float:
    """Return the share of the points' variance that lies between their classes, in 0..1.

    Σ_k n_k |m_k − m|² / Σ |x − m|²: 0 where all classes have one mean, 1 where each class is a
    single point; nan where all points are one (R. A. Fisher, *Statistical Methods for Research
    Workers*, 1925, the correlation ratio η² summed over all dimensions).
    """
    means = class_means(points, labels, classes)
    counts = np.bincount(labels, minlength=classes)
    present = counts > 0
    centre = points.mean(axis=0, dtype=np.float64)
    between = counts[present] @ np.square(means[present] - centre).sum(axis=1)
    total = sum(float(np.square(points[batch] - centre).sum()) for batch in _batches(len(points)))
    return float(between / total) if total else float("nan")


def _batches(count: int) -> Iterator[slice]:
    return (slice(start, start + BATCH) for start in range(0, count, BATCH))
