"""What pools have in common: where their windows lie, and the shape of what they give."""

from collections.abc import Iterator
from dataclasses import dataclass

from netviz.network.layers.layer import Array, Layer, Shape
from netviz.network.layers.windows import check_counts, places, window_grid


@dataclass(frozen=True)
class Pool(Layer):
    """One number for each `size` by `size` pixels of a channel, every `stride` pixels.

    Rows and columns at the end that fill no window are left off.
    """

    size: int
    stride: int

    def __post_init__(self) -> None:
        check_counts("a pool", self.size, self.stride)

    def output_shape(self, input_shape: Shape) -> Shape:
        grid = window_grid(input_shape, (self.size, self.size), self.stride, "a pool")
        return *grid, input_shape[2]

    def places(self, images: Array) -> Iterator[tuple[slice, ...]]:
        """Yield for each pixel of a window where it lies in `images`, for all windows at once."""
        return places(images.shape, (self.size, self.size), self.stride)
