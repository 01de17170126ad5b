"""Pictures of the filters and weights that read an image, and the convolution that has such."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.figures.figure import NetworkMaterial
from netviz.figures.parts.required import refused
from netviz.network.layers import Convolution
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import weight_picture

RGB = 3  # channels


def is_coloured(weights: NDArray[np.float32]) -> bool:
    """Say whether `weights` (…, channels) are those of red, green and blue."""
    return bool(weights.shape[-1] == RGB)


def plain_picture(weights: NDArray[np.float32]) -> Image.Image:
    """Return weights (height, width, channels) in colour, or from black to white."""
    return weight_picture(weights, "colour" if is_coloured(weights) else "grey")


def signed_picture(weights: NDArray[np.float32], scale: Scale) -> Image.Image:
    """Return weights (height, width, channels) by sign on `scale`, or in colour."""
    if is_coloured(weights):
        return plain_picture(weights)
    return weight_picture(weights, "diverging", scale)


def filter_picture(weights: NDArray[np.float32], scale: Scale) -> Image.Image:
    """Return a filter (rows, columns, channels) as a picture: in colour, or by sign.

    Three channels are taken for red, green and blue. Of any other number the sum is shown.
    """
    if is_coloured(weights):
        return weight_picture(weights, "colour", scale)
    return weight_picture(weights.sum(axis=2), "diverging", scale)


def first_convolution(figure: str, material: NetworkMaterial) -> Convolution:
    """Return the convolution through which a network sees an image.

    Raises:
        EssayError: its first layer is none; `figure` cannot show it.
    """
    layer = material.trained.network.layers[0]
    if isinstance(layer, Convolution):
        return layer
    raise refused(figure, "a network whose first layer is a convolution", material)
