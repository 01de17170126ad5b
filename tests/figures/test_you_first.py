"""You first: hard images by a stated rule, with the answers that both are scored by."""

from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.you_first.you_first import Arguments, draw, most_undecided
from tests.figures.conftest import Written, contents


def drawn(material: NetworkMaterial, written: Written, count: int = 10) -> dict[str, Any]:
    return contents(draw(Arguments("it", count), Materials(networks={"it": material}), written))


def test_no_other_image_was_harder_to_decide(grey: NetworkMaterial) -> None:
    chosen = most_undecided(grey.evaluation, 7)
    leads = np.diff(np.sort(grey.evaluation.probabilities, axis=1)[:, -2:], axis=1)[:, 0]
    assert sorted(leads)[:7] == leads[chosen].tolist()


def test_answers_and_score_are_those_of_the_network(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    chosen = most_undecided(grey.evaluation, 10)
    for answer, image in zip(context["answers"], chosen, strict=True):
        assert answer["label"] == grey.evaluation.labels[image]
        assert answer["read"] == grey.evaluation.predictions[image]
        assert answer["share"] == pytest.approx(grey.evaluation.probabilities[image].max())
    assert context["right"] == sum(one["label"] == one["read"] for one in context["answers"])
    assert f"It read {context['right']} of them correctly" in context["finding"]


def test_the_strip_shows_the_chosen_images_in_order(
    colour: NetworkMaterial, written: Written
) -> None:
    drawn(colour, written, count=4)
    strip = np.asarray(written.pictures["images"].convert("RGB"))
    images = colour.dataset.test.images[most_undecided(colour.evaluation, 4)]
    assert np.array_equal(strip, np.concatenate(list(images), axis=1))


@pytest.mark.parametrize("count", [0, 41])
def test_an_empty_or_endless_run_is_refused(
    grey: NetworkMaterial, written: Written, count: int
) -> None:
    with pytest.raises(EssayError, match="1 to 40 images"):
        drawn(grey, written, count)
