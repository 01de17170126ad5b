"""The gradient of a training step, computed with as little memory traffic as numpy allows.

The numbers are those of `netviz.network.gradients`, to rounding. A layer may have a fast twin,
which keeps its memory from step to step; one without is used as it is. What differs:

- Pixels stay 0..255. The factor that turns them into the recipe's inputs is applied to the
  first layer's few outputs and errors in place of its many inputs.
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

from netviz.network.gradients import Penalties
from netviz.network.layers import BatchNormalisation, Dense, Flatten, Layer
from netviz.network.parameters import Parameters, zeros
from netviz.training.batches import Examples, Indices, gather
from netviz.training.running import RunningStatistics

Array = NDArray[Any]

SMALL_PRODUCT = 1_000_000  # multiply-adds
NARROWEST_SLICE = 128  # columns
FEW_COLUMNS = 32


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
        self._is_frozen = frozen_first_layer
        self._size = batch_size
        self._every_row = np.arange(batch_size)
        self._bytes = np.empty((batch_size, parameters.network.inputs), np.uint8)
        pairs = list(zip(parameters.layers, self.result.layers, strict=True))
        self._first: _Entrance
        match parameters.layers:
            case (Flatten(), Dense(), *_):
                self._first = _DenseOnPixels(*_pair(pairs[1]), batch_size, centre, scale)
                pairs = pairs[2:]
            case _:
                self._first = _Pixels(parameters.network.image_shape, batch_size, centre, scale)
        self._others = [_twin(*pair, batch_size) for pair in pairs]
        lowest = _lowest_to_learn(parameters.layers) - (len(parameters.layers) - len(pairs))
        self._learning = self._others[max(lowest, 0) :] if frozen_first_layer else self._others
        self._penalties = _FastPenalties(
            parameters, self.result, penalties, frozen_first_layer=frozen_first_layer
        )

    @property
    def statistics(self) -> list[tuple[Array, Array]]:
        """Mean and variance by channel for each batch normalisation, from the image on."""
        return [twin.seen.found for twin in self._others if isinstance(twin, _Normalising)]

    def __call__(self, examples: Examples, batch: Indices) -> Parameters:
        """Return the gradient for the rows that `batch` names, of the examples' split."""
        gather(examples.pixels, batch, self._bytes, self._first.rows)
        below = self._first.forward()
        for layer in self._others:
            below = layer.forward(below)
        error = self._output_error(below, examples.labels[batch])
        for layer in reversed(self._learning):
            error = layer.backward(error)
        if not self._is_frozen:
            self._first.backward(error)
        self._penalties.add()
        return self.result

    def _output_error(self, logits: Array, labels: Array) -> Array:
        """Turn `logits` (rows, classes) into (softmax − truth) / rows, in place."""
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        logits[self._every_row, labels] -= 1
        logits /= np.float32(self._size)
        return logits


# --- where the pixels come in ------------------------------------------------------------------


class _Entrance(Protocol):
    """Takes the gathered pixels; `rows` (batch, inputs) is where they are put, as 0..255."""

    rows: Array

    def forward(self) -> Array: ...

    def backward(self, error: Array) -> None: ...


class _Pixels:
    """Any first layer gets prepared images."""

    def __init__(
        self, image_shape: tuple[int, int, int], size: int, centre: Array, scale: float
    ) -> None:
        self.rows = np.empty((size, len(centre)), np.float32)
        self._shape = (size, *image_shape)
        self._centre = centre.astype(np.float32)
        self._scale = np.float32(scale)

    def forward(self) -> Array:
        self.rows -= self._centre
        self.rows *= self._scale
        return self.rows.reshape(self._shape)

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
        self.rows = rows[:size]
        self._errors = _matrices(1, size + 1, units)[0]
        slices = _slices(size + 1, inputs, units)
        width = inputs // slices
        # (slices, rows, width) and (slices, width, units), views of the same memory
        self._row_slices = rows.reshape(-1, slices, width).transpose(1, 0, 2)
        self._weight_slices = layer.weights.reshape(slices, width, units)
        self._result_slices = result.weights.reshape(slices, width, units)
        self._products = _matrices(slices, size + 1, units)

    def forward(self) -> Array:
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


