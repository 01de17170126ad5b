"""The Jinja that an essay's text may use: without a way out, and with an end.

Essays come from strangers too, as pull requests that a machine builds. Text calls the
functions that it is given, its own macros and the listing of tables, and nothing else: no method,
no attribute that begins with an underscore, no other file. What could grow without bound is
counted against one budget: rounds of loops, calls, and what is joined, listed or written.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType
from typing import Any, cast

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

BUDGET = 1_000_000
CALL_COST = 10  # a call takes as long as some ten rounds of a loop
# Those whose result is no larger than what they are given, and always the same.
HARMLESS_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last",
    "length", "list", "lower", "max", "min", "reject", "rejectattr", "reverse", "round", "select",
    "selectattr", "sort", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
NUMBERS = (int, float)
PROSE = "_prose"
NOT_WRITTEN = {"comment_begin", "comment", "comment_end", "raw_begin", "raw_end"}
BETWEEN = "\n\n"  # paragraphs
PARTS = ("variable", "block", "comment", "raw")
# What takes white space away, which may be that between paragraphs, or leaves tags as they are.
SPANNING = re.compile(r"-[%}#]\}\s*\n\s*\n|\n\s*\n\s*\{[{%#]-|\r|\{%[-+]?\s*raw\b")
TABLE_METHODS = ("items", "keys", "values")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja for one text, which may call `functions` and spend one BUDGET."""

    intercepted_binops = frozenset({"**", "*", "%", "+"})

    def __init__(
        self, functions: Mapping[str, Any], extensions: Iterable[type[Extension]] = ()
    ) -> None:
        super().__init__(
            extensions=list(extensions),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            finalize=self._counted,
            optimized=False,  # a text runs once, which takes less time than folding its constants
        )
        self._left = BUDGET
        self._lines: list[int] = []
        counting = {"_each": self._each, "_joined": self._joined, "_counted": self._counted}
        # Nothing of Jinja's own: `range` alone can eat all memory.
        self.globals = {**functions, **counting}
        self._callable: tuple[Any, ...] = tuple(filter(callable, self.globals.values()))
        self.filters = {name: FILTERS[name] for name in HARMLESS_FILTERS}
        self.filters["join"] = self._join

    def render_text(self, text: str) -> str:
        """Return what the Jinja of `text` writes.

        What stands between tags is handed in when the text runs. So the code that was compiled from
        its tags, which takes longer than to run it, is good until one of these is edited.
        """
        try:
            tags, prose, self._lines = self._divided(text)
            code = _compiled(tags, tuple(type(one) for one in self.extensions.values()))
        except TemplateSyntaxError:
            self.compile(text)  # which knows the line
            raise
        template = _Text.from_code(self, code, self.make_globals(None))
        return template.render({PROSE: prose})

    def line(self, compiled: int) -> int:
        """Return the line of the text for that of its compiled tags, as tracebacks name it."""
        return self._lines[compiled - 1]

    def _divided(self, text: str) -> tuple[str, list[str], list[int]]:
        """Return `text` with a tag for each piece of prose, that prose, and each line's number.

        This goes paragraph by paragraph, so that an edit costs but its own. A tag or a comment that
        goes on over an empty line, or takes one away, needs the whole text.
        """
        paragraphs = [part + BETWEEN for part in text.split(BETWEEN)]
        paragraphs[-1] = paragraphs[-1].removesuffix(BETWEEN)
        if SPANNING.search(text) or not all(map(_stands_alone, paragraphs)):
            whole = _separate(self.lex(text), 0)
            return "".join(whole.tags), list(whole.prose), [1, *whole.lines]
        tags: list[str] = []
        prose: list[str] = []
        lines = [1]
        line = 0
        goes_on = False  # the prose of one paragraph in the next, as one piece
        for paragraph in paragraphs:
            goes_on = goes_on and _begins_with_prose(paragraph)
            one = _separated(paragraph, len(prose) - goes_on)
            if goes_on:
                prose[-1] += one.prose[0]
            tags += one.tags[goes_on:]
            prose += one.prose[goes_on:]
            lines += [line + number for number in one.lines]
            line += paragraph.count("\n")
            goes_on = one.ends_with_prose
        return "".join(tags), prose, lines

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - whatever a text names
        if isinstance(getattr(obj, "__self__", None), dict):
            return obj.__name__ in TABLE_METHODS
        return isinstance(obj, Macro) or any(obj == known for known in self._callable)

    def call(
        self,
        __context: Context,
        __obj: Any,  # noqa: ANN401 - as above
        *args: Any,  # noqa: ANN401 - as above
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        self._spend(CALL_COST)
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(
        self,
        context: Context,  # noqa: ARG002 - as Jinja calls it
        operator: str,
        left: Any,  # noqa: ANN401 - whatever an expression holds
        right: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Reckon with plain numbers, as floats where they could grow without bound; add texts."""
        if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
            return OPERATORS[operator](left, right)
        if operator != "+":
            raise TypeError(f"{operator} takes two numbers")
        self._spend_on([left, right])
        return left + right

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, and have every loop and every `~` counted."""
        tree: nodes.Template = _Counting().visit(super()._parse(source, name, filename))
        return tree

    def _spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise SecurityError(f"the text takes more than {BUDGET:,} steps or characters")

    def _spend_on(self, value: object) -> None:
        """Spend the length of `value` written out, where one list may stand in another often."""
        self._spend(len(value) if isinstance(value, str) else 1)
        if isinstance(value, Mapping):
            self._spend_on([*value, *value.values()])
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._spend_on(item)

    def _each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._spend(1)
            yield item

    def _joined(self, *parts: object) -> str:
        return self._join(parts)

    def _join(self, parts: Iterable[object], separator: str = "") -> str:
        """Join as Jinja's filter of that name does."""
        kept = list(parts)
        for part in kept:
            self._spend_on(part)
            self._spend_on(separator)
        return str(separator).join(str(part) for part in kept)

    def _counted(self, value: Any) -> Any:  # noqa: ANN401 - whatever a text writes
        self._spend_on(value)
        return value


@lru_cache(maxsize=4096)
def _lexed(paragraph: str) -> list[tuple[int, str, str]]:
    """Return the tokens of a paragraph; raises what `lex` raises."""
    return list(Sandbox({}).lex(paragraph))


@dataclass(frozen=True)
class _Separated:
    """Tags with one for each piece of prose, that prose, and the lines that the tags make."""

    tags: tuple[str, ...]
    prose: tuple[str, ...]
    lines: tuple[int, ...]
    ends_with_prose: bool


@lru_cache(maxsize=4096)
def _separated(paragraph: str, pieces: int) -> _Separated:
    return _separate(_lexed(paragraph), pieces)


def _separate(tokens: Iterable[tuple[int, str, str]], pieces: int) -> _Separated:
    """Tell the tags among `tokens` from the prose, of which `pieces` came before.

    Every tag begins a line of its own, wherever it stood.
    """
    tags: list[str] = []
    prose: list[str] = []
    lines: list[int] = []
    kind = ""
    for number, kind, value in tokens:
        if kind == "data":
            tags.append(f"{{{{ {PROSE}[{pieces + len(prose)}] }}}}")
            prose.append(value)
        elif kind not in NOT_WRITTEN:
            if kind in ("block_begin", "variable_begin"):
                tags.append("{#\n#}")
                lines.append(number)
            tags.append(value)
            lines += range(number + 1, number + 1 + value.count("\n"))
    return _Separated(tuple(tags), tuple(prose), tuple(lines), kind == "data")


def _begins_with_prose(paragraph: str) -> bool:
    return [kind for _, kind, _ in _lexed(paragraph)[:1]] == ["data"]


@lru_cache(maxsize=4096)
def _stands_alone(paragraph: str) -> bool:
    """Say whether every tag that a paragraph opens ends in it."""
    try:
        kinds = Counter(kind for _, kind, _ in _lexed(paragraph))
    except TemplateSyntaxError:
        return False
    return all(kinds[f"{one}_begin"] == kinds[f"{one}_end"] for one in PARTS)


@lru_cache(maxsize=64)
def _compiled(tags: str, extensions: tuple[type[Extension], ...]) -> CodeType:
    return Sandbox({}, extensions).compile(tags)


class _Text(Template):
    """A compiled text that knows its lines, and does not read them anew at every question."""

    @cached_property
    def debug_info(self) -> list[tuple[int, int]]:
        return super().debug_info


class _Counting(NodeTransformer):
    """Leads loops and joins past the budget."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - the name Jinja calls
        self.generic_visit(node)
        node.iter = _call("_each", [cast("nodes.Expr", node.iter)], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call("_joined", list(node.nodes), node.lineno)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call("_counted", [node], node.lineno)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call("_counted", [node], node.lineno)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call("_counted", [node], node.lineno) if node.ctx == "load" else node


def _call(name: str, arguments: list[nodes.Expr], line: int) -> nodes.Expr:
    call = nodes.Call(nodes.Name(name, "load"), arguments, [], None, None)
    call.set_lineno(line)
    return call


def _product(left: float, right: float) -> float:
    return float(left) * float(right)


def _remainder(left: float, right: float) -> float:
    return left % right


def _sum(left: float, right: float) -> float:
    return left + right


OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "*": _product,
    "**": math.pow,
    "%": _remainder,
    "+": _sum,
}
