"""Reading .tar.gz archives and .gz files that may be damaged, or made to do harm.

Members are taken by their bare name, so that no path inside an archive leads anywhere; what
is unpacked is counted as it comes, so that no small file grows past a bound in memory.
"""

import gzip
import tarfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import nullcontext
from pathlib import Path

from netviz.errors import DataError, Place

GZIP = b"\x1f\x8b"  # what a packed file begins with
LARGEST_ARCHIVE = 512 * 2**20  # unpacked; the whole of CIFAR-10 is 186 MB
LARGEST_MEMBER = 128 * 2**20  # the largest in use, a file of MNIST, is 47 MB


class _TooLargeError(Exception):
    """More came out of an archive than any data set holds."""


class _Bounded(gzip.GzipFile):
    """A .gz file that refuses to give more than `limit` bytes in all."""

    def __init__(self, file: Path, limit: int) -> None:
        super().__init__(file, "rb")
        self._left = limit

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self._left -= len(content)
        if self._left < 0:
            raise _TooLargeError
        return content


def read_members(
    archive: Path, names: Collection[str], limit: int = LARGEST_ARCHIVE
) -> Iterator[tuple[str, bytes]]:
    """Yield bare name and content of each plain file of a .tar.gz that is called by one of `names`.

    Other members are passed over. The archive may unpack to `limit` bytes in all.

    Raises:
        DataError: the archive is damaged, larger than `limit`, or one of `names` is missing.
    """
    missing = set(names)
    try:
        # Read as a stream, in blocks: no header can make tarfile ask for more at once.
        with (
            _Bounded(archive, limit) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as tar,
        ):
            for member in tar:
                name = Path(member.name).name
                stream = tar.extractfile(member) if member.isfile() and name in missing else None
                if stream is not None:
                    if member.size > LARGEST_MEMBER:
                        raise _too_large(archive / name, LARGEST_MEMBER)
                    missing.remove(name)
                    yield name, stream.read()
    except _TooLargeError:
        raise _too_large(archive, limit) from None
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise _damaged(archive, "a whole .tar.gz", error) from None
    if missing:
        raise DataError(
            "the archive is incomplete",
            place=Place(archive),
            expected=f"a file {min(missing)} in it",
            got="none",
        )


def read_file(file: Path, limit: int = LARGEST_MEMBER) -> bytes:
    """Return the content of a file, unpacked where it is packed by gzip, whatever its name.

    Raises:
        DataError: it cannot be read, is damaged, or is larger than `limit`.
    """
    is_packed = False
    try:
        with file.open("rb") as packed:
            is_packed = packed.read(len(GZIP)) == GZIP
            packed.seek(0)
            with gzip.open(packed) if is_packed else nullcontext(packed) as stream:
                content = stream.read(limit + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged(file, "a whole .gz" if is_packed else "a file", error) from None
    if len(content) > limit:
        raise _too_large(file, limit)
    return content


def _damaged(file: Path, expected: str, error: Exception) -> DataError:
    return DataError(
        "the file is damaged", place=Place(file), expected=expected, got=str(error) or "less"
    )


def _too_large(file: Path, limit: int) -> DataError:
    return DataError(
        "the file is too large", place=Place(file), expected=f"at most {limit} bytes", got="more"
    )
