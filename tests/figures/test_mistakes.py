"""Mistakes: every image shown was misread, as what it is said to be and as surely."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.mistakes import choose_mistakes, find_mistakes
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.mistakes.mistakes import BAR, PER_SHEET, Arguments, draw, spaced
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def test_the_four_are_chosen_by_the_rule_and_their_bars_are_probabilities(
    grey: NetworkMaterial, written: Written
) -> None:
    choice = choose_mistakes(find_mistakes(grey.evaluation))
    cards = drawn(grey, written)["cards"]
    for card, mistake in zip(cards, (*choice.near_ties, *choice.sure_and_wrong), strict=True):
        assert card["actual"] == NAMES[grey.evaluation.labels[mistake.image]]
        assert card["read"] == NAMES[grey.evaluation.predictions[mistake.image]]
        assert card["actual"] != card["read"]
        shares = grey.evaluation.probabilities[mistake.image]
        assert [bar["share"] for bar in card["bars"]] == pytest.approx(shares)
        assert [bar["length"] for bar in card["bars"]] == pytest.approx(BAR * shares, abs=0.01)


def test_every_mistake_that_can_be_browsed_is_one(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    evaluation, images = grey.evaluation, grey.dataset.test.images
    known = {image.tobytes(): place for place, image in enumerate(images)}
    data: Any = written.values["mistakes-shapes"]
    for place, (actual, read, slot, share) in enumerate(data["mistakes"]):
        sheet = context["sheets"][place // PER_SHEET]
        row, column = divmod(slot, sheet[1])
        picture = written.pictures[sheet[0].name].convert("L")
        tile = picture.crop((8 * column, 8 * row, 8 * column + 8, 8 * row + 8)).tobytes()
        image = known[tile]
        assert (actual, read) == (evaluation.labels[image], evaluation.predictions[image])
        assert actual != read
        assert share / 1000 == pytest.approx(evaluation.probabilities[image].max(), abs=6e-4)
    assert len(data["mistakes"]) == context["total"] == (~evaluation.correct).sum()


def test_a_long_list_is_thinned_evenly_from_the_surest_to_the_least_sure(
    grey: NetworkMaterial,
) -> None:
    mistakes = find_mistakes(grey.evaluation)
    chosen = spaced(mistakes, 10)
    sureness = [one.confidence for one in chosen]
    assert sureness == sorted(sureness, reverse=True)
    assert sureness[0] == max(one.confidence for one in mistakes)
    assert sureness[-1] == min(one.confidence for one in mistakes)
    assert len({one.image for one in chosen}) == 10


def answering(known: NetworkMaterial, *shares: tuple[float, float, float]) -> NetworkMaterial:
    """Return `known` with the first images answered by `shares`, and all others read correctly."""
    logits = 9 * np.eye(3, dtype=np.float32)[known.evaluation.labels]
    for image, given in enumerate(shares):
        logits[image] = np.log(np.roll(given, known.evaluation.labels[image]))
    labels, identity = known.evaluation.labels, known.evaluation.identity
    return replace(known, evaluation=Evaluation(logits, labels, identity))


def test_a_network_without_mistakes_gets_a_sentence(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(answering(grey), written)
    assert context["cards"] == []
    assert context["caption"] == "A network makes no mistake to show here."
    assert context["finding"] == "Of 90 test images a network misreads none."
    assert not written.pictures


TIE, SURE, UNSURE = (0.45, 0.5, 0.05), (0.05, 0.9, 0.05), (0.2, 0.45, 0.35)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([TIE], "The one misread image, with the probability of each class: one near tie."),
        (
            [SURE],
            (
                "The one misread image, with the probability of each class: one read wrongly with "
                "confidence."
            ),
        ),
        (
            [SURE, UNSURE, TIE],
            (
                "The three misread images, with the probability of each class: one near tie, and "
                "one read wrongly with confidence, and one read wrongly without confidence."
            ),
        ),
        (
            [TIE, SURE, TIE, SURE, SURE],
            (
                "Four of the misread images, with the probability of each class: two near ties, "
                "and two read wrongly with confidence."
            ),
        ),
    ],
)
def test_the_caption_counts_what_is_shown(
    shares: list[tuple[float, float, float]],
    said: str,
    grey: NetworkMaterial,
    written: Written,
) -> None:
    assert drawn(answering(grey, *shares), written)["caption"] == said


def test_where_all_mistakes_are_shown_none_is_left_to_browse(
    grey: NetworkMaterial, written: Written
) -> None:
    assert drawn(answering(grey, TIE, SURE), written)["index"] is None
    assert not written.values
