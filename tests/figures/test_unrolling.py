"""Unrolling: image, weights and products are the network's, and their sum is its score."""

import re
from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.parts.exhibits import exhibits
from netviz.figures.unrolling.unrolling import HEIGHT, Arguments, draw
from netviz.rendering.colour import diverging
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def first(material: NetworkMaterial) -> int:
    return int(exhibits(material.evaluation, 10, 2)[0])


def test_bias_and_sum_make_the_networks_score(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    score = grey.evaluation.logits[first(grey), NAMES.index(context["class"])]
    assert context["bias"] + context["sum"] == pytest.approx(score, abs=1e-5)
    assert context["total"] == pytest.approx(score, abs=1e-5)


def test_the_products_are_pixel_times_weight(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    image = grey.dataset.test.images[first(grey), ..., 0] / 255
    products = image * grey.trained.network.filters()[NAMES.index(context["class"]), ..., 0]
    seen = np.asarray(written.pictures["products"].convert("RGBA"))
    assert np.array_equal(seen[..., 3], diverging(products)[..., 3])
    assert np.array_equal(
        np.asarray(written.pictures["image"].convert("L")),
        grey.dataset.test.images[first(grey), ..., 0],
    )


def test_the_line_of_the_running_sum_ends_at_the_score(
    grey: NetworkMaterial, written: Written
) -> None:
    chart = drawn(grey, written)["chart"]
    places = [float(number) for number in re.findall(r"-?\d+\.?\d*", chart["line"])]
    assert places[-2] == pytest.approx(chart["width"])
    assert places[-1] == pytest.approx(chart["end"], abs=0.1)
    assert all(0 <= y <= HEIGHT for y in places[1::2])


@pytest.mark.parametrize("name", ["deep", "colour"])
def test_what_has_no_single_column_is_refused(
    request: pytest.FixtureRequest, written: Written, name: str
) -> None:
    with pytest.raises(EssayError, match="cannot be unrolled"):
        drawn(request.getfixturevalue(name), written)
