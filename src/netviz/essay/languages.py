"""The languages of pages: how each writes numbers and dates, and what it says for our English.

Templates, figures and scripts say what they say in English, where they say it: whole texts, and
patterns with named places. A catalogue, `languages/TAG.toml` in a folder of templates, gives each
of them in another language. A pattern is translated before its places are filled (see `saying`).
An essay's own catalogue, in its own templates, adds to ours what only that essay says.
"""

import tomllib
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from netviz.engine.stamps import stamp
from netviz.errors import EssayError, Place
from netviz.essay.directions import Direction, direction, isolated, with_sums_isolated
from netviz.essay.formats import NumberForms
from netviz.essay.plurals import OTHER, is_rule
from netviz.essay.settings import place_of
from netviz.figures.words import PLACEHOLDER
from netviz.limits import within_limits
from netviz.records import RecordError, record

LONGEST_NAME = 40  # characters of what may be a name
SOURCE = "en"
LONGEST_FORM = 60  # characters of a mark, or of the words around a number


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
    """A language by its tag (BCP 47), with its catalogue; `missing` collects untranslated texts.

    `own` are the texts that the essay's own catalogue translates, such as titles of networks.
    """

    tag: str
    catalogue: Catalogue
    missing: dict[str, None] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

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
        return PLACEHOLDER.sub(lambda found: parts.get(found[1], found[0]), self.catalogue.date)

    def text(self, english: str) -> str:
        """Return a whole text in the language; without a translation it stays English."""
        found = self.translation(english)
        return self.foreign(english) if found is None else self.in_its_direction(found)

    def translation(self, english: str) -> str | None:
        """Return a text or pattern in the language; None, noted in `missing`, if it has none."""
        if self.is_source:
            return english
        found = self.catalogue.text.get(english)
        if found is None:
            self.missing[english] = None
        return found

    def foreign(self, english: str) -> str:
        """Return English within a text of the language; its marks stay at its own ends."""
        return isolated(english) if self.direction == "rtl" else english

    def in_its_direction(self, text: str) -> str:
        """Return a `text` of the language with its numbers kept whole where it runs to the left."""
        return with_sums_isolated(text) if self.direction == "rtl" else text


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
            self.known[key] = replace(self.find(tag), missing={}) if page else self._read(tag)
        return self.known[key]

    def take(self) -> dict[Language, dict[str, None]]:
        """Return the texts that were missing in each language, and forget them."""
        taken = {one: dict(one.missing) for one in self.known.values() if one.missing}
        for language in taken:
            language.missing.clear()
        return taken

    def add(self, taken: Mapping[Language, Mapping[str, None]]) -> None:
        """Note again what was taken."""
        for language, missing in taken.items():
            language.missing.update(missing)

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
                own = frozenset(key for one in found[:-1] for key in one.text)
                return Language(tag, replace(first, text=text, counted=counted), own=own)
        return Language(tag, Catalogue(ENGLISH.catalogue.name if tag == SOURCE else tag))


@within_limits
def _read_catalogue(file: Path) -> Catalogue:
    try:
        text = file.read_text(encoding="utf-8")
        catalogue = record(Catalogue, tomllib.loads(text))
        _check_placeholders("date", catalogue.date, {"{day}", "{month}", "{year}"})
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
    """Refuse rules that cannot be read, and counted texts with wrong forms or placeholders."""
    for form, rule in catalogue.plurals.items():
        if not is_rule(rule):
            expected = 'such as "n % 10 = 2..4 and n % 100 != 12..14"'
            said = "a rule of plurals that cannot be read"
            raise RecordError(said, ("plurals", form), expected=expected, got=repr(rule))
    wanted = {*catalogue.plurals, OTHER}
    for key, forms in catalogue.counted.items():
        placeholders = set(PLACEHOLDER.findall(key))
        if set(forms) != wanted or not all(
            set(PLACEHOLDER.findall(one)) <= placeholders for one in forms.values()
        ):
            expected = (
                f"the forms {', '.join(sorted(wanted))}, with the placeholders of the English text"
            )
            raise RecordError(f"wrong forms of {_start(key)!r}", ("counted",), expected=expected)


def _check_numbers(forms: NumberForms) -> None:
    """Refuse forms that are no plain text around a number."""
    for name in ("decimal", "thousands", "none", "all"):
        _check_placeholders(f"numbers.{name}", getattr(forms, name), set())
    for name in ("percent", "points", "ratio", "out_of"):
        form = getattr(forms, name)
        _check_placeholders(f"numbers.{name}", form, {"{}"})
        numbers = 2 if name == "out_of" else 1
        if form.count("{}") != numbers:
            said = f"{name!r} needs {'{}'} {'twice' if numbers == 2 else 'once'}"
            raise RecordError(said, ("numbers", name), got=repr(form))
    for word in forms.words:
        _check_placeholders("numbers.words", word, set())


def _check_placeholders(name: str, form: str, known: Collection[str]) -> None:
    """Refuse a form with any other placeholder than those `known`, or of an absurd length."""
    path = tuple(name.split("."))
    if len(form) > LONGEST_FORM:
        got = f"{len(form):,} characters"
        expected = f"at most {LONGEST_FORM} characters"
        raise RecordError(f"{path[-1]!r} is too long", path, expected=expected, got=got)
    bare = form
    for placeholder in known:
        bare = bare.replace(placeholder, "")
    if "{" in bare or "}" in bare:
        placeholders = " and ".join(sorted(known)) or "no braces"
        raise RecordError(
            f"{path[-1]!r} has an unknown placeholder", path, expected=placeholders, got=repr(form)
        )


def _check_entry(key: str, target: str, file: Path) -> None:
    """Refuse a translation with a placeholder that the English text does not have."""
    if not set(PLACEHOLDER.findall(target)) <= set(PLACEHOLDER.findall(key)):
        raise EssayError(
            f"a translation has a placeholder that the English text does not have: {target!r}",
            place=Place(file),
            expected=key,
        )


def _start(text: str) -> str:
    return text if len(text) <= LONGEST_FORM else text[: LONGEST_FORM - 1] + "…"


def script_catalogue(
    language: Language, script: str, *, names: bool = True
) -> Mapping[str, object]:
    """Return what a `script` of a page needs to speak the language.

    Of the texts it gets those that occur in it and, with `names`, those that may be names, which
    are data.
    """
    catalogue = language.catalogue
    numbers = catalogue.numbers
    return {
        "text": {
            key: said
            for key, said in catalogue.text.items()
            if key in script or (names and _may_be_name(key, language))
        },
        "plurals": catalogue.plurals,
        "counted": {key: forms for key, forms in catalogue.counted.items() if key in script},
        "decimal": numbers.decimal,
        "thousands": numbers.thousands,
        "leastGrouped": numbers.least_grouped,
        "percent": numbers.percent,
        "direction": language.direction,
    }


def _may_be_name(text: str, language: Language) -> bool:
    """Return whether `text` may be a name: a word, as classes have, or one of the essay's own."""
    is_short = len(text) <= LONGEST_NAME and "{" not in text and not text.endswith(".")
    return is_short and (" " not in text or text in language.own)
