"""Filters and votes: bars are weights, and what a silenced unit costs is counted."""

from typing import Any

import numpy as np
import pytest

from netviz.analysis.confusion import confusion, confusion_matrix
from netviz.datasets.dataset import to_unit_range
from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.filters_and_votes.filters_and_votes import (
    HALF,
    Arguments,
    draw,
    most_important,
)
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES


@pytest.fixture(params=["deep", "deep_colour"])
def material(request: pytest.FixtureRequest) -> NetworkMaterial:
    found: NetworkMaterial = request.getfixturevalue(request.param)
    return found


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def test_every_bar_has_the_sign_and_the_length_of_its_weight(
    material: NetworkMaterial, written: Written
) -> None:
    weights = material.trained.network.dense[1].weights
    largest = np.abs(weights).max()
    for k, row in enumerate(drawn(material, written)["rows"]):
        assert row["name"] == NAMES[k]
        for unit, bar in enumerate(row["bars"]):
            weight = weights[unit, k]
            assert f"unit {unit + 1} {weight:+.2f}".replace("-", "−") in row["label"]
            assert bar["sign"] == ("positive" if weight >= 0 else "negative")
            assert bar["length"] == pytest.approx(HALF * abs(weight) / largest, abs=0.01)
            # Upwards from the zero line for the class, downwards against it.
            zero = bar["y"] + bar["length"] if weight >= 0 else bar["y"]
            assert zero == pytest.approx(HALF, abs=0.02)


def test_the_cost_of_silence_is_that_of_a_network_without_the_unit(
    material: NetworkMaterial, written: Written
) -> None:
    """The oracle is the network itself with that unit's outgoing weights set to zero."""
    network = material.trained.network
    hidden = network.features(to_unit_range(material.dataset.test.pixels))
    labels = material.evaluation.labels
    context = drawn(material, written)
    before = confusion(material.evaluation).counts
    for unit, told in enumerate(context["without"]):
        weights = network.dense[1].weights.copy()
        weights[unit] = 0
        predictions = (hidden @ weights + network.dense[1].biases).argmax(axis=1)
        assert f"Without hidden unit {unit + 1} the accuracy is " in told
        assert f"{(predictions == labels).mean():.1%}," in told
        after = confusion_matrix(labels, predictions, len(NAMES))
        assert context["differences"][unit] == (after - before).tolist()


def test_units_count_by_their_output_times_their_weights() -> None:
    activations = np.array([[1, 0, 2, 1], [3, 0, 2, 1]], np.float32)
    weights = np.array([[1, -1], [9, 9], [0.1, 0.1], [1, 2]], np.float32)
    assert most_important(activations, weights, 2).tolist() == [0, 3]
    assert most_important(activations, weights, 9).tolist() == [0, 1, 2, 3]


def test_the_shortcut_is_drawn_and_compared(material: NetworkMaterial, written: Written) -> None:
    context = drawn(material, written)
    network = material.trained.network
    pixels = to_unit_range(material.dataset.test.pixels)
    straight = (pixels @ network.dense[0].weights + network.dense[0].biases) @ network.dense[
        1
    ].weights
    same = (straight + network.dense[1].biases).argmax(axis=1) == material.evaluation.predictions
    assert context["straight"]["agreement"] == pytest.approx(same.mean())
    assert written.pictures["shortcut"].size == (8 * len(NAMES), 8)


def test_images_for_the_page_come_with_numpys_probabilities(
    material: NetworkMaterial, written: Written
) -> None:
    drawn(material, written)
    shipped: Any = written.values["votes-it"]
    assert set(shipped["labels"]) == {0, 1, 2}
    assert "probabilities" in shipped


def test_a_network_of_another_shape_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="one hidden layer"):
        drawn(grey, written)
