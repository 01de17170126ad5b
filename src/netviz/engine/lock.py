"""A lock between processes that the system frees when its holder ends, however it ends."""

import contextlib
import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL_SECONDS = 0.05
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has none; there links take special rights


class Lock:
    """An exclusive lock on `file`, which is there only while someone holds or wants it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._descriptor: int | None = None

    def acquire(self, patience: float = 0.0) -> bool:
        """Take the lock, waiting up to `patience` seconds; say whether it was got.

        Raises:
            OSError: the disk refuses, or the file is a link.
        """
        deadline = time.monotonic() + patience
        while not self._try():
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def release(self) -> None:
        """Give the lock back, and remove its file while it is still ours."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # Windows keeps open files, and that is no harm
                self.file.unlink()
            os.close(self._descriptor)
            self._descriptor = None

    def _try(self) -> bool:
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | NO_FOLLOW, 0o666)
        if _locked(descriptor) and self._is_current(descriptor):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def _is_current(self, descriptor: int) -> bool:
        """Return True if the locked file is still at its path, not removed by its last holder."""
        try:
            return os.path.samestat(os.fstat(descriptor), self.file.stat())
        except FileNotFoundError:
            return False


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
