"""Augmentation: images mirrored and moved at random, so that a network is insensitive to both.

Each variant of an image is its own numbers in another order, some of them twice. So a variant
is a row of places, and to make it is to look its numbers up.
"""

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import ImageShape
from netviz.training.batches import Examples, Indices
from netviz.training.recipe import Recipe

Places = NDArray[np.intp]


class Augmentation:
    """Shows batches of a split, each image in a variant drawn at random each time.

    Attributes:
        variants: (variants, inputs), for each number of a variant its place in the image.
    """

    def __init__(self, image_shape: ImageShape, recipe: Recipe, batch_size: int) -> None:
        self.variants = variants(image_shape, recipe.shifts, flips=recipe.flips)
        inputs = self.variants.shape[1]
        self._starts = np.arange(batch_size)[:, None] * inputs
        self._every_row = np.arange(batch_size)
        self._plain = np.empty((batch_size, inputs), np.uint8)
        self._shown = np.empty_like(self._plain)

    def __call__(
        self, examples: Examples, batch: Indices, rng: np.random.Generator
    ) -> tuple[Examples, Indices]:
        """Return the images that `batch` (batch size,) names as they are shown, and their rows.

        Their memory is used again for the next batch.
        """
        if len(self.variants) == 1:
            return examples, batch
        # Places are known to be in range; "clip" spares numpy a buffer against a late error.
        examples.pixels.take(batch, axis=0, out=self._plain, mode="clip")
        places = self.variants[rng.integers(0, len(self.variants), len(batch))]
        places += self._starts
        self._plain.take(places, out=self._shown, mode="clip")
        return Examples(self._shown, examples.labels[batch], self._every_row), self._every_row


def variants(image_shape: ImageShape, shifts: int, *, flips: bool) -> Places:
    """Return the places of every variant of an image, (variants, inputs); all are as likely.

    An image is moved by up to `shifts` pixels either way, its edges repeated where it leaves
    none, and mirrored where there are `flips`.
    """
    height, width, channels = image_shape
    places = np.arange(height * width * channels).reshape(image_shape)
    moves = range(-shifts, shifts + 1)
    found = []
    for mirrored in (places, places[:, ::-1]) if flips else (places,):
        for down in moves:
            rows = np.clip(np.arange(height) - down, 0, height - 1)
            for right in moves:
                columns = np.clip(np.arange(width) - right, 0, width - 1)
                found.append(mirrored[rows][:, columns].ravel())
    return np.array(found)
