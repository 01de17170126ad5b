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
from netviz.essay.seen import Seen, seen
from netviz.limits import within_limits

ALLOWED = re.compile(r"\{#\s*typed:\s*[^\s#]")
PERCENT_SIGNS = "[%‰٪％﹪]"
GAP = r"[\s\u2010\u2011-]{0,2}"  # between a number and its sign of per cent
# What a number is no part of: letters of scripts that part words by spaces, and digits.
WORD = r"\dA-Za-z_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u052f\u1e00-\u1fff"
BARE = r"(?<![^\s(\[{±<>=≈~≤≥−–+-])"  # before a decimal mark that no digit precedes
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

    Each is found as a reader sees it, whatever marks and entities it was typed with. `forms` are
    those of the text's language: some have a comma in a decimal, or a sign before a percentage.
    """
    if ALLOWED_PAGE.match(text):
        return []
    prose = seen(text)
    allowed = {number for number, line in enumerate(text.split("\n"), 1) if _is_allowed(line)}
    found = []
    for match in _measured_looking(forms).finditer(prose.text):
        number = _typed(match, prose, file, text)
        if number.place.line not in allowed and not _is_no_measurement(prose.text, match):
            found.append(number)
    return found


def _typed(match: re.Match[str], prose: Seen, file: Path, text: str) -> TypedNumber:
    """Return a number of the `prose` as it stands in the author's `text`."""
    start, end = prose.origin(match.start()), prose.origin_of_end(match.end())
    if text.startswith("{{", start):  # a name stands for the number
        end = max(end, text.index("}}", start) + len("}}"))
    return TypedNumber(text[start:end], place_at(file, text, start))


def _is_no_measurement(prose: str, match: re.Match[str]) -> bool:
    """Return True if the text around a decimal makes it a version, a part, a time or a price."""
    number = match["decimal"]
    if number is None:  # a percentage
        return False
    before = prose[max(0, match.start() - 40) : match.start()]
    if before[-1:] in ("$", "€", "£", "¥") or NUMBERED.search(before):
        return True
    if CLOCK.fullmatch(number) and TIME_OF_DAY.match(prose, match.end()):
        return True
    name = NAME.search(before)
    return name is not None and name["name"] not in MEASURING and number[0] in "123456789"


def _measured_looking(forms: NumberForms) -> re.Pattern[str]:
    """Return the pattern of percentages and decimals, each with whatever marks it is written.

    Before a sign of per cent any mark of decimals is one. Without it, a decimal has that of
    `forms`, or a point after a single 0, which nothing else has.
    """
    group, mark = re.escape(forms.thousands), re.escape(forms.decimal)
    signs = "|".join(filter(None, (PERCENT_SIGNS, *map(_word, _percent_words(forms)))))
    number = rf"(?:{BARE}[.,{mark}])?\d[\d.,'’\u00a0\u202f{group}{mark}]{{0,{MOST_DIGITS}}}"
    whole = rf"\d[\d{group}]{{0,{MOST_DIGITS}}}"
    decimal = rf"(?:(?:{whole}|{BARE}){mark}|0\.)\d+(?![{WORD}]|[.{mark}]\d)"
    before = f"(?:{_before(forms)}){GAP}{number}|" if _before(forms) else ""
    return re.compile(
        rf"(?<![{WORD}])(?<![{WORD}]\.)(?:{before}{number}{GAP}(?:{signs})|(?P<decimal>{decimal}))"
    )


def _percent_words(forms: NumberForms) -> set[str]:
    """Return the words that make a percentage of the number before them."""
    written = (form.partition("{}")[2].strip() for form in (forms.percent, forms.points))
    return {*forms.percent_words, *written} - {""}


def _before(forms: NumberForms) -> str:
    """Return the pattern of what `forms` put before a number to make it a percentage, if any."""
    written = {form.partition("{}")[0].strip() for form in (forms.percent, forms.points)} - {""}
    signs = {PERCENT_SIGNS for one in written if re.fullmatch(PERCENT_SIGNS, one)}
    return "|".join(sorted({*signs, *map(re.escape, written)}))


def _word(word: str) -> str:
    """Return the pattern of a whole word, in any case."""
    return rf"(?i:{re.escape(word)})(?![{WORD}])"


def _is_allowed(line: str) -> bool:
    match = ALLOWED.search(line)
    return match is not None and "#}" in line[match.end() :]
