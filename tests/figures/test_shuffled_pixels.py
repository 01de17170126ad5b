"""Shuffled pixels: the pictures are the same numbers in another order, and twins are twins."""

import dataclasses

import numpy as np
import pytest

from netviz.analysis.evaluation import evaluate
from netviz.datasets.shuffled import pixel_order, with_shuffled_pixels
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.figures.shuffled_pixels.shuffled_pixels import Arguments, draw
from tests.figures.conftest import Written, in_english
from tests.miniatures import SIDE


@pytest.fixture
def twin(grey: NetworkMaterial) -> NetworkMaterial:
    data = with_shuffled_pixels(grey.dataset)
    network = grey.trained.network
    return dataclasses.replace(
        grey, name="twin", dataset=data, evaluation=evaluate(network, data.test)
    )


def drawn(one: NetworkMaterial, other: NetworkMaterial, written: Written) -> Drawing:
    materials = Materials(networks={"one": one, "other": other})
    return draw(Arguments(("one",), ("other",)), materials, written)


def test_the_order_shipped_turns_the_one_picture_into_the_other(
    grey: NetworkMaterial, twin: NetworkMaterial, written: Written
) -> None:
    drawn(grey, twin, written)
    plain = np.asarray(written.pictures["plain"])[:, :SIDE].reshape(-1)
    moved = np.asarray(written.pictures["moved"])[:, :SIDE].reshape(-1)
    order = pixel_order(SIDE, SIDE)
    np.testing.assert_array_equal(plain[order], moved)
    assert (plain != moved).any()


def test_both_accuracies_are_said(
    grey: NetworkMaterial, twin: NetworkMaterial, written: Written
) -> None:
    finding = in_english(drawn(grey, twin, written).finding)
    assert f"classifies {grey.evaluation.accuracy:.1%} of the test images" in finding
    assert f"and {twin.evaluation.accuracy:.1%} where it learnt" in finding


def test_a_network_on_the_images_as_they_are_is_no_twin(
    grey: NetworkMaterial, written: Written
) -> None:
    with pytest.raises(EssayError, match="is no twin of") as refused:
        drawn(grey, grey, written)
    assert "shuffled_pixels = true" in str(refused.value.expected)


def test_names_come_in_pairs(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="needs networks in pairs"):
        draw(Arguments(("one",), ()), Materials(networks={"one": grey}), written)
