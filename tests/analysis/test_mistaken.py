"""What is mistaken for a class: counted, and its ink compared with that of all mistakes."""

import numpy as np
import pytest

from netviz.analysis.mistaken import mistaken_for
from netviz.analysis.templates import regions
from tests.analysis.evaluations import from_predictions


def grey(*levels: int) -> np.ndarray:
    return np.stack([np.full((8, 8, 1), level, np.uint8) for level in levels])


def test_only_misread_images_are_counted_and_their_ink_compared() -> None:
    evaluation = from_predictions(np.array([0, 1, 2, 2]), [0, 0, 0, 1], 3)
    first, second, third = mistaken_for(evaluation, grey(255, 10, 20, 90))
    # Misread are those of levels 10 and 20, as class 0, and 90, as class 1; 40 is their mean.
    assert (first.count, second.count, third.count) == (2, 1, 0)
    assert first.ink == pytest.approx(15 / 40)
    assert second.ink == second.centre_ink == pytest.approx(90 / 40)
    assert np.isnan(third.ink)


def test_ink_in_the_centre_is_told_from_ink_around_it() -> None:
    images = grey(0, 0)
    centre = regions(8, 8).centre
    images[0][centre] = 100
    images[1][~centre] = 100
    evaluation = from_predictions(np.array([2, 2]), [0, 1], 3)
    hollow = mistaken_for(evaluation, images)[1]
    assert hollow.centre_ink == 0
    assert hollow.ink > 1


def test_without_mistakes_there_is_nothing_to_compare() -> None:
    perfect = mistaken_for(from_predictions(np.array([0, 1]), [0, 1], 2), grey(5, 6))
    assert [one.count for one in perfect] == [0, 0]
    assert all(np.isnan(one.ink) and np.isnan(one.centre_ink) for one in perfect)
