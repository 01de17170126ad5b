"""What the Jinja of one text may spend: everything that it does is counted against one budget.

A round of a loop, a call, and every item and character that is read, joined, compared, sorted or
written costs one step or more. So the work that a text asks for is known before it is done.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from netviz.essay.unmeasured import as_written, is_unmeasured

BUDGET = 1_000_000
CALL_COST = 10  # a call takes as long as some ten rounds of a loop
NUMBERS = (int, float)
MOST_DIGITS = 15  # that a float has, and more than any text shows
ROUNDINGS = ("common", "ceil", "floor")
# Those whose result is no larger than what they are given, and always the same.
HARMLESS_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last",
    "length", "list", "lower", "max", "min", "reject", "rejectattr", "reverse", "select",
    "selectattr", "sort", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
# Those that make a text of whatever they are given.
WRITING_FILTERS = ("capitalize", "e", "escape", "lower", "title", "trim", "truncate", "upper")
# Those that find one number, or an order, where some are not measured.
RECKONING_FILTERS = ("float", "int", "max", "min", "round", "sort")


class Budget:
    """A budget, and the filters and tests of Jinja that spend of it what they are given to read.

    What could not be measured is refused where it would be written, if `strict`.
    """

    def __init__(self, *, strict: bool = True) -> None:
        self._left = BUDGET
        self._strict = strict

    def spend(self, amount: int) -> None:
        """Spend `amount`.

        Raises:
            SecurityError: less than `amount` is left.
        """
        self._left -= amount
        if self._left < 0:
            raise SecurityError(f"the text takes more than {BUDGET:,} steps or characters")

    def spend_on(self, value: object) -> None:
        """Spend the length of `value` written out, where one list may be in another many times."""
        self.spend(len(value) if isinstance(value, (str, bytes)) else 1)
        if isinstance(value, Mapping):
            self.spend_on([*value, *value.values()])
        elif isinstance(value, (list, tuple)):
            for item in value:
                self.spend_on(item)
        elif isinstance(value, Sized) and not isinstance(value, (str, bytes)):  # as a dict's values
            self.spend(len(value))

    def weighed(self, value: Any) -> Any:  # noqa: ANN401 - whatever a text holds
        """Spend the length of `value` and return it; of an iterator, each item as it is taken."""
        if isinstance(value, Iterator):
            return self.each(value)
        self.spend_on(value)
        return value

    def written(self, value: Any) -> Any:  # noqa: ANN401 - whatever a text writes
        """Return `value` as a text may write it, whose length has been spent.

        Raises:
            UnmeasuredError: it could not be measured, and the text is read strictly.
        """
        return value if isinstance(value, str) else as_written(value, strict=self._strict)

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield `items`, spending for each."""
        for item in items:
            self.spend(1)
            yield item

    def join(self, parts: Iterable[object], separator: str = "") -> str:
        """Join as Jinja's filter of that name does."""
        kept = list(self.each(parts))
        for part in kept:
            self.spend_on(part)
            self.spend_on(separator)
        return str(separator).join(str(self.written(part)) for part in kept)

    def sum(self, items: Iterable[float], start: float = 0) -> float:
        """Add up numbers; lists would grow, each with a copy of the one before it."""
        total = start
        for item in self.each(items):
            if not isinstance(item, NUMBERS) or not isinstance(total, NUMBERS):
                raise TypeError("sum takes numbers")
            total += item
        return total

    def round(self, value: float, precision: int = 0, method: str = "common") -> float:
        """Round as Jinja's filter of that name does, to no more digits than a number has."""
        if abs(precision) > MOST_DIGITS:
            raise ValueError(f"round takes a precision of {MOST_DIGITS} digits at most")
        if method not in ROUNDINGS:
            raise ValueError("round takes one of " + ", ".join(ROUNDINGS))
        rounded: float = FILTERS["round"](value, precision, method)
        return rounded

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that a text may use."""
        known = {name: self._weighing(FILTERS[name]) for name in HARMLESS_FILTERS}
        known |= {"join": self.join, "round": self.round, "sum": self.sum}
        known |= {name: self._writing(known[name]) for name in WRITING_FILTERS}
        return known | {name: _unless_unmeasured(known[name]) for name in RECKONING_FILTERS}

    @property
    def tests(self) -> dict[str, Any]:
        """All of Jinja's tests."""
        return {name: self._weighing(test) for name, test in TESTS.items()}

    def _writing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter that is given its first argument as a text may write it."""

        @functools.wraps(function)
        def writing(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function's own
            at = _place_of_value(function)
            given = [*arguments[:at], self.written(arguments[at]), *arguments[at + 1 :]]
            return function(*given, **named)

        return writing

    def _weighing(self, function: Any) -> Callable[..., Any]:  # noqa: ANN401 - as Jinja has them
        """Return a filter or test that spends the length of all that it is given."""
        first = _place_of_value(function)

        @functools.wraps(function)
        def weighing(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function's own
            given = [self.weighed(one) for one in arguments[first:]]
            options = {name: self.weighed(one) for name, one in named.items()}
            return function(*arguments[:first], *given, **options)

        return weighing


def _place_of_value(function: object) -> int:
    """Return the place of the value that a filter of Jinja is applied to among its arguments.

    Some are handed Jinja's own environment or context first.
    """
    return 1 if hasattr(function, "jinja_pass_arg") else 0


def _unless_unmeasured(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter of which nothing is measured where its value, or an item of it, is not.

    Otherwise Jinja's `int` would make it 0, and `max` would depend on the order. What is no number
    has no order: of a list that would be sorted, no item is measured.
    """

    @functools.wraps(function)
    def reckoning(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function's own
        value = arguments[_place_of_value(function)]
        items = value if isinstance(value, (list, tuple)) else [value]
        if not any(map(is_unmeasured, items)):
            return function(*arguments, **named)
        return [math.nan] * len(items) if function.__name__ == "do_sort" else math.nan

    return reckoning
