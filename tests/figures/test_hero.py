"""The hero: pictures, scores and the image are those of the network."""

import base64
from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.hero.hero import Arguments, draw
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, SIDE


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def test_the_scores_are_those_of_the_image_beside_them(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    drawing = draw(Arguments("it"), Materials(networks={"it": grey}), written)
    pixels = np.frombuffer(base64.b64decode(str(drawing.config["image"])), "u1")
    assert np.array_equal(
        np.asarray(written.pictures["image"].convert("L")), pixels.reshape(SIDE, SIDE)
    )
    logits = grey.trained.network.logits(pixels[None] / np.float32(255))[0]
    assert context["scores"] == pytest.approx(logits.tolist(), abs=1e-4)
    assert context["winner"] == int(logits.argmax())
    assert f"scores highest for {NAMES[context['winner']]}" in context["finding"]


def test_all_pictures_stand_on_one_signed_scale(grey: NetworkMaterial, written: Written) -> None:
    drawn(grey, written)
    assert written.pictures["weights"].size == (SIDE * len(NAMES), SIDE)
    # The strongest weight of all is opaque, and no other picture has a scale of its own.
    filters = grey.trained.network.filters()
    k = int(np.abs(filters).max(axis=(1, 2, 3)).argmax())
    alpha = np.asarray(written.pictures["weights"])[..., 3].reshape(SIDE, len(NAMES), SIDE)
    assert alpha[:, k].max() == alpha.max()


def test_only_digits_of_mnist_are_drawn_as_digits(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    assert context["digits"] is False


@pytest.mark.parametrize("kind", ["deep", "colour"])
def test_other_networks_are_refused(
    kind: str, request: pytest.FixtureRequest, written: Written
) -> None:
    with pytest.raises(EssayError, match="hero cannot lay an image"):
        drawn(request.getfixturevalue(kind), written)
