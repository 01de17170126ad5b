"""What the images of a class have in common: averages, and pixels that are never lit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.errors import DataError

# Images summed at once: sums of as many bytes stay whole numbers in float32 (below 2**24).
BATCH = 1000


@dataclass(frozen=True)
class Averages:
    """Averages over a split, in 0 (black) to 1 (white).

    Attributes:
        classes: (classes, height, width, channels) float32, the mean image of each class.
        overall: (height, width, channels) float32, the mean of all images.
        counts: (classes,) images a class.
        never_lit: (height, width, channels) bool, where every image is 0: a weight there was
            never tried, and is no evidence of anything.
    """

    classes: NDArray[np.float32]
    overall: NDArray[np.float32]
    counts: NDArray[np.intp]
    never_lit: NDArray[np.bool_]

    @property
    def differences(self) -> NDArray[np.float32]:
        """Each class's average less the mean of all images: what sets the class apart."""
        return self.classes - self.overall


def averages(split: Split, classes: int) -> Averages:
    """Average the images of `split`, whose labels lie in 0..classes-1, in one pass.

    Raises:
        DataError: a class has no image, so no average.
    """
    counts = np.bincount(split.labels, minlength=classes).astype(np.intp)
    if not counts.all():
        raise DataError(
            f"class {int(counts.argmin())} has no image to average",
            expected="at least one image of every class",
        )
    sums = _class_sums(split, classes)
    shape = split.images.shape[1:]
    total = sums.sum(axis=0)
    return Averages(
        classes=(sums / (255 * counts[:, None])).astype(np.float32).reshape(classes, *shape),
        overall=(total / (255 * len(split))).astype(np.float32).reshape(shape),
        counts=counts,
        never_lit=(total == 0).reshape(shape),
    )


def _class_sums(split: Split, classes: int) -> NDArray[np.float64]:
    """Sum the pixels of each class, (classes, pixels): whole numbers, exact.

    The product of class membership and pixels reads each image once, in order, which suits a
    memory map; picking out one class after another would not.
    """
    pixels = split.pixels
    sums = np.zeros((classes, pixels.shape[1]))
    for start in range(0, len(split), BATCH):
        batch = slice(start, start + BATCH)
        members = split.labels[batch] == np.arange(classes)[:, None]
        sums += members.astype(np.float32) @ pixels[batch].astype(np.float32)
    return sums
