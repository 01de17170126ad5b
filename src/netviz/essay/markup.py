"""Markdown to HTML, with footnotes, a table of contents, formulas, and links that are checked."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX
from markupsafe import Markup as SafeText

from netviz.errors import EssayError, nearest_name
from netviz.essay.math import MathExtension

TAG = re.compile(r"<[^>]+>")
ALIGNMENT = re.compile(r"text-align: (left|center|right)")
# Not in words nor between them; a single hyphen or point is no mark, several may be.
MARKS = re.compile(r"[^A-Za-z0-9 .,%\-\u0080-\U0010FFFF]|(?<=[.-])[.-]|[.-](?=[.-])|^[.-]")
STASHED = re.compile(f"{STX}.*?{ETX}")  # what stands for a tag until the end
MOST_OPEN = 100
LONG_CELL = 40  # characters, from which a table's cells are sentences rather than numbers


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents."""

    id: str
    title: str
    level: int
    children: tuple["Heading", ...]

    @property
    def ids(self) -> Iterator[str]:
        """The ids of the heading and of those below it, in their order."""
        yield self.id
        for child in self.children:
            yield from child.ids


@dataclass(frozen=True)
class Markup:
    """A text as HTML, with its table of contents and the number of its words."""

    html: str
    headings: tuple[Heading, ...]
    words: int


class ReferenceError(EssayError):  # noqa: A001 - the name a reader of this module expects
    """A link to a figure or page that is not in the essay; `link` is its address as written."""

    def __init__(
        self, problem: str, *, link: str, target: str, expected: str, known: Collection[str]
    ) -> None:
        super().__init__(
            problem,
            expected="one of " + ", ".join(known) if known else expected,
            nearest=nearest_name(target, known),
        )
        self.link = link


class BracketError(EssayError):
    """Too many brackets stay open in a paragraph; `start` is its first line."""

    def __init__(self, opened: int, start: str) -> None:
        super().__init__(
            f"{opened} brackets stay open in this paragraph",
            expected=f"at most {MOST_OPEN}",
            remedy="Close them, or write each as \\[.",
        )
        self.start = start


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
            identifier = target[1:]
            if identifier not in self.numbers:
                raise ReferenceError(
                    f"no figure has the id {identifier!r}",
                    link=target,
                    target=identifier,
                    expected="a figure in this essay",
                    known=self.numbers,
                )
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


class _PageLinks(Treeprocessor):
    """Turns `[text](other.md#part)`, a link between markdown files, into one between pages."""

    def __init__(self, md: Markdown, pages: Collection[str]) -> None:
        super().__init__(md)
        self.pages = pages

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            parts = urlsplit(link.get("href", ""))
            if parts.scheme or parts.netloc or not parts.path.endswith(".md"):
                continue
            page = posixpath.normpath(unquote(parts.path))
            if page not in self.pages:
                raise ReferenceError(
                    f"there is no page {page!r}",
                    link=link.get("href", ""),
                    target=parts.path,
                    expected="a page of this essay",
                    known=self.pages,
                )
            path = parts.path.removesuffix(".md") + ".html"
            link.set("href", parts._replace(path=path).geturl())


class _PageLinkExtension(Extension):
    def __init__(self, pages: Collection[str]) -> None:
        super().__init__()
        self.pages = pages

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.treeprocessors.register(_PageLinks(md, self.pages), "nv_page", 1)


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


class _TableExtension(Extension):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.treeprocessors.register(_ScrollingTables(md, self.name), "nv_table", 2)


@dataclass(frozen=True)
class Dialect:
    """What the markdown of a page may name, and what is added to it.

    Attributes:
        figure_numbers: the number of each figure by its id, for references to it.
        pages: the names of the markdown files that may be linked.
        say: translates what we add to the text.
        ids: those of the headings in turn; headings beyond them get an id made of their words.
    """

    figure_numbers: Mapping[str, int] = field(default_factory=dict)
    pages: Collection[str] = ()
    say: Callable[[str], str] = str
    ids: Sequence[str] = ()


def to_html(text: str, dialect: Dialect) -> Markup:
    """Return markdown `text` as HTML.

    Raises:
        MathError: a formula is wrong.
        ReferenceError: a link leads to a figure or a page that is not there.
        BracketError: too many brackets stay open.
    """
    given = iter(dialect.ids)
    say = dialect.say
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
            _TableExtension(say("Table")),
            _FigureReferenceExtension(dialect.figure_numbers, say("Figure")),
            _PageLinkExtension(dialect.pages),
        ],
        extension_configs={
            "toc": {
                "anchorlink": False,
                "permalink": "",
                "permalink_class": "nv-anchor",
                "permalink_title": say("Permanent link"),
                "slugify": lambda words, mark: next(given, "") or slugify(words, mark),
            },
            "footnotes": {
                "BACKLINK_TEXT": "↩",
                "BACKLINK_TITLE": say("Jump back to footnote {} in the text"),
            },
        },
        output_format="html",
    )
    refuse_deep_brackets(text)
    html = md.convert(text)
    headings = tuple(_heading(token) for token in md.toc_tokens)  # type: ignore[attr-defined]  # set by the toc extension
    return Markup(html, headings, count_words(html))


def count_words(html: str) -> int:
    """Return the number of words that a reader of `html` sees."""
    return len(TAG.sub(" ", html).split())


def refuse_deep_brackets(text: str) -> None:
    """Refuse what takes markdown hours: for each open bracket it looks for where it closes.

    Raises:
        BracketError: there are too many.
    """
    for paragraph in re.split(r"\n\s*\n", text):
        opened = paragraph.count("[") - paragraph.count("]")
        if opened > MOST_OPEN:
            raise BracketError(opened, paragraph.strip().partition("\n")[0])


def _heading(token: Mapping[str, object]) -> Heading:
    children = token["children"]
    assert isinstance(children, list)  # noqa: S101 - what the toc extension promises
    return Heading(
        id=str(token["id"]),
        title=str(token["name"]),
        level=int(str(token["level"])),
        children=tuple(_heading(child) for child in children),
    )


@lru_cache(maxsize=4096)  # a text names the same keys and writes the same numbers many times
def as_plain_text(text: str) -> SafeText:
    """Return `text` so written that neither markdown nor HTML finds any markup in it.

    All that markdown, formulas or typographic quotes could take for a mark goes as its number.
    """
    return SafeText(MARKS.sub(lambda match: f"&#{ord(match[0])};", text))  # noqa: S704 - no mark is left


@lru_cache(maxsize=1024)  # an edit of a template finds all captions as they were
def to_inline_html(text: str) -> str:
    """Return a short markdown text, such as a caption, as HTML without a paragraph around it."""
    html = Markdown(extensions=["smarty", MathExtension()], output_format="html").convert(text)
    return html.removeprefix("<p>").removesuffix("</p>")
