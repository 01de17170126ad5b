"""What part of an image a unit of a map sees: all that it may, and what it does heed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.network.layers import AveragePool, Convolution, Layer, MaxPool
from netviz.network.network import Network


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels: rows from `top` up to, but without, `bottom`; columns likewise.

    It may reach beyond the image, where a convolution pads it.
    """

    top: int
    left: int
    bottom: int
    right: int

    def within(self, height: int, width: int) -> "Window":
        """Return the part of it that lies in an image."""
        return Window(
            max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right)
        )


def receptive_field(network: Network, depth: int, row: int, column: int) -> Window:
    """Return the pixels on which a unit of the maps of layer `depth` can depend.

    Args:
        network: its layers up to `depth` keep rows and columns.
        depth: the number of the layer, from 0.
        row: of the unit in its map.
        column: of the unit in its map.

    Araujo, Norris and Sim, *Computing receptive fields of convolutional neural networks*, 2019.
    """
    window = Window(row, column, row + 1, column + 1)
    for layer in reversed(network.layers[: depth + 1]):
        window = _seen_through(layer, window)
    return window


def _seen_through(layer: Layer, window: Window) -> Window:
    """Return what a window of a layer's outputs reads of its inputs."""
    match layer:
        case Convolution(stride=stride, padding=(above, before, _, _), size=(rows, columns)):
            pass
        case MaxPool(size=rows, stride=stride) | AveragePool(size=rows, stride=stride):
            columns = rows
            above = before = 0
        case _:
            return window
    return Window(
        window.top * stride - above,
        window.left * stride - before,
        (window.bottom - 1) * stride - above + rows,
        (window.right - 1) * stride - before + columns,
    )


def sensitivity(
    network: Network, depth: int, pixels: NDArray[np.float32], row: int, column: int
) -> NDArray[np.float64]:
    """Return how much a place of the maps of layer `depth` depends on each pixel, (height, width).

    It is the size of the derivative of the sum of all maps at that place by a pixel, summed over
    the channels of the pixel and averaged over the images; the whole is scaled to a largest of 1.

    Args:
        network: any network whose layer `depth` gives maps.
        depth: the number of the layer, from 0.
        pixels: (n, inputs), between 0 and 1.
        row: of the place in the maps.
        column: of the place in the maps.

    Luo and others, *Understanding the effective receptive field in deep convolutional neural
    networks*, 2016.
    """
    images = pixels.reshape(-1, *network.image_shape)
    outputs = network.outputs(pixels)[: depth + 1]
    error = np.zeros_like(outputs[-1])
    error[:, row, column] = 1
    inputs = [images, *outputs]
    for layer, below, above in zip(
        network.layers[depth::-1], inputs[depth::-1], outputs[::-1], strict=True
    ):
        error = layer.backward(below, above, error).error
    sizes = np.abs(error.astype(np.float64)).sum(axis=3).mean(axis=0)
    largest = sizes.max()
    return np.asarray(sizes / largest if largest else sizes, np.float64)
