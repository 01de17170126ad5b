"""An author's markdown, read: its front matter, its figures, its numbers, its claims.

Jinja runs first, in a sandbox, since essays come from strangers too. A figure call leaves a
marker in the text, to be replaced when the figure has been drawn; a value is written at once,
from the measurements; a claim is checked on the spot.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, wraps
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup as SafeText
from markupsafe import escape

from netviz.errors import (
    MOST_TOLD,
    EssayError,
    EssayGroupError,
    Gathering,
    NetvizError,
    Place,
    each,
    nearest_name,
    place_at,
)
from netviz.essay.comments import OpenCommentError
from netviz.essay.figure_lines import with_figures_apart
from netviz.essay.formats import NumberForms, write
from netviz.essay.front_matter import FrontMatter, split_front_matter
from netviz.essay.languages import Catalogue, Language, Languages
from netviz.essay.links import FarFigure, OwnFile, far_figures, own_files, with_marks
from netviz.essay.markup import (
    BracketError,
    Dialect,
    Heading,
    IdError,
    Markup,
    ReferenceError,  # noqa: A004 - ours, of figures
    as_plain_text,
    caption_html,
    to_html,
)
from netviz.essay.math import MathError
from netviz.essay.measurements import Measurements, Value
from netviz.essay.origin import origin
from netviz.essay.policy import Policy, our_policy
from netviz.essay.raw_html import Issued, refuse_raw_html
from netviz.essay.reference import (
    figures_reference,
    formats_reference,
    measurements_reference,
    record_reference,
    settings_reference,
)
from netviz.essay.sandbox import Sandbox
from netviz.essay.spans import jinja_tags
from netviz.essay.structure import refuse_first_headings, refuse_loose_notes, refuse_open
from netviz.essay.templates import built_in_templates
from netviz.essay.toolkit import script_reference, tokens_reference
from netviz.essay.written import VALUE
from netviz.figures.registry import Registry
from netviz.limits import too_deep, too_large, within_limits
from netviz.records import RecordError, record

NOT_MEASURED = "–"
MOST_FIGURES = 200  # on a page, which no reader gets through and no browser likes
BEGIN_CLAIM, END_CLAIM = "0begin_claim", "0end_claim"  # which no author can write (see sandbox.py)
BRACES = (
    "Where the braces are just braces, put {% raw %} and {% endraw %} around them, or write"
    " jinja: false in the front matter."
)
CLAIM = re.compile(r"\{%[-+]?\s*claim\b")
QUOTED = re.compile(r"'([^']+)'")
DATA_KEY = re.compile(r'data-key="([^"]*)"')


@dataclass(frozen=True)
class FigureCall:
    """A figure as an author asked for it, `number` counting from 1 through the essay."""

    word: str
    arguments: Mapping[str, Any]
    id: str
    number: int
    caption: str | None  # as HTML, once the whole text was read
    place: Place

    @property
    def marker(self) -> str:
        """The HTML that stands for the figure until it has been drawn."""
        return f'<div class="nv-figure-marker" id="{self.id}"></div>'


@dataclass(frozen=True)
class Claim:
    """A sentence with the condition under which it is true, and what the condition read."""

    id: str
    text: str
    file: str
    line: int
    holds: bool
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Manuscript:
    """An essay's text as HTML with a marker for each figure.

    `shown` are the keys of the values that stand in the sentence of each claim, `own_files` what
    lies beside the text and is shown or linked, `far_figures` the references to other pages'.
    """

    front: FrontMatter
    html: str
    headings: tuple[Heading, ...]
    words: int
    calls: tuple[FigureCall, ...]
    claims: tuple[Claim, ...]
    shown: tuple[tuple[str, ...], ...]
    keys: frozenset[str]
    language: Language
    own_files: tuple[OwnFile, ...] = ()
    far_figures: tuple[FarFigure, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all headings in their order, which are also those of a translation's."""
        return tuple(name for heading in self.headings for name in heading.ids)

    @property
    def ties(self) -> str:
        """All of the text that one of its translations depends on."""
        verdicts = [(claim.holds, claim.values) for claim in self.claims]
        return repr((self.ids, verdicts, self.shown))

    @property
    def is_measured(self) -> bool:
        """Whether the page shows anything that was measured when it was built."""
        return bool(self.calls or self.claims or self.keys)


