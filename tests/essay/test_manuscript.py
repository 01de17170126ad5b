"""An essay read: figures noted, numbers written, claims checked, faults placed."""

import dataclasses
import html
import re
from pathlib import Path

import pytest
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]  # it has no types

from netviz.errors import EssayError
from netviz.essay.manuscript import Manuscript, Translation, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.figures.registry import Registry

FRONT = '---\ntitle: "T"\ndescription: D\nauthors: [A]\ndate: 2026-01-02\n---\n'
MEASURED = Measurements({"digits": {"accuracy": 0.91, "top": "4 <as> 9", "ink": None}})
LAUGHS = "authors:\n- &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &{chr(98 + level)} [{', '.join(10 * ['*' + chr(97 + level)])}]\n" for level in range(12)
)
FIGURE = '''"""A figure for tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arguments:
    network: str
    units: tuple[int, ...] = ()


def draw(arguments, materials, output):
    raise NotImplementedError
'''


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    folder = tmp_path / "figures" / "plain_box"
    folder.mkdir(parents=True)
    (folder / "plain_box.py").write_text(FIGURE, encoding="utf-8")
    return Registry(tmp_path / "figures")


def read(registry: Registry, body: str, front: str = FRONT, *, strict: bool = True) -> Manuscript:
    assert registry.own is not None
    file = registry.own.parent / "index.md"
    file.write_text(front + body, encoding="utf-8")
    return read_manuscript(file, MEASURED, registry, strict=strict)


def test_figures_are_noted_with_arguments_ids_and_lines(registry: Registry) -> None:
    manuscript = read(
        registry,
        'See [](#fig-second).\n\n{{ figure("plain_box", network="a") }}\n\n'
        '{{ figure("plain_box", network="a", units=[1, 2], id="fig-second", caption="C") }}\n',
    )
    first, second = manuscript.calls
    assert (first.id, first.number, first.place.line) == ("fig-plain-box", 1, 9)
    assert dataclasses.asdict(second.arguments) == {"network": "a", "units": (1, 2)}
    assert (second.id, second.number, second.caption) == ("fig-second", 2, "C")
    assert first.marker in manuscript.html
    assert f"<p>{first.marker}" not in manuscript.html
    assert "Figure 2</a>" in manuscript.html


def test_a_number_is_written_as_data_and_escaped(registry: Registry) -> None:
    manuscript = read(
        registry, '{{ value("digits.accuracy", "percent") }} {{ value("digits.top") }}'
    )
    assert (
        '<data class="nv-value" value="0.91" data-key="digits.accuracy" data-from="">91.0%</data>'
        in manuscript.html
    )
    assert 'value="4 <as> 9"' in html.unescape(manuscript.html)
    assert "<as>" not in manuscript.html
    assert manuscript.keys == {"digits.accuracy", "digits.top"}


def test_a_claim_that_holds_keeps_its_sentence_and_what_it_read(registry: Registry) -> None:
    manuscript = read(
        registry,
        "{% claim number('digits.accuracy') > 0.9 %}It is *good*: "
        "{{ value('digits.accuracy', 'percent') }}.{% endclaim %}",
    )
    (claim,) = manuscript.claims
    assert claim.text == "It is *good*: 91.0%."
    assert claim.values == {"digits.accuracy": 0.91}
    assert (claim.holds, claim.line) == (True, 7)
    assert '<span class="nv-claim" id="claim-1">It is <em>good</em>' in manuscript.html


def test_a_false_claim_stops_the_build_with_line_sentence_and_values(registry: Registry) -> None:
    with pytest.raises(EssayError) as caught:
        read(registry, "\n{% claim number('digits.accuracy') > 0.95 %}It is superb.{% endclaim %}")
    message = str(caught.value)
    assert "index.md:8:1: this claim does not hold" in message
    assert "It is superb." in message
    assert "digits.accuracy = 0.91" in message


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("{% claim true %}So it is.{% endclaim %}", "index.md:7:1: the condition of this claim"),
        (
            '{% set d = number("digits.accuracy") %}\n{% claim d > 0.5 %}So it is.{% endclaim %}',
            "index.md:8:1: the condition of this claim reads nothing",
        ),
        (
            '{% claim not number("digits.ink") > 0.5 %}No ink.{% endclaim %}',
            "this claim does not hold: “No ink.”; got digits.ink = None",
        ),
        (
            '{% claim number("digits.accuracy") %}a {% claim 1 %}b{% endclaim %}{% endclaim %}',
            "a claim stands within another",
        ),
    ],
)
def test_a_claim_that_shows_nothing_is_refused(registry: Registry, claim: str, said: str) -> None:
    with pytest.raises(EssayError) as caught:
        read(registry, claim)
    assert said in str(caught.value)


