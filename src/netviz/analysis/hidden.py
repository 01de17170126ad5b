"""What each hidden unit does for the answer: its votes, and what is lost without it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import Confusion, confusion_matrix

LOST = 0.1  # of the images of a class that the whole network classifies correctly


@dataclass(frozen=True)
class Silenced:
    """A network whose last hidden unit number `unit` always gives 0.

    `confusion` is its confusion matrix, `accuracy_change` its accuracy less that of the whole
    network.
    """

    unit: int
    confusion: Confusion
    accuracy_change: float


@dataclass(frozen=True)
class Survival:
    """How many images of each class a network classifies correctly without each hidden unit.

    Attributes:
        whole: (classes,) counts with all units.
        without: (units, classes) counts with one unit of the last hidden layer that gives 0.
    """

    whole: NDArray[np.intp]
    without: NDArray[np.intp]

    @property
    def shares(self) -> NDArray[np.float64]:
        """What is left of `whole` without each unit, (units, classes); nan where `whole` is 0."""
        shares: NDArray[np.float64] = np.full(self.without.shape, np.nan)
        np.divide(self.without, self.whole, out=shares, where=self.whole > 0)
        return shares

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Whether some one unit is needed for nine in ten images of a class, (classes,)."""
        is_needed = (self.shares < LOST) & (self.whole > 0)  # (units, classes)
        lost: NDArray[np.bool_] = np.logical_or.reduce(is_needed, axis=0)
        return lost


def contributions(
    activations: NDArray[np.float32], weights: NDArray[np.float32], k: int
) -> NDArray[np.float64]:
    """Return activation × weight of each hidden unit for class `k`, (n, hidden) float64.

    Args:
        activations: (n, hidden), the output of the last hidden layer.
        weights: (hidden, classes), those of the layer above it.
        k: the class. Its logit is the sum of a row and the bias of `k`.
    """
    return activations.astype(np.float64) * weights[:, k].astype(np.float64)


def silenced_logits(
    logits: NDArray[np.float32],
    features: NDArray[np.float32],
    weights: NDArray[np.float32],
    unit: int,
    units: int,
) -> NDArray[np.float32]:
    """Return the logits (n, classes) without one of the `units` of the last hidden layer.

    A silenced unit takes away exactly its own votes, so that nothing else is computed again:
    logits − features of the unit × their weights.
    """
    own = slice(unit, None, units)
    silenced: NDArray[np.float32] = logits - features[:, own] @ weights[own]
    return silenced


def survival(
    logits: NDArray[np.float32],
    features: NDArray[np.float32],
    weights: NDArray[np.float32],
    labels: NDArray[np.intp],
    units: int,
) -> Survival:
    """Count correct answers by class, with all units and without each of the last hidden layer.

    Arguments as in `silence_each`.
    """
    classes = logits.shape[1]

    def correct(answers: NDArray[np.float32]) -> NDArray[np.intp]:
        return np.bincount(labels[answers.argmax(axis=1) == labels], minlength=classes)

    without = [
        correct(silenced_logits(logits, features, weights, unit, units)) for unit in range(units)
    ]
    return Survival(correct(logits), np.array(without))


def silence_each(
    logits: NDArray[np.float32],
    features: NDArray[np.float32],
    weights: NDArray[np.float32],
    labels: NDArray[np.intp],
    units: int,
) -> tuple[Silenced, ...]:
    """Silence each unit of the last hidden layer in turn, and measure what is left.

    Args:
        logits: (n, classes), those of the whole network.
        features: (n, features), what its last layer reads.
        weights: (features, classes), those of its last layer.
        labels: (n,) true classes.
        units: how many units have these features; feature f is of unit f modulo `units`.
    """
    classes = logits.shape[1]
    whole = float((logits.argmax(axis=1) == labels).mean())
    silenced = []
    for unit in range(units):
        without = silenced_logits(logits, features, weights, unit, units)
        confusion = Confusion(confusion_matrix(labels, without.argmax(axis=1), classes))
        silenced.append(Silenced(unit, confusion, confusion.accuracy - whole))
    return tuple(silenced)
