"""Lines of their own for the figures in a text, within the list or quote of each call."""

import re
from collections.abc import Mapping

from netviz.errors import EssayError, Place
from netviz.essay.markup import FIGURE_MARKER

MARKER = re.compile(FIGURE_MARKER)
LEAD = re.compile(
    r"(?P<lead>[ \t>]*)(?P<bullet>(?:(?:[-*+]|\d{1,9}[.)]|:)[ \t]+|\[\^[^\]\n]*\]:[ \t]*)?)"
)
ROW = re.compile(r"[ \t>]*\||.*[^\\]\|.*\|")
INDENT = "    "  # what a block inside a list needs


def with_figures_apart(text: str, places: Mapping[str, Place]) -> str:
    """Return `text` with the marker of each figure on a line of its own.

    `places` say where each marker's figure was called.

    Raises:
        EssayError: a figure was called in a table.
    """
    if not MARKER.search(text):
        return text
    return "\n".join(_apart(line, places) if "<div" in line else line for line in text.split("\n"))


def _apart(line: str, places: Mapping[str, Place]) -> str:
    markers = MARKER.findall(line)
    if not markers:
        return line
    pieces = MARKER.split(line)
    if ROW.match("".join(pieces)):
        raise EssayError(
            "a figure cannot be in a table", place=places.get(markers[0]),
            remedy="Put it above or below.",
        )  # fmt: skip
    found = LEAD.match(line)
    lead, bullet = (found["lead"], found["bullet"]) if found else ("", "")
    if not bullet and ">" not in lead and len(lead) < len(INDENT):
        return "".join(_with_empty_lines(pieces, markers))
    return _in_block(pieces, markers, lead, bullet)


def _with_empty_lines(pieces: list[str], markers: list[str]) -> list[str]:
    found = [pieces[0]]
    for marker, piece in zip(markers, pieces[1:], strict=True):
        found += [f"\n\n{marker}\n\n", piece]
    return found


def _in_block(pieces: list[str], markers: list[str], lead: str, bullet: str) -> str:
    """Return the lines of one line in a list, a note or a quote."""
    inner = lead + INDENT if bullet else lead
    empty = lead.rstrip() if ">" in lead else ""
    lines = []
    if pieces[0].strip(" \t>") == bullet.strip():  # nothing but the bullet before the figure
        lines.append(lead + bullet + markers[0])
    else:
        lines += [pieces[0], empty, inner + markers[0]]
    for marker, piece in zip([*markers[1:], None], pieces[1:], strict=True):
        lines += [empty, inner + piece.lstrip()] if piece.strip() else []
        lines += [empty, inner + marker] if marker else []
    return "\n".join([*lines, empty])
