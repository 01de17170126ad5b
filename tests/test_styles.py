"""Styles say start and end, not left and right, so that a page can run from right to left.

What has to stay left or right all the same (digits, formulas, strips of pictures) says why in a
comment on the line before it that begins with "physical:".
"""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
STYLES = sorted(
    file
    for folder in (
        "templates/css",
        "templates/embed",
        "src/netviz/figures",
        "src/netviz/commands/starter",
    )
    for file in (PROJECT / folder).rglob("*.css")
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
REASON = re.compile(r"/\* physical: .{8,}\*/$")
DECLARATION = re.compile(r"(?<=[{;\s])([a-z-]+):\s*([^;{}]+)")
SIDE = re.compile(r"(?<![\w-])(left|right)(?![\w-])")
# Names of sides in a property, or in a value that places or paints something.
SIDED_PROPERTY = re.compile(
    r"(left|right)|(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?"
    r"|border-(top|bottom)-(left|right)-radius"
)
SIDED_VALUE = re.compile(
    r"text-align(-last)?|float|clear|background(-image|-position|-position-x)?|mask(-image|-position)?"
    r"|object-position|transform-origin|perspective-origin|caption-side|justify-[a-z]+"
)
FOUR_SIDES = re.compile(
    r"(margin|padding|inset|border-(width|color|style)|scroll-(margin|padding))"
)
VALUE = re.compile(r"(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")


def physical(declarations: str) -> list[str]:
    """Return the declarations that name a side, or that differ between left and right."""
    return [
        f"{name}: {value.strip()}"
        for name, value in DECLARATION.findall(declarations)
        if not name.startswith("--") and is_physical(name, value)
    ]


def is_physical(name: str, value: str) -> bool:
    if SIDED_PROPERTY.fullmatch(name):
        return True
    if SIDED_VALUE.fullmatch(name):
        return bool(SIDE.search(value))
    parts = VALUE.findall(value)
    if FOUR_SIDES.fullmatch(name):
        return len(parts) == 4 and parts[1] != parts[3]
    if name == "border-radius":
        return "/" in value or (len(parts) > 1 and len({*parts}) > 1)
    return name in ("transform", "translate") and ("translateX" in value or name == "translate")


def faults(text: str) -> list[str]:
    """Return the lines that say left or right, and give no reason on the line before."""
    lines = ["", *text.splitlines()]
    bare = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text).splitlines()
    return [
        f"{number}: {'; '.join(said)}"
        for number, line in enumerate(bare, 1)
        if (said := physical(line)) and not REASON.search(lines[number - 1].strip())
    ]


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.stem)
def test_styles_say_start_and_end(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "declaration",
    [
        "margin-left: 1rem",
        "padding-right: 0",
        "border-left: 3px solid",
        "border-left-width: 0",
        "border-top-left-radius: 4px",
        "left: 0",
        "right: calc(1rem + 2px)",
        "text-align: right",
        "float: left",
        "margin: 0 1rem 0 0",
        "padding: 0 calc(1rem + 2px) 0 1rem",
        "inset: 0 auto 0 0",
        "border-radius: 4px 0 0 4px",
        "background: linear-gradient(to right, #000, #fff)",
        "transform: translateX(4px)",
    ],
)
def test_a_side_is_found(declaration: str) -> None:
    assert faults(f"p {{ color: red; {declaration}; }}") != []
    assert faults(f"/* physical: digits do so. */\np {{ {declaration}; }}") == []
    assert faults(f"/* It looks better. */\np {{ {declaration}; }}") != []


@pytest.mark.parametrize(
    "declaration",
    [
        "margin: 0 auto 1rem auto",
        "margin-inline-start: 1rem",
        "text-align: start",
        "inset-inline-end: 1rem",
        "border-radius: 4px",
        "color: var(--nv-right)",
        "background: rgb(var(--nv-right-rgb) / calc(var(--nv-shade) * 0.55))",
        "padding: 0.35rem 0.6rem",
        "--left: 0",
    ],
)
def test_what_has_no_side_is_let_pass(declaration: str) -> None:
    assert faults(f"p {{ {declaration}; }}") == []
