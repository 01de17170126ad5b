"""Activation functions, each beside its derivative."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ActivationName = Literal["relu", "tanh", "sigmoid"]
Array = NDArray[Any]


@dataclass(frozen=True)
class Activation:
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


ACTIVATIONS: dict[ActivationName, Activation] = {
    "relu": Activation(_relu, _relu_slope, gain=2.0),
    "tanh": Activation(np.tanh, _tanh_slope, gain=1.0),
    "sigmoid": Activation(_sigmoid, _sigmoid_slope, gain=1.0),
}
