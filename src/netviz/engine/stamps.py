"""Stamps of files: what tells, without reading them, whether any of them was saved since."""

import contextlib
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path


def stamp(files: Iterable[Path]) -> Hashable:
    """Return what changes when one of `files` is saved, comes or goes; some may not be there."""
    return tuple(sorted(_times(files)))


def _times(files: Iterable[Path]) -> Iterator[tuple[str, int, int, int]]:
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            status = file.stat()
            yield str(file), status.st_mtime_ns, status.st_size, status.st_ino
