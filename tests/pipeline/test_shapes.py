"""Layers in the settings: they become a network, and one that does not fit is told at its line."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.essays import build
from tests.pipeline.test_imported import HALVES, LABELS, TEXT

SETTINGS = """\
[datasets.stripes]
title = "Stripes"
path = "stripes.npz"

[networks.theirs]
title = "ours"
dataset = "stripes"
layers = ["conv 3x3x4 padded", "pool 2", "batch norm", "relu", "flatten", "dense"]
[networks.theirs.recipe]
epochs = 30
learning_rate = 0.05
centred = false
validation = 10
batch_size = 10
"""


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    folder = tmp_path / "essay"
    folder.mkdir()
    np.savez(folder / "stripes.npz", x_train=HALVES, y_train=LABELS, x_test=HALVES, y_test=LABELS)
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def test_a_convolutional_network_is_trained_measured_and_drawn(essay: Path) -> None:
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert measured["networks"]["theirs"]["test"]["accuracy"] >= 0.85
    with np.load(next(site.rglob("*.npz"))) as stored:
        kinds = [layer["kind"] for layer in json.loads(str(stored["network"]))["layers"]]
    assert kinds[:3] == ["convolution", "max_pool", "scale_shift"]


def test_a_layer_that_cannot_take_what_arrives_is_told_before_training(essay: Path) -> None:
    (essay / "essay.toml").write_text(SETTINGS.replace("pool 2", "pool 9"), encoding="utf-8")
    built = build(essay)
    assert built.returncode == 1
    place = f"{essay.name}/essay.toml:8:32: 'pool 9' does not fit here"
    assert place in built.stderr
    assert "got 8 by 8 in 4 maps arriving" in built.stderr
    assert "train" not in built.stdout