def test_a_translated_claim_has_no_condition_of_its_own(registry: Registry) -> None:
    claim = '{% claim number("digits.accuracy") > 0.5 %}So it is.{% endclaim %}'
    original = read(registry, claim)
    assert registry.own is not None
    file = registry.own.parent / "index.es.md"
    for text, is_right in ((claim.replace("So it is", "Es así"), False),
                           ("{% claim %}Es así.{% endclaim %}", True)):  # fmt: skip
        file.write_text(FRONT + text, encoding="utf-8")
        translation = Translation("es", original)
        if is_right:
            assert read_manuscript(file, MEASURED, registry, translation=translation).claims
            continue
        with pytest.raises(EssayError, match="a translated claim has a condition of its own"):
            read_manuscript(file, MEASURED, registry, translation=translation)


def test_the_sample_only_notes_what_does_not_hold(registry: Registry) -> None:
    assert registry.own is not None
    file = registry.own.parent / "index.md"
    file.write_text(
        FRONT + '{% claim number("digits.accuracy") > 2 %}No.{% endclaim %}', encoding="utf-8"
    )
    (claim,) = read_manuscript(file, MEASURED, registry, strict=False).claims
    assert not claim.holds


@pytest.mark.parametrize(
    "name",
    ["*a* _b_ **c**", "[a](javascript:b)", "![a](b)", "`a`", "$a$", "$$a$$", "<b>", "a--b...", "1.",
     "&amp;", "\\*", "a\nb", "a\n\nb", "'a' \"b\"", "^a^ ~b~ [^1]", "{: .a }", "#", "@", "...", "-",
     "https://x.org", "<https://x.org>", "a | b", "=", "\u2028"],
)  # fmt: skip
def test_a_measured_name_is_shown_as_it_is_whatever_markdown_would_make_of_it(
    name: str, registry: Registry, tmp_path: Path
) -> None:
    file = tmp_path / "index.md"
    file.write_text(FRONT + 'It is {{ value("name") }}.\n', encoding="utf-8")
    found = read_manuscript(file, Measurements({"name": name}), registry).html
    parsed = HTMLParser(namespace_html_elements=False).parse_fragment(found)
    (value,) = parsed.iter("data")
    assert (value.text, list(value), value.get("value")) == (name, [], name)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('\n{{ figure("plain_bax", network="a") }}', ":8:12: unknown figure 'plain_bax'"),
        ('{{ figure("plain_box", netwrok="a") }}', ":7:24: unknown setting 'netwrok'"),
        ('{{ figure("plain_box") }}', ":7:1: 'network' is missing"),
        ('{{ figure("plain_box", network="a", id="x y") }}', "cannot be the id"),
        ('{{ value("digits.acuracy") }}', ":7:11: nothing is measured at"),
        ('{{ value("digits.accuracy", "percnt") }}', ":7:30: unknown format"),
        ("\n\n{{ nothing }}", ":9:4: the template code is wrong: 'nothing' is undefined"),
        ("{% if %}", ":7:1: the template code is wrong"),
        ("{% claim true %}open", "the template code is wrong"),
        ("{{ 1 / 0 }}", ":7:1: the template code is wrong: division by zero"),
        ("{{ ''.__class__.__mro__ }}", "the template code is wrong"),
        ("{{ 9 ** 9 ** 9 ** 9 }}", "the template code is wrong"),
        ("{{ 'a' * 10 ** 9 }}", "the template code is wrong: * takes two numbers"),
        ("{{ figure.__globals__ }}", "the template code is wrong"),
        ("text $\\foo$", ":7:7: wrong formula"),
        ("\n[](#fig-x)", ":8:4: no figure has the id 'fig-x'"),
    ],
)
def test_a_fault_is_placed(registry: Registry, body: str, message: str) -> None:
    with pytest.raises(EssayError) as caught:
        read(registry, body)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("---\ntitle: T\n---\n", "'description' is missing"),
        (FRONT.replace("title", "titel"), ":2:1: unknown setting 'titel'; expected"),
        (
            FRONT.replace("[A]", "A"),
            ":4:1: 'authors' has the wrong type; expected a list, as in",
        ),
        (FRONT.replace("title: ", "title: a: "), "not allowed here. Put quotation marks around"),
        ("---\ntitle: [\n---\n", "wrong front matter"),
        (FRONT.replace("2026-01-02", "2026-02-30"), ":5: wrong front matter: day "),
        (FRONT.replace("[A]", "!!timestamp x"), ":4: wrong front matter: "),
        (FRONT.replace("title:", "on:"), "unknown setting 'True'"),
        (FRONT.replace("[A]", "[" * 2000), "nested too deeply"),
        (FRONT.replace("[A]", "!!python/object/apply:os.getpid []"), ":4:10: wrong front matter"),
        (FRONT.replace("authors: [A]", LAUGHS), "'authors' has the wrong type"),
    ],
)
def test_wrong_front_matter_is_placed(registry: Registry, front: str, message: str) -> None:
    with pytest.raises(EssayError) as caught:
        read(registry, "text", front)
    assert message in str(caught.value)


