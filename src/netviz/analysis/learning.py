"""Signs that a network has learnt little: units that never change, classes never answered."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def dead_units(activations: NDArray[np.floating]) -> int:
    """Return how many units give the same output for every image.

    Args:
        activations: (n, units), the output of a hidden layer for n images. A unit of ReLU that
            no image reaches gives 0 for each; of other activations one that is saturated by all.
    """
    if not len(activations):
        return 0
    return int((activations.max(axis=0) == activations.min(axis=0)).sum())


def never_answered(predictions: NDArray[np.integer], classes: int) -> Sequence[int]:
    """Return the classes, of so many, that no image is read as, in their order."""
    counts = np.bincount(predictions, minlength=classes)
    silent: list[int] = np.flatnonzero(counts == 0).tolist()
    return silent
