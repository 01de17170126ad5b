"""Code that an essay brings along is named before it runs, and can be left out."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from netviz.build.own_code import IN_TEMPLATES, own_code_said
from netviz.commands.start import template_names
from netviz.essay.templates import built_in_templates
from tests.essays import FRONT, command

FIGURE = '''"""A figure of the author's own."""

from dataclasses import dataclass
from pathlib import Path

from netviz.figures.figure import Drawing

Path("it-ran").touch()


@dataclass(frozen=True)
class Arguments:
    pass


def draw(arguments, materials, output):
    return Drawing(finding="A box.", caption="A box.")
'''
HEAD = f"{FRONT}\n"
NAMED = "the essay's own figures: own_box, weights (in place of netviz's)"
LEFT_OUT = "leaves out the essay's own templates and scripts: templates/css/own.css, "


def test_no_kind_of_template_is_left_out() -> None:
    """Each file that an essay's own may replace is named before it is published."""
    folder = built_in_templates()
    files = [file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file()]
    replaced = [file for file in files if file.parts[0] != "languages"]
    unsaid = [str(file) for file in replaced if not any(map(file.match, IN_TEMPLATES))]
    assert not unsaid
    text = [file.as_posix() for file in replaced if file.suffix in (".html", ".css", ".js")]
    assert sorted(text) == sorted(template_names())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    essay = folder / "essay"
    for name, text in {
        "essay.toml": "sample = true\n",
        "index.md": HEAD + "First.\n\n{{ figure('own_box') }}\n",
        "figures/own_box/own_box.py": FIGURE,
        "figures/own_box/own_box.html": "<nv-own-box></nv-own-box>",
        "figures/weights/weights.py": FIGURE,
        "templates/js/parts/own.js": "window.theirs = 1;",
        "templates/embed/own.js": "window.theirs = 2;",
        "templates/css/own.css": ".theirs { color: red }",
        "templates/404.html": "<html><head><!-- own policy: none is there --></head>theirs</html>",
        "templates/languages/en.toml": 'name = "Englisch"\n',
    }.items():
        (essay / name).parent.mkdir(parents=True, exist_ok=True)
        (essay / name).write_text(text, encoding="utf-8")
    return folder


def netviz(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    (folder / "it-ran").unlink(missing_ok=True)
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(folder / "data")}
    return command(folder, *arguments, environment=environment)


def ran(folder: Path) -> bool:
    return (folder / "it-ran").exists()


def published(folder: Path) -> str:
    return "\n".join(
        file.read_text(encoding="utf-8")
        for kind in ("html", "js", "css")
        for file in (folder / "build" / "site").rglob(f"*.{kind}")
    )


def test_a_build_and_a_check_name_what_they_run_before_they_do(folder: Path) -> None:
    built = netviz(folder, "build")
    assert built.returncode == 0, built.stderr
    first, second, *_ = built.stderr.splitlines()
    assert first == f"runs {NAMED}"
    assert second.startswith("publishes the essay's own templates and scripts: templates/404.html")
    assert ran(folder)
    assert "theirs" in published(folder)
    checked = netviz(folder, "check")
    assert f"runs {NAMED}" in checked.stderr.splitlines()
    assert ran(folder)


@pytest.mark.parametrize("command", ["build", "check"])
def test_without_own_code_a_call_of_it_is_refused_at_its_line(command: str, folder: Path) -> None:
    netviz(folder, "build")  # so that a check has measurements to read the text against
    refused = netviz(folder, command, "--no-own-code")
    assert refused.returncode == 1
    assert not ran(folder)
    said = refused.stdout + refused.stderr
    assert f"does not run {NAMED}" in said
    assert "essay/index.md:10:12: the figure 'own_box' is the essay's own code" in said


@pytest.mark.parametrize("call", ["figure('weights', network='a')", "reference('figures')"])
def test_what_replaces_a_figure_of_ours_does_not_run_either(call: str, folder: Path) -> None:
    page = folder / "essay" / "other.md"
    text = folder / "essay" / "index.md"
    before = text.read_text(encoding="utf-8")
    text.write_text(HEAD + "First.\n", encoding="utf-8")
    page.write_text(HEAD + f"First.\n\n{{{{ {call} }}}}\n", encoding="utf-8")
    try:
        refused = netviz(folder, "build", "--no-own-code")
        assert "essay/other.md:10" in refused.stderr
        assert "is the essay's own code" in refused.stderr
        assert not ran(folder)
    finally:
        page.unlink()
        text.write_text(before, encoding="utf-8")


def test_without_own_code_pages_are_made_of_our_templates_alone(folder: Path) -> None:
    text = folder / "essay" / "index.md"
    before = text.read_text(encoding="utf-8")
    text.write_text(HEAD + "First.\n", encoding="utf-8")
    try:
        built = netviz(folder, "build", "--no-own-code")
        assert built.returncode == 0, built.stderr
        assert LEFT_OUT in built.stderr
        assert "theirs" not in published(folder)
        assert not ran(folder)
        assert "nothing has changed" not in netviz(folder, "build").stderr
        assert "theirs" in published(folder)
    finally:
        text.write_text(before, encoding="utf-8")


def test_an_essay_without_code_of_its_own_has_nothing_said_of_it(tmp_path: Path) -> None:
    (tmp_path / "templates" / "languages").mkdir(parents=True)
    (tmp_path / "templates" / "languages" / "en.toml").touch()
    assert list(own_code_said(tmp_path, own_code=True)) == []
    assert list(own_code_said(tmp_path, own_code=False)) == []


def test_pull_requests_are_built_by_the_code_that_is_there_and_without_their_own() -> None:
    file = Path(__file__).parents[2] / ".github" / "workflows" / "essay.yml"
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["build"]["steps"]
    ours, theirs = (step["with"] for step in steps if "checkout" in step.get("uses", ""))
    assert ours["ref"] == "${{ github.event.pull_request.base.sha }}"
    commands = [step["run"] for step in steps if "run" in step]
    assert all("--no-own-code" in command for command in commands)
    assert all(f"{theirs['path']}/essay" in command for command in commands)
