"""Activation layers: a function of each number by itself, beside its derivative."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from netviz.network.layers.layer import Array, Backward, Layer, Shape

ActivationName = Literal["relu", "tanh", "sigmoid"]


@dataclass(frozen=True)
class ActivationFunction:
    """A function of each unit's z, and its derivative.

    `forward(z)` gives the output; `slope(output)` gives the derivative, from that output;
    `gain` is the variance that initial weights need, times the inputs, for signals to keep
    their size from layer to layer (He et al. 2015, Glorot & Bengio 2010).
    """

    forward: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    gain: float


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


def _relu_slope(output: Array) -> Array:
    return (output > 0).astype(output.dtype)


def _tanh_slope(output: Array) -> Array:
    return 1 - output * output


def _sigmoid(z: Array) -> Array:
    # By way of tanh, which never overflows.
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _sigmoid_slope(output: Array) -> Array:
    slope: Array = output * (1 - output)
    return slope


ACTIVATIONS: dict[ActivationName, ActivationFunction] = {
    "relu": ActivationFunction(_relu, _relu_slope, gain=2.0),
    "tanh": ActivationFunction(np.tanh, _tanh_slope, gain=1.0),
    "sigmoid": ActivationFunction(_sigmoid, _sigmoid_slope, gain=1.0),
}


@dataclass(frozen=True)
class Activation(Layer):
    """Applies the function of that name to every number."""

    function: ActivationName

    kind = "activation"

    def __post_init__(self) -> None:
        if self.function not in ACTIVATIONS:
            raise ValueError(f"unknown activation {self.function!r}")

    @property
    def gain(self) -> float:
        return ACTIVATIONS[self.function].gain

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, inputs: Array) -> Array:
        return ACTIVATIONS[self.function].forward(inputs)

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - the outputs tell the slope
        return Backward(error * ACTIVATIONS[self.function].slope(outputs))
