"""How images may be laid out: what is read as it is meant, and what is asked about."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import COLOURED, COUNT, IMAGES, LABELS, is_stripes, pair, read, refused


@pytest.mark.parametrize(
    ("images", "right"),
    [
        (IMAGES, IMAGES),
        (IMAGES[..., None], IMAGES),
        (IMAGES[:, None], IMAGES),
        (IMAGES.reshape(COUNT, -1), IMAGES),
        (COLOURED, COLOURED),
        (COLOURED.transpose(0, 3, 1, 2), COLOURED),
    ],
    ids=["grey", "a last axis", "a first axis", "rows", "colour", "channels first"],
)
def test_layouts_that_leave_no_doubt_are_read(
    tmp_path: Path, images: NDArray[np.uint8], right: NDArray[np.uint8]
) -> None:
    assert is_stripes(read(pair(tmp_path, images)), right)


def test_rows_are_said_to_be_read_as_squares(tmp_path: Path) -> None:
    notes = read(pair(tmp_path, IMAGES.reshape(COUNT, -1)))[0].notes
    assert notes == ("data.npz: rows of 144 pixels are read as 12 × 12",)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (COLOURED.reshape(COUNT, -1), r"432.*reshape\(-1, 3, 12, 12\).*reshape\(-1, 12, 12, 3\)"),
        (np.zeros((COUNT, 130), np.uint8), r"rows of 130 numbers.*reshape\(-1, height, width\)"),
        (np.moveaxis(IMAGES, 0, -1), r"np\.moveaxis\(images, -1, 0\)"),
        (np.moveaxis(COLOURED, 0, -1), r"np\.moveaxis\(images, -1, 0\)"),
        (IMAGES[..., None, None], "another shape.*squeeze"),
        (np.stack([IMAGES, IMAGES], axis=3), r"images\[\.\.\., 0\]"),
        (np.zeros((COUNT, 28, 28, 28), np.uint8), r"volumes.*images\[:, 14\]"),
        (LABELS, "another shape"),
        (IMAGES[:, :7], "too small or too large.*8 to 64.*got 12 × 7"),
        (IMAGES[:9], r"differ in number; expected 9 labels.*\(9, 12, 12\); got 24"),
    ],
)  # fmt: skip
def test_layouts_in_doubt_are_refused_with_the_line_that_mends_them(
    tmp_path: Path, images: NDArray[Any], message: str
) -> None:
    assert re.search(message, refused(pair(tmp_path, images)))


def test_images_with_rows_and_columns_exchanged_are_turned_by_a_setting(tmp_path: Path) -> None:
    path = pair(tmp_path, IMAGES.transpose(0, 2, 1))
    assert is_stripes(read(path, transposed=True))
    assert not is_stripes(read(path))
