"""`netviz.show`: figures of arrays, and what is said of arrays that do not fit."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.Image import Resampling

import netviz
from netviz.commands.given import as_array
from netviz.commands.show import OF_ANSWERS
from netviz.essay.policy import loosened
from netviz.figures.registry import Registry
from netviz.network.softmax import softmax
from netviz.publishing.tags import read_tags

COUNT, CLASSES = 60, 3
RNG = np.random.default_rng(7)
LABELS = np.arange(COUNT) % CLASSES
IMAGES = RNG.integers(0, 256, (COUNT, 9, 9), np.uint8)
LOGITS = RNG.normal(size=(COUNT, CLASSES)) + 2 * np.eye(CLASSES)[LABELS]
DATA: dict[str, Any] = {"images": IMAGES, "labels": LABELS, "logits": LOGITS}
CELL: dict[str, Any] = {"confusion_samples": {"actual": 1, "predicted": 2}}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder in which anything may be written, and nothing may stay."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("word", OF_ANSWERS)
def test_each_figure_of_answers_is_a_page_that_loads_nothing(word: str, temporary: Path) -> None:
    shown = netviz.show(word, **DATA, **CELL.get(word, {}))
    assert f'data-figure="{word}"' in shown.html
    assert loosened(shown.html, is_one_file=True) is None
    for tag in read_tags(shown.html).starts:
        for name in ("src", "href"):
            assert tag.get(name) == "" or re.match("data:|#", tag.get(name)), tag
    assert set(re.findall(r"url\((\w+)", shown.html)) == {"data"}
    assert list(temporary.iterdir()) == []
    assert netviz.show(word, **DATA, **CELL.get(word, {})) == shown


def test_the_others_need_more_than_answers() -> None:
    for word in set(Registry().figures) - set(OF_ANSWERS):
        with pytest.raises(netviz.NetvizError, match="needs more of a network than its answers"):
            netviz.show(word, **DATA)


def test_outputs_in_another_order_than_the_classes_are_noted() -> None:
    assert netviz.show("confusion_matrix", **DATA).notes == ()
    turned = {**DATA, "logits": LOGITS[:, [1, 2, 0]], "classes": ["a", "b", "c"]}
    (note,) = netviz.show("confusion_matrix", **turned).notes
    assert 'and with classes = ["b", "c", "a"] they read' in note


def test_a_notebook_gets_a_frame_that_reaches_nothing_of_it() -> None:
    shown = netviz.show("reliability", **DATA, network='mine" onload="x', height=333)
    (frame,) = read_tags(shown._repr_html_()).starts
    assert frame.get("sandbox").split()[0] == "allow-scripts"
    assert "allow-same-origin" not in frame.get("sandbox")
    assert frame.get("height") == "333"
    assert frame.get("title") == 'Reliability of mine" onload="x'
    assert frame.get("srcdoc") == shown.html
    assert "onload" not in frame.attributes
    assert len(repr(shown)) < 120


def test_a_notebook_offers_what_there_is() -> None:
    assert dir(netviz) == ["NetvizError", "__version__", "look", "show"]
    assert all(hasattr(netviz, name) for name in dir(netviz))


def test_it_is_saved_as_one_file(tmp_path: Path) -> None:
    shown = netviz.show("mistakes", **DATA)
    file = shown.save(tmp_path / "figure.html")
    assert file.read_bytes() == shown.html.encode()
    with pytest.raises(netviz.NetvizError, match="there is no such folder"):
        shown.save(tmp_path / "nowhere" / "figure.html")


def test_only_the_networks_that_are_drawn_are_named() -> None:
    two = {"first of two": LOGITS, "second of two": LOGITS[:, ::-1]}
    compared = netviz.show("confusion_matrix", **DATA | {"logits": two})
    assert compared.title == "Confusion matrix of first of two and second of two"
    both = netviz.show("reliability", **DATA | {"logits": two})
    assert both.html.count("second of two") > 1
    photographs = netviz.show("random_sample", **DATA | {"logits": two}, dataset="Rubbish")
    assert photographs.title == "Random sample of Rubbish"
    assert "second of two" not in photographs.html
    alone = netviz.show("random_sample", images=IMAGES, labels=LABELS, dataset="Rubbish")
    assert alone == photographs


def test_probabilities_and_logits_show_the_same() -> None:
    shares = DATA | {"logits": None, "probabilities": softmax(LOGITS)}
    first, second = (netviz.show("confusion_matrix", **one).html for one in (DATA, shares))
    counts = re.compile(r'<button[^>]*class="cell[^>]*>(\d+)')
    assert counts.findall(first) == counts.findall(second)


class Tensor:
    """An array of another library, which numpy asks for its numbers."""

    def __init__(self, numbers: np.ndarray) -> None:
        self.numbers = numbers

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self.numbers


def test_arrays_may_be_of_any_library_and_layout() -> None:
    shown = netviz.show("confusion_matrix", **DATA)
    tensors = {"images": Tensor(IMAGES[:, None]), "labels": Tensor(LABELS)}
    planes: dict[str, Any] = {**tensors, "logits": LOGITS.tolist()}
    assert netviz.show("confusion_matrix", **planes) == shown
    rows = netviz.show("confusion_matrix", **DATA | {"images": IMAGES.reshape(COUNT, -1) / 255})
    assert rows.html == shown.html
    assert rows.notes == ("images: rows of 81 pixels are read as 9 × 9",)
    names = np.array(["ant", "bee", "cow"], object)[LABELS]
    assert as_array(names, "labels").dtype.kind == "U"
    assert ">cow<" in netviz.show("confusion_matrix", **DATA | {"labels": names}).html


@pytest.mark.slow
@pytest.mark.parametrize("word", OF_ANSWERS)
def test_larger_images_are_shown_as_thumbnails(word: str) -> None:
    large = RNG.integers(0, 256, (COUNT, 90, 70, 3), np.uint8)
    fit = [ImageOps.fit(Image.fromarray(one), (64, 64), Resampling.LANCZOS) for one in large]
    small = np.stack([np.asarray(one) for one in fit])
    of_cell = CELL.get(word, {})
    shown, expected = (netviz.show(word, **DATA | {"images": one} | of_cell)
                       for one in (large, small))  # fmt: skip
    assert shown.html == expected.html
    assert shown.notes == ("images: 70 × 90 pixels are cut to squares and shown as 64 × 64",)
    for layout in (large.transpose(0, 3, 1, 2), large / 255):
        assert netviz.show(word, **DATA | {"images": layout} | of_cell) == shown


def test_a_class_may_have_no_image() -> None:
    some = LABELS > 0
    data: dict[str, Any] = {"images": IMAGES[some], "labels": LABELS[some], "logits": LOGITS[some]}
    shown = netviz.show("confusion_matrix", **data, classes=["ant", "bee", "cow"])
    assert shown.notes == ("there are no images of 'ant'",)
    assert ">ant<" in shown.html
    netviz.show("mistakes", **data)


def test_labels_may_count_from_another_number() -> None:
    shown = netviz.show("confusion_matrix", **DATA | {"labels": LABELS + 1}, labels_from=1)
    assert ">3<" in shown.html
    assert shown.html != netviz.show("confusion_matrix", **DATA).html


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"figure": "confusion_matrx"}, "unknown figure 'confusion_matrx'.*mean confusion_matrix?"),
        ({"images": IMAGES[:5]}, "^labels: images and labels differ in number; expected 5 "),
        ({"images": IMAGES[:, :3]}, "^images: the images are too small.*expected 8 pixels a side"),
        ({"images": IMAGES - 128.0}, "^images: pixels are negative"),
        ({"images": np.full(IMAGES.shape, np.nan)}, "^images: a pixel is no finite number"),
        ({"images": [np.ones((9, 9)), np.ones((8, 8))]}, "^images: this is no array; .*list"),
        ({"images": np.array([None, 3])}, "^images: this is no array; .*Python objects"),
        ({"labels": LABELS + 1}, "^labels: a label is out of range; expected 0 to 2; got 3"),
        ({"labels": LABELS / 2}, "^labels: a label is no whole number"),
        ({"logits": LOGITS[:5]}, r"^logits: .*floats of shape \(60, 3\).*got float64 \(5, 3\)$"),
        ({"logits": LOGITS.T}, "^logits: .*Give it transposed"),
        ({"logits": LOGITS[:, :2]}, "^labels: a label is out of range; expected 0 to 1"),
        ({"logits": np.where(LOGITS > 1, np.nan, LOGITS)}, "^logits: .* is no number; .*got nan"),
        ({"logits": softmax(LOGITS)}, "^logits: .*Give them the name probabilities"),
        ({"probabilities": LOGITS}, "given twice; .*got logits and probabilities"),
        ({"logits": None, "probabilities": LOGITS}, "^probabilities: .*Give what comes before"),
        ({"logits": {"a": LOGITS, "b": LOGITS[:4]}}, r"^logits\['b'\]: logits does not answer"),
        ({"logits": dict.fromkeys("abc", LOGITS)}, "expected one network or two; got a, b, c"),
        ({"figure": "mistakes", "logits": dict.fromkeys("ab", LOGITS)}, "one network; got a, b"),
        ({"logits": None}, "got neither logits nor probabilities"),
        ({"classes": "abc"}, "^classes: the classes are one text"),
        ({"classes": {"a", "b", "c"}}, "^classes: the classes have no order.*got set"),
        ({"classes": {0: "a", 1: "b"}}, "^classes: the classes have no order.*got dict"),
        ({"classes": ["a", "b", "a"]}, "^classes: two classes have one name.*got 'a'"),
        ({"classes": ["a", "b"]}, "^labels: a label is out of range"),
        ({"figure": "you_first", "cuont": 3}, "no argument 'cuont'; .*did you mean count?"),
        ({"figure": "you_first", "count": "3"}, "^you_first: 'count' has the wrong type"),
        ({"figure": "you_first", "count": 99}, "^you_first: such a run cannot be shown"),
        ({"compare": "theirs"}, "takes no argument 'compare'; expected one of opens_on"),
        ({"clases": "ab"}, "no argument 'clases'; expected one of opens_on; did you mean classes"),
        ({"brightest": 100}, "^images: pixels lie outside of their scale"),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(given: dict[str, Any], said: str) -> None:
    data = {"figure": "confusion_matrix", **DATA, **given}
    with pytest.raises(netviz.NetvizError, match=said):
        netviz.show(data.pop("figure"), **data)


def test_the_package_loads_nothing_before_it_is_asked() -> None:
    code = "import sys, netviz; print([one for one in sys.modules if one.startswith('netviz.')])"
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "[]\n"
    with pytest.raises(AttributeError, match="'netviz' has no attribute 'shwo'"):
        netviz.shwo  # type: ignore[attr-defined]  # noqa: B018 - this is what is tried
