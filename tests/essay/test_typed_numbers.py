"""Numbers typed by hand are found, and nothing else is."""

from pathlib import Path

import pytest

from netviz.essay.typed_numbers import typed_numbers

FILE = Path("index.md")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It gets 92.3% right.", "92.3%"),
        ("It gets 92 percent right.", "92 percent"),
        ("A correlation of 0.61 is strong.", "0.61"),
        ("An accuracy of 0.95.", "0.95"),
        ("That is 1.5 percentage points.", "1.5 percentage points"),
    ],
)
def test_a_typed_number_is_found(text: str, number: str) -> None:
    (found,) = typed_numbers(FILE, f"first line\n{text}")
    assert found.text == number
    assert found.place.line == 2
    assert found.place.column == text.index(number) + 1
    assert "typed by hand" in str(found.fault)


@pytest.mark.parametrize(
    "text",
    [
        "---\nversion: 1.5\n---\n",
        '{{ value("a.b", "percent") }} and {% if number("x") > 0.9 %}',
        "`0.5` and\n```\n92.3%\n```\n",
        "$x = 0.5$ and $$y = 92.5\\%$$",
        '<img width="1.5" alt="x">',
        "[text](https://example.org/1.2.3) and https://example.org/v0.5",
        "version 3.11.5 of 2019, sizes 28×28 and 784",
        "Chance alone would give 10%. {# typed: one in ten, by definition #}",
    ],
)
def test_what_is_no_measurement_is_left_alone(text: str) -> None:
    assert typed_numbers(FILE, text) == []


def test_an_allowance_needs_a_reason() -> None:
    assert typed_numbers(FILE, "It gets 92%. {# typed: #}")
    assert typed_numbers(FILE, "---\ntyped:\n---\nIt gets 92%.")


def test_a_whole_page_is_allowed_its_numbers_by_its_front_matter_alone() -> None:
    allowed = "typed: another author's results\n"
    assert typed_numbers(FILE, f"---\ntitle: T\n{allowed}---\nIt gets 92%.") == []
    assert typed_numbers(FILE, f"---\ntitle: T\n---\n{allowed}It gets 92%.")
