r"""Parts of a text between an opening and a closing mark, found in one pass.

A regular expression such as `\{\{.*?\}\}` looks for its end again from every beginning, which
takes hours where a text has many beginnings and no end. Here each mark is looked for once.
"""

import re
from collections.abc import Callable, Iterator

JINJA_TAG = re.compile(r"\{\{|\{%")
JINJA_ENDS = {"{{": "}}", "{%": "%}"}


def spans(
    text: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str], start: int = 0
) -> Iterator[tuple[int, int]]:
    """Yield start and end of each part of `text` from `start` on, marks included.

    What `opening` matches, with the text that `closing` says must follow, is a part; `closing`
    returns "" for a match that is a part by itself. An opening that is never closed is none.
    """
    found: dict[str, int] = {}
    while match := opening.search(text, start):
        mark = closing(match)
        begin = match.end()
        if (mark and -1 < found.get(mark, 0) < begin) or mark not in found:
            found[mark] = text.find(mark, begin)
        start = begin if not mark or found[mark] < 0 else found[mark] + len(mark)
        if not mark or found[mark] >= 0:
            yield match.start(), start


def jinja_tags(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield start and end of each `{{ … }}` and `{% … %}` of `text` from `start` on."""
    return spans(text, JINJA_TAG, lambda match: JINJA_ENDS[match[0]], start)
