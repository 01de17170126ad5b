"""Batches: who is held out, in which order the rest comes, and what is made of their pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.datasets.dataset import Split
from netviz.errors import DataError
from netviz.training.batches import CHUNK, Examples, batches, chunks, hold_out, mean_image


@pytest.mark.parametrize("count", range(1, 5))
def test_too_few_images_to_hold_one_out_are_refused(count: int) -> None:
    with pytest.raises(DataError, match=f"expected 5 or more; got {count}"):
        hold_out(blank(count), 100)


def blank(count: int) -> Split:
    return Split(np.zeros((count, 2, 1, 1), np.uint8), np.zeros(count, np.uint8))


@given(st.integers(5, 400), st.integers(1, 400))
def test_every_image_is_learnt_or_held_out_and_none_is_both(count: int, validation: int) -> None:
    examples, held_out = hold_out(blank(count), validation)
    together = np.concatenate([examples.indices, held_out.indices])
    np.testing.assert_array_equal(np.sort(together), np.arange(count))
    assert len(held_out) == min(validation, count // 5)


def test_the_same_images_are_held_out_every_time() -> None:
    first, second = hold_out(blank(100), 15)[1], hold_out(blank(100), 15)[1]
    np.testing.assert_array_equal(first.indices, second.indices)


def test_fewer_held_out_are_some_of_those_held_out_before() -> None:
    """So a smaller validation split does not judge by images that another recipe learnt."""
    few, many = hold_out(blank(100), 5)[1], hold_out(blank(100), 15)[1]
    assert set(few.indices) < set(many.indices)


def test_an_epoch_shows_each_image_once_in_an_order_of_its_own() -> None:
    indices = np.arange(100, 112)
    drawn = list(batches(indices, 4, 2, np.random.default_rng(0)))
    assert [len(batch) for batch in drawn] == [4] * 6
    first, second = np.concatenate(drawn[:3]), np.concatenate(drawn[3:])
    np.testing.assert_array_equal(np.sort(first), indices)
    np.testing.assert_array_equal(np.sort(second), indices)
    assert (first != second).any()


def test_batches_are_whole() -> None:
    drawn = list(batches(np.arange(11), 4, 3, np.random.default_rng(0)))
    assert [len(batch) for batch in drawn] == [4] * 6


def test_pieces_hold_the_rows_and_labels_asked_for() -> None:
    rng = np.random.default_rng(0)
    count = CHUNK + 37
    pixels = rng.integers(0, 256, (2 * count, 3), np.uint8)
    labels = rng.integers(0, 10, 2 * count)
    examples = Examples(pixels, labels, rng.permutation(2 * count)[:count])
    pieces = [(rows.copy(), labels) for rows, labels in chunks(examples)]
    assert [len(rows) for rows, _ in pieces] == [CHUNK, 37]
    np.testing.assert_array_equal(np.concatenate([r for r, _ in pieces]), pixels[examples.indices])
    np.testing.assert_array_equal(np.concatenate([y for _, y in pieces]), labels[examples.indices])


def test_the_mean_image_is_that_of_the_examples_alone() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (1300, 3), np.uint8)
    examples = Examples(pixels, np.zeros(1300, np.intp), np.arange(0, 1300, 2))
    np.testing.assert_allclose(mean_image(examples), pixels[::2].mean(axis=0), rtol=1e-12)
