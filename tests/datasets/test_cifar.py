"""The three forms of CIFAR-10 hold the same images, and damaged or hostile ones do no harm."""

import json
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from netviz.datasets.cifar import (
    RECORD,
    parse_binary_batch,
    parse_python_batch,
    read_binary_archive,
    read_labels,
    read_pictures,
    read_python_archive,
)
from netviz.datasets.cifar10 import PICTURES, TEST_LABELS, TRAIN_LABELS
from netviz.datasets.dataset import Split
from netviz.errors import DataError
from tests.datasets.conftest import (
    Splits,
    batches,
    binary_batch,
    python_batch,
    tar_gz,
    write_pictures,
)

FILE = Path("batch")
SMALL = Split(np.arange(2 * 3072, dtype=np.uint8).reshape(2, 32, 32, 3), np.array([3, 9], np.uint8))


def assert_same(found: Splits, expected: Splits) -> None:
    for found_split, expected_split in zip(found, expected, strict=True):
        assert found_split.images.flags.c_contiguous
        assert found_split.images.dtype == found_split.labels.dtype == np.uint8
        np.testing.assert_array_equal(found_split.images, expected_split.images)
        np.testing.assert_array_equal(found_split.labels, expected_split.labels)


def write_binary(splits: Splits, file: Path) -> Path:
    members = {f"folder/{name}.bin": binary_batch(b) for name, b in batches(splits).items()}
    file.write_bytes(tar_gz({"folder/readme.html": b"", **members}))
    return file


def write_python(splits: Splits, file: Path) -> Path:
    members = {f"folder/{name}": python_batch(b) for name, b in batches(splits).items()}
    # The real archive keeps no order either.
    file.write_bytes(tar_gz(dict(reversed(members.items()))))
    return file


# --- the three forms agree -------------------------------------------------------------------


def test_the_binary_archive_gives_the_images(cifar10: Splits, tmp_path: Path) -> None:
    assert_same(read_binary_archive(write_binary(cifar10, tmp_path / "a.tar.gz")), cifar10)


def test_the_python_archive_gives_the_images(cifar10: Splits, tmp_path: Path) -> None:
    assert_same(read_python_archive(write_python(cifar10, tmp_path / "a.tar.gz")), cifar10)


def test_the_pictures_give_the_images(cifar10: Splits, tmp_path: Path) -> None:
    write_pictures(cifar10, tmp_path)
    assert_same(read_pictures(tmp_path), cifar10)


def test_the_planes_of_a_record_are_red_green_and_blue() -> None:
    record = bytes([7]) + bytes([200]) * 1024 + bytes([100]) * 1024 + bytes([50]) * 1024
    batch = parse_binary_batch(record, FILE)
    assert batch.labels.tolist() == [7]
    assert (batch.images == (200, 100, 50)).all()


# --- archives --------------------------------------------------------------------------------


def test_a_missing_batch_is_named(cifar10: Splits, tmp_path: Path) -> None:
    members = {f"{name}.bin": binary_batch(b) for name, b in batches(cifar10).items()}
    del members["data_batch_4.bin"]
    file = tmp_path / "a.tar.gz"
    file.write_bytes(tar_gz(members))
    with pytest.raises(DataError, match=r"incomplete; expected a file data_batch_4\.bin"):
        read_binary_archive(file)


def test_a_batch_of_too_few_images_is_named(cifar10: Splits, tmp_path: Path) -> None:
    members = {f"{name}.bin": binary_batch(b) for name, b in batches(cifar10).items()}
    members["data_batch_2.bin"] = members["data_batch_2.bin"][:-RECORD]
    file = tmp_path / "a.tar.gz"
    file.write_bytes(tar_gz(members))
    with pytest.raises(DataError, match=r"data_batch_2\.bin.*expected 20 images; got 19"):
        read_binary_archive(file)


@given(st.integers(0, 2 * RECORD - 1).filter(lambda length: length != RECORD))
def test_every_truncated_binary_batch_is_told(length: int) -> None:
    with pytest.raises(DataError, match=f"expected a multiple of 3073 bytes; got {length}"):
        parse_binary_batch(binary_batch(SMALL)[:length], FILE)


def test_a_label_above_nine_is_told_with_its_place() -> None:
    wrong = Split(SMALL.images, np.array([3, 10], np.uint8))
    with pytest.raises(DataError, match="expected whole numbers from 0 to 9; got 10 at 1"):
        parse_binary_batch(binary_batch(wrong), FILE)


# --- pickles ---------------------------------------------------------------------------------


def test_a_pickle_that_calls_anything_is_refused_and_runs_nothing(trap: tuple[bytes, Path]) -> None:
    content, sprung = trap
    with pytest.raises(DataError, match=r"not a batch of CIFAR-10.*it asks for "):
        parse_python_batch(content, FILE)
    assert not sprung.exists()
    pickle.loads(content)  # noqa: S301 - to prove that the trap works where it is not refused
    assert sprung.exists()


