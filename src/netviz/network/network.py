"""A dense network: its shape, its weights, and what it computes.

A network takes pixels between 0 (black) and 1 (white) and returns logits, one a class.
Whatever centring or scaling its training used is folded into the first layer, so that
z = b + Σ w·x holds for the pixels that a reader sees.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netviz.network.activations import ACTIVATIONS, ActivationName

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Architecture:
    """The shape of a network: image (height, width, channels), hidden widths, classes."""

    image_shape: tuple[int, int, int]
    hidden: tuple[int, ...]
    classes: int
    activation: ActivationName = "relu"

    @property
    def inputs(self) -> int:
        height, width, channels = self.image_shape
        return height * width * channels

    @property
    def widths(self) -> tuple[int, ...]:
        """Units a layer, from the inputs to the classes."""
        return (self.inputs, *self.hidden, self.classes)

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum((below + 1) * above for below, above in pairwise(self.widths))

    @property
    def multiply_adds(self) -> int:
        """Multiplications with an addition that one image costs on its way to the logits."""
        return sum(below * above for below, above in pairwise(self.widths))


@dataclass(frozen=True)
class Network:
    """A trained (or fresh) network.

    `weights[k]` is (units below, units above) float32 and `biases[k]` (units above,); layer k
    computes `below @ weights[k] + biases[k]`, followed by the activation on all but the last.
    """

    architecture: Architecture
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def activations(self, pixels: Floats) -> list[Floats]:
        """Return the output of every layer for `pixels` (n, inputs); the last are the logits."""
        function = ACTIVATIONS[self.architecture.activation].forward
        outputs: list[Floats] = []
        below = pixels
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = below @ weight + bias  # (n, units above)
            below = z if layer == last else function(z)
            outputs.append(below)
        return outputs

    def logits(self, pixels: Floats) -> Floats:
        """Return the logits (n, classes) for `pixels` (n, inputs) in 0..1."""
        return self.activations(pixels)[-1]

    def filters(self) -> Floats:
        """Return the first layer's weights as pictures, (units, height, width, channels)."""
        return np.ascontiguousarray(self.weights[0].T).reshape(-1, *self.architecture.image_shape)

    @cached_property
    def identity(self) -> str:
        """The SHA-256 of shape and weights, in hexadecimal: the one name of this very network."""
        digest = hashlib.sha256(repr(self.architecture).encode())
        for array in (*self.weights, *self.biases):
            digest.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return digest.hexdigest()
