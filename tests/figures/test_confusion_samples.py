"""Samples of one cell belong to it, in the order that is asked for, and are honestly counted."""

from typing import Any

import numpy as np
import pytest

from netviz.analysis.samples import ranked_samples
from netviz.errors import EssayError
from netviz.figures.confusion_samples.confusion_samples import LIMIT, Arguments, draw
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.parts.cells import ORDERS
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, SIDE, material, network

LEFT, RIGHT = 0, 1


def drawn(arguments: Arguments, known: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(arguments, Materials(networks={"a": known}), written))


def shown(written: Written, strip: dict[str, Any], known: NetworkMaterial) -> list[int]:
    """Return which test image each tile of a strip shows."""
    places = {image.tobytes(): place for place, image in enumerate(known.dataset.test.images)}
    pixels = np.asarray(written.pictures[strip["name"]])
    tiles = np.split(pixels, pixels.shape[1] // SIDE, axis=1)
    return [places[np.ascontiguousarray(tile).tobytes()] for tile in tiles]


def cell(known: NetworkMaterial) -> tuple[int, int]:
    """Return a cell off the diagonal that holds several images."""
    evaluation = known.evaluation
    for actual, predicted in ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)):
        inside = (evaluation.labels == actual) & (evaluation.predictions == predicted)
        if inside.sum() > 4:
            return actual, predicted
    raise AssertionError("the network of the tests makes too few mistakes")


def test_every_order_shows_images_of_the_cell_with_their_probabilities(
    written: Written, grey: NetworkMaterial
) -> None:
    actual, predicted = cell(grey)
    evaluation = grey.evaluation
    inside = (evaluation.labels == actual) & (evaluation.predictions == predicted)
    context = drawn(Arguments("a", actual, predicted, count=4), grey, written)
    assert len(context["strips"]) == len(ORDERS)
    for strip in context["strips"]:
        places = shown(written, strip, grey)
        assert len(set(places)) == len(places) == 4
        assert inside[places].all()
        assert strip["total"] == inside.sum()
        expected = evaluation.probabilities[places][:, [predicted, actual]]
        assert strip["shares"] == np.round(1000 * expected.astype(float)).tolist()


def test_the_order_of_the_call_comes_first(written: Written, grey: NetworkMaterial) -> None:
    actual, predicted = cell(grey)
    context = drawn(Arguments("a", actual, predicted, order="borderline"), grey, written)
    expected = ranked_samples(grey.evaluation, actual, predicted, "borderline", 12)
    assert shown(written, context["strips"][context["first"]], grey) == expected.images.tolist()


def test_a_class_is_known_by_number_and_by_name(written: Written, grey: NetworkMaterial) -> None:
    by_number = drawn(Arguments("a", LEFT, RIGHT), grey, written)
    assert drawn(Arguments("a", NAMES[LEFT], NAMES[RIGHT]), grey, Written()) == by_number
    assert by_number["strips"][0]["actual"] == NAMES[LEFT]


@pytest.mark.parametrize("wanted", ["lefft", 3, -1])
def test_an_unknown_class_is_named(
    wanted: int | str, written: Written, grey: NetworkMaterial
) -> None:
    with pytest.raises(EssayError, match=f"has no class {wanted!r}") as caught:
        drawn(Arguments("a", wanted, RIGHT), grey, written)
    assert wanted != "lefft" or "did you mean left?" in str(caught.value)


@pytest.mark.parametrize("count", [0, LIMIT + 1])
def test_a_count_out_of_range_is_refused(
    count: int, written: Written, grey: NetworkMaterial
) -> None:
    with pytest.raises(EssayError, match="count from 1"):
        drawn(Arguments("a", LEFT, RIGHT, count=count), grey, written)


def test_an_empty_cell_is_said_to_be_empty(written: Written, grey: NetworkMaterial) -> None:
    """A network that reads everything as one class leaves the cells of others empty."""
    weights = np.zeros((SIDE * SIDE, len(NAMES)))
    weights[:, LEFT] = 1
    context = drawn(
        Arguments("a", LEFT, RIGHT), material(network([weights]), grey.dataset), written
    )
    assert not written.pictures
    assert all(strip["name"] is None and strip["total"] == 0 for strip in context["strips"])
    assert context["finding"] == "A network reads 0 of 30 test images of left as right."
