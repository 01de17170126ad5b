"""Catalogues to be filled in: which forms of numbers a language leaves in English."""

from netviz.essay.catalogues import english_forms
from netviz.essay.formats import NumberForms
from netviz.essay.languages import ENGLISH, Catalogue, Language


def test_forms_with_words_are_told_where_they_stay_english() -> None:
    forms = NumberForms(words=("null", "eins"), ratio="{}-mal")
    left = ["points", "out_of", "percent_words"]
    assert english_forms(Language("de", Catalogue(numbers=forms))) == left
    assert english_forms(ENGLISH) == []
