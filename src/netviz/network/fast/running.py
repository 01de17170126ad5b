"""What a batch normalisation keeps of the batches it saw: their mean and variance, by channel."""

import numpy as np

from netviz.network.layers import Array

KEPT = 0.95  # of what is known, at each batch: the last twenty batches count most


class RunningStatistics:
    """Means and variances over the latest batches, each with less weight the longer ago it was.

    Before the first batch the mean is 0 and the variance 1.
    """

    def __init__(self, channels: int) -> None:
        self._sums = np.zeros((2, channels))
        self._weight = 0.0

    def add(self, mean: Array, variance: Array) -> None:
        """Take in mean and variance (channels,) of one more batch."""
        self._sums *= KEPT
        self._sums[0] += (1 - KEPT) * mean
        self._sums[1] += (1 - KEPT) * variance
        self._weight = KEPT * self._weight + 1 - KEPT

    @property
    def found(self) -> tuple[Array, Array]:
        """Mean and variance, (channels,) each."""
        if not self._weight:
            return np.zeros_like(self._sums[0]), np.ones_like(self._sums[1])
        mean, variance = self._sums / self._weight
        return mean, variance
