"""Two maps of the same images: by pixels, and by what a hidden layer makes of them."""

import math
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Split
from netviz.errors import EssayError
from netviz.figures.feature_space.feature_space import MARGIN, SIDE, Arguments, draw
from netviz.figures.figure import Materials, NetworkMaterial
from tests.figures.conftest import Written, contents
from tests.figures.kinds import kind_of


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def chosen(material: NetworkMaterial) -> np.ndarray[Any, Any]:
    labels = material.dataset.test.labels
    return np.concatenate([np.flatnonzero(labels == k)[:100] for k in range(3)])


def test_distances_in_a_map_are_those_of_the_projection_to_scale(
    deep: NetworkMaterial, written: Written
) -> None:
    """An independent oracle: singular values of the same images, by numpy."""
    images = deep.dataset.test.images.reshape(len(deep.dataset.test.images), -1) / 255
    centred = images - images.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat = (centred @ axes[:2].T)[chosen(deep)]
    points = np.array(drawn(deep, written)["maps"][0]["points"])

    def distances(places: np.ndarray[Any, Any]) -> Any:  # noqa: ANN401 - an array
        return np.linalg.norm(places[:, None] - places[None], axis=-1)

    ratio = distances(points).max() / distances(flat).max()
    assert np.allclose(distances(points), ratio * distances(flat), atol=0.3)


def test_every_point_lies_inside_its_map(deep_colour: NetworkMaterial, written: Written) -> None:
    for one in drawn(deep_colour, written)["maps"]:
        points = np.array(one["points"])
        assert points.min() >= MARGIN - 0.1
        assert points.max() <= SIDE - MARGIN + 0.1
        assert 0 < one["explained"] <= 1.0001


def test_each_image_carries_its_class_and_what_it_was_read_as(
    deep: NetworkMaterial, written: Written
) -> None:
    context = drawn(deep, written)
    assert [one["label"] for one in context["images"]] == deep.evaluation.labels[
        chosen(deep)
    ].tolist()
    read = deep.evaluation.predictions[chosen(deep)].tolist()
    assert [one["read"] for one in context["images"]] == read


def test_the_sheet_holds_the_images_of_the_points(deep: NetworkMaterial, written: Written) -> None:
    context = drawn(deep, written)
    sheet = np.asarray(written.pictures["images"].convert("L"))
    columns = context["index"]["columns"]
    for place, image in enumerate(chosen(deep)):
        row, column = divmod(context["slots"][place], columns)
        tile = sheet[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
        assert np.array_equal(tile, deep.dataset.test.images[image, :, :, 0])


def test_long_class_names_are_shown_by_their_initials(
    deep: NetworkMaterial, written: Written
) -> None:
    assert drawn(deep, written)["marks"] == ["L", "R", "W"]


def test_a_layer_that_is_dead_has_no_spread_to_speak_of(written: Written) -> None:
    finding = str(drawn(kind_of("dead units")[0], written)["finding"])
    assert "makes the same of every test image" in finding


def test_images_that_are_alike_lie_at_one_point(written: Written) -> None:
    finding = str(drawn(kind_of("images alike, hidden")[0], written)["finding"])
    assert "the test images of Shapes are all alike" in finding


def test_the_maps_of_all_images_are_never_in_memory_together(written: Written) -> None:
    known = kind_of("convolution, averaged, colour")[0]
    data = known.dataset
    times = 8_000 // len(data.test)
    test = Split(np.tile(data.test.images, (times, 1, 1, 1)), np.tile(data.test.labels, times))
    network = known.trained.network
    many = replace(known, dataset=replace(data, test=test), evaluation=evaluate(network, test))
    tracemalloc.start()
    drawn(many, written)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    numbers = sum(math.prod(shape) for shape in network.shapes)
    assert peak < 4 * numbers * len(test)  # bytes


def test_a_network_without_a_hidden_layer_is_refused(
    grey: NetworkMaterial, written: Written
) -> None:
    with pytest.raises(EssayError, match="no hidden layer"):
        drawn(grey, written)


def test_the_map_by_features_is_turned_towards_that_by_pixels(
    deep: NetworkMaterial, written: Written
) -> None:
    """No other turn, tried by degrees and mirrored, brings the two places of images nearer."""
    by_pixels, by_features = (
        np.array(one["points"]) - SIDE / 2 for one in drawn(deep, written)["maps"]
    )
    by_pixels -= by_pixels.mean(axis=0)
    by_features -= by_features.mean(axis=0)
    found = float((by_pixels * by_features).sum())
    angles = np.radians(np.arange(360))
    turns = np.stack([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]])
    for mirrored in (by_features, by_features * (1, -1)):
        others = np.einsum("nk,kja->anj", mirrored, turns)
        assert ((others * by_pixels).sum(axis=(1, 2)) <= found * 1.001).all()
