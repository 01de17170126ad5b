"""Languages: what a catalogue makes of our English, how numbers and days are written."""

import re
from pathlib import Path

import pytest

import netviz.figures
from netviz.errors import EssayError
from netviz.essay.formats import NUMBER_FORMATS
from netviz.essay.languages import (
    ENGLISH,
    Catalogue,
    Language,
    Languages,
    script_catalogue,
)
from netviz.essay.saying import said_in
from netviz.essay.templates import built_in_templates
from netviz.figures.words import listed, number, say

CATALOGUE = """\
name = "Deutsch"
date = "{day}. {month} {year}"
months = ["Januar", "Februar"]
[numbers]
decimal = ","
thousands = "."
least_grouped = 5
percent = "{} %"
[text]
"cat" = "Katze"
"dog" = "Hund"
"sure" = "sicher"
"Images" = "Bilder"
"{actual} read as {predicted}" = "als {predicted} gelesen: {actual}"
"{count} of {total} images" = "{count} von {total} Bildern"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "de.toml").write_text(CATALOGUE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def german(folder: Path) -> Language:
    return Languages([folder]).find("de")


@pytest.mark.parametrize(("english", "translated"), [("cat", "Katze"), ("Images", "Bilder")])
def test_a_text_is_translated(german: Language, english: str, translated: str) -> None:
    assert german.text(english) == translated
    assert not german.missing


@pytest.mark.parametrize("english", ["a horse", "Cat", "cat.", "cat read as dog"])
def test_what_the_catalogue_lacks_stays_english_and_is_noted(
    german: Language, english: str
) -> None:
    """An entry serves its own text alone, and no sentence is taken apart."""
    assert german.text(english) == english
    assert list(german.missing) == [english]


def test_a_day_is_written_as_the_language_does(german: Language) -> None:
    assert german.day("2026-02-03") == "3. Februar 2026"
    assert ENGLISH.day("2026-02-03") == "2026-02-03"


def test_every_form_of_a_number_follows_the_language(german: Language) -> None:
    forms = german.catalogue.numbers
    written = {name: form(0.25, forms) for name, form in NUMBER_FORMATS.items()}
    assert written["percent"] == "25,0 %"
    assert written["decimal"] == written["exact"] == "0,25"
    assert all("." not in said for said in written.values())
    assert NUMBER_FORMATS["count"](12345, forms) == "12.345"
    assert NUMBER_FORMATS["count"](1234, forms) == "1234"


def test_a_regional_tag_is_served_by_its_language(folder: Path) -> None:
    swiss = Languages([folder]).find("de-CH")
    assert swiss.tag == "de-CH"
    assert swiss.text("cat") == "Katze"


def test_english_of_any_region_needs_no_catalogue() -> None:
    british = Languages().find("en-GB")
    assert british.text("a horse") == "a horse"
    assert not british.missing


def test_a_language_without_a_catalogue_lacks_every_text() -> None:
    french = Languages().find("fr")
    assert french.text("Contents") == "Contents"
    assert list(french.missing) == ["Contents"]


def test_an_essays_own_catalogue_adds_to_ours_and_wins(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "languages").mkdir(parents=True)
    (own / "languages" / "de.toml").write_text('[text]\n"cat" = "Kater"\n"emu" = "Emu"\n')
    german = Languages([own, folder]).find("de")
    assert [german.text(word) for word in ("cat", "emu", "dog")] == ["Kater", "Emu", "Hund"]
    assert german.own == {"cat", "emu"}
    assert german.catalogue.name == "Deutsch"
    assert german.day("2026-01-02") == "2. Januar 2026"


def test_a_text_from_right_to_left_keeps_numbers_whole_and_english_by_itself(folder: Path) -> None:
    (folder / "languages" / "he.toml").write_text('[text]\n"bias {b}" = "הטיה {b}"\n', "utf-8")
    hebrew = Languages([folder]).find("he")
    assert hebrew.direction == "rtl"
    bias = number(-0.3, ".2f")
    assert said_in(hebrew, say("bias {b}", b=bias)) == "הטיה \u2066−0.30\u2069"
    assert said_in(hebrew, bias) == "\u2066−0.30\u2069"
    sum_of = say("bias {b}", b=listed([number(0.5, ".1f"), bias], " + "))
    assert said_in(hebrew, sum_of) == "הטיה \u20660.5 + −0.30\u2069"
    assert hebrew.text("Not known (yet).") == "\u2068Not known (yet).\u2069"
    assert list(hebrew.missing) == ["Not known (yet)."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[text", "wrong catalogue"),
        ('tent = "x"', "tent"),
        ("[numbers]\ndecimal = 3", "decimal"),
        ('[text]\n"{a} b" = "{c} d"', "a placeholder that the English text does not have"),
    ],
)
def test_a_wrong_catalogue_is_told_with_its_file(folder: Path, text: str, message: str) -> None:
    (folder / "languages" / "de.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EssayError, match=message) as caught:
        Languages([folder]).find("de")
    assert "de.toml" in str(caught.value)


def test_an_entry_still_to_be_filled_in_is_missing(folder: Path) -> None:
    (folder / "languages" / "de.toml").write_text('[text]\n"cat" = ""', encoding="utf-8")
    german = Languages([folder]).find("de")
    assert german.text("cat") == "cat"
    assert list(german.missing) == ["cat"]


@pytest.mark.parametrize(
    "file", sorted(built_in_templates().glob("languages/*.toml")), ids=lambda file: file.stem
)
def test_our_own_catalogues_are_whole(file: Path) -> None:
    catalogue = Languages([file.parents[1]]).find(file.stem).catalogue
    assert catalogue.name
    assert len(catalogue.months) == 12
    assert catalogue.text


# --- catalogues of strangers -----------------------------------------------------------------

WRONG = {
    'date = "{:>1500000000}"': (2, "'date' has an unknown placeholder"),
    'date = "{day.__class__.__mro__}"': (2, "'date' has an unknown placeholder"),
    'date = "{day[0]}"': (2, "'date' has an unknown placeholder"),
    'date = "{day!r}"': (2, "'date' has an unknown placeholder"),
    'date = "{nothing}"': (2, "expected {day} and {month} and {year}; got '{nothing}'"),
    'date = "{day"': (2, "'date' has an unknown placeholder"),
    f'date = "{"x" * 100_000}"': (2, "'date' is too long; expected at most 60 characters"),
    '[numbers]\npercent = "{:>1500000000}"': (3, "'percent' has an unknown placeholder"),
    '[numbers]\npercent = "%"': (3, "'percent' needs {} once; got '%'"),
    '[numbers]\npercent = "{} {}"': (3, "'percent' needs {} once"),
    '[numbers]\nout_of = "{} of"': (3, "'out_of' needs {} twice"),
    '[numbers]\nratio = "{0.__class__}"': (3, "'ratio' has an unknown placeholder"),
    '[numbers]\nwords = ["{}"]': (3, "'words' has an unknown placeholder"),
    f'[numbers]\nthousands = "{"," * 100}"': (3, "'thousands' is too long"),
}


@pytest.mark.parametrize("line", WRONG, ids=range(len(WRONG)))
def test_a_wrong_catalogue_is_told_with_its_file_and_key(line: str, tmp_path: Path) -> None:
    file = tmp_path / "languages" / "xx.toml"
    file.parent.mkdir()
    file.write_text(f'name = "X"\n{line}\n', encoding="utf-8")
    with pytest.raises(EssayError) as caught:
        Languages([tmp_path]).find("xx")
    number, said = WRONG[line]
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == (file, number)
    assert said in str(caught.value)


def test_a_day_of_a_month_without_a_name_is_told(german: Language) -> None:
    assert german.day("2026-02-03") == "3. Februar 2026"
    with pytest.raises(EssayError, match=r"languages/de.toml has no name for month 3"):
        german.day("2026-03-03")


def test_an_english_page_writes_days_as_the_essays_own_catalogue_says(folder: Path) -> None:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
    ]
    own = f'name = "English"\ndate = "{{day}} {{month}} {{year}}"\nmonths = {months}\n'
    (folder / "languages" / "en.toml").write_text(own, encoding="utf-8")
    english = Languages([folder, built_in_templates()]).find("en")
    assert english.day("2026-03-09") == "9 March 2026"
    assert english.text("Weights of cat") == "Weights of cat"
    assert not english.missing


def test_a_script_gets_the_texts_that_stand_in_it_and_what_may_be_names() -> None:
    text = {
        "{count} images": "{count} imágenes",
        "{count} of {total} units": "{count} de {total} unidades",
        "Pick a cell.": "Elija una celda.",
        "airplane": "avión",
        "ankle boot": "botín",
        "Skip to the text": "Ir al texto",
    }
    counted = {"{count} images": {"other": "{count} imágenes"}, "{count} x": {"other": "x"}}
    catalogue = Catalogue("español", text=text, counted=counted)
    spanish = Language("es", catalogue, own=frozenset(["ankle boot"]))
    sent = script_catalogue(spanish, 'netviz.say("{count} images", { count }); // of a cell')
    assert sent["text"] == {
        name: text[name] for name in ("{count} images", "airplane", "ankle boot")
    }
    assert sent["counted"] == {"{count} images": {"other": "{count} imágenes"}}


SAID = re.compile(r'\bsay(?:Counted)?\(\s*(?:[^"()]*\? )?"((?:[^"\\]|\\.)*)"')


def test_our_own_catalogues_have_what_our_scripts_say() -> None:
    """The first text of each call; the tests in a browser ask for the others."""
    ours = built_in_templates()
    scripts = [
        *(ours / "js").rglob("*.js"),
        *Path(netviz.figures.__file__).parent.rglob("*.js"),
    ]
    said = {text for file in scripts for text in SAID.findall(file.read_text("utf-8"))}
    assert len(said) > 50
    spanish = Languages([ours]).find("es").catalogue
    assert not said - set(spanish.text) - set(spanish.counted)
