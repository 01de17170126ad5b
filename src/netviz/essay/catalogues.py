"""Catalogues to be filled in: all that netviz says, as patterns with named places.

The sentences are the keys of a catalogue that netviz brings, in its order and under its comments.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any

from netviz.essay.formats import ENGLISH_FORMS, NumberForms
from netviz.essay.languages import Catalogue, Language
from netviz.essay.reference import documented

MODEL = "es"  # the language of a catalogue of ours, which holds every sentence
ENTRY = re.compile(r'^("(?:[^"\\]|\\.)*") = ".*"$', re.MULTILINE)
# What no other language writes as English does.
WORDED = ("points", "ratio", "out_of", "words", "percent_words")
INTRODUCTION = """\
# What netviz says, in the language TAG. An empty text stays English. Places such as {class} hold a
# name, a number or another sentence; a translation has the same places, in any order. A setting
# behind a # is as it is in English.

"""
MONTHS = "January February March April May June July August September October November December"
EXAMPLES: Mapping[str, object] = {"date": "{day} {month} {year}", "months": MONTHS.split()}


def to_be_filled(tag: str, model: str) -> str:
    """Return a catalogue for the language `tag` with every sentence of the text of `model`.

    Its translations are empty, which means that they are still missing; how numbers and days are
    written is there as in English, behind a # each.
    """
    _, _, texts = model.partition("\n[text]\n")
    parts = [
        INTRODUCTION.replace("TAG", tag) + _header(tag),
        "[numbers]\n" + "\n".join(map(_form, dataclasses.fields(NumberForms))),
        "[text]\n" + ENTRY.sub(r'\1 = ""', texts).rstrip("\n"),
    ]
    return "\n\n".join(parts) + "\n"


def _header(tag: str) -> str:
    _, meanings = documented(Catalogue)
    lines = [f"# {meanings['name']}", f"name = {json.dumps(tag)}"]
    for name, example in EXAMPLES.items():
        lines += [f"# {meanings[name]}", f"# {name} = {json.dumps(example, ensure_ascii=False)}"]
    return "\n".join(lines)


def _form(field: "dataclasses.Field[Any]") -> str:
    """Return what a form of numbers means and its English value, both as comments."""
    value = json.dumps(getattr(ENGLISH_FORMS, field.name), ensure_ascii=False)
    return f"# {documented(NumberForms)[1][field.name]}\n# {field.name} = {value}"


def english_forms(language: Language) -> list[str]:
    """Return the forms of numbers that have words, and that `language` leaves in English."""
    if language.is_source:
        return []
    forms = language.catalogue.numbers
    return [name for name in WORDED if getattr(forms, name) == getattr(ENGLISH_FORMS, name)]
