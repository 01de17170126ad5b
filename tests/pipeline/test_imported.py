"""What the settings say of a network that was trained elsewhere, and what the site then says."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.essay.measurements import Measurements, Value
from netviz.essay.settings import NetworkSettings
from netviz.pipeline.imported import tolerance, unproved
from tests.essays import FRONT, build

SETTINGS = """\
[datasets.stripes]
title = "Stripes"
path = "stripes.npz"

[networks.theirs]
title = "theirs"
dataset = "stripes"
weights = "theirs.npz"
{}
"""
TEXT = (
    FRONT
    + """
{{ value("networks.theirs.test.accuracy", "percent") }}

{{ figure("confusion_matrix", network="theirs") }}
"""
)
SIDE = 8
WEIGHTS = np.repeat(np.eye(2), SIDE * SIDE // 2, axis=0)  # reads which half is brighter
HALVES = np.random.default_rng(3).integers(0, 60, (60, SIDE, SIDE), np.uint8)
LABELS = np.arange(60) % 2
HALVES[LABELS == 0, :4] += 150
HALVES[LABELS == 1, 4:] += 150
HALVES[:6] = HALVES[:6, ::-1]  # read wrongly: six of sixty


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    """Images with a bright half, six of them labelled wrongly, and a network that sees the half."""
    folder = tmp_path / "essay"
    folder.mkdir()
    np.savez(folder / "stripes.npz", x_train=HALVES, y_train=LABELS, x_test=HALVES, y_test=LABELS)
    np.savez(folder / "theirs.npz", weights_0=WEIGHTS, biases_0=np.zeros(2))
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    return folder


def say(essay: Path, *lines: str) -> None:
    (essay / "essay.toml").write_text(SETTINGS.format("\n".join(lines)), encoding="utf-8")


@pytest.mark.slow
def test_a_stated_accuracy_that_is_measured_too_passes(essay: Path) -> None:
    say(essay, "accuracy = 0.90")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert measured["networks"]["theirs"]["test"]["accuracy"] == 0.9
    assert measured["networks"]["theirs"]["test"]["may_have_learnt"] is False
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "60 test images" in html
    assert "may have learnt" not in html + built.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("accuracy = 0.91", "another accuracy of 'theirs' than.*expected 0.91; got 0.9 on 60 test"),
        ("accuracy = 0.9017", "expected 0.9017; got 0.9 on"),
        ("accuracy = 90.0", "'accuracy' is out of range; expected 0 to 1, such as 0.8867"),
        ("pixel_mean = nan", "'pixel_mean' is out of range; expected -1000000 to 1000000; got"),
        ("pixel_mean = 1e308", "'pixel_mean' is out of range"),
        ("pixel_mean = [0.4, inf, 0.5]", "'pixel_mean' is out of range.*got inf"),
        ("pixel_mean = [0.4, 0.5]", "one for each of 3 colours; got 2"),
        ("pixel_mean = [0.4, 0.5, 0.6]", "'pixel_mean' does not fit the images"),
        ('pixel_mean = "0.4"', "'pixel_mean' has the wrong type; expected a number or a list"),
        ("pixel_deviation = 0", "'pixel_deviation' is out of range"),
        ("pixel_deviation = nan", "'pixel_deviation' is out of range"),
        ("pixel_deviation = 1e-300", "'pixel_deviation' is out of range.*got 1e-300"),
        ("normalisation_epsilon = -1.0", "'normalisation_epsilon' is out of range"),
        ('colours = "rows"', "'colours' has an unknown value; expected one of planes, pixels"),
        ('layers = ["fc"]', "'layers' names 'fc', which is not in theirs.npz"),
    ],
)
def test_what_cannot_be_true_of_a_network_ends_the_build_at_its_line(
    essay: Path, line: str, said: str
) -> None:
    say(essay, line)
    told = build(essay)
    assert told.returncode == 1
    (message,) = [one for one in told.stderr.splitlines() if "essay.toml" in one]
    # The settings of weights that are read late have the place of the file's name.
    assert "essay.toml:8:1: " in message or "essay.toml:9:1: " in message
    assert re.search(said, message)
    assert "Traceback" not in told.stderr
    assert "Warning" not in told.stderr


def test_a_recipe_takes_no_settings_of_weights(essay: Path) -> None:
    say(essay, "accuracy = 0.9")
    text = (essay / "essay.toml").read_text(encoding="utf-8")
    (essay / "essay.toml").write_text(text.replace('weights = "theirs.npz"\n', ""))
    told = build(essay)
    assert told.returncode == 1
    assert "essay.toml:8:1: 'accuracy' has no meaning here" in told.stderr


def test_numbers_that_are_too_large_are_a_fault_of_the_authors_file(essay: Path) -> None:
    say(essay)
    np.savez(essay / "theirs.npz", weights_0=WEIGHTS * 1e300, biases_0=np.zeros(2))
    told = build(essay)
    assert told.returncode == 1
    assert "essay/theirs.npz: weights_0 has numbers too large for floats of 32 bits" in told.stderr
    assert "elete" not in told.stderr
    assert "Warning" not in told.stderr


@pytest.mark.slow
def test_a_network_without_an_accuracy_is_told_with_what_is_taken_for_granted(essay: Path) -> None:
    """Nothing else shows that another activation or normalisation went unmentioned."""
    say(essay)
    built = build(essay)
    assert built.returncode == 0, built.stderr
    said = "'theirs' has no accuracy to compare with."
    assert (
        f"{said} If it was trained on pixels other than 0 (black) to 1 (white), what is shown"
        in (built.stderr)
    )
    say(essay, "accuracy = 0.90")
    assert said not in build(essay).stderr


def measured(activation: str | None, **tried: int) -> Measurements:
    found: dict[str, Value] = {"images": 1000, "correct": 400, "ways": 5, **tried}
    architecture: dict[str, Value] = {"activation": activation}
    return Measurements({"networks": {"theirs": {"architecture": architecture, "tried": found}}})


def of_weights(file: str = "theirs.npz", **settings: object) -> NetworkSettings:
    return NetworkSettings("theirs", "halves", weights=file, **settings)  # type: ignore[arg-type]  # what a test says of it


@pytest.mark.parametrize(
    ("settings", "activation", "said"),
    [
        ({}, "relu", "trained on pixels other than 0 (black) to 1 (white) or with another activat"),
        ({"activation": "tanh"}, "tanh", "0 (black) to 1 (white), what is shown of it is wrong"),
        ({"file": "graph"}, "relu", "0 (black) to 1 (white), what is shown of it is wrong"),
        ({"file": "arrays.onnx"}, "relu", "0 (black) to 1 (white) or with another activation"),
        ({"pixel_mean": (0.0, 0.0, 0.0)}, "relu", "0 (black) to 1 (white) or with another activat"),
        ({"pixel_mean": 0.1}, "relu", "If it was trained with another activation than relu, what"),
        ({"inverted": True}, None, "with. What is shown of it may be wrong"),
    ],
)
def test_only_what_no_setting_says_is_taken_for_granted(
    tmp_path: Path, settings: dict[str, Any], activation: str | None, said: str
) -> None:
    """A graph of ONNX names its activations; its content tells it, not what it is called."""
    (tmp_path / "graph").write_bytes(b"\x08\x08\x12\x07pytorch")
    np.savez(tmp_path / "arrays.npz", weights_0=np.ones((4, 2)))
    (tmp_path / "arrays.npz").rename(tmp_path / "arrays.onnx")
    assert said in unproved("theirs", tmp_path, of_weights(**settings), measured(activation))


def test_that_no_usual_way_reads_more_is_said_where_any_was_tried() -> None:
    none = unproved("theirs", Path(), of_weights(), measured("relu"))
    assert "; of the 5 other ways that are usual none reads clearly more images. Give" in none
    assert "; of the one usual way none" in unproved(
        "theirs", Path(), of_weights(), measured("relu", ways=1)
    )
    assert "nothing tells. Give" in unproved(
        "theirs", Path(), of_weights(), measured("relu", ways=0)
    )


# --- what was said of it, and what is true ---------------------------------------------------


def by_brightness() -> dict[str, np.ndarray]:
    """Weights that tell dark images from bright ones by pixels of -1 to 1; others are bright."""
    brightness = np.stack([np.full(SIDE * SIDE, -1.0), np.full(SIDE * SIDE, 1.0)], axis=1)
    return {"weights_0": brightness, "biases_0": np.zeros(2)}


@pytest.fixture
def normalised(essay: Path) -> Path:
    """Dark and bright images, and a network that tells them apart by pixels of -1 to 1."""
    rng = np.random.default_rng(4)
    images = rng.integers(0, 100, (120, SIDE, SIDE), np.uint8)
    labels = np.arange(120) % 2
    images[labels == 1] += 150
    np.savez(essay / "stripes.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    np.savez(essay / "theirs.npz", allow_pickle=False, **by_brightness())
    return essay


@pytest.mark.slow
def test_a_usual_normalisation_with_which_it_reads_more_is_named(normalised: Path) -> None:
    say(normalised)
    told = build(normalised)
    assert told.returncode == 0, told.stderr
    said = (
        "'theirs' was very likely trained otherwise, and what is shown of it is wrong: as it is"
        " said to be it reads 60 of 120 test images, and with pixel_mean = 0.5, pixel_deviation ="
        " 0.5 it reads 120. Add what is true to its settings."
    )
    assert said in " ".join(told.stderr.split())
    say(normalised, "pixel_mean = 0.5", "pixel_deviation = 0.5")
    told = build(normalised)
    assert "trained otherwise" not in told.stderr
    site = normalised.parent / "build" / "site"
    tree = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert tree["networks"]["theirs"]["test"]["accuracy"] == 1


def test_it_is_named_too_where_the_stated_accuracy_is_another(normalised: Path) -> None:
    say(normalised, "accuracy = 1.0")
    told = build(normalised)
    assert told.returncode == 1
    assert "another accuracy of 'theirs' than it had where it was trained" in told.stderr
    assert "with pixel_mean = 0.5, pixel_deviation = 0.5 it reads 120." in told.stderr


def write_thirds(data: Path, network: Path) -> None:
    """Write images named by the third that is bright, and a network that counts from the top.

    Sorted by their names, "low" comes first, which is the last output of the network.
    """
    images = np.random.default_rng(5).integers(0, 100, (90, 9, 9), np.uint8)
    thirds = np.arange(90) % 3
    for third in range(3):
        images[thirds == third, 3 * third : 3 * third + 3] += 150
    labels = np.array(["top", "middle", "low"])[thirds]
    np.savez(data, x_train=images, y_train=labels, x_test=images, y_test=labels)
    np.savez(network, weights_0=np.repeat(np.eye(3), 27, axis=0), biases_0=np.zeros(3))


@pytest.fixture
def in_other_order(essay: Path) -> Path:
    write_thirds(essay / "stripes.npz", essay / "theirs.npz")
    return essay


@pytest.mark.slow
def test_classes_in_another_order_are_told_with_the_order(in_other_order: Path) -> None:
    say(in_other_order)
    told = build(in_other_order)
    assert told.returncode == 0, told.stderr
    said = (
        "'theirs' very likely answers for the classes in another order, and what is shown of it is"
        " wrong: in the order of the labels its outputs read 30 of 90 test images, and with classes"
        ' = ["top", "middle", "low"] they read 90. Add that to [datasets.stripes] if'
    )
    assert said in " ".join(told.stderr.split())
    settings = SETTINGS.format("").replace(
        'path = "stripes.npz"', 'path = "stripes.npz"\nclasses = ["top", "middle", "low"]'
    )
    (in_other_order / "essay.toml").write_text(settings, encoding="utf-8")
    told = build(in_other_order)
    assert told.returncode == 0, told.stderr
    assert "another order" not in told.stderr
    site = in_other_order.parent / "build" / "site"
    tree = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert tree["networks"]["theirs"]["test"]["accuracy"] == 1


def test_it_is_told_of_answers_too_and_where_an_accuracy_is_stated(in_other_order: Path) -> None:
    with np.load(in_other_order / "stripes.npz") as data:
        seen = np.array([data["x_test"][:, k : k + 3].mean(axis=(1, 2)) for k in (0, 3, 6)]).T
        np.savez(in_other_order / "theirs.npz", logits=seen)
    settings = SETTINGS.format("").replace("weights =", "answers =")
    (in_other_order / "essay.toml").write_text(settings, encoding="utf-8")
    told = build(in_other_order)
    assert told.returncode == 0, told.stderr
    assert 'with classes = ["top", "middle", "low"] they read 90.' in told.stderr
    (in_other_order / "essay.toml").write_text(settings + "accuracy = 1.0\n", encoding="utf-8")
    told = build(in_other_order)
    assert told.returncode == 1
    assert "another accuracy of 'theirs' than it had where it was trained" in told.stderr
    assert 'with classes = ["top", "middle", "low"] they read 90.' in told.stderr


@pytest.mark.slow
def test_answers_without_labels_or_accuracy_are_told(essay: Path) -> None:
    settings = SETTINGS.format("").replace("weights =", "answers =")
    (essay / "essay.toml").write_text(settings, encoding="utf-8")
    logits = np.eye(2, dtype=np.float32)[LABELS] * 3 - 1
    unproved = "nothing proves that 'theirs' answers the test images in their order"
    np.savez(essay / "theirs.npz", logits=logits)
    assert unproved in build(essay).stderr
    np.savez(essay / "theirs.npz", logits=logits, labels=LABELS)
    assert unproved not in build(essay).stderr


@pytest.mark.slow
def test_a_network_that_reads_as_it_is_said_to_be_has_no_better_way(essay: Path) -> None:
    say(essay)
    build(essay)
    site = essay.parent / "build" / "site"
    tree = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    tried = tree["networks"]["theirs"]["tried"]
    assert (tried["images"], tried["correct"]) == (60, 54)
    assert tried["ways"] > 0
    assert "better" not in tried


@pytest.mark.slow
def test_images_that_a_network_may_have_learnt_from_are_no_test(essay: Path) -> None:
    """Where a data set is not divided, netviz draws the test images from what was learnt from."""
    say(essay)
    np.savez(essay / "stripes.npz", images=HALVES, labels=LABELS)
    built = build(essay)
    assert built.returncode == 0, built.stderr
    assert "'theirs' may have learnt from the images that it is measured on" in built.stderr
    assert "x_train, y_train, x_test and y_test" in built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert measured["networks"]["theirs"]["test"]["may_have_learnt"] is True
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "theirs was trained elsewhere and may have learnt from these images." in html
    assert "12 held-out images it may have learnt from" in html
    assert "test image" not in html
    assert "test set" not in html


@pytest.mark.slow
def test_that_they_are_no_test_is_said_in_the_language_of_the_page(essay: Path) -> None:
    say(essay)
    np.savez(essay / "stripes.npz", images=HALVES, labels=LABELS)
    (essay / "index.md").write_text(TEXT.replace("---\n", "---\nlanguage: es\n", 1))
    built = build(essay)
    assert built.returncode == 0, built.stderr
    html = (essay.parent / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert "theirs se entrenó en otro lugar y pudo haber aprendido de estas imágenes." in html
    assert "12 imágenes reservadas" in html
    assert "imágenes de prueba" not in html
    assert "texts, such as" not in built.stderr


@pytest.mark.parametrize(
    ("stated", "within"), [(0.8867, 5e-5), (0.9, 5e-3), (1.0, 5e-3), (0.5, 5e-3), (0.123456, 5e-7)]
)
def test_an_accuracy_is_held_to_its_digits(stated: float, within: float) -> None:
    assert tolerance(stated) == pytest.approx(within)
