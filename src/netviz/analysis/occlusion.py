"""What a part of an image is worth: the logits that are lost when it is covered.

Zeiler and Fergus, *Visualizing and understanding convolutional networks*, 2014, section 4.2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import Network


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What an image loses place by place.

    Attributes:
        lost: (rows, columns, classes), the logit without the cover less the logit with it.
        size: the side of the square cover, in pixels.
        stride: pixels from one place of the cover to the next.
    """

    lost: NDArray[np.float32]
    size: int
    stride: int


def occlusion(
    network: Network, pixels: NDArray[np.float32], size: int, stride: int, fill: NDArray[np.float32]
) -> Occlusion:
    """Cover an image with a square at one place after another.

    Args:
        network: any network.
        pixels: (inputs,) between 0 and 1, one image.
        size: the side of the square, in pixels.
        stride: pixels from one place to the next; the first square lies in the corner.
        fill: (channels,) between 0 and 1, the colour of the square.

    Raises:
        ValueError: the square is larger than the image.
    """
    height, width, _ = network.image_shape
    if size > min(height, width):
        raise ValueError(f"a cover of {size} pixels on an image of {height} by {width}")
    image = pixels.reshape(network.image_shape)
    tops = range(0, height - size + 1, stride)
    lefts = range(0, width - size + 1, stride)
    covered = np.repeat(image[None], len(tops) * len(lefts), axis=0)
    for place, (top, left) in enumerate((top, left) for top in tops for left in lefts):
        covered[place, top : top + size, left : left + size] = fill
    whole = network.logits(image.reshape(1, -1))
    lost = whole - network.logits(covered.reshape(len(covered), -1))
    return Occlusion(lost.reshape(len(tops), len(lefts), -1), size, stride)
