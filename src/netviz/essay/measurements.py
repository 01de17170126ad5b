"""Everything measured, as one tree that keys reach into: "networks.mnist-1layer.test.accuracy"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from netviz.errors import EssayError, first_few, nearest_name

PLACE = re.compile(r"0|[1-9][0-9]{0,8}")  # in a list

Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"


@dataclass(frozen=True, eq=False)  # compared by identity, so that results can be cached by it
class Measurements:
    """The content of measurements.json."""

    tree: Mapping[str, Value]

    def at(self, key: str) -> Value:
        """Return the value at the dotted `key`; a whole number is an index of a list.

        Raises:
            EssayError: there is none; the message gives the part of the key that fails
                and the names that would have been right.
        """
        here: Value = self.tree
        parts = key.split(".")
        for depth, part in enumerate(parts):
            try:
                here = _child(here, part)
            except LookupError:
                raise _nothing_there(here, part, key, ".".join(parts[:depth])) from None
        return here


def _child(parent: Value, part: str) -> Value:
    """Return the entry `part` of `parent`.

    Raises:
        LookupError: there is no such entry.
    """
    if isinstance(parent, Mapping):
        return parent[part]
    if is_list(parent) and PLACE.fullmatch(part):
        return parent[int(part)]
    raise LookupError


def is_list(value: Value) -> TypeGuard[Sequence[Value]]:
    """Say whether a measured value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _nothing_there(parent: Value, part: str, key: str, walked: str) -> EssayError:
    names: list[str] = []
    if isinstance(parent, Mapping):
        names = list(parent)
    elif is_list(parent):
        names = [str(index) for index in range(len(parent))]
    return EssayError(
        f"nothing is measured at {key!r}",
        expected=f"one of {first_few(names, 12)} after {walked!r}"
        if names
        else f"{walked!r} to be the end",
        got=repr(part),
        nearest=nearest_name(part, names),
        remedy="All keys are in measurements.json.",
    )
