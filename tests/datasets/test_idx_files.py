"""Folders of IDX files as people have them: names, twins, types, and files that are no IDX."""

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import COLOURED, IMAGES, LABELS, idx, is_stripes, read, refused, seen

NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def idx_set(
    folder: Path,
    images: bytes = idx(IMAGES),
    labels: bytes = idx(LABELS),
    names: dict[str, tuple[str, str]] = NAMES,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for pair in names.values():
        for name, content in zip(pair, (images, labels), strict=True):
            packed = gzip.compress(content) if name.endswith(".gz") else content
            (folder / name).write_bytes(packed)
    return folder


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train-{0}-idx{1}-ubyte", "t10k-{0}-idx{1}-ubyte"),
        ("train-{0}-idx{1}-ubyte.gz", "t10k-{0}-idx{1}-ubyte.gz"),
        ("train-{0}.idx{1}-ubyte", "t10k-{0}.idx{1}-ubyte"),
        ("Train-{0}", "Test-{0}"),
        ("emnist-letters-train-{0}-idx{1}-ubyte.gz", "emnist-letters-test-{0}-idx{1}-ubyte.gz"),
        ("qmnist-train-{0}-idx{1}-ubyte", "qmnist-test-{0}-idx{1}-ubyte"),
        ("train_{0}", "val_{0}"),
    ],
)
def test_idx_files_are_known_by_any_of_their_names(tmp_path: Path, train: str, test: str) -> None:
    names = {
        split: (form.format("images", 3), form.format("labels", 1))
        for split, form in {"train": train, "test": test}.items()
    }
    assert is_stripes(read(idx_set(tmp_path, names=names)))


def test_of_a_file_packed_and_unpacked_one_is_read(tmp_path: Path) -> None:
    packed = {split: (f"{a}.gz", f"{b}.gz") for split, (a, b) in NAMES.items()}
    idx_set(tmp_path, names=packed)
    (tmp_path / "._train-images-idx3-ubyte").write_bytes(b"\0\5\x16\7")
    assert is_stripes(read(idx_set(tmp_path)))


def test_the_folder_above_those_of_torchvision_is_followed(tmp_path: Path) -> None:
    idx_set(tmp_path / "data" / "MNIST" / "raw")
    assert is_stripes(read(tmp_path / "data"))
    idx_set(tmp_path / "data" / "KMNIST" / "raw")
    said = refused(tmp_path / "data")
    assert re.search(r"several folders hold IDX files.*KMNIST.raw and MNIST.raw", said)


@pytest.mark.parametrize(
    ("kind", "labels"), [("i4", LABELS), ("i2", LABELS), ("f8", LABELS), ("u1", LABELS[:, None])]
)
def test_labels_of_other_types_are_read(tmp_path: Path, kind: str, labels: NDArray[Any]) -> None:
    assert is_stripes(read(idx_set(tmp_path, labels=idx(labels, kind))))


def test_the_first_of_the_eight_labels_of_qmnist_is_the_class(tmp_path: Path) -> None:
    labels = np.stack([LABELS, *[LABELS + 100] * 7], axis=1)
    assert is_stripes(read(idx_set(tmp_path, labels=idx(labels, "i4"))))


def test_letters_that_are_turned_and_count_from_1_are_read_by_settings(tmp_path: Path) -> None:
    turned, later = idx(IMAGES.transpose(0, 2, 1)), idx(LABELS + 1)
    path = idx_set(tmp_path, turned, later)
    assert "labels_from = 1" in refused(path)
    assert is_stripes(read(path, labels_from=1, transposed=True))


def test_images_of_other_types_and_in_colour_are_read(tmp_path: Path) -> None:
    assert is_stripes(read(idx_set(tmp_path / "a", idx(IMAGES, "i4"))))
    assert is_stripes(read(idx_set(tmp_path / "b", idx(IMAGES / 255, "f4"))))
    assert is_stripes(read(idx_set(tmp_path / "c", idx(COLOURED))), COLOURED)


@pytest.mark.parametrize("name", ["t10k", "train"])
def test_packed_content_is_known_whatever_the_ending_says(tmp_path: Path, name: str) -> None:
    path = idx_set(tmp_path)
    file = path / f"{name}-images-idx3-ubyte"
    file.write_bytes(gzip.compress(file.read_bytes()))
    (path / f"{name}-labels-idx1-ubyte").rename(path / f"{name}-labels-idx1-ubyte.gz")
    assert is_stripes(read(path))


def test_without_test_files_a_part_is_kept_apart_and_it_is_said(tmp_path: Path) -> None:
    found = read(idx_set(tmp_path, names={"train": NAMES["train"]}))
    assert seen(found) == {image.tobytes() for image in IMAGES}
    assert "there are no test files" in found[0].notes[0]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (b"<!DOCTYPE html><html>", idx(LABELS), "images.*got a web page.*fetch the file again"),
        (b"\n <html>", idx(LABELS), "images.*got a web page"),
        (b"PK\x03\x04" + bytes(40), idx(LABELS), "images.*got a zip archive.*Unpack it"),
        (b"", idx(LABELS), "images.*got an empty file"),
        (b"\0\0\x07\3" + bytes(20), idx(LABELS), "images.*got 00 00 07 03"),
        (b"version https://git-lfs.github.com", idx(LABELS), "images.*git lfs pull"),
        (idx(IMAGES)[:-5], idx(LABELS), "images.*of the wrong length"),
        (idx(IMAGES)[:9], idx(LABELS), "images.*truncated"),
        (idx(LABELS), idx(LABELS), "images.*does not hold images.*of 1 dimensions, as labels"),
        (idx(IMAGES), idx(IMAGES), "labels.*does not hold labels.*of 3 dimensions, as images"),
        (idx(IMAGES), idx(LABELS[:-1]), "labels.*differ in number; expected 24 labels.*got 23"),
        (idx(IMAGES), idx(LABELS + 97), "labels.*run from 97 to 100.*labels_from = 97"),
    ],
)
def test_the_file_that_is_at_fault_is_named_and_what_it_is(
    tmp_path: Path, images: bytes, labels: bytes, message: str
) -> None:
    said = refused(idx_set(tmp_path, images, labels))
    assert re.search(rf"/train-{message}", said), said


def test_a_label_without_a_name_is_told_by_the_file_of_labels(tmp_path: Path) -> None:
    said = refused(idx_set(tmp_path), classes=("a", "b", "c"))
    assert "train-labels-idx1-ubyte: a label is out of range; expected 0 to 2" in said


def test_files_of_several_data_sets_in_one_folder_are_asked_about(tmp_path: Path) -> None:
    for name in ("emnist-letters-", "emnist-digits-"):
        idx_set(tmp_path, names={"train": (f"{name}train-images", f"{name}train-labels")})
    assert "of several data sets" in refused(tmp_path)


def test_a_missing_file_is_told_with_what_is_there(tmp_path: Path) -> None:
    path = idx_set(tmp_path)
    (path / "t10k-labels-idx1-ubyte").unlink()
    assert "expected one file t10k-labels…" in refused(path)


def test_a_single_idx_file_as_the_path_is_told_to_be_there(tmp_path: Path) -> None:
    path = idx_set(tmp_path, names={"train": ("train-images.gz", "train-labels.gz")})
    assert "of no form that is read" in refused(path / "train-images.gz")
