"""Max pooling: of each window of an image, the largest number stays, channel by channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape
from netviz.network.layers.windows import check_counts, places, window_grid


@dataclass(frozen=True)
class MaxPool(Layer):
    """The largest of each `size` by `size` pixels, every `stride` pixels.

    Rows and columns at the end that fill no window are left off.
    """

    size: int
    stride: int

    kind = "max_pool"

    def __post_init__(self) -> None:
        check_counts("a pool", self.size, self.stride)

    def output_shape(self, input_shape: Shape) -> Shape:
        grid = window_grid(input_shape, (self.size, self.size), self.stride, "a pool")
        return *grid, input_shape[2]

    def forward(self, inputs: Array) -> Array:
        return reduce(np.maximum, (inputs[at] for at in self._places(inputs)))

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:
        """Give the error to the largest pixel of a window; several alike have equal shares.

        Where a part of an image is black, all pixels that a filter makes of it are alike.
        """
        error_below = np.zeros_like(inputs)
        largest = [(inputs[at] == outputs).astype(error.dtype) for at in self._places(inputs)]
        share = error / sum(largest)
        for is_largest, at in zip(largest, self._places(error_below), strict=True):
            error_below[at] += is_largest * share
        return Backward(error_below)

    def _places(self, images: Array) -> Iterator[tuple[slice, ...]]:
        return places(images.shape, (self.size, self.size), self.stride)
