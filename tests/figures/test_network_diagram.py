"""The network diagram: every drawn line is a weight, every output has its name."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.network_diagram.network_diagram import Arguments, draw, drawn_pixels
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, dataset, network
from tests.miniatures import material as material_of

PLAIN, DEEP = "grey", "deep"


@pytest.fixture(params=[PLAIN, DEEP, "deep_colour"])
def material(request: pytest.FixtureRequest) -> NetworkMaterial:
    found: NetworkMaterial = request.getfixturevalue(request.param)
    return found


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def place(neuron: str) -> tuple[int, int]:
    layer, unit = neuron.split("-")
    return int(layer), int(unit)


def test_a_line_has_the_sign_of_its_weight_and_its_share_of_the_strongest_in_the_layer(
    material: NetworkMaterial, written: Written
) -> None:
    weights = [layer.weights for layer in material.trained.network.dense]
    for drawing in drawn(material, written)["drawings"]:
        for layer, weight in enumerate(weights):
            lines = [line for line in drawing["lines"] if place(line["from"])[0] == layer]
            values = np.array(
                [weight[place(line["from"])[1], place(line["to"])[1]] for line in lines]
            )
            signs = [line["sign"] for line in lines]
            assert signs == ["positive" if value >= 0 else "negative" for value in values]
            opacities = np.array([line["opacity"] for line in lines])
            strengths = np.abs(values) / np.abs(weight).max()
            assert np.allclose(opacities, strengths.clip(0.06), atol=0.006)


def test_lines_join_every_drawn_pair_of_neighbouring_layers(
    material: NetworkMaterial, written: Written
) -> None:
    for drawing in drawn(material, written)["drawings"]:
        shown = [[neuron["id"] for neuron in column["neurons"]] for column in drawing["columns"]]
        pairs = {(a, b) for below, above in pairwise(shown) for a in below for b in above}
        assert {(line["from"], line["to"]) for line in drawing["lines"]} == pairs
        assert len(drawing["lines"]) == len(pairs)


def test_every_output_carries_its_class_in_both_drawings(
    material: NetworkMaterial, written: Written
) -> None:
    for drawing in drawn(material, written)["drawings"]:
        outputs = drawing["columns"][-1]
        assert [neuron["label"] for neuron in outputs["neurons"]] == list(NAMES)
        assert outputs["heading"] == "3 outputs"


def test_the_legend_ends_at_the_strongest_weight_of_each_layer(
    deep: NetworkMaterial, written: Written
) -> None:
    scales = drawn(deep, written)["scales"]
    assert [scale["leads"] for scale in scales] == ["to the hidden units", "to the outputs"]
    for scale, layer in zip(scales, deep.trained.network.dense, strict=True):
        assert scale["high"] == f"+{np.abs(layer.weights).max():.2f}"
        assert scale["low"] == f"−{np.abs(layer.weights).max():.2f}"


def test_a_hidden_unit_tells_to_which_classes_its_weights_are_highest_and_lowest(
    deep: NetworkMaterial, written: Written
) -> None:
    notes = drawn(deep, written)["notes"]
    votes = deep.trained.network.dense[1].weights
    for unit in range(4):
        assert f"highest to {NAMES[votes[unit].argmax()]} (" in notes[f"1-{unit}"]
        assert f"lowest to {NAMES[votes[unit].argmin()]} (" in notes[f"1-{unit}"]


def test_every_neuron_that_is_drawn_has_a_note_and_no_other(written: Written) -> None:
    rng = np.random.default_rng(6)
    wide = material_of(network([rng.normal(size=(64, 40)), rng.normal(size=(40, 3))]), dataset())
    context = drawn(wide, written)
    ids = {
        neuron["id"]
        for drawing in context["drawings"]
        for column in drawing["columns"]
        for neuron in column["neurons"]
    }
    assert set(context["notes"]) == ids
    assert "1-0" in ids
    assert "1-20" not in ids


def test_an_input_tells_its_pixel_and_channel(
    deep_colour: NetworkMaterial, written: Written
) -> None:
    notes = drawn(deep_colour, written)["notes"]
    number = drawn_pixels(deep_colour.trained.network.image_shape, 12)[0]
    pixel = number // 3
    assert notes[f"0-{number}"].startswith(
        f"Input {number + 1}: the red of the pixel in row {pixel // 8 + 1}, "
        f"column {pixel % 8 + 1}, with 4 weights from −"
    )


def test_crowded_headings_are_numbers_so_that_they_do_not_touch(written: Written) -> None:
    layers = [np.ones(shape) for shape in ((64, 20), (20, 20), (20, 20), (20, 3))]
    wide, narrow = drawn(material_of(network(layers), dataset()), written)["drawings"]
    assert [column["heading"] for column in wide["columns"]][1:4] == ["20 hidden units"] * 3
    assert [column["heading"] for column in narrow["columns"]][1:4] == ["20"] * 3


def test_small_weights_are_told_to_two_digits(written: Written) -> None:
    weights = np.full((64, 3), 0.0123)
    context = drawn(material_of(network([weights]), dataset()), written)
    assert context["scales"][0]["high"] == "+0.012"
    assert "from +0.012 to +0.012" in context["notes"]["1-0"]


def test_a_neuron_with_one_weight_tells_it(written: Written) -> None:
    layers = [np.full((64, 1), 0.5), np.full((1, 3), -0.25)]
    context = drawn(material_of(network(layers), dataset()), written)
    inputs = [note for id_, note in context["notes"].items() if id_.startswith("0-")]
    assert inputs[0].endswith("with one weight of +0.50 to the next layer.")
    assert context["notes"]["2-1"].startswith(f"The output for {NAMES[1]}: one weight of −0.25, ")
    assert [column["heading"] for column in context["drawings"][0]["columns"]][1] == "1 hidden unit"


def test_a_network_of_zeros_is_drawn(written: Written) -> None:
    context = drawn(material_of(network([np.zeros((64, 3))]), dataset()), written)
    assert {line["opacity"] for line in context["drawings"][0]["lines"]} == {0.06}


def test_a_drawn_pixel_lies_in_the_middle_column_and_is_of_the_first_channel() -> None:
    shown = drawn_pixels((28, 28, 3), 12)
    assert len(shown) == 11
    for number in shown:
        row, column = divmod(number // 3, 28)
        assert (number % 3, column) == (0, 14)
        assert 0 <= row < 28
    assert shown == sorted(set(shown))


def test_a_small_image_gives_pixels_enough() -> None:
    shown = drawn_pixels((8, 8, 1), 12)
    assert len(set(shown)) == 11
    assert {number % 8 for number in shown} == {3, 4}


def test_few_inputs_are_all_drawn() -> None:
    assert drawn_pixels((2, 3, 1), 12) == [0, 1, 2, 3, 4, 5]