@dataclass(frozen=True)
class Translation:
    """What a text is when it says in the language `tag` what `original` says."""

    tag: str
    original: Manuscript


@within_limits
def read_manuscript(  # noqa: PLR0913 - a text, what it may call, and its language
    file: Path,
    measurements: Measurements,
    registry: Registry,
    *,
    strict: bool = True,
    pages: Collection[str] = (),
    languages: Languages | None = None,
    translation: Translation | None = None,
    convert: Callable[[str, Dialect], Markup] = to_html,
    policy: Policy | None = None,
) -> Manuscript:
    """Read the markdown `file`, which may link to `pages`, the essay's markdown files by name.

    `convert` makes HTML of the markdown that its Jinja wrote; `policy` is that of its page, ours
    where none is given.

    Its language is that of its front matter, or of `translation`; `languages` know its numbers.

    Claims are checked where `strict`, and every value must have been measured. The sample is too
    small for that, so a page built from it, which says so at its top, only keeps the verdicts.

    Raises:
        EssayError: front matter, Jinja, markdown, HTML, a figure call, a number or a formula is
            wrong, or a claim does not hold; the error names file and line.
    """
    text = _read_text(file)
    front, body, first_line = split_front_matter(file, text)
    if translation is not None:
        front = replace(front, language=translation.tag)
    language = (languages or Languages()).find(front.language, file.name)
    original = translation.original if translation else None
    source = _Source(file, text, first_line, language, original)
    reading = _Reading(source, measurements, registry, strict=strict)
    with reading.faults.going_on():
        expanded = reading.expand(body, front) if front.jinja else body
        settings = _Settling(pages, convert, policy or our_policy())
        read = _settled(reading, expanded, front, settings)
    try:
        reading.faults.end()
    except EssayError as error:
        each(error)[0].calls = tuple(reading.calls)
        raise
    return read


@dataclass(frozen=True)
class _Settling:
    """What a text may link to, how its markdown becomes HTML, and the policy of its page."""

    pages: Collection[str]
    convert: Callable[[str, Dialect], Markup]
    policy: Policy


def _settled(
    reading: "_Reading", expanded: str, front: FrontMatter, settling: _Settling
) -> Manuscript:
    """Return the manuscript that the text `expanded` by Jinja makes."""
    file, text, original = reading.file, reading.text, reading.original
    pages = settling.pages
    reading.note_claims()
    dialect = Dialect(
        figure_numbers=reading.numbers,
        pages=pages,
        say=reading.language.text,
        ids=original.ids if original else (),
    )
    refuse_open(file, text)
    expanded = with_figures_apart(expanded, {call.marker: call.place for call in reading.calls})
    refuse_loose_notes(file, text, expanded)
    markup = _converted(expanded, dialect, settling.convert, file, text)
    refuse_first_headings(file, text, markup.headings)
    calls = tuple(_with_caption(call, dialect, file, text) for call in reading.calls)
    made = "\n".join([markup.html, *(call.caption for call in calls if call.caption)])
    refuse_raw_html(made, reading.issued, settling.policy, file, text)
    html = with_marks(markup.html, file, text, pages)
    calls = tuple(_with_marks(call, file, text, pages) for call in calls)
    marked = "\n".join([html, *(call.caption for call in calls if call.caption)])
    read = Manuscript(
        front=front,
        html=html,
        headings=markup.headings,
        words=markup.words,
        calls=calls,
        claims=tuple(reading.claims),
        shown=tuple(reading.shown),
        keys=frozenset(reading.keys),
        language=reading.language,
        own_files=own_files(marked, file, text),
        far_figures=far_figures(marked, file, text),
    )
    if original is not None:
        _refuse_other_headings(read, original, file)
    return read


def _refuse_other_headings(read: Manuscript, original: Manuscript, file: Path) -> None:
    if len(read.ids) != len(original.ids):
        raise EssayError(
            "a translation has the headings of its original, in the same order",
            place=Place(file),
            expected=f"{len(original.ids)} headings",
            got=str(len(read.ids)),
        )


