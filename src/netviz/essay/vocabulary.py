"""What the Jinja of a text may call: figures, measured values and numbers, and the reference.

A figure leaves a marker in the text, which is replaced when the figure has been drawn; a value is
written at once, from the measurements; a number is for conditions and arithmetic.
"""

import json
import math
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from jinja2 import Undefined
from markupsafe import Markup as SafeText

from netviz.errors import MOST_TOLD, EssayError, Gathering
from netviz.essay.claims import BEGIN_CLAIM, END_CLAIM, ClaimReader
from netviz.essay.figure_calls import FigureCalls
from netviz.essay.formats import write
from netviz.essay.languages import Language
from netviz.essay.markup import as_plain_text
from netviz.essay.measurements import Measurements, Value
from netviz.essay.origin import origin
from netviz.essay.places import Source
from netviz.essay.raw_html import Issued
from netviz.essay.saying import said_in
from netviz.essay.steps import STEPS, StepsReader
from netviz.essay.subjects import reference
from netviz.essay.unmeasured import NOT_MEASURED
from netviz.figures.registry import Registry
from netviz.records import RecordError

QUOTED = re.compile(r"'([^']+)'")


class Vocabulary:
    """The functions for one text, each called with the line of its call first.

    `figures`, `claims`, `keys` of measurements and `faults` are what the calls leave behind.
    Without `strict`, what was not measured is written as a dash.
    """

    def __init__(  # noqa: PLR0913 - a text, what it may call, and its language
        self,
        source: Source,
        measurements: Measurements,
        registry: Registry,
        language: Language,
        claims: ClaimReader,
        *,
        strict: bool,
    ) -> None:
        self.source = source
        self.measurements = measurements
        self.language = language
        self.strict = strict
        self.figures = FigureCalls(registry)
        self.claims = claims
        self.steps = StepsReader(source)
        self.keys: set[str] = set()
        self.faults = Gathering()
        self._written: set[str] = set()  # values, as they are in the text

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by the names that a text calls them by."""
        return {
            "figure": self._going_on(self._placing(self.figure)),
            "value": self._going_on(self._placing(self.value)),
            "number": self._placing(self.number),
            "reference": self._placing(self.reference),
            BEGIN_CLAIM: self.claims.begin,
            END_CLAIM: self.claims.end,
            STEPS: self.steps.end,
        }

    @property
    def issued(self) -> Issued:
        """What the calls wrote into the text that says it was measured or drawn."""
        return Issued(
            values=frozenset(self._written),
            claims=frozenset(claim.start_tag for claim in self.claims.claims),
            markers=frozenset([*(call.marker for call in self.figures.calls), *self.steps.markers]),
        )

    def figure(
        self,
        line: int,
        word: str,
        *,
        id: str | None = None,  # noqa: A002 - the author's word
        caption: str | None = None,
        **arguments: Any,  # noqa: ANN401 - checked against the figure's own Arguments
    ) -> str:
        """Note a figure and return its marker."""
        place = self.source.find_in_tags(line, [word])
        return self.figures.add(word, id, caption, arguments, place).marker

    def value(self, line: int, key: str, form: str | None = None) -> SafeText:  # noqa: ARG002 - as all
        """Return the measurement at `key` as a `<data>` element."""
        self.keys.add(key)
        written = _value(self.measurements, key, form, self.language, self.strict)
        self._written.add(str(written))
        return written

    def number(self, line: int, key: str) -> Value:  # noqa: ARG002 - as all
        """Return the measurement at `key`, for conditions and arithmetic.

        What could not be measured, such as the mean of no images, is not a number: no comparison
        with it is true, and where it would be written into the text it is refused.
        """
        found = self.measurements.at(key)
        is_part = key.count(".") >= 2  # of a network, a data set, a comparison or a sweep
        self.claims.note(key, found, origin(self.measurements, key) if is_part else "")
        self.keys.add(key)
        return math.nan if found is None else found

    def reference(self, line: int, subject: str) -> str:  # noqa: ARG002 - as all
        """Return reference documentation on a subject of netviz itself, as markdown."""
        return reference(subject, self.figures.registry, self.measurements)

    def _placing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` that places its faults and refuses names without quotes."""

        @wraps(function)
        def called(line: int, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as they are
            try:
                for argument in (*given, *named.values()):
                    _refuse_undefined(argument, function.__name__)
                return function(line, *given, **named)
            except EssayError as error:
                words = [error.path[-1]] if isinstance(error, RecordError) and error.path else []
                words += QUOTED.findall(error.problem)
                raise error.at(self.source.find_in_tags(line, words)) from None

        return called

    def _going_on(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` that notes a fault and writes nothing, so that reading goes on."""

        @wraps(function)
        def called(line: int, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as they are
            try:
                return function(line, *given, **named)
            except EssayError as error:
                self.faults.add(error)
                if len(self.faults.faults) > MOST_TOLD:  # as a loop may raise without end
                    self.faults.end()
                if function.__name__ == "figure" and given:
                    for word in (given[0], error.nearest):  # which may be the word that was meant
                        self.figures.keep_number(str(word), named)
                return ""

        return called


def _refuse_undefined(argument: object, function: str) -> None:
    if isinstance(argument, Undefined):
        name = argument._undefined_name
        raise EssayError(
            f"{str(name)!r} is the name of nothing",
            expected=f"a text in quotes, as in {function}({json.dumps(name)})",
        )


@lru_cache(maxsize=4096)  # a preview writes the same numbers at every edit
def _value(
    measurements: Measurements, key: str, form: str | None, language: Language, strict: bool
) -> SafeText:
    """Return the measurement at `key`, written in a `form`, as a `<data>` element."""
    found = measurements.at(key)
    if found is None and not strict:
        written = NOT_MEASURED
    elif isinstance(found, str):  # such as a class, which the catalogue may know
        written = said_in(language, found)
    else:
        written = language.in_its_direction(write(found, form, language.catalogue.numbers))
    plain = found if isinstance(found, str) else json.dumps(found)
    source = said_in(language, origin(measurements, key))
    plain, key, source, written = map(as_plain_text, (plain, key, source, written))
    return SafeText(  # noqa: S704 - no mark is left in any of them
        f'<data class="nv-value" value="{plain}" data-key="{key}"'
        f' data-from="{source}">{written}</data>'
    )
