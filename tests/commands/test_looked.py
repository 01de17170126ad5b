"""`netviz.look`: the page of the command, from arrays, and its messages as exceptions."""

import html
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netviz

SIDE, COUNT = 9, 60
LABELS = np.arange(COUNT) % 2
UPPER = np.where(np.arange(SIDE * SIDE) < SIDE * SIDE // 2, 1.0, -1.0)
NETWORK = {"weights_0": np.stack([UPPER, -UPPER], axis=1), "biases_0": np.zeros(2)}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return images with a bright half; nothing is written but to the folder `tmp_path`."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    images = np.random.default_rng(1).integers(0, 90, (COUNT, SIDE, SIDE), np.uint8)
    images[LABELS == 0, : SIDE // 2] += 150
    images[LABELS == 1, SIDE // 2 :] += 150
    return {"x_train": images, "y_train": LABELS, "x_test": images, "y_test": LABELS}


@pytest.mark.slow
def test_arrays_become_the_page_of_a_look(data: dict[str, Any], tmp_path: Path) -> None:
    shown = netviz.look(NETWORK, data=data, title="halves")
    assert list(tmp_path.iterdir()) == []
    assert shown.title == "A look at halves"
    for what in ('data-figure="weights"', 'data-figure="confusion_matrix"', "Not so here"):
        assert what in shown.html
    of_data, of_network = shown.notes  # all that the command tells
    assert f"{COUNT} of {COUNT} test images are training images too" in of_data
    assert "has no accuracy to compare with. If it was trained on pixels other than" in of_network
    assert " src=" not in shown.html.replace(' src="data:', "")


@pytest.mark.slow
def test_the_alphabet_of_the_terminal_does_not_matter(
    data: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command prints holds names, which Windows encodes in its own way."""
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    file = tmp_path / "réseau.npz"
    np.savez(file, allow_pickle=False, **NETWORK)
    assert netviz.look(file, data=data).title == "A look at réseau"


@pytest.mark.slow
def test_a_convolutional_network_is_asked_what_our_essay_says_of_such(data: dict[str, Any]) -> None:
    rng = np.random.default_rng(5)
    coloured = {name: _coloured(one, rng) if name[0] == "x" else one for name, one in data.items()}
    network = {
        "0.weight": rng.normal(size=(4, 3, 3, 3)), "0.bias": np.zeros(4),
        "3.weight": rng.normal(size=(2, 4)), "3.bias": np.zeros(2),
    }  # fmt: skip
    layers = ["conv 3x3x4 padded 1", "relu", "global average", "dense"]
    page = html.unescape(netviz.look(network, data=coloured, layers=layers).html)
    for figure in ("filters", "feature_maps", "evidence_map", "paint_rim", "move_it"):
        assert f'data-figure="{figure}"' in page
    assert ">Shuffle the places of its last maps, and it reads the images as before." in page
    for said in ("Colour counts", "cut into sixteen tiles", "All its first filters together"):
        assert said in page
    assert "weights cannot show the network 'network'; it takes a network of dense layers<" in page
    cell = re.search(r'data-figure="confusion_samples".*?<figcaption', page, re.DOTALL)
    assert cell is not None
    assert "no image" not in cell[0]


def _coloured(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return images in colour, 16 pixels a side."""
    large = images.repeat(2, axis=1).repeat(2, axis=2)[:, :16, :16, None]
    return (large * rng.uniform(0.5, 1, (len(large), 1, 1, 3))).astype(np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"network": "no.npz"}, "^no.npz: there is no such file of a network"),
        ({"data": "mnits"}, "there are no data 'mnits'.*did you mean mnist?"),
        ({"activatoin": "tanh"}, "unknown setting 'activatoin'.*did you mean activation?"),
        ({"activation": None}, "the setting 'activation' has the wrong type.*got NoneType"),
        ({"network": {"weights_0": UPPER}}, r"^look/network.npz"),
        ({"network": {"weights_0": object()}}, r"^network\['weights_0'\]: this is no array"),
    ],
)
def test_what_is_refused_is_told(data: dict[str, Any], given: dict[str, Any], said: str) -> None:
    asked = {"network": NETWORK, "data": data, **given}
    with pytest.raises(netviz.NetvizError, match=said) as told:
        netviz.look(asked.pop("network"), **asked)
    assert "Traceback" not in str(told.value)
