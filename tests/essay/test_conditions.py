"""A claim's condition as a reader sees it."""

import pytest
from jinja2 import Environment, nodes

from netviz.essay.conditions import filled, pattern


def condition(text: str) -> nodes.Expr:
    (output,) = Environment(autoescape=True).parse("{{ " + text + " }}").body
    assert isinstance(output, nodes.Output)
    (expression,) = output.nodes
    assert isinstance(expression, nodes.Expr)
    return expression


@pytest.mark.parametrize(
    ("text", "read", "shown"),
    [
        ('number("a.b") > 0.5', ["0.91"], ["0.91 > 0.5"]),
        ('number(one ~ ".b") >= 1 and number("c") != 2', ["3", "4"], ["3 ≥ 1", "4 ≠ 2"]),
        ('-number("a") > number("b")', ["−1", "0"], ["−(−1) > 0"]),
        ('0.2 < number("a") <= number("b")', ["1", "2"], ["0.2 < 1 ≤ 2"]),
        ('(number("a") - number("b")) | abs < 0.01', ["5", "6"], ["|5 − 6| < 0.01"]),
        ('number("a") > 3 * number("b")', ["5", "6"], ["5 > 3 × 6"]),
        ('number("a") / (number("b") * 2) < 1', ["5", "6"], ["5 / (6 × 2) < 1"]),
        ('number("a") / (number("b") / 2) < 1', ["5", "6"], ["5 / (6 / 2) < 1"]),
        ('number("a") - (number("b") - 2) < 1', ["5", "6"], ["5 − (6 − 2) < 1"]),
        ('number("a") == "es-MX"', ["en"], ["en = es-MX"]),
        ('number("a") in ["ship", "cat"]', ["ship"], ["ship ∈ { ship, cat }"]),
    ],
)
def test_what_was_read_stands_in_its_place(text: str, read: list[str], shown: list[str]) -> None:
    assert filled(pattern(condition(text)), read) == tuple(shown)


@pytest.mark.parametrize(
    "text",
    [
        'number("a") > 1 or number("b") > 1',
        "x",
        'f("a") > 1',
        'number("a") | round > 1',
        '(number("a") > 1) == (number("b") > 2)',
        '(number("a") > 1) + 2 > 2',
    ],
)
def test_a_condition_of_another_form_has_no_pattern(text: str) -> None:
    assert pattern(condition(text)) == ""


def test_a_sum_within_a_product_keeps_its_order() -> None:
    written = pattern(condition('(number("a") + number("b")) * 2 > 1'))
    assert written == "({} + {}) × 2 > 1"


def test_what_was_not_read_to_its_end_is_not_shown() -> None:
    """The second part of a condition is not read where the first one fails."""
    assert filled(pattern(condition('number("a") > 1 and number("b") > 1')), ["0"]) == ()
