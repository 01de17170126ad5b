"""The languages of pages: how each writes numbers and dates, and what it says for our English.

Templates, figures and scripts say what they say in English, where they say it. A catalogue,
`languages/TAG.toml` in a folder of templates, gives each sentence in another language. Its keys
may have holes, "{actual} read as {predicted}", which match any text; the text in a hole is
translated in its turn, so that class names and numbers follow. A text that no key matches is
taken piece by piece. The page's script follows the same rules (`js/parts/languages.js`). An
essay's own catalogue, in its own templates, adds to ours what only that essay says.
"""

import html
import re
import tomllib
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from netviz.engine.stamps import stamp
from netviz.errors import EssayError, Place
from netviz.essay.directions import Direction, direction, isolated, with_sums_isolated
from netviz.essay.formats import NumberForms
from netviz.essay.plurals import OTHER, is_rule
from netviz.essay.settings import place_of
from netviz.limits import within_limits
from netviz.records import RecordError, record

LONGEST_SAID = 150  # characters of a text that a script says
LONGEST_NAME = 40  # characters of what may be a name
SOURCE = "en"
HOLE = re.compile(r"\{(\w+)\}")
NOT_LAST_IN_HOLE = ".,:;"
MOST_HOLES = 12
LONGEST_FORM = 60  # characters of a mark, or of the words around a number
SENTENCE_END = re.compile(r"(?<=[.:;!?,]) ")
LETTERS = re.compile(r"[^\W\d_]{2}")
WORD = re.compile(r"[^\W\d_]{3,}")
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
        plurals: for each form of a counted sentence, such as "one", for which numbers n it is, in
            the notation of CLDR; all others take the form "other".
        counted: for an English text with a {count}, its forms in the language.
        text: for each English text of templates, figures and scripts, the same in the language.
    """

    name: str = ""
    date: str = ""
    months: tuple[str, ...] = ()
    numbers: NumberForms = field(default_factory=NumberForms)
    plurals: dict[str, str] = field(default_factory=dict)
    counted: dict[str, dict[str, str]] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Language:
    """A language by its tag (BCP 47), with its catalogue; `missing` collects untranslated texts."""

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
        months = self.catalogue.months
        if day.month > len(months):
            raise EssayError(
                f"the catalogue languages/{self.tag}.toml has no name for month {day.month}",
                expected="12 months",
                got=str(len(months)),
            )
        parts = {"day": str(day.day), "month": months[day.month - 1], "year": str(day.year)}
        return HOLE.sub(lambda hole: parts.get(hole[1], hole[0]), self.catalogue.date)

    def text(self, english: str) -> str:
        """Return `english` in the language; without a translation it stays English and is noted."""
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

    def keep(self, text: str) -> None:
        """Leave a `text` of the language as it is where it is met again."""
        self._found[" ".join(text.split())] = text

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
        """Return the translation of an entry, whatever text its holes hold."""
        if text in self.catalogue.text:
            return self.catalogue.text[text]
        if not LETTERS.search(text):
            return NUMBER.sub(self._number, text)
        for between, names, target in self._patterns:
            if (held := in_holes(between, text)) and (parts := self._parts(held, names)):
                return HOLE.sub(lambda hole, parts=parts: parts[hole[1]], target)  # type: ignore[misc]  # bound at once
        if text[-1] in ",;:." and (found := self._known(text[:-1])):
            return found + text[-1]
        if text[0].isupper() and (found := self._known(text[0].lower() + text[1:])):
            return found[0].upper() + found[1:]
        return None

    def _parts(self, held: Sequence[str], names: Sequence[str]) -> Mapping[str, str] | None:
        """Return the text of each hole. One word unknown may be a name, several may not."""
        parts = {}
        for name, part in zip(names, held, strict=True):
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
    def _patterns(self) -> Sequence[tuple[Sequence[str], Sequence[str], str]]:
        """The entries with holes; those that say most by themselves come first."""
        entries = [(key, target) for key, target in self.catalogue.text.items() if "{" in key]
        entries.sort(key=lambda entry: -len(HOLE.sub("", entry[0])))
        return [(HOLE.split(key)[::2], HOLE.findall(key), target) for key, target in entries]


def in_holes(between: Sequence[str], text: str) -> list[str] | None:
    """Return the texts of the holes of `text`, which has the parts `between` around them.

    A hole holds something, though no end of a sentence with the beginning of the next; of several
    ways to fill them the one with the shortest first hole is taken, as by a regular expression
    with lazy groups. That may try as many ways as there are; this tries each place once a hole.
    """
    if not text.startswith(between[0]) or not text.endswith(between[-1]):
        return None
    last = len(between) - 1
    hopeless: set[tuple[int, int]] = set()

    def filled(number: int, start: int) -> list[str] | None:
        """Fill the holes from the one before the part of that `number`, which begins at `start`."""
        if (number, start) in hopeless:
            return None
        for end in _hole_ends(text, start, between[number], is_last=number == last):
            rest = [] if number == last else filled(number + 1, end + len(between[number]))
            if rest is not None:
                return [text[start:end], *rest]
        hopeless.add((number, start))
        return None

    return filled(1, len(between[0]))


def _hole_ends(text: str, start: int, part: str, *, is_last: bool) -> Iterator[int]:
    """Yield where a hole that begins at `start` may end with `part` after it, near ones first."""
    stops = [place for mark in (". ", ": ") if (place := text.find(mark, start)) >= 0]
    most = min((len(text), *stops))
    end = len(text) - len(part) if is_last else text.find(part, start + 1)
    while start < end <= most:
        if text[end - 1] not in NOT_LAST_IN_HOLE and not text[end - 1].isspace():
            yield end
        end = -1 if is_last else text.find(part, end + 1)


ENGLISH = Language(SOURCE, Catalogue("English"))


@dataclass(frozen=True, eq=False)
class Languages:
    """The languages that have a catalogue in one of `folders`, an earlier folder's foremost."""

    folders: Sequence[Path] = ()
    known: dict[str, Language] = field(default_factory=dict)

    @property
    def stamp(self) -> Hashable:
        """What changes when a catalogue is saved, comes or goes."""
        return stamp(file for one in self.folders for file in one.glob("languages/*.toml"))

    def find(self, tag: str, page: str = "") -> Language:
        """Return the language `tag`; one such as "es-MX" is served by "es", others by English.

        Each `page` gets its own, which collects what is missing there.

        Raises:
            EssayError: the catalogue is wrong.
        """
        key = f"{tag} {page}"
        if key not in self.known:
            self.known[key] = self._read(tag)
        return self.known[key]

    def _read(self, tag: str) -> Language:
        for name in (tag, tag.partition("-")[0]):
            files = [folder / "languages" / f"{name}.toml" for folder in self.folders]
            if found := [_read_catalogue(file) for file in files if file.is_file()]:
                ours = found[-1]
                first = found[0] if found[0].name else ours
                text = {key: said for one in reversed(found) for key, said in one.text.items()}
                counted = {
                    key: said for one in reversed(found) for key, said in one.counted.items()
                }
                return Language(tag, replace(first, text=text, counted=counted))
        return Language(tag, Catalogue(ENGLISH.catalogue.name if tag == SOURCE else tag))


