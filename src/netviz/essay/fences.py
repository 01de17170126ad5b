"""Fenced code, wherever markdown allows a block: in lists, quotes, admonitions and footnotes too.

Python-Markdown knows fences at the start of a line alone. Here a fence may have the indentation
and the marks of a quote or a list before it; the placeholder of its code keeps them, so that the
code stays in the block that it was written in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown.extensions.attr_list import get_attrs_and_remainder
from markupsafe import escape

OPENING = re.compile(
    r"(?P<lead>[ \t>]*)(?P<bullet>(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)"
    r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<header>[^`\n]*)"
)
CLOSING = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})[ \t]*")
QUOTE_MARK = re.compile(r" {0,3}> ?")
LANGUAGE = re.compile(r"\.?(?P<name>[\w#.+-]*)")
TITLE = re.compile(r"""\btitle=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
BLOCK_INDENT = 4  # what Python-Markdown asks for inside a list, a note or an admonition


@dataclass(frozen=True)
class Fence:
    """A block of fenced code: lines `first` to `last`, counted from 0.

    Attributes:
        lead: the text before the fence on its line: indentation, marks of quotes, a bullet.
        header: what follows the opening marks, such as the language.
        body: the code, without the lead of its lines.
        source: the whole block, likewise.
    """

    first: int
    last: int
    lead: str
    header: str
    body: str
    source: str

    @property
    def language(self) -> str:
        """The language of the code, or nothing."""
        return _attributes(self.header).language

    @property
    def html(self) -> str:
        """The code as HTML, its title above it."""
        found = _attributes(self.header)
        classes = f' class="{escape(" ".join(found.classes))}"' if found.classes else ""
        name = f' id="{escape(found.id)}"' if found.id else ""
        language = f' class="language-{escape(found.language)}"' if found.language else ""
        title = f'<p class="nv-code-title">{escape(found.title)}</p>\n' if found.title else ""
        code = escaped(self.body)
        return f"{title}<pre{name}{classes}><code{language}>{code}</code></pre>"


@dataclass(frozen=True)
class _Attributes:
    language: str
    title: str
    id: str
    classes: tuple[str, ...]


def escaped(code: str) -> str:
    """Return `code` as the text of an element."""
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        code = code.replace(plain, entity)
    return code


def fences(lines: Sequence[str]) -> Iterator[Fence | int]:
    """Yield each block of fenced code in turn, or the number of the line of a fence left open."""
    number = 0
    # Up to which line nothing closes a fence of some marks, quotes and indentation.
    open_until: dict[tuple[str, int, int], int] = {}
    while number < len(lines):
        opening = OPENING.fullmatch(lines[number])
        if opening is None:
            number += 1
            continue
        quotes = opening["lead"].count(">")
        indent = 0 if opening["bullet"] else _indent(opening) // BLOCK_INDENT * BLOCK_INDENT
        kind = (opening["mark"], quotes, indent)
        last, is_closed = number, False
        if open_until.get(kind, 0) <= number:
            last, is_closed = _end(lines, number + 1, kind)
        if is_closed:
            yield _fence(lines, number, last, opening)
            number = last + 1
        else:
            open_until[kind] = max(last, open_until.get(kind, 0))
            yield number
            number += 1


def _end(lines: Sequence[str], start: int, kind: tuple[str, int, int]) -> tuple[int, bool]:
    """Return the line at which a fence ends, and whether it is closed there.

    Otherwise the block around the fence ends there.
    """
    mark, quotes, indent = kind
    for number in range(start, len(lines)):
        line = _unquoted(lines[number], quotes)
        if line is None or (line.strip() and _width(line) < indent):
            return number, False
        closing = CLOSING.fullmatch(line)
        if closing and closing["mark"].startswith(mark):
            return number, True
    return len(lines), False


def _fence(lines: Sequence[str], first: int, last: int, opening: re.Match[str]) -> Fence:
    quotes = opening["lead"].count(">")
    inner = [_unquoted(line, quotes) or "" for line in lines[first + 1 : last + 1]]
    indent = _width(inner[-1]) if opening["bullet"] else _indent(opening)
    plain = [line[min(indent, _width(line)) :] for line in inner]
    head = opening["mark"] + opening["header"]
    return Fence(
        first=first,
        last=last,
        lead=opening["lead"] + opening["bullet"],
        header=opening["header"].strip(),
        body="".join(f"{line}\n" for line in plain[:-1]),
        source="\n".join([head, *plain]),
    )


def _indent(opening: re.Match[str]) -> int:
    """Return the width of the indentation of a fence within its quotes."""
    lead = _unquoted(opening["lead"], opening["lead"].count(">")) or ""
    return len(lead)


def _unquoted(line: str, depth: int) -> str | None:
    """Return a line without the marks of `depth` quotes; None where it has fewer."""
    for _ in range(depth):
        mark = QUOTE_MARK.match(line)
        if mark is None:
            return None
        line = line[mark.end() :]
    return line


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _attributes(header: str) -> _Attributes:
    """Return what the header of a fence says: `python title="a.py"` or `{.python #id .wide}`."""
    if header.startswith("{"):
        pairs, _ = get_attrs_and_remainder(header[1:].rpartition("}")[0])
        named = {key: value or "" for key, value in pairs if key != "."}
        classes = [value or "" for key, value in pairs if key == "."]
        language, *more = classes or [""]
        return _Attributes(language, named.get("title", ""), named.get("id", ""), tuple(more))
    found = LANGUAGE.match(header)
    title = TITLE.search(header)
    return _Attributes(
        language=found["name"] if found else "",
        title=(title["double"] or title["single"] or "") if title else "",
        id="",
        classes=(),
    )
