"""Whatever a title or a name holds, markdown shows it and finds nothing else in it."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from netviz.publishing.machines.signs import (
    cell_sign,
    code_sign,
    fence_sign,
    line_sign,
    link_sign,
    picture_sign,
    text_sign,
)

MARKS = st.text("\\`*_[]()<>&#!$~|+-=.:{}/\"' \tab1;\n", max_size=40)
HOSTILE = "</script><script>alert(1)</script>"


def shown(written: str) -> str:
    """Return what a paragraph of markdown shows; it must hold no element."""
    made = markdown(written)
    assert re.fullmatch(r"<p>[^<]*</p>", made) or not made, made
    return " ".join(html.unescape(made[3:-4]).split())


def without_escapes(written: str) -> str:
    """Return what CommonMark shows of marks that all are escaped, which its rules say plainly."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written))


@given(MARKS)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    written = line_sign(text_sign(text.strip()))
    assert without_escapes(written) == re.sub(r"[ \t\n]+", " ", text.strip())
    assert "<" not in written
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*\[\]]", written)


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "&lt;b&gt; &amp; &#60;",
        "[a](javascript:alert(1))",
        "![a](b) <img src=x>",
        "*a* _b_ **c** snake_case",
        "`code`",
        "1. first",
        "1986. A year",
        "# no heading",
        "- no entry",
        "+",
        "> no quote",
    ],
)
def test_python_markdown_shows_it_so_too(text: str) -> None:
    assert shown(line_sign(text_sign(text))) == text


def test_plain_words_stay_plain() -> None:
    for text in ("snake_case", "a > b, 3 & 4", "92,3 % (de 120)", "-5", "It's so: yes!"):
        assert line_sign(text_sign(text)) == text


@given(st.text("`a \\", min_size=1, max_size=12).filter(str.strip))
def test_code_ends_where_it_does(code: str) -> None:
    written = code_sign(code)
    ticks = re.match("`+", written)
    assert ticks is not None
    inner = written[len(ticks[0]) : -len(ticks[0])]
    assert ticks[0] not in re.findall("`+", inner)
    assert inner.strip() == re.sub(" +", " ", code).strip()


@given(st.text("`~a\n", max_size=30))
def test_a_block_of_code_ends_where_it_does(code: str) -> None:
    first, *lines, last = fence_sign(code, "python\n```").split("\n")
    assert first == last
    assert all(not line.startswith(first) for line in lines)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", ""])
def test_what_is_no_address_to_follow_is_no_link(address: str) -> None:
    assert link_sign("words", address) == "words"
    assert picture_sign("words", address) == "words"


def test_an_address_stays_between_its_brackets() -> None:
    written = link_sign("a", "https://example.org/b_(c) d>`*[x]\\?e=1&lt;f#g")
    assert written == ("[a](https://example.org/b_%28c%29%20d%3E%60*%5Bx%5D%5C?e=1&amp;lt;f#g)")
    assert link_sign("a", "fig%20ur.html#fig-a?x=1&y=2") == "[a](fig%20ur.html#fig-a?x=1&y=2)"


def test_a_pipe_does_not_end_a_cell() -> None:
    assert cell_sign(r" a|b \| c ") == r"a\|b \| c"
