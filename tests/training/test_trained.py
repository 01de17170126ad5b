"""Trained networks on disk: back as they were, and nothing mixed up or damaged let through."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from netviz.datasets.dataset import Split
from netviz.errors import DataError
from netviz.network.network import Network
from netviz.training.recipe import Recipe
from netviz.training.trained import Trained, load_trained, save_trained
from netviz.training.trainer import train


@pytest.fixture
def trained(start: Network, recipe: Recipe, split: Split) -> Trained:
    return train(start, recipe, split, seed=0)


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    folder = tmp_path / "trained"
    folder.mkdir()
    save_trained(trained, folder)
    return folder


def test_everything_comes_back(trained: Trained, folder: Path) -> None:
    loaded = load_trained(folder)
    assert loaded.network.identity == trained.network.identity
    for name in ("recipe", "seed", "steps", "train_count", "validation_count"):
        assert getattr(loaded, name) == getattr(trained, name)
    assert loaded.train_accuracy == trained.train_accuracy
    assert loaded.validation_accuracy == trained.validation_accuracy
    for one, other in zip(loaded.film, trained.film, strict=True):
        assert (one.step, one.accuracy, one.loss) == (other.step, other.accuracy, other.loss)
        np.testing.assert_array_equal(one.filters, other.filters)


def test_the_same_training_gives_the_same_bytes(
    trained: Trained, folder: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    save_trained(trained, again)
    for file in sorted(folder.iterdir()):
        assert (again / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", ["network.npz", "film.npz", "training.json"])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "not a file of its kind"])
def test_a_damaged_file_is_named(folder: Path, name: str, damage: str) -> None:
    file = folder / name
    whole = file.read_bytes()
    file.write_bytes(
        {"empty": b"", "cut": whole[: len(whole) // 2]}.get(damage, b"\xff not what was written")
    )
    if damage == "gone":
        file.unlink()
    with pytest.raises(DataError) as caught:
        load_trained(folder)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("network.npz", "another network's"),
        ("training.json", "another network's"),
        ("film.npz", "does not end with the network's weights"),
    ],
)
def test_files_of_two_networks_do_not_mix(  # noqa: PLR0917, PLR0913 - fixtures and two parameters
    start: Network,
    recipe: Recipe,
    split: Split,
    folder: Path,
    tmp_path: Path,
    name: str,
    message: str,
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    save_trained(train(start, recipe, split, seed=1), other)
    shutil.copy(other / name, folder / name)
    with pytest.raises(DataError, match=message):
        load_trained(folder)


@pytest.mark.parametrize("name", ["steps", "filters", "accuracies", "losses"])
def test_a_film_whose_parts_do_not_fit_is_told(folder: Path, name: str) -> None:
    file = folder / "film.npz"
    with np.load(file) as archive:
        arrays = dict(archive)
    arrays[name] = arrays[name][:-1]
    np.savez(file, allow_pickle=False, **arrays)
    with pytest.raises(DataError, match=r"do not fit the network"):
        load_trained(folder)


def test_a_history_with_a_wrong_value_is_told(folder: Path) -> None:
    file = folder / "training.json"
    history = json.loads(file.read_text("utf-8"))
    history["recipe"]["epochs"] = "many"
    file.write_text(json.dumps(history), "utf-8")
    with pytest.raises(DataError, match="'epochs' has the wrong type"):
        load_trained(folder)