def _converted(
    expanded: str,
    dialect: Dialect,
    convert: Callable[[str, Dialect], Markup],
    file: Path,
    text: str,
) -> Markup:
    """Return the HTML of `expanded`; errors get the place in the `text` that it was made of."""
    try:
        return convert(expanded, dialect)
    except MathError as error:
        raise error.at(_find_formula(file, text, error.formula)) from None
    except BracketError as error:
        raise error.at(_find(file, text, error.start)) from None
    except IdError as error:
        raise error.at(_find_id(file, text, error.name)) from None
    except ReferenceError as error:
        raise error.at(_find(file, text, error.link, after="](")) from None
    except EssayGroupError as error:
        for fault in error.faults:
            if isinstance(fault, ReferenceError):
                fault.at(_find(file, text, fault.link, after="]("))
        raise EssayGroupError(error.faults) from None


def _with_caption(call: FigureCall, dialect: Dialect, file: Path, text: str) -> FigureCall:
    """Return a call with its author's caption as HTML."""
    if call.caption is None:
        return call
    try:
        return replace(call, caption=caption_html(call.caption, dialect))
    except MathError as error:
        raise error.at(_find_formula(file, text, error.formula)) from None
    except ReferenceError as error:
        raise error.at(_find(file, text, error.link, after="](")) from None
    except EssayError as error:
        raise error.at(call.place) from None


def _with_marks(call: FigureCall, file: Path, text: str, pages: Collection[str]) -> FigureCall:
    """Return a call with marks for the files that its caption shows or links."""
    if call.caption is None:
        return call
    return replace(call, caption=with_marks(call.caption, file, text, pages))


