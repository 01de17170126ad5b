"""The table of silenced units: every number is that of a network without the unit."""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netviz.analysis.hidden import Survival
from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.silence.silence import Arguments, draw
from netviz.network.layers import Dense, Flatten, GlobalAverage
from netviz.network.network import Network, stacked
from tests.figures.conftest import Written, contents, drawn_at_random, in_english
from tests.figures.kinds import convolving
from tests.miniatures import NAMES


@pytest.fixture(scope="module")
def material() -> NetworkMaterial:
    return drawn_at_random((5,), 1, seed=8)


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def test_a_row_counts_what_a_network_without_the_unit_classifies_correctly(
    material: NetworkMaterial, written: Written
) -> None:
    network, test = material.trained.network, material.dataset.test
    for row in drawn(material, written)["units"]:
        weights = network.dense[1].weights.copy()
        weights[row["number"] - 1] = 0
        last = Dense(weights, network.dense[1].biases)
        without = stacked(network.image_shape, [network.dense[0], last])
        right = without.logits(test.pixels / np.float32(255)).argmax(axis=1) == test.labels
        for k, cell in enumerate(row["cells"]):
            assert cell["count"] == int(right[test.labels == k].sum())
            assert cell["total"] == int((test.labels == k).sum())
            assert cell["percent"] == f"{100 * cell['count'] / cell['total']:.0f}"


def test_the_last_row_is_the_whole_network(material: NetworkMaterial, written: Written) -> None:
    cells = drawn(material, written)["whole"]
    assert sum(cell["count"] for cell in cells) == int(material.evaluation.correct.sum())
    assert {cell["shade"] for cell in cells} == {0}


def test_a_class_is_lost_where_one_unit_costs_more_than_nine_in_ten() -> None:
    left = Survival(np.array([50, 50, 0]), np.array([[5, 4, 0], [50, 50, 0]]))
    assert left.lost.tolist() == [False, True, False]


def test_a_network_that_is_never_right_is_drawn_and_says_so(
    material: NetworkMaterial, written: Written
) -> None:
    answers = material.evaluation
    labels = (answers.logits.argmax(axis=1) + 1) % len(NAMES)
    never = replace(material, evaluation=replace(answers, labels=labels))
    drawing = draw(Arguments("it"), Materials(networks={"it": never}), written)
    said = f"{material.title} classifies none of {len(labels)} test images correctly."
    assert in_english(drawing.finding).lower() == said.lower()


def test_of_a_class_that_was_never_right_nothing_is_left() -> None:
    left = Survival(np.array([0, 50]), np.array([[1, 50], [0, 25]]))
    assert np.isnan(left.shares[:, 0]).all()
    assert left.shares[:, 1].tolist() == [1.0, 0.5]


def test_what_is_shipped_counts_as_the_table_does(
    material: NetworkMaterial, written: Written
) -> None:
    """The page multiplies rounded features; their answers are those of the build."""
    context = drawn(material, written)
    sent: Any = written.values["features-it"]
    features = np.frombuffer(base64.b64decode(sent["features"]), "<i2")
    features = features.reshape(sent["count"], sent["units"]) * np.frombuffer(
        base64.b64decode(sent["steps"]), "<f4"
    )
    weights = np.frombuffer(base64.b64decode(sent["weights"]), "<f4").reshape(sent["units"], -1)
    biases = np.frombuffer(base64.b64decode(sent["biases"]), "<f4")
    labels = np.frombuffer(base64.b64decode(sent["labels"]), "u1")
    assert sent["count"] == len(material.dataset.test)
    for row in context["units"]:
        kept = features.copy()
        kept[:, row["number"] - 1] = 0
        right = (kept @ weights + biases).argmax(axis=1) == labels
        for k, cell in enumerate(row["cells"]):
            assert cell["count"] == int(right[labels == k].sum())


def test_the_finding_names_the_unit_that_costs_a_class_most(
    material: NetworkMaterial, written: Written
) -> None:
    context = drawn(material, written)
    cells = [(cell["count"] / cell["whole"], row["number"], k) for row in context["units"]
             for k, cell in enumerate(row["cells"]) if cell["whole"]]  # fmt: skip
    share, unit, k = min(cells)
    assert share < 1
    assert f"images of {NAMES[k]} " in context["finding"]
    assert context["finding"].endswith(f"are left without hidden unit {unit}.")


def test_of_many_units_those_are_shown_that_cost_a_class_most(written: Written) -> None:
    context = drawn(drawn_at_random((40,), 1, seed=9), written)
    assert len(context["units"]) == 12
    numbers = [row["number"] for row in context["units"]]
    assert numbers == sorted(numbers)


def test_a_network_of_one_layer_is_refused(written: Written) -> None:
    with pytest.raises(EssayError, match="a dense last layer that reads hidden units"):
        drawn(drawn_at_random((), 1, seed=3), written)


def test_of_several_hidden_layers_the_last_is_silenced(written: Written) -> None:
    context = drawn(drawn_at_random((4, 3), 1, seed=3), written)
    assert [row["number"] for row in context["units"]] == [1, 2, 3]
    assert not context["shows_filters"]


@pytest.mark.parametrize("join", [Flatten(), GlobalAverage()], ids=["flat", "averaged"])
def test_a_map_of_a_convolution_is_silenced_as_a_whole(
    join: Flatten | GlobalAverage, written: Written
) -> None:
    """The table and the page's rounded features count as a network without the filter does."""
    (known, *_) = convolving(join, 1)
    context = drawn(known, written)
    network, test = known.trained.network, known.dataset.test
    last = network.convolutions[-1]
    place = network.layers.index(last)
    sent: Any = written.values["features-it"]
    features = np.frombuffer(base64.b64decode(sent["features"]), "<i2").reshape(sent["count"], -1)
    features = features * np.frombuffer(base64.b64decode(sent["steps"]), "<f4")
    weights = np.frombuffer(base64.b64decode(sent["weights"]), "<f4").reshape(len(features.T), -1)
    biases = np.frombuffer(base64.b64decode(sent["biases"]), "<f4")
    assert sent["units"] == last.units == context["hidden"]
    for row in context["units"]:
        unit = row["number"] - 1
        changed = {name: array.copy() for name, array in last.arrays.items()}
        for array in changed.values():
            array[..., unit] = 0
        layers = (*network.layers[:place], last.with_arrays(changed), *network.layers[place + 1 :])
        without = Network(network.image_shape, layers)
        right = without.logits(test.pixels / np.float32(255)).argmax(axis=1) == test.labels
        kept = features.copy()
        kept[:, unit :: sent["units"]] = 0
        shipped = (kept @ weights + biases).argmax(axis=1) == test.labels[: sent["count"]]
        counts = [int(right[test.labels == k].sum()) for k in range(len(NAMES))]
        assert [cell["count"] for cell in row["cells"]] == counts
        assert int(shipped.sum()) == sum(counts)


def test_the_picture_of_a_map_is_the_image_that_excites_it_most(written: Written) -> None:
    (known, *_) = convolving(GlobalAverage(), 1)
    context = drawn(known, written)
    network, test = known.trained.network, known.dataset.test
    features = network.features(test.pixels / np.float32(255))
    strip = np.asarray(written.pictures["units"])
    side = test.images.shape[2]
    for place, row in enumerate(context["units"]):
        best = test.images[features[:, row["number"] - 1].argmax(), :, :, 0]
        assert np.array_equal(strip[:, place * side : (place + 1) * side], best)
