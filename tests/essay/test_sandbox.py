"""What a stranger's text may not do: reach out of the sandbox, or never end."""

import resource
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.errors import EssayError
from netviz.essay import comments
from netviz.essay.budget import BUDGET
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.sandbox import Sandbox, _compiled
from netviz.essay.templates import Compiled
from netviz.figures.registry import Registry
from tests.essays import FRONT

TREE = Measurements({"count": 3, "table": {"a": 1, "b": 2}})
SET_X = "{% set x = 'aaaaaaaaaaaaaaaaaaaa' %}"
TEN = "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"
TWICE = "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}"

LOOPS = "".join(f"{{% for a{depth} in {TEN} %}}" for depth in range(5))
ENDS = "{% endfor %}" * 5

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ [''] | map(attribute='__class__') | list }}",
    "{{ figure.__globals__ }}",
    "{{ figure.__self__.registry }}",
    "{{ figure.__func__.__globals__['sys'] }}",
    "{{ page.__class__.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner }}",
    "{{ namespace }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ ''.join(['a']) }}",
    "{{ [].append(1) }}",
    "{{ number('table').update(a=1) }}",
    "{{ number('table').clear() }}",
    "{% include '/etc/passwd' %}",
    "{% import '../index.md' as x %}",
    "{% from '/etc/passwd' import x %}",
    "{% extends '/etc/passwd' %}",
    "{% set ns = figure %}{% set ns.x = 1 %}",
    "{% block a %}{{ super.__self__ }}{% endblock %}",
]
ENDLESS = [
    "{{ 'a' * 10 ** 9 }}",
    "{{ [1] * 10 ** 9 }}",
    "{{ 9 ** 9 ** 9 ** 9 }}",
    "{{ range(10 ** 9) | list }}",
    "{{ '%1000000000s' | format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ 'a\nb' | indent('a' * 10 ** 9) }}",
    "{{ [1] | slice(1000000000) | list }}",
    "{{ [1] | batch(1000000000, 0) | list }}",
    "{{ ''.replace('', 'aaaa') }}",
    SET_X + "{% set x = x ~ x %}" * 40 + "{{ x }}",
    SET_X + "{% set x = x + x %}" * 40 + "{{ x }}",
    SET_X + "{% set x = [x, x] | join %}" * 40 + "{{ x }}",
    SET_X + "{% set x = [1] | join(x) ~ [1, 2] | join(x) ~ x %}" * 40,
    SET_X + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40,
    "{% set x = [1] %}" + "{% set x = x + x %}" * 40,
    "{% set x = [1] %}" + "{% set x = [x, x] %}" * 40 + "{{ x }}",
    "{% set x = [1] %}" + "{% set x = {1: x, 2: x} %}" * 40 + "{{ x | upper }}",
    "{% set x = (1,) %}" + "{% set x = (x, x) %}" * 40 + "{{ x == x }}",
    f"{{% set l = {TEN} %}}" + "{% for a in l %}" * 9 + "x" + "{% endfor %}" * 9,
    f"{{% set l = {TEN} %}}" + "{% for a in l %}" * 9 + "{% endfor %}" * 9,
    "{% for a in [[[]]] recursive %}{{ loop([a, a]) }}{% endfor %}",
    TWICE + "{{ f(100) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{{ 1.5 | round(999999999, 'ceil') }}",
    "{{ 1.5 | round(-999999999, 'floor') }}",
    "{{ [[1]] | sum(start=[]) }}",
    "{% macro g() %}{% set y = varargs | sum(start=[]) %}{{ g(y, y) }}{% endmacro %}{{ g([1]) }}",
    "{% macro g() %}{{ g(*varargs, *varargs) }}{% endmacro %}{{ g(1) }}",
    LOOPS + "{{ '" + "y" * 10_000 + "' }}" + ENDS,
    LOOPS + "{% set z = '" + "y" * 3_000 + "' | list | sort | unique | list %}" + ENDS,
    LOOPS + "{% set z = '" + "y" * 3_000 + "' | upper %}" + ENDS,
    LOOPS + "{% set z = '" + "y" * 3_000 + "'[1:] %}" + ENDS,
    LOOPS + "{% set z = 'x' in '" + "y" * 3_000 + "' %}" + ENDS,
    LOOPS + "{% set z = number('table') == number('table') %}" + ENDS,
    LOOPS + "{% set z = [1] | select('in', '" + "y" * 3_000 + "') | list %}" + ENDS,
    LOOPS + "{% set z = reference('figures') %}" + ENDS,
    "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
    "{% if 1 %}" * 150 + "{% endif %}" * 150,
    "![[" * 3000,
]


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Bound what this process may take, so that a hole shows as one instead of by swapping."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("body", ESCAPES)
def test_nothing_reaches_out_of_the_sandbox(body: str, tmp_path: Path) -> None:
    refused(body, tmp_path)
    assert TREE.at("table") == {"a": 1, "b": 2}


