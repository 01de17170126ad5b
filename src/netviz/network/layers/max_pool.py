"""Max pooling: of each window of an image, the largest number stays, channel by channel."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from netviz.network.layers.layer import Array, Backward
from netviz.network.layers.pool import Pool


@dataclass(frozen=True)
class MaxPool(Pool):
    """The largest number of each window."""

    kind = "max_pool"

    def forward(self, inputs: Array) -> Array:
        return reduce(np.maximum, (inputs[at] for at in self.places(inputs)))

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:
        """Give the error to the largest pixel of a window; several alike have equal shares.

        Where a part of an image is black, all pixels that a filter makes of it are alike.
        """
        error_below = np.zeros_like(inputs)
        largest = [(inputs[at] == outputs).astype(error.dtype) for at in self.places(inputs)]
        share = error / sum(largest)
        for is_largest, at in zip(largest, self.places(error_below), strict=True):
            error_below[at] += is_largest * share
        return Backward(error_below)
