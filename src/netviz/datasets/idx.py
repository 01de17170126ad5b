"""IDX, the format of MNIST: a magic number, the dimensions, then the bytes.

Described on the home page of MNIST (Y. LeCun, C. Cortes, C. J. C. Burges).
"""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.archives import read_file
from netviz.errors import DataError, Place

UNSIGNED_BYTE = 0x08
LARGEST = 2**31  # bytes: far above any file of images, far below what could exhaust a machine


def read_idx(file: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of an IDX file, unpacked where its name ends in .gz.

    Raises:
        DataError: as `parse_idx` and `read_file`.
    """
    return parse_idx(read_file(file), dimensions, file)


def parse_idx(content: bytes, dimensions: int, file: Path) -> NDArray[np.uint8]:
    """Return the array that IDX `content` holds, of as many `dimensions`.

    `file` names the content in errors.

    Raises:
        DataError: it is not IDX of bytes, has other dimensions, or is too short or too long.
    """
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise _fault("truncated", file, f"at least {header} bytes", f"{len(content)}")
    magic = content[:4]
    if magic != bytes((0, 0, UNSIGNED_BYTE, dimensions)):
        expected = bytes((0, 0, UNSIGNED_BYTE, dimensions)).hex(" ")
        raise _fault("not the IDX file it should be", file, expected, magic.hex(" "))
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    sides = " × ".join(map(str, shape))
    size = math.prod(shape)
    if size > LARGEST:
        raise _fault("absurdly large", file, f"at most {LARGEST} bytes", f"{sides} of them")
    if len(content) - header != size:
        expected = f"{size} bytes after the header, for {sides}"
        raise _fault("of the wrong length", file, expected, str(len(content) - header))
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _fault(problem: str, file: Path, expected: str, got: str) -> DataError:
    return DataError(f"the file is {problem}", place=Place(file), expected=expected, got=got)
