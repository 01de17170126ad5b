"""Limits on untrusted files, checked by their headers before a file is parsed.

Libraries that read pictures, archives and weights keep no such bounds, or larger ones than a build
should take. A file of little size can ask for minutes or for all memory.
"""

import json
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.errors import DataError, NetvizError, Place, visible

LARGEST_PICTURE_FILE = 256 * 2**20  # bytes
MOST_SCANS = 100  # of a JPEG; encoders write ten, and each goes over the whole picture
LARGEST_HEADER = 2**20  # bytes of what a .safetensors says of its arrays: some ten thousand
MOST_ARRAYS = 10_000
LONGEST_NAME = 200  # characters
MOST_NUMBERS = 2**25  # of all arrays of a network: 268 MB while they are read as float64
JPEG_START = b"\xff\xd8"
SCAN, END = 0xDA, 0xD9
# A marker of a JPEG with a segment behind it, or its end; other bytes after FF belong to a scan.
MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
PICTURES = (".jpeg", ".jpg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp", ".avif", ".tif",
            ".tiff", ".pbm", ".pgm", ".pnm", ".ppm")  # fmt: skip


def check_files(path: Path, most_bytes: int) -> None:
    """Check a file, or every file of a folder, by its kind; archives may unpack to `most_bytes`.

    Raises:
        DataError: one asks for more than it may take; the error names it.
    """
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        kind = file.suffix.lower()
        if file.is_dir():
            refuse_hidden_name(file, DataError)
        elif kind in PICTURES and file.is_file():
            check_picture(file)
        elif kind == ".npz" and file.is_file():
            check_npz(file, most_bytes)


def refuse_hidden_name(path: Path, fault: type[NetvizError]) -> None:
    """Refuse a name with characters that are not shown: a line end, a control, bytes of no text.

    It may become an address of the site or the name of a class.
    """
    if visible(path.name) != path.name:
        raise fault(
            "this name cannot be shown",
            place=Place(path),
            expected="a name of visible characters",
            remedy="Rename it.",
        )


def check_picture(file: Path) -> None:
    """Refuse a picture that takes long to decode, whatever its size in pixels.

    Raises:
        DataError: its file is too large, or it is a JPEG of too many scans.
    """
    _at_most(file, "the file is too large", LARGEST_PICTURE_FILE, file.stat().st_size, "bytes")
    with file.open("rb") as stream:
        if stream.read(len(JPEG_START)) != JPEG_START:
            return
        scans = _scans(JPEG_START + stream.read())
    _at_most(file, "the picture takes too long to read", MOST_SCANS, scans, "scans of a JPEG")


def _scans(jpeg: bytes) -> int:
    """Return how many scans the content of a JPEG has, as far as they matter."""
    scans = 0
    place = len(JPEG_START)
    while scans <= MOST_SCANS and (found := MARKER.search(jpeg, place)):
        kind = found[1][0]
        if kind == END:
            break
        scans += kind == SCAN
        length = int.from_bytes(jpeg[found.end() : found.end() + 2], "big")
        place = found.end() + max(length, 2)
    return scans


def check_npz(file: Path, most_bytes: int) -> None:
    """Refuse an .npz with other members than arrays, or that unpacks to more than `most_bytes`.

    A file that is no zip archive is not checked.

    Raises:
        DataError: the archive exceeds these limits.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (OSError, ValueError, NotImplementedError, struct.error, zipfile.BadZipFile):
        return
    _at_most(file, "the file holds too many arrays", MOST_ARRAYS, len(members), "arrays")
    size = sum(member.file_size for member in members)
    _at_most(file, "the file is too large", most_bytes, size, "bytes unpacked")
    for member in members:
        if not member.filename.endswith(".npy"):
            raise DataError(
                "the archive holds a file that is no array",
                place=Place(file),
                expected="members whose names end in .npy, as numpy.savez writes them",
                got=repr(member.filename[:LONGEST_NAME]),
            )


def check_safetensors(file: Path) -> None:
    """Refuse a file whose header, or whose arrays, are larger than any network needs.

    A file without a header of safetensors is not checked.

    Raises:
        DataError: the header or the arrays are too large.
    """
    with file.open("rb") as stream:
        (size,) = struct.unpack("<Q", stream.read(8).ljust(8, b"\0"))
        if size <= file.stat().st_size:
            _at_most(file, "the header is too large", LARGEST_HEADER, size, "bytes")
        head = stream.read(min(size, LARGEST_HEADER))
    try:
        told = json.loads(head)
        counts = [int(np.prod(one["shape"], dtype=object)) for name, one in told.items()
                  if name != "__metadata__"]  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return
    _at_most(file, "the file holds too many arrays", MOST_ARRAYS, len(counts), "arrays")
    _at_most(file, "the network is too large", MOST_NUMBERS, sum(counts), "numbers")


def check_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Refuse arrays that are no network's: too many of them, too many numbers, endless names.

    Raises:
        DataError: the arrays or their numbers are too many, or a name is too long.
    """
    _at_most(file, "the file holds too many arrays", MOST_ARRAYS, len(arrays), "arrays")
    for name, array in arrays.items():
        what = f"the name {name[:40]!r}… is too long"
        _at_most(file, what, LONGEST_NAME, len(name), "characters")
        if not isinstance(array, np.ndarray):
            raise DataError(f"{name!r} is no array", place=Place(file))
    numbers = sum(array.size for array in arrays.values())
    _at_most(file, "the network is too large", MOST_NUMBERS, numbers, "numbers")


def _at_most(file: Path, problem: str, most: int, got: int, what: str) -> None:
    if got > most:
        raise DataError(
            problem, place=Place(file), expected=f"at most {most:,} {what}", got=f"{got:,}"
        )
