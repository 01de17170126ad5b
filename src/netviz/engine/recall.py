"""How a build calls a function whose result an earlier build may have kept.

A build that keeps nothing calls `plainly`. A preview, and a build from the command line, pass a
memory instead, which calls a function again only when the arguments have changed
(`engine/memory.py`).
"""

from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar, runtime_checkable

P = ParamSpec("P")
T = TypeVar("T")


class Recall(Protocol):
    """Calls `function`, or returns what it returned for the same arguments before."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...


class Notes(Protocol):
    """What functions note besides what they return, such as texts that have no translation."""

    def take(self) -> Any:  # noqa: ANN401 - notes of any kind, which only `add` understands
        """Return what was noted, and forget it."""

    def add(self, taken: Any) -> None:  # noqa: ANN401 - what `take` returned
        """Note again what was taken."""


@runtime_checkable
class NotingRecall(Recall, Protocol):
    """Keeps with what a function returned what it noted meanwhile, and notes it again."""

    def noting(self, notes: Notes) -> Recall:
        """Return what recalls the same, and `notes` of each call with it."""


def noting(recall: Recall, notes: Notes) -> Recall:
    """Return `recall` so that after a build `notes` hold what all of its calls noted.

    They begin empty: what an earlier build noted counts where its call is asked for again.
    """
    notes.take()
    return recall.noting(notes) if isinstance(recall, NotingRecall) else recall


def plainly(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function`; nothing is kept."""
    return function(*args, **kwargs)
