"""What a language lacks is told by sentences with holes, which no training changes."""

import pytest

from netviz.essay.catalogues import english_forms, lacking
from netviz.essay.formats import NumberForms
from netviz.essay.languages import ENGLISH, Catalogue, Language, Languages
from netviz.essay.templates import built_in_templates

NAMES = ["7", "ankle boot", "a {braced} name", "thirty hidden units"]


@pytest.fixture(scope="module")
def model() -> Language:
    return Languages([built_in_templates()]).find("es")


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ("step 1,650", ["step {step}"]),
        ("Weights of 7", ["Weights of {class}"]),
        ("Weights of ankle boot", ["Weights of {class}", "ankle boot"]),
        ("Weights of cat.", ["Weights of {class}", "cat"]),
        ("cat read as dog", ["{actual} read as {predicted}", "cat", "dog"]),
        ("thirty hidden units, seed 1", ["{network}, seed {seed}", "thirty hidden units"]),
        ("What only its author says", ["What only its author says"]),
        ("a {braced} name", ["a {braced} name"]),
    ],
)
def test_what_is_missing_is_told_with_holes(said: str, lacks: list[str], model: Language) -> None:
    german = Language("de", Catalogue("Deutsch"))
    german.text(said)
    assert lacking(german, model, NAMES) == lacks
    # What it is told to fill in is enough.
    filled = Language("de", Catalogue("Deutsch", text={key: key for key in lacks}))
    filled.text(said)
    assert not filled.missing


def test_what_is_there_already_is_not_told_again(model: Language) -> None:
    text = {"{actual} read as {predicted}": "{predicted} statt {actual}", "cat": "Katze"}
    german = Language("de", Catalogue("Deutsch", text=text))
    german.text("ankle boot read as cat")
    assert lacking(german, model, NAMES) == ["ankle boot"]


def test_forms_with_words_are_told_where_they_stay_english() -> None:
    forms = NumberForms(words=("null", "eins"), ratio="{}-mal")
    assert english_forms(Language("de", Catalogue(numbers=forms))) == ["points", "out_of"]
    assert english_forms(ENGLISH) == []
