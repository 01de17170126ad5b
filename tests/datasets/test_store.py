"""Prepared data are whole or not there, whatever happened to the source, the disk or a file."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.datasets import sources, store
from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.dataset import Split
from netviz.datasets.manifest import ARRAYS, FILE_NAME
from netviz.datasets.sample import read_sample
from netviz.datasets.sources import Source
from netviz.datasets.store import (
    is_whole,
    open_dataset,
    prepare,
    prepare_sample,
    read_digest,
    states,
    verify,
    write,
)
from netviz.errors import DataError, EssayError
from netviz.folders import default_cache_dir
from tests.datasets.conftest import Splits

SetSources = Callable[..., None]


@pytest.fixture
def set_sources(monkeypatch: pytest.MonkeyPatch) -> SetSources:
    """Let every data set come from these sources and no others."""

    def set_sources(*given: Source) -> None:
        monkeypatch.setattr(sources, "sources", lambda *_, **__: given)

    return set_sources


@pytest.fixture
def prepared(mnist: Splits, tmp_path: Path) -> Path:
    """A prepared folder of the small MNIST."""
    folder = tmp_path / "cache" / "datasets" / "mnist"
    write(folder, CATALOGUE["mnist"].description, mnist)
    return folder


def giving(splits: Splits, name: str = "here", *, own: bool = False) -> Source:
    return Source(name, lambda _: splits, own)


def failing(error: Exception, name: str = "there", *, own: bool = False) -> Source:
    def fetch(work: Path) -> Splits:
        (work / "half").write_bytes(b"half a download")
        raise error

    return Source(name, fetch, own)


def changed(splits: Splits) -> Splits:
    """Return splits of which one label is another."""
    train, test = splits
    labels = train.labels.copy()
    labels[3] ^= 1
    return Split(train.images, labels), test


def assert_holds(folder: Path, splits: Splits) -> None:
    dataset = open_dataset(folder)
    for found, expected in zip((dataset.train, dataset.test), splits, strict=True):
        np.testing.assert_array_equal(found.images, expected.images)
        np.testing.assert_array_equal(found.labels, expected.labels)


def nothing_beside(folder: Path) -> bool:
    """Say that neither half a download nor half a folder was left."""
    return not folder.parent.exists() or set(folder.parent.iterdir()) <= {folder}


# --- written and opened ----------------------------------------------------------------------


def test_what_is_written_is_opened(prepared: Path, mnist: Splits) -> None:
    assert_holds(prepared, mnist)
    dataset = open_dataset(prepared)
    assert dataset.description == CATALOGUE["mnist"].description
    assert not dataset.is_sample
    assert dataset.digest == read_digest(prepared)
    assert len(dataset.digest) == 64


def test_opened_arrays_are_maps_that_cannot_be_written(prepared: Path) -> None:
    dataset = open_dataset(prepared)
    assert isinstance(dataset.train.images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        dataset.train.images[0] = 0


def test_the_digest_follows_the_arrays_alone(prepared: Path, mnist: Splits, tmp_path: Path) -> None:
    description = replace(CATALOGUE["mnist"].description, title="Another title")
    write(tmp_path / "same", description, mnist)
    write(tmp_path / "other", description, changed(mnist))
    assert (
        read_digest(tmp_path / "same") == read_digest(prepared) != read_digest(tmp_path / "other")
    )


def test_the_bytes_of_a_prepared_folder_are_the_same_each_time(
    prepared: Path, mnist: Splits, tmp_path: Path
) -> None:
    write(tmp_path / "again", CATALOGUE["mnist"].description, mnist)
    for file in prepared.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


# --- damage ----------------------------------------------------------------------------------

FILES = (*(f"{name}.npy" for name in ARRAYS), FILE_NAME)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_seen_and_told(file: str, prepared: Path) -> None:
    (prepared / file).unlink()
    assert not is_whole(prepared)
    assert not verify(prepared)
    with pytest.raises(DataError, match=rf"{file}: the prepared data are damaged.*Delete"):
        open_dataset(prepared)


@pytest.mark.parametrize("file", FILES)
def test_a_truncated_file_is_seen_and_told(file: str, prepared: Path) -> None:
    content = (prepared / file).read_bytes()
    (prepared / file).write_bytes(content[:-1])
    if file == FILE_NAME:  # the last byte is the end of the line
        (prepared / file).write_bytes(content[:-3])
    assert not is_whole(prepared)
    with pytest.raises(DataError, match=rf"{file}: the prepared data are damaged"):
        open_dataset(prepared)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_changed_byte_is_found_by_verifying(name: str, prepared: Path) -> None:
    assert verify(prepared)
    file = prepared / f"{name}.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert is_whole(prepared)
    assert not verify(prepared)


def test_an_array_of_another_shape_is_told(prepared: Path) -> None:
    np.save(prepared / "test-images.npy", np.zeros((120, 32, 32, 3), np.uint8))
    with pytest.raises(DataError, match=r"test-images\.npy.*damaged; got uint8 \(120, 32, 32, 3\)"):
        open_dataset(prepared)


def test_an_array_of_another_kind_is_told(prepared: Path) -> None:
    np.save(prepared / "train-labels.npy", np.zeros(320, np.float32))
    with pytest.raises(DataError, match=r"train-labels\.npy.*damaged; got float32"):
        open_dataset(prepared)


def test_labels_for_other_images_are_told(prepared: Path) -> None:
    np.save(prepared / "train-labels.npy", np.zeros(319, np.uint8))
    with pytest.raises(DataError, match=r"train-labels\.npy.*damaged; got \(319,\)"):
        open_dataset(prepared)


def test_no_pickle_in_place_of_an_array_is_loaded(prepared: Path, trap: tuple[bytes, Path]) -> None:
    content, sprung = trap
    (prepared / "train-images.npy").write_bytes(content)
    with pytest.raises(DataError, match=r"train-images\.npy: the prepared data are damaged"):
        open_dataset(prepared)
    assert not sprung.exists()


@pytest.mark.parametrize("text", ["", "[]", "3", "{}", '{"digest": 3}', "[" * 100_000])
def test_a_manifest_of_something_else_is_told(text: str, prepared: Path) -> None:
    (prepared / FILE_NAME).write_text(text)
    assert not is_whole(prepared)
    with pytest.raises(DataError, match=r"manifest\.json: the prepared data are damaged"):
        read_digest(prepared)


def test_a_manifest_without_an_array_is_told(prepared: Path) -> None:
    manifest = json.loads((prepared / FILE_NAME).read_text())
    del manifest["arrays"]["test-labels"]
    (prepared / FILE_NAME).write_text(json.dumps(manifest))
    with pytest.raises(DataError, match="got the arrays are not train-images"):
        read_digest(prepared)


# --- prepared from sources -------------------------------------------------------------------


def test_the_first_source_that_has_it_is_taken(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    told: list[str] = []
    set_sources(
        failing(DataError("the host does not answer"), "a mirror"),
        giving(mnist, "another mirror"),
        failing(AssertionError("never asked"), "the last"),
    )
    folder = prepare("mnist", tmp_path, report=told.append)
    assert_holds(folder, mnist)
    assert folder == tmp_path / "datasets" / "mnist"
    assert told == [
        "MNIST: trying a mirror",
        "MNIST: the host does not answer",
        "MNIST: trying another mirror",
    ]
    assert nothing_beside(folder)


def test_what_was_prepared_is_not_fetched_again(
    prepared: Path, set_sources: SetSources, tmp_path: Path
) -> None:
    set_sources(failing(AssertionError("never asked")))
    assert prepare("mnist", tmp_path / "cache") == prepared


def test_a_source_of_other_data_is_passed_over(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    told: list[str] = []
    set_sources(giving(changed(mnist), "a mirror"), giving(mnist))
    assert_holds(prepare("mnist", tmp_path, report=told.append), mnist)
    assert "what a mirror gives is not the data set; expected train-labels of SHA-256" in told[1]


def test_wrong_data_of_every_source_are_never_kept(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    set_sources(giving(changed(mnist), "a mirror"), failing(DataError("no such file"), "a shop"))
    with pytest.raises(
        DataError, match=r"MNIST cannot be had; tried a mirror: .*; a shop: no such"
    ):
        prepare("mnist", tmp_path)
    assert not (tmp_path / "datasets" / "mnist").exists()
    assert nothing_beside(tmp_path / "datasets" / "mnist")


def test_a_folder_of_the_user_s_without_files_of_it_is_named(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    """Otherwise a wrong folder would mean a download, and nobody would know why."""
    told: list[str] = []
    set_sources(giving(mnist, "a mirror"))
    prepare("mnist", tmp_path, tmp_path / "own", report=told.append)
    assert told[0].startswith(f"MNIST: folder {tmp_path / 'own'}: no file of it, such as train-im")
    assert told[1] == "MNIST: trying a mirror"


def test_the_message_says_what_to_do(set_sources: SetSources, tmp_path: Path) -> None:
    set_sources()
    with pytest.raises(DataError, match=r"--data-dir DIR.*--sample"):
        prepare("cifar10", tmp_path)


def test_the_user_s_own_wrong_files_are_told_at_once(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    """Nobody who named a folder wants the network's data in silence instead."""
    set_sources(giving(changed(mnist), "folder own", own=True), giving(mnist))
    with pytest.raises(DataError, match="what folder own gives is not the data set"):
        prepare("mnist", tmp_path)
    set_sources(failing(DataError("the file is truncated"), own=True), giving(mnist))
    with pytest.raises(DataError, match="the file is truncated"):
        prepare("mnist", tmp_path)


