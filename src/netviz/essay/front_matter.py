"""The front matter of a text: its title, its authors, its date, read and held to what they are."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from netviz.errors import EssayError, Place, place_at
from netviz.essay.tags import is_language
from netviz.limits import too_deep
from netviz.records import RecordError, record

# A line of three dashes ends it.
END = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)
DOTS = re.compile(r"^\.{3}[ \t]*$", re.MULTILINE)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What XML, and with it feed and sitemap, cannot hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
QUOTED = 'Put quotation marks around a text with signs of YAML in it: title: "One: two".'
NOBODY = "Your Name"  # the author of a new essay, until its own puts a name there
EXAMPLE = f'title: "…", description: "…", authors: [{NOBODY}] and date: 2026-01-31'


@dataclass(frozen=True)
class FrontMatter:
    """The settings of a page, above its text between two lines of `---`.

    Attributes:
        title: the page's heading, and its name in the navigation.
        description: a sentence for search engines and shared links.
        authors: those who wrote it.
        date: the day of publication, as in 2026-01-31.
        subtitle: a line below the heading.
        language: the language of the text, as in "en" or "de-CH".
        draft: whether the page is shown in `netviz serve` alone.
        jinja: whether the text has figures, values and claims; without, braces are just braces.
        typed: why the numbers of the text are typed by hand, where none of them is measured.
    """

    title: str
    description: str
    authors: tuple[str, ...]
    date: str
    subtitle: str = ""
    language: str = "en"
    draft: bool = False
    jinja: bool = True
    typed: str = ""


class _DuplicateKeyError(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key = key
        self.line = line


class _Loader(yaml.SafeLoader):
    """Reads YAML, and refuses a duplicate key: the first of its values would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise _DuplicateKeyError(key.value, key.start_mark.line)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def split_front_matter(file: Path, text: str) -> tuple[FrontMatter, str, int]:
    """Return front matter, body, and the number of the body's first line.

    Raises:
        EssayError: there is no front matter, it is no YAML, or a value of it cannot be right; the
            error names file and line.
    """
    written, body = _divided(file, text)
    values = _values(file, text, written)
    try:
        front = record(FrontMatter, values)
        _check(front)
    except RecordError as error:
        raise error.at(_key_place(file, text, error.path)) from None
    first = len(text.rstrip()) - len(body)
    return front, body, text.count("\n", 0, first) + 1 if body else 1


def without_author(file: Path, text: str, front: FrontMatter) -> EssayError | None:
    """Return the fault of a page whose author is still that of every new essay, or None.

    `front` is the front matter of the page's `text`, in which the fault has its line.
    """
    if NOBODY not in front.authors:
        return None
    return EssayError(
        f"the author is still called “{NOBODY}”",
        place=_key_place(file, text, ("authors",)),
        remedy="Put the name there of who wrote the page.",
    )


def is_draft(text: str) -> bool:
    """Say whether the front matter of `text` marks a draft; an invalid one does not."""
    try:
        written, _ = _divided(Path(), text)
        return yaml.safe_load(written).get("draft") is True
    except Exception:  # reported when the page is read
        return False


def _divided(file: Path, text: str) -> tuple[str, str]:
    """Return the YAML and the text below it, without the space around."""
    stripped = text.lstrip()
    if stripped.startswith("+++"):
        raise EssayError(
            "the front matter is TOML", place=Place(file, 1, 1),
            expected="YAML between two lines of ---", remedy=f"Write {EXAMPLE}.",
        )  # fmt: skip
    head, _, rest = stripped.partition("\n")
    if not END.fullmatch(head):
        raise EssayError(
            "the page has no front matter", place=Place(file, 1, 1),
            expected="a first line of ---", got=repr(head[:40]) if head else "an empty file",
            remedy=f"Between two such lines give {EXAMPLE}.",
        )  # fmt: skip
    end, dots = END.search(rest), DOTS.search(rest)
    offset = len(text) - len(rest)
    if dots and (end is None or dots.start() < end.start()):
        raise EssayError(
            "the front matter ends in dots",
            place=place_at(file, text, offset + dots.start()), expected="---", got="...",
        )  # fmt: skip
    if end is None:
        raise EssayError(
            "the front matter does not end", place=Place(file, 1, 1),
            expected="a second line of ---, above the text",
        )  # fmt: skip
    written, body = YAMLHandler().split(stripped)
    return written, body.strip()


