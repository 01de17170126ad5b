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
from netviz.essay.spans import spans
from netviz.limits import within_limits

# What is not prose: Jinja, front matter, code, formulas, HTML tags, link targets, footnote marks.
# These begin such a part, which goes on to the mark that ends it; others are whole.
NOT_PROSE = re.compile(
    r"(?P<front>\A---\n)"
    r"|(?P<jinja>\{[{%#])"
    r"|^(?P<fence>```|~~~)"
    r"|(?P<ticks>`+)"
    r"|(?P<formula>\$\$)"
    r"|(?P<html><[a-zA-Z/!])"
    r"|\$[^\s$][^$\n]*\$|\]\([^)\n]{0,200}\)|\bhttps?://\S+|\bdoi:\S+|\barXiv:\S+",
    re.MULTILINE,
)
ENDS = {"front": "\n---\n", "formula": "$$", "html": ">"}
JINJA_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
ALLOWED = re.compile(r"\{#\s*typed:\s*[^\s#]")
MOST_DIGITS = 40  # of a number, so that a long line of them takes no more than one look at each
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


@within_limits
def typed_numbers(file: Path, text: str, forms: NumberForms = ENGLISH_FORMS) -> list[TypedNumber]:
    """Return the numbers in the markdown `text` that look measured but are typed.

    `forms` are those of the text's language: a decimal has a comma in some.
    """
    if ALLOWED_PAGE.match(text):
        return []
    prose = _prose(text)
    allowed = {number for number, line in enumerate(text.split("\n"), 1) if _is_allowed(line)}
    found = []
    for match in _measured_looking(forms).finditer(prose):
        place = place_at(file, prose, match.start())
        if place.line not in allowed:
            found.append(TypedNumber(match["number"], place))
    return found


def _measured_looking(forms: NumberForms) -> re.Pattern[str]:
    group, mark = re.escape(forms.thousands), re.escape(forms.decimal)
    words = "|".join(rf"{re.escape(word)}\b" for word in forms.percent_words)
    whole = rf"\d[\d{group}]{{0,{MOST_DIGITS}}}"
    return re.compile(
        rf"(?<![\w.])(?P<number>{whole}(?:{mark}\d{{1,{MOST_DIGITS}}})?\s?(?:%|{words})|{whole}{mark}\d+(?![\w.]))"
    )


def _is_allowed(line: str) -> bool:
    match = ALLOWED.search(line)
    return match is not None and "#}" in line[match.end() :]


def _prose(text: str) -> str:
    """Return `text` with spaces for all that is no prose, so that lines and columns stay."""
    parts = []
    done = 0
    for start, end in spans(text, NOT_PROSE, _end):
        parts += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def _end(found: re.Match[str]) -> str:
    """Return the mark that ends what `found` begins; none where that is all of it."""
    match found.lastgroup:
        case "jinja":
            return JINJA_ENDS[found[0]]
        case "fence":
            return f"\n{found[0]}"
        case "ticks":
            return found[0]
    return ENDS.get(found.lastgroup or "", "")
