"""The one kind of exception that a user sees, and the one form in which it is shown.

Every fault of an essay, a data file or a machine is raised as a `NetvizError`, so that the
command line can print a single message and leave with exit code 1, without a traceback.

Messages quote names and texts of others, which may hold escape sequences: a terminal would obey
them. Whatever netviz prints passes through `visible`.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_TOLD = 20  # faults at once; nobody mends more before building again


def visible(text: str) -> str:
    """Return `text` on one line, with a code for each character that is not shown as itself.

    Controls, line ends, marks of direction, joiners, and bytes of a file's name that are no text
    are written as Python writes them: \\x1b, \\n, \\u202e, \\udcff. Spaces of every width stay.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    return char.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True)
class Place:
    """The place of a fault: a file and, where they are known, a line and a column from 1."""

    file: Path | str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [str(self.file), self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


def place_at(file: Path | str, text: str, start: int) -> Place:
    """Return the place of the character at `start` of `text`, which is what `file` holds."""
    line = text.count("\n", 0, start) + 1
    return Place(file, line, start - text.rfind("\n", 0, start))


class NetvizError(Exception):
    """A fault that the user can mend.

    The message reads `file:line:column: what is wrong; expected …; got …; did you mean …? Mend.`,
    each part only where it is given.

    Args:
        problem: what is wrong, as a sentence without a full stop.
        place: where it is wrong.
        expected: what would have been right.
        got: what was found instead.
        nearest: the most similar name that would have been right (see `nearest_name`).
        remedy: what to do about it, as a sentence.

    Attributes:
        asked_at: where the essay asks for the figure whose drawing raised the error.
        calls: of a text with an error, the calls of figures in it that are valid.
    """

    asked_at: Place | None = None
    calls: tuple[Any, ...] = ()

    def __init__(  # noqa: PLR0913 - all but one are named parts of one message
        self,
        problem: str,
        *,
        place: Place | None = None,
        expected: str | None = None,
        got: str | None = None,
        nearest: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place
        self.expected = expected
        self.got = got
        self.nearest = nearest
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Keep every part when the error goes to another process, which does not know figures."""
        return _bare, (type(self), self.problem), self.__dict__ | {"calls": ()}

    def at(self, place: Place) -> "NetvizError":
        """Give the error a place, unless it already has one; return it."""
        if self.place is None:
            self.place = place
        return self

    def __str__(self) -> str:
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.got is not None:
            text += f"; got {self.got}"
        if self.nearest is not None:
            text += f"; did you mean {self.nearest}?"
        if self.remedy is not None:
            text += f" {self.remedy}" if text.endswith("?") else f". {self.remedy}"
        return visible(text)


def _bare(kind: type[NetvizError], problem: str) -> NetvizError:
    """Return an error of `kind` before its parts are put back."""
    return kind.__new__(kind, problem)


class EssayError(NetvizError):
    """The essay is at fault: its markdown, front matter, settings, figures or claims."""


class EssayGroupError(EssayError):
    """Several faults of an essay, reported together: a line for each, the first ones in full.

    Args:
        faults: at least two, none of them a group; they are reported file by file, in the order of
            their places.
    """

    def __init__(self, faults: Iterable[NetvizError]) -> None:
        faults = tuple(faults)
        files: dict[str, int] = {}
        for fault in faults:
            files.setdefault(_position(fault)[0], len(files))
        self.faults = tuple(
            sorted(faults, key=lambda one: (files[_position(one)[0]], _position(one)))
        )
        first = self.faults[0]
        super().__init__(first.problem, place=first.place)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            lines.append(f"and {len(self.faults) - MOST_TOLD} more")
        return "\n".join(lines)


def _position(fault: NetvizError) -> tuple[str, int, int]:
    place = fault.place
    return (str(place.file), place.line or 0, place.column or 0) if place else ("", 0, 0)


class DataError(NetvizError):
    """A data set or a weights file is at fault, or cannot be had."""


class SiteError(NetvizError):
    """The site cannot be written: disk, permissions, or another build at work."""


def each(error: NetvizError) -> tuple[NetvizError, ...]:
    """Return the faults of a group, or the one that `error` is."""
    return error.faults if isinstance(error, EssayGroupError) else (error,)


class Gathering:
    """Lets work go on after a fault, so that all of an essay's faults are reported together."""

    def __init__(self) -> None:
        self.faults: list[NetvizError] = []
        self._told: set[str] = set()

    def add(self, error: NetvizError) -> None:
        """Note a fault, or each of a group; a fault that was noted before is reported once."""
        for fault in each(error):
            if (said := str(fault)) not in self._told:
                self._told.add(said)
                self.faults.append(fault)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Note a fault of the essay that is raised inside, and leave the block."""
        try:
            yield
        except (EssayError, DataError) as error:
            self.add(error)

    def end(self) -> None:
        """Raise what was noted: a single fault by itself, several as a group."""
        if len(self.faults) == 1:
            raise self.faults[0]
        if self.faults:
            raise EssayGroupError(self.faults)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None where nothing comes near."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return the first `most` of `names` with commas, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def first_few(names: Sequence[str], most: int) -> str:
    """Return the first `most` of `names` with commas, and an ellipsis where there are more."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
