"""The contribution of each pixel to a logit of a linear network, with the exact sum.

Every term is weight × pixel. Both are float32 numbers of 24 bits, so that their product is
exact in float64; the total is their correctly rounded sum.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.network.layers import Dense


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


def class_ledger(layer: Dense, image: NDArray[np.float32], unit: int) -> Ledger:
    """Return the evidence for a unit of `layer`, which reads pixels, in one image.

    `image` is (height, width, channels) in 0..1. In a network of one layer a unit is a class.
    """
    terms = layer.weights[:, unit].astype(np.float64) * image.ravel().astype(np.float64)
    return Ledger(terms.reshape(image.shape), float(layer.biases[unit]))
