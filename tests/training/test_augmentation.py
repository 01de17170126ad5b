"""Augmentation against pictures moved and mirrored by hand, and its place in the training."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.network.network import Network
from netviz.training.augmentation import Augmentation, variants
from netviz.training.batches import Examples
from netviz.training.recipe import Recipe
from netviz.training.trainer import fit

SHAPE = (4, 5, 3)


def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)


def moved(image: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """Return `image` moved, its edges repeated, as a padded picture cut out elsewhere."""
    padded = np.pad(image, ((2, 2), (2, 2), (0, 0)), "edge")
    return padded[2 - down : 6 - down, 2 - right : 7 - right]


def rows_of(found: NDArray[np.intp], image: NDArray[np.uint8]) -> set[bytes]:
    return {image.ravel()[places].tobytes() for places in found}


def test_shifts_are_all_moves_up_to_the_largest() -> None:
    image = picture()
    expected = {
        moved(image, down, right).tobytes() for down in range(-2, 3) for right in range(-2, 3)
    }
    found = variants(SHAPE, 2, flips=False)
    assert len(found) == len(expected) == 25
    assert rows_of(found, image) == expected


def test_flips_mirror_from_left_to_right_and_keep_colours() -> None:
    image = picture()
    found = variants(SHAPE, 0, flips=True)
    assert rows_of(found, image) == {image.tobytes(), image[:, ::-1].tobytes()}


def test_each_image_is_shown_in_a_variant_of_its_own_with_its_own_label() -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (200, 60), np.uint8)
    examples = Examples(pixels, np.arange(200), np.arange(200))
    augmented = Augmentation(SHAPE, Recipe(flips=True, shifts=1), 50)
    batch = rng.permutation(200)[:50]
    shown, rows = augmented(examples, batch, rng)
    chosen = []
    for row, original in zip(rows, batch, strict=True):
        assert shown.labels[row] == original
        of_image = pixels[original][augmented.variants]
        (which,) = np.flatnonzero((of_image == shown.pixels[row]).all(axis=1))
        chosen.append(which)
    assert len(set(chosen)) > 10  # of 18


def test_every_variant_is_as_likely() -> None:
    rng = np.random.default_rng(2)
    examples = Examples(np.arange(60, dtype=np.uint8)[None], np.zeros(1, np.intp), np.arange(1))
    augmented = Augmentation(SHAPE, Recipe(flips=True), 1000)
    shown, _ = augmented(examples, np.zeros(1000, np.intp), rng)
    plain = (shown.pixels == examples.pixels[0]).all(axis=1).mean()
    assert plain == pytest.approx(0.5, abs=0.05)


def test_without_any_the_batch_is_passed_on_and_no_number_drawn() -> None:
    rng = np.random.default_rng(3)
    examples = Examples(np.zeros((9, 60), np.uint8), np.zeros(9, np.intp), np.arange(9))
    batch = np.array([4, 2])
    assert Augmentation(SHAPE, Recipe(), 2)(examples, batch, rng) == (examples, batch)
    assert rng.integers(1000) == np.random.default_rng(3).integers(1000)


@pytest.mark.parametrize(("flips", "shifts"), [(True, 0), (False, 1)])
def test_the_same_seed_shows_the_same_variants(
    start: Network, recipe: Recipe, split: Split, flips: bool, shifts: int
) -> None:
    varied = replace(recipe, flips=flips, shifts=shifts)
    one, other, third = (fit(start, varied, split, seed) for seed in (3, 3, 4))
    assert one.identity == other.identity != third.identity
    assert one.identity != fit(start, recipe, split, 3).identity