def _values(file: Path, text: str, written: str) -> dict[str, Any]:
    """Return what the YAML says, by key."""
    # YAML counts its lines from that of the dashes, from 0.
    above = text[: text.find(written)].count("\n") + 1 if written else 2
    try:
        found = yaml.load(written, _Loader)  # noqa: S506 - a SafeLoader that reads even less
    except _DuplicateKeyError as error:
        raise EssayError(
            f"{error.key!r} is given twice in the front matter",
            place=Place(file, above + error.line, 1), remedy="Keep one.",
        ) from None  # fmt: skip
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, above + mark.line, mark.column + 1) if mark else Place(file, 1)
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise EssayError(f"wrong front matter: {problem}", place=place, remedy=QUOTED) from None
    except RecursionError:
        raise too_deep(Place(file, above)) from None
    except Exception as error:  # PyYAML lets through whatever its constructors raise
        place = Place(file, _unreadable_line(text))
        raise EssayError(f"wrong front matter: {error}", place=place) from None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise EssayError(
            "the front matter gives no names to its values", place=Place(file, 2, 1),
            remedy=f"Write {EXAMPLE}.",
        )  # fmt: skip
    # YAML reads some words as truth: `on: 1` has the key True.
    return {str(key): _plain(item) for key, item in found.items()}


def _plain(item: object) -> object:
    """Return a date as text, which says whether it has a time."""
    return str(item) if isinstance(item, date) else item


def _check(front: FrontMatter) -> None:
    """Refuse values that a page, a feed or a search engine cannot use."""
    for name in ("title", "description", "subtitle", "language", "date"):
        _check_text(name, getattr(front, name), can_be_empty=name == "subtitle")
    for author in front.authors:
        _check_text("authors", author, can_be_empty=False)
    if not front.authors:
        raise RecordError("'authors' is empty", ("authors",), expected="at least one name")
    if not _is_day(front.date):
        raise RecordError(
            "'date' is not a day", ("date",), expected="year-month-day, as in 2026-01-31",
            got=repr(front.date),
        )  # fmt: skip
    if not is_language(front.language):
        raise RecordError(
            "'language' is not the tag of a language", ("language",),
            expected='a tag of BCP 47, as in "en", "de-CH" or "pt-BR"', got=repr(front.language),
        )  # fmt: skip


def _check_text(name: str, value: str, *, can_be_empty: bool) -> None:
    if not value.strip() and not can_be_empty:
        raise RecordError(f"{name!r} is empty", (name,), expected="a text")
    if found := CONTROL.search(value):
        raise RecordError(
            f"{name!r} holds a character that no feed can hold", (name,),
            got=f"U+{ord(found[0]):04X}", remedy="Remove it.",
        )  # fmt: skip


def _is_day(written: str) -> bool:
    try:
        return DAY.fullmatch(written) is not None and bool(datetime.fromisoformat(written))
    except ValueError:
        return False


def _key_place(file: Path, text: str, path: tuple[str, ...]) -> Place:
    """Return where the front matter gives the key of `path`, or its first line."""
    if path and (
        found := re.search(rf"^[ \t]*[\"']?{re.escape(path[0])}[\"']?[ \t]*:", text, re.MULTILINE)
    ):
        return place_at(file, text, found.end() - len(found[0].lstrip()))
    return Place(file, 1)


def _unreadable_line(text: str) -> int:
    """Return the first line that is no YAML by itself, such as a date that is none; or 1."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            yaml.safe_load(line)
        except yaml.YAMLError:
            continue
        except Exception:  # as above
            return number
    return 1
