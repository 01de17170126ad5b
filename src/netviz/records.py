"""Plain values, as TOML and templates give them, turned into typed records.

Everything an author can misspell passes through `record`: settings, recipes and the
arguments of a figure. The record's own annotations are the schema, and say which numbers are in
range: `Annotated[int, Within(0, 9)]`, or one of the kinds below.
"""

import dataclasses
import math
import reprlib
import sys
from collections.abc import Mapping, Sized
from functools import lru_cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from netviz.errors import EssayError, nearest_name

Record = TypeVar("Record")
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

PLAIN_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class RecordError(EssayError):
    """A value does not fit its record; `path` names the keys that lead to it."""

    def __init__(self, problem: str, path: tuple[str, ...] = (), **details: Any) -> None:  # noqa: ANN401 - passed on as they are
        super().__init__(problem, **details)
        self.path = path

    def below(self, path: tuple[str, ...]) -> "RecordError":
        """Put the keys `path` before those that lead to the value; return the error."""
        self.path = (*path, *self.path)
        return self


@dataclasses.dataclass(frozen=True)
class Within:
    """The range of a number, `least` and `most` included; no range includes NaN.

    `expected` says it in a message; unless given, by the two numbers.
    """

    least: float
    most: float
    expected: str = ""

    def check(self, value: float, path: tuple[str, ...]) -> None:
        """Raise a RecordError where `value` is out of range."""
        if not self.least <= value <= self.most:
            raise out_of_range(
                value, path, self.expected or f"{self.least:.16g} to {self.most:.16g}"
            )


def out_of_range(value: float, path: tuple[str, ...], expected: str) -> RecordError:
    """Return the fault of a number that is not as `expected`."""
    # Python does not write out whole numbers of thousands of digits.
    is_short = isinstance(value, float) or abs(value) < LONGEST_WRITTEN
    got = str(value) if is_short else "a larger number"
    return RecordError(f"{path[-1]!r} is out of range", path, expected=expected, got=got)


@dataclasses.dataclass(frozen=True)
class AtMost:
    """The most entries that a list may have."""

    entries: int

    def check(self, value: Sized, path: tuple[str, ...]) -> None:
        """Raise a RecordError where `value` has more entries."""
        if len(value) > self.entries:
            raise RecordError(
                f"{path[-1]!r} has too many entries",
                path,
                expected=f"at most {self.entries}",
                got=f"{len(value):,}",
            )


LONGEST_WRITTEN = 10**20
MOST = 2**31 - 1  # of anything that is counted, and the largest seed
ABOVE_ZERO, BELOW_ONE = math.nextafter(0, 1), math.nextafter(1, 0)
Seed = Annotated[int, Within(0, MOST)]
Count = Annotated[int, Within(1, MOST)]
Positive = Annotated[float, Within(ABOVE_ZERO, sys.float_info.max, "more than 0")]
NotNegative = Annotated[float, Within(0, sys.float_info.max, "0 or more")]
BelowOne = Annotated[float, Within(0, BELOW_ONE, "0 or more, and less than 1")]


