"""Where in an image the logits come from: the sum of a network's last layer, place by place.

The last dense layer reads maps, either averaged over all places or flattened. Either way a logit
is a sum over places, so it can be taken apart exactly:

    averaged:   z(k) = b(k) + Σ over places p of (Σ over channels c of h(p, c) · w(c, k)) / places
    flattened:  z(k) = b(k) + Σ over places p of (Σ over channels c of h(p, c) · w(p, c, k))

Zhou and others, *Learning deep features for discriminative localization*, 2016, call the terms of
the first form a class activation map.
"""

import numpy as np
from numpy.typing import NDArray

from netviz.network.layers import Dense, Flatten, GlobalAverage
from netviz.network.network import Network

Floats = NDArray[np.float64]


def has_places(network: Network) -> bool:
    """Return whether the last layers are a dense layer over maps, averaged or flattened."""
    if len(network.layers) < 2:
        return False
    join, last = network.layers[-2:]
    return isinstance(last, Dense) and isinstance(join, Flatten | GlobalAverage)


def weights_of_places(network: Network) -> Floats:
    """Return what a unit of each map adds to each logit, (rows, columns, channels, classes).

    With averaged maps all places have the same weights; rows and columns are 1 then.

    Raises:
        ValueError: the network does not end in a dense layer over maps.
    """
    if not has_places(network):
        raise ValueError("the network has no dense layer over maps at its end")
    rows, columns, channels = network.shapes[-3]
    weights = network.dense[-1].weights.astype(np.float64)
    if isinstance(network.layers[-2], GlobalAverage):
        return (weights / (rows * columns)).reshape(1, 1, channels, -1)
    return weights.reshape(rows, columns, channels, -1)


def evidence(network: Network, pixels: NDArray[np.float32]) -> Floats:
    """Return what each place adds to each logit, (n, rows, columns, classes).

    Args:
        network: ends in a dense layer over maps.
        pixels: (n, inputs), between 0 and 1.

    The sum over rows and columns, and the bias of the class, is the logit.

    Raises:
        ValueError: as `weights_of_places`.
    """
    weights = weights_of_places(network)
    maps = network.outputs(pixels)[-3] if len(network.layers) > 2 else _images(network, pixels)
    return np.asarray((maps[..., None] * weights).sum(axis=3), np.float64)


def _images(network: Network, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return pixels.reshape(-1, *network.image_shape)
