"""Plain values, as TOML and templates give them, turned into typed records.

Everything an author can misspell passes through `record`: settings, recipes and the
arguments of a figure. The record's own annotations are the schema, so that nothing is said
twice.
"""

import dataclasses
import reprlib
from collections.abc import Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from netviz.errors import EssayError, nearest_name

Record = TypeVar("Record")

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
    return get_type_hints(kind)


def _convert(kind: Any, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - annotations and plain values are of any type
    """Return `value` as `kind`, or raise a RecordError that names `path`."""
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
        return float(value)
    if kind in PLAIN_NAMES and type(value) is kind:
        return value
    raise RecordError(
        f"{path[-1]!r} has the wrong type", path, expected=_plain_name(kind), got=_shown(value)
    )


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
        return float(value)
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