@pytest.mark.slow
@pytest.mark.parametrize("body", ENDLESS)
def test_nothing_grows_without_end(body: str, tmp_path: Path) -> None:
    refused(body, tmp_path)


def refused(body: str, folder: Path) -> None:
    file = folder / "index.md"
    file.write_text(FRONT + body, encoding="utf-8")
    with pytest.raises(EssayError) as caught:
        read_manuscript(file, TREE, Registry())
    assert caught.value.place is not None
    assert caught.value.place.line is not None, str(caught.value)


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (
            "{% for name, n in number('table').items() %}{{ name }}{{ n + 1 }} {% endfor %}",
            "a2 b3 ",
        ),
        ("{{ ['a', 'b'] | join(' and ') }}, {{ 'a' ~ 1 }}, {{ 'a' + 'b' }}", "a and b, a1, ab"),
        ("{% macro f(n) %}<{{ n }}>{% endmacro %}{{ f(1) }}{{ f(n=2) }}", "<1><2>"),
        ("{{ 7 % 4 }} {{ 2 * 3 }} {{ 2 ** 3 }} {{ 1 + 1 }} {{ 7 // 2 }}", "3 6.0 8.0 2 3"),
        ("{{ 'abc' | upper }} {{ [3, 1] | sort | first }} {{ [1, 2] }}", "ABC 1 [1, 2]"),
        ("{% for a, b in [(1, 2)] %}{{ loop.index }}{{ a }}{{ b }}{% endfor %}", "112"),
        ("{% for a in [] %}{% else %}none{% endfor %}", "none"),
    ],
)
def test_what_a_text_needs_works(body: str, written: str) -> None:
    functions = {"number": lambda line, key: TREE.at(key)}  # noqa: ARG005 - as every call is given
    assert Sandbox(functions).render_text(body) == written


def test_a_call_is_given_the_line_it_begins_on_whatever_the_text_calls_it_by() -> None:
    macro = "{% macro f() %}\n{{ note() }}{% endmacro %}"
    body = macro + "\n{% set other = note %}\n\n{{ f() }}{{\nother() }}"
    assert Sandbox({"note": lambda line: f"<{line}>"}).render_text(body).split() == ["<2><6>"]


