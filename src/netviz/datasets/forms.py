"""Forms of files that are not read, recognised by their first bytes, and how to convert them."""

from pathlib import Path
from typing import Any

import numpy as np

from netviz.datasets.labelled import fault, shown, what_lies_in
from netviz.errors import DataError, Place, nearest_name

READ = "an .npz, a .csv, or a folder of pictures, IDX files, .npy files or CIFAR's batches"
LAYOUTS = (
    "a folder of pictures for each class, such folders in train/ and test/, or IDX, .npy or .csv "
    "files or CIFAR's batches"
)
SAVE = 'np.savez("data.npz", images=images, labels=labels)'
LONGEST_HEAD = 512  # bytes
TAR_MAGIC = slice(257, 262)

# What a file begins with, in words, and how to write one that is read.
HEADS = (
    (b"\x1f\x8b", "packed by gzip", "Unpack it."),
    (b"\x89HDF\r\n\x1a\n", "HDF5", f"Read its arrays with h5py and write them: {SAVE}"),
    (b"PAR1", "Parquet", f"Read its columns with pandas and write them: {SAVE}"),
    (b"ARROW1", "Arrow", f"Read its columns with pyarrow and write them: {SAVE}"),
    (b"MATLAB 5.0", "MATLAB", f"Read its arrays with scipy.io.loadmat and write them: {SAVE}"),
    (b"PK\x03\x04", "a zip archive", "Unpack it, and name the folder."),
    (b"7z\xbc\xaf'\x1c", "a 7z archive", "Unpack it, and name the folder."),
    (b"Rar!", "a RAR archive", "Unpack it, and name the folder."),
    (b"BZh", "packed by bzip2", "Unpack it."),
    (b"\xfd7zXZ", "packed by xz", "Unpack it."),
    (b"SQLite format 3", "an SQLite data base", f"Read its rows and write them: {SAVE}"),
    (b"\x93NUMPY", "one array of numpy", "Name the folder in which images and labels lie."),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "Run: git lfs pull"),
)  # fmt: skip
PICKLE = b"\x80"


def told_by_head(head: bytes) -> tuple[str, str] | None:
    """Return in words what a file is that begins with `head`, and what to do; None if unknown."""
    for magic, words, remedy in HEADS:
        if head.startswith(magic):
            return words, remedy
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        return "a web page", "The download went wrong: fetch the file again."
    if head[TAR_MAGIC] == b"ustar":
        return "a tar archive", "Unpack it, and name the folder."
    if head.startswith(PICKLE) and len(head) > 1 and head[1] in range(2, 6):
        return "pickled", f"A pickle can run code and is not opened. Where you trust it: {SAVE}"
    return None


def head_of(file: Path) -> bytes:
    """Return the first bytes of a file.

    Raises:
        DataError: the file cannot be opened.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(LONGEST_HEAD)
    except OSError as error:
        got = error.strerror or str(error)
        raise fault(file, "the file cannot be read", "a file", got) from None


def unknown_file(file: Path) -> DataError:
    """Return the error that says what a file is that is there, but of no form that is read."""
    known = told_by_head(head_of(file))
    if known is None:
        got = f"a file that ends in {file.suffix!r}" if file.suffix else "a file without an ending"
        known = got, f"Write its arrays with numpy: {SAVE}"
    return fault(file, "the data set is of no form that is read", READ, *known)


def nothing_there(path: Path) -> DataError:
    """Return the error that says that a data set is missing, with the name most like its own."""
    parent = path.parent
    known = [one.name for one in parent.iterdir()] if parent.is_dir() else []
    near = nearest_name(path.name, known)
    return DataError(
        "there is no such data set",
        place=Place(shown(path)),
        expected=READ,
        got="nothing of that name",
        nearest=None if near is None else shown(near),
    )


def no_layout(folder: Path, remedy: str = "") -> DataError:
    """Return the error that says what lies in a folder that holds nothing that is read."""
    return fault(folder, "there are no pictures or arrays", LAYOUTS, what_lies_in(folder), remedy)


def kind_in_words(dtype: np.dtype[Any]) -> str:
    """Return the type of an array's elements as its author would call it."""
    words = {"b": "true and false", "c": "complex numbers", "M": "dates", "m": "durations",
             "U": "texts", "S": "texts", "O": "Python objects", "V": "records"}  # fmt: skip
    return f"{words[dtype.kind]} ({dtype})" if dtype.kind in words else str(dtype)
