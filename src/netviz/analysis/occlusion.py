"""What a part of an image is worth: the logits that are lost when it is covered.

Zeiler and Fergus, *Visualizing and understanding convolutional networks*, 2014, section 4.2.
"""

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Images, Split
from netviz.network.network import Network

COVERS = 4  # squares that lie side by side in an image


def cover_of(network: Network) -> tuple[int, int]:
    """Return the side of the square cover for the images of a network, and its stride."""
    size = max(1, min(network.image_shape[:2]) // COVERS)
    return size, max(1, size // 2)


def mean_colour(images: Images) -> NDArray[np.uint8]:
    """Return the mean colour of images (n, height, width, channels), (channels,)."""
    mean = images.mean(axis=(0, 1, 2), dtype=np.float64)
    return np.asarray(np.rint(mean), np.uint8)


def occlusion(
    network: Network, images: Images, size: int, stride: int, fill: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Return how far a square over each place lowers the logits, (n, rows, columns, classes).

    It is the logit of the whole image less that of the image with a square over the place.

    Args:
        network: any network.
        images: (n, height, width, channels).
        size: the side of the square, in pixels.
        stride: pixels from one place to the next; the first square lies in the corner.
        fill: (channels,), the colour of the square.

    Raises:
        ValueError: the square is larger than the images.
    """
    count, height, width, _ = images.shape
    if size > min(height, width):
        raise ValueError(f"a cover of {size} pixels on images of {height} by {width}")
    tops = range(0, height - size + 1, stride)
    lefts = range(0, width - size + 1, stride)
    covered = np.repeat(images[:, None], len(tops) * len(lefts), axis=1)
    for place, (top, left) in enumerate((top, left) for top in tops for left in lefts):
        covered[:, place, top : top + size, left : left + size] = fill
    whole = _logits(network, images)
    without = _logits(network, covered.reshape(-1, *images.shape[1:]))
    lost = whole[:, None] - without.reshape(count, len(tops) * len(lefts), -1)
    return lost.reshape(count, len(tops), len(lefts), -1)


def _logits(network: Network, images: Images) -> NDArray[np.float32]:
    return evaluate(network, Split(images, np.zeros(len(images), np.uint8))).logits
