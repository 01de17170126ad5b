"""Samples of a cell, against plain sorting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.samples import Order, Samples, random_samples, ranked_samples
from tests.analysis.evaluations import evaluations, from_probabilities


def assert_of_cell(samples: Samples, evaluation: Evaluation) -> None:
    """Every sample belongs to its cell, once, with the network's own probabilities."""
    images = samples.images.tolist()
    assert len(set(images)) == len(images) == len(samples)
    for image, probabilities in zip(images, samples.probabilities, strict=True):
        assert evaluation.labels[image] == samples.actual
        assert probabilities.argmax() == samples.predicted
        assert np.array_equal(probabilities, evaluation.probabilities[image])


def cell_of(evaluation: Evaluation, actual: int, predicted: int) -> list[int]:
    answers = zip(evaluation.labels, evaluation.predictions, strict=True)
    return [image for image, answer in enumerate(answers) if answer == (actual, predicted)]


@given(evaluations(), st.data(), st.sampled_from(["surest", "middling", "borderline"]))
def test_samples_belong_to_their_cell(
    evaluation: Evaluation, data: st.DataObject, order: Order
) -> None:
    actual = data.draw(st.integers(0, evaluation.classes - 1))
    predicted = data.draw(st.integers(0, evaluation.classes - 1))
    count = data.draw(st.integers(1, 20))
    cell = cell_of(evaluation, actual, predicted)
    ranked = ranked_samples(evaluation, actual, predicted, order, count)
    assert_of_cell(ranked, evaluation)
    assert ranked.total == len(cell)
    assert len(ranked) == min(count, len(cell))
    drawn = random_samples(evaluation, actual, predicted, count, np.random.default_rng(0))
    assert_of_cell(drawn, evaluation)
    assert (drawn.total, len(drawn)) == (ranked.total, len(ranked))


@given(evaluations())
def test_orders_are_those_of_their_names(evaluation: Evaluation) -> None:
    """Sorted in plain Python by the probability, or by the lead over the next class."""
    actual, predicted = int(evaluation.labels[0]), int(evaluation.predictions[0])
    cell = cell_of(evaluation, actual, predicted)
    probabilities = evaluation.probabilities.tolist()

    def lead(image: int) -> float:
        most, second = sorted(evaluation.probabilities[image], reverse=True)[:2]
        return float(most - second)

    surest = sorted(cell, key=lambda image: (-probabilities[image][predicted], image))
    borderline = sorted(cell, key=lambda image: (lead(image), image))
    whole = len(cell)
    assert ranked_samples(evaluation, actual, predicted, "surest", whole).images.tolist() == surest
    assert (
        ranked_samples(evaluation, actual, predicted, "borderline", whole).images.tolist()
        == borderline
    )


def test_middling_samples_stand_halfway_down_the_surest() -> None:
    sureness = [0.9, 0.6, 0.99, 0.7, 0.8]
    evaluation = from_probabilities([[p, 1 - p] for p in sureness], [0] * 5)
    assert ranked_samples(evaluation, 0, 0, "middling", 1).images.tolist() == [4]
    assert ranked_samples(evaluation, 0, 0, "middling", 3).images.tolist() == [0, 4, 3]
    assert ranked_samples(evaluation, 0, 0, "middling", 9).images.tolist() == [2, 0, 4, 3, 1]


@pytest.mark.parametrize("order", ["surest", "borderline"])
def test_equals_go_by_index(order: Order) -> None:
    evaluation = from_probabilities([[0.75, 0.25]] * 4, [0] * 4)
    assert ranked_samples(evaluation, 0, 0, order, 3).images.tolist() == [0, 1, 2]


def test_a_random_draw_is_that_of_its_generator() -> None:
    evaluation = from_probabilities([[0.75, 0.25]] * 50, [0] * 50)
    first, again, other = (
        random_samples(evaluation, 0, 0, 10, np.random.default_rng(seed)).images.tolist()
        for seed in (1, 1, 2)
    )
    assert first == again != other