def record(kind: type[Record], values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Record:
    """Build the frozen dataclass `kind` from plain `values`.

    Raises:
        RecordError: an unknown key, a missing one, or a value of the wrong type.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # any dataclass
    for key in values:
        if key not in fields:
            raise RecordError(
                f"unknown setting {key!r}",
                (*path, key),
                expected=_one_of(fields),
                nearest=nearest_name(key, fields),
            )
    for name, field in fields.items():
        required = (
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        if required and name not in values:
            raise RecordError(f"{name!r} is missing", path, remedy=f"Give {name}.")
    hints = _hints(kind)  # type: ignore[arg-type]  # classes are hashable
    converted = {name: _convert(hints[name], values[name], (*path, name)) for name in values}
    return kind(**converted)


@lru_cache(maxsize=256)  # it takes longer than all the rest, and a text has many records of a kind
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _convert(kind: Any, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - annotations and plain values are of any type
    """Return `value` as `kind`, or raise a RecordError that names `path`."""
    plain, *marks = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    converted = _without_limits(plain, value, path)
    for mark in marks:
        if isinstance(mark, (Within, AtMost)):  # other marks mean something to others
            mark.check(converted, path)
    return converted


def _without_limits(kind: Any, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and isinstance(value, Mapping):
        return record(kind, value, path)
    if origin is Literal:
        return _choice(get_args(kind), value, path)
    if origin in (Union, UnionType):
        return _either(get_args(kind), value, path)
    if origin is tuple and isinstance(value, (list, tuple)):
        return _sequence(get_args(kind), value, path)
    if origin in (dict, Mapping) and isinstance(value, Mapping):
        inner = get_args(kind)[1]
        return {str(key): _convert(inner, item, (*path, str(key))) for key, item in value.items()}
    return _scalar(kind, value, path)


def _scalar(kind: Any, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    if kind is float and type(value) is int:
        return _as_float(value, path)
    if kind in PLAIN_NAMES and type(value) is kind:
        return value
    raise RecordError(
        f"{path[-1]!r} has the wrong type",
        path,
        expected=_plain_name(kind) + _in_a_list(kind, value),
        got=_shown(value),
    )


def _as_float(value: int, path: tuple[str, ...]) -> float:
    try:
        return float(value)
    except OverflowError:
        problem = f"{path[-1]!r} is too large for a number"
        raise RecordError(problem, path, got=_shown(value)) from None


def _in_a_list(kind: Any, value: object) -> str:  # noqa: ANN401 - as above
    """Return how `value` stands in a list, where it is one entry of the list that was meant."""
    entry = get_args(kind)[0] if get_origin(kind) is tuple else None
    plain = get_args(entry)[0] if get_origin(entry) is Annotated else entry
    is_entry = type(value) is plain
    return f", as in [{_shown(value)}]" if is_entry else ""


def _shown(value: object) -> str:
    """Return `value` in short, whatever its size: little YAML can name many lists."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = 80
    short.maxlevel = 3
    return short.repr(value)


def _choice(choices: tuple[Any, ...], value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    if value in choices:
        return value
    raise RecordError(
        f"{path[-1]!r} has an unknown value",
        path,
        expected=_one_of(choices),
        got=_shown(value),
        nearest=nearest_name(_shown(value).strip("'"), [str(choice) for choice in choices]),
    )


def _either(kinds: tuple[Any, ...], value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - as above
    """Return `value` as one of `kinds`: one kind that may be None, or several plain kinds."""
    if value is None and NoneType in kinds:
        return None
    given = [kind for kind in kinds if kind is not NoneType]
    if len(given) == 1:
        return _convert(given[0], value, path)
    if type(value) in given:
        return value
    lists = [kind for kind in given if get_origin(kind) is tuple]
    if lists and isinstance(value, (list, tuple)):
        return _convert(lists[0], value, path)
    if type(value) is int and float in given:
        return _as_float(value, path)
    raise RecordError(
        f"{path[-1]!r} has the wrong type",
        path,
        expected=" or ".join(_plain_name(kind) for kind in given),
        got=_shown(value),
    )


def _sequence(kinds: tuple[Any, ...], value: Any, path: tuple[str, ...]) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if kinds[-1] is Ellipsis:
        return tuple(_convert(kinds[0], item, path) for item in value)
    if len(value) != len(kinds):
        raise RecordError(
            f"{path[-1]!r} has the wrong length",
            path,
            expected=f"{len(kinds)} values",
            got=str(len(value)),
        )
    return tuple(_convert(kind, item, path) for kind, item in zip(kinds, value, strict=True))


def _plain_name(kind: Any) -> str:  # noqa: ANN401 - as above
    if get_origin(kind) is tuple:
        return "a list"
    if dataclasses.is_dataclass(kind) or get_origin(kind) in (dict, Mapping):
        return "a table"
    return PLAIN_NAMES.get(kind, str(kind))


def _one_of(choices: Any) -> str:  # noqa: ANN401 - any iterable of names
    return "one of " + ", ".join(str(choice) for choice in choices)
