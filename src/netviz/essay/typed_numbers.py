"""Finding numbers that an author typed where a measurement belongs.

A percentage or a decimal in the prose looks measured. Where it is not (a constant of nature,
another author's result) the line says why in a Jinja comment: `{# typed: the reason #}`. A page
without any measured number says so once, by `typed: the reason` in its front matter.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from netviz.errors import EssayError, Place, place_at
from netviz.essay.formats import ENGLISH_FORMS, NumberForms

# What is not prose: Jinja, front matter, code, formulas, HTML tags, link targets, footnote marks.
NOT_PROSE = re.compile(
    r"\A---\n.*?\n---\n"
    r"|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
    r"|^(?P<fence>```|~~~).*?^(?P=fence)"
    r"|(?P<ticks>`+).+?(?P=ticks)"
    r"|\$\$.+?\$\$|\$[^\s$][^$\n]*\$"
    r"|<[a-zA-Z/!][^>]*>"
    r"|\]\([^)\n]*\)|\bhttps?://\S+|\bdoi:\S+|\barXiv:\S+",
    re.DOTALL | re.MULTILINE,
)
ALLOWED = re.compile(r"\{#\s*typed:\s*\S.*?#\}")
ALLOWED_PAGE = re.compile(r"\A---\n(?:(?!---\n).*\n)*?typed: *\S")


@dataclass(frozen=True)
class TypedNumber:
    """A number typed by hand: what it says and where it stands."""

    text: str
    place: Place

    @property
    def fault(self) -> EssayError:
        return EssayError(
            "this number is typed by hand",
            place=self.place,
            expected="a call such as {{ value(“networks.NAME.test.accuracy”, “percent”) }}",
            got=self.text,
            remedy="If nothing here measures it, say why on its line: {# typed: reason #}.",
        )


def typed_numbers(file: Path, text: str, forms: NumberForms = ENGLISH_FORMS) -> list[TypedNumber]:
    """Return the numbers in the markdown `text` that look measured but are typed.

    `forms` are those of the text's language: a decimal has a comma in some.
    """
    if ALLOWED_PAGE.match(text):
        return []
    prose = NOT_PROSE.sub(_blank, text)
    allowed = {number for number, line in enumerate(text.split("\n"), 1) if ALLOWED.search(line)}
    found = []
    for match in _measured_looking(forms).finditer(prose):
        place = place_at(file, prose, match.start())
        if place.line not in allowed:
            found.append(TypedNumber(match["number"], place))
    return found


def _measured_looking(forms: NumberForms) -> re.Pattern[str]:
    group, mark = re.escape(forms.thousands), re.escape(forms.decimal)
    words = "|".join(rf"{re.escape(word)}\b" for word in forms.percent_words)
    whole = rf"\d[\d{group}]*"
    return re.compile(
        rf"(?<![\w.])(?P<number>{whole}(?:{mark}\d+)?\s?(?:%|{words})|{whole}{mark}\d+(?![\w.]))"
    )


def _blank(match: re.Match[str]) -> str:
    """Return spaces in the shape of what was matched, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", match[0])
