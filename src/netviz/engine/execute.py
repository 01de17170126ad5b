"""Running the graph: each step at most once, in parallel, and only where its key is new."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

from netviz.engine.cache import Cache
from netviz.engine.entries import CorruptEntry, ForeignEntry
from netviz.engine.graph import Artifact, Step, Tree, mapped, reachable
from netviz.engine.keys import Key, Keys
from netviz.engine.local import LocalExecutor, local_executor
from netviz.engine.notes import last_read, overdue
from netviz.engine.sources import Sources
from netviz.engine.worker import Made, Order, perform
from netviz.errors import Gathering, NetvizError, SiteError

TICK_SECONDS = 0.1
SHOWN_CHANGES = 4

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
        on_event: called for every event, in this thread.
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
        self.order = _order(graph)
        self.critical_path = _critical_path(graph)
        self.done: dict[str, Artifact] = {}
        self.refused: dict[str, str] = {}  # by step: why what the cache had is not used
        self.ready: list[tuple[float, str, Key]] = []
        self.making: dict[Future[Made], tuple[str, Key]] = {}
        self.faults = Gathering()  # by steps that have a place in the essay
        self.duplicates: dict[str, list[str]] = {}  # by key: steps that will share one result
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
        if any(source.name not in self.done for source in step.sources):
            self.order.done(step.name)
            return
        key = self.keys.key(step, mapped(self._inputs(step), lambda made: made.digest))
        if key.digest in self.duplicates:
            self.duplicates[key.digest].append(step.name)
            return
        artifact = self._kept(step, key)
        if artifact is not None:
            self._finish(step.name, artifact, Event("reused", step.name))
            return
        self.duplicates[key.digest] = [step.name]
        heapq.heappush(self.ready, (-self.critical_path[step.name], step.name, key))

    def _kept(self, step: Step, key: Key) -> Artifact | None:
        """Return what the cache has for this key, if it is whole."""
        try:
            return self.cache.find(key)
        except CorruptEntry as damage:
            is_foreign = isinstance(damage, ForeignEntry)
            self.refused[step.name] = str(damage) if is_foreign else "damaged in the cache"
            self.on_event(Event("foreign" if is_foreign else "damaged", step.name, str(damage)))
            self.cache.discard(key, self.staging)
            return None

    def _start(self) -> None:
        """Give workers what waits for them, the longest chain of work first."""
        while self.ready and len(self.making) < self.slots:
            _, name, key = heapq.heappop(self.ready)
            step = self.graph[name]
            folders = mapped(self._inputs(step), lambda made: made.folder)
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
            for duplicate in self.duplicates.pop(key.digest)[1:]:
                self._finish(duplicate, artifact, Event("reused", duplicate, f"the same as {name}"))

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
        for name in self.duplicates.pop(key.digest):
            self.order.done(name)

    def _finish(self, name: str, artifact: Artifact, event: Event) -> None:
        self.done[name] = artifact
        self.order.done(name)
        self.on_event(event)

    def _inputs(self, step: Step) -> Tree[Artifact]:
        def made(source: Step | Artifact) -> Artifact:
            return self.done[source.name] if isinstance(source, Step) else source

        return mapped(step.inputs, made)

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


def _order(graph: Mapping[str, Step]) -> TopologicalSorter[str]:
    return TopologicalSorter(
        {name: [source.name for source in step.sources] for name, step in graph.items()}
    )


def _critical_path(graph: Mapping[str, Step]) -> dict[str, float]:
    """Return for each step the weight of the longest chain of work that begins with it."""
    chain: dict[str, float] = dict.fromkeys(graph, 0.0)
    for name in reversed(list(_order(graph).static_order())):
        chain[name] += graph[name].weight
        for source in graph[name].sources:
            chain[source.name] = max(chain[source.name], chain[name])
    return chain


def _is_lost_worker(error: Exception) -> bool:
    """Say whether a process ended under its work; dask has an exception of its own for that."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"