# --- the other layers --------------------------------------------------------------------------


class _Twin(Protocol):
    """A layer that writes its gradient where it belongs, and returns the error of its inputs."""

    def forward(self, inputs: Array) -> Array: ...

    def backward(self, error: Array) -> Array: ...


class _Plain:
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


class _Normalising(_Plain):
    """A batch normalisation, which keeps in mind what it saw."""

    def __init__(self, layer: BatchNormalisation, result: Layer) -> None:
        super().__init__(layer, result)
        self.seen = RunningStatistics(len(layer.scale))

    def forward(self, inputs: Array) -> Array:
        axes = tuple(range(inputs.ndim - 1))
        self.seen.add(inputs.mean(axis=axes), inputs.var(axis=axes))
        return super().forward(inputs)


class _FastDense:
    """A dense layer whose products and gradients go where there is memory for them already."""

    def __init__(self, layer: Dense, result: Dense, size: int) -> None:
        self._layer, self._result = layer, result
        self._outputs = _matrices(1, size, layer.units)[0]

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


def _twin(layer: Layer, result: Layer, size: int) -> _Twin:
    """Return what runs `layer` fastest, for batches of `size`; `result` gets its gradient."""
    if isinstance(layer, Dense) and isinstance(result, Dense):
        return _FastDense(layer, result, size)
    if isinstance(layer, BatchNormalisation):
        return _Normalising(layer, result)
    return _Plain(layer, result)


def _lowest_to_learn(layers: tuple[Layer, ...]) -> int:
    """Return the place of the first layer with arrays above the first with weights."""
    first = [bool(layer.weight_names) for layer in layers].index(True)
    above = (place for place in range(first + 1, len(layers)) if layers[place].arrays)
    return next(above, len(layers))


def _pair(pair: tuple[Layer, Layer]) -> tuple[Dense, Dense]:
    layer, result = pair
    assert isinstance(layer, Dense)  # noqa: S101 - as the caller matched
    assert isinstance(result, Dense)  # noqa: S101 - as above
    return layer, result


# --- penalties ---------------------------------------------------------------------------------


class _FastPenalties:
    """Adds λ·w to the gradient of all weights; to the first, λ·(w − w') for each neighbour w'.

    To weights that are frozen it adds nothing.
    """

    def __init__(
        self,
        parameters: Parameters,
        result: Parameters,
        penalties: Penalties,
        *,
        frozen_first_layer: bool,
    ) -> None:
        self._decay = np.float32(penalties.weight_decay)
        self._smoothness = np.float32(penalties.smoothness)
        self._others = [
            (layer.arrays[name], gradient.arrays[name], np.empty_like(layer.arrays[name]))
            for layer, gradient in zip(parameters.layers, result.layers, strict=True)
            for name in layer.weight_names
        ]
        self._first: tuple[Array, Array] | None = None
        if frozen_first_layer:
            del self._others[0]
        elif penalties.smoothness:
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


# --- memory ------------------------------------------------------------------------------------


def _matrices(count: int, rows: int, columns: int) -> Array:
    """Return memory for `count` float32 matrices (rows, columns), by column if those are few."""
    if columns > FEW_COLUMNS:
        return np.empty((count, rows, columns), np.float32)
    return np.empty((count, columns, rows), np.float32).transpose(0, 2, 1)


def _slices(rows: int, inputs: int, units: int) -> int:
    """Return into how many equal slices of columns the first layer's products are best cut."""
    for slices in range(1, inputs // NARROWEST_SLICE + 1):
        if inputs % slices == 0 and rows * (inputs // slices) * units <= SMALL_PRODUCT:
            return slices
    return 1
