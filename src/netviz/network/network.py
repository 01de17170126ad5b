"""A network: a sequence of layers, from the pixels of an image to its logits.

A network takes pixels between 0 (black) and 1 (white) and returns logits, one a class.
Whatever centring or scaling its training used is folded into the first layer, so that
z = b + Σ w·x holds for the pixels that a reader sees.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netviz.network.layers import (
    Activation,
    ActivationName,
    Array,
    BatchNormalisation,
    Convolution,
    Dense,
    Flatten,
    Layer,
    Shape,
)

Floats = NDArray[np.float32]
ImageShape = tuple[int, int, int]  # height, width, channels


@dataclass(frozen=True, eq=False)
class Network:
    """The layers of a trained (or fresh) network, for images of `image_shape`.

    Raises:
        ValueError: a layer cannot take what the one below gives, or the last gives no logits.
    """

    image_shape: ImageShape
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if len(self.shapes[-1]) != 1:
            raise ValueError(f"the last layer gives {self.shapes[-1]}, not a number a class")

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of what each layer takes, from the image on, and that of the logits."""
        shapes: list[Shape] = [self.image_shape]
        for layer in self.layers:
            shapes.append(layer.output_shape(shapes[-1]))
        return tuple(shapes)

    # --- what it computes --------------------------------------------------------------------

    def outputs(self, pixels: Array) -> list[Array]:
        """Return what each layer makes of `pixels` (n, inputs); the last are the logits."""
        outputs: list[Array] = []
        below = pixels.reshape(-1, *self.image_shape)
        for layer in self.layers:
            below = layer.forward(below)
            outputs.append(below)
        return outputs

    def logits(self, pixels: Array) -> Array:
        """Return the logits (n, classes) for `pixels` (n, inputs) in 0..1."""
        return self.outputs(pixels)[-1]

    def features(self, pixels: Array) -> Array:
        """Return what the last layer makes its logits of, (n, features)."""
        return self.outputs(pixels)[-2]

    def converted(self, dtype: DTypeLike) -> "Network":
        """Return the same network with copies of its arrays as `dtype`."""
        layers = (
            layer.with_arrays({name: one.astype(dtype) for name, one in layer.arrays.items()})
            for layer in self.layers
        )
        return replace(self, layers=tuple(layers))

    def settled(self, statistics: Sequence[tuple[Array, Array]]) -> "Network":
        """Return the network that normalises by fixed numbers, as one that is trained does.

        `statistics` has mean and variance by channel for each batch normalisation, from the image
        on.
        """
        found = iter(statistics)
        layers = (
            layer.settled(*next(found)) if isinstance(layer, BatchNormalisation) else layer
            for layer in self.layers
        )
        return replace(self, layers=tuple(layers))

    # --- what it is --------------------------------------------------------------------------

    @property
    def inputs(self) -> int:
        """The numbers that an image consists of."""
        return math.prod(self.image_shape)

    @property
    def classes(self) -> int:
        """The number of logits."""
        return self.shapes[-1][0]

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum(array.size for layer in self.layers for array in layer.arrays.values())

    @property
    def multiply_adds(self) -> int:
        """Multiplications with an addition that one image costs on its way to the logits."""
        costs = zip(self.layers, self.shapes, strict=False)
        return sum(layer.multiply_adds(shape) for layer, shape in costs)

    @property
    def dense(self) -> tuple[Dense, ...]:
        """The dense layers, from the image on."""
        return tuple(layer for layer in self.layers if isinstance(layer, Dense))

    @property
    def hidden(self) -> tuple[int, ...]:
        """The units of each dense layer but that of the outputs."""
        return tuple(layer.units for layer in self.dense[:-1])

    @property
    def activation(self) -> ActivationName | None:
        """The function of the first activation layer; None without one."""
        found = [layer.function for layer in self.layers if isinstance(layer, Activation)]
        return found[0] if found else None

    @property
    def is_linear(self) -> bool:
        """Whether one dense layer leads from the pixels to the logits."""
        return self.is_dense and len(self.dense) == 1

    @property
    def is_dense(self) -> bool:
        """Whether it consists of dense layers and activations alone, on the flattened image."""
        first, *others = self.layers
        known = all(isinstance(layer, Dense | Activation) for layer in others)
        return isinstance(first, Flatten) and known and isinstance(self.layers[-1], Dense)

    @property
    def convolutions(self) -> tuple[Convolution, ...]:
        """The convolutions, from the image on."""
        return tuple(layer for layer in self.layers if isinstance(layer, Convolution))

    @property
    def weighted(self) -> tuple[Layer, ...]:
        """The layers that have weights, from the image on."""
        return tuple(layer for layer in self.layers if layer.weight_names)

    @property
    def has_hidden_units(self) -> bool:
        """Whether a dense layer reads the features of an earlier layer with weights."""
        return len(self.weighted) > 1 and isinstance(self.layers[-1], Dense)

    @property
    def feature_units(self) -> int:
        """The units whose outputs the last layer reads: each feature, or a map of several.

        Feature number f is of unit f modulo this number, since channels come last.

        Raises:
            ValueError: only one layer has weights.
        """
        below = [shape for layer, shape in zip(self.layers, self.shapes[1:], strict=True)
                 if layer.weight_names][:-1]  # fmt: skip
        if not below:
            raise ValueError("a network of one layer with weights has no units below it")
        return below[-1][-1]

    @property
    def ends_in_maps(self) -> bool:
        """Whether the last layer reads the maps of a convolution, or what is left of them."""
        return len(self.weighted) > 1 and isinstance(self.weighted[-2], Convolution)

    @property
    def reads_pixels(self) -> bool:
        """Whether the first layer with weights takes the pixels as they are."""
        return all(isinstance(layer, Flatten) for layer in self.layers[: self.first_weighted])

    @property
    def first_weighted(self) -> int:
        """The place of the first layer with weights, among all layers.

        Raises:
            ValueError: no layer has any.
        """
        return [bool(layer.weight_names) for layer in self.layers].index(True)

    def filters(self) -> Floats:
        """Return the first layer's weights as pictures, (units, height, width, channels).

        Raises:
            ValueError: as `pictures`.
        """
        return np.ascontiguousarray(np.moveaxis(self.pictures(), -1, 0), np.float32)

    def pictures(self) -> Array:
        """Return a view of the first layer's weights, (height, width, channels, units).

        Raises:
            ValueError: the weights of the first layer do not belong to pixels.
        """
        place = self.first_weighted
        images = [
            shape for shape in self.shapes[: place + 1] if len(shape) == len(self.image_shape)
        ]
        pictures = self.layers[place].filters(images[-1])
        if pictures is None:
            raise ValueError(f"the weights of a layer {self.layers[place].kind!r} are no pictures")
        return pictures

    @cached_property
    def identity(self) -> str:
        """The SHA-256 of layers and weights, in hexadecimal: the one name of this very network."""
        digest = hashlib.sha256(json.dumps([self.image_shape, describe(self.layers)]).encode())
        for layer in self.layers:
            for array in layer.arrays.values():
                digest.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
        return digest.hexdigest()


