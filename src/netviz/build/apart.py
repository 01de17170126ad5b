"""Runs work in a child process, with a time limit for each file that it reads.

An essay may come from a stranger, and a library that reads it may hang, take all memory or crash.
So what reads it, the build or the check, runs in a process of its own. That process sends the name
of each file that it reads (`limits.reading`) through a pipe. The process at the other end kills it
when a file takes too long, and reports its end, whatever the cause, in one message.
"""

import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from netviz.engine.worker import prepare
from netviz.errors import NetvizError, Place, SiteError
from netviz.limits import SLACK, WATCH, crashed, too_slow

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

TICK_SECONDS = 0.1
PATIENCE_SECONDS = 5.0  # with a process that was asked to end
STOP = "stop"
MANY_THREADS = "This process .* is multi-threaded"

T = TypeVar("T")
Say = Callable[[object], None]
Hear = Callable[[Any], None]
# Answers one call after the other; what it says meanwhile is heard on this side.
Answer = Callable[..., Any]
# A context manager that is entered in the child process and yields the function to call.
Maker = Callable[[], AbstractContextManager[Answer]]


class Abandoned(BaseException):
    """Raised in the child as it reports progress, once the parent has given up the call."""


class _FarError(Exception):
    """The traceback of an exception in the other process, as its cause shows it here."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f"\n{self.text}"


def apart(work: Callable[..., T], *arguments: object) -> T:
    """Return what `work` returns for `arguments`, or raise what it raises, in a process apart.

    Both must be such as can be sent to another process.

    Raises:
        EssayError: a file that it read took too long, or ended the process.
        SiteError: the process ended before it answered, and was reading no file.
    """
    with Apart(partial(_only, work)) as other:
        answer: T = other.call(arguments)
    return answer


def _only(work: Callable[..., T]) -> AbstractContextManager[Answer]:
    return nullcontext(lambda _say, arguments: work(*arguments))


class Apart:
    """A process apart that answers calls, and keeps its memory between them.

    Entering it as a context starts it, leaving ends it. Where it was killed, the next call starts
    it again.
    """

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def __enter__(self) -> "Apart":
        self._connected()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.end(at_once=kind is not None and not issubclass(kind, NetvizError))

    def call(self, *arguments: object, heard: Hear = lambda _: None) -> Any:  # noqa: ANN401 - as its answer is
        """Return the answer to `arguments`; `heard` is handed what is said before that.

        An exception that `heard` raises, or Ctrl-C, ends the call in the other process as well.

        Raises:
            NetvizError: what the answering function raises, or the end of its process.
        """
        pipe = self._connected()
        watched = _Watched()
        try:
            pipe.send(arguments)
        except OSError:  # it has just ended
            raise self._death(watched) from None
        refused: BaseException | None = None
        while True:
            kind, value = self._next(pipe, watched)
            if kind == "said" and refused is None:
                try:
                    heard(value)
                except BaseException as error:  # raised when the other process has stopped
                    refused = error
                    pipe.send(STOP)
            elif kind == "answer":
                if refused is not None:
                    raise refused
                return value
            elif kind == "raised":
                raise refused or _received(value)

    def end(self, *, at_once: bool = False) -> None:
        """End the process: when it has cleared up, or sooner where it does not manage to."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is None or pipe is None:
            return
        pipe.close()
        if at_once and process.is_alive():
            process.terminate()  # which interrupts it, as Ctrl-C would
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()

    def _connected(self) -> "Connection[Any, Any]":
        if self._process is not None and self._pipe is not None and self._process.is_alive():
            return self._pipe
        self.end()
        # Not needed where nothing has changed.
        from multiprocessing import get_context

        # A copy of this process starts at once, but only where no other thread may hold a lock.
        is_alone = sys.platform == "linux" and threading.active_count() == 1
        start: Any = get_context("fork" if is_alone else "spawn")
        self._pipe, far = start.Pipe()
        process: BaseProcess = start.Process(target=_serve, args=(far, self._pipe, self._maker))
        with warnings.catch_warnings():
            # Newer Pythons count threads that are not ours, as those of a test runner, as well.
            warnings.filterwarnings("ignore", MANY_THREADS, DeprecationWarning)
            process.start()
        self._process = process
        far.close()
        return self._pipe

    def _next(self, pipe: "Connection[Any, Any]", watched: "_Watched") -> tuple[str, Any]:
        """Return the next message that is no note of reading."""
        while True:
            if watched.is_overdue():
                assert self._process is not None  # noqa: S101 - it is being watched
                self._process.kill()
                self.end()
                raise watched.overdue()
            try:
                if not pipe.poll(TICK_SECONDS):
                    continue
                kind, value = pipe.recv()
            except (EOFError, OSError):
                raise self._death(watched) from None
            if kind == "begins":
                watched.begins(*value)
            elif kind == "ends":
                watched.ends()
            else:
                return kind, value

    def _death(self, watched: "_Watched") -> NetvizError:
        """Return the fault that ended the other process by itself."""
        process = self._process
        assert process is not None  # noqa: S101 - it was being watched
        process.join(PATIENCE_SECONDS)
        code = process.exitcode
        self.end()
        return watched.death(code)


