"""Markdown to HTML, with footnotes, a table of contents, formulas and figure references."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from netviz.errors import EssayError, nearest_name
from netviz.essay.math import MathExtension

TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents."""

    id: str
    title: str
    level: int
    children: tuple["Heading", ...]


@dataclass(frozen=True)
class Markup:
    """A text as HTML, with its table of contents and the number of its words."""

    html: str
    headings: tuple[Heading, ...]
    words: int


class ReferenceError(EssayError):  # noqa: A001 - the name a reader of this module expects
    """A reference to a figure that is not in the essay; `target` finds its line."""

    def __init__(self, target: str, known: Mapping[str, int]) -> None:
        super().__init__(
            f"no figure has the id {target!r}",
            expected="one of " + ", ".join(known) if known else "a figure in this essay",
            nearest=nearest_name(target, known),
        )
        self.target = target


class _FigureReferences(Treeprocessor):
    """Gives an empty link to a figure its name: `[](#fig-weights)` reads "Figure 3"."""

    def __init__(self, md: Markdown, numbers: Mapping[str, int], word: str) -> None:
        super().__init__(md)
        self.numbers = numbers
        self.word = word

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            target = link.get("href", "")
            if not target.startswith("#fig-"):
                continue
            if target[1:] not in self.numbers:
                raise ReferenceError(target[1:], self.numbers)
            if not "".join(link.itertext()).strip():
                link.text = f"{self.word} {self.numbers[target[1:]]}"
                link.set("class", "nv-figure-reference")


class _FigureReferenceExtension(Extension):
    def __init__(self, numbers: Mapping[str, int], word: str) -> None:
        super().__init__()
        self.numbers = numbers
        self.word = word

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        # Last of all, when links have become elements (inline patterns run at 20).
        md.treeprocessors.register(_FigureReferences(md, self.numbers, self.word), "nv_ref", 1)


class _ScrollingTables(Treeprocessor):
    """Puts each table into a box that scrolls by itself, and that a keyboard can reach to do so."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, child in enumerate(parent):
                if child.tag == "table":
                    parent[place] = _scrolling(child)


def _scrolling(table: Element) -> Element:
    named = {"role": "group", "aria-label": "Table", "tabindex": "0"}
    box = Element("div", {"class": "nv-table", **named})
    box.append(table)
    box.tail, table.tail = table.tail, None
    return box


class _TableExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.treeprocessors.register(_ScrollingTables(md), "nv_table", 2)


def to_html(text: str, figure_numbers: Mapping[str, int], figure_word: str = "Figure") -> Markup:
    """Return markdown `text` as HTML.

    `figure_numbers` gives the number of each figure by its id, for references to it.

    Raises:
        MathError: a formula is wrong.
        ReferenceError: a link leads to a figure that is not there.
    """
    md = Markdown(
        extensions=[
            "abbr",
            "admonition",
            "attr_list",
            "def_list",
            "fenced_code",
            "footnotes",
            "md_in_html",
            "smarty",
            "tables",
            "toc",
            MathExtension(),
            _TableExtension(),
            _FigureReferenceExtension(figure_numbers, figure_word),
        ],
        extension_configs={
            "toc": {"anchorlink": False, "permalink": "", "permalink_class": "nv-anchor"},
            "footnotes": {"BACKLINK_TEXT": "↩"},
        },
        output_format="html",
    )
    html = md.convert(text)
    headings = tuple(_heading(token) for token in md.toc_tokens)  # type: ignore[attr-defined]  # set by the toc extension
    return Markup(html, headings, len(TAG.sub(" ", html).split()))


def _heading(token: Mapping[str, object]) -> Heading:
    children = token["children"]
    assert isinstance(children, list)  # noqa: S101 - what the toc extension promises
    return Heading(
        id=str(token["id"]),
        title=str(token["name"]),
        level=int(str(token["level"])),
        children=tuple(_heading(child) for child in children),
    )


def to_inline_html(text: str) -> str:
    """Return a short markdown text, such as a caption, as HTML without a paragraph around it."""
    html = Markdown(extensions=["smarty", MathExtension()], output_format="html").convert(text)
    return html.removeprefix("<p>").removesuffix("</p>")