def test_a_text_within_its_budget_is_written_and_one_beyond_is_not() -> None:
    body = "{% for a in items %}{{ a }}{% endfor %}"
    items = ["a" * 8] * (BUDGET // 10 - 1)
    assert len(Sandbox({"items": items}).from_string(body).render()) == 8 * len(items)
    with pytest.raises(jinja2.TemplateError, match="takes more than 1,000,000"):
        Sandbox({"items": [*items, *items]}).from_string(body).render()


# --- the same as Jinja's own -----------------------------------------------------------------

PIECES = [
    "prose", " ", "\n", "\n\n", "\r\n", "{", "}", "%", "ünï ", "<b>&amp;</b>", "{{ x }}",
    "{{- x -}}",
    "{{\nx\n+ 1 }}", "{{ '}}' }}", "{% if x %}", "{%- if x == 2 -%}", "{% else %}", "{% endif %}",
    "{%- endif -%}", "{% for i in t %}", "{{ i }}", "{{ loop.index }}", "{% endfor %}",
    "{%+ endfor %}",
    "{% set y = x * 2 %}", "{{ y }}", "{% set z %}", "{% endset %}", "{{ z }}", "{# note #}",
    "{#- note\nof two lines -#}", "{% raw %}", "{% endraw %}", "{%- raw -%}", "{% macro m(a) %}",
    "{% endmacro %}", "{{ m(x) }}", "{{ nothing }}", "{{ 1 // 0 }}", "{% call m(1) %}",
    "{% endcall %}",
    "{{ x\n\n+ 1 }}", "{{ '\n\n' }}", "{#\n\nnote #}", " \n \n ", "-%}", "-}}", "{{", "{%-",
]  # fmt: skip


def told(jinja: Sandbox, write: Callable[[], str]) -> tuple[str, object]:
    """Return what is written, or what kind of error is raised, and on which lines of the text."""
    try:
        return write(), None
    except jinja2.TemplateSyntaxError as error:
        return type(error).__name__, error.lineno
    except Exception as error:  # whatever it is, both must raise the same
        frames = traceback.extract_tb(error.__traceback__)
        lines = [one.lineno for one in frames if one.filename == "<template>"]
        return type(error).__name__, [jinja.line(line) for line in lines if line]


class Plain(Sandbox):
    """Jinja's own way, in which lines are what they are."""

    def render_text(
        self,
        text: str,
        name: str = "",  # noqa: ARG002 - as inherited
        compiled: jinja2.BytecodeCache | None = None,  # noqa: ARG002 - as inherited
    ) -> str:
        return comments.restored(self.from_string(comments.with_marks(text)).render())

    def line(self, compiled: int) -> int:
        return compiled


@pytest.mark.slow
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=300)
def test_prose_handed_in_is_written_where_jinja_writes_it(text: str) -> None:
    ours, plain = (kind({"x": 2, "t": [1, 2]}) for kind in (Sandbox, Plain))
    assert told(ours, lambda: ours.render_text(text)) == told(
        plain, lambda: plain.render_text(text)
    )


def test_an_edit_of_prose_compiles_nothing() -> None:
    text = "One {{ x }}\n\ntwo {% if x %}three{% endif %}\n"
    Sandbox({"x": 1}).render_text(text)
    misses = _compiled.cache_info().misses
    edited = text.replace("three", "thrice,\n\n{or} more & more")
    assert Sandbox({"x": 1}).render_text(edited) == "One 1\n\ntwo thrice,\n\n{or} more & more\n"
    assert _compiled.cache_info().misses == misses
    Sandbox({"x": 1}).render_text(text.replace("if x", "if not x"))
    assert _compiled.cache_info().misses == misses + 1


# --- names and time --------------------------------------------------------------------------

OTHER_MEANINGS = [
    "{% set number = 3 %}",
    "{% set a, figure = 1, 2 %}",
    "{% for value in [1] %}{% endfor %}",
    "{% macro number(key) %}7{% endmacro %}",
    "{% macro f(reference) %}{% endmacro %}",
    "{% with figure = 1 %}{% endwith %}",
    "{% set _prose = ['forged'] %}",
    "{% for a, _prose in [(1, 2)] %}{% endfor %}",
]
OWN = ("0begin_claim", "0each", "0end_claim", "0joined", "0weighed")


