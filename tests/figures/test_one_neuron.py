"""One neuron: the numbers below the pictures are those of the network."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.one_neuron.one_neuron import Arguments, draw
from netviz.rendering.colour import Scale, diverging
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, dataset, network
from tests.miniatures import material as material_of

SIDE = 8


def drawn(material: NetworkMaterial, written: Written, unit: int = 0) -> dict[str, Any]:
    return contents(draw(Arguments("it", unit), Materials(networks={"it": material}), written))


def chosen(material: NetworkMaterial) -> list[int]:
    """The first image of each class that is read correctly, or else the first."""
    evaluation = material.evaluation
    images = []
    for k in range(len(NAMES)):
        own = np.flatnonzero(evaluation.labels == k)
        right = [image for image in own if evaluation.correct[image]]
        images.append(int((right or own.tolist())[0]))
    return images


def assert_painted(picture: Image.Image, expected: NDArray[np.uint8]) -> None:
    """Compare opacities, and colours where there is something to be seen."""
    pixels = np.asarray(picture.convert("RGBA"))
    assert np.array_equal(pixels[..., 3], expected[..., 3])
    seen = expected[..., 3] > 0
    assert np.array_equal(pixels[seen], expected[seen])


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
    assert np.allclose(np.array(context["sums"]), (pixels @ network.dense[0].weights).T, atol=1e-5)


def test_weights_and_products_are_painted_on_one_scale_for_each_neuron(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    images = grey.dataset.test.images[chosen(grey)][..., 0] / 255
    for unit, weights in enumerate(grey.trained.network.filters()[..., 0]):
        scale = Scale.symmetric(weights)
        assert context["limits"][unit] == scale.limit
        expected = diverging(np.concatenate(weights * images, axis=1), scale)
        assert_painted(written.pictures[f"products-{unit}"], expected)
        strip = written.pictures["weights"].crop((SIDE * unit, 0, SIDE * unit + SIDE, SIDE))
        assert_painted(strip, diverging(weights, scale))


def test_the_products_of_a_coloured_pixel_are_added_up(
    colour: NetworkMaterial, written: Written
) -> None:
    context = drawn(colour, written)
    images = colour.dataset.test.images[chosen(colour)] / 255
    for unit, weights in enumerate(colour.trained.network.filters()):
        evidence = (weights * images).sum(axis=-1)
        assert context["limits"][unit] == pytest.approx(np.abs(evidence).max(), rel=1e-5)
        seen = np.asarray(written.pictures[f"products-{unit}"].convert("RGBA"))[..., 3]
        painted = diverging(np.concatenate(evidence, axis=1))[..., 3]
        assert np.abs(seen.astype(int) - painted).max() <= 1


def test_the_finding_adds_up(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written, unit=1)
    total, bias = context["sums"][1][1], context["biases"][1]
    assert f"z = {total + bias:.2f}".replace("-", "−") in context["finding"]


def test_a_unit_beyond_the_first_ten_stands_beside_them(written: Written) -> None:
    rng = np.random.default_rng(7)
    wide = material_of(network([rng.normal(size=(64, 40)), rng.normal(size=(40, 3))]), dataset())
    context = drawn(wide, written, unit=36)
    assert len(context["units"]) == 10
    assert context["units"][context["unit"]] == "hidden unit 37"
    pixels = wide.dataset.test.images[chosen(wide)].reshape(3, -1) / 255
    expected = pixels @ wide.trained.network.dense[0].weights[:, 36]
    assert np.allclose(context["sums"][context["unit"]], expected, atol=1e-5)


def test_a_unit_that_is_not_there_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="no unit 3; expected 0 to 2"):
        drawn(grey, written, unit=3)
