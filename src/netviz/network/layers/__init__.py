"""The kinds of layers, one in a file: its forward pass beside its backward pass."""

from netviz.network.layers.activation import Activation, ActivationName
from netviz.network.layers.average_pool import AveragePool
from netviz.network.layers.batch_normalisation import BatchNormalisation
from netviz.network.layers.convolution import Convolution, Padding, same_padding
from netviz.network.layers.dense import Dense
from netviz.network.layers.flatten import Flatten
from netviz.network.layers.global_average import GlobalAverage
from netviz.network.layers.layer import Array, Backward, Layer, Shape, kinds
from netviz.network.layers.max_pool import MaxPool
from netviz.network.layers.scale_shift import ScaleShift

__all__ = [
    "Activation",
    "ActivationName",
    "Array",
    "AveragePool",
    "Backward",
    "BatchNormalisation",
    "Convolution",
    "Dense",
    "Flatten",
    "GlobalAverage",
    "Layer",
    "MaxPool",
    "Padding",
    "ScaleShift",
    "Shape",
    "kinds",
    "same_padding",
]
