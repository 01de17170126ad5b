"""Moved images: pictures, answers and counts are those of images moved by hand."""

from typing import Any

import numpy as np
import pytest

from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.description import Description
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.figures.move_it.move_it import FULL, UNLIT, Arguments, draw
from netviz.network.layers import Dense
from netviz.network.network import stacked
from tests.figures.conftest import Written, contents
from tests.miniatures import material as material_of

SIDE = 16


def bars(digest: str = "0") -> Dataset:
    """Return images of an upright bar: of the class "left" in column 4, of "right" in column 10."""
    images = np.zeros((20, SIDE, SIDE, 1), np.uint8)
    labels = np.tile(np.arange(2, dtype=np.uint8), 10)
    images[labels == 0, :, 4] = 255
    images[labels == 1, :, 10] = 255
    split = Split(images, labels)
    shape = (SIDE, SIDE, 1)
    description = Description("bars", "Bars", ("left", "right"), shape, "C.", "L.", "https://x.org")
    return Dataset(description, split, split, 64 * digest)


def weights() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return weights to which ink left of column 8 is "left", all other "right"."""
    found = np.zeros((SIDE, SIDE, 2), np.float32)
    found[:, :8, 0] = found[:, 8:, 1] = 0.1
    return found.reshape(-1, 2)


@pytest.fixture(scope="module")
def linear() -> NetworkMaterial:
    return material_of(
        stacked((SIDE, SIDE, 1), [Dense(weights(), np.zeros(2, np.float32))]), bars()
    )


@pytest.fixture(scope="module")
def hidden() -> NetworkMaterial:
    through = Dense(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
    layers = [Dense(weights(), np.zeros(2, np.float32)), through]
    return material_of(stacked((SIDE, SIDE, 1), layers), bars())


def drawn(written: Written, *asked: NetworkMaterial) -> Drawing:
    names = tuple(f"n{k}" for k in range(len(asked)))
    materials = Materials(networks=dict(zip(names, asked, strict=True)))
    return draw(Arguments(names), materials, written)


def test_the_image_shown_is_misread_once_it_has_moved(
    linear: NetworkMaterial, written: Written
) -> None:
    drawing = drawn(written, linear)
    context: Any = drawing.context
    answers = [answer["name"] for answer in context["networks"][0]["answers"]]
    assert context["actual"] == "right"  # moved by 3, column 10 is column 7
    assert answers == ["right", "right", "right", "left", "left"]
    assert context["networks"][0]["accuracies"] == [1, 1, 1, 0.5, 0.5]
    assert "100.0% of the test images correctly where they stand, and 50.0%" in str(
        contents(drawing)["finding"]
    )


def test_the_template_is_lit_where_the_ink_is(linear: NetworkMaterial, written: Written) -> None:
    drawn(written, linear)
    places = np.asarray(written.pictures["places"].convert("L"))
    lit = np.asarray(written.pictures["lit"].convert("RGBA"))
    assert places[0, [10, SIDE + 9]].tolist() == [255, 255]
    assert lit[0, 10, 3] == 255  # ink on the template
    assert lit[0, 9, 3] == round(255 * UNLIT / FULL)  # the template alone
    assert lit[0, SIDE + 9, 3] == 255
    assert lit[0, 2, 3] == 0


def test_a_network_with_hidden_units_has_no_template(
    hidden: NetworkMaterial, linear: NetworkMaterial, written: Written
) -> None:
    assert drawn(written, hidden, linear).context["lit"] is None
    assert "lit" not in written.pictures


def test_networks_that_read_other_images_are_refused(
    linear: NetworkMaterial, written: Written
) -> None:
    other = material_of(linear.trained.network, bars("1"))
    with pytest.raises(EssayError, match="networks on the same data set"):
        drawn(written, linear, other)
    with pytest.raises(EssayError, match="needs a network"):
        drawn(written)


def test_small_images_are_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="at least 16 pixels"):
        drawn(written, grey)
