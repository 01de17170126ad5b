"""Rows of raw pixels on their way to the arithmetic: gathered, made float32, never all at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.errors import DataError

Bytes = NDArray[np.uint8]
Labels = NDArray[np.intp]
Indices = NDArray[np.intp]
Floats = NDArray[np.float32]

# Rows converted at once outside the training steps: enough for efficient products, small enough
# to stay in the cache.
CHUNK = 500


@dataclass(frozen=True)
class Examples:
    """Some of the images of a split: those whose rows `indices` names.

    `pixels` (n, inputs) are 0..255 and `labels` (n,) class numbers, of the whole split.
    """

    pixels: Bytes
    labels: Labels
    indices: Indices

    def __len__(self) -> int:
        return len(self.indices)


def gather(pixels: Bytes, indices: Indices, into_bytes: Bytes, into: Floats) -> None:
    """Copy rows of `pixels` (n, inputs), 0..255, into `into` (len(indices), inputs) as float32.

    `into_bytes`, of the same shape, is working memory. Two passes, because numpy converts
    whole arrays several times faster than it converts while gathering.
    """
    # Indices are known to be in range; "clip" spares numpy a buffer against a late error.
    pixels.take(indices, axis=0, out=into_bytes, mode="clip")
    into[:] = into_bytes


def chunks(examples: Examples) -> Iterator[tuple[Floats, Labels]]:
    """Yield the pixels (rows, inputs), 0..255, and labels of `examples`, piece by piece.

    The memory of the pixels is used again for the next piece.
    """
    into_bytes = np.empty((CHUNK, examples.pixels.shape[1]), np.uint8)
    into = np.empty(into_bytes.shape, np.float32)
    for start in range(0, len(examples), CHUNK):
        piece = examples.indices[start : start + CHUNK]
        rows = into[: len(piece)]
        gather(examples.pixels, piece, into_bytes[: len(piece)], rows)
        yield rows, examples.labels[piece]


def mean_image(examples: Examples) -> NDArray[np.float64]:
    """Return the mean of the examples' pixels, (inputs,), in 0..255."""
    # All rows in the order they lie in, those of others times 0: quicker than to gather our own.
    counted = np.zeros(len(examples.pixels), np.float32)
    counted[examples.indices] = 1
    total = np.zeros(examples.pixels.shape[1])
    into = np.empty((CHUNK, examples.pixels.shape[1]), np.float32)
    for start in range(0, len(examples.pixels), CHUNK):
        piece = slice(start, start + CHUNK)
        rows = into[: len(examples.pixels[piece])]
        rows[:] = examples.pixels[piece]
        total += counted[piece] @ rows  # sums of so few bytes are exact in float32
    return total / len(examples)


def hold_out(split: Split, validation: int) -> tuple[Examples, Examples]:
    """Divide `split` into examples to learn from and `validation` examples to judge by.

    The division depends on the number of images alone, so that all networks of one data set
    are judged by the same images. Of a small data set no more than a fifth is held out.

    Raises:
        DataError: of so few images none can be held out, and some should be.
    """
    pixels, labels = np.asarray(split.pixels), np.asarray(split.labels, np.intp)
    count = len(split)
    order = np.random.default_rng(count).permutation(count)
    held = min(validation, count // 5)
    if validation and not held:
        raise DataError(
            "there are too few training images to learn from and to judge by",
            expected="5 or more",
            got=str(count),
        )
    return Examples(pixels, labels, order[held:]), Examples(pixels, labels, order[:held])


def batches(
    indices: Indices, size: int, epochs: int, rng: np.random.Generator
) -> Iterator[Indices]:
    """Yield batches of exactly `size` of `indices`, in a new random order each epoch.

    Images left over at the end of an epoch wait for the next.
    """
    for _ in range(epochs):
        order = rng.permutation(indices)
        for start in range(0, len(order) - size + 1, size):
            yield order[start : start + size]
