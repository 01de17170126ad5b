"""Images moved sideways: where their pixels go, and that only the place of things has changed."""

import numpy as np

from netviz.analysis.evaluation import evaluate
from netviz.analysis.moving import (
    DISTANCES,
    accuracies_at_distances,
    accuracies_moved,
    moved_left,
)
from netviz.datasets.dataset import Split
from netviz.network.layers import Dense
from netviz.network.network import stacked
from tests.miniatures import dataset, network


def test_pixels_go_to_the_left_and_the_right_border_is_repeated() -> None:
    images = np.arange(2 * 1 * 4 * 1, dtype=np.uint8).reshape(2, 1, 4, 1)
    assert moved_left(images, 2)[:, 0, :, 0].tolist() == [[2, 3, 3, 3], [6, 7, 7, 7]]
    assert (moved_left(images, 0) == images).all()


def test_where_they_stand_the_accuracy_is_that_of_the_test_set() -> None:
    data = dataset()
    known = network([np.random.default_rng(0).normal(0, 1, (64, 3))])
    assert accuracies_moved(known, data.test, (0,))[0] == evaluate(known, data.test).accuracy


def test_a_network_that_looks_at_one_column_is_lost_when_its_ink_moves_away() -> None:
    images = np.zeros((2, 3, 6, 1), np.uint8)
    images[0, :, 4] = 255
    weights = np.zeros((18, 2), np.float32)
    weights[4::6, 0] = 1  # the first class is ink in column 4, the second is anything else
    known = stacked((3, 6, 1), [Dense(weights, np.array([0, 0.5], np.float32))])
    found = accuracies_moved(known, Split(images, np.array([0, 1], np.uint8)))
    assert len(found) == len(DISTANCES)
    assert found[0] == 1
    assert set(found[1:]) == {0.5}


def test_the_images_in_their_place_are_not_scored_again() -> None:
    data = dataset()
    known = network([np.random.default_rng(0).normal(0, 1, (64, 3))])
    found = accuracies_at_distances(known, data.test, evaluate(known, data.test))
    np.testing.assert_array_equal(found, accuracies_moved(known, data.test))
