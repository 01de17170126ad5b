"""The languages of pages: how each writes numbers and dates, and what it says for our English.

Templates, figures and scripts say what they say in English, where they say it. A catalogue,
`languages/TAG.toml` in a folder of templates, gives each sentence in another language. Its keys
may have holes, "{actual} read as {predicted}", which match any text; what stands in a hole is
translated in its turn, so that class names and numbers follow. A text that no key matches is
taken piece by piece. The page's script follows the same rules (`js/parts/languages.js`). An
essay's own catalogue, in its own templates, adds to ours what only that essay says.
"""

import html
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from netviz.errors import EssayError, Place
from netviz.essay.directions import Direction, direction, isolated, with_sums_isolated
from netviz.essay.formats import NumberForms
from netviz.records import RecordError, record

SOURCE = "en"
HOLE = re.compile(r"\{(\w+)\}")
IN_HOLE = r"((?:(?![.:] ).)*?[^\s.,:;])"  # not the end of a sentence nor what begins the next
SENTENCE_END = re.compile(r"(?<=[.:;!?,]) ")
LETTERS = re.compile(r"[^\W\d_]{2}")
NUMBER = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%|\d+\.\d+")
TAG = re.compile(r"(<[^>]*>)")
SPOKEN = re.compile(r'(?<=\s)(alt|aria-label|aria-valuetext|title|data-tip)="([^"]*)"')


@dataclass(frozen=True)
class Catalogue:
    """The file of a language.

    Attributes:
        name: the language in its own words, as a reader looks for it; an essay's own catalogue
            that has none takes all but its texts from ours.
        date: how a day is written, with {day}, {month} and {year}.
        months: the names of the months.
        numbers: how numbers are written.
        text: for each English text of templates, figures and scripts, the same in the language.
    """

    name: str = ""
    date: str = ""
    months: tuple[str, ...] = ()
    numbers: NumberForms = field(default_factory=NumberForms)
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Language:
    """A language by its tag (BCP 47), with its catalogue; `missing` collects what it lacks."""

    tag: str
    catalogue: Catalogue
    missing: dict[str, None] = field(default_factory=dict)
    _found: dict[str, str | None] = field(default_factory=dict)

    @property
    def is_source(self) -> bool:
        """Whether templates and figures are written in this language already."""
        return self.tag.partition("-")[0] == SOURCE

    @property
    def direction(self) -> Direction:
        """How the language runs."""
        return direction(self.tag)

    def day(self, iso: str) -> str:
        """Return a day such as 2026-01-31 as the language writes it."""
        if not self.catalogue.date:
            return iso
        day = date.fromisoformat(iso)
        month = self.catalogue.months[day.month - 1]
        return self.catalogue.date.format(day=day.day, month=month, year=day.year)

    def text(self, english: str) -> str:
        """Return `english` in the language; what the catalogue lacks stays and is noted."""
        if self.is_source or not english.strip():
            return english
        bare = " ".join(english.split())
        found = self._translated(bare)
        if found is None:
            self.missing[bare] = None
            if self.direction == "ltr":
                return english
            found = isolated(bare)
        before = english[: len(english) - len(english.lstrip())]
        return before + self.in_its_direction(found) + english[len(english.rstrip()) :]

    def in_its_direction(self, text: str) -> str:
        """Return a `text` of the language with its numbers kept whole where it runs to the left."""
        return with_sums_isolated(text) if self.direction == "rtl" else text

    def markup(self, fragment: str) -> str:
        """Return an HTML fragment with its texts, and the attributes read aloud, translated."""
        if self.is_source:
            return fragment
        parts = TAG.split(fragment)
        return "".join(
            SPOKEN.sub(self._attribute, part) if part.startswith("<") else self._piece(part)
            for part in parts
        )

    def _attribute(self, match: re.Match[str]) -> str:
        return f'{match[1]}="{self._piece(match[2])}"'

    def _piece(self, escaped: str) -> str:
        return html.escape(self.text(html.unescape(escaped))) if escaped.strip() else escaped

    def _translated(self, text: str) -> str | None:
        """Return a whole text in the language, or None; what was found once is kept."""
        if text not in self._found:
            self._found[text] = self._known(text) or self._by_sentence(text)
        return self._found[text]

    def _known(self, text: str) -> str | None:
        """Return the translation of an entry, whatever stands in its holes."""
        if text in self.catalogue.text:
            return self.catalogue.text[text]
        if not LETTERS.search(text):
            return NUMBER.sub(self._number, text)
        for pattern, names, target in self._patterns:
            if (match := pattern.fullmatch(text)) and (parts := self._parts(match, names)):
                return HOLE.sub(lambda hole, parts=parts: parts[hole[1]], target)  # type: ignore[misc]  # bound at once
        if text[-1] in ",;:." and (found := self._known(text[:-1])):
            return found + text[-1]
        if text[0].isupper() and (found := self._known(text[0].lower() + text[1:])):
            return found[0].upper() + found[1:]
        return None

    def _parts(self, match: re.Match[str], names: Sequence[str]) -> Mapping[str, str] | None:
        """Return what stands in each hole. One word unknown may be a name, several may not."""
        parts = {}
        for name, part in zip(names, match.groups(), strict=True):
            found = self._translated(part)
            if found is None and " " in part:
                return None
            parts[name] = found or part
        return parts

    def _by_sentence(self, text: str) -> str | None:
        """Return the text piece by piece, the longest known beginning first."""
        pieces = SENTENCE_END.split(text)
        for count in range(len(pieces) - 1, 0, -1):
            head = self._known(" ".join(pieces[:count]))
            tail = self._translated(" ".join(pieces[count:])) if head is not None else None
            if head is not None and tail is not None:
                return f"{head} {tail}"
        return None

    def _number(self, match: re.Match[str]) -> str:
        return self.catalogue.numbers.localised(match[0])

    @cached_property
    def _patterns(self) -> Sequence[tuple[re.Pattern[str], Sequence[str], str]]:
        """The entries with holes; those that say most by themselves come first."""
        entries = [(key, target) for key, target in self.catalogue.text.items() if "{" in key]
        entries.sort(key=lambda entry: -len(HOLE.sub("", entry[0])))
        return [
            (
                re.compile(IN_HOLE.join(re.escape(part) for part in HOLE.split(key)[::2])),
                HOLE.findall(key),
                target,
            )
            for key, target in entries
        ]


