"""Markdown to HTML, with footnotes, a table of contents, formulas, and links that are checked."""

import hashlib
import html
import posixpath
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup as SafeText

from netviz.errors import EssayError, Gathering, nearest_name
from netviz.essay.blocks import BlockExtension
from netviz.essay.math import MathExtension

TAG = re.compile(r"<[^>]+>")
# Not in words nor between them; a single hyphen or point is no mark, several may be.
MARKS = re.compile(r"[^A-Za-z0-9 .,%\-\u0080-\U0010FFFF]|(?<=[.-])[.-]|[.-](?=[.-])|^[.-]")
MOST_OPEN = 100
# Ids of the page itself, of figures and claims, and of their parts.
OWN_ID = re.compile(r"content\Z|(?:fig|nv)-|claim-\d+\Z|fn(?:ref)?\d*:")
OPEN_NUMBER = "\ufdd2"  # a placeholder of the number of a figure on another page
# The placeholder of a figure (see `figure_calls`), also where markdown put it in a paragraph.
FIGURE_MARKER = r'<div class="nv-figure-marker" id="[^"]*"></div>'
MARKER_PARAGRAPH = re.compile(rf"<p>\s*({FIGURE_MARKER})\s*</p>")
# A displayed formula to whose paragraph something was added, as the way back from a note is.
DISPLAY_IN_PARAGRAPH = re.compile(r'<p><div( class="nv-math[^>]*><math.*?</math>)</div>')
BLOCK_TAG = re.compile(r"</?(?:p|ul|ol|pre|blockquote|h[1-6]|table|hr|div)\b")


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


class IdError(EssayError):
    """An id that an author gave cannot be one; `name` is the id."""

    def __init__(self, problem: str, name: str) -> None:
        super().__init__(problem, remedy="Give another, as in {#of-your-own}.")
        self.name = name


class BracketError(EssayError):
    """Too many brackets stay open in a paragraph; `start` is its first line."""

    def __init__(self, opened: int, start: str) -> None:
        super().__init__(
            f"{opened} brackets stay open in this paragraph",
            expected=f"at most {MOST_OPEN}",
            remedy="Close them, or write each as \\[.",
        )
        self.start = start


class _Links(Treeprocessor):
    """Gives links to figures their numbers, and links between texts the addresses of the pages.

    `[](#fig-weights)` reads "Figure 3". What `[](notes.md#fig-film)` reads is known when that text
    has been read too: it is left open (see `links`).
    """

    def __init__(self, md: Markdown, dialect: "Dialect") -> None:
        super().__init__(md)
        self.dialect = dialect

    def run(self, root: Element) -> None:
        faults = Gathering()
        for link in root.iter("a"):
            if link.get("class") != "nv-anchor":
                with faults.going_on():
                    self._settle(link, link.get("href", ""))
        faults.end()

    def _settle(self, link: Element, target: str) -> None:
        if target.startswith("#fig-"):
            self._number(link, target)
        elif (parts := split(target)) and parts.path.lower().endswith(".md"):
            self._lead_to_page(link, parts)

    def _number(self, link: Element, target: str) -> None:
        numbers = self.dialect.figure_numbers
        figure, asks, _ = target[1:].partition("?")  # which state is asked for: see `state_links`
        if figure not in numbers:
            raise ReferenceError(
                f"no figure has the id {figure!r}",
                link=target,
                target=figure,
                expected="a figure in this essay",
                known=numbers,
            )
        if not "".join(link.itertext()).strip():
            link.text = f"{self.dialect.say('Figure')} {numbers[figure]}"
            link.set("class", "nv-figure-reference")
        elif asks:
            link.set("class", "nv-shows")

    def _lead_to_page(self, link: Element, parts: SplitResult) -> None:
        page = posixpath.normpath(unquote(parts.path))
        if page not in self.dialect.pages:
            raise ReferenceError(
                f"there is no page {page!r}",
                link=link.get("href", ""),
                target=parts.path,
                expected="a page of this essay",
                known=self.dialect.pages,
            )
        path = parts.path.removesuffix(".md") + ".html"
        link.set("href", parts._replace(path=path).geturl())
        if parts.fragment.startswith("fig-") and not "".join(link.itertext()).strip():
            link.text = f"{self.dialect.say('Figure')} {OPEN_NUMBER}"
            link.set("class", "nv-figure-reference")


