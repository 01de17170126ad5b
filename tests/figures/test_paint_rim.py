"""Painted rims: the pictures, the answers and the counts are those of images painted by hand."""

from typing import Any

import numpy as np
import pytest

from netviz.analysis.painting import paint, with_rim
from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.description import Description
from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.paint_rim.paint_rim import COLOURS, Arguments, draw
from netviz.network.layers import Dense
from netviz.network.network import stacked
from tests.figures.conftest import Written, contents
from tests.miniatures import material as material_of

SIDE = 16
CLASSES = ("lake", "wood", "fire")


@pytest.fixture(scope="module")
def material() -> NetworkMaterial:
    """A network that goes by colour alone: blue, green and red, each summed over all pixels."""
    rng = np.random.default_rng(0)
    labels = np.tile(np.arange(3, dtype=np.uint8), 20)
    images = rng.integers(0, 120, (60, SIDE, SIDE, 3))
    for k, channel in enumerate((2, 1, 0)):
        images[labels == k, :, :, channel] += 60
    split = Split(images.astype(np.uint8), labels)
    shape = (SIDE, SIDE, 3)
    description = Description("scenes", "Scenes", CLASSES, shape, "C.", "L.", "https://x.org")
    weights = np.zeros((SIDE * SIDE * 3, 3), np.float32)
    for k, channel in enumerate((2, 1, 0)):
        weights[channel::3, k] = 0.1
    network = stacked(shape, [Dense(weights, np.zeros(3, np.float32))])
    return material_of(network, Dataset(description, split, split, "0" * 64))


def drawn(material: NetworkMaterial, written: Written, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as a call has them
    return contents(
        draw(Arguments("it", **arguments), Materials(networks={"it": material}), written)
    )


def test_a_rim_is_painted_on_all_four_sides_and_nowhere_else() -> None:
    images = np.full((1, 5, 6, 3), 9, np.uint8)
    painted = with_rim(images, 1, (1, 2, 3))
    assert (painted[0, 1:-1, 1:-1] == 9).all()
    outside = np.ones((5, 6), bool)
    outside[1:-1, 1:-1] = False
    assert (painted[0, outside] == (1, 2, 3)).all()
    assert (images == 9).all()


def test_shares_count_images_of_other_classes_only(material: NetworkMaterial) -> None:
    test = material.dataset.test
    network = material.trained.network
    painted = paint(network, test, 4, COLOURS["blue"])
    answers = network.logits(
        with_rim(test.images, 4, COLOURS["blue"]).reshape(60, -1) / np.float32(255)
    ).argmax(axis=1)
    for k in range(3):
        assert painted.shares[k] == pytest.approx((answers[test.labels != k] == k).mean())
    assert CLASSES[painted.winner] == "lake"
    assert painted.shares[painted.winner] == 1


def test_each_colour_leads_where_the_network_looks_for_it(
    material: NetworkMaterial, written: Written
) -> None:
    winners = drawn(material, written)["winners"]
    assert winners["blue"][-1] == "lake"
    assert winners["green"][-1] == "wood"
    assert winners["red"][-1] == "fire"
    assert [found[0] for found in winners.values()] == [found[-1] for found in winners.values()]


def test_the_pictures_are_painted_and_the_answers_are_those_to_them(
    material: NetworkMaterial, written: Written
) -> None:
    context = drawn(material, written, colour="red", width=4)
    strip = np.asarray(written.pictures["photographs"])
    assert (strip[0, :SIDE] == COLOURS["red"]).all()
    assert set(context["answers"]) == {"fire"}
    assert context["share"] == 1
    assert "100% of the test images of other classes for fire" in context["finding"]


@pytest.mark.parametrize(
    ("arguments", "message"), [({"colour": "mauve"}, "expected blue"), ({"width": 9}, "0, 1, 2")]
)
def test_what_cannot_be_painted_is_refused(
    material: NetworkMaterial, written: Written, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(EssayError, match=message):
        drawn(material, written, **arguments)


def test_grey_images_are_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="coloured images"):
        drawn(grey, written)
