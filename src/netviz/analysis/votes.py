"""Votes of a hidden layer: which unit contributes most to a class, and in how many patterns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.hidden import contributions


@dataclass(frozen=True)
class Votes:
    """How the correctly classified images of one class come by their answer.

    Attributes:
        count: the correctly classified images.
        voters: the units whose weight for the class is positive.
        leader: the unit that most often contributes most to the class's score.
        leader_share: the share of the images in which it does; nan without images.
        patterns: how many different sets of units are active.
        commonest_share: the share of the images with the commonest set; nan without images.
    """

    count: int
    voters: int
    leader: int
    leader_share: float
    patterns: int
    commonest_share: float


def votes(activations: NDArray[np.float32], weights: NDArray[np.float32], k: int) -> Votes:
    """Count how images of class `k` are voted for.

    Args:
        activations: (n, hidden), the output of the last hidden layer for images of class `k`
            that are read as `k`.
        weights: (hidden, classes), those of the layer above it.
        k: the class.
    """
    voters = int((weights[:, k] > 0).sum())
    count = len(activations)
    if not count:
        return Votes(0, voters, 0, float("nan"), 0, float("nan"))
    loudest = contributions(activations, weights, k).argmax(axis=1)
    leads = np.bincount(loudest, minlength=len(weights))
    _, together = np.unique(np.packbits(activations > 0, axis=1), axis=0, return_counts=True)
    return Votes(
        count=count,
        voters=voters,
        leader=int(leads.argmax()),
        leader_share=float(leads.max() / count),
        patterns=len(together),
        commonest_share=float(together.max() / count),
    )
