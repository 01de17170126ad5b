"""The flatten layer: an image, or maps, as one row of numbers."""

import math
from dataclasses import dataclass

from netviz.network.layers.layer import Array, Backward, Layer, Shape


@dataclass(frozen=True)
class Flatten(Layer):
    """Row by row, pixel by pixel, channel by channel: (height, width, channels) to (inputs,)."""

    kind = "flatten"

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def forward(self, inputs: Array) -> Array:
        return inputs.reshape(len(inputs), -1)

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        return Backward(error.reshape(inputs.shape))
