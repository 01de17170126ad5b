"""A data set with one fixed permutation applied to the pixels of every image."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Dataset, Split


def pixel_order(height: int, width: int) -> NDArray[np.intp]:
    """Return for each place of a shuffled image the place that its pixel comes from, row by row.

    The order depends on the size of the images alone.
    """
    order: NDArray[np.intp] = np.random.default_rng(height * width).permutation(height * width)
    return order


def with_shuffled_pixels(dataset: Dataset) -> Dataset:
    """Return `dataset` with the pixels of every image, of both splits, in one other order.

    The order is that of `pixel_order`. A pixel keeps its colours.
    """
    height, width, _ = dataset.description.image_shape
    order = pixel_order(height, width)
    train, test = (
        Split(
            # Each image in one piece of memory, which indexing by a list does not promise.
            split.images.reshape(len(split), len(order), -1)
            .take(order, axis=1)
            .reshape(split.images.shape),
            split.labels,
        )
        for split in (dataset.train, dataset.test)
    )
    return replace(dataset, train=train, test=test)
