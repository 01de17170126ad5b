"""A style of an essay's own that would swallow those after it is refused at its line."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.templates import built_in_templates
from netviz.figures.registry import BUILT_IN
from netviz.publishing.assets import joined_style
from netviz.publishing.own_styles import left_open


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("p { color: red }\n\nnv-own { color: red", ":3:8: a brace is not closed. Close it with }"),
        ("p { color: red } }", ":1:18: a brace is closed that nothing opened"),
        ("p { color: red }\n/* nv-own { }", ":2:1: a comment does not end"),
        ('p::before { content: "a; }\n', ":1:22: a text does not end on its line"),
        ("p { content: 'a }\n", ":1:14: a text does not end on its line. End it with '."),
    ],
)
def test_what_a_style_leaves_open_is_told_with_its_line(
    css: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "50-own.css").write_text(css, encoding="utf-8")
    with pytest.raises(EssayError) as told:
        joined_style([tmp_path, built_in_templates()], [])
    assert f"50-own.css{said}" in str(told.value)


@pytest.mark.parametrize(
    "css",
    [
        "",
        "@media print { p { color: red } }",
        '/* { */ p::after { content: \'}\' attr(x) "{\\""; background: url(a.svg) }',
        ".a\\{ { color: red }",
        'p { content: "two \\\nlines" }',
    ],
)
def test_a_whole_style_passes(css: str) -> None:
    assert left_open(css) is None


def test_our_own_styles_are_whole() -> None:
    """They are not looked at again in each build."""
    files = [*built_in_templates().rglob("*.css"), *BUILT_IN.rglob("*.css")]
    assert len(files) > 20
    assert [file for file in files if left_open(file.read_text(encoding="utf-8"))] == []
