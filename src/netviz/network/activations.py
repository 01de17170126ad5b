"""Activation functions, each forward beside its derivative."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ActivationName = Literal["relu", "tanh", "sigmoid"]
Array = NDArray[Any]


@dataclass(frozen=True)
class Activation:
    """`forward(z)` gives the output; `slope(output)` gives the derivative, from that output."""

    forward: Callable[[Array], Array]
    slope: Callable[[Array], Array]


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
    "relu": Activation(_relu, _relu_slope),
    "tanh": Activation(np.tanh, _tanh_slope),
    "sigmoid": Activation(_sigmoid, _sigmoid_slope),
}
