"""What a text leaves open or undefined, found at its line before a reader has to find it."""

import re
from collections.abc import Sequence
from pathlib import Path

from netviz.errors import EssayError, Place, nearest_name, place_at
from netviz.essay.markup import Heading
from netviz.essay.regions import code_and_formulas, left_open, without

NOTE = re.compile(r"^ {0,3}\[\^(?P<id>[^\]\n]*)\]:", re.MULTILINE)
CALL = re.compile(r"(?<!\\)\[\^(?P<id>[^\]\s]+)\]")
FIRST_HEADING = re.compile(r"^ {0,3}#(?!#)[^\n]*|^[^\n]+\n=+[ \t]*$", re.MULTILINE)


def refuse_open(file: Path, text: str) -> None:
    """Refuse a fence or a displayed formula of `text` that does not end.

    Raises:
        EssayError: a fence or a formula does not end; the error says where it begins.
    """
    fences, formulas = left_open(text)
    if fences:
        raise EssayError(
            "this fenced code does not end",
            place=place_at(file, text, _first_mark(text, fences[0])),
            expected="a line of the same marks, indented as this one",
        )
    if formulas:
        raise EssayError(
            "this formula does not end in its paragraph",
            place=place_at(file, text, formulas[0]),
            expected="$$ before the next empty line",
            got="$$",
        )


def _first_mark(text: str, start: int) -> int:
    found = re.compile("[`~]").search(text, start)
    return found.start() if found else start


def refuse_loose_notes(file: Path, text: str, expanded: str) -> None:
    """Refuse a call of a note that is nowhere, and a note that nothing calls.

    `expanded` is what Jinja made of `text`.

    Raises:
        EssayError: a call has no note, or a note no call.
    """
    if "[^" not in expanded:
        return
    prose = without(expanded, code_and_formulas(expanded))
    notes = {found["id"]: found.start("id") for found in NOTE.finditer(prose)}
    calls = {
        found["id"]
        for found in CALL.finditer(prose)
        if found["id"] not in notes or notes[found["id"]] != found.start("id")
    }
    for name in calls - set(notes):
        raise EssayError(
            f"there is no note {name!r}",
            place=_place(file, text, f"[^{name}]"),
            expected=f"[^{name}]: and its text at the start of a line",
            nearest=nearest_name(name, notes),
            remedy="Where no note is meant, write \\[^.",
        )
    for name in sorted(set(notes) - calls):
        raise EssayError(
            f"nothing calls the note {name!r}",
            place=_place(file, text, f"[^{name}]:"),
            expected=f"[^{name}] in the text",
            remedy="Call it, or remove it.",
        )


def refuse_first_headings(file: Path, text: str, headings: Sequence[Heading]) -> None:
    """Refuse a heading of the first level, which is the page's title.

    Raises:
        EssayError: `headings` has one of the first level.
    """
    if not any(heading.level == 1 for heading in headings):
        return
    prose = without(text, code_and_formulas(text))
    body = prose.find("\n---") + 1
    found = FIRST_HEADING.search(prose, body)
    raise EssayError(
        "the text has a title of its own",
        place=place_at(file, text, found.start() if found else 0),
        expected="## for its headings",
        got=text[found.start() : found.end()].partition("\n")[0] if found else None,
        remedy="The title of the page is in its front matter.",
    )


def _place(file: Path, text: str, needle: str) -> Place:
    start = text.find(needle)
    return place_at(file, text, max(start, 0))
