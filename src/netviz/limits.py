"""Limits of time and memory while a file is read that may come from a stranger.

Libraries that parse files cannot promise to end, nor to stay small, nor not to crash. So every
such file is read within `reading`. In a child process (`build/apart.py` for the build,
`engine/worker.py` for a step) that sends the name of the file to the parent, which kills the child
after a time limit and names the file in its error. Meanwhile the system limits the memory and the
processor time of the process.
"""

import functools
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from netviz.errors import EssayError, Place

if sys.platform != "win32":
    import resource

SECONDS = 8.0
MEGABYTES = 1500
DATA_SECONDS = 14.0  # files of images are larger than texts
DATA_MEGABYTES = 2500
MOST_MEGABYTES = 2**30
SLACK = 1.4  # seconds of the clock allowed for a second of the processor
SECONDS_NAME = "NETVIZ_READING_SECONDS"
MEGABYTES_NAME = "NETVIZ_READING_MB"
PAGES_IN_USE = Path("/proc/self/statm")  # Linux, where a limit of memory is relative to now


P = ParamSpec("P")
T = TypeVar("T")


class Watch(Protocol):
    """Someone outside of this process who knows what it reads."""

    def begins(self, file: Path, seconds: float) -> None:
        """Note that `file` is being read, which may take `seconds` by the clock."""
        ...

    def ends(self) -> None:
        """Note that the file named last has been read."""
        ...


WATCH: ContextVar[Watch | None] = ContextVar("WATCH", default=None)


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: seconds of the processor, and megabytes of memory."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES

    @classmethod
    def usual(cls) -> "Limits":
        """Return the usual limits; the environment may set others for a slow machine."""
        return cls(_positive(SECONDS_NAME, SECONDS), _whole(_positive(MEGABYTES_NAME, MEGABYTES)))

    @classmethod
    def of_data(cls) -> "Limits":
        """Return the limits of a file of images; the environment sets them as it sets the usual."""
        return cls(
            _positive(SECONDS_NAME, DATA_SECONDS),
            _whole(_positive(MEGABYTES_NAME, DATA_MEGABYTES)),
        )

    @property
    def seconds_by_the_clock(self) -> float:
        """The limit by the clock: not every system tells the processor time of another process."""
        return self.seconds * SLACK


@contextmanager
def reading(file: Path, limits: Limits | None = None) -> Iterator[None]:
    """Read `file` within `limits`; such blocks may be nested.

    Raises:
        EssayError: the file takes too much memory, or is nested too deeply to be read. Where it
            takes too long or crashes a library, the process ends and its watcher says so.
    """
    limits = limits or Limits.usual()
    watch = WATCH.get()
    try:
        if watch is None:
            yield
            return
        watch.begins(file, limits.seconds_by_the_clock)
        try:
            with _limited_memory(limits.megabytes), _limited_time(limits.seconds):
                yield
        finally:
            watch.ends()
    except MemoryError:
        raise too_large(Place(file), limits) from None
    except RecursionError:
        raise too_deep(Place(file)) from None


def within_limits(
    read: Callable[Concatenate[Path, P], T],
    limits: Callable[[], Limits] = Limits.usual,
) -> Callable[Concatenate[Path, P], T]:
    """Let a function read the file that is its first argument within `limits`."""

    @functools.wraps(read)
    def limited(file: Path, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with reading(file, limits()):
            return read(file, *args, **kwargs)

    return limited


def within_data_limits(
    read: Callable[Concatenate[Path, P], T],
) -> Callable[Concatenate[Path, P], T]:
    """Let a function read a file of images, its first argument, within the limits of such."""
    return within_limits(read, Limits.of_data)


def too_large(place: Place, limits: Limits | None = None) -> EssayError:
    """Return the fault of a file that takes more memory than it may."""
    megabytes = (limits or Limits.usual()).megabytes
    return EssayError(
        "this takes too much memory to read",
        place=place,
        expected=f"at most {megabytes:,} MB",
        remedy=f"Make it smaller, or set {MEGABYTES_NAME}.",
    )


def too_deep(place: Place) -> EssayError:
    """Return the fault of a file whose parts are nested too deeply to be read."""
    return EssayError(
        "this is nested too deeply",
        place=place,
        remedy="Nest lists, quotations, brackets and calls less deeply.",
    )


def too_slow(place: Place, seconds: float) -> EssayError:
    """Return the fault of a file that takes more time than it may, of the processor's `seconds`."""
    return EssayError(
        "this takes too long to read",
        place=place,
        expected=f"at most {seconds:g} seconds",
        remedy=f"Make it smaller or simpler, or set {SECONDS_NAME}.",
    )


def crashed(place: Place, how: str) -> EssayError:
    """Return the fault of a file that ended the process which read it."""
    return EssayError(
        f"reading this ended the process ({how})",
        place=place,
        remedy="Look for very deep nesting or very long lines, and make it simpler.",
    )


def _positive(name: str, otherwise: float) -> float:
    try:
        number = float(os.environ.get(name, ""))
    except ValueError:
        return otherwise
    return number if math.isfinite(number) and number > 0 else otherwise


def _whole(megabytes: float) -> int:
    """Return a number of megabytes that a system can be given as a limit."""
    return min(max(1, round(megabytes)), MOST_MEGABYTES)


if sys.platform == "win32":

    @contextmanager
    def _limited_memory(_megabytes: int) -> Iterator[None]:
        yield  # Windows has no such limits; the watcher's clock remains

    _limited_time = _limited_memory
else:

    @contextmanager
    def _limited_memory(megabytes: int) -> Iterator[None]:
        """Let the process grow by `megabytes` at most, where the system counts its memory."""
        try:
            pages = int(PAGES_IN_USE.read_bytes().split()[0])
        except OSError:
            yield
            return
        most = pages * resource.getpagesize() + (megabytes << 20)
        with _soft_limit(resource.RLIMIT_AS, most):
            yield

    @contextmanager
    def _limited_time(seconds: float) -> Iterator[None]:
        """End the process after `seconds` of the processor, even if its watcher is gone."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime + seconds)
        with _soft_limit(resource.RLIMIT_CPU, most):
            yield

    @contextmanager
    def _soft_limit(kind: int, most: int) -> Iterator[None]:
        before, hard = resource.getrlimit(kind)
        lower = [one for one in (before, hard, most) if one != resource.RLIM_INFINITY]
        resource.setrlimit(kind, (min(lower), hard))
        try:
            yield
        finally:
            resource.setrlimit(kind, (before, hard))
