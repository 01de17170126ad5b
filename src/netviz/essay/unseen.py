"""Claims, figures and numbers of a text that its page would not show as such, which are refused.

Code, a formula, an attribute or a caption shows the marks that a claim or a figure leaves in the
text as they are, and a sentence that a variable keeps may never be written. The claim would still
be counted, and the figure drawn.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from netviz.errors import EssayError, Place
from netviz.essay.claims import Claim, ClaimReader
from netviz.essay.figure_calls import FigureCall
from netviz.essay.regions import code_and_formulas

# A comment, or a tag with its attributes, which may hold what looks like one. What begins as
# either and never ends takes all that follows.
TAG = re.compile(
    r"<!--(?:(?!-->).)*+(?P<comment>-->)?+"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?:\"[^\"]*+\"|'[^']*+'|[^'\">])*+(?P<close>>)?+",
    re.DOTALL,
)
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr mspace".split()  # noqa: SIM905 - reads as it is said
)
RAW = "To show how it is written, put {% raw %} and {% endraw %} around it."


def refuse_in_code(expanded: str, calls: Sequence[FigureCall]) -> None:
    """Refuse a figure that the markdown `expanded` by Jinja has within code or a formula.

    Raises:
        EssayError: there is one.
    """
    if calls and any(mark in expanded for mark in ("`", "~~~", "$")):
        code = "\n".join(expanded[start:end] for start, end in code_and_formulas(expanded))
        for call in calls:
            if call.marker in code:
                raise _unseen_figure(call)


def unseen(html: str, claims: ClaimReader, calls: Iterable[FigureCall]) -> Iterator[EssayError]:
    """Yield a fault for each claim and figure that the `html` of a text does not show whole."""
    wanted = {claim.start_tag for claim in claims.claims} | {call.marker for call in calls}
    tags = _tags(html) if wanted else {}
    for number, claim in enumerate(claims.claims):
        if not claim.text:
            yield EssayError(
                "this claim has no sentence",
                place=claims.place_of(number),
                expected="words between {% claim … %} and {% endclaim %}",
            )
        elif claim.start_tag not in tags or not _is_whole(html, tags[claim.start_tag]):
            yield _unseen_claim(claim, claims, number)
    for call in calls:
        if call.marker.removesuffix("</div>") not in tags:
            yield _unseen_figure(call)


def refuse_in_attributes(html: str, file: Path) -> None:
    """Refuse a measured number in an attribute of an author's own HTML, which would show its tag.

    Raises:
        EssayError: there is one.
    """
    if "nv-value" not in html:
        return
    for found in _each(html, 0):
        if "nv-value" in found[0] and found["name"] != "data":
            raise EssayError(
                "a measured number would show its tag in an attribute",
                place=Place(file),
                expected="{{ value(…) }} in the prose",
                got=f"one in <{found['name']}>",
                remedy="In an attribute or for an abbreviation, write {{ number(…) }}.",
            )


def _tags(html: str) -> Mapping[str, int]:
    """Return where each start tag with a class of netviz's own stands, by its text."""
    return {
        found[0]: found.start()
        for found in _each(html, 0)
        if not found["end"] and ' class="nv-' in found[0]
    }


def _each(html: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the tags of `html` from `start` on."""
    for found in TAG.finditer(html, start):
        if found["name"] and found["close"]:
            yield found


def _is_whole(html: str, start: int) -> bool:
    """Say whether the element that begins at `start` ends within the one that it is in."""
    still_open: list[str] = []
    for found in _each(html, start):
        name = found["name"].lower()
        if not found["end"]:
            if name not in VOID and not found[0].endswith("/>"):
                still_open.append(name)
        elif name != still_open.pop():
            return False
        if not still_open:
            return True
    return False


def _unseen_claim(claim: Claim, claims: ClaimReader, number: int) -> EssayError:
    return EssayError(
        f"no reader would see this claim as one: “{claim.text}”",
        place=claims.place_of(number),
        expected="its sentence in the prose, whole within one paragraph, item or cell",
        remedy=f"Move it out of code, formulas, attributes and captions. {RAW}",
    )


def _unseen_figure(call: FigureCall) -> EssayError:
    return EssayError(
        "no reader would see this figure",
        place=call.place,
        expected="a call in the prose",
        remedy=f"Move it out of code, formulas and attributes. {RAW}",
    )
