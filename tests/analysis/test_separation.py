"""Classes in a space: their means, the nearest of them, and how far they stand apart."""

import numpy as np
import pytest

from netviz.analysis.separation import between_class_share, class_means, nearest_mean

POINTS = np.array([[0, 0], [0, 2], [10, 0], [10, 2]], np.float32)
LABELS = np.array([0, 0, 1, 1])


def test_the_mean_of_each_class_is_found_and_an_absent_class_has_none() -> None:
    means = class_means(POINTS, LABELS, 3)
    assert means[:2].tolist() == [[0, 1], [10, 1]]
    assert np.isnan(means[2]).all()


def test_means_do_not_depend_on_how_points_are_batched() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(2500, 3)).astype(np.float32)
    labels = rng.integers(0, 4, 2500)
    expected = [points[labels == k].mean(axis=0, dtype=np.float64) for k in range(4)]
    assert class_means(points, labels, 4) == pytest.approx(np.array(expected))


def test_the_nearest_mean_is_the_one_at_the_smallest_distance() -> None:
    rng = np.random.default_rng(2)
    points = rng.normal(size=(1200, 5)).astype(np.float32)
    means = rng.normal(size=(6, 5))
    distances = np.linalg.norm(points[:, None].astype(np.float64) - means, axis=2)
    assert nearest_mean(points, means).tolist() == distances.argmin(axis=1).tolist()


def test_a_class_without_mean_is_never_the_nearest() -> None:
    means = np.array([[np.nan, np.nan], [50, 50], [0, 0]])
    assert nearest_mean(POINTS, means).tolist() == [2, 2, 2, 2]


def test_the_share_between_classes_is_one_for_single_points_and_zero_for_equal_means() -> None:
    assert between_class_share(POINTS[[0, 0, 2]], np.array([0, 0, 1]), 2) == pytest.approx(1)
    assert between_class_share(POINTS, np.array([0, 1, 0, 1]), 2) == pytest.approx(4 / 104)
    assert between_class_share(POINTS[[0, 1, 0, 1]], LABELS, 2) == 0
    assert np.isnan(between_class_share(POINTS[[0, 0]], np.array([0, 1]), 2))


def test_the_share_between_classes_has_a_value_known_by_hand() -> None:
    # Between: 4 points, each 5 from the centre across; in all, 1 more upwards each.
    assert between_class_share(POINTS, LABELS, 2) == pytest.approx(100 / 104)
