"""A template that has no effect, since its name or its folder is another, is told by a check."""

from pathlib import Path

import pytest

from netviz.publishing.unused_templates import unused_of_figures, unused_templates


def plant(essay: Path, name: str, text: str = "") -> None:
    file = essay / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("templates/esay.html", "did you mean essay.html?"),
        ("templates/css/old/50-own.css", "expected the name of one of netviz's, or a file in css"),
        ("templates/50-own.css", "no page is made of this file"),
        ("templates/js/own.js", "no page is made of this file"),
        ("templates/base.HTML", "did you mean base.html?"),
        ("templates/css/50-own.CSS", "no page is made of this file"),
        ("templates/languages/de.TOML", "no page is made of this file"),
    ],
)
def test_a_file_without_effect_is_told(name: str, nearest: str, tmp_path: Path) -> None:
    plant(tmp_path, name)
    (fault,) = unused_templates(tmp_path)
    assert str(fault).startswith(f"{tmp_path / name}: no page is made of this file")
    assert nearest in str(fault)


@pytest.mark.parametrize(
    "name",
    ["essay.html", "js/core.js", "js/parts/own.js", "css/50-own.css", "languages/de.toml",
     "fonts/own.woff2", "assets/logo.svg", "assets/LOGO.SVG", "fonts/OWN.TTF", "css/.#50-own.css",
     "README.md"],
)  # fmt: skip
def test_what_has_effect_is_not(name: str, tmp_path: Path) -> None:
    plant(tmp_path, f"templates/{name}")
    assert list(unused_templates(tmp_path)) == []


@pytest.mark.parametrize("by", ["templates/essay.html", "figures/own/own.html"])
def test_a_template_that_another_brings_in_is_used(by: str, tmp_path: Path) -> None:
    plant(tmp_path, "templates/credits.html")
    assert len(list(unused_templates(tmp_path))) == 1
    plant(tmp_path, by, '{% include "credits.html" %}')
    assert list(unused_templates(tmp_path)) == []


def test_an_essay_without_templates_has_none(tmp_path: Path) -> None:
    assert list(unused_templates(tmp_path)) == []


def test_a_file_of_a_figure_that_is_not_read_for_its_capitals_is_told(tmp_path: Path) -> None:
    for name in ("box.py", "box.html", "box.CSS", "Box.js", "notes.TXT"):
        plant(tmp_path, f"figures/box/{name}")
    first, second = map(str, unused_of_figures(tmp_path))
    assert first.startswith(f"{tmp_path / 'figures' / 'box' / 'Box.js'}: the figure does not read")
    assert "expected box.js. Rename it: capitals count." in first
    assert "box.CSS" in second