def test_two_figures_cannot_share_an_id(registry: Registry) -> None:
    call = '{{ figure("plain_box", network="a", id="fig-x") }}\n'
    with pytest.raises(EssayError, match="two figures have the id 'fig-x'"):
        read(registry, call + call)


def test_what_was_not_measured_stops_a_real_build(registry: Registry) -> None:
    with pytest.raises(EssayError, match="this measurement is no single value"):
        read(registry, '{{ value("digits.ink") }}')
    with pytest.raises(EssayError, match="does not hold"):
        read(registry, '{% claim number("digits.ink") < 1 %}Little ink.{% endclaim %}')


INK = 'number("digits.ink")'
UNMEASURED = [
    f"{{{{ {INK} }}}}",
    f"{{{{ 100 * {INK} + 1 }}}}",
    f"{{{{ {INK} | round(1) }}}}",
    f"{{{{ {INK} | round(0, 'ceil') }}}}",
    f"{{{{ {INK} | int }}}}",
    f"{{{{ {INK} | float }}}}",
    f"{{{{ {INK} | abs }}}}",
    f"{{{{ {INK} | upper }}}}",
    f"{{{{ {INK} | escape }}}}",
    f"{{{{ [0.5, {INK}] | max }}}}",
    f"{{{{ [0.5, {INK}] | min }}}}",
    f"{{{{ [0.5, {INK}] | sum }}}}",
    f"{{{{ [0.5, {INK}] | sort | first }}}}",
    '{{ number("digits").ink }}',
    '{{ number("digits").ink | int }}',
    "{% set x = " + INK + " %}{{ x }}",
    "{% macro m() %}{{ " + INK + " }}{% endmacro %}{{ m() }}",
]
WITHIN_TEXT = [
    f'{{{{ "so: " ~ {INK} }}}}',
    f'{{{{ ["so:", {INK}] | join(" ") }}}}',
    f"so: {{{{ [{INK}] }}}}",
    'so: {{ number("digits") }}',
]


@pytest.mark.parametrize("written", [*UNMEASURED, *WITHIN_TEXT])
def test_a_number_that_could_not_be_measured_is_never_written(
    registry: Registry, written: str
) -> None:
    with pytest.raises(EssayError, match="could not be measured is written") as caught:
        read(registry, f"First.\n\n{written}")
    assert caught.value.place is not None
    assert caught.value.place.line == 9
    shown = read(registry, written, strict=False).html
    assert "–" in shown
    assert not re.search(r"nan|None|\b0\b|0\.5", shown.replace("0.91", ""))


def test_what_could_not_be_measured_may_be_left_out(registry: Registry) -> None:
    text = f"It is {{% if {INK} >= 0 %}}{{{{ {INK} }}}}{{% else %}}not known{{% endif %}}."
    assert "It is not known." in read(registry, text).html


def test_what_the_sample_could_not_measure_is_left_open(registry: Registry) -> None:
    text = '{% claim number("digits.ink") < 1 %}Little: {{ value("digits.ink") }}.{% endclaim %}'
    manuscript = read(registry, text, strict=False)
    assert ">–</data>" in manuscript.html
    assert [claim.holds for claim in manuscript.claims] == [False]
    assert manuscript.claims[0].values == {"digits.ink": None}


def test_without_jinja_braces_are_just_braces(registry: Registry) -> None:
    plain = FRONT.replace("---\ntitle", "---\njinja: false\ntitle")
    manuscript = read(registry, 'Write `{{ value("no.such") }}`, {% and %}.', front=plain)
    assert "{{ value(" in manuscript.html
    assert "{% and %}" in manuscript.html
    assert not manuscript.is_measured


@pytest.mark.parametrize(
    "body",
    [
        '{{ value("digits.accuracy") }}',
        '{{ number("digits.accuracy") }}',
        '{{ figure("plain_box", network="a") }}',
        '{% claim number("digits.accuracy") %}So it is.{% endclaim %}',
    ],
)
def test_a_page_that_shows_anything_of_the_build_is_a_measured_one(
    registry: Registry, body: str
) -> None:
    assert read(registry, body).is_measured
    assert not read(registry, "Only words.").is_measured


def test_a_link_to_no_page_is_told_at_its_line(registry: Registry) -> None:
    with pytest.raises(EssayError, match=r"index\.md:9:17: there is no page 'other\.md'"):
        read(registry, "First.\n\nSee [the other](other.md#part).\n")
