"""Formulas and fenced code stay in the block they were written in, and prices stay text."""

import time

import pytest

from netviz.essay.markup import Dialect, to_html
from netviz.essay.regions import left_open


def html(text: str) -> str:
    return to_html(text, Dialect()).html


@pytest.mark.parametrize(
    "text",
    [
        "1. First\n\n    $$a$$\n\n2. Second\n\n3. Third",
        "1. Do $$x=1$$ now\n2. then",
        "- a\n\n    $$\n    y=1\n    $$\n- b",
        "1. Step\n\n    ```python\n    x = 1\n\n    y = 2\n    ```\n\n2. then",
        "1. Step\n    ```\n    x\n    ```\n2. then",
        "- ```python\n  x\n  ```\n- b",
    ],
)
def test_a_list_goes_on_after_a_formula_or_code(text: str) -> None:
    made = html(text)
    assert made.count("<ol>") + made.count("<ul>") == 1
    assert made.count("<math") + made.count("<pre>") == 1
    assert "```" not in made
    assert "$" not in made


def test_blocks_of_every_kind_hold_formulas_and_code() -> None:
    assert "<blockquote>\n<p>q</p>\n<pre><code>a &gt; b\n</code></pre>\n</blockquote>" in html(
        "> q\n>\n> ```\n> a > b\n> ```"
    )
    assert html("!!! note\n    ```\n    c\n    ```").endswith("<pre><code>c\n</code></pre>\n</div>")
    note = html("A[^1]\n\n[^1]: N\n\n    ```\n    code\n    ```\n\n    $$a$$")
    assert 'code\n</code></pre>\n<p><span class="nv-math"><math' in note
    assert note.index('class="footnote"') < note.index("<pre>")
    table = html("| a | b |\n|---|---|\n| $$t$$ | $|x|$ |")
    assert table.count("<td>") == 2
    assert table.count("<math") == 2
    assert "<math" in html("## With $$x$$")
    assert html("*this $$c$$ is*").startswith("<p><em>this <span")


def test_a_titled_fence_shows_its_title_and_one_of_math_is_a_formula() -> None:
    made = html('```python title="x.py"\nc < d\n```\nafter')
    assert made.startswith('<p class="nv-code-title">x.py</p>\n<pre><code class="language-python">')
    assert made.endswith("<p>after</p>")
    assert html("```math\na^2\n```").startswith('<div class="nv-math"><math display="block" ')


@pytest.mark.parametrize(
    "text",
    [
        "Unclosed $$ a = b\n\nmore text and $$ again", "$$5 for $$10", "$5-$10 or 5$",
        "$20/user (… $1680/year)", "US$5", "$27B / $7B", "$61 and $76", "$HOME$PATH",
        "\\$5 and \\$6",
        "    echo $x$", "from 3$ to 5$", "| $5 | 6$ |\n|---|---|", "- costs $5\n- and 5$ more",
        "\\[not a link\\]", "\\(aside\\)", "- \\[x\\] done", "[a](https://x.org/$a$b)",
    ],
)  # fmt: skip
def test_what_is_no_formula_stays_text(text: str) -> None:
    assert "<math" not in html(text)


@pytest.mark.parametrize(
    "text",
    ["$n$th", "$k$NN", "2$x$", "\\(a+b\\)", "Then\n\n\\[c\\]", "$a +\nb$",
     "\\begin{align}a&=b\\end{align}",
     "costs $5, so $x$ rises", "<div>$x<y$</div>", "> $$\n> a\n> $$"],
)  # fmt: skip
def test_a_formula_is_set_however_it_is_written(text: str) -> None:
    made = html(text)
    assert made.count("<math") == 1
    assert "$" not in made.replace("$5", "")


def test_escaped_dollars_and_code_are_as_written() -> None:
    assert html("\\$5 and \\$6") == "<p>$5 and $6</p>"
    assert html("    echo $HOME$PATH $x$") == "<pre><code>echo $HOME$PATH $x$\n</code></pre>"
    assert (
        html("    a\n    ```\n    x\n    ```\n    b")
        == "<pre><code>a\n```\nx\n```\nb\n</code></pre>"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["`" * 20_000 + "a" * 200_000, "$" * 10_000, "$a " * 10_000, "$$a " * 10_000, "\\(" * 10_000,
     "- ```\n" * 3_000, "<!-- " * 10_000, "\\begin{a}\n" * 3_000],
    ids=["ticks", "dollars", "opened", "displayed", "brackets", "fences", "comments", "begins"],
)  # fmt: skip
def test_nothing_takes_the_square_of_its_length(text: str) -> None:
    start = time.process_time()
    html(text)
    assert time.process_time() - start < 5


def test_what_is_left_open_is_found_where_it_begins() -> None:
    assert left_open("a\n\n```\nb") == ([3], [])
    assert left_open("a\n\n$$\nb\n\nc") == ([], [3])
    assert left_open("1. a\n\n    ```\n    x\n\nend\n\n```\ny\n```") == ([6], [])


def test_headings_have_ids_in_any_script_that_others_do_not_change() -> None:
    def ids(text: str) -> list[str]:
        return [heading.id for heading in to_html(text, Dialect()).headings]

    assert ids("## 日本語\n\n## Привет мир\n\n## Größe") == ["日本語", "привет-мир", "größe"]
    assert ids("## Новое\n\n## 日本語") == ["новое", "日本語"]
    (alone,) = ids("## →")
    assert ids("## ←\n\n## →")[1] == alone
    assert ids("## Content\n\n## Fig weights\n\n## Claim 1\n\n## nv-toc") == [
        "section-content", "section-fig-weights", "section-claim-1", "section-nv-toc",
    ]  # fmt: skip


def test_headings_are_escaped_once() -> None:
    headings = to_html('## It can\'t -- "yet"\n\n## Q & A: a < b', Dialect()).headings
    assert [heading.title for heading in headings] == ["It can’t – “yet”", "Q & A: a < b"]


def test_a_wide_formula_is_set_in_pieces_between_which_a_line_may_end() -> None:
    made = html(f"$${'+'.join(f'a_{{{i}}}' for i in range(30))}$$")
    assert made.count("<wbr>") == 29
    assert made.count('<mo form="infix">') == 29
    over = "+".join(f"a_{{{i}}}" for i in range(40))
    assert "nv-math-wide-" in html(f"$$\\frac{{{over}}}{{2}}$$")
