"""The convolution: the same small filters look at every place of an image."""

from dataclasses import dataclass

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape
from netviz.network.layers.windows import IMAGE, check_counts, places, window_grid, windows

Padding = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Convolution(Layer):
    """z(y, x, u) = b(u) + Σ w(i, j, c, u) · image(y·stride + i, x·stride + j, c).

    Attributes:
        weights: (rows, columns, channels, filters) of the filters.
        biases: (filters,).
        stride: pixels from one place to the next.
        padding: the rows of zeros above, columns to the left, rows below and columns to the
            right that are put around an image first.
    """

    weights: Array
    biases: Array
    stride: int = 1
    padding: Padding = (0, 0, 0, 0)

    kind = "convolution"
    weight_names = ("weights",)
    bias_names = ("biases",)

    def __post_init__(self) -> None:
        if self.weights.ndim != IMAGE + 1 or self.biases.shape != self.weights.shape[3:]:
            raise ValueError(
                f"weights {self.weights.shape} and biases {self.biases.shape} do not fit together"
            )
        check_counts("a convolution", self.stride)
        # A file of weights has it as a list.
        object.__setattr__(self, "padding", tuple(self.padding))
        if len(self.padding) != 4 or any(type(one) is not int or one < 0 for one in self.padding):
            raise ValueError(f"the padding is {self.padding}, and must be four whole numbers")

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of a filter."""
        return self.weights.shape[0], self.weights.shape[1]

    @property
    def units(self) -> int:
        """The number of filters."""
        return int(self.weights.shape[3])

    @property
    def fan_in(self) -> int:
        return self.weights[..., 0].size

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) == IMAGE and input_shape[2] != self.weights.shape[2]:
            raise ValueError(
                f"a convolution of {self.weights.shape[2]} channels gets {input_shape}"
            )
        top, left, bottom, right = self.padding
        if len(input_shape) == IMAGE:
            height, width, channels = input_shape
            input_shape = height + top + bottom, width + left + right, channels
        return *window_grid(input_shape, self.size, self.stride, "a convolution"), self.units

    def multiply_adds(self, input_shape: Shape) -> int:
        rows, columns, _ = self.output_shape(input_shape)
        return rows * columns * int(self.weights.size)

    def forward(self, inputs: Array) -> Array:
        seen = windows(self._padded(inputs), self.size, self.stride)
        sums: Array = np.tensordot(seen, self.weights, axes=((4, 5, 3), (0, 1, 2)))
        return sums + self.biases

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        padded = self._padded(inputs)
        error_below = np.zeros_like(padded)
        gradient = np.empty_like(self.weights)
        for place, at in zip(
            np.ndindex(self.size), places(padded.shape, self.size, self.stride), strict=True
        ):
            gradient[place] = np.tensordot(padded[at], error, axes=((0, 1, 2), (0, 1, 2)))
            error_below[at] += error @ self.weights[place].T
        top, left, _, _ = self.padding
        inside = error_below[:, top : top + inputs.shape[1], left : left + inputs.shape[2]]
        return Backward(inside, {"weights": gradient, "biases": error.sum(axis=(0, 1, 2))})

    def _padded(self, inputs: Array) -> Array:
        top, left, bottom, right = self.padding
        return np.pad(inputs, ((0, 0), (top, bottom), (left, right), (0, 0)))

    def filters(self, input_shape: Shape) -> Array:  # noqa: ARG002 - filters have a size of their own
        """Return the weights: (rows, columns, channels, filters)."""
        return self.weights


def same_padding(size: tuple[int, int]) -> Padding:
    """Return the padding by which a convolution of stride 1 keeps the size of its image."""
    rows, columns = size
    return (rows - 1) // 2, (columns - 1) // 2, rows // 2, columns // 2