@dataclass
class _Reading:
    """A file that is being read, and how much of its time has passed."""

    file: Path
    most: float
    passed: float = 0.0


@dataclass
class _Watched:
    """What the other process reads, files within files, and how long it has been at each."""

    open: list[_Reading] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)

    def begins(self, file: Path, seconds: float) -> None:
        self.open.append(_Reading(file, seconds))

    def ends(self) -> None:
        self.open.pop()

    def is_overdue(self) -> bool:
        """Count the time since the last question; say whether it is too much.

        While this process is stopped, as by Ctrl-Z, the other one is too, and no time counts.
        """
        now = time.monotonic()
        passed, self.last = min(now - self.last, 2 * TICK_SECONDS), now
        for one in self.open:
            one.passed += passed
        return any(one.passed > one.most for one in self.open)

    def overdue(self) -> NetvizError:
        """Return the fault of the innermost file that most of the time has gone into."""
        slow = [one for one in self.open if one.passed > one.most / 2] or self.open
        return too_slow(Place(slow[-1].file), slow[-1].most / SLACK)

    def death(self, code: int | None) -> NetvizError:
        """Return what to say of a process that ended with `code`."""
        name = _signal_name(code)
        if not self.open:
            return SiteError(
                f"the process of the build ended by itself ({name})",
                remedy="Most often memory runs out: close other programs and try again.",
            )
        if name == "SIGXCPU":
            return self.overdue()
        return crashed(Place(self.open[-1].file), name)


def _signal_name(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _received(value: tuple[bytes | None, str]) -> BaseException:
    """Return an exception of the other process, with its traceback as the cause."""
    pickled, text = value
    if pickled is None:
        return RuntimeError(text)
    error: BaseException = pickle.loads(pickled)  # noqa: S301 - of our own process
    if not isinstance(error, NetvizError):
        error.__cause__ = _FarError(text)
    return error


# --- in the other process ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Teller:
    """Tells the watcher what is being read."""

    send: Callable[[tuple[str, object]], None]

    def begins(self, file: Path, seconds: float) -> None:
        self.send(("begins", (file, seconds)))

    def ends(self) -> None:
        self.send(("ends", None))


def _serve(pipe: "Connection[Any, Any]", near: "Connection[Any, Any]", maker: Maker) -> None:
    """Answer calls until none can come any more."""
    near.close()  # else it would never see that the other end was closed
    _leave_signals_to_the_watcher()
    prepare()  # to end where the watcher was killed
    WATCH.set(_Teller(pipe.send))
    # The other end may be gone by now, as after Ctrl-C.
    gone = suppress(BrokenPipeError, ConnectionResetError, KeyboardInterrupt)
    with gone, maker() as answer:
        for arguments in _calls(pipe):
            if arguments != STOP:  # which came too late for the call before
                pipe.send(_answered(answer, pipe, arguments))


def _calls(pipe: "Connection[Any, Any]") -> Iterator[Any]:
    with suppress(EOFError):
        while True:
            yield pipe.recv()


def _leave_signals_to_the_watcher() -> None:
    """Ignore Ctrl-C, which reaches the watcher as well: it ends this process by SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    if sys.platform != "win32":
        import resource

        # A crash is reported in a message; nobody needs a copy of the memory on disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _answered(
    answer: Answer, pipe: "Connection[Any, Any]", arguments: tuple[object, ...]
) -> tuple[Literal["answer", "raised"], object]:
    def say(thing: object) -> None:
        if pipe.poll():
            pipe.recv()
            raise Abandoned
        pipe.send(("said", thing))

    try:
        return "answer", answer(say, *arguments)
    except Abandoned as error:
        return "raised", (None, str(error))
    except Exception as error:  # raised again at the other end
        text = "".join(traceback.format_exception(error))
        try:
            return "raised", (pickle.dumps(error), text)
        except Exception:  # whatever it holds, it cannot be sent
            return "raised", (None, text)