def dense_network(
    image_shape: ImageShape,
    hidden: Sequence[int],
    classes: int,
    activation: ActivationName = "relu",
) -> Network:
    """Return a network of dense layers whose weights are all zero, with `hidden` units a layer."""
    shapes = pairwise((math.prod(image_shape), *hidden, classes))
    layers = [
        Dense(np.zeros((below, above), np.float32), np.zeros(above, np.float32))
        for below, above in shapes
    ]
    return stacked(image_shape, layers, activation)


def stacked(
    image_shape: ImageShape, dense: Sequence[Dense], activation: ActivationName = "relu"
) -> Network:
    """Return a network of the layers `dense`, with an activation between each and the next."""
    first, *others = dense
    layers: list[Layer] = [Flatten(), first]
    for layer in others:
        layers += [Activation(activation), layer]
    return Network(image_shape, tuple(layers))


def describe(layers: Sequence[Layer]) -> list[dict[str, object]]:
    """Return kind and settings of every layer, with the names under which its arrays are kept.

    Names count the layers that have arrays from 0, as in `weights_0` and `biases_0`.
    """
    records: list[dict[str, object]] = []
    count = 0
    for layer in layers:
        described: dict[str, object] = {"kind": layer.kind, **layer.settings}
        if layer.arrays:
            described["arrays"] = {name: f"{name}_{count}" for name in layer.arrays}
            count += 1
        records.append(described)
    return records
