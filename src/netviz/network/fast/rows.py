"""Fast forms of layers whose inputs are rows, one an image."""

from typing import Protocol

import numpy as np

from netviz.network.fast.running import RunningStatistics
from netviz.network.layers import Array, BatchNormalisation, Dense, Layer

FEW_COLUMNS = 32


class Twin(Protocol):
    """A layer that writes its gradient where it belongs, and returns the error of its inputs."""

    def forward(self, inputs: Array) -> Array: ...

    def backward(self, error: Array) -> Array: ...


class Plain:
    """A layer as it is."""

    def __init__(self, layer: Layer, result: Layer) -> None:
        self._layer = layer
        self._gradients = result.arrays

    def forward(self, inputs: Array) -> Array:
        self._inputs = inputs
        self._outputs = self._layer.forward(inputs)
        return self._outputs

    def backward(self, error: Array) -> Array:
        back = self._layer.backward(self._inputs, self._outputs, error)
        for name, gradient in self._gradients.items():
            gradient[...] = back.gradients[name]
        return back.error


class NormalisingRows(Plain):
    """A batch normalisation, which keeps running statistics of its inputs."""

    def __init__(self, layer: BatchNormalisation, result: Layer) -> None:
        super().__init__(layer, result)
        self.seen = RunningStatistics(len(layer.scale))

    def forward(self, inputs: Array) -> Array:
        self.seen.add(inputs.mean(axis=0), inputs.var(axis=0))
        return super().forward(inputs)


class FastDense:
    """A dense layer whose products and gradients go where there is memory for them already."""

    def __init__(self, layer: Dense, result: Dense, size: int) -> None:
        self._layer, self._result = layer, result
        self._outputs = matrices(1, size, layer.units)[0]

    def forward(self, inputs: Array) -> Array:
        self._inputs = inputs
        outputs: Array = np.matmul(inputs, self._layer.weights, out=self._outputs)
        outputs += self._layer.biases
        return outputs

    def backward(self, error: Array) -> Array:
        np.matmul(self._inputs.T, error, out=self._result.weights)
        error.sum(axis=0, out=self._result.biases)
        below: Array = error @ self._layer.weights.T
        return below


def matrices(count: int, rows: int, columns: int) -> Array:
    """Return memory for `count` float32 matrices (rows, columns), by column if those are few."""
    if columns > FEW_COLUMNS:
        return np.empty((count, rows, columns), np.float32)
    return np.empty((count, columns, rows), np.float32).transpose(0, 2, 1)
