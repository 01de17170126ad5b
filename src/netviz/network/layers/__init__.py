"""The kinds of layers, one in a file: its forward pass beside its backward pass."""

from netviz.network.layers.activation import Activation, ActivationName
from netviz.network.layers.dense import Dense
from netviz.network.layers.flatten import Flatten
from netviz.network.layers.layer import Array, Backward, Layer, Shape, kinds

__all__ = [
    "Activation",
    "ActivationName",
    "Array",
    "Backward",
    "Dense",
    "Flatten",
    "Layer",
    "Shape",
    "kinds",
]
