"""Blocks of a text that markdown alone would not do well: fenced code, and tables that scroll."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

from netviz.essay.fences import Fence, fences
from netviz.essay.math import display_html
from netviz.essay.stash import Stash
from netviz.essay.written import as_text

ALIGNMENT = re.compile(r"text-align: (left|center|right)")
STASHED = re.compile(f"{STX}.*?{ETX}")  # markdown's placeholder of a tag
LONG_CELL = 40  # characters, from which a table's cells are sentences rather than numbers


class BlockExtension(Extension):
    """Adds both to Python-Markdown; `table_name` is what a screen reader calls a table."""

    def __init__(self, table_name: str) -> None:
        super().__init__()
        self.table_name = table_name

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.preprocessors.register(_Fences(md, Stash.of(md)), "nv_fences", 25)
        md.treeprocessors.register(_ScrollingTables(md, self.table_name), "nv_table", 2)


class _Fences(Preprocessor):
    """Takes fenced code out of the text, and formulas that are fenced as `math`."""

    def __init__(self, md: Markdown, stash: Stash) -> None:
        super().__init__(md)
        self.stash = stash

    def run(self, lines: list[str]) -> list[str]:
        written: list[str] = []
        place = 0
        for fence in fences(lines):
            if isinstance(fence, Fence):
                written += lines[place : fence.first]
                follows = lines[fence.last + 1 : fence.last + 2]
                written += self._stood_for(fence, written[-1:], follows)
                place = fence.last + 1
        return [*written, *lines[place:]]

    def _stood_for(self, fence: Fence, precedes: list[str], follows: list[str]) -> list[str]:
        """Return the lines that stand for a fence: in its block, and apart from its neighbours."""
        is_math = fence.language == "math"
        code = replace(fence, body=as_text(fence.body))
        made = display_html(fence.body) if is_math else code.html
        quote = fence.lead.rstrip(" \t-*+.)0123456789")
        before = _empty_between(quote, precedes) if fence.lead.strip(" \t>") == "" else []
        after = _empty_between(quote, follows)
        marks = ["\n" if line else "" for line in (before, after)]
        placeholder = self.stash.store(made, fence.source, *marks)
        return [*before, fence.lead + placeholder, *after]


def _empty_between(quote: str, neighbour: list[str]) -> list[str]:
    """Return the empty line that keeps a block from the line beside it, if one is needed."""
    return [quote] if any(line.strip(" \t>") for line in neighbour) else []


class _ScrollingTables(Treeprocessor):
    """Puts each table into a box that scrolls by itself, and that a keyboard can reach to do so.

    Columns are aligned by class, since the pages' policy forbids the style that markdown gives.
    """

    def __init__(self, md: Markdown, name: str) -> None:
        super().__init__(md)
        self.name = name

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, child in enumerate(parent):
                if child.tag == "table":
                    _align_by_class(child)
                    parent[place] = _scrolling(child, self.name)


def _align_by_class(table: Element) -> None:
    for cell in table.iter():
        if found := ALIGNMENT.search(cell.attrib.pop("style", "")):
            cell.set("class", f"nv-text-{found[1]}")


def _scrolling(table: Element, name: str) -> Element:
    named = {"role": "group", "aria-label": name, "tabindex": "0"}
    cells = (STASHED.sub("", "".join(cell.itertext())) for cell in table.iter("td"))
    is_prose = any(len(cell) > LONG_CELL for cell in cells)
    box = Element("div", {"class": "nv-table nv-prose" if is_prose else "nv-table", **named})
    box.append(table)
    box.tail, table.tail = table.tail, None
    return box
