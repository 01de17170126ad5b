"""A file in which a worker notes what it reads, so that the build can report it after a crash.

A worker may be anywhere that the build's folders are, so it notes this in a file beside its work.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from netviz.errors import NetvizError, Place
from netviz.limits import SLACK, WATCH, crashed, too_slow

PREFIX = "reading-"


@dataclass(frozen=True)
class _Notes:
    """The note of this process: the file it reads, the seconds it may take, when it began."""

    note: Path
    open: list[tuple[Path, float, float]] = field(default_factory=list)

    def begins(self, file: Path, seconds: float) -> None:
        self.open.append((file, seconds, time.monotonic()))
        self._write()

    def ends(self) -> None:
        self.open.pop()
        self._write()

    def _write(self) -> None:
        with suppress(OSError):  # a full disk is reported by the work itself
            if self.open:
                file, seconds, began = self.open[-1]
                self.note.write_text(f"{seconds} {began}\n{file}", encoding="utf-8", newline="\n")
            else:
                self.note.unlink(missing_ok=True)


@contextmanager
def noted(folder: Path) -> Iterator[None]:
    """Note in `folder` what this process reads within limits, and keep it to these."""
    before = WATCH.set(_Notes(folder / f"{PREFIX}{os.getpid()}"))
    try:
        yield
    finally:
        WATCH.reset(before)


def overdue(folder: Path) -> NetvizError | None:
    """Return the fault of a file that a worker of this machine has read for too long, if any."""
    for file, seconds, age in _found(folder):
        if age > seconds:
            return too_slow(Place(file), seconds / SLACK)
    return None


def last_read(folder: Path) -> NetvizError | None:
    """Return the fault of the file that a worker was reading when it was lost, if it was."""
    for file, seconds, age in _found(folder):
        if age > seconds / SLACK:
            return too_slow(Place(file), seconds / SLACK)
        return crashed(Place(file), "killed")
    return None


def _found(folder: Path) -> Iterator[tuple[Path, float, float]]:
    """Yield of each note its file, its seconds and its age."""
    for note in folder.glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):  # it has just been removed, or is being written
            numbers, _, file = note.read_text(encoding="utf-8").partition("\n")
            seconds, began = map(float, numbers.split())
            yield Path(file), seconds, time.monotonic() - began
