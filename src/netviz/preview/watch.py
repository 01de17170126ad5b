"""Building again whenever something that the essay is made of is saved."""

import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from watchfiles import Change, watch

from netviz.build.ending import as_fault
from netviz.engine.execute import Event
from netviz.errors import SiteError
from netviz.preview.server import Live

# Files saved together arrive together: changes are gathered until none comes for a step.
STEP_MILLISECONDS = 5
GATHERED_MILLISECONDS = 200
WAIT_SECONDS = 1.0
# A file may be read while an editor still writes it: the rest of it comes within this time.
HALF_SAVED_SECONDS = 0.25
# How long it takes at most until a folder that took the place of another is noticed.
LOOK_MILLISECONDS = 200
PASSED_FOLDERS = {"__pycache__", ".git", ".hg", ".svn", ".venv", ".idea", "node_modules"}
# What Python and editors write beside the files: copies, locks, files on their way.
PASSED_FILES = re.compile(r"\.py[cod]$|\.___jb_...___$|\.sw.$|~$|^\.#|^\.DS_Store$")

Report = Callable[[Event], None]
Identities: TypeAlias = dict[Path, tuple[int, int]]


class _Superseded(Exception):  # noqa: N818 - no failure: a newer build takes the place of this one
    """Something was saved while the build ran."""


@dataclass(frozen=True)
class Watched:
    """What is watched.

    Attributes:
        paths: folders and files that the essay is made of; some may be missing, come or go, or
            be replaced by others.
        ignored: folders whose changes are our own, such as the site and the cache.
        code: the folder, below one of `paths`, of the code that runs.
    """

    paths: Sequence[Path]
    ignored: Sequence[Path] = ()
    code: Path | None = None


def watch_and_rebuild(
    watched: Watched,
    rebuild: Callable[[Report], None],
    live: Live,
    *,
    stop: threading.Event | None = None,
) -> bool:
    """Build now and after each change of what is watched, until `stop` is set or Ctrl-C.

    Return whether it ended because a Python file of the code was saved, which a process that has
    loaded it does not see.

    A change that comes while a build runs ends that build: the next has both. Steps that were
    finished are kept. A fault is shown in the open pages and printed until it is fixed, unless a
    change follows at once: then the build has read a file that was not yet written to its end.

    Args:
        watched: the folders and files whose changes count.
        rebuild: builds and publishes; hands every event of its steps to the function it is given,
            which raises an exception to end it.
        live: gets the result of each build.
        stop: ends the watch.

    Raises:
        SiteError: the system cannot watch so many files.
    """
    stop = stop or threading.Event()
    changes = _Changes(watched, stop)
    try:
        changes.start()
        while True:
            changes.forget()
            _build(rebuild, live, changes)
            changes.wait()
            if stop.is_set() or changes.of_code:
                return changes.of_code
    finally:
        stop.set()
        changes.end()


def _build(rebuild: Callable[[Report], None], live: Live, changes: "_Changes") -> None:
    def report(_event: Event) -> None:
        if changes.pending:
            raise _Superseded

    started = time.monotonic()
    try:
        rebuild(report)
    except _Superseded:
        return
    except Exception as error:  # a bug must not end the session
        if changes.follow_within(HALF_SAVED_SECONDS):
            return
        fault = as_fault(error)
        print(fault if fault.place else f"netviz: {fault}", file=sys.stderr)
        live.failed(fault)
    else:
        mended = "mended, and " if live.state.fault else ""
        print(f"{mended}built in {time.monotonic() - started:.2f} s", file=sys.stderr)
        live.built()


