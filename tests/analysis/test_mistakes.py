"""Mistakes, and the rule by which four are chosen."""

import numpy as np
from hypothesis import given

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.mistakes import choose_mistakes, find_mistakes
from tests.analysis.evaluations import evaluations, from_probabilities


@given(evaluations())
def test_every_misread_image_is_found_once(evaluation: Evaluation) -> None:
    mistakes = find_mistakes(evaluation)
    assert [mistake.image for mistake in mistakes] == [
        image for image in range(len(evaluation.labels)) if not evaluation.correct[image]
    ]
    for mistake in mistakes:
        assert mistake.actual == evaluation.labels[mistake.image] != mistake.predicted
        assert mistake.confidence == evaluation.confidences[mistake.image]
        others = np.delete(mistake.probabilities, mistake.predicted)
        assert mistake.is_runner_up == (mistake.probabilities[mistake.actual] == others.max())
        assert mistake.margin >= 0


@given(evaluations())
def test_a_choice_repeats_nothing_and_keeps_to_its_groups(evaluation: Evaluation) -> None:
    mistakes = find_mistakes(evaluation)
    choice = choose_mistakes(mistakes)
    chosen = [mistake.image for mistake in (*choice.near_ties, *choice.sure_and_wrong)]
    assert len(set(chosen)) == len(chosen) == min(4, len(mistakes), 2 + len(choice.near_ties))
    assert all(mistake.is_near_tie for mistake in choice.near_ties)
    ties = [mistake for mistake in mistakes if mistake.is_near_tie]
    assert len(choice.near_ties) == min(2, len(ties))
    if ties:
        assert choice.near_ties[0].margin == min(mistake.margin for mistake in ties)


def chosen_from(rows: list[list[float]], labels: list[int]) -> tuple[list[int], list[int]]:
    choice = choose_mistakes(find_mistakes(from_probabilities(rows, labels)))
    ties = [mistake.image for mistake in choice.near_ties]
    return ties, [mistake.image for mistake in choice.sure_and_wrong]


def test_the_rule_on_a_known_case() -> None:
    rows = [
        [0.40, 0.41, 0.19],  # 0 read as 1: the nearest tie
        [0.39, 0.41, 0.20],  # 0 read as 1: the next, but of a class already shown
        [0.45, 0.35, 0.20],  # 1 read as 0: the second near tie
        [0.30, 0.31, 0.39],  # 0 read as 2: close, but its true class is not the runner-up
        [0.97, 0.02, 0.01],  # 1 read as 0: the surest, but of a class already shown
        [0.01, 0.94, 0.05],  # 2 read as 1: of a class not shown yet, so first
        [0.90, 0.05, 0.05],  # read correctly
    ]
    assert chosen_from(rows, [0, 0, 1, 0, 1, 2, 0]) == ([0, 2], [5, 4])


def test_equals_go_by_index() -> None:
    assert chosen_from([[0.6, 0.4]] * 6, [1] * 6) == ([0, 1], [2, 3])


def test_few_mistakes_give_a_short_choice() -> None:
    assert chosen_from([[0.6, 0.4]], [1]) == ([0], [])
    assert chosen_from([[0.6, 0.4]], [0]) == ([], [])
