"""The direction in which a language is written, and what keeps its own on a page of the other."""

import re
from itertools import takewhile
from typing import Literal

Direction = Literal["ltr", "rtl"]

# Scripts that run from right to left (ISO 15924), and the languages that CLDR's likely subtags
# say are usually written in one of them.
SCRIPTS = frozenset(
    """adlm arab aran armi avst chrs cprt elym gara hatr hebr hung khar lydi mand mani mend merc
    mero narb nbat nkoo orkh ougr palm phli phlp phnx prti rohg samr sarb sidt sogd sogo syrc
    thaa yezi""".split()  # noqa: SIM905 - reads as a list of its own
)
LANGUAGES = frozenset(
    """acm ae aeb afb ajp apc ar arc arq ars ary arz ayl azb bal bgn bqi ckb dv fa glk hac haz he
    hnd hno iw ji khw ks lah lki lrc luz mzn nqo pbt pbu pes phr pnb prs ps rhg sd sdh skr sqt
    syr ug ur yi""".split()  # noqa: SIM905 - as above
)

ISOLATE, ISOLATE_BY_FIRST_LETTER, END_OF_ISOLATE = "\u2066", "\u2068", "\u2069"
NUMBER = r"\d+(?:[.,]\d+)*"
PERCENT = r"(?:\s?[%٪])"
# A number with a sign before or behind it, or a sum: among letters that run from right to left a
# sign goes to the other side of its number, and the parts of a sum change places.
AMOUNT = rf"[+−±]?{NUMBER}{PERCENT}?"
SUM = re.compile(
    rf"(?:[+−±] )?{AMOUNT}(?: [+−×=] {AMOUNT})+|[+−±]{NUMBER}{PERCENT}?|{NUMBER}{PERCENT}"
)

ISOLATED_SUM = re.compile(f"{ISOLATE}([^{ISOLATE}-{END_OF_ISOLATE}]*){END_OF_ISOLATE}")


def direction(tag: str) -> Direction:
    """Return how the language `tag` (BCP 47) runs: as the script it names, or its usual one."""
    language, *others = tag.lower().split("-")
    subtags = takewhile(lambda subtag: len(subtag) > 1, others)  # extensions begin with a single
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), None)
    is_right_to_left = script in SCRIPTS if script else language in LANGUAGES
    return "rtl" if is_right_to_left else "ltr"


def with_sums_isolated(text: str) -> str:
    """Return right-to-left `text` with each signed number and each sum kept from left to right."""
    # What was said before may be part of a longer sum.
    return SUM.sub(rf"{ISOLATE}\g<0>{END_OF_ISOLATE}", ISOLATED_SUM.sub(r"\1", text))


def isolated(text: str) -> str:
    """Return a `text` of another language so that its marks stay where its first letter asks."""
    return ISOLATE_BY_FIRST_LETTER + text + END_OF_ISOLATE
