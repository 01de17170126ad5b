"""The gradient of a training step, computed with as little memory traffic as numpy allows.

The numbers are those of `netviz.network.gradients`, to rounding. What differs:

- Pixels stay 0..255. The factor that turns them into the recipe's inputs is applied to the
  first layer's few outputs and errors in place of its many inputs.
- The mean image is one more row of the batch. What the first layer makes of it is taken from
  what it makes of the others, which is the same as to take the image itself from theirs; and
  in the gradient its error is minus the sum of the other errors.
- Memory for rows, products and gradients is kept from step to step.
- A product that is wide and thin is computed in slices of columns, because OpenBLAS is about
  twice as fast below a million multiply-adds.
- What has few columns, such as the logits, lies column by column in memory: then numpy takes the
  sums and maxima of all rows side by side, and the product with the errors is quicker too.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.network.activations import ACTIVATIONS
from netviz.network.gradients import Penalties
from netviz.network.parameters import Parameters, zeros
from netviz.training.batches import Examples, Indices, gather

Array = NDArray[Any]

SMALL_PRODUCT = 1_000_000  # multiply-adds
NARROWEST_SLICE = 128  # columns
FEW_COLUMNS = 32


class FastGradient:
    """The gradient of the penalised loss at `parameters`, batch after batch.

    The network's inputs are (pixels − centre) · scale, for pixels and `centre` in 0..255.

    Attributes:
        parameters: what the gradient is taken at; read anew at each call.
        result: the gradient, overwritten by each call.
    """

    def __init__(
        self,
        parameters: Parameters,
        batch_size: int,
        penalties: Penalties,
        centre: Array,
        scale: float,
    ) -> None:
        widths = parameters.architecture.widths
        inputs, units = widths[:2]
        self.parameters = parameters
        self.result = zeros(parameters.architecture)
        self._penalties = penalties
        self._scale = np.float32(scale)
        self._size = batch_size
        self._activation = ACTIVATIONS[parameters.architecture.activation]
        self._bytes = np.empty((batch_size, inputs), np.uint8)
        self._rows = np.empty((batch_size + 1, inputs), np.float32)
        self._rows[batch_size] = centre
        self._errors = _matrices(1, batch_size + 1, units)[0]
        self._every_row = np.arange(batch_size)
        slices = _slices(batch_size + 1, inputs, units)
        width = inputs // slices
        # (slices, rows, width) and (slices, width, units), views of the same memory
        self._row_slices = self._rows.reshape(-1, slices, width).transpose(1, 0, 2)
        self._weight_slices = parameters.weights[0].reshape(slices, width, units)
        self._result_slices = self.result.weights[0].reshape(slices, width, units)
        self._products = _matrices(slices, batch_size + 1, units)
        # The first layer's own output comes out of `_products` in the same order.
        self._outputs = [_matrices(1, batch_size, one)[0] for one in widths[2:]]
        self._own_factor = self._own_factors()
        self._scratch = np.empty_like(self._own_factor)

    def __call__(self, examples: Examples, batch: Indices) -> Parameters:
        """Return the gradient for the rows that `batch` names, of the examples' split."""
        gather(examples.pixels, batch, self._bytes, self._rows[: self._size])
        outputs = self._forward()
        error = self._output_error(outputs.pop(), examples.labels[batch])
        for layer in range(len(outputs), 0, -1):
            below = outputs[layer - 1]
            np.matmul(below.T, error, out=self.result.weights[layer])
            error.sum(axis=0, out=self.result.biases[layer])
            error = error @ self.parameters.weights[layer].T
            error *= self._activation.slope(below)
        self._first_layer(error)
        self._add_penalties()
        return self.result

    def _forward(self) -> list[Array]:
        """Return the output of every layer for the gathered rows; the last are the logits."""
        np.matmul(self._row_slices, self._weight_slices, out=self._products)
        summed = self._products[0] if len(self._products) == 1 else self._products.sum(axis=0)
        z = summed[:-1] - summed[-1]
        z *= self._scale
        z += self.parameters.biases[0]
        outputs = []
        for weight, bias, into in zip(
            self.parameters.weights[1:], self.parameters.biases[1:], self._outputs, strict=True
        ):
            outputs.append(self._activation.forward(z))
            z = np.matmul(outputs[-1], weight, out=into)
            z += bias
        return [*outputs, z]

    def _output_error(self, logits: Array, labels: Array) -> Array:
        """Turn `logits` (rows, classes) into (softmax − truth) / rows, in place."""
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        logits[self._every_row, labels] -= 1
        logits /= np.float32(self._size)
        return logits

    def _first_layer(self, error: Array) -> None:
        bias = self.result.biases[0]
        error.sum(axis=0, out=bias)
        np.multiply(error, self._scale, out=self._errors[:-1])
        np.multiply(bias, -self._scale, out=self._errors[-1])
        np.matmul(self._row_slices.transpose(0, 2, 1), self._errors, out=self._result_slices)

    def _add_penalties(self) -> None:
        """Add λ·w to every layer; to the first, λ·(w − w') for each neighbour w' as well."""
        decay, smoothness = self._penalties.weight_decay, self._penalties.smoothness
        for layer in range(1, len(self.parameters.weights)):
            self.result.weights[layer][:] += np.float32(decay) * self.parameters.weights[layer]
        height, width, _ = self.parameters.architecture.image_shape
        weight = self.parameters.weights[0].reshape(height, -1)  # (height, width · pixel)
        result = self.result.weights[0].reshape(height, -1)
        np.multiply(weight, self._own_factor, out=self._scratch)
        result += self._scratch
        if smoothness:
            pixel = weight.shape[1] // width  # weights from one pixel to its neighbour
            pull = np.multiply(weight, np.float32(smoothness), out=self._scratch)
            result[1:] -= pull[:-1]
            result[:-1] -= pull[1:]
            result[:, pixel:] -= pull[:, :-pixel]
            result[:, :-pixel] -= pull[:, pixel:]

    def _own_factors(self) -> Array:
        """Return what the penalties' gradient multiplies each weight of the first layer by.

        That is the weight decay, and the smoothness once for every neighbour.
        """
        height, width, channels = self.parameters.architecture.image_shape
        neighbours = np.zeros((height, width), np.float32)
        neighbours[1:] += 1
        neighbours[:-1] += 1
        neighbours[:, 1:] += 1
        neighbours[:, :-1] += 1
        factors = self._penalties.weight_decay + self._penalties.smoothness * neighbours
        units = self.parameters.weights[0].shape[1]
        return np.repeat(factors.astype(np.float32), channels * units, axis=1)


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
