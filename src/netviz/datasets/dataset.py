"""A data set, opened: labelled images in two splits, and what there is to say about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.description import Description

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]


def to_unit_range(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return bytes of 0..255 as what networks read, float32 of 0..1, in the same shape."""
    return pixels.astype(np.float32) / np.float32(255)


@dataclass(frozen=True)
class Split:
    """Labelled images: `images` (n, height, width, channels) uint8, `labels` (n,) uint8.

    The arrays may be read-only memory maps.
    """

    images: Images
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def pixels(self) -> Images:
        """The same images as rows, (n, height * width * channels), without a copy."""
        return self.images.reshape(len(self), -1)


@dataclass(frozen=True)
class Dataset:
    """A data set, opened.

    `digest` is the SHA-256 of the decoded arrays, whatever file format they came from;
    `is_sample` says that this is the small bundled sample and not the whole.
    """

    description: Description
    train: Split
    test: Split
    digest: str
    is_sample: bool = False
