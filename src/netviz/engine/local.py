"""Worker processes on this machine: how they are started and ended."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from netviz.engine.worker import ONE_THREAD, prepare

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# After a kill the system frees the semaphores by itself: no warning of the resource tracker.
QUIET_TRACKER = {"PYTHONWARNINGS": "ignore:resource_tracker"}

P = ParamSpec("P")
T = TypeVar("T")


class LocalExecutor(Executor):
    """Worker processes on this machine, started when the first step needs one.

    They compute with one BLAS thread, leave Ctrl-C to the build, and end with it even where it
    is killed.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a call to a worker process."""
        with _for_workers():
            try:
                return self._running().submit(fn, *args, **kwargs)
            except BrokenExecutor:  # a worker was killed while it had nothing to do
                self.stop()
                return self._running().submit(fn, *args, **kwargs)

    def stop(self) -> None:
        """End all workers at once, whatever they do. The next call starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            # Python 3.14 has kill_workers() for this; before, the processes are not public.
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers when they have nothing left to do."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
            self._pool = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        if kind is not None:
            self.stop()
        self.shutdown()
        return False

    def _running(self) -> "ProcessPoolExecutor":
        if self._pool is None:
            # Slow to load, and not needed where nothing has changed.
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as said
            from multiprocessing import get_context  # noqa: PLC0415 - as said

            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=get_context("spawn"), initializer=prepare
            )
        return self._pool


def local_executor(jobs: int) -> LocalExecutor:
    """Return an executor of up to `jobs` processes; leaving its `with` ends them."""
    return LocalExecutor(jobs)


@contextmanager
def _for_workers() -> Iterator[None]:
    """Give processes started within one BLAS thread, and keep Ctrl-C from them.

    Both are inherited at the start of a process, before its first import; neither is left
    changed in this one. A signal that comes meanwhile is acted on afterwards: it would
    interrupt the start of a process, which then prints a misleading traceback.
    """
    with _deferred_signals(), _inherited():
        yield


@contextmanager
def _deferred_signals() -> Iterator[None]:
    """Act on Ctrl-C and on the wish to end only after what is within."""
    if threading.current_thread() is not threading.main_thread():  # no signal gets there
        yield
        return
    caught: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda number, _: caught.append(number)) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            if handler is not None:  # None is one that Python did not set
                signal.signal(kind, handler)
        for number in caught:
            signal.raise_signal(number)


@contextmanager
def _inherited() -> Iterator[None]:
    """Change what a process started within inherits from this one: one thread, and no Ctrl-C."""
    mask: set[Any] | None = None
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker  # noqa: PLC0415 - only where work is started

        # Its start unblocks Ctrl-C; left to the first worker, it would do so for that worker too.
        with _changed_environment(QUIET_TRACKER):
            resource_tracker.ensure_running()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _changed_environment(ONE_THREAD):
            yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def _changed_environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Let processes that are started meanwhile inherit `changes` of the environment."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
