"""Fast forms of layers whose inputs are maps, (rows, channels, columns, images)."""

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
    return maps.transpose(3, 0, 2, 1) if maps.ndim == MAPS else maps


def _to_maps(images: Array) -> Array:
    return images.transpose(1, 3, 2, 0) if images.ndim == MAPS else images


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
        (error * self._inputs).sum(axis=(0, 2, 3), out=self._result.scale)
        error.sum(axis=(0, 2, 3), out=self._result.shift)
        below: Array = error * of_maps(self._layer.scale)
        return below


class NormalisingMaps:
    """Batch normalisation of maps, which keeps running statistics of its inputs."""

    def __init__(self, layer: BatchNormalisation, result: BatchNormalisation) -> None:
        self._layer, self._result = layer, result
        self.seen = RunningStatistics(len(layer.scale))

    def forward(self, inputs: Array) -> Array:
        self._count = np.float32(inputs.size / len(self._layer.scale))
        mean = inputs.sum(axis=(0, 2, 3)) / self._count
        free = inputs - of_maps(mean)
        variance = np.einsum("rcxi,rcxi->c", free, free) / self._count
        self.seen.add(mean, variance)
        self._deviation = np.sqrt(variance + np.float32(EPSILON))
        self._free = free
        outputs = free * of_maps(self._layer.scale / self._deviation)
        outputs += of_maps(self._layer.shift)
        return outputs

    def backward(self, error: Array) -> Array:
        """Return what `BatchNormalisation.backward` does, with both means from the gradients."""
        scale, shift = self._result.scale, self._result.shift
        np.einsum("rcxi,rcxi->c", error, self._free, out=scale)
        scale /= self._deviation
        error.sum(axis=(0, 2, 3), out=shift)
        below: Array = self._free * of_maps(scale / (self._deviation * -self._count))
        below += error
        below -= of_maps(shift / self._count)
        below *= of_maps(self._layer.scale / self._deviation)
        return below


class FastFlatten:
    """Maps as rows: row by row, pixel by pixel, channel by channel."""

    def forward(self, inputs: Array) -> Array:
        self._shape = inputs.shape
        return inputs.transpose(3, 0, 2, 1).reshape(inputs.shape[3], -1)

    def backward(self, error: Array) -> Array:
        height, channels, width, images = self._shape
        return error.reshape(images, height, width, channels).transpose(1, 3, 2, 0)


class FastGlobalAverage:
    """The mean of each map, as rows."""

    def forward(self, inputs: Array) -> Array:
        self._shape = inputs.shape
        means: Array = inputs.mean(axis=(0, 2)).T
        return means

    def backward(self, error: Array) -> Array:
        height, _, width, _ = self._shape
        share = error.T / np.float32(height * width)
        return np.broadcast_to(share[:, None, :], self._shape)


def of_maps(channels: Array) -> Array:
    """Return numbers (channels,) as they are applied to maps."""
    return channels[:, None, None]


def as_maps(images: Array, into: Array) -> None:
    """Copy `images` (n, height, width, channels) of any type into maps of float32."""
    np.copyto(into, images.transpose(1, 3, 2, 0))
