"""Tables as Kaggle hands them out: which columns and files are what, and what is refused."""

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import (
    COUNT,
    IMAGES,
    LABELS,
    NAMES,
    is_stripes,
    read,
    refused,
    seen,
)

ROWS = IMAGES.reshape(COUNT, -1)
PIXELS = [f"pixel{n}" for n in range(144)]
WHOLE = {image.tobytes() for image in IMAGES}


def table(
    file: Path,
    labels: NDArray[Any] | None = LABELS,
    *,
    names: list[str] | None = ["label", *PIXELS],  # noqa: B006 - never changed
    pixels: NDArray[Any] = ROWS,
    parted_by: str = ",",
) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [] if names is None else [parted_by.join(names)]
    for number, row in enumerate(pixels):
        cells = [*([] if labels is None else [labels[number]]), *row]
        lines.append(parted_by.join(map(str, cells)))
    content = ("\n".join(lines) + "\n").encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def test_columns_are_put_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Sorted by name, as many tools leave them, pixel10 comes before pixel2."""
    order = np.argsort(PIXELS)
    names = ["label", *(PIXELS[place] for place in order)]
    found = read(table(tmp_path / "a.csv", names=names, pixels=ROWS[:, order]))
    assert seen(found) == WHOLE
    assert "in the order of the numbers in their names" in found[0].notes[0]


def test_labels_of_a_table_are_matched_with_classes_that_have_their_names(tmp_path: Path) -> None:
    labels = np.array([3, 5, 7, 9])[LABELS]
    file = table(tmp_path / "a.csv", labels)
    found = read(file, classes=("9", "7", "5", "3"))
    assert found[0].class_names == ("9", "7", "5", "3")
    for split in found[1]:
        for image, label in zip(split.images, split.labels, strict=True):
            stripe = int(np.argmax(image.reshape(4, -1).mean(axis=1)))
            assert label == 3 - stripe
    said = refused(file, classes=tuple(NAMES))
    assert "expected 0 to 3; got 5 at 1" in said
    assert 'classes = ["3", "5", "7", "9"]' in said
    assert "not certain which class has the label 0" in refused(
        table(tmp_path / "b.csv"), classes=("3", "2", "1", "0")
    )


def test_test_columns_in_another_order_than_training_columns_are_refused(tmp_path: Path) -> None:
    table(tmp_path / "train.csv", names=["label", *(f"p{n}q" for n in range(144))])
    names = ["label", *(f"p{n}r" for n in range(144))]
    table(tmp_path / "test.csv", names=names)
    assert "columns are others than those of the training table" in refused(tmp_path)


@pytest.mark.parametrize("first", [0, 1])
def test_columns_that_are_only_counted_are_no_image(tmp_path: Path, first: int) -> None:
    """As pandas writes a frame whose columns nobody named."""
    names = [str(n + first) for n in range(145)]
    assert "the table has no labels" in refused(table(tmp_path / "a.csv", names=names))


def test_texts_that_differ_in_leading_zeros_are_two_classes(tmp_path: Path) -> None:
    texts = np.array(["01", "1", "2", "3"])[LABELS]
    found = read(table(tmp_path / "a.csv", labels=texts))
    assert found[0].class_names == ("01", "1", "2", "3")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"parted_by": ";"},
        {"parted_by": "\t"},
        {"names": ["\ufefflabel", *PIXELS]},
        {"names": ["Class", *PIXELS]},
        {"names": ['"label"', *PIXELS]},
        {"names": ["label", *map(str, range(144))]},
        {"names": None},
        {"labels": LABELS.astype(float)},
        {"pixels": ROWS / 255},
        {"pixels": ROWS.astype(float)},
    ],
)
@pytest.mark.parametrize("name", ["train.csv", "digits.csv.gz", "mine.TSV"])
def test_one_table_is_read_and_divided(tmp_path: Path, name: str, settings: dict[str, Any]) -> None:
    found = read(table(tmp_path / name, **settings))
    assert seen(found) == WHOLE
    assert found[0].class_names == ("0", "1", "2", "3")


def test_labels_may_be_texts_and_stand_last_and_rows_be_numbered(tmp_path: Path) -> None:
    numbered = np.column_stack([np.arange(COUNT), ROWS, LABELS])
    file = table(tmp_path / "a.csv", None, names=["", *PIXELS, "target"], pixels=numbered)
    assert seen(read(file)) == WHOLE
    named = read(table(tmp_path / "b.csv", NAMES[LABELS]))
    assert named[0].class_names == tuple(NAMES)


@pytest.mark.parametrize(
    ("train", "test"),
    [("train.csv", "test.csv"), ("fashion-mnist_train.csv", "fashion-mnist_test.csv"),
     ("Training.csv", "valid.csv")],
)  # fmt: skip
def test_two_tables_are_the_splits(tmp_path: Path, train: str, test: str) -> None:
    table(tmp_path / train)
    table(tmp_path / test)
    assert is_stripes(read(tmp_path))


def test_a_test_table_without_labels_is_passed_over_and_named(tmp_path: Path) -> None:
    table(tmp_path / "train.csv")
    table(tmp_path / "test.csv", None, names=PIXELS)
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n")
    found = read(tmp_path)
    assert seen(found) == WHOLE
    assert "test.csv has no labels and is passed over" in found[0].notes
    assert any("sample_submission.csv" in note for note in found[0].notes)


def test_a_table_without_names_is_read_by_its_first_column_and_it_is_said(tmp_path: Path) -> None:
    assert "first column" in read(table(tmp_path / "a.csv", names=None))[0].notes[0]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"names": ["number", *PIXELS]}, "the table has no labels.*got number, pixel0"),
        ({"pixels": ROWS[:, :30], "names": ["label", *PIXELS[:30]]}, "holds no images.*64 or more"),
        ({"pixels": ROWS[:0]}, "there are no images"),
        ({"labels": np.where(LABELS, LABELS, np.nan)}, "no whole number.*got nan for image 0"),
        ({"labels": np.where(LABELS, NAMES[LABELS], "")}, "a label is empty.*image 0"),
        ({"pixels": np.where(ROWS > 250, "x", ROWS.astype(str))}, "a pixel is no number.*'x'"),
        ({"pixels": ROWS // 16}, "nearly black.*brightest = 15"),
        ({"labels": LABELS + 1}, "labels_from = 1"),
    ],
)
def test_tables_in_doubt_are_refused_with_what_they_hold(
    tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    said = refused(table(tmp_path / "train.csv", **settings))
    assert re.search(message, said), said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no images.*an empty file"),
        (b"<!DOCTYPE html>", "no table.*a web page"),
        (b"\xff\xfe" * 40, "cannot be read.*UTF-8"),
        (b"label," + b",".join(b"p%d" % n for n in range(64)) + b"\n1,2\n", "row 2.*expected 65"),
    ],
)
def test_files_that_are_no_tables_are_told(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "train.csv").write_bytes(content)
    said = refused(tmp_path / "train.csv")
    assert re.search(message, said), said


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("train-1.csv", "train-2.csv")])
def test_tables_of_which_none_or_two_are_for_training_are_asked_about(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    for name in names:
        table(tmp_path / name)
    assert re.search("two tables are for one split|no table is the one", refused(tmp_path))
