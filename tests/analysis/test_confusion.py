"""Confusion matrices, against plain loops over the images."""

import math

import numpy as np
import pytest
from hypothesis import given

from netviz.analysis.confusion import (
    Confusion,
    Pair,
    confusion,
    confusion_matrix,
    flips,
)
from netviz.analysis.evaluation import Evaluation
from tests.analysis.evaluations import evaluations, from_predictions, pairs_of_evaluations


@given(evaluations())
def test_each_cell_counts_its_images(evaluation: Evaluation) -> None:
    counts = confusion(evaluation).counts
    answers = list(zip(evaluation.labels.tolist(), evaluation.predictions.tolist(), strict=True))
    for actual in range(evaluation.classes):
        for predicted in range(evaluation.classes):
            assert counts[actual, predicted] == answers.count((actual, predicted))


@given(evaluations())
def test_accuracy_recall_and_precision_follow_their_definitions(evaluation: Evaluation) -> None:
    matrix = confusion(evaluation)
    assert matrix.total == len(evaluation.labels)
    assert matrix.accuracy == evaluation.accuracy
    for k in range(evaluation.classes):
        of_class = evaluation.labels == k
        read_as_class = evaluation.predictions == k
        if of_class.any():
            assert matrix.recall[k] == pytest.approx(evaluation.correct[of_class].mean())
            assert matrix.row_shares[k].sum() == pytest.approx(1)
        else:
            assert math.isnan(matrix.recall[k])
            assert np.isnan(matrix.row_shares[k]).all()
        if read_as_class.any():
            assert matrix.precision[k] == pytest.approx(evaluation.correct[read_as_class].mean())
        else:
            assert math.isnan(matrix.precision[k])


@given(evaluations())
def test_pairs_hold_every_mistake_once_the_largest_first(evaluation: Evaluation) -> None:
    pairs = confusion(evaluation).pairs
    assert sum(pair.count for pair in pairs) == int((~evaluation.correct).sum())
    assert all(pair.actual != pair.predicted and pair.count > 0 for pair in pairs)
    ranks = [(-pair.count, pair.actual, pair.predicted) for pair in pairs]
    assert ranks == sorted(set(ranks))


def test_the_matrix_of_a_known_case() -> None:
    matrix = Confusion(np.array([[5, 2, 0], [0, 0, 2], [3, 0, 1]]))
    assert matrix.pairs == (Pair(2, 0, 3), Pair(0, 1, 2), Pair(1, 2, 2))
    assert matrix.recall.tolist() == pytest.approx([5 / 7, 0, 1 / 4])
    assert matrix.precision.tolist() == pytest.approx([5 / 8, 0, 1 / 3])


@pytest.mark.parametrize("stray", [3, -1])
def test_a_class_out_of_range_is_refused(stray: int) -> None:
    with pytest.raises(ValueError, match="invalid entry"):
        confusion_matrix(np.array([0, 1]), np.array([0, stray]), 3)


def test_labels_of_one_byte_are_counted_beyond_255_cells() -> None:
    """Labels come as uint8; their cell numbers must not wrap around."""
    labels = np.array([99, 99], np.uint8)
    counts = confusion_matrix(labels, np.array([98, 99], np.uint8), 100)
    assert counts[99].nonzero()[0].tolist() == [98, 99]


@given(pairs_of_evaluations())
def test_flips_name_the_images(pair: tuple[Evaluation, Evaluation]) -> None:
    first, second = pair
    change = flips(first, second)
    right: list[int] = []
    wrong: list[int] = []
    for image, label in enumerate(first.labels.tolist()):
        before, after = first.predictions[image], second.predictions[image]
        if before != label and after == label:
            right.append(image)
        elif before == label and after != label:
            wrong.append(image)
    assert change.to_right.tolist() == right
    assert change.to_wrong.tolist() == wrong
    gain = (len(right) - len(wrong)) / len(first.labels)
    assert second.accuracy - first.accuracy == pytest.approx(gain)


def test_flips_between_different_images_are_refused() -> None:
    first = from_predictions(np.array([0, 1], np.intp), [0, 1], 2)
    second = from_predictions(np.array([1, 1], np.intp), [0, 1], 2)
    with pytest.raises(ValueError, match="same images"):
        flips(first, second)
