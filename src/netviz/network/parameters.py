"""The weights and biases of a network as one vector, which an optimiser moves at a stroke."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netviz.network.layers import Layer
from netviz.network.network import Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Parameters:
    """Weights and biases, or their gradient: all weights first, then all biases.

    `vector` (network.parameters,) holds the numbers; the arrays of the layers of `network` are
    views of it, so a change of one is a change of the other. The first `weight_count` numbers are
    those of arrays that a layer counts among its weights.
    """

    network: Network
    vector: Array
    weight_count: int

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, whose arrays are views of `vector`."""
        return self.network.layers

    @property
    def all_weights(self) -> Array:
        """The part of `vector` that holds the weights of every layer."""
        return self.vector[: self.weight_count]


def over(network: Network, vector: Array) -> Parameters:
    """Return a network with the layers of `network` whose arrays are views of `vector`.

    `vector` is (network.parameters,); what it holds counts, not the arrays of `network`.
    """
    views: list[dict[str, Array]] = [{} for _ in network.layers]
    start = _cut(network, vector, 0, views, lambda layer: layer.weight_names)
    _cut(network, vector, start, views, lambda layer: layer.bias_names)
    layers = (
        layer.with_arrays(arrays) for layer, arrays in zip(network.layers, views, strict=True)
    )
    return Parameters(replace(network, layers=tuple(layers)), vector, start)


def _cut(
    network: Network,
    vector: Array,
    start: int,
    views: list[dict[str, Array]],
    names: Callable[[Layer], tuple[str, ...]],
) -> int:
    """Give each layer its views of `vector` from `start` on; return where the last one ends."""
    for layer, found in zip(network.layers, views, strict=True):
        for name in names(layer):
            like = layer.arrays[name]
            found[name] = vector[start : start + like.size].reshape(like.shape)
            start += like.size
    return start


def zeros(network: Network, dtype: DTypeLike = np.float32) -> Parameters:
    """Return parameters for the layers of `network` that are all zero."""
    return over(network, np.zeros(network.parameters, dtype))


def fresh(
    network: Network,
    rng: np.random.Generator,
    scale: float = 1.0,
    dtype: DTypeLike = np.float32,
) -> Parameters:
    """Return the parameters that training starts from: biases zero, scales one, weights random.

    Weights are `scale` times N(0, gain / fan-in); the gain is that of the activation which
    follows (2 for ReLU), and 1 where none does. With `scale` 0 they are zero.
    """
    parameters = zeros(network, dtype)
    for layer, gain in zip(parameters.layers, _gains(parameters.layers), strict=True):
        for name in layer.weight_names:
            weight = layer.arrays[name]
            weight[:] = scale * np.sqrt(gain / layer.fan_in) * rng.standard_normal(weight.shape)
        for name in layer.from_one:
            layer.arrays[name][:] = 1
    return parameters


def _gains(layers: tuple[Layer, ...]) -> list[float]:
    """Return for each layer the gain of the next activation before another layer has weights."""
    gains = []
    gain = 1.0
    for layer in reversed(layers):
        gains.append(gain)
        if layer.weight_names:
            gain = 1.0
        elif layer.gain is not None:
            gain = layer.gain
    return gains[::-1]