class _ClaimTag(Extension):
    """`{% claim CONDITION %}sentence{% endclaim %}`, the condition being a Jinja expression.

    In a translation a claim has no condition: it has that of the original's claim of its place.
    """

    tags = {"claim"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        is_bare = parser.stream.current.type == "block_end"
        condition = nodes.Const(None) if is_bare else parser.parse_expression()
        body = parser.parse_statements(("name:endclaim",), drop_needle=True)
        # The condition is handed over unevaluated, so that what it reads can be recorded.
        check = nodes.Call(nodes.Name(BEGIN_CLAIM, "load"), [nodes.Const(line)], [], None, None)
        call = nodes.Call(
            nodes.Name(END_CLAIM, "load"), [nodes.Const(line), condition], [], None, None
        )
        block = nodes.CallBlock(call, [], [], body).set_lineno(line)
        return [nodes.Output([check]).set_lineno(line), block]  # type: ignore[return-value]  # a list is allowed


@dataclass(frozen=True)
class _Source:
    """What is read: a file, its text, the line on which the body begins, what it translates."""

    file: Path
    text: str
    first_line: int
    language: Language
    original: Manuscript | None


class _Reading:
    """One pass of Jinja over one essay, collecting what it meets."""

    def __init__(
        self,
        source: _Source,
        measurements: Measurements,
        registry: Registry,
        *,
        strict: bool,
    ) -> None:
        self.file = source.file
        self.text = source.text
        self.line_starts = _line_starts(source.text)
        self.strict = strict
        self.first_line = source.first_line
        self.measurements = measurements
        self.registry = registry
        self.language = source.language
        self.original = source.original
        self.faults = Gathering()
        self.numbers: dict[str, int] = {}  # of figures by their ids, refused ones among them
        self.calls: list[FigureCall] = []
        self.claims: list[Claim] = []
        self.shown: list[tuple[str, ...]] = []
        self.keys: set[str] = set()
        self._written: set[str] = set()  # the numbers, as they stand in the text
        self._claim_values: dict[str, Value] = {}
        self.jinja: Sandbox | None = None

    @property
    def issued(self) -> Issued:
        """What was written into the text so far that says it was measured or drawn."""
        return Issued(
            values=frozenset(self._written),
            claims=frozenset(map(_claim_start, self.claims)),
            markers=frozenset(call.marker for call in self.calls),
        )

    def expand(self, body: str, front: FrontMatter) -> str:
        functions = {
            "figure": self._noting(_with_names_in_quotes(self.figure)),
            "value": self._noting(_with_names_in_quotes(self.value)),
            "number": _with_names_in_quotes(self.number),
            "page": front,
            "reference": _with_names_in_quotes(self.reference),
            BEGIN_CLAIM: self.begin_claim,
            END_CLAIM: self.end_claim,
        }
        try:
            self.jinja = Sandbox(functions, [_ClaimTag])
            return self.jinja.render_text(body)
        except OpenCommentError as error:
            where = len(self.text.rstrip()) - len(body) + error.start
            raise EssayError(
                str(error),
                place=place_at(self.file, self.text, where),
                expected="#}",
                remedy=BRACES,
            ) from None
        except TemplateSyntaxError as error:
            self._fail(error, error.lineno)
        except NetvizError as error:
            raise self._placed(error, self._body_line(_jinja_line(error))) from None
        except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError,
                AttributeError, RecursionError, MemoryError, SyntaxError) as error:  # fmt: skip
            self._fail(error, self._body_line(_jinja_line(error)))

    def _noting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, which notes a fault and writes nothing, so that reading goes on."""

        @wraps(function)
        def called(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as they are
            try:
                return function(*given, **named)
            except EssayError as error:
                self.faults.add(self._placed(error, self._body_line(_calling_line())))
                if len(self.faults.faults) > MOST_TOLD:  # as a loop may raise without end
                    self.faults.end()
                if function.__name__ == "figure" and given:
                    for word in (given[0], error.nearest):  # which may be the word that was meant
                        self._keep_number(str(word), named)
                return ""

        return called

    def _placed(self, error: NetvizError, line: int | None) -> NetvizError:
        words = [error.path[-1]] if isinstance(error, RecordError) and error.path else []
        words += QUOTED.findall(error.problem)
        return error.at(self._place(line, words))

    def _keep_number(self, word: str, named: Mapping[str, Any]) -> None:
        """Let references to a figure that was refused stand: only the call itself is at fault."""
        plain = _plain_id(word)
        network = [f"{plain}-{named['network']}"] if "network" in named else []
        for name in [str(named["id"])] if "id" in named else [plain, *network]:
            self.numbers.setdefault(name, len(self.numbers) + 1)

    def _fail(self, error: Exception, line: int | None) -> NoReturn:
        if isinstance(error, MemoryError):
            raise too_large(self._place(line)) from None
        if isinstance(error, RecursionError):
            raise too_deep(self._place(line)) from None
        raise EssayError(
            f"the template code is wrong: {error or type(error).__name__}",
            place=self._place(line, QUOTED.findall(str(error))),
            remedy=BRACES if isinstance(error, (TemplateSyntaxError, UndefinedError)) else None,
        ) from None

    def _body_line(self, compiled: int | None) -> int | None:
        """Return the line of the body for that of its compiled tags."""
        return None if compiled is None or self.jinja is None else self.jinja.line(compiled)

    def _file_line(self, compiled: int) -> int:
        return (self._body_line(compiled) or 1) + self.first_line - 1

    def _place(self, line: int | None, words: Sequence[str] = ()) -> Place:
        """Return the place of the first of `words` in the tags that begin on a line of the body.

        Jinja knows no columns. Where no tag has such a word, the place is the only tag's start.
        """
        if line is None:  # the text cannot be compiled at all
            return Place(self.file, self.first_line)
        number = line + self.first_line - 1
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start) % (len(self.text) + 1)
        tags = list(takewhile(lambda tag: tag[0] < end, jinja_tags(self.text, start)))
        for word in words:
            whole = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
            for tag in tags:
                if found := whole.search(self.text, *tag):
                    return place_at(self.file, self.text, found.start())
        if len(tags) == 1:
            return place_at(self.file, self.text, tags[0][0])
        return Place(self.file, number)

    def figure(
        self,
        word: str,
        *,
        id: str | None = None,  # noqa: A002 - the author's word
        caption: str | None = None,
        **arguments: Any,  # noqa: ANN401 - checked against the figure's own Arguments
    ) -> str:
        """Note a figure and return its marker."""
        place = self._place(self._body_line(_calling_line()), [word])
        if len(self.calls) == MOST_FIGURES:
            raise EssayError(
                "the page has too many figures", place=place, expected=f"at most {MOST_FIGURES}"
            )
        folder = self.registry.find(word)
        settled = record(folder.load().Arguments, arguments)
        call = FigureCall(
            word=word,
            arguments=asdict(settled),
            id=self._figure_id(word, id, arguments),
            number=len(self.calls) + 1,
            caption=caption,
            place=place,
        )
        self.calls.append(call)
        self.numbers[call.id] = call.number
        return call.marker

    def _figure_id(self, word: str, wanted: str | None, arguments: Mapping[str, Any]) -> str:
        taken = {call.id for call in self.calls}
        plain = _plain_id(word)
        if wanted is None:
            network = str(arguments.get("network", len(self.calls) + 1))
            wanted = plain if plain not in taken else f"{plain}-{network}"
        elif not re.fullmatch(r"fig-[a-z0-9-]+", wanted):
            raise EssayError(
                f"{wanted!r} cannot be the id of a figure",
                expected='"fig-" and small letters, digits and hyphens',
            )
        if wanted in taken:
            raise EssayError(
                f"two figures have the id {wanted!r}", remedy='Give one of them id="fig-…".'
            )
        return wanted

    def number(self, key: str) -> Value:
        """Return the measurement at `key`, for conditions and arithmetic.

        What could not be measured, such as the mean of no images, is not a number: no comparison
        with it is true.
        """
        found = self.measurements.at(key)
        self._claim_values[key] = found
        self.keys.add(key)
        return math.nan if found is None else found

    def value(self, key: str, form: str | None = None) -> SafeText:
        """Return the measurement at `key` as a `<data>` element."""
        self.keys.add(key)
        written = _value(self.measurements, key, form, self.language, self.strict)
        self._written.add(str(written))
        return written

    def reference(self, subject: str) -> str:
        """Return what there is to know on a subject of netviz itself, as markdown."""
        subjects: Mapping[str, Callable[[], str]] = {
            "figures": lambda: figures_reference(self.registry),
            "settings": settings_reference,
            "front matter": lambda: record_reference(FrontMatter),
            "languages": lambda: (
                f"{record_reference(Catalogue)}\n\n`[numbers]`\n\n{record_reference(NumberForms)}"
            ),
            "formats": formats_reference,
            "measurements": lambda: measurements_reference(self.measurements),
            "tokens": lambda: tokens_reference(built_in_templates()),
            "script": lambda: script_reference(built_in_templates()),
        }
        if subject not in subjects:
            raise EssayError(
                f"there is no reference on {subject!r}",
                expected="one of " + ", ".join(subjects),
                nearest=nearest_name(subject, subjects),
            )
        return subjects[subject]()

    def begin_claim(self, line: int) -> str:  # noqa: ARG002 - told apart by its end
        self._claim_values = {}
        return ""

    def end_claim(self, line: int, holds: object, caller: Callable[[], str]) -> str:
        """Note a claim with the values its condition read; return its sentence, marked."""
        values, self._claim_values = self._claim_values, {}
        sentence = caller().strip()
        shown = tuple(sorted(DATA_KEY.findall(sentence)))
        if holds is None:
            first = self._original_claim(line, shown)
            holds, values = first.holds, dict(first.values)
        claim = Claim(
            id=f"claim-{len(self.claims) + 1}",
            text=" ".join(re.sub(r"<[^>]+>", "", sentence).split()),
            file=self.file.name,
            line=self._file_line(line),
            holds=bool(holds),
            values=values,
        )
        self.claims.append(claim)
        self.shown.append(shown)
        return f"{_claim_start(claim)}{sentence}</span>"

    def _original_claim(self, line: int, shown: tuple[str, ...]) -> Claim:
        """Return the original's claim of this place; the sentences must show the same numbers."""
        place, number = Place(self.file, self._file_line(line)), len(self.claims)
        if self.original is None or number >= len(self.original.claims):
            raise EssayError(
                "this claim has no condition",
                place=place,
                expected="a condition, or a claim of the original at the same place",
            )
        claim = self.original.claims[number]
        if shown != self.original.shown[number]:
            raise EssayError(
                f"this claim does not show the numbers of the one it translates: “{claim.text}”",
                place=place,
                expected=", ".join(self.original.shown[number]) or "none",
                got=", ".join(shown) or "none",
                remedy="A translation has the claims of its original in the same order.",
            )
        return claim

    def refuse_missing_claims(self) -> None:
        """Refuse a translation that leaves out a claim of its original."""
        if self.original is not None and len(self.claims) < len(self.original.claims):
            claim = self.original.claims[len(self.claims)]
            raise EssayError(
                f"a claim of the original is not translated: “{claim.text}”",
                place=Place(self.file),
                expected=f"{len(self.original.claims)} claims in the order of {claim.file}",
                got=str(len(self.claims)),
            )

    def note_claims(self) -> None:
        """Note the claims that do not hold, where that counts, and those that are left out."""
        with self.faults.going_on():
            self.refuse_missing_claims()
        for claim in self.claims:
            if self.strict and not claim.holds:
                values = ", ".join(f"{key} = {found}" for key, found in claim.values.items())
                fault = EssayError(
                    f"this claim does not hold: “{claim.text}”",
                    place=self._claim_place(claim),
                    got=values or "nothing measured",
                    remedy="Mend the sentence or its condition.",
                )
                self.faults.add(fault)

    def _claim_place(self, claim: Claim) -> Place:
        """Return where the tag of `claim` stands: of as many claims on its line, the same one."""
        before = [one.line for one in self.claims[: self.claims.index(claim)]].count(claim.line)
        start = self.line_starts[claim.line - 1]
        line = self.text[start:].partition("\n")[0]
        tags = [tag.start() for tag in CLAIM.finditer(line)]
        column = tags[before] + 1 if before < len(tags) else None
        return Place(self.file, claim.line, column)


