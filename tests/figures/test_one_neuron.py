"""One neuron: the numbers below the pictures are those of the network."""

from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.one_neuron.one_neuron import Arguments, draw
from netviz.rendering.colour import Scale, diverging
from tests.figures.conftest import Written
from tests.miniatures import NAMES

SIDE = 8


def drawn(material: NetworkMaterial, written: Written, unit: int = 0) -> dict[str, Any]:
    return draw(Arguments("it", unit), Materials(networks={"it": material}), written)


def chosen(material: NetworkMaterial) -> list[int]:
    """The first image of each class that is read rightly, or else the first."""
    evaluation = material.evaluation
    images = []
    for k in range(len(NAMES)):
        own = np.flatnonzero(evaluation.labels == k)
        right = [image for image in own if evaluation.correct[image]]
        images.append(int((right or own.tolist())[0]))
    return images


def test_sum_and_bias_make_the_logit(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    sums, biases = np.array(context["sums"]), np.array(context["biases"])
    logits = grey.evaluation.logits[chosen(grey)].T
    assert np.allclose(sums + biases[:, None], logits, atol=1e-5)


def test_hidden_units_are_numbered_and_sum_up_before_their_activation(
    deep_colour: NetworkMaterial, written: Written
) -> None:
    context = drawn(deep_colour, written, unit=2)
    network = deep_colour.trained.network
    pixels = deep_colour.dataset.test.images[chosen(deep_colour)].reshape(3, -1) / 255
    assert context["units"][2] == "hidden unit 3"
    assert np.allclose(np.array(context["sums"]), (pixels @ network.weights[0]).T, atol=1e-5)


def test_a_picture_of_products_is_pixel_times_weight_on_one_scale(
    grey: NetworkMaterial, written: Written
) -> None:
    drawn(grey, written)
    images = grey.dataset.test.images[chosen(grey)] / 255
    filters = grey.trained.network.filters()
    products = filters[:, None, ..., 0] * images[None, ..., 0]
    scale = Scale.symmetric(products)
    for unit in range(len(NAMES)):
        picture = np.asarray(written.pictures[f"products-{unit}"].convert("RGBA"))
        for image in range(len(NAMES)):
            tile = picture[:, SIDE * image : SIDE * image + SIDE]
            expected = diverging(products[unit, image], scale)
            seen = expected[..., 3] > 0
            assert np.array_equal(tile[..., 3], expected[..., 3])
            assert np.array_equal(tile[seen], expected[seen])


def test_the_finding_adds_up(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written, unit=1)
    total, bias = context["sums"][1][1], context["biases"][1]
    assert f"z = {total + bias:.2f}".replace("-", "−") in context["finding"]


def test_a_unit_that_is_not_there_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="no unit 3"):
        drawn(grey, written, unit=3)
