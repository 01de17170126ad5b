"""What differs between systems is said in the code: how texts are encoded, and how lines end."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import netviz

SOURCE = Path(netviz.__file__).parent


def faults(text: str) -> Iterator[str]:
    """Yield each call in a module that reads or writes a text by the habits of the system."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and (name := _name(node)):
            given = {word.arg for word in node.keywords}
            if name == "read_text" and not given and not node.args:
                yield f"line {node.lineno}: {name} without an encoding"
            if name == "write_text" and "newline" not in given:
                yield f"line {node.lineno}: {name} without an end of lines"
            if name in ("open", "fdopen") and _writes_text(node) and "newline" not in given:
                yield f"line {node.lineno}: {name} without an end of lines"


def _name(call: ast.Call) -> str:
    is_known = isinstance(call.func, (ast.Name, ast.Attribute))
    return getattr(call.func, "attr", getattr(call.func, "id", "")) if is_known else ""


def _writes_text(call: ast.Call) -> bool:
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    modes = [one.value for one in given if isinstance(one, ast.Constant)]
    return any(mode in ("w", "a", "x", "wt", "xt", "w+") for mode in modes)


def test_texts_are_read_and_written_alike_on_every_system() -> None:
    """A file of a site ends its lines in the same way wherever it is built."""
    found = {
        str(file.relative_to(SOURCE)): list(faults(file.read_text(encoding="utf-8")))
        for file in SOURCE.rglob("*.py")
    }
    assert len(found) > 100
    assert {file: said for file, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "text",
    [
        "file.read_text()",
        'file.write_text("a", encoding="utf-8")',
        'file.open("w", encoding="utf-8")',
        'os.fdopen(descriptor, "w", encoding="utf-8")',
        'open(file, mode="a", encoding="utf-8")',
    ],
)
def test_a_planted_habit_is_found(text: str) -> None:
    assert len(list(faults(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        'file.read_text("utf-8")',
        "read_text(file)",
        'file.open("wb")',
        'file.write_text("a", encoding="utf-8", newline="\\n")',
    ],
)
def test_what_says_it_passes(text: str) -> None:
    assert list(faults(text)) == []
