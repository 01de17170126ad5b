"""Training in the page: the images shipped are real, and none is held out and trained on."""

import base64
from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.train_it_yourself.train_it_yourself import Arguments, draw
from tests.figures.conftest import Written, contents


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


@pytest.mark.parametrize(("name", "split"), [("training", "train"), ("held-out", "test")])
def test_images_come_from_the_split_they_are_said_to(
    grey: NetworkMaterial, written: Written, name: str, split: str
) -> None:
    drawn(grey, written)
    shipped: Any = written.values[f"{name}-shapes"]
    pixels = np.frombuffer(base64.b64decode(shipped["images"]), np.uint8).reshape(-1, 64)
    source = getattr(grey.dataset, split)
    known = {
        image.tobytes(): label for image, label in zip(source.images, source.labels, strict=True)
    }
    assert [known[image.tobytes()] for image in pixels] == shipped["labels"]
    assert len(set(shipped["labels"])) == 3


def test_the_counts_are_told(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    shipped: Any = written.values["training-shapes"]
    assert context["counts"]["training"] == shipped["count"] == len(shipped["labels"])
    assert f"on {shipped['count']} of the images" in context["finding"]


def test_guessing_evenly_costs_the_logarithm_of_the_classes(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    even = np.full(len(context["classes"]), 1 / len(context["classes"]))
    assert context["loss_of_guessing"] == pytest.approx(-np.log(even[0]))


def test_a_network_with_hidden_layers_is_refused(deep: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="cannot be trained in a page"):
        drawn(deep, written)
