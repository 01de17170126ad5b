"""Fast forms of layers whose inputs are maps, (channels, rows, columns, images)."""

import numpy as np

from netviz.network.fast.rows import Plain
from netviz.network.fast.running import RunningStatistics
from netviz.network.layers import Array, BatchNormalisation, ScaleShift
from netviz.network.layers.batch_normalisation import EPSILON

MAPS = 4  # dimensions


class PlainOnMaps(Plain):
    """A layer as it is, which sees (images, rows, columns, channels)."""

    def forward(self, inputs: Array) -> Array:
        return _to_maps(super().forward(_from_maps(inputs)))

    def backward(self, error: Array) -> Array:
        return _to_maps(super().backward(_from_maps(error)))


def _from_maps(maps: Array) -> Array:
    return maps.transpose(3, 1, 2, 0) if maps.ndim == MAPS else maps


def _to_maps(images: Array) -> Array:
    return images.transpose(3, 1, 2, 0) if images.ndim == MAPS else images


class FastRelu:
    """The activation relu, of maps and rows alike."""

    def forward(self, inputs: Array) -> Array:
        self._outputs: Array = np.maximum(inputs, 0)
        return self._outputs

    def backward(self, error: Array) -> Array:
        below: Array = error * (self._outputs > 0)
        return below


class FastScaleShift:
    """A factor and an offset for each map."""

    def __init__(self, layer: ScaleShift, result: ScaleShift) -> None:
        self._layer, self._result = layer, result

    def forward(self, inputs: Array) -> Array:
        self._inputs = inputs
        scaled = inputs * of_maps(self._layer.scale)
        scaled += of_maps(self._layer.shift)
        return scaled

    def backward(self, error: Array) -> Array:
        (error * self._inputs).sum(axis=(1, 2, 3), out=self._result.scale)
        error.sum(axis=(1, 2, 3), out=self._result.shift)
        below: Array = error * of_maps(self._layer.scale)
        return below


class NormalisingMaps:
    """Batch normalisation of maps, which keeps in mind what it saw."""

    def __init__(self, layer: BatchNormalisation, result: BatchNormalisation) -> None:
        self._layer, self._result = layer, result
        self.seen = RunningStatistics(len(layer.scale))

    def forward(self, inputs: Array) -> Array:
        maps = inputs.reshape(len(inputs), -1)
        mean = maps.mean(axis=1, keepdims=True)
        normal = maps - mean
        variance = np.einsum("cl,cl->c", normal, normal) / np.float32(maps.shape[1])
        self.seen.add(mean[:, 0], variance)
        self._deviation = np.sqrt(variance + np.float32(EPSILON))[:, None]
        normal /= self._deviation
        self._normal = normal
        outputs = normal * self._layer.scale[:, None]
        outputs += self._layer.shift[:, None]
        shaped: Array = outputs.reshape(inputs.shape)
        return shaped

    def backward(self, error: Array) -> Array:
        """Return what `BatchNormalisation.backward` does, with both means from the gradients."""
        errors = np.ascontiguousarray(error).reshape(len(error), -1)
        normal, count = self._normal, np.float32(errors.shape[1])
        np.einsum("cl,cl->c", errors, normal, out=self._result.scale)
        errors.sum(axis=1, out=self._result.shift)
        free = normal * (self._result.scale[:, None] / -count)
        free += errors
        free -= self._result.shift[:, None] / count
        free *= self._layer.scale[:, None] / self._deviation
        below: Array = free.reshape(error.shape)
        return below


class FastFlatten:
    """Maps as rows: row by row, pixel by pixel, channel by channel."""

    def forward(self, inputs: Array) -> Array:
        self._shape = inputs.shape
        return inputs.transpose(3, 1, 2, 0).reshape(inputs.shape[3], -1)

    def backward(self, error: Array) -> Array:
        channels, height, width, images = self._shape
        return error.reshape(images, height, width, channels).transpose(3, 1, 2, 0)


class FastGlobalAverage:
    """The mean of each map, as rows."""

    def forward(self, inputs: Array) -> Array:
        self._shape = inputs.shape
        means: Array = inputs.mean(axis=(1, 2)).T
        return means

    def backward(self, error: Array) -> Array:
        _, height, width, _ = self._shape
        share = error.T / np.float32(height * width)
        return np.broadcast_to(share[:, None, None, :], self._shape)


def of_maps(channels: Array) -> Array:
    """Return numbers (channels,) as they are applied to maps."""
    return channels[:, None, None, None]


def as_maps(images: Array, into: Array) -> None:
    """Copy `images` (n, height, width, channels) of any type into maps of float32."""
    np.copyto(into, images.transpose(3, 1, 2, 0))
