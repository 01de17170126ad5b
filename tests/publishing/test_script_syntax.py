"""Faults of a script's syntax are found and told well; what browsers read is no fault."""

import re

import pytest

from netviz.errors import place_at
from netviz.essay.templates import PACKAGE, built_in_templates
from netviz.publishing.script_syntax import syntax_fault

# Each is a whole script that browsers of today read.
VALID = [
    "",
    "\ufeff// a mark of order, and a comment\n",
    "class A { #x = 1; static #y; get x() { return this.#x; } static { A.#y = 2; } #m() {} }",
    "class A { static async *[Symbol.iterator]() { yield* []; } has(o) { return #x in o; } #x }",
    "a ??= b; a ||= c; a &&= d; const e = a?.b?.[c]?.(d) ?? f;",
    "const { a, b: { c = 1 }, ...rest } = o; const [d, , e = 2, ...f] = [...g, ...h];",
    "const f = async ({ a }, [b] = [], ...c) => { for await (const d of e) await d; };",
    "async function* f() { yield await g(); } const h = async () => await f();",
    "const t = `a ${b ? `c ${d} }` : '{'} e`;",
    "const u = tag`\\u{g\\unicode ${a}`, v = String.raw`\\x \\1 ${b} \\u`;",
    "const r = /[/\\]]+(?<year>\\d{4})(?<!a)/dgimsuy, s = /[\\p{L}--[a-z]]/v, q = a / b / c;",
    "const n = [1_000_000, 0xFFn, 0b1010, 0o17, .5e-3, 10n ** 2n];",
    "const m = () => import('./x.js', { with: { type: 'json' } });",
    "label: for (const x of y) { if (x) continue label; else break label; }",
    "try { a(); } catch { b(); } finally { c(); }",
    "const o = { __proto__: null, get a() {}, async *b() {}, [c]: 1, d, 'e-f': 2, 3: 4 }",
    "var \\u0061b = 'line \\\n continued', ünï = \"\\u{1F600}\", $ = '\u2028';",
    "let a = 1\nlet b = a\n++b\n;[a, b] = [b, a]\n;(() => {})()",
    "if (a) function f() {}",
    "function f() { 'use strict'; return new.target }",
    "for (let i = 0, n = 3; i < n; i++) { let i = 2; } let i = 1;",
    "switch (a) { case 1: { let b; } case 2: { let b; } default: }",
    "var a; var a; function b() {} function b() {} { let a; }",
    "const await_ = 1, of = 2, get = 3, set = 4, async = 5, from = 6;",
    "a = b\n/c/d;\nx = y => ({}) / 2; z = a++ / 2; w = (a) / 3;",
    "<!-- as old browsers read it\na();",
    "await\n(1);",
    "{ }\n/}/.test('}'); // }\n/* } */",
]
# A script, and how its fault is told: line, column, problem, expected, got.
BROKEN = [
    ("a(() => {\n  if (b) {\n    c();\n});", 1, 9, "{ is not closed", "}", r"\) in line 4"),
    ("a(b(1, (2);", 1, 4, r"\( is not closed", ")", "the end of the script"),
    ("a(1;\nb();", 1, 2, r"\( is not closed", ")", "the end of the script"),
    ("a([1, 2);", 1, 3, r"\[ is not closed", "]", r"\) in line 1"),
    ("a();\n}\nb();", 2, 1, "} closes nothing", None, None),
    ("if (a) { b() }\n  else { c() } )", 2, 16, r"\) closes nothing", None, None),
    ("a();\nb() const;\n", 2, 5, "this does not fit here", None, "const"),
    ("const a: number = 1;", 1, 7, "this does not fit here", None, "a:"),
    ("a('é', \"b);\nc();\n", 1, 8, "a text does not end on its line", None, None),
    ("a('b);\nc();\n", 1, 3, "a text does not end on its line", None, None),
    ("const a = `b ${c} d;\ne('f');\n", 1, 11, "a template does not end", None, None),
    ("a(tag`\\u`, `\\u`);", 1, 13, "this does not fit here", None, r"\\u"),
    ("a('\\u');", 1, 4, "this does not fit here", None, r"\\u"),
    ("a();\n/* b\nc();\n", 2, 1, "a comment does not end", None, None),
    ("const a = /b\n;", 1, 11, "a regular expression does not end on its line", None, None),
    ("let a = 1;\nlet b, a = 2;", 2, 8, "a is declared twice in one block", None, None),
    ("{ const a = 1; class a {} }", 1, 22, "a is declared twice in one block", None, None),
    ("import { a } from 'b';", 1, 1, "import is for modules", None, None),
    ("a();\nexport const b = 1;", 2, 1, "export is for modules", None, None),
    ("if (a) return;", 1, 8, "return is for functions", None, None),
    ("const a = await b();", 1, 11, "await is for functions that are async", None, None),
    ("const a = () => { await b(); };", 1, 19, "await is for functions that are async", None, None),
    ("const a = <b>c</b>;", 1, 11, "markup does not belong into a script", None, None),
]  # fmt: skip


@pytest.mark.parametrize("script", VALID)
def test_what_browsers_read_is_no_fault(script: str) -> None:
    assert syntax_fault(script) is None


@pytest.mark.parametrize(("script", "line", "column", "problem", "expected", "got"), BROKEN)
def test_a_fault_is_told_where_an_author_mends_it(  # noqa: PLR0913, PLR0917 - parts of a message
    script: str, line: int, column: int, problem: str, expected: str | None, got: str | None
) -> None:
    fault = syntax_fault(script)
    assert fault is not None
    place = place_at("own.js", script, fault.start)
    assert (place.line, place.column) == (line, column)
    assert re.match(problem, fault.problem)
    assert fault.expected == expected
    assert fault.got == got or re.fullmatch(got or "", fault.got or "")


def test_our_own_scripts_are_whole_and_each_without_one_of_its_brackets_is_not() -> None:
    """They are not parsed in a build."""
    files = [*built_in_templates().rglob("*.js"), *PACKAGE.rglob("*.js")]
    assert len(files) > 40
    for file in files:
        script = file.read_text(encoding="utf-8")
        assert syntax_fault(script) is None, file
        end = script.rindex("}")
        assert syntax_fault(script[:end] + script[end + 1 :]) is not None, file


def test_a_deeply_nested_script_is_read() -> None:
    deep = 5_000
    assert syntax_fault("(" * deep + "1" + ")" * deep) is None
    assert syntax_fault("[" * deep) is not None