@pytest.mark.parametrize("body", OTHER_MEANINGS)
def test_no_name_of_ours_gets_another_meaning(body: str, tmp_path: Path) -> None:
    file = tmp_path / "index.md"
    file.write_text(FRONT + "\n" + body, encoding="utf-8")
    with pytest.raises(EssayError, match="is a name of netviz's own") as caught:
        read_manuscript(file, TREE, Registry())
    assert caught.value.place is not None
    assert caught.value.place.line == 8


@pytest.mark.parametrize("name", [*OWN, *(f"_{name[1:]}" for name in OWN)])
def test_what_counts_and_what_marks_claims_cannot_be_named(name: str, tmp_path: Path) -> None:
    """A name of a digit first is none to Jinja, and one of its form is a stranger's own."""
    file = tmp_path / "index.md"
    file.write_text(
        FRONT + f"{{% set {name} = 3 %}}{{% claim number('count') > 3 %}}x{{% endclaim %}}",
        encoding="utf-8",
    )
    with pytest.raises(EssayError, match=r"template code is wrong|does not hold"):
        read_manuscript(file, TREE, Registry())
    file.write_text(FRONT + f"{{{{ {name}(1) }}}}", encoding="utf-8")
    with pytest.raises(EssayError, match="template code is wrong"):
        read_manuscript(file, TREE, Registry())


QUICK = {
    "empty lines": "a" + "\n" * 20_000 + "b",
    "lines of spaces": "a" + " \n" * 20_000 + "b",
    "beginnings": "a" + "\n\n{{ 1 }}" * 3_000,
    "a strip at the end": "{{ 1 -}}" + "\n \n" * 20_000,
}


@pytest.mark.parametrize("name", QUICK)
def test_a_text_is_divided_in_a_time_that_its_length_bounds(name: str) -> None:
    started = time.process_time()
    Sandbox({}).render_text(QUICK[name])
    assert time.process_time() - started < 5


# --- what is kept of a text ------------------------------------------------------------------


def wordy(_line: int) -> str:
    return "said"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Compile as a new process does; the tags that were compiled."""
    compiled: list[str] = []
    compile_ = Sandbox.compile

    def watched(self: Sandbox, source: str) -> object:
        compiled.append(source)
        return compile_(self, source)

    monkeypatch.setattr(Sandbox, "compile", watched)
    _compiled.cache_clear()
    yield compiled
    _compiled.cache_clear()


def rendered(text: str, kept: Compiled, **functions: Callable[..., str]) -> str:
    _compiled.cache_clear()
    return Sandbox(functions).render_text(text, "essay/index.md", kept)


def test_the_next_process_compiles_no_tags_again(tmp_path: Path, fresh: list[str]) -> None:
    kept = Compiled(tmp_path / "kept", bytes(32))
    assert rendered("One. {{ wordy() }}", kept, wordy=wordy) == "One. said"
    assert len(fresh) == 1
    assert rendered("Two. {{ wordy() }}", kept, wordy=wordy) == "Two. said"
    assert len(fresh) == 1
    assert rendered("Two. {{ wordy() }}{{ 1 + 1 }}", kept, wordy=wordy) == "Two. said2"
    assert len(fresh) == 2


def test_what_is_kept_is_compiled_again_where_other_names_are_ours(
    tmp_path: Path, fresh: list[str]
) -> None:
    kept = Compiled(tmp_path / "kept", bytes(32))
    text = "{% set other = 1 %}{{ other }}"
    assert rendered(text, kept, wordy=wordy) == "1"
    with pytest.raises(jinja2.TemplateSyntaxError, match="'other' is a name of netviz's own"):
        rendered(text, kept, other=wordy)
    assert len(fresh) > 1


def test_what_another_has_kept_of_a_text_is_not_run(tmp_path: Path, fresh: list[str]) -> None:
    text = "{{ wordy() }}"
    assert rendered(text, Compiled(tmp_path, b"theirs" * 6), wordy=wordy) == "said"
    assert rendered(text, Compiled(tmp_path, b"ours" * 8), wordy=wordy) == "said"
    assert len(fresh) == 2
