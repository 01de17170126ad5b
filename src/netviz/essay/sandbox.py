"""The sandboxed Jinja of an essay's text: the functions that it may call, within a budget.

Essays come from strangers too, as pull requests that a machine builds. Text calls the
functions that it is given, its own macros and the listing of tables, and nothing else: no method,
no attribute that begins with an underscore, no other file. All that it does is counted against one
budget (`essay/budget.py`).
"""

import hashlib
import inspect
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any, cast

from jinja2 import BytecodeCache, StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from netviz.essay import comments
from netviz.essay.budget import CALL_COST, NUMBERS, Budget
from netviz.essay.template_errors import innermost_frame

# No author can write these names, since none begins with a digit. So nobody can call what they
# stand for, nor give them another meaning.
EACH, JOINED, WEIGHED = "0each", "0joined", "0weighed"
PROSE = "_prose"
NOT_WRITTEN = {"comment_begin", "comment", "comment_end", "raw_begin", "raw_end"}
BETWEEN = "\n\n"  # paragraphs
PARTS = ("variable", "block", "comment", "raw")
# What takes white space away before or behind it, which may be that between paragraphs. Comments
# have marks of their own by then (comments.py).
STRIPPING = re.compile(r"-(?:[%}]\}|#\ufdd0)(\s++)|(?<!\s)(\s++)(?:\{[{%]|\ufdd0#)-")
VERBATIM = re.compile(r"\r|\{%[-+]?\s*raw\b")  # what leaves tags as they are, or lines
TABLE_METHODS = ("items", "keys", "values")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja for one text, which may call `functions` and spend one BUDGET.

    Each of `functions` is called with the line of its call in the text as first argument. Where
    `strict`, what could not be measured is refused where it would be written (`unmeasured.py`).
    """

    intercepted_binops = frozenset({"**", "*", "%", "+"})

    def __init__(
        self,
        functions: Mapping[str, Any],
        extensions: Iterable[type[Extension]] = (),
        own_names: frozenset[str] | None = None,
        *,
        strict: bool = True,
    ) -> None:
        self._budget = Budget(strict=strict)
        super().__init__(
            extensions=list(extensions),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            comment_start_string=comments.START,
            comment_end_string=comments.END,
            finalize=self._written,
            optimized=False,  # a text runs once, which takes less time than folding its constants
        )
        self._lines: list[int] = []
        budget = self._budget
        counting = {EACH: budget.each, JOINED: self._joined, WEIGHED: budget.weighed}
        # Nothing of Jinja's own: `range` alone can eat all memory.
        self.globals = {**functions, **counting}
        called = [name for name, one in functions.items() if callable(one)]
        self.own_names = frozenset(called) if own_names is None else own_names
        self._located = tuple(filter(callable, functions.values()))
        self._callable: tuple[Any, ...] = (*self._located, *counting.values())
        self.filters = budget.filters
        self.tests = budget.tests

    def render_text(self, text: str, name: str = "", compiled: BytecodeCache | None = None) -> str:
        """Return what the Jinja of `text` writes.

        The text between tags is an argument of the compiled code. So the code, which takes longer
        to compile than to run, is valid until a tag is edited; `compiled` keeps it by the text's
        `name` from one process to the next.
        """
        text = comments.with_marks(text)
        try:
            tags, prose, self._lines = self._divided(text)
            code = self._code(tags, name, compiled)
        except TemplateSyntaxError:
            self.compile(text)  # which knows the line
            raise
        template = _Text.from_code(self, code, self.make_globals(None))
        return comments.restored(template.render({PROSE: prose}))

    def _code(self, tags: str, name: str, compiled: BytecodeCache | None) -> CodeType:
        extensions = tuple(type(one) for one in self.extensions.values())
        if compiled is None:
            return _compiled(tags, extensions, self.own_names)
        source = "\n".join([_meaning(extensions), *sorted(self.own_names), tags])
        bucket = compiled.get_bucket(self, name, None, source)
        if bucket.code is None:
            bucket.code = _compiled(tags, extensions, self.own_names)
            compiled.set_bucket(bucket)
        return bucket.code

    def line(self, compiled: int) -> int:
        """Return the line of the text for that of its compiled tags."""
        return self._lines[compiled - 1]

    def line_of(self, error: Exception) -> int | None:
        """Return the line of the text at which `error` was raised, or None where none was."""
        if isinstance(error, TemplateSyntaxError):
            return error.lineno
        frame = innermost_frame(error)
        return self.line(frame[1]) if frame else None

    def _divided(self, text: str) -> tuple[str, list[str], list[int]]:
        """Return `text` with a tag for each piece of prose, that prose, and each line's number.

        This goes paragraph by paragraph, so that an edit costs but its own. A tag or a comment that
        goes on over an empty line, or takes one away, needs the whole text.
        """
        paragraphs = [part + BETWEEN for part in text.split(BETWEEN)]
        paragraphs[-1] = paragraphs[-1].removesuffix(BETWEEN)
        if _goes_across(text) or not all(map(_stands_alone, paragraphs)):
            whole = _separate(self.lex(text), 0)
            return "".join(whole.tags), list(whole.prose), [1, *whole.lines]
        tags: list[str] = []
        prose: list[list[str]] = []
        lines = [1]
        line = 0
        goes_on = False  # the prose of one paragraph in the next, as one piece
        for paragraph in paragraphs:
            goes_on = goes_on and _begins_with_prose(paragraph)
            one = _separated(paragraph, len(prose) - goes_on)
            if goes_on:
                prose[-1].append(one.prose[0])
            tags += one.tags[goes_on:]
            prose += [[piece] for piece in one.prose[goes_on:]]
            lines += [line + number for number in one.lines]
            line += paragraph.count("\n")
            goes_on = one.ends_with_prose
        return "".join(tags), ["".join(pieces) for pieces in prose], lines

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - whatever a text names
        if isinstance(getattr(obj, "__self__", None), dict):
            return obj.__name__ in TABLE_METHODS
        return isinstance(obj, Macro) or any(obj == known for known in self._callable)

    def call(
        self,
        __context: Context,
        __obj: Any,  # noqa: ANN401 - as above
        __line: int,
        *args: Any,  # noqa: ANN401 - as above
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Call what a text may call; `__line` is that of the compiled tags (see _Counting)."""
        self._budget.spend(CALL_COST + len(args) + len(kwargs))
        if any(__obj == known for known in self._located):
            args = (self.line(__line), *args)
        result = super().call(__context, __obj, *args, **kwargs)
        if isinstance(result, str):
            self._budget.spend_on(result)
        return result

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
        self._budget.spend_on([left, right])
        return left + right

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, and have every loop and every `~` counted."""
        parsed = super()._parse(source, name, filename)
        _refuse_other_meanings(parsed, self.own_names | {PROSE})
        tree: nodes.Template = _Counting().visit(parsed)
        return tree

    def _joined(self, *parts: object) -> str:
        return self._budget.join(parts)

    @pass_context  # or Jinja would write out constants when it compiles, where nobody counts
    def _written(self, _context: Context, value: Any) -> Any:  # noqa: ANN401 - whatever a text writes
        return self._budget.written(self._budget.weighed(value))


@lru_cache(maxsize=4096)
def _lexed(paragraph: str) -> list[tuple[int, str, str]]:
    """Return the tokens of a paragraph; raises what `lex` raises."""
    return list(_lexer().lex(paragraph))


@cache
def _lexer() -> Sandbox:
    return Sandbox({})


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

    Every tag begins a line of its own, wherever it was in the source.
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
                tags.append(f"{comments.START}\n{comments.END}")
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


def _goes_across(text: str) -> bool:
    """Say whether a tag may take away what is between two paragraphs, or leave tags as they are."""
    between = max(map("\n".count, ("".join(one) for one in STRIPPING.findall(text))), default=0)
    return between > 1 or VERBATIM.search(text) is not None


@lru_cache(maxsize=64)
def _compiled(
    tags: str, extensions: tuple[type[Extension], ...], own_names: frozenset[str]
) -> CodeType:
    return Sandbox({}, extensions, own_names).compile(tags)


@cache
def _meaning(extensions: tuple[type[Extension], ...]) -> str:
    """Return what changes when tags are compiled to other code: our own that does it."""
    files = [__file__, *(inspect.getfile(one) for one in extensions)]
    return " ".join(hashlib.sha256(Path(one).read_bytes()).hexdigest() for one in files)


def _refuse_other_meanings(tree: nodes.Template, own_names: frozenset[str]) -> None:
    """Refuse a text that gives a name of netviz's own another meaning.

    Raises:
        TemplateSyntaxError: a loop, a macro or a `set` uses such a name for its own.
    """
    given = [(one.name, one) for one in tree.find_all(nodes.Name) if one.ctx != "load"]
    macros = [(one.name, one) for one in tree.find_all(nodes.Macro)]
    for name, node in (*given, *macros):
        if name in own_names:
            said = f"{name!r} is a name of netviz's own; give yours another"
            raise TemplateSyntaxError(said, node.lineno)


class _Text(Template):
    """A compiled text that reads its table of lines only once."""

    @cached_property
    def debug_info(self) -> list[tuple[int, int]]:
        return super().debug_info


class _Counting(NodeTransformer):
    """Leads loops, joins, comparisons and what is made past the budget, and numbers calls.

    Every call gets its line as a first argument that no author writes.
    """

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name Jinja calls
        self.generic_visit(node)
        node.args.insert(0, nodes.Const(node.lineno))
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        node.iter = _call(EACH, [cast("nodes.Expr", node.iter)], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call(JOINED, list(node.nodes), node.lineno)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call(WEIGHED, [node], node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        node.expr = _weighed(node.expr)
        for operand in node.ops:
            operand.expr = _weighed(operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call(WEIGHED, [node], node.lineno) if isinstance(node.arg, nodes.Slice) else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call(WEIGHED, [node], node.lineno)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 - as above
        self.generic_visit(node)
        return _call(WEIGHED, [node], node.lineno) if node.ctx == "load" else node


def _weighed(node: nodes.Expr) -> nodes.Expr:
    is_number = isinstance(node, nodes.Const) and not isinstance(node.value, str)
    return node if is_number else _call(WEIGHED, [node], node.lineno)


def _call(name: str, arguments: list[nodes.Expr], line: int) -> nodes.Expr:
    line_first = [nodes.Const(line), *arguments]
    call = nodes.Call(nodes.Name(name, "load"), line_first, [], None, None)
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
