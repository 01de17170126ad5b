"""The penalties' part of a gradient, in a few passes over the weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.network.gradients import Penalties
from netviz.network.parameters import Parameters

Array = NDArray[Any]


class FastPenalties:
    """Adds λ·w to the gradient of all weights; to the first, λ·(w − w') for each neighbour w'.

    Layers below the place `lowest` are not trained, and get nothing.
    """

    def __init__(
        self, parameters: Parameters, result: Parameters, penalties: Penalties, lowest: int = 0
    ) -> None:
        self._decay = np.float32(penalties.weight_decay)
        self._smoothness = np.float32(penalties.smoothness)
        self._others = [
            (layer.arrays[name], gradient.arrays[name], np.empty_like(layer.arrays[name]))
            for layer, gradient in zip(
                parameters.layers[lowest:], result.layers[lowest:], strict=True
            )
            for name in layer.weight_names
        ]
        self._first: tuple[Array, Array] | None = None
        if penalties.smoothness and parameters.network.first_weighted >= lowest:
            pictures = parameters.network.pictures()  # (height, width, channels, units)
            height, self._width = pictures.shape[:2]
            self._first = (
                pictures.reshape(height, -1),
                result.network.pictures().reshape(height, -1),
            )
            del self._others[0]
            self._own_factor = _own_factors(pictures.shape, penalties)
            self._scratch = np.empty_like(self._own_factor)

    def add(self) -> None:
        for weight, gradient, scratch in self._others:
            np.multiply(weight, self._decay, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if self._first is not None:
            self._smooth(*self._first)

    def _smooth(self, weight: Array, gradient: Array) -> None:
        """Add what both penalties give for the first layer, both (height, width · pixel)."""
        np.multiply(weight, self._own_factor, out=self._scratch)
        gradient += self._scratch
        pixel = weight.shape[1] // self._width  # weights from one pixel to its neighbour
        pull = np.multiply(weight, self._smoothness, out=self._scratch)
        gradient[1:] -= pull[:-1]
        gradient[:-1] -= pull[1:]
        gradient[:, pixel:] -= pull[:, :-pixel]
        gradient[:, :-pixel] -= pull[:, pixel:]


def _own_factors(shape: tuple[int, ...], penalties: Penalties) -> Array:
    """Return what the penalties' gradient multiplies each weight of the first layer by.

    That is the weight decay, and the smoothness once for every neighbour.
    """
    height, width, channels, units = shape
    neighbours = np.zeros((height, width), np.float32)
    neighbours[1:] += 1
    neighbours[:-1] += 1
    neighbours[:, 1:] += 1
    neighbours[:, :-1] += 1
    factors = penalties.weight_decay + penalties.smoothness * neighbours
    return np.repeat(factors.astype(np.float32), channels * units, axis=1)
