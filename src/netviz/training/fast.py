"""The gradient of a training step, computed with as little memory traffic as numpy allows.

The numbers are those of `netviz.network.gradients`, to rounding. A layer may have a fast form
(`netviz.network.fast`); one without is used as it is. A dense layer on the pixels has more:

- Pixels stay 0..255. The factor that turns them into the recipe's inputs is applied to the
  layer's few outputs and errors in place of its many inputs.
- The mean image is one more row of the batch. What the first layer makes of it is taken from
  what it makes of the others, which is the same as to take the image itself from theirs; and
  in the gradient its error is minus the sum of the other errors.
- A product that is wide and thin is computed in slices of columns, because OpenBLAS is about
  twice as fast below a million multiply-adds.
- What has few columns, such as the logits, lies column by column in memory: then numpy takes the
  sums and maxima of all rows side by side, and the product with the errors is quicker too.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from netviz.network.fast.maps import NormalisingMaps, as_maps
from netviz.network.fast.rows import NormalisingRows, matrices
from netviz.network.fast.twins import Placed, twins
from netviz.network.gradients import Penalties
from netviz.network.layers import Dense, Flatten
from netviz.network.parameters import Parameters, zeros
from netviz.training.batches import Examples, Indices
from netviz.training.fast_penalties import FastPenalties

Array = NDArray[Any]

SMALL_PRODUCT = 1_000_000  # multiply-adds
NARROWEST_SLICE = 128  # columns


class FastGradient:
    """The gradient of the penalised loss at `parameters`, batch after batch.

    The network's inputs are (pixels − centre) · scale, for pixels and `centre` in 0..255.

    Attributes:
        parameters: what the gradient is taken at; read again at each call.
        result: the gradient, overwritten by each call; zero for a first layer that is frozen.
    """

    def __init__(  # noqa: PLR0913 - all that decides a gradient
        self,
        parameters: Parameters,
        batch_size: int,
        penalties: Penalties,
        centre: Array,
        scale: float,
        *,
        frozen_first_layer: bool = False,
    ) -> None:
        self.parameters = parameters
        self.result = zeros(parameters.network)
        self._size = batch_size
        self._every_row = np.arange(batch_size)
        self._bytes = np.empty((batch_size, parameters.network.inputs), np.uint8)
        shapes = parameters.network.shapes[:-1]
        placed = list(map(Placed, parameters.layers, self.result.layers, shapes))
        lowest = _lowest_trained(parameters, frozen_first_layer=frozen_first_layer)
        self._first: _Entrance
        entered = 0
        match parameters.layers:
            case (Flatten(), Dense(), *_) if lowest == 1:
                self._first = _DenseOnPixels(*_pair(placed[1]), batch_size, centre, scale)
                entered = 2
            case _:
                self._first = _Images(parameters.network.image_shape, batch_size, centre, scale)
        made = twins(placed[entered:], batch_size, lowest - entered)
        self._others = [twin for twin, _ in made]
        self._trained = [twin for twin, place in made if place >= lowest - entered]
        self._penalties = FastPenalties(parameters, self.result, penalties, lowest)

    @property
    def statistics(self) -> list[tuple[Array, Array]]:
        """Mean and variance by channel for each batch normalisation, from the image on."""
        normalising = (NormalisingRows, NormalisingMaps)
        return [twin.seen.found for twin in self._others if isinstance(twin, normalising)]

    def __call__(self, examples: Examples, batch: Indices) -> Parameters:
        """Return the gradient for the rows that `batch` names, of the examples' split."""
        # Indices are known to be in range; "clip" spares numpy a buffer against a late error.
        examples.pixels.take(batch, axis=0, out=self._bytes, mode="clip")
        below = self._first.forward(self._bytes)
        for layer in self._others:
            below = layer.forward(below)
        error = self._output_error(below, examples.labels[batch])
        for layer in reversed(self._trained):
            error = layer.backward(error)
        self._first.backward(error)
        self._penalties.add()
        return self.result

    def _output_error(self, logits: Array, labels: Array) -> Array:
        """Return (softmax − truth) / rows for `logits` (rows, classes)."""
        error: Array = logits - logits.max(axis=1, keepdims=True)
        np.exp(error, out=error)
        error /= error.sum(axis=1, keepdims=True)
        error[self._every_row, labels] -= 1
        error /= np.float32(self._size)
        return error


