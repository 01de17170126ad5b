"""Arrays by the names that people give them, in one archive or in the files of a folder."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.datasets.array_files import slot_of
from tests.datasets.own_data import IMAGES, LABELS, is_stripes, npz, read, refused, seen

PAIR: tuple[NDArray[Any], NDArray[Any]] = (IMAGES, LABELS)


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("trainX", "trainY", "testX", "testY"),
        ("train_data", "train_targets", "val_data", "val_targets"),
        ("train_set_x_orig", "train_set_y", "test_set_x_orig", "test_set_y"),
        ("images_training", "labels_training", "images_validation", "labels_validation"),
        ("arr_0", "arr_1", "arr_2", "arr_3"),
        ("arr_0", "arr_2", "arr_1", "arr_3"),
    ],
)
def test_splits_are_known_by_the_names_of_their_arrays(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    arrays: dict[str, NDArray[Any]] = dict(zip(names, PAIR * 2, strict=True))
    assert is_stripes(read(npz(tmp_path, dict(sorted(arrays.items())))))


@pytest.mark.parametrize(
    "names",
    [("images", "labels"), ("X", "y"), ("data", "target"), ("arr_0", "arr_1"),
     ("x_train", "y_train"), ("imgs", "targets"), ("Images", "Labels")],
)  # fmt: skip
def test_one_pair_is_divided_whatever_its_names(tmp_path: Path, names: tuple[str, str]) -> None:
    found = read(npz(tmp_path, dict(zip(names, (IMAGES, LABELS), strict=True))))
    assert seen(found) == {image.tobytes() for image in IMAGES}


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("xTrain", ("training", "images")),
        ("valid_y", ("validation", "labels")),
        ("t10k-images", ("test", "images")),
        ("target", ("whole", "labels")),
        ("train_x_test", None),
        ("target_names", None),
        ("classes", None),
        ("max", None),
    ],
)
def test_a_name_says_what_an_array_is_or_nothing(name: str, slot: tuple[str, str] | None) -> None:
    assert slot_of(name) == slot


def test_the_validation_split_is_passed_over_beside_a_test_split_and_named(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    for split in ("train", "val", "test"):
        arrays |= {f"{split}_images": IMAGES, f"{split}_labels": LABELS[:, None]}
    found = read(npz(tmp_path, arrays))
    assert is_stripes(found)
    assert any("val_images, val_labels passed over" in note for note in found[0].notes)


def test_arrays_of_objects_beside_images_and_labels_are_not_opened(tmp_path: Path) -> None:
    names = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "a.npz", allow_pickle=True, images=IMAGES, labels=LABELS, names=names)
    assert seen(read(tmp_path / "a.npz"))


def test_of_two_arrays_that_hold_the_same_the_one_with_the_shape_is_read(tmp_path: Path) -> None:
    arrays = {"data": IMAGES.reshape(24, -1).astype(float), "target": LABELS, "images": IMAGES}
    found = read(npz(tmp_path, arrays))
    assert seen(found) == {image.tobytes() for image in IMAGES}
    assert found[0].notes == ("data.npz: images, target are read, data passed over",)


def test_objects_as_images_are_refused_with_the_line_that_writes_an_array(tmp_path: Path) -> None:
    ragged = np.empty(2, object)
    ragged[:] = [IMAGES[0], IMAGES[1][:9]]
    np.savez(tmp_path / "a.npz", allow_pickle=True, images=ragged, labels=LABELS[:2])
    message = refused(tmp_path / "a.npz")
    assert "np.stack(images)" in message
    assert "allow_pickle" not in message


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"pixels_a": IMAGES}, r"no names tell the images.*got pixels_a \(24, 12, 12\).*np\.savez"),
        ({"images": IMAGES}, "no names tell"),
        ({"x_test": IMAGES, "y_test": LABELS}, "no names tell"),
        ({"data": IMAGES, "pixels": 255 - IMAGES, "y": LABELS}, "two arrays may be the images"),
        ({"arr_0": IMAGES, "arr_1": LABELS, "arr_2": LABELS}, "no names tell"),
        ({"X": IMAGES, "y": np.array(3)}, "the labels do not fit"),
        ({"X": np.array(3), "y": LABELS}, "there are no images"),
        ({"X": IMAGES[:0], "y": LABELS[:0]}, "there are no images"),
        ({}, "no names tell.*got none"),
    ],
)
def test_names_that_leave_it_open_are_refused_with_what_is_there(
    tmp_path: Path, arrays: dict[str, NDArray[Any]], message: str
) -> None:
    assert re.search(message, refused(npz(tmp_path, arrays)))


@pytest.mark.parametrize("name", ["data.NPZ", "data.npz", "data", "data.csv"])
def test_an_archive_of_arrays_is_known_by_its_content_and_by_its_ending_in_any_case(
    tmp_path: Path, name: str
) -> None:
    assert seen(read(npz(tmp_path, {"X": IMAGES, "y": LABELS}, name)))


def test_arrays_that_are_neither_images_nor_labels_are_named(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "images": IMAGES,
        "labels": LABELS,
        "masks": IMAGES,
        "ids": LABELS,
    }
    assert read(npz(tmp_path, arrays))[0].notes == ("data.npz: masks, ids passed over",)


@pytest.mark.parametrize("prefix", ["", "kmnist-", "my.digits_"])
@pytest.mark.parametrize("ending", ["npy", "npz"])
def test_a_folder_with_a_file_for_each_array_is_read(
    tmp_path: Path, prefix: str, ending: str
) -> None:
    for split in ("train", "test"):
        for kind, array in zip(("imgs", "labels"), PAIR, strict=True):
            file = tmp_path / f"{prefix}{split}-{kind}.{ending}"
            if ending == "npy":
                np.save(file, array)
            else:
                np.savez(file, array)
    assert is_stripes(read(tmp_path))


def test_an_archive_of_several_arrays_in_a_folder_is_named_as_the_path_to_give(
    tmp_path: Path,
) -> None:
    (tmp_path / "inner").mkdir()
    npz(tmp_path / "inner", {"X": IMAGES, "y": LABELS})
    assert "Let path lead to the file" in refused(tmp_path / "inner")


def test_one_array_alone_is_refused_with_where_its_labels_should_be(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", IMAGES)
    assert "one array of numpy. Name the folder" in refused(tmp_path / "x.npy")


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_in_the_order_of_fortran_are_read(tmp_path: Path, order: Any) -> None:  # noqa: ANN401 - numpy's literal
    images = np.array(IMAGES, order=order)
    assert is_stripes(
        read(
            npz(
                tmp_path, {"x_train": images, "y_train": LABELS, "x_test": images, "y_test": LABELS}
            )
        )
    )


def test_a_damaged_array_file_is_told(tmp_path: Path) -> None:
    whole = io.BytesIO()
    np.save(whole, IMAGES)
    (tmp_path / "images.npy").write_bytes(whole.getvalue()[:-9])
    np.save(tmp_path / "labels.npy", LABELS)
    assert "images.npy: not a readable" in refused(tmp_path)