class _Changes:
    """Notices changes in a thread of its own, so that one can end a build that runs."""

    def __init__(self, watched: Watched, stop: threading.Event) -> None:
        self.of_code = False  # whether the code that runs is no longer what its files say
        self._paths = [path.absolute() for path in watched.paths]
        self._code = watched.code.resolve() if watched.code is not None else None
        self._filter = _Filter(self._paths, watched.ignored)
        self._stop = stop
        self._changed = threading.Event()
        self._watching = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._watch)

    @property
    def pending(self) -> bool:
        """Whether something has changed since the last `forget`."""
        return self._changed.is_set()

    def follow_within(self, seconds: float) -> bool:
        """Return whether something has changed since the last `forget`, or does in `seconds`."""
        return self._changed.wait(seconds)

    def start(self) -> None:
        """Begin to watch; what changes from now on is noticed."""
        self._thread.start()
        self._watching.wait(WAIT_SECONDS)

    def end(self) -> None:
        """Wait for the end of the thread, if it was started."""
        if self._thread.ident is not None:
            self._thread.join()

    def forget(self) -> None:
        """Begin again: the next build sees everything that was saved so far."""
        self._changed.clear()

    def wait(self) -> None:
        """Wait for a change, or for the end of the watch.

        Raises:
            SiteError: the system cannot watch.
        """
        while not self._changed.wait(WAIT_SECONDS):  # on Windows no Ctrl-C gets through a wait
            pass
        if self._error is not None:
            raise SiteError(
                f"the essay's files cannot be watched: {self._error}",
                remedy="Set WATCHFILES_FORCE_POLLING=1 to look for changes in another way.",
            ) from self._error

    def _watch(self) -> None:
        """Watch the paths until the watch ends; where a folder is replaced, watch the new one."""
        try:
            while not self._stop.is_set():
                self._watch_these(_identities(self._paths))
        except Exception as error:  # raised in the thread that waits
            self._error = error
        self._changed.set()

    def _watch_these(self, watched: Identities) -> None:
        """Watch until one of the folders is replaced by another, or the watch ends.

        A system watches a folder, not its path: once removed or moved away it is silent for ever.
        """
        began = _Began(self._stop, self._began)
        if not watched:
            began.is_set()
        while not watched and not self._stop.wait(LOOK_MILLISECONDS / 1000):
            if _identities(self._paths):
                return
        for changed in watch(
            *watched,
            watch_filter=self._filter,
            step=STEP_MILLISECONDS,
            debounce=GATHERED_MILLISECONDS,
            stop_event=began,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changed:
                self.of_code |= any(self._is_code(Path(path)) for _, path in changed)
                self._changed.set()
            gone = any(kind == Change.deleted and Path(path) in watched for kind, path in changed)
            if gone or _identities(self._paths) != watched:
                return

    def _began(self) -> None:
        """Take note that the system watches now.

        Where it did not for a moment, something may have been saved meanwhile.
        """
        if self._watching.is_set():
            self._changed.set()
        self._watching.set()

    def _is_code(self, file: Path) -> bool:
        return self._code is not None and file.suffix == ".py" and file.is_relative_to(self._code)


class _Began:
    """An event that ends a watch, by whose first question we know that the watch has begun."""

    def __init__(self, stop: threading.Event, tell: Callable[[], None]) -> None:
        self._stop = stop
        self._tell = tell
        self._told = False

    def is_set(self) -> bool:
        if not self._told:
            self._told = True
            self._tell()
        return self._stop.is_set()


def _identities(paths: Sequence[Path]) -> Identities:
    """Return what tells each of `paths` that is there from another of the same name."""
    found = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_dev, status.st_ino)
    return found


class _Filter:
    """Leaves out what editors and Python write beside the files, and our own folders.

    Names count below `roots` alone: an essay may itself lie in a folder that is called `.venv`.
    """

    def __init__(self, roots: Sequence[Path], ignored: Sequence[Path]) -> None:
        self._roots = roots
        self._own = [way(folder) for folder in ignored for way in (Path.resolve, Path.absolute)]

    def __call__(self, _change: Change, path: str) -> bool:
        file = Path(path)
        if any(file.is_relative_to(folder) for folder in self._own):
            return False
        parts = next((file.relative_to(one).parts for one in self._roots
                      if file.is_relative_to(one)), file.parts)  # fmt: skip
        return not PASSED_FOLDERS.intersection(parts) and not PASSED_FILES.search(file.name)
