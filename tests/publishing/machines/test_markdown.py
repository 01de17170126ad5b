"""The HTML of a text, said again in markdown, is the same text."""

import re

import pytest
import tinyhtml5  # type: ignore[import-untyped]  # it has no types

from netviz.essay.markup import Dialect, to_html
from netviz.publishing.machines.markdown import Writer

TEXT = """
## A heading with `code` and *stress* {#named}

Words with **weight**, a [link](https://example.org/a_(b)), $x_1<y$ and a note[^a].
A tag such as `<script>` and &lt;b> and &lt;i>; H<sub>2</sub>O is ~~dry~~ wet.

$$z = \\sum_i w_i$$

- one
- two
    - below

Then:

1. first

2. second

    > quoted

    ```python title="run.py"
    print("```")
    ```

| left | right |
|:-----|------:|
| a\\|b | `c|d` |

!!! note "Take care"
    of it

Word
:   What it means

[^a]: The note.

    Its second part.
"""
WRITTEN = """\
## A heading with `code` and *stress*

Words with **weight**, a [link](https://example.org/a_%28b%29), $x_1\\lt y$ and a note[^1]. \
A tag such as `<script>` and &lt;b> and &lt;i>; H<sub>2</sub>O is \\~\\~dry\\~\\~ wet.

$$
z = \\sum_i w_i
$$

- one
- two
  - below

Then:

1. first

2. second

   > quoted

   **run.py**

   ````python
   print("```")
   ````

| left | right |
| :--- | ---: |
| a\\|b | `c\\|d` |

> **Take care**
>
> of it

**Word**

What it means

[^1]: The note.

    Its second part."""


def html(text: str) -> str:
    return to_html(text, Dialect()).html


def words(made: str) -> list[str]:
    """Return the words that a browser shows."""
    tree = tinyhtml5.parse(made, namespace_html_elements=False)
    return " ".join(tree.itertext()).split()


def test_each_part_of_a_text_has_its_marks() -> None:
    assert Writer().text(html(TEXT)).replace("\xa0", "") == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        "a *b* **c** `d` [e](f.html) \\* \\_g\\_ 1 < 2 & 3",
        "# A\n\n## B\n\n- c\n- d\n\n1. e\n2. f",
        "> a\n>\n> b\n\n---\n\n| a | b |\n|---|---|\n| c | d |",
        "```\n<b> & `c`\n```\n\n1986\\. A year\n\n\\# no heading",
    ],
)
def test_markdown_makes_the_same_of_it_again(text: str) -> None:
    once = html(text)
    assert words(html(Writer().text(once))) == words(once)


def test_numbers_and_claims_are_their_words_and_a_figure_is_its_block() -> None:
    made = (
        '<p><span class="nv-claim" id="claim-1">It gets <data class="nv-value">92.3%</data>.</span>'
        '<a class="nv-claim-mark" href="#nv-claim-1">✓</a></p>\n'
        '<div class="nv-steps"><div class="nv-figure-marker" id="fig-a"></div><p>A step</p></div>'
    )
    written = Writer({"fig-a": "> The figure"}).text(made)
    assert written == "It gets 92.3%.\n\n> The figure\n\nA step"


def test_addresses_are_those_that_hold_elsewhere() -> None:
    write = Writer(addressed=lambda address: f"https://example.org/{address}")
    made = '<a href="a.html">a</a> <img src="b.png" alt="A [cat]">'
    assert write.line(made) == (
        "[a](https://example.org/a.html) ![A \\[cat\\]](https://example.org/b.png)"
    )


@pytest.mark.parametrize(
    "careless",
    [
        "<p>a<p>b",
        "<ul><li>a<li>b</ul>",
        "<b>a</i>b",
        "a</i></p>b",
        "<p>a</div>b",
        "<br/>a<hr>b",
        "a<b>b",
    ],
)
def test_careless_html_loses_no_word(careless: str) -> None:
    assert re.findall("[ab]", Writer().text(careless)) == ["a", "b"]


@pytest.mark.parametrize("tag", ["b", "div", "blockquote", "ul", "ul><li", "table><tr><td", "math"])
def test_what_is_nested_beyond_reason_is_still_words(tag: str) -> None:
    opened = f"<{tag}>" * 5000
    closed = "".join(f"</{name}>" for name in reversed(tag.split("><"))) * 5000
    assert Writer().text(f"<p>c</p>{opened}a{closed}<p>b</p>").startswith("c\n\n")
    assert Writer().text(f"<p>c</p>{opened}a{closed}<p>b</p>").endswith("\n\nb")
    assert Writer().text(f"<p>c</p>{opened}a").startswith("c")  # never closed


