"""IDX gives the array that was written, and a message for anything else."""

import gzip
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from netviz.datasets.idx import parse_idx, read_idx
from netviz.errors import DataError
from tests.datasets.conftest import idx

FILE = Path("some.idx")
IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0)))
def test_what_is_written_is_read(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    read = parse_idx(idx(array), array.ndim, FILE)
    assert read.shape == array.shape
    assert read.tobytes() == array.tobytes()


@given(st.binary(max_size=64), st.sampled_from([1, 3]))
def test_any_bytes_give_an_array_or_a_message(content: bytes, dimensions: int) -> None:
    with suppress(DataError):
        assert idx(parse_idx(content, dimensions, FILE)) == content


@given(st.integers(0, len(idx(IMAGES)) - 1))
def test_every_truncation_is_told(length: int) -> None:
    with pytest.raises(DataError, match=r"some\.idx: the file is (truncated|of the wrong length)"):
        parse_idx(idx(IMAGES)[:length], 3, FILE)


def test_a_byte_too_many_is_told_with_both_lengths() -> None:
    message = r"expected 24 bytes after the header, for 2 × 3 × 4; got 25"
    with pytest.raises(DataError, match=message):
        parse_idx(idx(IMAGES) + b"\0", 3, FILE)


def test_labels_where_images_belong_are_told_by_their_magic_number() -> None:
    labels = idx(np.zeros(100, np.uint8))
    with pytest.raises(DataError, match="expected 00 00 08 03; got 8-bit numbers in 1 dimensions"):
        parse_idx(labels, 3, FILE)


def test_other_element_types_are_told() -> None:
    floats = b"\0\0\x0d\x01" + struct.pack(">If", 1, 1.0)
    with pytest.raises(DataError, match="not the IDX file it should be"):
        parse_idx(floats, 1, FILE)


def test_absurd_dimensions_are_told_before_anything_is_made() -> None:
    header = b"\0\0\x08\x03" + struct.pack(">3I", *(2**32 - 1,) * 3)
    with pytest.raises(DataError, match=r"absurdly large.* 4294967295 × 4294967295 × 4294967295"):
        parse_idx(header, 3, FILE)


def test_a_packed_file_gives_the_same_array(tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(idx(IMAGES))
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx(IMAGES)))
    assert (read_idx(tmp_path / "images", 3) == IMAGES).all()
    assert (read_idx(tmp_path / "images.gz", 3) == IMAGES).all()
