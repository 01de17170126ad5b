"""Networks of which only their answers are known, the whole way to a site."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.essay.settings import read_settings
from tests.essays import build, netviz

SETTINGS = """\
[datasets.halves]
title = "Halves"
path = "halves.npz"
classes = ["upper", "lower", "both"]

[networks.ours]
title = "one layer"
dataset = "halves"
[networks.ours.recipe]
epochs = 2

[networks.forest]
title = "a forest"
dataset = "halves"
answers = "forest.npz"
accuracy = 0.90
"""
FIGURES = (
    'confusion_matrix", network="forest"',
    'confusion_matrix", network="forest", compare="ours", id="fig-both"',
    'confusion_matrix", network="ours", compare="forest", id="fig-other"',
    'confusion_samples", network="forest", actual=0, predicted=1',
    'mistakes", network="forest"',
    'reliability", networks=["ours", "forest"]',
    'surest_samples", network="forest"',
    'you_first", network="forest"',
)
TEXT = """\
---
title: A test
description: An essay for tests.
authors: [A]
date: 2026-01-02
---

{{ value("networks.forest.test.accuracy", "percent") }}, by a forest of no layers.

""" + "\n\n".join(f'{{{{ figure("{one}) }}}}' for one in FIGURES)
COUNT, SIDE = 60, 10
LABELS = np.arange(COUNT) % 3


def answers(wrong: int) -> np.ndarray:
    """Return probabilities that are right but for the first `wrong` images."""
    chosen = LABELS.copy()
    chosen[:wrong] = (chosen[:wrong] + 1) % 3
    return 0.1 + 0.7 * np.eye(3)[chosen]


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    folder = tmp_path / "essay"
    folder.mkdir()
    images = np.random.default_rng(2).integers(0, 90, (COUNT, SIDE, SIDE), np.uint8)
    images[LABELS != 1, : SIDE // 2] += 150
    images[LABELS != 0, SIDE // 2 :] += 150
    arrays = {"x_train": images, "y_train": LABELS, "x_test": images, "y_test": LABELS}
    np.savez(folder / "halves.npz", allow_pickle=False, **arrays)
    np.savez(folder / "forest.npz", probabilities=answers(6), labels=LABELS)
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    return folder


def test_answers_alone_become_a_site_with_all_that_they_tell(essay: Path) -> None:
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    forest = measured["networks"]["forest"]
    assert forest["test"]["correct"] == 54
    assert forest["counts"] == {"test": 60}
    assert not {"architecture", "train", "templates", "downloads"} & set(forest)
    assert measured["comparisons"]["ours-over-forest"]["to_right"] <= 6
    assert not list(site.glob("weights/forest*"))
    assert "a forest, trained elsewhere" in (site / "index.html").read_text(encoding="utf-8")
    checked = netviz(essay, "check")
    assert checked.returncode == 0, checked.stdout


def test_what_takes_weights_is_refused_at_its_line(essay: Path) -> None:
    words = ("weights", "network_diagram", "hero", "silence", "training_film", "feature_space")
    calls = [
        f'{{{{ figure("{word}", network="forest", id="fig-{n}") }}}}'
        for n, word in enumerate(words)
    ]
    (essay / "index.md").write_text(TEXT + "\n\n" + "\n\n".join(calls), encoding="utf-8")
    told = build(essay)
    assert told.returncode == 1
    first = TEXT.count("\n") + 3
    for line in range(first, first + 2 * len(words), 2):
        assert re.search(rf"index.md:{line}:\d+: this cannot be drawn of 'forest'", told.stderr)
    assert told.stderr.count("of which only its answers are known") == len(words)
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("forest.npz", "trees.npz", "there are no answers for 'forest'"),
        ("0.90", "0.91", "essay.toml:16:1: netviz measures another accuracy of 'forest'"),
    ],
)
def test_a_wrong_name_and_a_wrong_accuracy_end_the_build(
    essay: Path, old: str, new: str, said: str
) -> None:
    (essay / "essay.toml").write_text(SETTINGS.replace(old, new), encoding="utf-8")
    told = build(essay)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("forest.npz", "../forest.npz", "'answers' leads out of the essay's folder"),
        ("accuracy = 0.90", "hidden = [3]", "'hidden' has no meaning here"),
        ("accuracy = 0.90", 'weights = "forest.npz"', "'weights' has no meaning here"),
        ("accuracy = 0.90", "pixel_mean = 0.5", "'pixel_mean' has no meaning here"),
        ("accuracy = 0.90", 'activation = "tanh"', "'activation' has no meaning here"),
        ("accuracy = 0.90", "accuracy = 90.0", "'accuracy' is out of range"),
    ],
)
def test_settings_of_answers_are_checked(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert SETTINGS.count(old) == 1
    (tmp_path / "essay.toml").write_text(SETTINGS.replace(old, new), encoding="utf-8")
    with pytest.raises(EssayError, match=said):
        read_settings(tmp_path / "essay.toml")


def test_answers_in_another_order_are_refused_by_the_labels_beside_them(essay: Path) -> None:
    order = np.random.default_rng(0).permutation(COUNT)
    np.savez(essay / "forest.npz", probabilities=answers(6)[order], labels=LABELS[order])
    told = build(essay)
    assert told.returncode == 1
    assert "essay/forest.npz: labels are not those of the test images" in told.stderr


def test_an_essay_may_have_no_network_with_weights(essay: Path) -> None:
    settings = SETTINGS.partition("[networks.ours]")[0] + SETTINGS[SETTINGS.index("[networks.f") :]
    (essay / "essay.toml").write_text(settings, encoding="utf-8")
    kept = [one for one in TEXT.split("\n\n") if '"ours"' not in one]
    (essay / "index.md").write_text("\n\n".join(kept), encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
