"""What a disk may refuse, told as a fault that the user can mend."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netviz.errors import Place, SiteError

FULL = ("the disk is full", "Free some space and build again; what was finished is kept.")
FORBIDDEN = (
    "access is not allowed",
    "Give yourself permission, or name another folder.",
)
BLOCKED = (
    "a file stands where a folder should be, or a folder where a file should be",
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
