"""Global averaging: of each map one number stays, its mean over all places."""

from dataclasses import dataclass

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape
from netviz.network.layers.windows import IMAGE


@dataclass(frozen=True)
class GlobalAverage(Layer):
    """(height, width, channels) to (channels,): the mean over all positions."""

    kind = "global_average"

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != IMAGE:
            raise ValueError(f"a global average takes an image of maps, and gets {input_shape}")
        return (input_shape[2],)

    def forward(self, inputs: Array) -> Array:
        means: Array = inputs.mean(axis=(1, 2))
        return means

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        _, height, width, _ = inputs.shape
        share = error[:, None, None, :] / (height * width)
        return Backward(np.broadcast_to(share, inputs.shape))
