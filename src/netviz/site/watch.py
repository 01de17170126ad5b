"""Building again whenever something that the essay is made of is saved."""

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from netviz.errors import NetvizError, SiteError
from netviz.site.execute import Event
from netviz.site.server import Live

# Files saved together arrive together: changes are gathered until none comes for a step.
STEP_MILLISECONDS = 5
GATHERED_MILLISECONDS = 200
WAIT_SECONDS = 1.0

Report = Callable[[Event], None]


class _Superseded(Exception):  # noqa: N818 - no failure: a newer build takes the place of this one
    """Something was saved while the build ran."""


@dataclass(frozen=True)
class Watched:
    """What is watched.

    Attributes:
        paths: folders and files that the essay is made of; those that are missing are left out.
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
    finished are kept. A fault is told to the open pages and printed, and waits to be mended.

    Args:
        watched: the folders and files whose changes count.
        rebuild: builds and publishes; hands every event of its steps to the function it is given,
            which raises an exception to end it.
        live: told how each build ended.
        stop: ends the watch.

    Raises:
        SiteError: the system cannot watch so many files.
    """
    stop = stop or threading.Event()
    changes = _Changes(watched, stop)
    changes.start()
    try:
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

    try:
        rebuild(report)
    except _Superseded:
        return
    except NetvizError as error:
        print(error if error.place else f"netviz: {error}", file=sys.stderr)
        live.failed(error)
    except Exception as error:  # a bug of a figure must not end the session
        traceback.print_exception(error)
        live.failed(error)
    else:
        live.built()


class _Changes:
    """Notices changes in a thread of its own, so that one can end a build that runs."""

    def __init__(self, watched: Watched, stop: threading.Event) -> None:
        self.of_code = False  # whether the code that runs is no longer what its files say
        self._paths = [path for path in watched.paths if path.exists()]
        self._code = watched.code.resolve() if watched.code is not None else None
        self._filter = _Filter(watched.ignored)
        self._stop = stop
        self._changed = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._watch)

    @property
    def pending(self) -> bool:
        """Whether something has changed since the last `forget`."""
        return self._changed.is_set()

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._thread.join()

    def forget(self) -> None:
        """Begin anew: the next build sees everything that was saved so far."""
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
        try:
            for changed in watch(
                *self._paths,
                watch_filter=self._filter,
                step=STEP_MILLISECONDS,
                debounce=GATHERED_MILLISECONDS,
                stop_event=self._stop,
                rust_timeout=200,
                raise_interrupt=False,
            ):
                self.of_code |= any(self._is_code(Path(path)) for _, path in changed)
                self._changed.set()
        except Exception as error:  # told in the thread that waits
            self._error = error
        self._changed.set()

    def _is_code(self, file: Path) -> bool:
        return self._code is not None and file.suffix == ".py" and file.is_relative_to(self._code)


class _Filter(DefaultFilter):
    """Leaves out what editors and Python write beside the files, and our own folders."""

    def __init__(self, ignored: Sequence[Path]) -> None:
        super().__init__()
        self._own = [folder.resolve() for folder in ignored]

    def __call__(self, change: Change, path: str) -> bool:
        if any(Path(path).is_relative_to(folder) for folder in self._own):
            return False
        return super().__call__(change, path)
