"""The table of silenced units: every number is that of a network without the unit."""

import base64
from typing import Any

import numpy as np
import pytest

from netviz.analysis.hidden import Survival
from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.silence.silence import Arguments, draw
from netviz.network.layers import Dense
from netviz.network.network import stacked
from tests.figures.conftest import Written, contents, drawn_at_random
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


@pytest.mark.parametrize("hidden", [(), (4, 3)])
def test_a_network_of_another_shape_is_refused(hidden: tuple[int, ...], written: Written) -> None:
    with pytest.raises(EssayError, match="one hidden layer"):
        drawn(drawn_at_random(hidden, 1, seed=3), written)
