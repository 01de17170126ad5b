"""What functions returned, by their arguments, from build to build.

Steps are kept on disk, in the cache. Texts are quick to read and figures quick to compose, but
there are many of them: after an edit only those are made again whose arguments have changed.
A preview keeps its memory in its process, a build from the command line in a file for the next one
(`build/remembered.py`).
"""

import os
import stat
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

from netviz.engine.recall import Notes
from netviz.engine.stamps import times
from netviz.errors import Place

P = ParamSpec("P")
T = TypeVar("T")
NUMBERS = frozenset({int, float, bool})  # of which 1, 1.0 and True are equal
PLAIN = frozenset({str, bytes, type(None), *NUMBERS})
NO_STAMP = object()

# A function, and the fingerprints of its arguments.
Key: TypeAlias = tuple[Callable[..., Any], Hashable, Hashable]


class Memory:
    """Keeps what functions returned, for calls with equal arguments (see `OneBuild`).

    A result whose attribute `stands` is false, since its folder was removed, is made again. A
    failure is not kept. What a function notes besides is kept with what it returns.
    """

    def __init__(self, kept: Mapping[Key, Any] | None = None) -> None:
        self._kept: dict[Key, Any] = dict(kept or {})
        self._noted: dict[Key, Any] = {}
        self._used: set[Key] = set()

    def kept_of(self, functions: Set[Callable[..., Any]]) -> Mapping[Key, Any]:
        """Return what is kept of `functions`, as another memory can begin with."""
        return {key: one for key, one in self._kept.items() if key[0] in functions}

    def call(
        self,
        fingerprints: "Fingerprints",
        notes: Notes,
        function: Callable[P, T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call `function`, or return what it returned for arguments of the same `fingerprints`.

        Either way `notes` then hold what it noted.
        """
        key = (function, fingerprints.of(args), fingerprints.of(kwargs))
        if key not in self._kept or not getattr(self._kept[key], "stands", True):
            before = notes.take()
            try:
                self._kept[key] = function(*args, **kwargs)
            finally:
                self._noted[key] = notes.take()
                notes.add(before)
        if key in self._noted:
            notes.add(self._noted[key])
        self._used.add(key)
        return cast("T", self._kept[key])

    def end_build(self) -> None:
        """Forget what the build that ends here did not ask for."""
        self._kept = {key: self._kept[key] for key in self._used}
        self._noted = {key: one for key, one in self._noted.items() if key in self._used}
        self._used = set()


class NoNotes:
    """Notes of functions that note nothing."""

    def take(self) -> None:
        """There is nothing to take."""

    def add(self, taken: None) -> None:
        """There is nothing to add."""


class OneBuild:
    """Calls functions by a `Memory` for one build, successful or not.

    A build hands the same records to many functions. The fingerprint of each is computed once for a
    build, and again for the next, before which files may have been saved.
    """

    def __init__(
        self,
        memory: Memory,
        fingerprints: "Fingerprints | None" = None,
        notes: Notes | None = None,
    ) -> None:
        self._memory = memory
        self._fingerprints = fingerprints or Fingerprints()
        self._notes = notes or NoNotes()

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._memory.call(self._fingerprints, self._notes, function, *args, **kwargs)

    def noting(self, notes: Notes) -> "OneBuild":
        """Return what recalls the same for the same build, and `notes` of each call with it."""
        return OneBuild(self._memory, self._fingerprints, notes)


class Fingerprints:
    """What is equal for two arguments that functions treat alike.

    A file counts by its name, times and size, a folder by its name, a place in a text not at all:
    only messages name it. What has a `stamp` counts by that, other records by their fields, and
    what compares by identity by its identity. Each frozen record is looked at once.
    """

    def __init__(self) -> None:
        # By identity, which is that of no other record while this one is held.
        self._known: dict[int, tuple[Any, Hashable]] = {}

    def of(self, argument: Any) -> Hashable:  # noqa: ANN401 - an argument of any function
        """Return the fingerprint of an argument.

        Raises:
            TypeError: the argument can change, and has no stamp.
        """
        if type(argument) in PLAIN:
            return (type(argument), argument) if type(argument) in NUMBERS else argument
        if isinstance(argument, Path):
            return _of_path(argument)
        if isinstance(argument, Mapping | list | tuple | Set):
            return self._of_items(argument)
        if isinstance(argument, Place):
            return Place
        if not _is_frozen(argument.__class__):
            return self._of_record(argument)
        if id(argument) not in self._known:
            self._known[id(argument)] = argument, self._of_record(argument)
        return self._known[id(argument)][1]

    def _of_items(
        self, items: Mapping[Any, Any] | list[Any] | tuple[Any, ...] | Set[Any]
    ) -> Hashable:
        if isinstance(items, Mapping):
            return tuple((self.of(key), self.of(one)) for key, one in items.items())
        fingerprints = map(self.of, items)
        return frozenset(fingerprints) if isinstance(items, Set) else tuple(fingerprints)

    def _of_record(self, record: Any) -> Hashable:  # noqa: ANN401 - a record of any type
        stamp = getattr(record, "stamp", NO_STAMP)
        if stamp is not NO_STAMP:
            return type(record), self.of(stamp)
        if is_dataclass(record) and type(record).__eq__ is not object.__eq__:
            values = (self.of(getattr(record, name)) for name in _field_names(record.__class__))
            return (type(record), *values)
        hash(record)
        return cast("Hashable", record)


def _of_path(path: Path) -> Hashable:
    try:
        status = os.stat(path)  # noqa: PTH116 - quicker than by the path, for hundreds of files
    except OSError:
        return str(path), None
    if stat.S_ISDIR(status.st_mode):
        return str(path), True
    return str(path), *times(status)


@cache
def _is_frozen(kind: Any) -> bool:  # noqa: ANN401 - a type of arguments
    return is_dataclass(kind) and bool(getattr(kind, "__dataclass_params__").frozen)  # noqa: B009 - unknown to typeshed


@cache
def _field_names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type of records
    return tuple(field.name for field in fields(kind))
