"""Numbers typed by hand are found, and nothing else is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.essay.formats import NumberForms
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
        ("It gets .95 of them.", ".95"),
        ("It differs by ±.05.", ".05"),
        ("It gets 95\u202f% right.", "95\u202f%"),
        ("It gets 95&nbsp;% right.", "95&nbsp;%"),
        ("It gets 95&thinsp;percent right.", "95&thinsp;percent"),
        ("It gets 9&#53;&#37; right.", "9&#53;&#37;"),
        ("It gets 95&#x25;.", "95&#x25;"),
        ("It gets 95&percnt;.", "95&percnt;"),
        ("It gets 0&period;95.", "0&period;95"),
        ("It gets 95\\% right.", "95\\%"),
        ("It gets **95**% right.", "95**%"),
        ("It gets _95_ % right.", "95_ %"),
        ("It gets **95**.3% right.", "95**.3%"),
        ("It gets <b>95</b>% right.", "95</b>%"),
        ("It gets 95<sup>%</sup> right.", "95<sup>%"),
        ("It gets 95<!-- about -->% right.", "95<!-- about -->%"),
        ("It gets [95](https://example.org)% right.", "95](https://example.org)%"),
        ("It gets 95\u200b% right.", "95\u200b%"),
        ("It gets 0.9&shy;5.", "0.9&shy;5"),
        ("It gets 95% right.".replace("%", "\uff05"), "95\uff05"),
        ("A rate of 12‰.", "12‰"),
        ("A 95-percent accuracy.", "95-percent"),
        ("It gets 95 Percent.", "95 Percent"),
        ("It gets {{ 95 }}% right.", "95 }}%"),
        ("It gets {{ 0.95 }} right.", "0.95"),
        ('It gets {{- "95" -}} % right.', '95" -}} %'),
        ("It gets {{ '95%' }} right.", "95%"),
        ("正解率は95%です。", "95%"),
        ("正解率は0.95です。", "0.95"),
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
        "{% set share = 95 %}\nIt gets {{ share }}% right.",
        "{%- set share = '95%' -%}\nIt gets {{ share }} right.",
        "{% set share = 0.95 %}\nIt gets {{share}} right.",
    ],
)
def test_a_number_is_typed_where_a_name_stands_for_it(text: str) -> None:
    (found,) = typed_numbers(FILE, text)
    assert found.place.line == 2
    assert found.text.startswith("{{")
    assert found.text.rstrip("%").endswith("}}")


def test_a_name_that_may_stand_for_a_measurement_is_none() -> None:
    measured = '{% set share = number("a") %}\nIt gets {{ share }}%, of {{ share | round(1) }}%.'
    assert not typed_numbers(FILE, measured)
    assert not typed_numbers(FILE, "{% set share = 95 %}" + measured)


GERMAN = NumberForms(decimal=",", thousands=".", percent="{} %", percent_words=("Prozent",))
SPELT = NumberForms(decimal=",", percent="{} Prozent", points="{} Prozentpunkte")
TURKISH = NumberForms(decimal=",", thousands=".", percent="%{}")
CHINESE = NumberForms(percent="百分之{}")
ARABIC = NumberForms(decimal="٫", thousands="٬", percent="{}٪")


@pytest.mark.parametrize(
    ("forms", "number"),
    [
        (GERMAN, "95,3 %"),
        (GERMAN, "95,3&nbsp;%"),
        (GERMAN, "95.3 %"),  # as in English, typed by habit
        (GERMAN, "1.234,5 %"),
        (GERMAN, "0,95"),
        (GERMAN, "0.95"),
        (GERMAN, ",95"),
        (GERMAN, "95 Prozent"),
        (SPELT, "95,3 Prozent"),
        (SPELT, "2,5 Prozentpunkte"),
        (TURKISH, "%95,3"),
        (TURKISH, "%&nbsp;95"),
        (CHINESE, "百分之95"),
        (ARABIC, "95٫3٪"),
        (ARABIC, "٩٥٪"),
    ],
)
def test_what_a_language_writes_is_found_on_its_pages(forms: NumberForms, number: str) -> None:
    (found,) = typed_numbers(FILE, f"Hier sind {number} davon.", forms)
    assert found.text == number


def test_a_day_is_no_decimal_where_decimals_have_a_comma() -> None:
    assert typed_numbers(FILE, "Am 24.12. und am 1.5.2020, in 1.234 Bildern.", GERMAN) == []


@given(st.text(alphabet="9 .%*_&#;37\\[]()<b>/a\n\u00a0\u200b", max_size=40))
def test_where_a_number_stands_is_told_of_any_text(text: str) -> None:
    for found in typed_numbers(FILE, text):
        before = "\n".join(text.split("\n")[: (found.place.line or 0) - 1])
        start = len(before) + bool(found.place.line != 1) + (found.place.column or 0) - 1
        assert text.startswith(found.text, start)
        assert "9" in found.text or "3" in found.text or "7" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "---\nversion: 1.5\n---\n",
        '{{ value("a.b", "percent") }} and {% if number("x") > 0.9 %}',
        "`0.5` and\n```\n92.3%\n```\n",
        "$x = 0.5$ and $$y = 92.5\\%$$",
        '<img width="1.5" alt="x">',
        "[text](https://example.org/1.2.3) and https://example.org/v0.5",
        "the class x**95**, a file .95rem, a&b; and a price of $.95",
        "Section **2.3** and Python&nbsp;3.11",
        "7 $x$ % and 5 {{ unit }} %",
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
