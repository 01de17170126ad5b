"""What figures say, in the language of a page: patterns translated before they are filled."""

from pathlib import Path
from typing import Any

import pytest

from netviz.errors import EssayError
from netviz.essay.languages import ENGLISH, Language, Languages
from netviz.essay.saying import said_in, speech
from netviz.figures.words import (
    Said,
    as_kept,
    listed,
    number,
    read_said,
    say,
    say_counted,
    sentences,
)

CATALOGUE = """\
name = "Polski"
[numbers]
decimal = ","
thousands = " "
least_grouped = 5
percent = "{} %"
[plurals]
one = "n = 1"
few = "n % 10 = 2..4 and n % 100 != 12..14"
[counted."{count} images"]
one = "{count} obraz"
few = "{count} obrazy"
other = "{count} obrazów"
[text]
"cat" = "kot"
"{network} reads {share} of {total} correctly." = "{share} z {total} dobrze czyta {network}."
"of {class}" = "klasy {class}"
"""


@pytest.fixture
def polish(tmp_path: Path) -> Language:
    return catalogue(tmp_path, CATALOGUE)


def catalogue(folder: Path, text: str) -> Language:
    (folder / "languages").mkdir()
    (folder / "languages" / "pl.toml").write_text(text, encoding="utf-8")
    return Languages([folder]).find("pl")


READS = say(
    "{network} reads {share} of {total} correctly.",
    network="my very own network: it, and {more}",
    share=number(0.5, ".1%"),
    total=number(12345),
)


def test_any_name_gives_a_whole_sentence(polish: Language) -> None:
    """Whatever stands in a name: words that are nobody's, marks that end sentences, braces."""
    assert said_in(polish, READS) == (
        "50,0 % z 12 345 dobrze czyta my very own network: it, and {more}."
    )
    assert list(polish.missing) == ["my very own network: it, and {more}"]


def test_english_is_the_pattern_filled() -> None:
    said = sentences(READS, say("it is of {class}.", **{"class": "cat"}))
    assert said_in(ENGLISH, said) == (
        "My very own network: it, and {more} reads 50.0% of 12,345 correctly. It is of cat."
    )


def test_a_name_is_translated_where_the_catalogue_has_it(polish: Language) -> None:
    names: list[Said] = ["cat", "emu", say("of {class}", **{"class": "cat"})]
    assert said_in(polish, listed(names)) == "kot, emu, klasy kot"
    assert not polish.missing


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 obraz"), (3, "3 obrazy"), (13, "13 obrazów"), (22, "22 obrazy"), (0, "0 obrazów")],
)
def test_a_language_has_its_own_plural_forms(polish: Language, count: int, said: str) -> None:
    counted = say_counted("{count} images", "{count} image", count=number(count))
    assert said_in(polish, counted) == said


def test_english_has_a_singular() -> None:
    said = [
        say_counted("{count} images", "{count} image", count=number(count))
        for count in (1, 2, 1234)
    ]
    assert [said_in(ENGLISH, one) for one in said] == ["1 image", "2 images", "1,234 images"]


def test_a_missing_pattern_stays_english_and_is_noted_as_a_pattern(polish: Language) -> None:
    assert said_in(polish, say("{count} of all", count=number(1.5, ".1f"))) == "1,5 of all"
    assert list(polish.missing) == ["{count} of all"]


def test_a_minus_is_a_true_one() -> None:
    assert said_in(ENGLISH, number(-0.25, "+.2f")) == "−0.25"


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (-0.001, ".2f", "0.00"),
        (0.0, "+.2f", "0.00"),
        (-0.005001, "+.2f", "−0.01"),
        (0.004, "+.3f", "+0.004"),
        (-0.0004, ".1%", "0.0%"),
        (float("-inf"), ".1f", "−inf"),
    ],
)
def test_what_rounds_to_nothing_has_no_sign(value: float, form: str, written: str) -> None:
    assert said_in(ENGLISH, number(value, form)) == written


def test_what_is_kept_is_read_back() -> None:
    said = sentences(READS, say_counted("{count} images", "{count} image", count=number(2)))
    assert read_said(as_kept(said)) == said
    assert read_said({"name": "x"}) is None


@pytest.mark.parametrize("places", [{}, {"one": "a"}, {"one": "a", "other": "b", "third": "c"}])
def test_places_have_to_be_those_of_the_pattern(places: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="do not fill"):
        say("{one} and {other}", **places)


def test_templates_say_the_same(polish: Language) -> None:
    words = speech(polish)
    part = words["say"]("of {class}", **{"class": "cat"})
    assert part == "klasy kot"
    assert words["say"]("of {class}", **{"class": part}) == "klasy klasy kot"
    assert words["say_counted"]("{count} images", "{count} image", count=3) == "3 obrazy"
    assert words["number"](0.251, ".1%") == "25,1 %"
    assert words["named"]("cat") == "kot"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"n = 1"', '"n is 1"', "pl.toml:8:.*a rule of plurals that cannot be read.*'n is 1'"),
        ('other = "{count} obrazów"', "", "wrong forms of '{count} images'.*few, one, other"),
        ('"{count} obraz"', '"{total} obraz"', "wrong forms of '{count} images'"),
    ],
)
def test_plurals_that_are_wrong_are_refused(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in CATALOGUE
    with pytest.raises(EssayError, match=told):
        catalogue(tmp_path, CATALOGUE.replace(old, new))
