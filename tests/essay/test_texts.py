"""What people write into a text: right in the page, or refused in one message at its line."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.manuscript import Manuscript, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.figures.registry import Registry
from tests.essays import FRONT

MEASURED = Measurements({"d": {"rate": 0.1, "share": 0.91}})
FIGURE = '''"""A figure for tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arguments:
    pass


def draw(arguments, materials, output):
    raise NotImplementedError
'''


def read(folder: Path, body: str, front: str = FRONT) -> Manuscript:
    figure = folder / "figures" / "box"
    figure.mkdir(parents=True, exist_ok=True)
    (figure / "box.py").write_text(FIGURE, encoding="utf-8")
    file = folder / "index.md"
    file.write_text(front + body, encoding="utf-8")
    pages = ["index.md", "notes.md"]
    return read_manuscript(file, MEASURED, Registry(folder / "figures"), pages=pages)


def test_an_id_in_braces_takes_no_text_with_it(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "## One {#one}\n\nText that matters.\n\nIt is 10%. {# typed: one in ten #}\n\n"
        "`{#fff}` stays. {# note\nof two lines #}\n\n## Two {: #two }\n",
    )
    assert found.ids == ("one", "two")
    assert "Text that matters." in found.html
    assert "typed" not in found.html
    assert "of two lines" not in found.html
    assert "<code>{#fff}</code>" in found.html


def test_a_comment_of_html_is_no_call(tmp_path: Path) -> None:
    found = read(
        tmp_path, "<!-- {{ nothing }} {% if %} -->\n\nText `<!--` and {{ page.title }} `-->`"
    )
    assert "<!-- {{ nothing }} {% if %} -->" in found.html
    assert "and A test" in found.html


def test_a_value_is_a_plain_number_where_no_element_can_stand(tmp_path: Path) -> None:
    rate = '{{ value("d.rate", "exact") }}'
    share = '{{ value("d.share", "percent") }}'
    found = read(
        tmp_path,
        f"$\\eta = {rate}$ and ${share}$, `{rate}`, ![{rate} right](x.png)\n\n"
        f"```\n{rate}\n```\n\n    {rate}\n",
    ).html
    assert "<mo>=</mo><mn>0.1</mn></math>" in found
    assert "<mn>91.0</mn><mi>%</mi>" in found
    assert "<code>0.1</code>" in found
    assert 'alt="0.1 right"' in found
    assert found.count("<pre><code>0.1\n</code></pre>") == 2
    assert "<data" not in found


def test_figures_stand_in_the_lists_and_quotes_they_are_called_in(tmp_path: Path) -> None:
    call = '{{{{ figure("box", id="fig-{}") }}}}'
    found = read(
        tmp_path,
        f"1. One {call.format('a')}\n2. Two\n\n    {call.format('b')}\n\n"
        f"3. Three\n\n> {call.format('c')}\n",
    ).html
    assert found.count("<ol>") == 1
    assert found.count("<li>") == 3
    for name in "abc":
        assert f'<div class="nv-figure-marker" id="fig-{name}"></div>' in found
    assert "<p><div" not in found
    assert "<pre>" not in found


def test_references_work_in_captions_and_across_pages(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '{{ figure("box", id="fig-a", caption="As [](#fig-b), $x$, [n](notes.md)") }}\n\n'
        '{{ figure("box", id="fig-b") }}\n\n[](notes.md#fig-film)\n',
    )
    caption = found.calls[0].caption
    assert caption is not None
    assert ">Figure 2</a>" in caption
    assert "<math " in caption
    assert 'href="notes.html"' in caption
    (far,) = found.far_figures
    assert (far.page, far.figure, far.place.line) == ("notes.md", "fig-film", 11)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("\n```\nnever closed\n", ":8:1: this fenced code does not end"),
        ("\n$$\na\n\nb\n", ":8:1: this formula does not end"),
        ("\nA note[^x].\n", ":8:7: there is no note 'x'"),
        ("A[^a].\n\n[^a]: A\n[^b]: B\n", ":10:1: nothing calls the note 'b'"),
        ("text\n\n# Title\n", ":9:1: the text has a title of its own"),
        ("Title\n=====\n", ":7:1: the text has a title of its own"),
        ("## A {#content}\n", ":7:7: 'content' is an id of netviz"),
        ("## A {#x}\n\n## B {#x}\n", ":9:7: the id 'x' is taken"),
        ("\n`${{ secrets.X }}`\n", "jinja: false"),
        ("\n`style={{ a: 1 }}`\n", "{% raw %}"),
        ("\n{# open\n\nfor ever\n", ":8:1: this comment does not end in its paragraph"),
        ("\n{{ figure(box) }}\n", "'box' is the name of nothing; expected a text in quotes"),
        ('{{ figure("box", caption="a[^1]") }}\n\n[^1]: N\n', "nothing calls the note"),
        ('{{ figure("box", caption="a[^1]") }}\n', ":7:12: a caption has no footnotes"),
        ('{{ figure("box", caption="a\n\nb") }}\n', "a caption is one paragraph"),
        ('{{ figure("box", caption="[](#fig-nope)") }}\n', ":7:30: no figure has the id"),
        ('{{ figure("box", caption="[a](nope.md)") }}\n', ":7:31: there is no page 'nope.md'"),
        ('| a |\n|---|\n| {{ figure("box") }} |\n', ":9:14: a figure cannot be in a table"),
        ('\n$\\foo {{ value("d.rate") }}$\n', ":8:2: wrong formula"),
        ("\n<img src=\"x.png\">\n", ":8:11: a picture has no alternative text"),
        ("\n![](x.png)\n", ":8:5: a picture has no alternative text"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_line(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(EssayError) as caught:
        read(tmp_path, body)
    assert message in str(caught.value)
    assert "index.md:" in str(caught.value)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        (FRONT.replace("2026-01-02", "January 5, 2026"), ":5:1: 'date' is not a day"),
        (FRONT.replace("2026-01-02", '"2026-1-5"'), "as in 2026-01-31"),
        (FRONT.replace("2026-01-02", "2026-01-01 10:00:00 +0200"), ":5:1: 'date' is not a day"),
        (FRONT.replace("2026-01-02", '"2026-02-30"'), "'date' is not a day"),
        (FRONT.replace("[A]", "[]"), ":4:1: 'authors' is empty"),
        (FRONT.replace("[A]", '[A, " "]'), ":4:1: 'authors' is empty"),
        (FRONT.replace("title: A test", 'title: ""'), ":2:1: 'title' is empty"),
        (
            FRONT.replace("title: A test", 'title: "a\\x01b"'),
            "holds a character that no feed can hold",
        ),
        (FRONT.replace("date", "title: U\ndate"), ":5:1: 'title' is given twice"),
        (FRONT.replace("date", "language: en_US\ndate"), ":5:1: 'language' is not the tag"),
        (FRONT.replace("date", "language: Englisch!\ndate"), "a tag of BCP 47"),
        (FRONT.replace("---\n", "+++\n"), ":1:1: the front matter is TOML"),
        ("---\ntitle: T\n...\n", ":3:1: the front matter ends in dots"),
        ("---\ntitle: T\n", ":1:1: the front matter does not end"),
        ("", ":1:1: the page has no front matter"),
        ("---\n- a\n---\n", ":2:1: the front matter gives no names"),
    ],
)
def test_front_matter_is_held_to_what_it_is(tmp_path: Path, front: str, message: str) -> None:
    with pytest.raises(EssayError) as caught:
        read(tmp_path, "", front)
    assert message in str(caught.value)


def test_a_byte_order_mark_is_no_fault_and_lines_are_counted_from_the_start(tmp_path: Path) -> None:
    assert read(tmp_path, "Text", "\ufeff" + FRONT).front.title == "A test"
    with pytest.raises(EssayError, match=r":7:2: wrong formula"):
        read(tmp_path, "$\\foo$")
    with pytest.raises(EssayError, match=r":9:1: the text has a title"):
        read(tmp_path, "T\n\n# A")  # whose first line stands in the front matter too
