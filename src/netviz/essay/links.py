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
from netviz.essay.markup import OPEN_NUMBER, split

MARK, SIZED = "\ufdd3", "\ufdd4"  # around the address of a file; of a picture with a size
# Possessive, so that a tag which is none is read once.
TAG = re.compile(
    r"""<(?P<name>img|a|area)\b(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.IGNORECASE
)
ADDRESS = re.compile(
    r"""(?<=\s)(?P<name>src|href)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)
TEXT = re.compile(
    r"""(?<=\s)alt\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)
SIZE = re.compile(r"(?<=\s)(?:width|height)\s*=", re.IGNORECASE)
MARKED = re.compile(
    f'(?P<name>src|href)="(?P<mark>[{MARK}{SIZED}])(?P<address>[^"{MARK}{SIZED}]*)[{MARK}{SIZED}]"'
)
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
    if "<img" not in made and "<a " not in made:
        return made
    known = {page.removesuffix(".md") + ".html" for page in pages}

    def marked(tag: re.Match[str]) -> str:
        found = ADDRESS.search(tag[0])
        address = html.unescape(_value(found)) if found else ""
        is_picture = tag["name"].lower() == "img"
        if found is None or not _is_beside(address, known, is_picture=is_picture):
            return tag[0]
        if is_picture:
            _refuse_silent(tag[0], address, file, text)
        mark = SIZED if SIZE.search(tag[0]) else MARK
        named = f'{found["name"].lower()}="{mark}{html.escape(address)}{mark}"'
        return tag[0][: found.start()] + named + tag[0][found.end() :]

    return TAG.sub(marked, made)


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
        (html.unescape(one["address"]), one["name"] == "src"): None for one in MARKED.finditer(made)
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
    if MARK in made or SIZED in made:
        made = MARKED.sub(lambda found: _addressed(found, addressed), made)
    return made


def _number(found: re.Match[str], numbers: Mapping[str, Mapping[str, int]]) -> str:
    page = unquote(html.unescape(found["page"])).removeprefix("./") + ".md"
    return str(numbers[page][found["figure"]])


def _addressed(found: re.Match[str], addressed: Callable[[str, bool], tuple[str, str]]) -> str:
    address, size = addressed(html.unescape(found["address"]), found["name"] == "src")
    written = f'{found["name"]}="{html.escape(address)}"'
    return f"{written} {size}" if size and found["mark"] == MARK else written