def _lowest_trained(parameters: Parameters, *, frozen_first_layer: bool) -> int:
    """Return the place of the lowest layer with arrays, or of the next above a frozen one."""
    first = parameters.network.first_weighted + 1 if frozen_first_layer else 0
    layers = parameters.layers
    return next((k for k in range(first, len(layers)) if layers[k].arrays), len(layers))


# --- where the pixels come in ------------------------------------------------------------------


class _Entrance(Protocol):
    """Takes gathered pixels (batch, inputs), bytes of 0..255."""

    def forward(self, pixels: Array) -> Array: ...

    def backward(self, error: Array) -> None: ...


class _Images:
    """Any first layer gets prepared images, as maps: (rows, channels, columns, images)."""

    def __init__(
        self, image_shape: tuple[int, int, int], size: int, centre: Array, scale: float
    ) -> None:
        height, width, channels = image_shape
        self._shape = (size, *image_shape)
        self._maps = np.empty((height, channels, width, size), np.float32)
        self._centre = np.empty((height, channels, width, 1), np.float32)
        as_maps(centre.reshape(1, *image_shape), self._centre)
        self._scale = np.float32(scale)

    def forward(self, pixels: Array) -> Array:
        as_maps(pixels.reshape(self._shape), self._maps)
        self._maps -= self._centre
        self._maps *= self._scale
        return self._maps

    def backward(self, error: Array) -> None:
        """The pixels have no gradient that anyone asks for."""


class _DenseOnPixels:
    """A dense layer on flattened pixels, by the first, second and third trick of this module."""

    def __init__(self, layer: Dense, result: Dense, size: int, centre: Array, scale: float) -> None:
        inputs, units = layer.weights.shape
        self._layer, self._result = layer, result
        self._scale = np.float32(scale)
        rows = np.empty((size + 1, inputs), np.float32)
        rows[size] = centre
        self._pixels = rows[:size]
        self._errors = matrices(1, size + 1, units)[0]
        slices = _slices(size + 1, inputs, units)
        width = inputs // slices
        # (slices, rows, width) and (slices, width, units), views of the same memory
        self._row_slices = rows.reshape(-1, slices, width).transpose(1, 0, 2)
        self._weight_slices = layer.weights.reshape(slices, width, units)
        self._result_slices = result.weights.reshape(slices, width, units)
        self._products = matrices(slices, size + 1, units)

    def forward(self, pixels: Array) -> Array:
        self._pixels[:] = pixels
        np.matmul(self._row_slices, self._weight_slices, out=self._products)
        summed = self._products[0] if len(self._products) == 1 else self._products.sum(axis=0)
        z: Array = summed[:-1] - summed[-1]
        z *= self._scale
        z += self._layer.biases
        return z

    def backward(self, error: Array) -> None:
        bias = self._result.biases
        error.sum(axis=0, out=bias)
        np.multiply(error, self._scale, out=self._errors[:-1])
        np.multiply(bias, -self._scale, out=self._errors[-1])
        np.matmul(self._row_slices.transpose(0, 2, 1), self._errors, out=self._result_slices)


def _pair(placed: Placed) -> tuple[Dense, Dense]:
    layer, result = placed.layer, placed.result
    assert isinstance(layer, Dense)  # noqa: S101 - as the caller matched
    assert isinstance(result, Dense)  # noqa: S101 - as above
    return layer, result


def _slices(rows: int, inputs: int, units: int) -> int:
    """Return into how many equal slices of columns the first layer's products are best cut."""
    for slices in range(1, inputs // NARROWEST_SLICE + 1):
        if inputs % slices == 0 and rows * (inputs // slices) * units <= SMALL_PRODUCT:
            return slices
    return 1
