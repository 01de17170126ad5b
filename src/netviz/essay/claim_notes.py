"""What a page says of its claims: what was checked, with which numbers, and what shows it.

Each claim in the text gets a link to its entry in a list at the end of the page; the page's script
opens the entry beside the claim.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType

from netviz.errors import EssayError
from netviz.essay.claims import Claim
from netviz.essay.conditions import filled
from netviz.essay.figure_calls import FigureCall
from netviz.essay.formats import write
from netviz.essay.languages import Language
from netviz.essay.measurements import Value
from netviz.essay.rechecks import Shipped, rechecks
from netviz.essay.saying import said_in
from netviz.figures.figure import references
from netviz.measurements.comparisons import compared

SPAN = re.compile(r"<span\b[^>]*>|</span>")
START = re.compile(r'<span class="nv-claim" id="(?P<id>claim-\d+)">')
SHOWS = re.compile(r'href="(?P<address>#(?P<figure>fig-[a-z0-9-]+)\?[^"]*)"')
NOTHING: Mapping[str, Shipped] = MappingProxyType({})
DIGITS = 4  # of a number in a note
SEEDS = {
    "many": "It reads several training runs, each from another seed.",
    "one": "It was checked for the training run of one seed.",
    "none": "It reads the data, which no seed changes.",
}


@dataclass(frozen=True)
class Reading:
    """A measurement that a claim's condition read: its number, its name, where it comes from."""

    number: str
    name: str
    source: str


@dataclass(frozen=True)
class Shown:
    """A figure that shows what a claim says: its address on the page and its number."""

    address: str
    number: int


@dataclass(frozen=True)
class ClaimNote:
    """All that a page says of one claim; `checked` are the parts of its condition.

    `again` are the numbers that the page's script can compute again (see `rechecks`), each with
    its name.
    """

    id: str
    text: str
    holds: bool
    checked: tuple[str, ...]
    readings: tuple[Reading, ...]
    seeds: str
    shown: tuple[Shown, ...]
    again: tuple[Mapping[str, object], ...] = ()


def claim_notes(
    claims: Sequence[Claim],
    calls: Sequence[FigureCall],
    made: str,
    language: Language,
    shipped: Mapping[str, Shipped] = NOTHING,
) -> tuple[ClaimNote, ...]:
    """Return a note on each claim of the page whose HTML is `made`, its figures still markers.

    `shipped` is what the page has of networks, by their names.
    """
    places = {found["id"]: found.start() for found in START.finditer(made)}
    figures = [_Placed(call, _names(call), made.find(call.marker)) for call in calls]
    return tuple(
        ClaimNote(
            id=claim.id,
            text=html.unescape(claim.text),
            holds=claim.holds,
            checked=filled(
                claim.pattern, [_number(claim.values[key], language) for key in claim.read]
            ),
            readings=tuple(_reading(claim, key, language) for key in claim.values),
            seeds=language.text(SEEDS[_seeds(claim)]),
            shown=_shown(claim, figures, made, places[claim.id]),
            again=tuple(
                {"name": _named_with_source(_reading(claim, key, language)), **found}
                for key, found in rechecks(claim.values, shipped)
            ),
        )
        for claim in claims
        if claim.id in places
    )


def with_marks(made: str, mark: Mapping[str, str]) -> str:
    """Return the HTML `made` with each claim's `mark`, by its id, at its end."""
    parts, done = [], 0
    for start in START.finditer(made):
        end = _end(made, start.start())
        if start["id"] in mark:
            parts += [made[done:end], mark[start["id"]]]
            done = end
    return "".join([*parts, made[done:]])


def _end(made: str, start: int) -> int:
    """Return the position of the end tag of the span that begins at `start`."""
    depth = 0
    for tag in SPAN.finditer(made, start):
        depth += -1 if tag[0] == "</span>" else 1
        if not depth:
            return tag.start()
    return len(made)


def _reading(claim: Claim, key: str, language: Language) -> Reading:
    name = " › ".join(key.split(".")[2:]).replace("_", " ")
    number = _number(claim.values[key], language)
    return Reading(number, name, said_in(language, claim.sources.get(key, "")))


def _named_with_source(reading: Reading) -> str:
    return f"{reading.name} ({reading.source})" if reading.source else reading.name


def _number(value: Value, language: Language) -> str:
    if isinstance(value, float):
        value = float(f"{value:.{DIGITS}g}")
    try:
        return write(
            value, "exact" if isinstance(value, float) else None, language.catalogue.numbers
        )
    except EssayError:  # not measured, or a whole table
        return "–"


def _seeds(claim: Claim) -> str:
    kinds = {"many" if ".seeds." in key or key.startswith("sweeps.") else key.partition(".")[0]
             for key in claim.values}  # fmt: skip
    if "many" in kinds:
        return "many"
    return "one" if kinds & {"networks", "comparisons"} else "none"


@dataclass(frozen=True)
class _Placed:
    """A figure with kind and name of all that it reads, and its position on the page."""

    call: FigureCall
    names: set[tuple[str, str]]
    position: int


def _shown(claim: Claim, figures: Sequence[_Placed], made: str, start: int) -> tuple[Shown, ...]:
    """Return what the claim's own links show or, without any, the nearest figure of its network."""
    numbers = {one.call.id: one.call.number for one in figures}
    linked = SHOWS.finditer(made, start, _end(made, start))
    own = {one["address"]: numbers[one["figure"]] for one in linked if one["figure"] in numbers}
    if own:
        return tuple(Shown(html.unescape(address), number) for address, number in own.items())
    names = {name for key in claim.values for name in _named(key)}
    of_these = [one for one in figures if names & one.names]
    if not of_these:
        return ()
    nearest = min(of_these, key=lambda one: abs(one.position - start)).call
    return (Shown(f"#{nearest.id}", nearest.number),)


def _named(key: str) -> set[tuple[str, str]]:
    """Return kind and name of what a measurement is of."""
    kind, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    if kind == "comparisons":
        return {("networks", one) for one in compared(name)}
    return {(kind, name)}


def _names(call: FigureCall) -> set[tuple[str, str]]:
    """Return kind and name of the networks, data sets and sweeps that a figure reads."""
    read = asdict(references(call.arguments))
    return {(kind, name) for kind, names in read.items() for name in names}
