"""A data set whose pixels were all moved by one shuffle: the same numbers, no neighbours."""

from dataclasses import replace

import numpy as np

from netviz.datasets.dataset import Dataset, Split


def with_shuffled_pixels(dataset: Dataset) -> Dataset:
    """Return `dataset` with the pixels of every image, of both splits, in one other order.

    The order depends on the size of the images alone. A pixel keeps its colours.
    """
    height, width, _ = dataset.description.image_shape
    order = np.random.default_rng(height * width).permutation(height * width)
    train, test = (
        Split(
            split.images.reshape(len(split), len(order), -1)[:, order].reshape(split.images.shape),
            split.labels,
        )
        for split in (dataset.train, dataset.test)
    )
    return replace(dataset, train=train, test=test)
