"""A text renewed paragraph by paragraph is the text converted whole, whatever was edited."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netviz.essay import renewal
from netviz.essay.markup import Dialect, Markup, to_html
from netviz.essay.renewal import Renewal

ESSAY = Path(__file__).parents[2] / "essay" / "index.md"
DIALECT = Dialect({"fig-weights": 1}, pages=["other.md"])
BOOK = Dialect(pages=["convolution.md"])
VALUE = '<data class="nv-value" value="0.9" data-key="a.b" data-from="">90&#37;</data>'
CLAIM = f'<span class="nv-claim" id="claim-1">It gets {VALUE} right.</span>'
# What means something to what stands around it, or only looks like it.
BLOCKS = [
    "Plain words.", "Plain words.", "Some *more* \"words\" -- and [a link](other.md).", CLAIM,
    f"Of these, {VALUE} are read\non two lines.", "See [](#fig-weights) & more.", "Tom &amp; Ann",
    "## A heading", "A heading\n===", "- an item", "1. first", "  indented", "    code", "> quoted",
    ":   what a term means", "Term", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n--|--\n1 | 2",
    "```\ncode\n```", "```", "<div>raw", "</div>", "<div markdown='1'>", "a <b", "> c", "$x$ and $",
    "$$", "A note[^1].", "[^1]: The note.", "*[HTML]: a language", "HTML", "[name]: other.md",
    "[name]", "[a][name]", "!!! note", "Words {: .class}", "{: .class}", "***", "*a", "b*", "\\",
    "(a)", "“Quoted”, she said", "<!-- said", "-->", "&lt;p&gt;", "<span>open", "a & b", "[TOC]",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.lists(st.sampled_from(BLOCKS), max_size=8), min_size=2, max_size=4))
@example([["Plain words.", "Term"], ["Plain words.", "Term", ":   what a term means"]])
@example([["Plain words.", "## A heading", "Plain words."], ["## A heading", "Plain words."]])
def test_every_text_becomes_what_it_would_by_itself(texts: list[list[str]]) -> None:
    kept = Renewal()
    for blocks in texts:
        text = "\n\n".join(blocks)
        assert kept.to_html(text, DIALECT) == to_html(text, DIALECT)


@pytest.mark.parametrize("edit", [9, 41, 77])
def test_an_edit_anywhere_in_the_essay_is_right(edit: int) -> None:
    # As markdown alone: its Jinja is prose here.
    blocks = ESSAY.read_text(encoding="utf-8").replace("](#fig-", "](#").split("\n\n")
    kept = Renewal()
    for changed in (blocks[edit], "Other words.", f"More.\n\n{blocks[edit]}"):
        text = "\n\n".join([*blocks[:edit], changed, *blocks[edit + 1 :]])
        assert kept.to_html(text, BOOK) == to_html(text, BOOK)


@pytest.mark.parametrize(
    ("last", "text"),
    [
        ("One.\n\nTwo.\n\nThree.\n", "One.\n\nTwo *more*.\n\nThree.\n"),
        ("One.\n\nTwo.\n", "One.\n\nTwo.\n\nThree.\n"),
        ("## One\n\nTwo.\n\n- three", "## One\n\nTwo.\n\nAnd another.\n\n- three"),
        (f"One.\n\nOf these, {VALUE}.", f"One.\n\nOf all of these, {VALUE}.\n\n{CLAIM}"),
    ],
)
def test_only_the_changed_paragraphs_are_read_again(
    last: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(text: str, dialect: Dialect) -> Markup:
        read.append(text)
        return to_html(text, dialect)

    monkeypatch.setattr(renewal, "to_html", noted)
    kept = Renewal()
    kept.to_html(last, DIALECT)
    kept.to_html(text, DIALECT)
    assert read[0] == last
    assert len(read) == 3
    assert not {text, last}.intersection(read[1:])


def test_another_dialect_reads_everything_again() -> None:
    kept = Renewal()
    kept.to_html("See [](#fig-weights).\n\nOne.", DIALECT)
    other = Dialect({"fig-weights": 2})
    text = "See [](#fig-weights).\n\nTwo."
    assert kept.to_html(text, other) == to_html(text, other)
