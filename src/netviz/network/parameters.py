"""The weights and biases of a network as one vector, which an optimiser moves at a stroke."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netviz.network.activations import ACTIVATIONS
from netviz.network.network import Architecture, Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Parameters:
    """Weights and biases, or their gradient: all weights first, then all biases.

    `vector` (architecture.parameters,) holds the numbers; `weights[k]` (units below, units
    above) and `biases[k]` (units above,) are views of it, so a change of one is a change of the
    other.
    """

    architecture: Architecture
    vector: Array
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @property
    def all_weights(self) -> Array:
        """The part of `vector` that holds the weights of every layer."""
        return self.vector[: self.architecture.multiply_adds]

    def network(self) -> Network:
        """Return a network with a float32 copy of these parameters."""
        return Network(
            self.architecture,
            tuple(weight.astype(np.float32) for weight in self.weights),
            tuple(bias.astype(np.float32) for bias in self.biases),
        )


def over(architecture: Architecture, vector: Array) -> Parameters:
    """Return the layers of `architecture` as views of `vector` (architecture.parameters,)."""
    shapes = list(pairwise(architecture.widths))
    weight_count = architecture.multiply_adds
    weight_ends = np.cumsum([below * above for below, above in shapes])[:-1]
    bias_ends = np.cumsum([above for _, above in shapes])[:-1]
    weights = np.split(vector[:weight_count], weight_ends)
    return Parameters(
        architecture,
        vector,
        tuple(weight.reshape(shape) for weight, shape in zip(weights, shapes, strict=True)),
        tuple(np.split(vector[weight_count:], bias_ends)),
    )


def zeros(architecture: Architecture, dtype: DTypeLike = np.float32) -> Parameters:
    """Return parameters that are all zero."""
    return over(architecture, np.zeros(architecture.parameters, dtype))


def fresh(
    architecture: Architecture,
    rng: np.random.Generator,
    scale: float = 1.0,
    dtype: DTypeLike = np.float32,
) -> Parameters:
    """Return the parameters that training starts from: biases zero, weights random.

    Weights are `scale` times N(0, gain / units below); the gain is the activation's (2 for
    ReLU) and 1 for the last layer, which has none. With `scale` 0 they are zero.
    """
    parameters = zeros(architecture, dtype)
    gains = [ACTIVATIONS[architecture.activation].gain] * len(architecture.hidden) + [1.0]
    for weight, gain in zip(parameters.weights, gains, strict=True):
        deviation = scale * np.sqrt(gain / len(weight))
        weight[:] = deviation * rng.standard_normal(weight.shape)
    return parameters
