"""What labels may be: columns, one-hot rows, numbers of any type, texts; what is asked about."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import IMAGES, LABELS, NAMES, is_stripes, npz, pair, read, refused


@pytest.mark.parametrize(
    "labels",
    [
        *[LABELS.astype(kind) for kind in ("u1", "i1", ">i2", "u8", ">i8", "f4", ">f8")],
        LABELS[:, None],
        LABELS[None],
        LABELS[:, None].astype(np.uint8),
        LABELS[:, None].astype(np.float32),
        np.eye(4)[LABELS],
        np.eye(4, dtype=bool)[LABELS],
        np.eye(4, dtype=np.uint8)[LABELS],
        LABELS.astype(str),
        LABELS.astype(bytes),
        LABELS.astype(str)[:, None],
    ],
)
def test_labels_of_every_kind_are_read(tmp_path: Path, labels: NDArray[Any]) -> None:
    found = read(pair(tmp_path, labels=labels))
    assert is_stripes(found)
    assert found[0].class_names == ("0", "1", "2", "3")


@pytest.mark.parametrize("labels", [NAMES[LABELS], NAMES.astype(bytes)[LABELS]])
def test_texts_become_classes_in_order_of_their_names(tmp_path: Path, labels: NDArray[Any]) -> None:
    found = read(pair(tmp_path, labels=labels))
    assert is_stripes(found)
    assert found[0].class_names == tuple(NAMES)


def test_texts_are_matched_with_the_names_of_the_settings(tmp_path: Path) -> None:
    order = ("hen", "dog", "cow", "cat")
    found = read(pair(tmp_path, labels=NAMES[LABELS]), classes=order)
    assert found[0].class_names == order
    assert np.array_equal(found[1][0].labels, 3 - LABELS)


@pytest.mark.parametrize("kind", ["i8", "f4", "U2"])
@pytest.mark.parametrize("classes", [("3", "5", "7", "12"), ("12", "3", "7", "5")])
def test_labels_that_are_the_names_of_classes_are_read_by_name(
    tmp_path: Path, kind: str, classes: tuple[str, ...]
) -> None:
    labels = np.array([5, 7, 12, 3])[LABELS]
    found = read(pair(tmp_path, labels=labels.astype(kind)), classes=classes)
    assert found[0].class_names == classes
    assert [classes[place] for place in found[1][0].labels] == labels.astype(str).tolist()


def test_labels_that_name_one_class_at_the_place_of_another_are_refused(tmp_path: Path) -> None:
    path = pair(tmp_path)
    said = refused(path, classes=("0", "2", "1", "3"))
    assert "which class has the label 1: '2' is at its place, and '1' has its name" in said
    assert "Sort them, or give names that are no labels." in said
    counted = pair(tmp_path, labels=LABELS + 1)
    assert "the label 1: '4' is at" in refused(counted, labels_from=1, classes=("4", "3", "2", "1"))


@pytest.mark.parametrize(
    ("labels", "settings"),
    [
        (LABELS, {"classes": ("0", "1", "2", "3")}),
        (LABELS, {"classes": ("1", "2", "3", "4")}),  # 0 is no name: places alone count
        (LABELS + 1, {"classes": ("1", "2", "3", "0"), "labels_from": 1}),  # as SVHN has it
        (LABELS + 1, {"classes": ("1", "2", "3", "4")}),
        (np.eye(4)[LABELS], {"classes": ("3", "2", "1", "0")}),  # columns have their own order
    ],
)
def test_names_that_are_numbers_are_those_of_the_labels_in_order(
    tmp_path: Path, labels: NDArray[Any], settings: dict[str, Any]
) -> None:
    found = read(pair(tmp_path, labels=labels), **settings)
    assert is_stripes(found)
    assert found[0].class_names == settings["classes"]


def test_texts_are_compared_in_composed_unicode(tmp_path: Path) -> None:
    labels = np.where(LABELS % 2, "cafe\u0301", "b")
    found = read(pair(tmp_path, labels=labels), classes=("b", "caf\xe9"))
    assert np.array_equal(found[1][0].labels, LABELS % 2)


def test_one_hot_labels_of_different_widths_are_refused(tmp_path: Path) -> None:
    """Of a class without test images some tools leave out the column, which moves all others."""
    test = np.eye(3)[LABELS[LABELS < 3]]
    train: dict[str, NDArray[Any]] = {"x_train": IMAGES, "y_train": np.eye(4)[LABELS]}
    file = npz(tmp_path, train | {"x_test": IMAGES[: len(test)], "y_test": test})
    assert "a column for each class, but not as many" in refused(file)


def test_texts_of_digits_that_differ_in_zeros_are_classes_of_their_own(tmp_path: Path) -> None:
    found = read(pair(tmp_path, labels=np.array(["01", "1", "2", "3"])[LABELS]))
    assert found[0].class_names == ("01", "1", "2", "3")


def test_ten_classes_in_digits_count_as_numbers_do(tmp_path: Path) -> None:
    labels = np.arange(24) % 12
    found = read(pair(tmp_path, labels=labels.astype(str)))
    assert found[0].class_names == tuple(map(str, range(12)))
    assert np.array_equal(found[1][0].labels, labels)


@pytest.mark.parametrize("start", [1, 5, -1])
def test_labels_that_begin_elsewhere_are_read_by_a_setting(tmp_path: Path, start: int) -> None:
    path = pair(tmp_path, labels=LABELS + start)
    found = read(path, labels_from=start)
    assert is_stripes(found)
    assert found[0].class_names == tuple(str(start + n) for n in range(4))
    assert read(path, labels_from=start, classes=tuple(NAMES))[0].class_names == tuple(NAMES)
    said = refused(path)
    assert f"labels count from 0; these run from {start} to {start + 3}" in said
    assert f"labels_from = {start}" in said
    assert f"labels_from = {start}" in refused(path, classes=tuple(NAMES))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.where(LABELS == 3, np.nan, LABELS), "no whole number.*got nan for image 3"),
        (LABELS + 0.5, "no whole number.*got 0.5 for image 0"),
        (LABELS * 1e300, "no whole number"),
        (LABELS.astype(complex), "do not fit.*got complex numbers"),
        (LABELS.astype("datetime64[D]"), "do not fit.*got dates"),
        (np.eye(4)[LABELS] * 0.9 + 0.025, r"do not fit.*labels\.argmax\(1\)"),
        (np.ones((24, 3), np.int64), r"do not fit.*labels = labels\[:, 0\]"),
        (np.where(LABELS == 0, "", "a"), "a label is empty.*image 0"),
        (np.array([b"\xff", b"a"] * 12), "not UTF-8"),
        (LABELS * 2, "training images lack a class.*none of '1', '3', '5'.*np.unique"),
        (LABELS * 0, "number of classes is out of range.*2 to 100 classes; got 1"),
        (LABELS * 1000, "leave numbers out.*got 4 different ones, up to 3,000.*np.unique"),
        (np.arange(24) * 2**40, "leave numbers out"),
    ],
)
def test_labels_that_are_no_classes_are_refused_with_what_they_are(
    tmp_path: Path, labels: NDArray[Any], message: str
) -> None:
    said = refused(pair(tmp_path, labels=labels))
    assert re.search(message, said), said


def test_a_label_above_the_names_of_the_settings_is_told_with_its_place(tmp_path: Path) -> None:
    assert "expected 0 to 2; got 3 at 3" in refused(pair(tmp_path), classes=("a", "b", "c"))


def test_a_text_that_is_none_of_the_classes_is_told_with_the_nearest(tmp_path: Path) -> None:
    said = refused(pair(tmp_path, labels=NAMES[LABELS]), classes=("cats", "cow", "dog", "hen"))
    assert "got 'cat'; did you mean cats?" in said


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        (NAMES[LABELS], LABELS, "training and test labels differ"),
        (NAMES[LABELS % 3], NAMES[LABELS], "the training images lack a class.*'hen'"),
    ],
)
def test_splits_with_different_classes_are_refused_by_name(
    tmp_path: Path, train: NDArray[Any], test: NDArray[Any], message: str
) -> None:
    arrays = {"x_train": IMAGES, "y_train": train, "x_test": IMAGES, "y_test": test}
    said = refused(npz(tmp_path, arrays))
    assert re.search(message, said), said


def test_a_class_without_test_images_is_named(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {"x_train": IMAGES, "y_train": LABELS}
    arrays |= {"x_test": IMAGES[:3], "y_test": LABELS[:3]}
    assert read(npz(tmp_path, arrays))[0].notes == ("data.npz: there are no test images of '3'",)


def test_one_hot_rows_tell_the_number_of_classes_although_one_is_missing(tmp_path: Path) -> None:
    said = refused(pair(tmp_path, labels=np.eye(5)[LABELS]))
    assert "none of '4'" in said
