"""Markdown and formulas, parsed again by an independent HTML parser."""

import re
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5  # type: ignore[import-untyped]  # it has no types

from netviz.essay.markup import (
    Dialect,
    ReferenceError,  # noqa: A004 - ours
    to_html,
    to_inline_html,
)
from netviz.essay.math import MathError


def parsed(html: str) -> Element:
    document = tinyhtml5.parse(html, namespace_html_elements=False)
    assert isinstance(document, Element)
    return document


def test_a_mark_after_a_formula_stays_on_its_line() -> None:
    html = to_html("From $x_1$ to $x_9$. Then $y$ and more.", Dialect()).html
    marked = r'to <span class="nv-math-marked"><math [^>]*>.*?</math>\.</span> Then <math '
    assert re.search(marked, html)


@pytest.mark.parametrize("formula", ["x<y", '\\text{"a"}', "z = b + \\sum_i w_i x_i"])
def test_a_formula_keeps_its_latex_for_those_who_read_no_mathml(formula: str) -> None:
    for mark in ("$", "$$"):
        html = to_html(f"{mark}{formula}{mark}", Dialect()).html
        (math,) = parsed(html).iter("{http://www.w3.org/1998/Math/MathML}math")
        assert math.get("data-tex") == formula


def test_a_long_formula_in_pieces_keeps_its_latex_once() -> None:
    formula = " + ".join(f"w_{{{n}}} x_{{{n}}}" for n in range(40))
    html = to_html(f"$${formula}$$", Dialect()).html
    assert html.count("<math ") > 10
    assert html.count(f'data-tex="{formula}"') == html.count("data-tex") == 1


def test_formulas_become_mathml_even_where_they_look_like_tags() -> None:
    html = to_html("If $x<y$ then $z = b + \\sum_i w_i x_i$ follows.", Dialect()).html
    document = parsed(html)
    maths = list(document.iter("{http://www.w3.org/1998/Math/MathML}math")) or list(
        document.iter("math")
    )
    assert len(maths) == 2
    assert "follows" in "".join(document.itertext())


def test_displayed_formulas_stand_alone_and_carry_no_inline_style() -> None:
    html = to_html(
        "Text.\n\n$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$\n", Dialect()
    ).html
    assert '<div class="nv-math"><math display="block" ' in html
    assert " style=" not in html
    assert "<p><div" not in html


@pytest.mark.parametrize(
    "text", ["`$x<y$`", "```\n$x<y$\n```", "from 3$ to 5$", "cost \\$5 or \\$6"]
)
def test_dollars_that_are_no_formulas_stay(text: str) -> None:
    assert "<math" not in to_html(text, Dialect()).html


def test_a_wrong_formula_is_refused() -> None:
    with pytest.raises(MathError, match="foo"):
        to_html("$\\foo x$", Dialect())


def test_a_reference_to_a_figure_takes_its_number() -> None:
    html = to_html(
        "See [](#fig-weights) and [the film](#fig-film).",
        Dialect({"fig-weights": 3, "fig-film": 4}),
    )
    assert ">Figure 3</a>" in html.html
    assert ">the film</a>" in html.html


def test_a_reference_to_no_figure_is_told_with_the_nearest() -> None:
    with pytest.raises(ReferenceError, match="did you mean fig-weights"):
        to_html("[](#fig-wieghts)", Dialect({"fig-weights": 1}))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("other.md", "other.html"),
        ("./other.md#a-part", "./other.html#a-part"),
        ("https://example.org/x.md", "https://example.org/x.md"),
        ("#part", "#part"),
        ("measurements.json", "measurements.json"),
    ],
)
def test_a_link_to_another_text_leads_to_its_page(written: str, meant: str) -> None:
    html = to_html(f"[text]({written}) and `[code](other.md)`", Dialect(pages=["other.md"])).html
    assert f'<a href="{meant}">text</a>' in html
    assert "[code](other.md)" in html


@pytest.mark.parametrize("target", ["othr.md", "../other.md", "below/other.md#part"])
def test_a_link_to_no_page_is_told_with_those_that_are(target: str) -> None:
    with pytest.raises(ReferenceError, match=r"no page .*expected one of other\.md") as told:
        to_html(f"[text]({target})", Dialect(pages=["other.md"]))
    assert told.value.link == target


def test_a_table_stands_in_a_box_that_a_keyboard_can_scroll() -> None:
    html = to_html("before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter", Dialect()).html
    assert '<div aria-label="Table" class="nv-table" role="group" tabindex="0"><table>' in html
    assert "</table></div>\n<p>after</p>" in html


def test_columns_are_aligned_by_class_and_never_by_an_inline_style() -> None:
    html = to_html("| a | b | c |\n|--:|:-:|---|\n| 1 | 2 | 3 |\n", Dialect()).html
    assert '<td class="nv-text-right">1</td>\n<td class="nv-text-center">2</td>' in html
    assert "style=" not in html


def test_a_table_of_sentences_breaks_its_lines_and_one_of_numbers_does_not() -> None:
    table = "| a | b |\n|---|---|\n| 1 | {} |\n"
    assert "nv-prose" in to_html(table.format("words and `code` " * 4), Dialect()).html
    assert "nv-prose" not in to_html(table.format("91.66%–91.84%"), Dialect()).html
    measured = '<data value="0.4">40.8%</data>'
    assert "nv-prose" not in to_html(table.format(f"{measured} to {measured}"), Dialect()).html


def test_headings_make_a_table_of_contents() -> None:
    headings = to_html("## One\n\n### Two\n\n## Three\n", Dialect()).headings
    assert [heading.title for heading in headings] == ["One", "Three"]
    assert headings[0].children[0].id == "two"


def test_a_caption_has_no_paragraph_around_it() -> None:
    assert to_inline_html("the *ten* pictures") == "the <em>ten</em> pictures"
