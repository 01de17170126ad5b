"""Networks and images as late data: what a page needs to compute with them itself.

Arrays travel as base64 of their little-endian bytes; a picture would not do, since a page
opened from disk may not read the pixels of a picture back.
"""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Images, Split
from netviz.figures.figure import Json
from netviz.network.network import Network
from netviz.network.rounding import as_bytes

MATRIX = 2  # dimensions


def encoded(array: NDArray[Any], kind: str) -> str:
    """Return the bytes of `array`, converted to the numpy type `kind`, as base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype=kind).tobytes()).decode("ascii")


def network_data(network: Network) -> dict[str, Json]:
    """Return the whole of `network`, for `netviz.Network` in the page.

    Weights that are rounded travel as bytes, in less than a third of the room.
    """
    layers: list[Json] = [
        {
            "kind": layer.kind,
            **layer.settings,
            **{name: _shipped(layer.arrays[name]) for name in layer.weight_names},
            **{name: encoded(layer.arrays[name], "<f4") for name in layer.bias_names},
        }
        for layer in network.layers
    ]
    return {
        "identity": network.identity,
        "shapes": [list(shape) for shape in network.shapes],
        "layers": layers,
    }


def _shipped(weights: NDArray[Any]) -> Json:
    """Return weights as base64, with the shape of those that are no matrix, or rounded."""
    if (found := as_bytes(weights)) is not None:
        whole, scales = found
        shape: list[Json] = list(weights.shape)
        return {"shape": shape, "bytes": encoded(whole, "i1"), "scales": encoded(scales, "<f4")}
    if weights.ndim == MATRIX:
        return encoded(weights, "<f4")
    return {"shape": list(weights.shape), "floats": encoded(weights, "<f4")}


def images_data(images: Images, labels: NDArray[Any]) -> dict[str, Json]:
    """Return `images` (n, height, width, channels) and `labels` (n,) for `netviz.Images`."""
    count, height, width, channels = images.shape
    return {
        "width": width,
        "height": height,
        "channels": channels,
        "count": count,
        "images": encoded(images, "u1"),
        "labels": [int(label) for label in labels],
    }


def first_of_each_class(split: Split, each: int) -> NDArray[np.intp]:
    """Return the indices of the first `each` images of every class, class by class."""
    classes = int(split.labels.max()) + 1
    return np.concatenate([np.flatnonzero(split.labels == k)[:each] for k in range(classes)])
