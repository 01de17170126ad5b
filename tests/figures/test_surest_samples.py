"""The surest image of every cell: each belongs to its cell, and none there was surer."""

from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.surest_samples import surest_samples
from netviz.figures.surest_samples.surest_samples import Arguments, draw
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES

SIDE = 8


def drawn(material: NetworkMaterial, written: Written) -> dict[str, Any]:
    return contents(draw(Arguments("it"), Materials(networks={"it": material}), written))


def test_each_cell_shows_its_surest_image(grey: NetworkMaterial, written: Written) -> None:
    rows = drawn(grey, written)["rows"]
    strip = np.asarray(written.pictures["cells"].convert("RGBA"))
    evaluation = grey.evaluation
    for place in range(len(NAMES) ** 2):
        actual, predicted = divmod(place, len(NAMES))
        inside = (evaluation.labels == actual) & (evaluation.predictions == predicted)
        tile = strip[:, SIDE * place : SIDE * place + SIDE]
        if not inside.any():
            assert rows[actual][predicted] is None
            assert not tile[..., 3].any()
            continue
        surest = int(np.flatnonzero(inside)[evaluation.confidences[inside].argmax()])
        assert np.array_equal(tile[..., 0], grey.dataset.test.images[surest, ..., 0])
        assert f"{evaluation.confidences[surest]:.1%} sure" in rows[actual][predicted]
        assert f"the surest of {inside.sum()}" in rows[actual][predicted]


def test_too_many_classes_are_refused(
    grey: NetworkMaterial, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surest_samples, "MOST_CLASSES", 2)
    with pytest.raises(EssayError, match="at most 2 classes"):
        drawn(grey, written)
