"""Styles of an essay's own, checked before they are joined with others.

All styles of a page are one text. What one of them leaves open would swallow the rules of those
that come after it, and a browser says nothing of that.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from netviz.errors import EssayError, place_at
from netviz.essay.places import read_text
from netviz.essay.templates import is_ours

# A comment, a text, an escaped sign, or a sign that opens or closes something.
TOKEN = re.compile(
    r"""/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\\.|/\*|["'{}]""", re.DOTALL
)
LEFT_OPEN = {
    "{": ("a brace is not closed", "Close it with }."),
    "}": ("a brace is closed that nothing opened", "Take it out."),
    "/*": ("a comment does not end", "End it with */."),
    '"': ("a text does not end on its line", 'End it with ".'),
    "'": ("a text does not end on its line", "End it with '."),
}


def refuse_left_open(files: Iterable[Path]) -> None:
    """Refuse styles, other than those of netviz, that do not close what they open.

    Raises:
        EssayError: a style leaves something open; the error names the line that opens it.
    """
    for file in files:
        if not is_ours(file):
            text = read_text(file)
            if (found := left_open(text)) is not None:
                problem, remedy = LEFT_OPEN[found[1]]
                place = place_at(file, text, found[0])
                raise EssayError(problem, place=place, remedy=remedy)


def left_open(css: str) -> tuple[int, str] | None:
    """Return what `css` leaves open, or closes in vain, and where; None for a whole style."""
    open_braces: list[int] = []
    for token in TOKEN.finditer(css):
        sign = token[0]
        if sign == "{":
            open_braces.append(token.start())
        elif sign == "}" and open_braces:
            open_braces.pop()
        elif sign in LEFT_OPEN:
            return token.start(), sign
    return (open_braces[-1], "{") if open_braces else None
