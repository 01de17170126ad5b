"""Peaks: the strongest answers of a unit, one an image, where they are."""

import numpy as np

from netviz.analysis.excitation import peaks


def test_the_strongest_place_of_each_image_is_named_strongest_image_first() -> None:
    maps = np.zeros((3, 2, 4, 2), np.float32)
    maps[0, 1, 3, 0] = 5
    maps[2, 0, 1, 0] = 7
    maps[2, 1, 1, 0] = 6  # of the same image, and weaker
    maps[1, 0, 2, 1] = 1
    found = peaks([maps], 2)
    assert found.images[0].tolist() == [2, 0]
    assert found.rows[0].tolist() == [0, 1]
    assert found.columns[0].tolist() == [1, 3]
    assert found.values[0].tolist() == [7, 5]
    assert found.images[1][0] == 1
    assert (found.rows[1][0], found.columns[1][0]) == (0, 2)


def test_no_more_images_are_named_than_there_are() -> None:
    assert peaks([np.ones((2, 1, 1, 3), np.float32)], 9).images.shape == (3, 2)


def test_images_may_come_some_after_the_other() -> None:
    maps = np.random.default_rng(3).random((7, 3, 4, 2), np.float32)
    whole, parts = peaks([maps], 4), peaks(iter([maps[:3], maps[3:6], maps[6:]]), 4)
    for name in ("images", "rows", "columns", "values"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name