@within_limits
def _read_catalogue(file: Path) -> Catalogue:
    try:
        text = file.read_text(encoding="utf-8")
        catalogue = record(Catalogue, tomllib.loads(text))
        _check_holes("date", catalogue.date, {"{day}", "{month}", "{year}"})
        _check_numbers(catalogue.numbers)
        _check_plurals(catalogue)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EssayError(f"wrong catalogue: {error}", place=Place(file)) from None
    except ValueError as error:  # a number of thousands of digits
        raise EssayError(f"wrong catalogue: {error}", place=Place(file)) from None
    except RecordError as error:
        raise error.at(place_of(file, text, error.path)) from None
    for key, target in catalogue.text.items():
        _check_entry(key, target, file)
    return replace(catalogue, text={key: said for key, said in catalogue.text.items() if said})


def _check_plurals(catalogue: Catalogue) -> None:
    """Refuse rules that cannot be read, and counted texts that lack a form or have an odd hole."""
    for form, rule in catalogue.plurals.items():
        if not is_rule(rule):
            expected = 'such as "n % 10 = 2..4 and n % 100 != 12..14"'
            said = "a rule of plurals that cannot be read"
            raise RecordError(said, ("plurals", form), expected=expected, got=repr(rule))
    wanted = {*catalogue.plurals, OTHER}
    for key, forms in catalogue.counted.items():
        holes = set(HOLE.findall(key))
        if set(forms) != wanted or not all(
            set(HOLE.findall(one)) <= holes for one in forms.values()
        ):
            expected = f"the forms {', '.join(sorted(wanted))}, with holes of the English text"
            raise RecordError(f"wrong forms of {_start(key)!r}", ("counted",), expected=expected)


