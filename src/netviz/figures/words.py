"""What a figure says: patterns with placeholders, translated before they are filled.

A figure is drawn once for all languages of its page. So it gives no sentences but what they are
made of: `say("{count} of {total} images", count=number(3), total=number(40))`. A pattern is
English, and the key of its translation in a catalogue. A placeholder takes a number, which each
language writes in its own way, a name, which an essay's own catalogue may translate, or another
saying.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

PLACEHOLDER = re.compile(r"\{(\w+)\}")
SAID = ("$number", "$say", "$join")  # the keys of sayings kept as JSON
COUNT = "count"  # the placeholder of the number that chooses between singular and plural


@dataclass(frozen=True)
class Number:
    """A number and its form, as `format` takes it."""

    value: float
    form: str


@dataclass(frozen=True)
class Words:
    """A pattern, the values of its placeholders, and the pattern for a count of 1, if any."""

    pattern: str
    places: "Mapping[str, Said]" = field(default_factory=dict)
    one: str = ""

    def __post_init__(self) -> None:
        named = set(PLACEHOLDER.findall(self.pattern))
        if named != set(self.places) or not set(PLACEHOLDER.findall(self.one)) <= named:
            raise ValueError(f"{sorted(self.places)} do not fill {self.pattern!r}")


@dataclass(frozen=True)
class Joined:
    """Several sayings with `between` them; `starts` where each begins with a capital letter."""

    parts: "tuple[Said, ...]"
    between: str
    starts: bool = False


Said: TypeAlias = str | Number | Words | Joined


def say(pattern: str, **places: Said) -> Words:
    """Return what `pattern` says, filled with `places`; a text among these is a name.

    Raises:
        ValueError: `places` does not name the placeholders of the pattern.
    """
    return Words(pattern, places)


def say_counted(pattern: str, one: str, **places: Said) -> Words:
    """Return what `pattern` says of several; where `count` is 1, what `one` says.

    Raises:
        ValueError: `places` does not name the placeholders of the pattern, or `count` is no number.
    """
    if not isinstance(places.get(COUNT), Number):
        raise ValueError(f"the placeholder {COUNT!r} of {pattern!r} needs a number")
    return Words(pattern, places, one)


def number(value: float, form: str = ",") -> Number:
    """Return a number to be written as each language does, `form` being that of `format`."""
    return Number(value if isinstance(value, int) else float(value), form)


def sentences(*parts: Said | None) -> Joined:
    """Return sentences one after the other, without those that are None."""
    return Joined(tuple(part for part in parts if part is not None), " ", starts=True)


def listed(parts: Sequence[Said], between: str = ", ") -> Joined:
    """Return `parts` one after the other."""
    return Joined(tuple(parts), between)


def is_said(value: object) -> TypeGuard[Number | Words | Joined]:
    """Return True if `value` is something to be said in a language; plain texts are not."""
    return isinstance(value, (Number, Words, Joined))


def as_kept(said: Said) -> Any:  # noqa: ANN401 - JSON
    """Return `said` as JSON."""
    if isinstance(said, Number):
        return {"$number": said.value, "form": said.form}
    if isinstance(said, Words):
        places = {name: as_kept(place) for name, place in said.places.items()}
        return {"$say": said.pattern, "one": said.one, "places": places}
    if isinstance(said, Joined):
        parts = [as_kept(part) for part in said.parts]
        return {"$join": parts, "between": said.between, "starts": said.starts}
    return said


def read_said(kept: Any) -> Said | None:  # noqa: ANN401 - JSON
    """Return what `as_kept` made `kept` of; None if it is no saying."""
    if isinstance(kept, str):
        return kept
    if not isinstance(kept, dict):
        return None
    if "$number" in kept:
        return Number(kept["$number"], kept["form"])
    if "$say" in kept:
        return Words(kept["$say"], _all(kept["places"]), kept["one"])
    if "$join" in kept:
        return Joined(tuple(map(_one, kept["$join"])), kept["between"], kept["starts"])
    return None


def _all(kept: Mapping[str, Any]) -> Mapping[str, Said]:
    return {name: _one(place) for name, place in kept.items()}


def _one(kept: Any) -> Said:  # noqa: ANN401 - JSON
    said = read_said(kept)
    if said is None:
        raise ValueError(f"no saying: {kept!r}")
    return said
