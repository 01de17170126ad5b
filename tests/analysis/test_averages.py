"""Averages, against numpy's own mean in float64."""

import numpy as np
import pytest

from netviz.analysis.averages import averages
from netviz.datasets.dataset import Split
from netviz.errors import DataError


@pytest.fixture
def split() -> Split:
    """More images than are summed at once, in colour, with a frame that is never lit."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2345, 6, 5, 3), np.uint8)
    images[:, 0] = 0
    images[:, 2, 2] = 255
    return Split(images, rng.integers(0, 4, 2345, np.uint8))


def test_averages_are_means(split: Split) -> None:
    found = averages(split, 4)
    for k in range(4):
        expected = split.images[split.labels == k].astype(np.float64).mean(axis=0) / 255
        assert np.allclose(found.classes[k], expected, rtol=0, atol=1e-7)
        assert found.counts[k] == (split.labels == k).sum()
    assert np.allclose(found.overall, split.images.mean(axis=0) / 255, rtol=0, atol=1e-7)
    assert np.array_equal(found.differences[1], found.classes[1] - found.overall)


def test_a_pixel_at_full_white_averages_to_exactly_one(split: Split) -> None:
    assert (averages(split, 4).classes[:, 2, 2] == 1).all()


def test_pixels_never_lit_are_those_of_no_image(split: Split) -> None:
    split.images[1700, 0, 3, 1] = 1
    never_lit = averages(split, 4).never_lit
    assert never_lit.sum() == 5 * 3 - 1
    assert not never_lit[0, 3, 1]


def test_an_empty_class_has_no_average(split: Split) -> None:
    with pytest.raises(DataError, match="class 4 has no image"):
        averages(split, 5)
