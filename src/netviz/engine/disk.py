"""Errors of the disk as faults that the user can correct; and writing that follows no link.

What builds keep lies in folders that a checkout may bring along, with links in them that lead
anywhere. So a link is never followed to write, read or delete: a link where a file is written is
replaced, and one where a folder should be is an error.
"""

import errno
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from netviz.errors import Place, SiteError

FULL = ("the disk is full", "Free some space and build again; what was finished is kept.")
FORBIDDEN = (
    "access is not allowed",
    "Give yourself permission, or name another folder.",
)
BLOCKED = (
    "there is a file where a folder should be, or a folder where a file should be",
    "Move it away, or name another folder.",
)
FAULTS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: (
        "a file grew beyond what this machine allows",
        "Raise the limit (see `ulimit -f`) and build again; what was finished is kept.",
    ),
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EROFS: ("the disk is read-only", "Name a folder that can be written to."),
    errno.ENOTDIR: BLOCKED,
    errno.EISDIR: BLOCKED,
    errno.EEXIST: BLOCKED,
    errno.ENOENT: ("there is no such folder, and none can be made here", "Name another folder."),
    errno.ENAMETOOLONG: ("the name is too long for this disk", "Choose a shorter name."),
    errno.ELOOP: ("there is a link where a file should be", "Remove the link."),
    errno.EINVAL: ("the disk does not allow this name", "Choose another name."),
    errno.EILSEQ: ("the disk does not allow this name", "Choose another name."),
}
# numpy tells of a short write in words alone, without the system's number.
SHORT_WRITE = "requested and"


@contextmanager
def disk_faults(place: Path) -> Iterator[None]:
    """Turn what the disk refuses within into a SiteError; other errors pass as they are."""
    try:
        yield
    except OSError as error:
        fault = FAULTS.get(error.errno or 0)
        if fault is None and error.errno is None and SHORT_WRITE in str(error):
            fault = FULL
        if fault is None:
            raise
        problem, remedy = fault
        raise SiteError(problem, place=Place(error.filename or place), remedy=remedy) from error


def is_link(path: Path | str) -> bool:
    """Say whether `path` leads elsewhere: a symbolic link, or a junction of Windows."""
    return os.path.islink(path) or _is_junction(path)  # noqa: PTH114 - asked of every path, and quicker


def _is_junction(path: Path | str) -> bool:
    isjunction = getattr(os.path, "isjunction", None)  # Python 3.12 and later
    return isjunction is not None and bool(isjunction(path))


def own_folder(folder: Path) -> Path:
    """Make `folder`, which netviz alone writes to, where it is missing; return it.

    Raises:
        SiteError: `folder` is a link.
        OSError: the disk refuses.
    """
    if is_link(folder):
        raise linked(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def linked(path: Path) -> SiteError:
    """Return the error that says that `path` should not be a link."""
    return SiteError(
        "there is a link where netviz writes",
        place=Place(path),
        expected="a folder, or nothing",
        got=f"a link to {path.readlink()}",
        remedy="Remove the link, or name another folder by --out.",
    )


def write_own(file: Path, content: str | bytes) -> None:
    """Write `file`, whole or not at all; a link in its place gives way, and is not followed.

    Text is written as UTF-8.
    """
    fresh = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Remove a file, a folder with all that is in it, or a link, but never what a link leads to.

    Raises:
        OSError: the disk refuses.
    """
    if is_link(path) or not path.is_dir():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path)


def taken_for_one(names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two of `names` that most disks of macOS and Windows take for one.

    They tell neither case nor two spellings of an accent apart. None where there are no such two.
    """
    known: dict[str, str] = {}
    for name in names:
        composed = unicodedata.normalize("NFC", name)
        other = known.setdefault(unicodedata.normalize("NFC", composed.casefold()), name)
        if other != name:
            return other, name
    return None
