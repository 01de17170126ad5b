"""The network diagram: every drawn line is a weight, every output has its name."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.network_diagram.network_diagram import Arguments, draw, drawn_pixels
from netviz.network.network import Architecture
from tests.figures.conftest import Written
from tests.miniatures import NAMES

PLAIN, DEEP = "grey", "deep"


@pytest.fixture(params=[PLAIN, DEEP, "deep_colour"])
def material(request: pytest.FixtureRequest) -> NetworkMaterial:
    found: NetworkMaterial = request.getfixturevalue(request.param)
    return found


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return draw(Arguments("it"), Materials(networks={"it": material}), written)


def place(neuron: str) -> tuple[int, int]:
    layer, unit = neuron.split("-")
    return int(layer), int(unit)


def test_a_line_has_the_sign_of_its_weight_and_the_strongest_is_opaque(
    material: NetworkMaterial, written: Written
) -> None:
    weights = material.trained.network.weights
    for drawing in drawn(material, written)["drawings"]:
        for layer, weight in enumerate(weights):
            lines = [line for line in drawing["lines"] if place(line["from"])[0] == layer]
            values = np.array(
                [weight[place(line["from"])[1], place(line["to"])[1]] for line in lines]
            )
            signs = [line["sign"] for line in lines]
            assert signs == ["positive" if value >= 0 else "negative" for value in values]
            opacities = np.array([line["opacity"] for line in lines])
            strengths = np.abs(values) / np.abs(values).max()
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


def test_a_hidden_unit_tells_for_which_class_it_speaks_most(
    deep: NetworkMaterial, written: Written
) -> None:
    notes = drawn(deep, written)["notes"]
    votes = deep.trained.network.weights[1]
    for unit in range(4):
        assert f"speaks most for {NAMES[votes[unit].argmax()]} (" in notes[f"1-{unit}"]


def test_a_drawn_pixel_lies_in_the_middle_column_and_is_of_the_first_channel() -> None:
    architecture = Architecture((28, 28, 3), (), 10)
    shown = drawn_pixels(architecture, 12)
    assert len(shown) == 11
    for number in shown:
        row, column = divmod(number // 3, 28)
        assert (number % 3, column) == (0, 14)
        assert 0 <= row < 28
    assert shown == sorted(set(shown))


def test_a_small_image_gives_pixels_enough() -> None:
    shown = drawn_pixels(Architecture((8, 8, 1), (), 3), 12)
    assert len(set(shown)) == 11
    assert {number % 8 for number in shown} == {3, 4}


def test_few_inputs_are_all_drawn() -> None:
    assert drawn_pixels(Architecture((2, 3, 1), (), 2), 12) == [0, 1, 2, 3, 4, 5]
