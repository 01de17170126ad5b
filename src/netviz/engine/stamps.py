"""Stamps of files: what tells, without reading them, whether any of them was saved since."""

import contextlib
import os
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path


def stamp(files: Iterable[Path]) -> Hashable:
    """Return what changes when one of `files` is saved, comes or goes; some may not be there."""
    return tuple(sorted(_stamps(files)))


def times(status: os.stat_result) -> tuple[int, ...]:
    """Return what of the status of a file changes when it is saved.

    Programs that copy or unpack files set the time of the last edit to what it was; the time of the
    last change of status, which is in here too, they cannot set.
    """
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _stamps(files: Iterable[Path]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            yield str(file), times(file.stat())
