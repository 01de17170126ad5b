"""Accuracy and answers on images moved sideways: how far a network depends on position."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation, evaluate
from netviz.datasets.dataset import Images, Split
from netviz.network.network import Network

DISTANCES = (0, 1, 2, 3, 4)  # in pixels


def moved_left(images: Images, pixels: int) -> Images:
    """Return `images` (n, height, width, channels) moved to the left.

    The column at the right border is repeated, so that no edge appears that was not there.
    """
    columns = np.arange(images.shape[2]) + pixels
    return images[:, :, columns.clip(0, images.shape[2] - 1)]


def accuracies_moved(
    network: Network, split: Split, distances: Sequence[int] = DISTANCES
) -> NDArray[np.float64]:
    """Return the accuracy on `split` with all images moved to the left by each of `distances`."""
    return np.array(
        [
            evaluate(network, Split(moved_left(split.images, pixels), split.labels)).accuracy
            for pixels in distances
        ]
    )


def accuracies_at_distances(
    network: Network, split: Split, evaluation: Evaluation
) -> NDArray[np.float64]:
    """Return the accuracy on `split` at each of `DISTANCES`.

    `evaluation` is that of the images in their place, so that those are not scored again.
    """
    moved = accuracies_moved(network, split, DISTANCES[1:])
    return np.array([evaluation.accuracy, *moved])