def _check_numbers(forms: NumberForms) -> None:
    """Refuse forms that are no plain text around a number."""
    for name in ("decimal", "thousands", "none", "all"):
        _check_holes(f"numbers.{name}", getattr(forms, name), set())
    for name in ("percent", "points", "ratio", "out_of"):
        form = getattr(forms, name)
        _check_holes(f"numbers.{name}", form, {"{}"})
        numbers = 2 if name == "out_of" else 1
        if form.count("{}") != numbers:
            said = f"{name!r} needs {'{}'} {'twice' if numbers == 2 else 'once'}"
            raise RecordError(said, ("numbers", name), got=repr(form))
    for word in forms.words:
        _check_holes("numbers.words", word, set())


def _check_holes(name: str, form: str, known: Collection[str]) -> None:
    """Refuse a form with any other hole than those `known`, or of an absurd length."""
    path = tuple(name.split("."))
    if len(form) > LONGEST_FORM:
        got = f"{len(form):,} characters"
        expected = f"at most {LONGEST_FORM} characters"
        raise RecordError(f"{path[-1]!r} is too long", path, expected=expected, got=got)
    bare = form
    for hole in known:
        bare = bare.replace(hole, "")
    if "{" in bare or "}" in bare:
        holes = " and ".join(sorted(known)) or "no braces"
        raise RecordError(
            f"{path[-1]!r} has a hole that means nothing", path, expected=holes, got=repr(form)
        )


def _check_entry(key: str, target: str, file: Path) -> None:
    """Refuse an entry whose holes cannot be told from each other, or lack their English."""
    holes = HOLE.findall(key)
    if not set(HOLE.findall(target)) <= set(holes):
        raise EssayError(
            f"a translation has a hole that its English lacks: {target!r}",
            place=Place(file),
            expected=key,
        )
    if len(holes) > MOST_HOLES:
        raise EssayError(
            f"an entry has too many holes: {_start(key)!r}",
            place=Place(file),
            expected=f"at most {MOST_HOLES}",
            got=str(len(holes)),
        )
    if "" in HOLE.split(key)[2:-1:2]:
        raise EssayError(
            f"nothing stands between two holes of an entry: {_start(key)!r}",
            place=Place(file),
            expected="a word or a mark",
        )


def _start(text: str) -> str:
    return text if len(text) <= LONGEST_FORM else text[: LONGEST_FORM - 1] + "…"


def script_catalogue(language: Language, script: str) -> Mapping[str, object]:
    """Return what the page's `script` needs to speak the language.

    Texts of more than `LONGEST_SAID` characters are findings and captions, which no script says;
    of the others it gets those that it may say.
    """
    numbers = language.catalogue.numbers
    text = language.catalogue.text
    words = set(WORD.findall(script.lower()))
    return {
        "text": {
            key: text[key] for key in text if len(key) <= LONGEST_SAID and _may_be_said(key, words)
        },
        "plurals": language.catalogue.plurals,
        "counted": language.catalogue.counted,
        "decimal": numbers.decimal,
        "thousands": numbers.thousands,
        "leastGrouped": numbers.least_grouped,
        "percent": numbers.percent,
        "direction": language.direction,
    }


def _may_be_said(text: str, words: Collection[str]) -> bool:
    """Return whether a script of these `words` may say `text`.

    A sentence is made of the script's own words, with numbers and names in its holes. A name, which
    has no holes, may come from the data.
    """
    if len(text) <= LONGEST_NAME and "{" not in text and not text.endswith("."):
        return True
    own = WORD.findall(HOLE.sub(" ", text).lower())
    return all(word in words or word.removesuffix("s") in words for word in own)
