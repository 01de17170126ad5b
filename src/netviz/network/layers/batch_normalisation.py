"""Batch normalisation: every channel gets mean 0 and variance 1 over the images of a batch.

It is part of networks that are being trained. What a trained network keeps of it is a `ScaleShift`
with the mean and variance that training found, since an image must not be judged by others.
"""

from dataclasses import dataclass

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape
from netviz.network.layers.scale_shift import ScaleShift, all_but_channels, check_channels

EPSILON = 1e-5  # added to a variance: a channel may be the same everywhere


@dataclass(frozen=True, eq=False)
class BatchNormalisation(Layer):
    """scale · (x − mean) / √(variance + ε) + shift, by channel (Ioffe & Szegedy 2015).

    Mean and variance are those of all images and places of the batch that `forward` gets; `scale`
    and `shift` are (channels,).
    """

    scale: Array
    shift: Array

    kind = "batch_normalisation"
    bias_names = ("scale", "shift")
    from_one = ("scale",)
    only_in_training = True

    def __post_init__(self) -> None:
        check_channels(self.scale, self.shift)

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[-1] != len(self.scale):
            raise ValueError(f"a normalisation of {len(self.scale)} channels gets {input_shape}")
        return input_shape

    def forward(self, inputs: Array) -> Array:
        normal, _ = _normalised(inputs)
        scaled: Array = self.scale * normal + self.shift
        return scaled

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        axes = all_but_channels(inputs)
        normal, deviation = _normalised(inputs)
        gradients = {"scale": (error * normal).sum(axis=axes), "shift": error.sum(axis=axes)}
        # Mean and deviation depend on every input: what they would take back is taken away.
        free = error - error.mean(axis=axes) - normal * (error * normal).mean(axis=axes)
        return Backward(self.scale / deviation * free, gradients)

    def settled(self, mean: Array, variance: Array) -> ScaleShift:
        """Return the layer that always normalises by `mean` and `variance`, (channels,)."""
        factor = self.scale / np.sqrt(variance + EPSILON)
        shift = self.shift - mean * factor
        return ScaleShift(factor.astype(self.scale.dtype), shift.astype(self.shift.dtype))


def _normalised(inputs: Array) -> tuple[Array, Array]:
    """Return `inputs` with mean 0 and variance 1 by channel, and the deviations (channels,)."""
    axes = all_but_channels(inputs)
    deviation = np.sqrt(inputs.var(axis=axes) + EPSILON)
    return (inputs - inputs.mean(axis=axes)) / deviation, deviation
