"""What figures say, in the language of a page: each pattern is translated, then filled."""

import re
from collections.abc import Callable, Mapping

from netviz.essay.formats import with_sign
from netviz.essay.languages import Language
from netviz.essay.plurals import plural_form
from netviz.figures.words import COUNT, PLACEHOLDER, Joined, Number, Said, Words

LETTERS = re.compile(r"[^\W\d_]{2}")
NUMBER = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%|\d+\.\d+")


def said_in(language: Language, said: Said) -> str:
    """Return `said` in the language; an untranslated pattern stays English and is noted.

    A text is a name. One that the catalogue does not have is the same in every language; it is
    noted where it stands alone, and as the value of a placeholder where it has several words,
    which may be English.
    """
    if isinstance(said, str) and not isinstance(said, Told) and LETTERS.search(said):
        return language.text(said)
    return language.in_its_direction(_filled(language, said))


class Told(str):
    """A text that is translated already, and is not looked up again."""

    __slots__ = ()


def speech(language: Language) -> Mapping[str, Callable[..., str]]:
    """Return what templates say with, in the language.

    `say(pattern, place=…)` and `say_counted(pattern, one, place=…)` are those of `figures.words`;
    a number for a placeholder is written without decimals. `number(value, form)` writes a number,
    and `named(text)` a name.
    """

    def told(said: Said) -> Told:
        return Told(said_in(language, said))

    def say(pattern: str, **places: object) -> Told:
        return told(Words(pattern, {name: _place(place) for name, place in places.items()}))

    def say_counted(pattern: str, one: str, **places: object) -> Told:
        return told(Words(pattern, {name: _place(place) for name, place in places.items()}, one))

    def number(value: float, form: str = ",") -> Told:
        return told(Number(value, form))

    return {"say": say, "say_counted": say_counted, "number": number, "named": told}


def _place(value: object) -> Said:
    """Return the content of a place: a number, a text that has been said, or a name."""
    if isinstance(value, (int, float)):
        return Number(value, ",")
    return value if isinstance(value, (Told, Words, Number, Joined)) else str(value)


def written(language: Language, number: Number) -> str:
    """Return a number as the language writes it, with a true minus sign."""
    english = with_sign(number.value, number.form)
    if language.is_source:
        return english
    return NUMBER.sub(lambda found: language.catalogue.numbers.localised(found[0]), english)


def _filled(language: Language, said: Said) -> str:
    if isinstance(said, Number):
        return written(language, said)
    if isinstance(said, Joined):
        told = (_filled(language, part) for part in said.parts)
        return said.between.join(begun(part) if said.starts else part for part in told)
    if isinstance(said, Words):
        return _with_places(language, said)
    return said if isinstance(said, Told) else _name(language, said)


def begun(sentence: str) -> str:
    """Return `sentence` with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def _with_places(language: Language, said: Words) -> str:
    """Return a pattern with its places filled; without a translation all of it is English."""
    parts = {name: _filled(language, part) for name, part in said.places.items()}
    count = said.places.get(COUNT)
    value = count.value if isinstance(count, Number) else None
    english = said.one if said.one and value == 1 else said.pattern
    forms = language.catalogue.counted.get(said.pattern)
    if forms and value is not None:
        found: str | None = forms[plural_form(value, language.catalogue.plurals)]
    else:
        found = language.translation(english)
    filled = PLACEHOLDER.sub(lambda place: parts[place[1]], english if found is None else found)
    return language.foreign(filled) if found is None else filled


def _name(language: Language, name: str) -> str:
    if language.is_source:
        return name
    if not LETTERS.search(name):
        return NUMBER.sub(lambda found: language.catalogue.numbers.localised(found[0]), name)
    found = language.catalogue.text.get(name)
    if found is None and " " in name:
        language.missing[name] = None
    return found or name
