"""Filters of patches: each step against its formula, and all of them on planted pieces."""

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.training.batches import Examples
from netviz.training.patches import (
    REGULARISER,
    ROUNDS,
    normalised,
    patch_filters,
    sample_patches,
    spherical_k_means,
    whitening,
)

SHAPE = (7, 8, 3)


def examples(count: int = 40) -> Examples:
    """Return random images, of which only those of even number may be used."""
    pixels = np.random.default_rng(0).integers(0, 256, (count, 168), np.uint8)
    return Examples(pixels, np.zeros(count, np.intp), np.arange(0, count, 2))


def test_patches_are_cut_from_the_examples_at_every_place() -> None:
    known = examples()
    images = known.pixels.reshape(-1, *SHAPE)
    where = {
        images[n, y : y + 3, x : x + 4].tobytes(): (n, y, x)
        for n in range(40)
        for y in range(5)
        for x in range(5)
    }
    patches = sample_patches(known, SHAPE, (3, 4), np.random.default_rng(1), 3000)
    bytes_of = np.rint(patches * 255).astype(np.uint8)
    found = {where[patch.tobytes()] for patch in bytes_of}
    assert {n % 2 for n, _, _ in found} == {0}
    assert len(found) > 490  # of 500


def test_patches_become_alike_in_brightness_and_contrast() -> None:
    patches = np.random.default_rng(2).uniform(size=(50, 27))
    patches[0] = 0.5
    found = normalised(patches)
    np.testing.assert_array_equal(found[0], 0)
    np.testing.assert_allclose(found[1:].mean(axis=1), 0, atol=1e-12)
    assert ((found[1:].std(axis=1) > 0.98) & (found[1:].std(axis=1) < 1)).all()
    np.testing.assert_allclose(normalised(patches + 3)[1:], found[1:], atol=1e-9)


def test_whitened_numbers_are_uncorrelated_and_of_one_variance() -> None:
    """Along a direction of variance v it becomes v / (v + ε)."""
    rng = np.random.default_rng(3)
    patches = rng.normal(size=(5000, 6)) @ rng.normal(size=(6, 6))
    matrix = whitening(patches)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    before = np.linalg.eigvalsh(np.cov(patches.T, bias=True))
    after = np.linalg.eigvalsh(np.cov((patches @ matrix).T, bias=True))
    np.testing.assert_allclose(after, before / (before + REGULARISER), rtol=1e-8)


def plain_k_means(points: NDArray[np.float64], atoms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the atoms after all rounds, one point after the other."""
    for _ in range(ROUNDS):
        sums = np.zeros_like(atoms)
        for point in points:
            products = [float(point @ atom) for atom in atoms]
            best = max(range(len(atoms)), key=lambda k: abs(products[k]))
            sums[best] += products[best] * point
        atoms = np.array([one / np.linalg.norm(one) for one in sums])
    return atoms


def test_spherical_k_means_is_the_plain_loop() -> None:
    points = np.random.default_rng(4).normal(size=(300, 5))
    start = np.random.default_rng(5).normal(size=(4, 5))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    found = spherical_k_means(points, 4, np.random.default_rng(5))
    np.testing.assert_allclose(found, plain_k_means(points, start), atol=1e-9)


def test_an_atom_to_which_no_point_belongs_begins_again() -> None:
    points = np.eye(6)[np.arange(60) % 6]
    found = spherical_k_means(points, 30, np.random.default_rng(6))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_pieces_are_found(seed: int) -> None:
    """Images of grey noise with upright red-green edges have few other filters to find."""
    rng = np.random.default_rng(seed)
    images = np.full((200, *SHAPE), 128.0)
    for image, column in zip(images, rng.integers(1, 7, 200), strict=True):
        image[:, :column, 0] += 90
        image[:, column:, 1] += 90
    noisy = (images + rng.normal(0, 4, images.shape)).clip(0, 255).astype(np.uint8)
    known = Examples(noisy.reshape(200, -1), np.zeros(200, np.intp), np.arange(200))
    filters = patch_filters(known, SHAPE, (4, 4), 6, rng)
    assert filters.shape == (4, 4, 3, 6)
    np.testing.assert_allclose(np.linalg.norm(filters.reshape(-1, 6), axis=0), 1)
    np.testing.assert_allclose(filters.sum(axis=(0, 1, 2)), 0, atol=1e-9)
    upright = filters.mean(axis=0)  # (columns, channels, filters): edges alike in every row
    assert (np.linalg.norm(upright.reshape(-1, 6), axis=0) * 2 > 0.9).any()
    blue = np.linalg.norm(filters[:, :, 2].reshape(-1, 6), axis=0)
    assert np.median(blue) < 0.5
