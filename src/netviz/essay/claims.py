"""Claims: sentences of a text, each with the condition under which it is true.

`{% claim CONDITION %}sentence{% endclaim %}` is checked when the text is read. The claim of a
translation has no condition: it has that of the original's claim at the same position.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import escape

from netviz.errors import EssayError, Place
from netviz.essay.conditions import pattern
from netviz.essay.measurements import Value
from netviz.essay.places import Source
from netviz.figures.words import Said

BEGIN_CLAIM, END_CLAIM = "0begin_claim", "0end_claim"  # which no author can write (see sandbox.py)
RECORDED = ("id", "text", "file", "line", "holds", "values")
LINK = re.compile(r"\[([^\]\[]*)\]\([^)\s]*\)")  # as markdown writes it
DATA_KEY = re.compile(r'data-key="([^"]*)"')
DOES_NOT_HOLD = "this claim does not hold"


@dataclass(frozen=True)
class Claim:
    """A sentence with the condition under which it is true, and what the condition read.

    `shown` are the keys of the measured values in the sentence, in order. `pattern` is the
    condition as a reader sees it (see `conditions`), `read` the keys for its places, and `sources`
    say where the values come from.
    """

    id: str
    text: str
    file: str
    line: int
    holds: bool
    values: Mapping[str, Value]
    shown: tuple[str, ...]
    pattern: str = ""
    read: tuple[str, ...] = ()
    sources: Mapping[str, Said] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, object]:
        """The claim as `measurements.json` has it."""
        return {name: getattr(self, name) for name in RECORDED}

    @property
    def start_tag(self) -> str:
        """The HTML tag that begins the claim in its text."""
        return f'<span class="nv-claim" id="{escape(self.id)}">'


class ClaimTag(Extension):
    """`{% claim CONDITION %}sentence{% endclaim %}`, the condition being a Jinja expression."""

    tags = {"claim"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        is_bare = parser.stream.current.type == "block_end"
        condition = nodes.Const(None) if is_bare else parser.parse_expression()
        body = parser.parse_statements(("name:endclaim",), drop_needle=True)
        # The condition is evaluated between the two calls, so that what it reads can be recorded.
        begin = nodes.Call(nodes.Name(BEGIN_CLAIM, "load"), [], [], None, None)
        given = [condition, nodes.Const(pattern(condition))]
        end = nodes.Call(nodes.Name(END_CLAIM, "load"), given, [], None, None)
        block = nodes.CallBlock(end.set_lineno(line), [], [], body).set_lineno(line)
        return [nodes.Output([begin]).set_lineno(line), block]  # type: ignore[return-value]  # a list is allowed


class ClaimReader:
    """Reads the claims of one text; `original` are those of the text that it translates."""

    def __init__(self, source: Source, original: Sequence[Claim] | None) -> None:
        self.source = source
        self.original = original
        self.claims: list[Claim] = []
        self._values: dict[str, Value] = {}  # read since the last claim began
        self._sources: dict[str, Said] = {}
        self._read: list[str] = []
        self._is_open = False  # a claim whose sentence is being made

    def note(self, key: str, value: Value, source: Said = "") -> None:
        """Note a measurement that a condition reads, and where it comes from."""
        self._values[key] = value
        self._sources[key] = source
        self._read.append(key)

    def begin(self, line: int) -> str:
        """Begin to record what a condition reads.

        Raises:
            EssayError: the claim stands within another.
        """
        if self._is_open:
            place = Place(self.source.file, self.source.file_line(line))
            expected = "{% endclaim %} before it"
            raise EssayError("a claim stands within another", place=place, expected=expected)
        self._values, self._sources, self._read = {}, {}, []
        return ""

    def end(self, line: int, holds: object, form: str, caller: Callable[[], str]) -> str:
        """Note a claim with the values its condition read; return its sentence, marked."""
        values, sources, read = self._values, self._sources, tuple(self._read)
        sentence = self._sentence(caller)
        shown = tuple(sorted(DATA_KEY.findall(sentence)))
        line = self.source.file_line(line)
        if holds is None:
            first = self._of_original(Place(self.source.file, line), shown)
            holds, values, sources = first.holds, dict(first.values), dict(first.sources)
            form, read = first.pattern, first.read
        elif self.original is not None:
            raise EssayError(
                "a translated claim has a condition of its own",
                place=Place(self.source.file, line),
                expected="{% claim %}, which has the condition of the original's claim",
                got=str(holds),
            )
        claim = Claim(
            id=f"claim-{len(self.claims) + 1}",
            text=" ".join(re.sub(r"<[^>]+>", "", LINK.sub(r"\1", sentence)).split()),
            file=self.source.file.name,
            line=line,
            holds=bool(holds) and None not in values.values(),  # what nobody could measure
            values=values,
            shown=shown,
            pattern=form,
            read=read,
            sources=sources,
        )
        self.claims.append(claim)
        return f"{claim.start_tag}{sentence}</span>"

    def _sentence(self, caller: Callable[[], str]) -> str:
        self._is_open = True
        try:
            return caller().strip()
        finally:
            self._is_open = False

    def _of_original(self, place: Place, shown: tuple[str, ...]) -> Claim:
        """Return the original's claim at this position; both must show the same values."""
        number = len(self.claims)
        if self.original is None or number >= len(self.original):
            raise EssayError(
                "this claim has no condition",
                place=place,
                expected="a condition, or a claim of the original at the same place",
            )
        claim = self.original[number]
        if shown != claim.shown:
            raise EssayError(
                f"this claim does not show the numbers of the one it translates: “{claim.text}”",
                place=place,
                expected=", ".join(claim.shown) or "none",
                got=", ".join(shown) or "none",
                remedy="A translation has the claims of its original in the same order.",
            )
        return claim

    def faults(self, *, strict: bool) -> Iterator[EssayError]:
        """Yield the faults: a claim is not translated or, where `strict`, does not hold."""
        if self.original is not None and len(self.claims) < len(self.original):
            claim = self.original[len(self.claims)]
            yield EssayError(
                f"a claim of the original is not translated: “{claim.text}”",
                place=Place(self.source.file),
                expected=f"{len(self.original)} claims in the order of {claim.file}",
                got=str(len(self.claims)),
            )
        for number, claim in enumerate(self.claims):
            if not claim.values:
                yield EssayError(
                    f"the condition of this claim reads nothing: “{claim.text}”",
                    place=self.place_of(number),
                    expected='a measurement within the condition, as in number("…") > 0.5',
                    got="nothing measured",
                )
            elif strict and not claim.holds:
                values = ", ".join(f"{key} = {found}" for key, found in claim.values.items())
                yield EssayError(
                    f"{DOES_NOT_HOLD}: “{claim.text}”",
                    place=self.place_of(number),
                    got=values or "nothing measured",
                    remedy="Mend the sentence or its condition.",
                )

    def place_of(self, number: int) -> Place:
        """Return where the claim of a `number`, from 0 on, begins."""
        line = self.claims[number].line
        before = [one.line for one in self.claims[:number]].count(line)
        return self.source.find_claim(line, before)
