"""Markdown after an edit: where only plain paragraphs changed, only these are converted again.

A preview converts the same text over and over, and markdown takes most of the time between a save
and the new page. A plain paragraph means the same at any place, so its HTML can take the
place of the old one's. All else is converted whole, and a test compares the two ways.
"""

import re
from dataclasses import dataclass, replace

from netviz.essay.markup import Dialect, Markup, count_words, refuse_deep_brackets, to_html

# What has effect in the whole text: abbreviations, and links by name.
DEFINITION = re.compile(r"^ {0,3}(?:\*\[|\[(?!\^)[^\]]+\]:)", re.MULTILINE)
# The only tags and entities that leave a paragraph what it is: measured values, claims, characters.
HARMLESS = re.compile(r"</?(?:data|span)(?: [^<>]*)?>|&#?\w+;")
# A line that opens no list, table, heading, box or block of code, nor continues one.
PLAIN_LINE = re.compile(r"(?:[^\W\d_]|[\"“‘(]\w|<(?:data|span) )[^`$|]*")


@dataclass(frozen=True)
class _Last:
    """What was converted last, in which dialect, and what came of it."""

    text: str
    dialect: Dialect
    markup: Markup


class Renewal:
    """Converts the texts of one page, one after the other."""

    def __init__(self) -> None:
        self._last: _Last | None = None

    def to_html(self, text: str, dialect: Dialect) -> Markup:
        """Return what `markup.to_html` does.

        Raises:
            EssayError: as there.
        """
        markup = self._renewed(text, dialect) or to_html(text, dialect)
        self._last = _Last(text, dialect, markup)
        return markup

    def _renewed(self, text: str, dialect: Dialect) -> Markup | None:
        """Return the last HTML with the changed paragraphs exchanged; None where that is unsafe."""
        last = self._last
        if last is None or dialect != last.dialect or DEFINITION.search(text):
            return None
        if text == last.text:
            return last.markup
        old, new = _changed(_blocks(last.text), _blocks(text))
        if not old or not new or not all(map(_is_plain, (*old, *new))):
            return None
        refuse_deep_brackets(text)
        before = to_html("\n\n".join(old), dialect).html
        # Found but once, it is what has changed, and it is a paragraph there too.
        if last.text.count("\n\n".join(old)) != 1 or last.markup.html.count(before) != 1:
            return None
        after = to_html("\n\n".join(new), dialect).html
        html = last.markup.html.replace(before, after)
        return replace(last.markup, html=html, words=count_words(html))


def _blocks(text: str) -> list[str]:
    return re.split(r"\n\n+", text.strip("\n"))


def _changed(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return the blocks of each between those with which both begin and those with which both end.

    Where one has nothing there, the block before it shows what came or went as well.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start and len(old) != len(new) and start + end == min(len(old), len(new)):
        start -= 1
    return old[start : len(old) - end], new[start : len(new) - end]


def _is_plain(block: str) -> bool:
    """Say whether a block is a paragraph of its own and bears on nothing outside."""
    bare = HARMLESS.sub("", block)
    return (
        "[^" not in block
        and not {"<", "&"}.intersection(bare)
        and all(PLAIN_LINE.fullmatch(line) for line in block.split("\n"))
    )
