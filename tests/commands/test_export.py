"""A split that was written for others is the one that netviz trains and tests with."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.datasets.description import OwnDataset
from netviz.datasets.store import open_dataset, prepare_own, prepare_sample
from tests.essays import netviz

SETTINGS = """\
[datasets.shapes]
title = "Shapes"
path = "shapes"
seed = 7
[networks.ours]
title = "ours"
dataset = "shapes"
"""


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    folder = tmp_path / "essay"
    rng = np.random.default_rng(5)
    for name in ("round", "square"):
        (folder / "shapes" / name).mkdir(parents=True)
        for number in range(20):
            pixels = rng.integers(0, 255, (9, 10, 3), np.uint8)
            Image.fromarray(pixels).save(folder / "shapes" / name / f"{number}.png")
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def test_an_own_data_set_is_exported_as_it_was_divided_and_read_back_as_it_is(essay: Path) -> None:
    made = netviz(essay, "data", "--export", "shapes", "essay/split.npz")
    assert made.returncode == 0, made.stderr
    assert "32 training images and 8 test images; labels 0 to 1 are round, square" in made.stdout
    own = OwnDataset("Shapes", "shapes", seed=7)
    ours = open_dataset(prepare_own("shapes", own, essay, essay.parent / "data"))
    with np.load(essay / "split.npz") as arrays:
        assert set(arrays) == {"x_train", "y_train", "x_test", "y_test"}
        assert arrays["x_train"].shape == (32, 9, 10, 3)
        np.testing.assert_array_equal(arrays["x_test"], ours.test.images)
    back = OwnDataset("Shapes", "split.npz", ("round", "square"))
    again = open_dataset(prepare_own("back", back, essay, essay.parent / "data"))
    assert again.digest == ours.digest
    assert again.description.class_names == ours.description.class_names


def test_a_data_set_of_netviz_is_exported_without_an_essay(tmp_path: Path) -> None:
    """Grey images have no axis of channels, as those who train elsewhere know them."""
    folder = tmp_path / "elsewhere"
    made = netviz(folder, "data", "--export", "mnist", "mnist.npz", "--sample")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("mnist.npz: the sample of MNIST, ")
    ours = open_dataset(prepare_sample("mnist", tmp_path / "data"))
    with np.load(tmp_path / "mnist.npz") as arrays:
        np.testing.assert_array_equal(arrays["x_train"][..., None], ours.train.images)
        np.testing.assert_array_equal(arrays["y_test"], ours.test.labels)


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        ("shape", "new.npz", "unknown data set 'shape'"),
        ("shapes", "essay/essay.toml", "there is something here already"),
        ("shapes", "no/folder.npz", "no/folder.npz: there is no such folder"),
        ("shapes", "essay", "there is something here already"),
    ],
)
def test_what_cannot_be_exported_is_told(essay: Path, name: str, file: str, said: str) -> None:
    made = netviz(essay, "data", "--export", name, file)
    assert made.returncode == 1
    assert said in made.stderr
    assert "Traceback" not in made.stderr
    assert (essay / "essay.toml").read_text(encoding="utf-8") == SETTINGS
