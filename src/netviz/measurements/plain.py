"""Records as the plain values of measurements.json: numbers are rounded here, and nowhere else.

Numbers other than counts and shares are rounded to six significant digits, so that the last
bits, in which CPUs differ, do not reach the page. A field that is not rounded is marked `Exact`.
A field whose default is None is left out where it is None: what does not apply to a network.
"""

import dataclasses
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeAlias, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from netviz.records import Json

DIGITS = 6
EXACT = "exact"
Exact: TypeAlias = Annotated[float, EXACT]
Number: TypeAlias = float | None  # None, or nan until it is written, where it is not defined


def as_plain(value: Any, *, exact: bool = False) -> Any:  # noqa: ANN401 - a record gives a dict, a number a number
    """Return `value`, a record or what one holds, as JSON; with its floats rounded unless `exact`.

    The key of a field is its name, without the underscore that keeps it from being a keyword.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name.removesuffix("_"): as_plain(
                getattr(value, field.name), exact=exact or field.name in _exact_fields(type(value))
            )
            for field in dataclasses.fields(value)
            if field.default is not None or getattr(value, field.name) is not None
        }
    if isinstance(value, Mapping):
        return {name: as_plain(item, exact=exact) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item, exact=exact) for item in value]
    if isinstance(value, (str, int)) or value is None:
        return value
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if exact else rounded(value)


def plain_record(record: Any) -> dict[str, Json]:  # noqa: ANN401 - any dataclass
    """Return a record as a JSON object."""
    tree: dict[str, Json] = as_plain(record)
    return tree


@lru_cache(maxsize=64)
def _exact_fields(kind: type) -> frozenset[str]:
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(name for name, hint in hints.items() if EXACT in get_args(hint)[1:])


def rounded(number: float | np.floating[Any] | NDArray[Any] | None) -> Number:
    """Return a number rounded to six significant digits; None for one that is not defined."""
    if number is None:
        return None
    value = float(number)
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def or_least(number: float | None) -> float:
    """Return `number` rounded, to compare it; what is not defined comes last."""
    value = rounded(number)
    return -math.inf if value is None else value


def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    """Return how many of `whole` are in `part`; nan where the whole is empty."""
    return float(part.sum() / whole.sum()) if whole.any() else math.nan