def test_what_is_nested_beyond_reason_and_closed_ends_there() -> None:
    written = Writer().text("<blockquote>" * 500 + "a" + "</blockquote>" * 500 + "<p>b</p>")
    assert written.startswith("> > >")
    assert written.endswith("\n\nb")


def test_what_only_a_page_can_do_is_left_out() -> None:
    made = "<p>a<button>b</button><style>c</style><canvas>d</canvas></p><script>e</script>"
    assert Writer().text(made) == "a"


def test_a_number_stays_under_its_heading_whatever_cells_go_over_columns_and_rows() -> None:
    made = (
        '<table><thead><tr><th rowspan="2">net</th><th colspan="2">right</th></tr>'
        "<tr><th>least</th><th>most</th></tr></thead><tbody>"
        '<tr><td rowspan="0">one</td><td>1</td><td>2</td></tr>'
        "<tr><td>3</td><td>4</td><td>5</td></tr></tbody><tr><td>6</td></tr></table>"
    )
    assert Writer().text(made).split("\n") == [
        "| net | right | right |  |",
        "| --- | --- | --- | --- |",
        "| net | least | most |",
        "| one | 1 | 2 |",
        "| one | 3 | 4 | 5 |",
        "| 6 |",
    ]


def test_a_cell_that_reaches_down_beyond_its_neighbours_stays_in_its_column() -> None:
    made = (
        '<table><tr><td>a</td><td>b</td><td rowspan="2">c</td></tr><tr><td>1</td></tr>'
        "<tr><td>2</td><td>3</td></tr></table>"
    )
    rows = Writer().text(made).split("\n")
    assert rows[2:] == ["| 1 |  | c |", "| 2 | 3 |"]


def test_cells_that_go_over_columns_without_end_do_not_fill_the_memory() -> None:
    wide = '<tr><td rowspan="65534" colspan="1000">' + "x" * 1000 + "</td></tr>"
    made = f"<table>{wide * 200}</table>"
    assert len(Writer().text(made)) < 3_000_000


def test_numbers_in_one_cell_stay_apart_and_a_caption_is_told() -> None:
    made = (
        "<table><caption>What *it* reads</caption>"
        "<tr><td><p>12</p><p>3</p></td><td><ul><li>4</li><li>5</li></ul></td></tr></table>"
    )
    assert Writer().text(made) == "What \\*it\\* reads\n\n| 12 3 | 4 5 |\n| --- | --- |"


def test_cells_and_entries_without_end_tags_are_those_that_a_browser_sees() -> None:
    made = "<table><tr><th>a<th>b<tbody><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert Writer().text(made) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"
    assert Writer().text("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>") == "- a\n- b\n  - c\n- d"
    assert Writer().text("<dl><dt>a<dd>b<dt>c<dd>d</dl>") == "**a**\n\nb\n\n**c**\n\nd"


def test_a_link_behind_an_exclamation_mark_is_no_picture() -> None:
    assert Writer().text('<p>Look!<a href="a.html">a</a></p>') == "Look\\![a](a.html)"


def test_entries_have_the_numbers_of_the_page() -> None:
    items = '<li>a<li value="7">b<li>c'
    assert Writer().text(f"<ol>{items}</ol>") == "1. a\n7. b\n8. c"
    assert Writer().text(f"<ol reversed>{items}</ol>") == "3. a\n7. b\n6. c"
    assert Writer().text("<ol start='0'><li>a<li>b</ol>") == "0. a\n1. b"


def test_what_a_page_does_not_show_is_not_told_and_a_quotation_stays_one() -> None:
    made = "<p hidden>a</p><p>b <span hidden>c</span><q>d</q></p><ul hidden><li>e</ul>"
    assert Writer().text("<ol><li hidden>a<li>b</ol>") == "1. b"
    assert Writer().text(made) == "b “d”"


def test_a_formula_in_mathml_is_kept_and_one_in_pieces_is_said_once() -> None:
    power = "<math><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>3</mn></math>"
    assert Writer().text(f"<p>a {power} b</p>") == f"a {power} b"
    assert Writer().text(f'<div class="nv-math">{power}</div>') == power
    noted = "<math><mi>x</mi><annotation>y</annotation></math>"
    assert Writer().line(noted) == "<math><mi>x</mi></math>"
    pieces = '<math data-tex="x = 1"><mi>x</mi></math><wbr><math><mo>=</mo><mn>1</mn></math>'
    long = f'<span class="nv-math nv-math-pieces">{pieces}</span>'
    assert Writer().line(f"<td>a {long}</td>") == "a $x = 1$"
    assert Writer().text(long.replace("span", "div")) == "$$\nx = 1\n$$"
