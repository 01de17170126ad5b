"""Filters found without labels: what the patches of many images have in common, by k-means.

After Coates & Ng, "Learning feature representations with k-means" (2012): patches are made alike
in brightness and contrast, whitened, and divided among directions, each the mean of its own.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import ImageShape
from netviz.training.batches import Examples

Array = NDArray[Any]

PATCHES = 40_000
ROUNDS = 12
CONTRAST = 10 / 255  # standard deviation of pixels (0..1) below which contrast is not evened out
REGULARISER = 0.1  # added to the variance of each direction, which is about 1


def patch_filters(
    examples: Examples,
    image_shape: ImageShape,
    size: tuple[int, int],
    count: int,
    rng: np.random.Generator,
) -> Array:
    """Return `count` filters (rows, columns, channels, count), each of unit length.

    A filter answers to a patch as its atom does to the whitened patch less its mean brightness.
    """
    patches = normalised(sample_patches(examples, image_shape, size, rng))
    white = whitening(patches)
    atoms = spherical_k_means((patches - patches.mean(axis=0)) @ white, count, rng)
    filters = atoms @ white
    filters = _unit(filters - filters.mean(axis=1, keepdims=True))
    result: Array = filters.T.reshape(*size, image_shape[2], count)
    return result


def sample_patches(
    examples: Examples,
    image_shape: ImageShape,
    size: tuple[int, int],
    rng: np.random.Generator,
    count: int = PATCHES,
) -> Array:
    """Return `count` patches of `size` at random places, (count, rows · columns · channels).

    Their numbers are 0..1.
    """
    height, width, _ = image_shape
    rows, columns = size
    chosen = examples.indices[rng.integers(0, len(examples), count)]
    top = rng.integers(0, height - rows + 1, count)
    left = rng.integers(0, width - columns + 1, count)
    images = examples.pixels.reshape(-1, *image_shape)
    down = (top[:, None] + np.arange(rows))[:, :, None]
    along = (left[:, None] + np.arange(columns))[:, None, :]
    patches = images[chosen[:, None, None], down, along].reshape(count, -1)
    result: Array = patches.astype(np.float64) / 255
    return result


def normalised(patches: Array) -> Array:
    """Return `patches` (n, numbers) with mean 0 and, where there is any contrast, deviation 1."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    result: Array = centred / np.sqrt(centred.var(axis=1, keepdims=True) + CONTRAST**2)
    return result


def whitening(patches: Array) -> Array:
    """Return the symmetric matrix by which the numbers of `patches` become uncorrelated (ZCA).

    Directions in which patches hardly vary are left small instead of being blown up.
    """
    centred = patches - patches.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred / len(patches))
    result: Array = (directions / np.sqrt(variances + REGULARISER)) @ directions.T
    return result


def spherical_k_means(points: Array, count: int, rng: np.random.Generator) -> Array:
    """Return `count` unit vectors (count, numbers) such that each point lies near the line of one.

    A point belongs to the direction whose product with it is largest in size, whatever the sign.
    A direction to which nothing belongs begins again at a point.
    """
    atoms = _unit(rng.normal(size=(count, points.shape[1])))
    for _ in range(ROUNDS):
        products = points @ atoms.T
        nearest = np.abs(products).argmax(axis=1)
        shares = np.zeros_like(products)
        every = np.arange(len(points))
        shares[every, nearest] = products[every, nearest]
        atoms = shares.T @ points
        empty = ~shares.any(axis=0)
        atoms[empty] = points[rng.integers(0, len(points), int(empty.sum()))]
        atoms = _unit(atoms)
    return atoms


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Array = vectors / np.where(lengths > 0, lengths, 1)
    return result
