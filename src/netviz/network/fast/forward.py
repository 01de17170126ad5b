"""The forward pass of a network for very many images, by its fast forms."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from netviz.network.fast.maps import as_maps
from netviz.network.fast.twins import Placed, twins
from netviz.network.layers import Array
from netviz.network.network import Network

BATCH = 50  # images: enough for runs of memory that are long, few enough to stay in the cache


class FastForward:
    """What a trained network makes of images, `BATCH` of them at a time."""

    def __init__(self, network: Network) -> None:
        height, width, channels = network.image_shape
        placed = map(Placed, network.layers, network.layers, network.shapes[:-1])
        self._twins = [twin for twin, _ in twins(list(placed), BATCH, lowest=len(network.layers))]
        self._images = np.zeros((BATCH, *network.image_shape), np.float32)
        self._maps = np.empty((height, channels, width, BATCH), np.float32)

    def batches(self, pixels: Array) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Yield features and logits of `pixels` (n, inputs), bytes of 0..255, batch by batch.

        Features are what the last layer makes its logits of; both are (rows, numbers), and their
        memory is used again.
        """
        for start in range(0, len(pixels), BATCH):
            rows = pixels[start : start + BATCH]
            # A last batch that is short has images of the batch before at its end.
            images = self._images.reshape(BATCH, -1)
            np.divide(rows, np.float32(255), out=images[: len(rows)])
            as_maps(self._images, self._maps)
            below: Array = self._maps
            features = below
            for twin in self._twins:
                features, below = below, twin.forward(below)
            yield features[: len(rows)], below[: len(rows)]
