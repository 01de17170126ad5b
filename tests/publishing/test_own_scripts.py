"""A broken script of an essay's own ends a build before anything is trained, and is told whole."""

from pathlib import Path

import pytest

from netviz.essay.opening import open_essay
from netviz.essay.templates import built_in_templates
from netviz.publishing.own_scripts import own_scripts, script_fault, unreadable
from tests.essays import FRONT, build, content, netviz, write_essay

OPEN = 'netviz.define("nv-mine", class extends netviz.Figure {\n  enhance() {\n    f(1;\n  }\n});\n'
WHOLE = OPEN.replace("f(1;", "f(1);")
TOLD = "mine.js:3:6: ( is not closed; expected ); got } in line 4. A browser would run none of it"
MODULE = """
from dataclasses import dataclass
from netviz.figures.figure import Drawing


@dataclass(frozen=True)
class Arguments:
    pass


def draw(arguments, materials, output):
    return Drawing("It is.", "It.")
"""
CALL = f'{FRONT}\n{{{{ figure("mine") }}}}\n'


def figure(essay: Path, script: str = WHOLE, word: str = "mine") -> Path:
    """Write a figure of the essay's own; return the file of its script."""
    folder = essay / "figures" / word
    folder.mkdir(parents=True, exist_ok=True)
    tag = f"nv-{word}"
    (folder / f"{word}.py").write_text(MODULE, encoding="utf-8")
    (folder / f"{word}.html").write_text(f"<{tag}><p>It.</p></{tag}>", encoding="utf-8")
    file = folder / f"{word}.js"
    file.write_text(script, encoding="utf-8")
    return file


def told(essay: Path) -> list[str]:
    return [str(fault) for fault in unreadable(own_scripts(open_essay(essay)))]


@pytest.mark.slow
def test_a_broken_script_ends_a_build_with_its_line_and_leaves_the_last_site(
    tmp_path: Path,
) -> None:
    essay = write_essay(tmp_path / "essay", CALL, "")
    script, site = figure(essay), tmp_path / "build" / "site"
    assert build(essay).returncode == 0
    before = content(site)
    assert any(path.startswith("assets/mine.") for path in before)
    script.write_text(OPEN, encoding="utf-8")
    parts = essay / "templates" / "js" / "parts"
    parts.mkdir(parents=True)
    (parts / "zoom.js").write_text("zoom('in);\n", encoding="utf-8")
    ended = build(essay)
    assert ended.returncode == 1
    for said in (TOLD, "parts/zoom.js:1:6: a text does not end on its line"):
        assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert content(site) == before
    checked = netviz(essay, "check", str(essay))
    assert checked.returncode == 1
    assert TOLD in checked.stdout
    assert build(essay, "--no-own-code").stderr.count("mine.js") == 0


def test_the_scripts_of_figures_that_no_page_names_are_left_alone(tmp_path: Path) -> None:
    essay = write_essay(tmp_path / "essay", FRONT, "")
    figure(essay, OPEN)
    assert told(essay) == []
    write_essay(essay, CALL, "")
    assert len(told(essay)) == 1


def test_a_syntax_that_the_parser_does_not_know_can_be_said_to_be_one(tmp_path: Path) -> None:
    file = figure(tmp_path)
    for head in ("// own syntax: decorators\n", "\n/* own syntax: decorators */ "):
        file.write_text(head + OPEN, encoding="utf-8")
        assert script_fault(file) is None
    for head in ("// own syntax:\n", "a(); // own syntax: late\n"):
        file.write_text(head + OPEN, encoding="utf-8")
        assert script_fault(file) is not None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (WHOLE, []),
        (WHOLE.replace('"nv-mine"', "`nv-${word}`"), []),  # which only a browser can tell
        (WHOLE.replace("mine", "mien"), ["mine.js:1:16: the script does not define <nv-mine"]),
        ("// to come\n", ["mine.js:1:1: the script does not define <nv-mine>"]),
    ],
)  # fmt: skip
def test_a_script_has_to_define_the_element_of_its_figure(
    tmp_path: Path, script: str, said: list[str]
) -> None:
    essay = write_essay(tmp_path / "essay", CALL, "")
    file = figure(essay, script)
    found = told(essay)
    assert len(found) == len(said)
    assert all(part in one for part, one in zip(said, found, strict=True))
    file.with_suffix(".html").write_text("<nv-mine-too></nv-mine-too>", encoding="utf-8")
    assert told(essay) == []


def test_an_own_base_template_has_to_load_the_scripts_of_own_figures(tmp_path: Path) -> None:
    essay = write_essay(tmp_path / "essay", CALL, "")
    figure(essay)
    (essay / "templates").mkdir()
    base = (built_in_templates() / "base.html").read_text(encoding="utf-8")
    start, end = base.index("{% for one in own_scripts"), base.index("</head>")
    (essay / "templates" / "base.html").write_text(base[:start] + base[end:], encoding="utf-8")
    ended = build(essay)
    assert ended.returncode == 1
    assert "templates/base.html: the page does not load the scripts of the essay's own" in (
        ended.stderr
    )


@pytest.mark.slow
def test_a_script_that_takes_too_long_to_parse_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETVIZ_READING_SECONDS", "2")
    essay = write_essay(tmp_path / "essay", CALL, "")
    figure(essay, "a=>" * 100_000)
    ended = build(essay)
    assert ended.returncode == 1
    assert "mine.js: this takes too long to read; expected at most 2 seconds" in ended.stderr
