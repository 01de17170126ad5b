"""What a text shows or links that is known only when the whole site is: files, and other pages.

A picture or a file that lies beside the text gets its address when it is published, and a figure
on another page its number when that page has been read. Until then a mark keeps their places.
"""

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from netviz.errors import EssayError, Place, nearest_name, place_at
from netviz.essay.html_rules import LOADING
from netviz.essay.markup import OPEN_NUMBER, split

# Around the address of a file: one that a link leads to, one that is shown, and a picture that gets
# the attributes of its size.
LINKED, SHOWN, UNSIZED = MARKS = "\ufdd3", "\ufdd4", "\ufdd5"
NAMES = "|".join(["a", "area", *(name for name in LOADING if name != "iframe")])
# Possessive, so that a tag which is none is read once.
TAG = re.compile(
    rf"""<(?P<name>{NAMES})\b(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.IGNORECASE
)
VALUE = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))"""
ATTRIBUTE = re.compile(rf"""(?<=[\s"'])(?P<name>[^\s"'>=/]+)\s*=\s*{VALUE}""")
TEXT = re.compile(rf"(?<=\s)alt\s*=\s*{VALUE}", re.IGNORECASE)
SIZE = re.compile(r"(?<=\s)(?:width|height)\s*=", re.IGNORECASE)
# One picture of a srcset: an address ends at white space, or at a comma before it.
CANDIDATE = re.compile(r"[\s,]*(?P<address>\S*[^\s,])(?P<size>[^,]*)(?:,|$)")
ANY = "".join(MARKS)
MARKED = re.compile(f'(?P<mark>[{ANY}])(?P<address>[^{ANY}]*)(?P=mark)(?P<end>"?)')
TO_FIGURE = re.compile(r'href="(?P<page>[^"#:]+)\.html#(?P<figure>fig-[^"?]*)[^"]*"')
NUMBERED = re.compile(
    rf'(href="(?P<page>[^"#:]+)\.html#(?P<figure>fig-[^"?]*)[^"]*"[^>]*>[^<]*?){OPEN_NUMBER}'
)


@dataclass(frozen=True)
class OwnFile:
    """A file beside the text: its address as written, and where."""

    address: str
    is_picture: bool
    place: Place


@dataclass(frozen=True)
class FarFigure:
    """A reference to a figure on another page, the name of that page's markdown and where."""

    page: str
    figure: str
    place: Place


def with_marks(made: str, file: Path, text: str, pages: Collection[str]) -> str:
    """Return the HTML `made` of `text` with a mark for the address of each file beside it.

    Raises:
        EssayError: a picture has no alternative text.
    """
    known = {page.removesuffix(".md") + ".html" for page in pages}

    def marked_tag(tag: re.Match[str]) -> str:
        def marked(found: re.Match[str]) -> str:
            mark = _mark(tag, found["name"].lower())
            if mark is None:
                return found[0]
            value = html.unescape(_value(found))
            if found["name"].lower() == "srcset":
                changed = with_candidates(value, lambda one: _marked(one, mark, known))
            else:
                changed = _marked(value, mark, known)
            if changed == value:
                return found[0]
            if (tag["name"].lower(), found["name"].lower()) == ("img", "src"):
                _refuse_silent(tag[0], value, file, text)
            return f'{found["name"].lower()}="{html.escape(changed)}"'

        start = tag.start("attributes") - tag.start()
        return tag[0][:start] + ATTRIBUTE.sub(marked, tag["attributes"]) + ">"

    return TAG.sub(marked_tag, made)


def _mark(tag: re.Match[str], attribute: str) -> str | None:
    """Return the mark for the address in an attribute of a tag; None if it holds none."""
    name = tag["name"].lower()
    if name in ("a", "area"):
        return LINKED if attribute == "href" else None
    directive = LOADING[name].get(attribute)
    if directive != "img-src":
        return LINKED if directive else None
    return UNSIZED if (name, attribute) == ("img", "src") and not SIZE.search(tag[0]) else SHOWN


def _marked(address: str, mark: str, known: Collection[str]) -> str:
    """Return an address between marks if it is that of a file beside the text, else as it is."""
    if not _is_beside(address, known, is_picture=mark != LINKED):
        return address
    return f"{mark}{address}{mark}"


def with_candidates(written: str, change: Callable[[str], str]) -> str:
    """Return a `srcset` with the address of each of its pictures changed."""
    candidates = [
        f"{change(match['address'])} {match['size'].strip()}".strip()
        for match in CANDIDATE.finditer(written)
    ]
    return ", ".join(candidates)


def _value(found: re.Match[str]) -> str:
    return found["double"] or found["single"] or found["bare"] or ""


def _is_beside(address: str, known: Collection[str], *, is_picture: bool) -> bool:
    """Say whether an address is that of a file of the essay, rather than of a page or a host."""
    parts = split(address)
    if parts is None or not parts.path or parts.path.endswith("/"):
        return False
    path = unquote(parts.path).removeprefix("./")
    return is_picture or not (path in known or path in (".", "..") or path.startswith("/"))


def _refuse_silent(tag: str, address: str, file: Path, text: str) -> None:
    found = TEXT.search(tag)
    if (found is None or not _value(found).strip()) and (found is None or "![](" in text):
        raise EssayError(
            "a picture has no alternative text",
            place=place_of(file, text, address),
            got=address,
            remedy=f"Say what it shows: ![A cat]({address}).",
        )


def place_of(file: Path, text: str, address: str) -> Place:
    """Return where `text` names an address, first of all as a link does."""
    written = [address, html.escape(address), address.replace(" ", "%20"), unquote(address)]
    for before in ("](", "](<", '="', ""):
        for one in written:
            if (start := text.find(before + one)) >= 0:
                return place_at(file, text, start + len(before))
    return Place(file)


def own_files(made: str, file: Path, text: str) -> tuple[OwnFile, ...]:
    """Return the files that the marked HTML `made` of `text` shows or links."""
    found = {
        (html.unescape(one["address"]), one["mark"] != LINKED): None
        for one in MARKED.finditer(made)
    }
    return tuple(OwnFile(address, shown, place_of(file, text, address)) for address, shown in found)


def far_figures(made: str, file: Path, text: str) -> tuple[FarFigure, ...]:
    """Return the references of the HTML `made` of `text` to figures of other pages."""
    found = {
        (unquote(html.unescape(one["page"])).removeprefix("./") + ".md", one["figure"]): None
        for one in TO_FIGURE.finditer(made)
    }
    return tuple(
        FarFigure(page, figure, place_of(file, text, f"{page}#{figure}")) for page, figure in found
    )


def refuse_missing_figures(
    references: Collection[FarFigure], numbers: Mapping[str, Mapping[str, int]]
) -> None:
    """Refuse a reference to a figure that its page does not have; `numbers` are by page and id.

    Raises:
        EssayError: the first such reference.
    """
    for one in references:
        known = numbers.get(one.page, {})
        if one.page in numbers and one.figure not in known:
            raise EssayError(
                f"no figure of {one.page} has the id {one.figure!r}",
                place=one.place,
                expected="one of " + ", ".join(known) if known else f"a figure in {one.page}",
                nearest=nearest_name(one.figure, known),
            )


def settled(
    made: str,
    numbers: Mapping[str, Mapping[str, int]],
    addressed: Callable[[str, bool], tuple[str, str]],
) -> str:
    """Return HTML with the numbers of other pages' figures, and files' addresses.

    `addressed` gives for an address as written, and whether it is shown as a picture, the
    published one and the attributes of its size.
    """
    if OPEN_NUMBER in made:
        made = NUMBERED.sub(lambda found: found[1] + _number(found, numbers), made)
    return MARKED.sub(lambda found: _addressed(found, addressed), made)


def _number(found: re.Match[str], numbers: Mapping[str, Mapping[str, int]]) -> str:
    page = unquote(html.unescape(found["page"])).removeprefix("./") + ".md"
    return str(numbers[page][found["figure"]])


def _addressed(found: re.Match[str], addressed: Callable[[str, bool], tuple[str, str]]) -> str:
    address, size = addressed(html.unescape(found["address"]), found["mark"] != LINKED)
    written = html.escape(address) + found["end"]
    return f"{written} {size}" if size and found["mark"] == UNSIZED else written