ENGLISH = Language(SOURCE, Catalogue("English"))


@dataclass(frozen=True, eq=False)
class Languages:
    """The languages that have a catalogue in one of `folders`, an earlier folder's foremost."""

    folders: Sequence[Path] = ()
    known: dict[str, Language] = field(default_factory=dict)

    def find(self, tag: str) -> Language:
        """Return the language `tag`; one such as "es-MX" is served by "es", others by English.

        Raises:
            EssayError: the catalogue is wrong.
        """
        if tag not in self.known:
            self.known[tag] = self._read(tag)
        return self.known[tag]

    def _read(self, tag: str) -> Language:
        for name in (tag, tag.partition("-")[0]):
            files = [folder / "languages" / f"{name}.toml" for folder in self.folders]
            if found := [_read_catalogue(file) for file in files if file.is_file()]:
                ours = found[-1]
                text = {key: said for one in reversed(found) for key, said in one.text.items()}
                return Language(tag, replace(found[0] if found[0].name else ours, text=text))
        return Language(tag, Catalogue(ENGLISH.catalogue.name if tag == SOURCE else tag))


def _read_catalogue(file: Path) -> Catalogue:
    try:
        catalogue = record(Catalogue, tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EssayError(f"wrong catalogue: {error}", place=Place(file)) from None
    except RecordError as error:
        raise error.at(Place(file)) from None
    for key, target in catalogue.text.items():
        if not set(HOLE.findall(target)) <= set(HOLE.findall(key)):
            raise EssayError(
                f"a translation has a hole that its English lacks: {target!r}",
                place=Place(file),
                expected=key,
            )
    return replace(catalogue, text={key: said for key, said in catalogue.text.items() if said})


def script_catalogue(language: Language) -> Mapping[str, object]:
    """Return what the page's script needs to speak the language."""
    numbers = language.catalogue.numbers
    return {
        "text": language.catalogue.text,
        "decimal": numbers.decimal,
        "thousands": numbers.thousands,
        "leastGrouped": numbers.least_grouped,
        "percent": numbers.percent,
        "direction": language.direction,
    }