def split(address: str) -> SplitResult | None:
    """Return the parts of an address within the site; None for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all
        return None
    return None if parts.scheme or parts.netloc else parts


class _LinkExtension(Extension):
    def __init__(self, dialect: "Dialect") -> None:
        super().__init__()
        self.dialect = dialect

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        # Last of all, when links have become elements (inline patterns run at 20).
        md.treeprocessors.register(_Links(md, self.dialect), "nv_links", 1)


class _Ids(Treeprocessor):
    """Refuses an id that an author gives twice, or that is netviz's own."""

    def run(self, root: Element) -> None:
        seen: set[str] = set()
        for element in root.iter():
            name = element.get("id")
            if name is None or name.startswith(("fn:", "fnref")):
                continue
            if name in seen or OWN_ID.match(name):
                problem = (
                    f"the id {name!r} is taken" if name in seen else f"{name!r} is an id of netviz"
                )
                raise IdError(problem, name)
            seen.add(name)


class _IdExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.treeprocessors.register(_Ids(md), "nv_ids", 3)


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
            "footnotes",
            "md_in_html",
            "smarty",
            "tables",
            "toc",
            MathExtension(),
            BlockExtension(say("Table")),
            _IdExtension(),
            _LinkExtension(dialect),
        ],
        extension_configs={
            "toc": {
                "anchorlink": False,
                "permalink": "",
                "permalink_class": "nv-anchor",
                "permalink_title": say("Permanent link"),
                "slugify": lambda words, _: next(given, "") or heading_id(words),
            },
            "footnotes": {
                "BACKLINK_TEXT": "↩",
                "BACKLINK_TITLE": say("Jump back to footnote {} in the text"),
            },
        },
        output_format="html",
    )
    refuse_deep_brackets(text)
    made = MARKER_PARAGRAPH.sub(r"\1", md.convert(text))
    made = DISPLAY_IN_PARAGRAPH.sub(r"<p><span\1</span>", made)
    headings = tuple(_heading(token) for token in md.toc_tokens)  # type: ignore[attr-defined]  # set by the toc extension
    return Markup(made, headings, count_words(made))


def heading_id(words: str) -> str:
    """Return the id of a heading: its words in small letters of any script, with hyphens.

    Where that is an id of netviz's own, or nothing, the id says so and is still made of the words
    alone, so that no other heading changes it.
    """
    plain = slugify_unicode(unicodedata.normalize("NFC", words), "-")
    if not plain.strip("-_"):
        return "section-" + hashlib.sha256(words.encode()).hexdigest()[:8]
    return f"section-{plain}" if OWN_ID.match(plain) else plain


def count_words(made: str) -> int:
    """Return the number of words that a reader of the HTML `made` sees."""
    return len(TAG.sub(" ", made).split())


def refuse_deep_brackets(text: str) -> None:
    """Refuse a paragraph of very many open brackets: markdown looks for the end of each, for hours.

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
        title=html.unescape(str(token["name"])),  # which the template escapes
        level=int(str(token["level"])),
        children=tuple(_heading(child) for child in children),
    )


@lru_cache(maxsize=4096)  # a text names the same keys and writes the same numbers many times
def as_plain_text(text: str) -> SafeText:
    """Return `text` escaped, so that neither markdown nor HTML finds markup in it.

    All that markdown, formulas or typographic quotes could take for a mark goes as its number.
    """
    return SafeText(MARKS.sub(lambda match: f"&#{ord(match[0])};", text))  # noqa: S704 - no mark is left


@lru_cache(maxsize=1024)  # an edit of a template finds all captions as they were
def to_inline_html(text: str) -> str:
    """Return a short markdown text, such as a caption, as HTML without a paragraph around it."""
    return _inline(text, Dialect())


def caption_html(text: str, dialect: Dialect) -> str:
    """Return an author's caption as HTML.

    Raises:
        EssayError: it has a footnote, or more than one paragraph.
        MathError, ReferenceError: as `to_html`.
    """
    if "[^" in text:
        raise EssayError("a caption has no footnotes", remedy="Say it in the caption itself.")
    made = _inline(text, dialect)
    if BLOCK_TAG.search(made):
        raise EssayError(
            "a caption is one paragraph", got=text, remedy="Put what goes beyond into the text."
        )
    return made


def _inline(text: str, dialect: Dialect) -> str:
    extensions: list[str | Extension] = [
        "smarty",
        "attr_list",
        MathExtension(),
        _LinkExtension(dialect),
    ]
    made = Markdown(extensions=extensions, output_format="html").convert(text)
    return made.removeprefix("<p>").removesuffix("</p>")