def test_no_array_of_object_pointers_is_built_over_bytes_of_a_pickle() -> None:
    # np.ndarray((1,), dtype("O"), b"…"): reading such an array follows any pointer.
    content = b"}U\x04datacnumpy\nndarray\n(K\x01\x85cnumpy\ndtype\nU\x01O\x85RU\x08AAAAAAAAtRs."
    with pytest.raises(DataError, match="not a batch of CIFAR-10"):
        parse_python_batch(content, FILE)


def test_an_array_of_other_elements_is_refused() -> None:
    content = python_batch(SMALL).replace(b"U\x02u1", b"U\x02i1")
    with pytest.raises(DataError, match="not bytes of the shape"):
        parse_python_batch(content, FILE)


def test_an_array_whose_bytes_do_not_fill_its_shape_is_refused() -> None:
    content = python_batch(SMALL).replace(b"M\x02\x00M\x00\x0c", b"M\x03\x00M\x00\x0c")
    with pytest.raises(DataError, match="not bytes of the shape"):
        parse_python_batch(content, FILE)


@pytest.mark.parametrize(
    "batch", [{}, {b"data": b"x", b"labels": []}, [], None, {b"data": [[1]], b"labels": [1]}]
)
def test_a_harmless_pickle_of_something_else_is_told(batch: object) -> None:
    with pytest.raises(DataError, match="not a batch of CIFAR-10"):
        parse_python_batch(pickle.dumps(batch, protocol=2), FILE)


@given(st.data())
def test_a_pickle_with_any_byte_changed_gives_a_split_or_a_message(data: st.DataObject) -> None:
    content = bytearray(python_batch(SMALL))
    # The first part and the last; most of the rest is pixels.
    place = data.draw(st.integers(0, 300) | st.integers(len(content) - 40, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    with suppress(DataError):
        assert parse_python_batch(bytes(content), FILE).images.shape == (2, 32, 32, 3)


# --- pictures --------------------------------------------------------------------------------


@pytest.fixture
def pictures(cifar10: Splits, tmp_path: Path) -> Path:
    write_pictures(cifar10, tmp_path)
    return tmp_path


@pytest.mark.parametrize("kept", [0, 7, 30, 100, 0.5, 0.99])
def test_a_truncated_picture_is_named(pictures: Path, kept: float) -> None:
    file = pictures / PICTURES[2]
    content = file.read_bytes()
    file.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    with pytest.raises(DataError, match=r"data_batch_3\.png: the file is a damaged picture"):
        read_pictures(pictures)


@pytest.mark.parametrize(("mode", "size"), [("L", (1024, 20)), ("RGB", (1024, 19))])
def test_a_picture_of_another_form_is_named(
    pictures: Path, mode: str, size: tuple[int, int]
) -> None:
    Image.new(mode, size).save(pictures / PICTURES[0])
    message = f"expected RGB 1024 × 20; got {mode} {size[0]} × {size[1]}"
    with pytest.raises(DataError, match=message):
        read_pictures(pictures)


@pytest.mark.slow
def test_a_picture_that_claims_to_be_immense_is_not_decoded(pictures: Path) -> None:
    file = pictures / PICTURES[0]
    Image.new("L", (20_000, 20_000)).save(file)
    with pytest.raises(DataError, match=r"data_batch_1\.png: the file is too large a picture"):
        read_pictures(pictures)


def test_another_format_under_the_name_of_a_png_is_refused(pictures: Path) -> None:
    Image.new("RGB", (1024, 20)).save(pictures / PICTURES[0], format="BMP")
    with pytest.raises(DataError, match="a damaged picture"):
        read_pictures(pictures)


def test_labels_of_the_other_split_are_told(pictures: Path) -> None:
    (pictures / TRAIN_LABELS).write_bytes((pictures / TEST_LABELS).read_bytes())
    with pytest.raises(DataError, match=r"train_lables\.json.*expected 100 labels; got 20"):
        read_pictures(pictures)


@pytest.mark.parametrize("wrong", [10, -1, 10**30, 2.0, "3", None, True, [1]])
def test_a_label_that_is_no_class_is_told_with_its_place(pictures: Path, wrong: object) -> None:
    (pictures / TEST_LABELS).write_text(json.dumps([1] * 5 + [wrong] + [1] * 14))
    with pytest.raises(DataError, match=r"test_lables\.json.*from 0 to 9; got .* at 5"):
        read_pictures(pictures)


@pytest.mark.parametrize("content", [b"", b"{}", b'"12"', b"\xff", b"[1, 2", b"[" * 200_000])
def test_a_file_that_is_no_list_of_labels_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "labels.json"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"labels\.json: the file is not a list of labels"):
        read_labels(file)
