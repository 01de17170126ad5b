"""How a build calls a function whose result an earlier build may have kept.

A build that keeps nothing calls `plainly`. A preview, and a build from the command line, pass a
memory instead, which calls a function again only when the arguments have changed
(`engine/memory.py`).
"""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Recall(Protocol):
    """Calls `function`, or returns what it returned for the same arguments before."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...


def plainly(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function`; nothing is kept."""
    return function(*args, **kwargs)
