"""The prose of a markdown text as its readers see it: without marks, tags and entities.

`95&nbsp;%`, `**95**%` and `95&#37;` are three ways to write one thing. What looks for words or
numbers in a text looks for them here, and learns where each stands in what the author wrote.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from netviz.essay.regions import code_and_formulas, without
from netviz.essay.spans import spans

# What is not prose besides code and formulas: front matter, Jinja, HTML tags, targets of links.
# The first three begin a part that goes on to the mark which ends it; others are whole.
NOT_PROSE = re.compile(
    r"(?P<front>\A\ufeff?---\n)"
    r"|(?P<jinja>\{[{%#])"
    r"|(?P<html><[a-zA-Z/!])"
    r"|(?P<target>\]\([^)\n]{0,200}\))|\bhttps?://\S+|\bdoi:\S+|\barXiv:\S+",
    re.MULTILINE,
)
ENDS = {"front": "\n---\n", "html": ">"}
JINJA_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Tags that part no word from the next, and comments.
WITHIN_A_LINE = re.compile(
    r"<(?:!--|/?(?:abbr|a|bdi|bdo|big|b|cite|data|del|dfn|em|font|ins|i|kbd|mark|nobr|q|small|span"
    r"|strong|s|time|tt|u|var|wbr)\b)",
    re.IGNORECASE,
)
RAISED = re.compile(r"</?su[bp]\b", re.IGNORECASE)
# What Jinja writes as it stands there: `{{ 95 }}`, `{{ "95%" }}`, and a name that stands for such.
LITERAL = r"(?:(?P<number>\d{0,20}\.?\d{1,20})|(?P<quote>[\"'])(?P<text>[^\"'\\\n]*)(?P=quote))"
WRITTEN = re.compile(rf"\{{\{{[-+]?\s*(?:{LITERAL}|(?P<name>[A-Za-z_]\w*))\s*[-+]?\}}\}}")
SET = re.compile(r"\{%[-+]?\s*set\s+(?P<name>[A-Za-z_]\w*)\b")
SET_TO = re.compile(rf"{SET.pattern}\s*=\s*{LITERAL}\s*[-+]?%\}}")
GONE = "\0"  # for each character of what a reader does not see, and that parts nothing
# One mark, of markdown, a backslash or a tag, that the page does not show. One between a letter
# and a digit is kept, which parts a name from a number.
UNSEEN = re.compile(
    r"&(?P<entity>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\(?P<escaped>[\\`*_{}\[\]()>#+.!%-])"
    r"|(?<![*_\[\0])(?:(?<![^\W\d_])[*_\[\0]+|[*_\[\0]++(?!\d))|~~"
    r"|[\u00ad\u200b-\u200f\u2060\ufeff]"
)
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Seen:
    """The prose of a text; `starts` and `origins` say for its pieces where each stands in both.

    The pieces are by turns as their author wrote them, and what a page shows for a mark.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, place: int) -> int:
        """Return where in the author's text the character at `place` stands."""
        piece = bisect_right(self.starts, place) - 1
        return self.origins[piece] + place - self.starts[piece]

    def origin_of_end(self, place: int) -> int:
        """Return where in the author's text the character before `place` ends."""
        piece = bisect_right(self.starts, place - 1) - 1
        is_mark = piece % 2 == 1  # of several characters that show as one
        return self.origins[piece + 1] if is_mark else self.origin(place - 1) + 1


def seen(text: str) -> Seen:
    """Return the prose of a markdown `text` as its readers see it; spaces stand for the rest."""
    prose = _prose(text)
    parts: list[str] = []
    starts, origins = [0], [0]
    length = done = 0
    for match in UNSEEN.finditer(prose):
        kept = prose[done : match.start()]
        shown = _shown(match)
        parts += [kept, shown]
        length += len(kept)
        done = match.end()
        starts += [length, length + len(shown)]
        origins += [match.start(), done]
        length += len(shown)
    return Seen("".join([*parts, prose[done:]]), tuple(starts), tuple(origins))


def _shown(match: re.Match[str]) -> str:
    """Return what a page shows for a mark."""
    if match["escaped"]:
        return match["escaped"]
    return INVISIBLE.sub("", unescape(match[0])) if match["entity"] else ""


def _prose(text: str) -> str:
    """Return `text`, as long as it was, without all that is no prose."""
    plain = _without_parts(text, _named(text), but_tags=True)
    return _without_parts(without(plain, code_and_formulas(plain)), {})


def _named(text: str) -> dict[str, str]:
    """Return the names that the Jinja of `text` sets once, to a number or a text, with these."""
    found = Counter(match["name"] for match in SET.finditer(text))
    written = ((match["name"], match["number"] or match["text"]) for match in SET_TO.finditer(text))
    return {name: literal for name, literal in written if found[name] == 1}


def _without_parts(text: str, named: Mapping[str, str], *, but_tags: bool = False) -> str:
    """Return `text` with blanks for what NOT_PROSE finds, tags of HTML excepted where asked for.

    Of Jinja stays what it writes as it stands there, and what those `named` stand for.
    """
    parts = []
    done = 0
    for start, end in spans(text, NOT_PROSE, _end):
        part = text[start:end]
        is_kept = but_tags and part.startswith("<")
        parts += [text[done:start], part if is_kept else _blanked(part, named)]
        done = end
    return "".join([*parts, text[done:]])


def _end(found: re.Match[str]) -> str:
    """Return the mark that ends what `found` begins; none where that is all of it."""
    if found.lastgroup == "jinja":
        return JINJA_ENDS[found[0]]
    return ENDS.get(found.lastgroup or "", "")


def _blanked(part: str, named: Mapping[str, str]) -> str:
    """Return blanks in the shape of `part`, so that lines and columns stay, but what it writes."""
    written = WRITTEN.fullmatch(part)
    if written and written["name"] is None:
        start, end = written.span("text" if written["number"] is None else "number")
        return _gone(part[:start]) + part[start:end] + _gone(part[end:])
    if written and written["name"] in named:
        shown = named[written["name"]][: len(part)]
        return shown + _gone(part[len(shown) :])
    if RAISED.match(part):  # smaller, and as near as behind a space
        return " " + _gone(part[1:])
    parts_nothing = part.startswith("](") or WITHIN_A_LINE.match(part)
    return _gone(part) if parts_nothing else re.sub(r"[^\n]", " ", part)


def _gone(part: str) -> str:
    return re.sub(r"[^\n]", GONE, part)