def _plain_id(word: str) -> str:
    return "fig-" + word.replace("_", "-")


def _claim_start(claim: Claim) -> str:
    """Return the tag that begins a claim in the text."""
    return f'<span class="nv-claim" id="{escape(claim.id)}">'


def _with_names_in_quotes(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function`, which refuses what is no text but a name that nothing has."""

    @wraps(function)
    def called(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as they are
        for argument in (*given, *named.values()):
            if isinstance(argument, Undefined):
                name = argument._undefined_name
                raise EssayError(
                    f"{str(name)!r} is the name of nothing",
                    expected=f"a text in quotes, as in {function.__name__}({json.dumps(name)})",
                )
        return function(*given, **named)

    return called


@lru_cache(maxsize=4096)  # a preview writes the same numbers at every edit
def _value(
    measurements: Measurements, key: str, form: str | None, language: Language, strict: bool
) -> SafeText:
    """Return the measurement at `key`, written in a `form`, as a `<data>` element."""
    found = measurements.at(key)
    if found is None and not strict:
        written = NOT_MEASURED
    elif isinstance(found, str):  # such as a class, which the catalogue may know
        written = language.text(found)
    else:
        written = language.in_its_direction(write(found, form, language.catalogue.numbers))
    plain = found if isinstance(found, str) else json.dumps(found)
    source = language.text(origin(measurements, key))
    plain, key, source, written = map(as_plain_text, (plain, key, source, written))
    return SafeText(  # noqa: S704 - no mark is left in any of them
        f'<data class="nv-value" value="{plain}" data-key="{key}"'
        f' data-from="{source}">{written}</data>'
    )


def _line_starts(text: str) -> list[int]:
    """Return where each line of `text` starts."""
    return list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise EssayError("the essay has no text", place=Place(file), expected="this file") from None
    except UnicodeDecodeError as error:
        raise EssayError(
            "the file is not UTF-8", place=Place(file), got=f"byte {error.start}"
        ) from None


def _find(file: Path, text: str, needle: str, after: str = "") -> Place:
    """Return where `needle` first stands in `text`: right `after` something if it ever does."""
    for lead in (after, ""):
        if (start := text.find(lead + needle)) >= 0:
            return place_at(file, text, start + len(lead))
    return Place(file)


def _find_formula(file: Path, text: str, formula: str) -> Place:
    """Return where a formula stands, by its longest part that no measured value interrupts."""
    return _find(file, text, max(VALUE.split(formula)[::2], key=len).strip())


def _find_id(file: Path, text: str, name: str) -> Place:
    """Return where an author gives the id `name` the second time, or the first."""
    given = list(re.finditer(rf"#{re.escape(name)}(?![\w-])(?=[^\n}}]*\}})", text))
    return place_at(file, text, given[-1].start()) if given else Place(file)


def _calling_line() -> int | None:
    """Return the template line of the Jinja call that is being carried out."""
    frame = sys._getframe(1)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None


def _jinja_line(error: BaseException) -> int | None:
    """Return the template line at which `error` was raised."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
