"""Parts between marks are found as by a regular expression, in a time that the length bounds."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.essay.spans import jinja_tags, spans
from netviz.essay.typed_numbers import typed_numbers
from tests.build.test_bombs import TEXT

TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
PIECES = st.lists(st.sampled_from(["{{", "}}", "{%", "%}", "{", "}", "a", "\n"]), max_size=12)


@given(PIECES.map("".join))
def test_tags_are_those_that_a_regular_expression_finds(text: str) -> None:
    found = list(jinja_tags(text))
    if "{{{" in text or "{{%" in text:  # where an opening is never closed, which is one is open
        assert all(text[start:end].startswith(("{{", "{%")) for start, end in found)
    else:
        assert found == [match.span() for match in TAGS.finditer(text)]


def test_parts_begin_where_they_are_asked_for_and_may_have_no_end() -> None:
    text = "{{ a }} {% b %} {{ c"
    assert list(jinja_tags(text, 3)) == [(8, 15)]
    one = re.compile(r"a+|<")
    found = spans("aa <b> a <", one, lambda match: ">" if match[0] == "<" else "")
    assert list(found) == [(0, 2), (3, 6), (7, 8)]


@pytest.mark.parametrize("marks", ["*", "[", "<b>", "_*"])
def test_marks_between_a_letter_and_a_digit_take_no_longer(
    marks: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "index.md"
    started = time.process_time()
    typed_numbers(file, f"a{marks * (100_000 // len(marks))}9")
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("begins", "unit", "ends"),
    [
        ("{% set a = ", "9", " | x %}"),
        ("{% set a = '", "{% set a = '", ""),
        ("{{", " ", "=}}"),
        ("", "{% set a = 9 %}{{ a }}", ""),
        ("{{ ", "9", " + 1 }}"),
    ],
)
def test_what_jinja_writes_as_it_stands_takes_no_longer(
    begins: str, unit: str, ends: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "index.md"
    started = time.process_time()
    typed_numbers(file, f"{begins}{unit * (100_000 // len(unit))}{ends}")
    assert time.process_time() - started < 4


@pytest.mark.slow
@pytest.mark.parametrize("unit", TEXT)
def test_what_is_no_prose_is_found_in_a_time_that_the_length_bounds(
    unit: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "index.md"
    started = time.process_time()
    text = unit * (100_000 // len(unit))
    list(jinja_tags(text))
    typed_numbers(file, text.replace("1.5%", "1.5"))
    assert time.process_time() - started < 4
