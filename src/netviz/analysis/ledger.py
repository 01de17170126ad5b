"""The evidence for a class, pixel by pixel, as a ledger that adds up.

Every term is weight × pixel. Both are float32 numbers of 24 bits, so that their product is
exact in float64; the total is their correctly rounded sum.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ledger:
    """Terms that add up, with the bias, to a logit or to the gap between two.

    `terms` has the shape of the image, (height, width, channels) float64: positive where a pixel
    speaks for the class, negative where against.
    """

    terms: NDArray[np.float64]
    bias: float

    @property
    def total(self) -> float:
        """The logit (or gap): the bias and all terms, summed without loss (math.fsum)."""
        return math.fsum([self.bias, *self.terms.ravel().tolist()])

    @property
    def running(self) -> NDArray[np.float64]:
        """The sum as it is added up, pixel after pixel: (pixels + 1,), from the bias."""
        running: NDArray[np.float64] = np.cumsum(np.append(self.bias, self.terms))
        return running


def class_ledger(
    weights: NDArray[np.float32], biases: NDArray[np.float32], image: NDArray[np.float32], k: int
) -> Ledger:
    """Return the evidence for class `k` in one image, for a network of one layer.

    Args:
        weights: (inputs, classes).
        biases: (classes,).
        image: (height, width, channels) in 0..1, with as many numbers as there are inputs.
        k: the class.
    """
    terms = weights[:, k].astype(np.float64) * image.ravel().astype(np.float64)
    return Ledger(terms.reshape(image.shape), float(biases[k]))


def gap_ledger(
    weights: NDArray[np.float32],
    biases: NDArray[np.float32],
    image: NDArray[np.float32],
    first: int,
    second: int,
) -> Ledger:
    """Return the evidence for class `first` over class `second`: (w_first − w_second) · x.

    Its total is the logit of `first` less that of `second`. Arguments as in `class_ledger`.
    """
    ours = class_ledger(weights, biases, image, first)
    theirs = class_ledger(weights, biases, image, second)
    return Ledger(ours.terms - theirs.terms, ours.bias - theirs.bias)
