"""What is wrong with the syntax of a script, found without running it.

The parser is tree-sitter's of JavaScript. It goes on after an error, so that what it leaves open
can be told by the place where it was opened, which browsers do not say. It is more lenient than a
browser in rare things (a name declared twice in two ways, what a regular expression holds): no
fault here is no promise. What is a fault here is one in every browser, but for syntax that is
newer than the parser.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

CLOSING = {"(": ")", "[": "]", "{": "}", "${": "}"}
# What is between two of these; a comment and a regular expression have no sign of their own.
QUOTES = {'"': "a text does not end on its line", "'": "a text does not end on its line",
          "`": "a template does not end"}  # fmt: skip
MODULES = {"import_statement", "export_statement"}
MARKUP = {"jsx_element", "jsx_self_closing_element"}
FUNCTIONS = {
    "arrow_function", "function_declaration", "function_expression", "generator_function",
    "generator_function_declaration", "method_definition",
}  # fmt: skip
BLOCKS = {"program", "statement_block"}
NAMED_ONCE = {"class_declaration", "lexical_declaration"}
# An escape that only templates with a tag may have: String.raw`\usepackage`.
ODD_ESCAPE = re.compile(rb"\\(?:u(?!\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4})|x(?![0-9a-fA-F]{2})|[0-9])")
SHOWN = 40  # characters of a script in a message


@dataclass(frozen=True)
class SyntaxFault:
    """A fault at the character `start` of a script; `got` and `expected` may say more."""

    start: int
    problem: str
    expected: str | None = None
    got: str | None = None


def syntax_fault(script: str) -> SyntaxFault | None:
    """Return the syntax fault with the clearest message, or None where there is none."""
    source = script.encode()
    found = _parsed(source)
    if found.is_broken and ODD_ESCAPE.search(source):
        found = _parsed(_with_plain_escapes(source))
    return found.broken() if found.is_broken else found.forbidden()


def _parsed(source: bytes) -> "_Script":
    return _Script(source, tuple(_nodes(_parser().parse(source).root_node)))


def _with_plain_escapes(source: bytes) -> bytes:
    """Return `source` with other escapes, as long, where the parser is wrong to refuse them.

    That is in templates with a tag, which may hold any.
    """
    plain = _parsed(ODD_ESCAPE.sub(rb"\\_", source))
    return ODD_ESCAPE.sub(
        lambda found: rb"\_" if plain.is_tagged_at(found.start()) else found[0], source
    )


@cache
def _parser() -> "Parser":
    """Return the parser, which is loaded only where there is something to parse."""
    import tree_sitter_javascript  # noqa: PLC0415 - as the docstring says
    from tree_sitter import Language, Parser  # noqa: PLC0415 - as above

    return Parser(Language(tree_sitter_javascript.language()))


def _nodes(root: "Node") -> Iterator["Node"]:
    """Yield the node and all in it, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


