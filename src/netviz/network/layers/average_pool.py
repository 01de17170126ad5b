"""Average pooling: of each window of an image, the mean stays, channel by channel."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from netviz.network.layers.layer import Array, Backward
from netviz.network.layers.pool import Pool


@dataclass(frozen=True)
class AveragePool(Pool):
    """The mean of each window."""

    kind = "average_pool"

    def forward(self, inputs: Array) -> Array:
        total = reduce(np.add, (inputs[at] for at in self.places(inputs)))
        means: Array = total / self.size**2
        return means

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        error_below = np.zeros_like(inputs)
        for at in self.places(error_below):
            error_below[at] += error / self.size**2
        return Backward(error_below)