def test_offline_only_the_user_s_own_files_are_read(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    set_sources(giving(mnist, "a mirror"))
    with pytest.raises(DataError, match="a mirror: not tried, offline"):
        prepare("mnist", tmp_path, offline=True)
    set_sources(failing(AssertionError("never asked")), giving(mnist, own=True))
    assert_holds(prepare("mnist", tmp_path, offline=True), mnist)


def test_damaged_data_are_fetched_anew(
    prepared: Path, mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    (prepared / "train-images.npy").write_bytes(b"half")
    told: list[str] = []
    set_sources(giving(mnist))
    prepare("mnist", tmp_path / "cache", report=told.append)
    assert told[0] == f"{prepared} is damaged: it will be made again"
    assert_holds(prepared, mnist)
    assert nothing_beside(prepared)


def test_a_newer_description_replaces_the_older_one(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = CATALOGUE["mnist"]
    newer = replace(known.description, title="MNIST digits")
    monkeypatch.setitem(CATALOGUE, "mnist", replace(known, description=newer))
    before = read_digest(prepared)
    prepare("mnist", tmp_path / "cache")
    assert open_dataset(prepared).description.title == "MNIST digits"
    assert read_digest(prepared) == before


def test_an_unknown_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match="unknown data set 'imagenet'"):
        prepare("imagenet", tmp_path)


# --- the disk --------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_nothing(
    mnist: Splits, set_sources: SetSources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = np.save

    def full(file: Path, array: NDArray[np.uint8], *, allow_pickle: bool) -> None:
        if "test-images" in str(file):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file, array, allow_pickle=allow_pickle)

    monkeypatch.setattr(np, "save", full)
    set_sources(giving(mnist))
    with pytest.raises(DataError, match=r"cannot be kept: No space left.*NETVIZ_CACHE_DIR"):
        prepare("mnist", tmp_path)
    assert not (tmp_path / "datasets" / "mnist").exists()
    assert nothing_beside(tmp_path / "datasets" / "mnist")


def test_a_cache_that_is_a_file_is_told(
    mnist: Splits, set_sources: SetSources, tmp_path: Path
) -> None:
    (tmp_path / "cache").touch()
    set_sources(giving(mnist))
    with pytest.raises(DataError, match="the data cannot be kept"):
        prepare("mnist", tmp_path / "cache")
    with pytest.raises(DataError, match="the data cannot be kept"):
        prepare_sample("mnist", tmp_path / "cache")


def test_of_two_who_prepare_at_once_the_later_takes_what_is_there(
    mnist: Splits, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process puts its folder into place just before ours is renamed."""
    rename = Path.rename

    def beaten(fresh: Path, folder: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        write(folder, CATALOGUE["mnist"].description, mnist)
        return fresh.rename(folder)

    monkeypatch.setattr(Path, "rename", beaten)
    write(prepared, CATALOGUE["mnist"].description, mnist)
    assert_holds(prepared, mnist)
    assert nothing_beside(prepared)


# --- the sample, and what is known -----------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_sample_says_that_it_is_one(name: str, tmp_path: Path) -> None:
    folder = prepare_sample(name, tmp_path)
    dataset = open_dataset(folder)
    assert dataset.is_sample
    assert dataset.description == CATALOGUE[name].description
    assert_holds(folder, read_sample(name))
    assert verify(folder)


def test_the_sample_is_prepared_once_and_again_when_damaged(tmp_path: Path) -> None:
    folder = prepare_sample("mnist", tmp_path)
    before = (folder / FILE_NAME).stat().st_mtime_ns
    assert prepare_sample("mnist", tmp_path) == folder
    assert (folder / FILE_NAME).stat().st_mtime_ns == before
    (folder / "test-labels.npy").unlink()
    prepare_sample("mnist", tmp_path)
    assert verify(folder)


@pytest.mark.usefixtures("no_network", "mnist")
def test_the_sample_never_stands_in_for_the_whole(tmp_path: Path) -> None:
    prepare_sample("mnist", tmp_path)
    with pytest.raises(DataError, match="MNIST cannot be had"):
        prepare("mnist", tmp_path)
    assert not states(tmp_path, None)[0].present


def test_the_state_of_each_data_set_is_told(prepared: Path, tmp_path: Path) -> None:
    unasked, absent = states(tmp_path / "cache", None)
    assert (unasked.name, unasked.present, unasked.verified) == ("mnist", True, None)
    assert (absent.name, absent.present, absent.verified) == ("cifar10", False, None)
    assert str(unasked).startswith(f"mnist: MNIST, 11 MB to fetch; {prepared} (not verified)\n")
    assert str(absent).startswith("cifar10: CIFAR-10, 170 MB to fetch; not fetched yet\n")
    assert all(source in str(absent) for source in absent.sources)
    assert states(tmp_path / "cache", None, verified=True)[0].verified is True


def test_whole_data_that_are_not_the_known_ones_are_not_verified(
    prepared: Path, mnist: Splits, tmp_path: Path
) -> None:
    write(prepared, CATALOGUE["mnist"].description, changed(mnist))
    assert verify(prepared)
    state = states(tmp_path / "cache", None, verified=True)[0]
    assert state.verified is False
    assert "DAMAGED" in str(state)


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path))
    assert default_cache_dir() == tmp_path
    monkeypatch.setenv("NETVIZ_CACHE_DIR", "")
    assert default_cache_dir().name == "netviz"
    monkeypatch.delenv("NETVIZ_CACHE_DIR")
    assert default_cache_dir().name == "netviz"


def test_large_arrays_are_digested_in_parts_that_add_up(
    mnist: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "whole", CATALOGUE["mnist"].description, mnist)
    monkeypatch.setattr(store, "CHUNK", 1000)
    write(tmp_path / "parts", CATALOGUE["mnist"].description, mnist)
    assert read_digest(tmp_path / "parts") == read_digest(tmp_path / "whole")
