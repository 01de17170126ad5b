"""What the files of an essay's own data set hold, as one hash that changes when any byte does.

To hash thousands of pictures at every edit of a text takes long. So the hash of each file is
remembered, with its size, its times and its number, in a place of this user's for this very data
set. The time of the last change of a file's record (`st_ctime`) is set by the system alone: no
archive and no checkout can bring along a file with that of another.
"""

import contextlib
import hashlib
import json
import os
import stat
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from netviz.errors import DataError, Place

READERS = Path(__file__).parent  # of these modules any may shape the arrays
SETTLED_SECONDS = 2.0  # a file saved just now may be saved again within a tick of the clock

Stamp: TypeAlias = list[int]
Hashes: TypeAlias = dict[str, tuple[Stamp, str]]


def fingerprint(settings: str, path: Path, essay: Path, remembered: Path) -> str:
    """Return what changes when the settings or the content of the data set at `path` do.

    Args:
        settings: how the data set is to be read.
        path: its file or folder.
        essay: the folder that it must not lead out of.
        remembered: the file of the hashes that were found before.

    Raises:
        DataError: it leads out of the essay, or cannot be read.
    """
    known = _recall(remembered)
    found: Hashes = {}
    digest = hashlib.sha256(f"{settings}\0{_readers()}\0".encode())
    try:
        for file in data_files(path, essay):
            name = os.fsencode(os.path.relpath(file, path))
            digest.update(name + b"\0" + _link(file) + b"\0" + _hash(file, known, found).encode())
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    if found != known:
        _remember(found, remembered)
    return digest.hexdigest()[:16]


def data_files(path: Path, essay: Path) -> list[Path]:
    """Return all files and links of the data set at `path`, in order; linked folders count.

    Raises:
        DataError: one leads out of the folder `essay`, or `path` is none that a disk may have.
        OSError: a folder cannot be read.
    """
    try:
        inside, real = os.path.realpath(essay), os.path.realpath(path)
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:  # a name too long, or with a NUL
        raise _unreadable(path, str(error)) from None
    _refuse_outwards(path, real, inside)
    return list(_walk(path, inside, set())) if is_folder else [path]


def _walk(folder: Path, inside: str, seen: set[str]) -> Iterator[Path]:
    """Yield what is in `folder`; each real folder once, so that a circle of links ends."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    for path in sorted(folder.iterdir(), key=os.fsencode):
        if path.is_symlink():
            _refuse_outwards(path, os.path.realpath(path), inside)
            yield path
        if path.is_dir():
            yield from _walk(path, inside, seen)
        elif not path.is_symlink():
            yield path


def _refuse_outwards(path: Path, real: str, inside: str) -> None:
    """Refuse a path or link by which other files of this machine would be published."""
    if not Path(real).is_relative_to(inside):
        raise DataError(
            "the data set leads out of the essay's folder",
            place=Place(path),
            expected=f"files in {inside}",
            got=real,
        )


def _unreadable(path: Path, why: str) -> DataError:
    return DataError(f"the data set cannot be read: {why}", place=Place(path))


def _readers() -> str:
    """Return the SHA-256 of the code that reads data sets."""
    digest = hashlib.sha256()
    for file in sorted(READERS.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _link(path: Path) -> bytes:
    return os.fsencode(path.readlink()) if path.is_symlink() else b""


def _hash(file: Path, known: Hashes, found: Hashes) -> str:
    """Return the SHA-256 of a file, remembered or computed; nothing of a folder or a pipe.

    What may be remembered is put into `found`.
    """
    try:
        status = file.stat()
    except OSError:  # a link to nothing
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    name = str(file).encode("utf-8", "backslashreplace").decode()
    stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    is_settled = time.time() - max(status.st_mtime, status.st_ctime) > SETTLED_SECONDS
    before, sha256 = known.get(name, ([], ""))
    if before != stamp:
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if is_settled:
        found[name] = (stamp, sha256)
    return sha256


def _recall(remembered: Path) -> Hashes:
    try:
        plain = json.loads(remembered.read_bytes())
        return {
            name: ([int(one) for one in stamp], str(sha)) for name, (stamp, sha) in plain.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _remember(found: Hashes, remembered: Path) -> None:
    fresh = remembered.with_name(f".{remembered.name}-{uuid.uuid4().hex[:8]}")
    with contextlib.suppress(OSError):  # then they are computed again
        remembered.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(found), encoding="utf-8", newline="\n")
        fresh.replace(remembered)