@dataclass(frozen=True)
class _Script:
    """A script that was parsed: its source, and all nodes of its tree in the order of the text."""

    source: bytes
    nodes: tuple["Node", ...]

    @property
    def is_broken(self) -> bool:
        return self.nodes[0].has_error

    def is_tagged_at(self, byte: int) -> bool:
        """Say whether a template with a tag is at the `byte` of the source."""
        inner = self.nodes[0].descendant_for_byte_range(byte, byte + 1)
        around = [] if inner is None else [inner, *_around(inner)]
        template = next((one for one in around if one.type == "template_string"), None)
        tagged = template.parent if template is not None else None
        return tagged is not None and tagged.type == "call_expression"

    def broken(self) -> SyntaxFault:
        """Return what the parser could not read: what stays open before what is unexpected."""
        return self._unended() or self._unclosed() or self._unexpected()

    def forbidden(self) -> SyntaxFault | None:
        """Return what is well formed, but forbidden in a script that is no module."""
        for node in self.nodes:
            if node.type in MODULES:
                problem = f"{self._text(node).split()[0]} is for modules, and this is a script"
                return self._fault(node, problem)
            if node.type in MARKUP:
                return self._fault(node, "markup does not belong into a script")
            if node.type == "return_statement" and not _is_in_function(node):
                return self._fault(node, "return is for functions, and here is none")
            if node.type == "await_expression" and _awaits_a_name(node) and not _is_async(node):
                return self._fault(node, "await is for functions that are async, and here is none")
            if node.type in BLOCKS and (twice := self._declared_twice(node)) is not None:
                return self._fault(twice, f"{self._text(twice)} is declared twice in one block")
        return None

    def _unended(self) -> SyntaxFault | None:
        """Return a text, a template, a regular expression or a comment that does not end."""
        for node in self.nodes:
            inside = node.parent
            if node.type in QUOTES and inside is not None and inside.is_error:
                return self._fault(node, QUOTES[node.type])
            if node.is_error and self._text(node).startswith("/*"):
                return self._fault(node, "a comment does not end")
            if node.is_missing and inside is not None and inside.type == "regex":
                return self._fault(inside, "a regular expression does not end on its line")
        return None

    def _unclosed(self) -> SyntaxFault | None:
        """Return a bracket that is not closed, or that closes nothing."""
        opened: list[Node] = []
        for node in self.nodes:
            if node.child_count or node.is_missing:
                continue
            if node.type in CLOSING:
                opened.append(node)
            elif node.type in CLOSING.values():
                if not opened:
                    return self._fault(node, f"{node.type} closes nothing")
                last = opened.pop()
                if CLOSING[last.type] != node.type:
                    got = f"{node.type} in line {node.start_point.row + 1}"
                    return self._open(last, got)
        return self._open(opened[-1], "the end of the script") if opened else None

    def _open(self, bracket: "Node", got: str) -> SyntaxFault:
        closing = CLOSING[bracket.type]
        return self._fault(bracket, f"{bracket.type} is not closed", expected=closing, got=got)

    def _unexpected(self) -> SyntaxFault:
        """Return the first thing that is missing or that does not fit."""
        for node in self.nodes:
            if node.is_missing:
                what = "a name" if "identifier" in node.type else node.type
                return self._fault(node, f"{what} is missing here")
            if node.is_error:
                line = self._text(node).splitlines()[0][:SHOWN]
                return self._fault(node, "this does not fit here", got=line)
        raise AssertionError("the parser found an error and marks none")

    def _declared_twice(self, block: "Node") -> "Node | None":
        """Return the second name of two that one block declares by let, const or class."""
        seen: Counter[str] = Counter()
        for statement in block.children:
            if statement.type not in NAMED_ONCE:
                continue
            declared = [statement, *statement.children]
            names = (one.child_by_field_name("name") for one in declared)
            for name in names:
                if name is not None and name.type == "identifier":
                    seen[self._text(name)] += 1
                    if seen[self._text(name)] > 1:
                        return name
        return None

    def _text(self, node: "Node") -> str:
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def _fault(
        self, node: "Node", problem: str, expected: str | None = None, got: str | None = None
    ) -> SyntaxFault:
        start = len(self.source[: node.start_byte].decode(errors="replace"))
        return SyntaxFault(start, problem, expected, got)


def _around(node: "Node") -> Iterator["Node"]:
    """Yield what `node` is in, from the inside out."""
    inside = node.parent
    while inside is not None:
        yield inside
        inside = inside.parent


def _is_in_function(node: "Node") -> bool:
    return any(one.type in FUNCTIONS for one in _around(node))


def _is_async(node: "Node") -> bool:
    """Say whether the innermost function around `node` is async."""
    inner = next((one for one in _around(node) if one.type in FUNCTIONS), None)
    return inner is not None and any(child.type == "async" for child in inner.children)


def _awaits_a_name(node: "Node") -> bool:
    """Say whether `await` stands before a name, so that it cannot be a name itself."""
    awaited = node.children[-1]
    first = next(one for one in _nodes(awaited) if not one.child_count)
    is_on_line = first.start_point.row == node.start_point.row
    return is_on_line and first.type in {"identifier", "this", "new"}
