"""Which form of a sentence belongs to a number: the rules of CLDR for whole numbers.

A rule names a form by a condition such as "n % 10 = 2..4 and n % 100 != 12..14"; a number for which
no condition holds takes the form "other". The page's script follows the same rules
(`js/parts/saying.js`).
"""

import re
from collections.abc import Mapping

OTHER = "other"
RELATION = re.compile(
    r"n(?: % (\d{1,4}))? (=|!=) (\d{1,4}(?:\.\.\d{1,4})?(?:,\d{1,4}(?:\.\.\d{1,4})?)*)"
)


def plural_form(number: float, rules: Mapping[str, str]) -> str:
    """Return the name of the form that belongs to `number`, which has to be whole to have one."""
    if number != int(number):
        return OTHER
    return next((form for form, rule in rules.items() if holds(rule, int(number))), OTHER)


def is_rule(rule: str) -> bool:
    """Return True if `rule` can be read."""
    return all(RELATION.fullmatch(part) for part in re.split(" or | and ", rule))


def holds(rule: str, number: int) -> bool:
    """Return True if a rule that can be read holds for `number`."""
    return any(
        all(_relation(part, abs(number)) for part in way.split(" and "))
        for way in rule.split(" or ")
    )


def _relation(text: str, number: int) -> bool:
    found = RELATION.fullmatch(text)
    assert found is not None  # noqa: S101 - catalogues are read with `is_rule`
    divisor, sign, values = found.groups()
    rest = number % int(divisor) if divisor else number
    is_among = any(_is_within(rest, one) for one in values.split(","))
    return is_among == (sign == "=")


def _is_within(number: int, values: str) -> bool:
    low, _, high = values.partition("..")
    return int(low) <= number <= int(high or low)
