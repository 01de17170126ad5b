"""Average pooling: of each window of an image, the mean stays, channel by channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape
from netviz.network.layers.windows import check_counts, places, window_grid


@dataclass(frozen=True)
class AveragePool(Layer):
    """The mean of each `size` by `size` pixels, every `stride` pixels.

    Rows and columns at the end that fill no window are left off.
    """

    size: int
    stride: int

    kind = "average_pool"

    def __post_init__(self) -> None:
        check_counts("a pool", self.size, self.stride)

    def output_shape(self, input_shape: Shape) -> Shape:
        grid = window_grid(input_shape, (self.size, self.size), self.stride, "a pool")
        return *grid, input_shape[2]

    def forward(self, inputs: Array) -> Array:
        total = reduce(np.add, (inputs[at] for at in self._places(inputs)))
        means: Array = total / self.size**2
        return means

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        error_below = np.zeros_like(inputs)
        for at in self._places(error_below):
            error_below[at] += error / self.size**2
        return Backward(error_below)

    def _places(self, images: Array) -> Iterator[tuple[slice, ...]]:
        return places(images.shape, (self.size, self.size), self.stride)
