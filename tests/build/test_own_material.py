"""An essay with data and weights of its own, the whole way to a site."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from tests.essays import FRONT, build, content, netviz

SETTINGS = """\
[datasets.shapes]
title = "Shapes"
path = "shapes"
citation = "Drawn for a <b>test</b> by A & *B*."
licence = "{{ free }}"
homepage = "javascript:alert(1)"

[networks.ours]
title = "one layer"
dataset = "shapes"
[networks.ours.recipe]
epochs = 3
init_scale = 0.0

[networks.theirs]
title = "theirs"
dataset = "shapes"
weights = "theirs.safetensors"
"""
TEXT = (
    FRONT
    + """
{{ value("networks.theirs.test.accuracy", "percent") }} of {{ value("datasets.shapes.test") }}

{{ figure("weights", network="ours") }}
{{ figure("weights", network="theirs", id="fig-theirs") }}
{{ figure("mistakes", network="theirs") }}
{{ figure("confusion_matrix", network="ours", compare="theirs") }}
{{ figure("random_sample", dataset="shapes") }}
"""
)


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    """Noisy vertical and horizontal bars, and a network of PyTorch that knows the one from both."""
    folder = tmp_path / "essay"
    rng = np.random.default_rng(6)
    for name in ("across", "upright"):
        (folder / "shapes" / name).mkdir(parents=True)
        for number in range(40):
            pixels = rng.integers(0, 90, (10, 9), np.uint8)
            place = rng.integers(2, 7)
            if number % 8:
                pixels[
                    (place if name == "across" else slice(None)),
                    (slice(None) if name == "across" else place),
                ] = 250
            Image.fromarray(pixels).save(folder / "shapes" / name / f"{number}.png")
    weight = rng.normal(size=(2, 90)).astype(np.float32)
    save_file(
        {"fc.weight": weight, "fc.bias": np.zeros(2, np.float32)}, folder / "theirs.safetensors"
    )
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    return folder


def test_own_images_and_weights_become_a_site_without_a_fault(essay: Path) -> None:
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    shapes, theirs = measured["datasets"]["shapes"], measured["networks"]["theirs"]
    assert shapes["classes"] == ["across", "upright"]
    assert shapes["citation"] == "Drawn for a <b>test</b> by A & *B*."
    assert (shapes["train"], shapes["test"]) == (64, 16)
    assert theirs["seed"] is None
    assert theirs["recipe"] is None
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "theirs, trained elsewhere" in html
    checked = netviz(essay, "check")
    assert checked.returncode == 0, checked.stdout


def test_what_reading_passes_over_is_said_at_each_build_and_a_renamed_class_is_noticed(
    essay: Path,
) -> None:
    (essay / "shapes" / "across" / "1.heic").write_bytes(b"?")
    text = TEXT.split("{{ figure", maxsplit=1)[0]
    named = text + '{{ value("networks.ours.test.accuracy") }}'  # others are not trained
    (essay / "index.md").write_text(named, encoding="utf-8")
    note = "data set 'shapes': shapes: 80 pictures are read, other files passed over: 1 (1 .heic)"
    assert note in build(essay).stderr
    (essay / "shapes" / "upright").rename(essay / "shapes" / "upward")
    again = build(essay, "--verbose")
    assert again.returncode == 0, again.stderr
    assert note in again.stderr
    assert "reused train ours" in again.stderr
    measured = (essay.parent / "build" / "site" / "measurements.json").read_text(encoding="utf-8")
    assert json.loads(measured)["datasets"]["shapes"]["classes"] == ["across", "upward"]


def test_too_few_images_to_learn_from_are_told_by_the_data_set(essay: Path) -> None:
    for file in (essay / "shapes").glob("*/[1-9]*.png"):
        file.unlink()
    for name in ("across", "upright"):
        Image.new("L", (9, 10), 200).save(essay / "shapes" / name / "1.png")
    told = build(essay)
    assert told.returncode == 1
    assert "the data set 'Shapes': there are too few training images" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.torture
def test_other_weights_change_what_is_measured_of_them_and_nothing_else(essay: Path) -> None:
    assert build(essay).returncode == 0
    before = content(essay.parent / "build" / "site")
    save_file(
        {"fc.weight": np.ones((2, 90), np.float32), "fc.bias": np.ones(2, np.float32)},
        essay / "theirs.safetensors",
    )
    again = build(essay, "--verbose")
    assert again.returncode == 0, again.stderr
    assert "made import the weights of theirs" in again.stderr
    assert "made train ours" not in again.stderr
    assert content(essay.parent / "build" / "site") != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('path = "shapes"', 'path = "../shapes"', "essay.toml:3:1: 'path' leads out of"),
        ('path = "shapes"', 'path = "shape"', "essay/shape: there is no such data set"),
        ("[datasets.shapes]", "[datasets.mnist]", "'mnist' is a data set of netviz"),
        ('dataset = "shapes"', 'dataset = "shape"', "did you mean shapes?"),
        ("theirs.safetensors", "ours.npz", "there are no weights for 'theirs'"),
        (
            'weights = "theirs.safetensors"',
            'weights = "a.npz"\nhidden = [3]',
            "'hidden' has no meaning",
        ),
        *[
            ('path = "shapes"', f'path = "shapes"\n{setting}', said)
            for setting, said in (
                ('classes = ["a", " a"]', "essay.toml:4:1: two classes have one name"),
                ('classes = ["a", ""]', "essay.toml:4:1: a class has no name"),
                ("brightest = 0", "essay.toml:4:1: 'brightest' is out of range"),
                ("brightest = nan", "essay.toml:4:1: 'brightest' is out of range"),
                ('ground = "blue"', "expected one of white, black"),
                ("labels_from = 99999999999", "'labels_from' is out of range"),
            )
        ],
        (
            'title = "one layer"',
            'title = "one layer"\npixel_mean = 0.5',
            "'pixel_mean' has no meaning",
        ),
    ],
)
def test_settings_of_own_material_are_checked(essay: Path, old: str, new: str, said: str) -> None:
    assert old in SETTINGS
    (essay / "essay.toml").write_text(SETTINGS.replace(old, new), encoding="utf-8")
    told = build(essay)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_what_a_network_trained_elsewhere_cannot_show_is_told_at_its_line(essay: Path) -> None:
    text = TEXT + '\n{{ figure("training_film", network="theirs") }}\n'
    (essay / "index.md").write_text(text, encoding="utf-8")
    told = build(essay)
    assert told.returncode == 1
    assert f"index.md:{text.count(chr(10))}:" in told.stderr
    assert "which was trained elsewhere" in told.stderr


def test_what_an_author_says_of_data_stands_escaped_at_the_foot_of_its_pages_alone(
    essay: Path,
) -> None:
    front = TEXT.partition("\n\n")[0]
    (essay / "about.md").write_text(f"{front}\n\nNothing is measured here.\n", encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    foot = (
        (site / "index.html").read_text(encoding="utf-8").partition('<footer class="nv-foot">')[2]
    )
    for said in ("Shapes.", "Drawn for a &lt;b&gt;test&lt;/b&gt; by A &amp; *B*.", "{{ free }}"):
        assert said in foot
    assert "javascript:alert(1)" in foot
    assert 'href="javascript' not in foot
    assert "MNIST" not in foot
    assert "Drawn for a" not in (site / "about.html").read_text(encoding="utf-8")
