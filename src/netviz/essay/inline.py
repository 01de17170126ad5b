r"""Where code and formulas are in markdown, by the rule of the page and of `netviz check`.

A formula is $…$ or \(…\) within a line of text, $$…$$ or \[…\] by itself. A dollar opens one where
no space follows, and closes it where no space precedes and no digit follows: so prices stay text.
Neither code nor a formula goes on over an empty line. The text is read once, from left to right.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "inline", "display"]

TOKEN = re.compile(
    r"\\begin\{(?P<environment>[a-zA-Z]+\*?)\}"
    r"|\\(?P<escaped>[^\n])"
    r"|(?P<ticks>`+)"
    r"|(?P<dollars>\$+)"
    r"|(?P<comment><!--)"
    # Possessive, so that a tag which is none is read once.
    r"""|(?P<tag></?[a-zA-Z][\w-]*+(?:\s++[\w:@.-]++(?:\s*+=\s*+(?:"[^"\n]*+"|'[^'\n]*+'|[^\s"'=<>`]++))?+)*+\s*+/?>)"""
    r"|(?P<address>(?<=\])\(<?(?:https?://|mailto:)[^\s()]*)"
)
BLANK = re.compile(r"^[ \t>]*$", re.MULTILINE)
# Where another block begins, though no empty line precedes it.
BREAK = re.compile(
    r"^[ \t>]*(?:$|(?:[-*+]|\d{1,9}[.)])[ \t]|\#{1,6}[ \t]|\||:[ \t]|!!!|\[\^[^\]\n]*\]:)",
    re.MULTILINE,
)
TICKS = re.compile(r"`+")
DOLLAR_OR_ESCAPE = re.compile(r"\\.|\$+", re.DOTALL)
QUOTED_LINE = re.compile(r"\n[ \t]*(?:> ?)+")
LINE_LEAD = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
LINE_REST = re.compile(r"(?P<mark>[.,;:]?)[ \t]*(?=\n|\Z)")
# What follows a formula without a space: a mark of punctuation, or the rest of a word ("$n$th").
MARK = re.compile(r"[.,;:!?)]|[^\W\d_]+")
MONEY = re.compile(r"[\d.,]*\d[\d.,]*(?:[kKMB]?[-–/]|\s+(?:[^\W\d_]{2,}|\|))")
AMOUNT = re.compile(r"[-–/]?\d[\d.,]*")
WORD = re.compile(r"[A-Za-z_]{2,}")
MATHEMATICAL = re.compile(r"[\\^_={}<>+*/|]|\A\s*[A-Za-z]\s*\Z|\d\s*-\s*\w|\w\s*-\s*\d|\w\s-\s\w")
TASK = re.compile(r"[ \t>]*[-*+][ \t]+")


@dataclass(frozen=True)
class Span:
    """Code or a formula from `start` to `end` of a text.

    Attributes:
        kind: code, or a formula within a line, or one that is displayed.
        content: the text between its marks.
        mark: what follows a formula without a space, and belongs to its line; within the span.
        is_alone: whether a displayed formula has its lines for itself.
    """

    kind: Kind
    start: int
    end: int
    content: str
    mark: str = ""
    is_alone: bool = False


class _Reader:
    """Reads one text; `open_at` are the places of formulas that begin a line and never end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open_at: list[int] = []
        self._blank = [found.start() for found in BLANK.finditer(text)]
        self._breaks = [found.start() for found in BREAK.finditer(text)]
        self._ticks: dict[int, list[int]] = {}
        for found in TICKS.finditer(text):
            self._ticks.setdefault(len(found[0]), []).append(found.start())
        self._comments = True  # until one is found that does not end

    def spans(self) -> Iterator[Span]:
        readers: dict[str, Callable[[re.Match[str]], Span | int]] = {
            "environment": self._environment,
            "escaped": self._brackets,
            "ticks": self._code,
            "dollars": self._dollars,
            "comment": self._comment,
            "tag": re.Match.end,
            "address": re.Match.end,
        }
        place = 0
        while found := TOKEN.search(self.text, place):
            read = readers[found.lastgroup or ""](found)
            if isinstance(read, Span):
                yield read
                place = read.end
            else:
                place = read

    def _limit(self, place: int, *, is_block: bool = False) -> int:
        """Return the end of the block that contains `place`."""
        ends = self._blank if is_block else self._breaks
        index = bisect_right(ends, place)
        return ends[index] if index < len(ends) else len(self.text)

    def _code(self, found: re.Match[str]) -> Span | int:
        length = len(found[0])
        starts = self._ticks.get(length, [])
        index = bisect_left(starts, found.end())
        if index < len(starts) and starts[index] < self._limit(found.start()):
            end = starts[index] + length
            return Span("code", found.start(), end, self.text[found.end() : starts[index]])
        return found.end()

    def _comment(self, found: re.Match[str]) -> int:
        end = self.text.find("-->", found.end()) if self._comments else -1
        self._comments = end >= 0
        return end + 3 if end >= 0 else found.end()

    def _dollars(self, found: re.Match[str]) -> Span | int:
        match len(found[0]):
            case 1:
                return self._inline(found)
            case 2:
                return self._display(found)
        return found.end()

    def _closing(self, start: int, limit: int, *, count: int) -> int | None:
        """Return where the next `count` unescaped dollars are; None if before others.

        Between the two single dollars of a formula there is no other; in a displayed one there is.
        """
        for found in DOLLAR_OR_ESCAPE.finditer(self.text, start, limit):
            if found[0].startswith("$") and (count == 1 or len(found[0]) == count):
                return found.start() if len(found[0]) == count else None
        return None

    def _inline(self, found: re.Match[str]) -> Span | int:
        text, start = self.text, found.end()
        if text[start : start + 1].isspace():
            return start
        end = self._closing(start, self._limit(start), count=1)
        if end is None or not self._is_formula(start, end):
            return start
        return self._marked(Span("inline", found.start(), end + 1, self._content(start, end)))

    def _is_formula(self, start: int, end: int) -> bool:
        """Return True if the text between two dollars is a formula rather than two prices."""
        text, content = self.text, self.text[start:end]
        after = text[end + 1 : end + 2]
        if not content or content[-1].isspace() or after.isdigit() or MONEY.match(content):
            return False
        before = text[start - 2 : start - 1] if start > 1 else ""
        if before.isdigit() and AMOUNT.fullmatch(content):
            return False
        touches = before.isalnum() or after.isalnum() or "_" in (before, after)
        if touches and WORD.fullmatch(content):  # $HOME$PATH
            return False
        return "\n" not in content or bool(MATHEMATICAL.search(content))

    def _display(self, found: re.Match[str]) -> Span | int:
        start = found.end()
        begins = self._begins_line(found.start())
        end = self._closing(start, self._limit(start, is_block=begins), count=2)
        if end is None:
            if begins and not self.text[start:].partition("\n")[0].strip():
                self.open_at.append(found.start())
            return start
        content = self.text[start:end]
        is_price = self.text[end + 2 : end + 3].isdigit() or MONEY.match(content)
        if is_price or not content.strip():
            return start
        return self._alone(Span("display", found.start(), end + 2, self._content(start, end)))

    def _brackets(self, found: re.Match[str]) -> Span | int:
        r"""Read \(…\) and \[…\], which are escaped brackets where they hold no formula."""
        closing = {"(": r"\)", "[": r"\]"}.get(found["escaped"])
        if closing is None:
            return found.end()
        begins = self._begins_line(found.start())
        limit = self._limit(found.end(), is_block=begins and closing == r"\]")
        end = self.text.find(closing, found.end(), limit)
        content = self._content(found.end(), end)
        line = self.text[self.text.rfind("\n", 0, found.start()) + 1 : found.start()]
        is_task = closing == r"\]" and TASK.fullmatch(line) and len(content.strip()) <= 1
        if end < 0 or not MATHEMATICAL.search(content) or is_task or "](" in content:
            return found.end()
        if closing == r"\)":
            return self._marked(Span("inline", found.start(), end + 2, content))
        return self._alone(Span("display", found.start(), end + 2, content))

    def _environment(self, found: re.Match[str]) -> Span | int:
        r"""Read a bare \begin{align}…\end{align}, as notebooks take it."""
        if not self._begins_line(found.start()):
            return found.end()
        closing = rf"\end{{{found['environment']}}}"
        limit = self._limit(found.end(), is_block=True)
        end = self.text.find(closing, found.end(), limit)
        if end < 0:
            return found.end()
        end += len(closing)
        return self._alone(Span("display", found.start(), end, self._content(found.start(), end)))

    def _content(self, start: int, end: int) -> str:
        """Return a formula without the marks of the quote around it."""
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        content = self.text[start:end]
        return QUOTED_LINE.sub("\n", content) if QUOTED_LINE.match(f"\n{line}") else content

    def _marked(self, span: Span) -> Span:
        mark = MARK.match(self.text, span.end)
        if mark is None:
            return span
        return Span(span.kind, span.start, mark.end(), span.content, mark[0])

    def _alone(self, span: Span) -> Span:
        """Return a displayed formula, with the mark that ends its line where it is alone."""
        rest = LINE_REST.match(self.text, span.end)
        if rest is None or not self._begins_line(span.start):
            return span
        return Span(span.kind, span.start, rest.end("mark"), span.content, rest["mark"], True)

    def _begins_line(self, place: int) -> bool:
        line = self.text[self.text.rfind("\n", 0, place) + 1 : place]
        return LINE_LEAD.fullmatch(line) is not None


def spans(text: str) -> list[Span]:
    """Return the code and the formulas of markdown without fenced code, in their order."""
    return list(_Reader(text).spans())


def open_formulas(text: str) -> list[int]:
    """Return where a line of two dollars begins a formula that does not end with its paragraph."""
    reader = _Reader(text)
    list(reader.spans())
    return reader.open_at
