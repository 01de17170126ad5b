"""IDX, the format of MNIST: a magic number, the dimensions, then the numbers.

Described on the home page of MNIST (Y. LeCun, C. Cortes, C. J. C. Burges).
"""

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.archives import LARGEST_ARCHIVE, read_file
from netviz.datasets.forms import told_by_head
from netviz.errors import DataError, Place
from netviz.limits import within_data_limits

UNSIGNED_BYTE = 0x08
TYPES = {UNSIGNED_BYTE: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_DIMENSIONS = 4
LARGEST = 2**31  # bytes: far above any file of images, far below what could exhaust a machine


@within_data_limits
def read_idx(file: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of bytes of an IDX file, unpacked where it is packed.

    Raises:
        DataError: as `parse_idx` and `read_file`.
    """
    return parse_idx(read_file(file), dimensions, file)


@within_data_limits
def read_any_idx(file: Path) -> NDArray[Any]:
    """Return the array of an IDX file of any type and of one to four dimensions.

    Raises:
        DataError: it is not IDX, is too short or too long, or cannot be read.
    """
    content = read_file(file, LARGEST_ARCHIVE)
    magic = content[:4]
    is_known = len(magic) == 4 and magic[:2] == b"\0\0" and magic[2] in TYPES
    if not is_known or not 1 <= magic[3] <= MOST_DIMENSIONS:
        raise _not_idx(file, "00 00, a type of numbers, 1 to 4 dimensions", content)
    return _parsed(content, magic[3], np.dtype(TYPES[magic[2]]), file)


def parse_idx(content: bytes, dimensions: int, file: Path) -> NDArray[np.uint8]:
    """Return the array of bytes that IDX `content` holds, of as many `dimensions`.

    `file` names the content in errors.

    Raises:
        DataError: it is not IDX of bytes, has other dimensions, or is too short or too long.
    """
    magic = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if len(content) >= 4 and content[:4] != magic:
        raise _not_idx(file, magic.hex(" "), content)
    return _parsed(content, dimensions, np.dtype(np.uint8), file)


def _parsed(content: bytes, dimensions: int, kind: Any, file: Path) -> NDArray[Any]:  # noqa: ANN401 - a dtype
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise _fault("truncated", file, f"at least {header} bytes", f"{len(content)}")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    sides = " × ".join(map(str, shape))
    size = math.prod(shape) * kind.itemsize
    if size > LARGEST:
        raise _fault("absurdly large", file, f"at most {LARGEST} bytes", f"{sides} of them")
    if len(content) - header != size:
        expected = f"{size} bytes after the header, for {sides}"
        raise _fault("of the wrong length", file, expected, str(len(content) - header))
    return np.frombuffer(content, kind, offset=header).reshape(shape)


def _not_idx(file: Path, expected: str, content: bytes) -> DataError:
    """Return the error that says in words, where they are known, what is no IDX of that kind."""
    got, remedy = content[:4].hex(" ") or "an empty file", None
    known = told_by_head(content)
    if known is not None:
        got, remedy = f"{known[0]} ({got})", known[1]
    elif len(content) >= 4 and content[:2] == b"\0\0" and content[2] in TYPES:
        kind = np.dtype(TYPES[content[2]])
        got = f"{8 * kind.itemsize}-bit numbers in {content[3]} dimensions ({got})"
    return DataError(
        "the file is not the IDX file it should be",
        place=Place(file),
        expected=expected,
        got=got,
        remedy=remedy,
    )


def _fault(problem: str, file: Path, expected: str, got: str) -> DataError:
    return DataError(f"the file is {problem}", place=Place(file), expected=expected, got=got)
