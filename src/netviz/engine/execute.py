"""Running the graph: each step at most once, in parallel, and only where its key is new."""

import heapq
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from netviz.engine.cache import Cache
from netviz.engine.entries import Damage, Foreign
from netviz.engine.graph import Artifact, Step, reachable
from netviz.engine.keys import Key, Keys
from netviz.engine.notes import last_read, overdue
from netviz.engine.sources import Sources
from netviz.engine.worker import ONE_THREAD, Made, Order, perform, prepare
from netviz.errors import Gathering, NetvizError, SiteError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

TICK_SECONDS = 0.1
SHOWN_CHANGES = 4

# Where a build is killed, the system takes back what it left; nobody has to be warned of that.
QUIET_TRACKER = {"PYTHONWARNINGS": "ignore:resource_tracker"}

P = ParamSpec("P")
T = TypeVar("T")
EventKind = Literal["planned", "reused", "damaged", "foreign", "started", "made", "tick"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a step, as the display and the tests see it.

    Attributes:
        kind: "planned" once for every step; then "reused", or "started" and "made"; "damaged"
            before these where the cache's entry was not whole, "foreign" where it was not made
            by this user's builds; "tick", without a step, every tenth of a second while there is
            nothing to do but wait.
        step: the step's name.
        why: why it had to be made, or what is damaged.
        seconds: how long it took, once made.
        weight: how long it was thought to take.
    """

    kind: EventKind
    step: str = ""
    why: str = ""
    seconds: float = 0.0
    weight: float = 0.0


def run(
    steps: Iterable[Step],
    *,
    cache: Cache,
    executor: Executor | None = None,
    on_event: Callable[[Event], None] = lambda _: None,
    code: Sources | None = None,
) -> dict[str, Artifact]:
    """Make `steps` and all that they read; return what each step made, by its name.

    An exception raised by `on_event` ends the run as Ctrl-C does.

    Args:
        steps: what is wanted.
        cache: where results are kept.
        executor: where steps run; a single worker process where None.
        on_event: told of everything that happens, in this thread.
        code: finds what code steps run; runs that follow each other at once may share it.

    Raises:
        NetvizError: raised by a step; or the disk refuses, or a worker was lost. What steps with
            a place raise, which no other step reads, is gathered until all the others are made.
    """
    if executor is None:
        with local_executor(1) as single:
            return run(steps, cache=cache, executor=single, on_event=on_event, code=code)
    with cache.staging() as staging:
        keys = Keys(code or Sources())
        return _Run(reachable(steps), keys, cache, executor, on_event, staging).results()


class _Run:
    """One run: what is done, what waits for a worker, what is being made."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run is
        self,
        graph: Mapping[str, Step],
        keys: Keys,
        cache: Cache,
        executor: Executor,
        on_event: Callable[[Event], None],
        staging: Path,
    ) -> None:
        self.graph = graph
        self.cache = cache
        self.executor = executor
        self.on_event = on_event
        self.staging = staging
        self.keys = keys
        self.order = TopologicalSorter({name: _sources(step) for name, step in graph.items()})
        self.urgency = _urgency(graph)
        self.done: dict[str, Artifact] = {}
        self.refused: dict[str, str] = {}  # by step: why what the cache had is not used
        self.ready: list[tuple[float, str, Key]] = []
        self.making: dict[Future[Made], tuple[str, Key]] = {}
        self.faults = Gathering()  # by steps that have a place in the essay
        self.twins: dict[str, list[str]] = {}  # by key: steps that will share one result
        # Our own workers get one step each, so that the heaviest goes first even when it
        # becomes ready late; another executor has its own order of work.
        self.slots = executor.jobs if isinstance(executor, LocalExecutor) else len(graph)

    def results(self) -> dict[str, Artifact]:
        for step in self.graph.values():
            self.on_event(Event("planned", step.name, weight=step.weight))
        self.order.prepare()
        try:
            while self.order.is_active():
                for name in self.order.get_ready():
                    self._settle(self.graph[name])
                self._start()
                self._collect()
        except BaseException:
            self._abandon()
            raise
        self.faults.end()
        return self.done

    def _settle(self, step: Step) -> None:
        """Reuse what is in the cache, or put the step where a worker will take it.

        A step that reads what another one refused to make is passed over.
        """
        if any(name not in self.done for name in _sources(step)):
            self.order.done(step.name)
            return
        artifacts = self._inputs(step)
        key = self.keys.key(step, {role: made.digest for role, made in artifacts.items()})
        if key.digest in self.twins:
            self.twins[key.digest].append(step.name)
            return
        artifact = self._kept(step, key)
        if artifact is not None:
            self._finish(step.name, artifact, Event("reused", step.name))
            return
        self.twins[key.digest] = [step.name]
        heapq.heappush(self.ready, (-self.urgency[step.name], step.name, key))

    def _kept(self, step: Step, key: Key) -> Artifact | None:
        """Return what the cache has for this key, if it is whole."""
        try:
            return self.cache.find(key)
        except Damage as damage:
            is_foreign = isinstance(damage, Foreign)
            self.refused[step.name] = str(damage) if is_foreign else "damaged in the cache"
            self.on_event(Event("foreign" if is_foreign else "damaged", step.name, str(damage)))
            self.cache.discard(key, self.staging)
            return None

    def _start(self) -> None:
        """Give workers what waits for them, the most urgent first."""
        while self.ready and len(self.making) < self.slots:
            _, name, key = heapq.heappop(self.ready)
            step = self.graph[name]
            folders = {role: made.folder for role, made in self._inputs(step).items()}
            order = Order(name, key, folders, self.staging)
            self.on_event(Event("started", name, self._why(name, key), weight=step.weight))
            self.making[self.executor.submit(perform, order)] = (name, key)

    def _collect(self) -> None:
        """Wait for what is being made, one tick at most, and keep what is finished."""
        if not self.making:
            return
        finished, _ = wait(self.making, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
        if not finished:
            self.on_event(Event("tick"))
            is_local = isinstance(self.executor, LocalExecutor)
            if is_local and (fault := overdue(self.staging)):
                raise fault
        # Those that went well first: what is finished is kept, whatever happened to the others.
        for future in sorted(finished, key=lambda future: future.exception() is not None):
            try:
                made = self._made(future)
            except NetvizError as error:
                self._refuse(future, error)
                continue
            name, key = self.making.pop(future)
            artifact = self.cache.store(made.folder, key)
            self._finish(name, artifact, Event("made", name, seconds=made.seconds))
            for twin in self.twins.pop(key.digest)[1:]:
                self._finish(twin, artifact, Event("reused", twin, f"the same as {name}"))

    def _made(self, future: Future[Made]) -> Made:
        try:
            return future.result()
        except Exception as error:
            if not _is_lost_worker(error):
                name = self.making[future][0]
                error.add_note(f"in the step {name}")
                if isinstance(error, NetvizError) and (place := self.graph[name].place):
                    error.asked_at = place
                    error.at(place)
                raise
            if fault := last_read(self.staging):
                raise fault from error
            names = ", ".join(sorted(name for name, _ in self.making.values()))
            raise SiteError(
                f"a worker process was killed during: {names}",
                remedy="Most often memory runs out: build with fewer --jobs, or close programs.",
            ) from error

    def _refuse(self, future: Future[Made], error: NetvizError) -> None:
        """Note what a step with a place raised, and go on; raise what any other did."""
        if self.graph[self.making[future][0]].place is None or isinstance(error, SiteError):
            raise error
        _, key = self.making.pop(future)
        self.faults.add(error)
        for name in self.twins.pop(key.digest):
            self.order.done(name)

    def _finish(self, name: str, artifact: Artifact, event: Event) -> None:
        self.done[name] = artifact
        self.order.done(name)
        self.on_event(event)

    def _inputs(self, step: Step) -> dict[str, Artifact]:
        return {
            role: self.done[source.name] if isinstance(source, Step) else source
            for role, source in step.inputs.items()
        }

    def _why(self, name: str, key: Key) -> str:
        """Say why the cache has nothing for this key."""
        if name in self.refused:
            return self.refused[name]
        before = self.cache.previous(name, key.function)
        if before is None:
            return "new"
        changes = key.changes_since(before)
        more = len(changes) - SHOWN_CHANGES
        return "; ".join(changes[:SHOWN_CHANGES]) + (f"; {more} more" if more > 0 else "")

    def _abandon(self) -> None:
        """Let nothing go on writing into the staging folder."""
        running = [future for future in self.making if not future.cancel() and not future.done()]
        if running and isinstance(self.executor, LocalExecutor):
            self.executor.stop()


def _sources(step: Step) -> list[str]:
    return [source.name for source in step.inputs.values() if isinstance(source, Step)]


def _urgency(graph: Mapping[str, Step]) -> dict[str, float]:
    """Return for each step the weight of the longest chain of work that begins with it."""
    chain: dict[str, float] = dict.fromkeys(graph, 0.0)
    order = TopologicalSorter({name: _sources(step) for name, step in graph.items()})
    for name in reversed(list(order.static_order())):
        chain[name] += graph[name].weight
        for source in _sources(graph[name]):
            chain[source] = max(chain[source], chain[name])
    return chain


def _is_lost_worker(error: Exception) -> bool:
    """Say whether a process ended under its work; dask has an exception of its own for that."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


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
    changed in this one. A signal that comes meanwhile is acted on afterwards: a process that is
    left half started prints the traceback of an error that nobody made.
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
