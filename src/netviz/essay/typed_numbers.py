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
from netviz.essay.regions import code_and_formulas, without
from netviz.essay.spans import spans
from netviz.limits import within_limits

# What is not prose besides code and formulas: front matter, Jinja, HTML tags, targets of links.
# The first three begin a part that goes on to the mark which ends it; others are whole.
NOT_PROSE = re.compile(
    r"(?P<front>\A\ufeff?---\n)"
    r"|(?P<jinja>\{[{%#])"
    r"|(?P<html><[a-zA-Z/!])"
    r"|\]\([^)\n]{0,200}\)|\bhttps?://\S+|\bdoi:\S+|\barXiv:\S+",
    re.MULTILINE,
)
ENDS = {"front": "\n---\n", "html": ">"}
JINJA_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
ALLOWED = re.compile(r"\{#\s*typed:\s*[^\s#]")
MOST_DIGITS = 40  # of a number, so that a long line of them takes no more than one look at each
ALLOWED_PAGE = re.compile(r"\A\ufeff?---\n(?:(?!---\n).*\n)*?typed: *\S")
# A decimal after such a word numbers a part, an edition or a version: "Section 2.3", "version 1.5".
NUMBERED = re.compile(
    r"(?:§+|\b(?:v|version|release|section|sections|sec\.|chapter|ch\.|figure|fig\.|table|equation"
    r"|eq\.|appendix|part|step|theorem|lemma|edition|licence|license))\s?\Z",
    re.IGNORECASE,
)
# So does one of 1 and more after a name: "Python 3.11", "CC BY 4.0", "GPT-3.5".
NAME = re.compile(r"(?P<name>[A-Z][\w+#]*)[ \u00a0-]\Z")
# Words with a capital that begin a sentence about a measurement, or that measure.
MEASURING = frozenset((
    "A", "About", "Above", "Accuracy", "All", "Almost", "An", "And", "Any", "As", "At",
    "Average", "Below", "But", "By", "Correlation", "Deviation", "Error", "Errors", "Exactly",
    "For", "From", "Hence", "However", "If", "In", "Is", "It", "Its", "Least", "Less", "Loss",
    "Mean", "Median", "More", "Most", "Nearly", "Of", "On", "Only", "Or", "Over", "Precision",
    "Rate", "Recall", "Roughly", "Score", "So", "Some", "That", "The", "Then", "There",
    "These", "They", "This", "Those", "Thus", "To", "Under", "Up", "Was", "With",
))  # fmt: skip
TIME_OF_DAY = re.compile(r"\s?(?:[ap]\.?m\b|o.clock|Uhr\b|h\b)", re.IGNORECASE)
CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[.,][0-5]\d")


@dataclass(frozen=True)
class TypedNumber:
    """A number typed by hand: what it says and where it is."""

    text: str
    place: Place

    @property
    def fault(self) -> EssayError:
        return EssayError(
            "this number is typed by hand",
            place=self.place,
            expected='a call such as {{ value("networks.NAME.test.accuracy", "percent") }}',
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
        if place.line not in allowed and not _is_no_measurement(prose, match):
            found.append(TypedNumber(match["number"], place))
    return found


def _prose(text: str) -> str:
    """Return `text`, as long as it was, without all that is no prose."""
    plain = _without_parts(text, but_tags=True)
    return _without_parts(without(plain, code_and_formulas(plain)))


def _without_parts(text: str, *, but_tags: bool = False) -> str:
    """Return `text` with spaces for what NOT_PROSE finds, tags of HTML excepted where asked for."""
    parts = []
    done = 0
    for start, end in spans(text, NOT_PROSE, _end):
        part = text[start:end]
        is_kept = but_tags and part.startswith("<")
        parts += [text[done:start], part if is_kept else _blanked(part)]
        done = end
    return "".join([*parts, text[done:]])


def _is_no_measurement(prose: str, match: re.Match[str]) -> bool:
    """Return True if the text around a decimal makes it a version, a part, a time or a price."""
    number = match["number"]
    if not number[-1].isdigit():  # a percentage
        return False
    before = prose[max(0, match.start() - 40) : match.start()]
    if before[-1:] in ("$", "€", "£", "¥") or NUMBERED.search(before):
        return True
    if CLOCK.fullmatch(number) and TIME_OF_DAY.match(prose, match.end()):
        return True
    name = NAME.search(before)
    return name is not None and name["name"] not in MEASURING and not number.startswith("0")


def _measured_looking(forms: NumberForms) -> re.Pattern[str]:
    group, mark = re.escape(forms.thousands), re.escape(forms.decimal)
    words = "|".join(rf"{re.escape(word)}\b" for word in forms.percent_words)
    whole = rf"\d[\d{group}]{{0,{MOST_DIGITS}}}"
    return re.compile(
        rf"(?<![\w.])(?P<number>{whole}(?:{mark}\d{{1,{MOST_DIGITS}}})?\s?(?:%|{words})|{whole}{mark}\d+(?!\w|\.\d))"
    )


def _is_allowed(line: str) -> bool:
    match = ALLOWED.search(line)
    return match is not None and "#}" in line[match.end() :]


def _end(found: re.Match[str]) -> str:
    """Return the mark that ends what `found` begins; none where that is all of it."""
    if found.lastgroup == "jinja":
        return JINJA_ENDS[found[0]]
    return ENDS.get(found.lastgroup or "", "")


def _blanked(text: str) -> str:
    """Return spaces in the shape of `text`, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", text)
