"""What a reader can set in a figure, and how an address writes it.

A state is a text such as `cell=2-8&images=random`: settings by name, each with one of its
values. It follows the figure's id after a question mark: `#fig-confusion?cell=2-8`. What it leaves
out is as the figure opens. Links in a text and the page's address carry this one form.

The page's script finds settings and values by the names and the order given here
(templates/js/parts/states.js).
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from netviz.errors import EssayError, listed, nearest_name

NAME = re.compile(r"[a-z][a-z0-9_]*")
VALUE = re.compile(r"[\w.-]+")
NOT_WORD = re.compile(r"[^\w.]+")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
SHORTEST_RUN = 4  # whole numbers in a row, from which a list of them is written as a range
MOST_LISTED = 12  # values that a message names


@dataclass(frozen=True)
class Setting:
    """One thing that a reader can set in a figure.

    Attributes:
        name: as an address writes it.
        lists: what the values are made of: each is one item of every list, joined by hyphens.
        is_many: whether any number of values may be set at once, joined by commas.
    """

    name: str
    lists: tuple[tuple[str, ...], ...]
    is_many: bool = False

    @property
    def values(self) -> Iterator[str]:
        """Every value, in the order in which the page's script counts them."""
        return map("-".join, itertools.product(*self.lists))

    def has(self, value: str) -> bool:
        """Say whether a state may give this setting `value`."""
        chosen = value.split(",") if self.is_many else [value]
        return self._known.issuperset(chosen) and len(set(chosen)) == len(chosen)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.values)

    def json(self) -> dict[str, Any]:
        """Return the setting as the page's script reads it."""
        lists: list[Any] = [[*_with_ranges(one)] for one in self.lists]
        record: dict[str, Any] = {"name": self.name, "of": lists}
        return {**record, "many": True} if self.is_many else record


def choice(name: str, values: Iterable[str]) -> Setting:
    """Return a setting with one of `values`."""
    return Setting(name, (tuple(values),))


def several(name: str, values: Iterable[str]) -> Setting:
    """Return a setting with any number of `values`."""
    return Setting(name, (tuple(values),), is_many=True)


def cells(name: str, rows: Iterable[str], columns: Iterable[str]) -> Setting:
    """Return a setting with a cell of a table by the words of its row and column: `2-8`."""
    return Setting(name, (words(rows), words(columns)))


def counted(count: int) -> list[str]:
    """Return the numbers of `count` things, from 1."""
    return [str(number) for number in range(1, count + 1)]


def words(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as an address writes them: small letters, without spaces or hyphens, unlike."""
    plain = [NOT_WORD.sub("_", name.casefold()).strip("_") or "_" for name in names]
    repeated = {name for name, count in Counter(plain).items() if count > 1}
    return tuple(
        f"{name}_{number}" if name in repeated else name for number, name in enumerate(plain, 1)
    )


def states_json(settings: Sequence[Setting]) -> list[Any]:
    """Return the settings of a figure as its page keeps them, in the order in which they are set.

    Raises:
        ValueError: two settings or two values of one are alike, or an address cannot hold one.
    """
    for setting in settings:
        values = list(setting.values)
        if not NAME.fullmatch(setting.name) or not all(map(VALUE.fullmatch, values)):
            raise ValueError(f"an address cannot hold the setting {setting}")
        if len(set(values)) < len(values):
            raise ValueError(f"two values are alike in {setting}")
    if len({setting.name for setting in settings}) < len(settings):
        raise ValueError(f"two settings have one name: {[one.name for one in settings]}")
    return [setting.json() for setting in settings]


def settings_of(found: Sequence[Mapping[str, Any]]) -> tuple[Setting, ...]:
    """Return the settings that `states_json` made `found` of."""
    return tuple(
        Setting(
            record["name"],
            tuple(tuple(_without_ranges(one)) for one in record["of"]),
            is_many="many" in record,
        )
        for record in found
    )


def refuse_no_state(state: str, settings: Sequence[Setting], figure: str) -> None:
    """Refuse a `state` that the figure of the id `figure` does not have.

    Raises:
        EssayError: it has no such setting or value; what it has is listed, and the nearest named.
    """
    by_name = {setting.name: setting for setting in settings}
    seen = set()
    for part in state.split("&"):
        name, _, value = part.partition("=")
        if name not in by_name:
            raise EssayError(
                f"{figure} has no setting {name!r}",
                expected="one of " + ", ".join(by_name) if by_name else "no state",
                nearest=nearest_name(name, by_name),
            )
        if name in seen:
            raise EssayError(f"{figure} is given {name!r} twice", expected="each setting once")
        seen.add(name)
        _refuse_no_value(value, by_name[name], figure)


def _refuse_no_value(value: str, setting: Setting, figure: str) -> None:
    if setting.has(value):
        return
    known = list(setting.values)
    raise EssayError(
        f"{figure} has no {setting.name!r} of {value!r}",
        expected=("several of " if setting.is_many else "one of ") + listed(known, MOST_LISTED),
        nearest=nearest_name(value, known),
    )


def _with_ranges(values: Sequence[str]) -> Iterator[str]:
    """Yield `values`, with `1~300` for whole numbers that follow each other."""
    place = 0
    while place < len(values):
        end = place + 1
        while end < len(values) and _follows(values[end - 1], values[end]):
            end += 1
        if end - place >= SHORTEST_RUN:
            yield f"{values[place]}~{values[end - 1]}"
        else:
            yield from values[place:end]
        place = end


def _follows(one: str, other: str) -> bool:
    return WHOLE.fullmatch(one) is not None and other == str(int(one) + 1)


def _without_ranges(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        first, mark, last = value.partition("~")
        if mark:
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield value
