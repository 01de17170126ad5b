"""What figures say, in the language of a page: each pattern is translated, then filled."""

from collections.abc import Callable, Mapping

from netviz.essay.languages import LETTERS, NUMBER, Language
from netviz.essay.plurals import plural_form
from netviz.figures.words import COUNT, PLACE, Joined, Number, Said, Words


def said_in(language: Language, said: Said) -> str:
    """Return `said` in the language; an untranslated pattern stays English and is noted.

    A text is a name. One that the catalogue does not have is the same in every language; it is
    noted where it has several words, since these may be English.
    """
    return language.in_its_direction(_filled(language, said))


class Told(str):
    """A text in the language of the page, which is no name any more."""

    __slots__ = ()


def speech(language: Language) -> Mapping[str, Callable[..., str]]:
    """Return what templates say with, in the language.

    `say(pattern, place=…)` and `say_counted(pattern, one, place=…)` are those of `figures.words`;
    a number in a place is written without decimals. `number(value, form)` writes a number, and
    `named(text)` a name.
    """

    def told(said: Said) -> Told:
        text = Told(said_in(language, said))
        language.keep(text)
        return text

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
    english = format(number.value, number.form).replace("-", "−")
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
        parts = {name: _filled(language, part) for name, part in said.places.items()}
        count = said.places.get(COUNT)
        value = count.value if isinstance(count, Number) else None
        pattern = _pattern(language, said.pattern, said.one, value)
        return PLACE.sub(lambda place: parts[place[1]], pattern)
    return said if isinstance(said, Told) else _name(language, said)


def begun(sentence: str) -> str:
    """Return `sentence` with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def _pattern(language: Language, pattern: str, one: str, count: float | None) -> str:
    """Return the language's pattern, or its form for `count` where it has several."""
    forms = language.catalogue.counted.get(pattern)
    if forms and count is not None:
        return forms[plural_form(count, language.catalogue.plurals)]
    return _known(language, one if one and count == 1 else pattern)


def _known(language: Language, pattern: str) -> str:
    if language.is_source:
        return pattern
    found = language.catalogue.text.get(pattern)
    if found is None:
        language.missing[pattern] = None
    return found or pattern


def _name(language: Language, name: str) -> str:
    if language.is_source:
        return name
    if not LETTERS.search(name):
        return NUMBER.sub(lambda found: language.catalogue.numbers.localised(found[0]), name)
    found = language.catalogue.text.get(name)
    if found is None and " " in name:
        language.missing[name] = None
    return found or name
