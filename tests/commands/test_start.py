"""What `netviz new` writes works at once, and nothing that is there is overwritten."""

import json
import os
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

from netviz.commands.start import (
    start_essay,
    start_figure,
    start_language,
    start_template,
    template_names,
)
from netviz.errors import EssayError, SiteError
from netviz.essay.formats import NumberForms
from netviz.essay.languages import Catalogue, Languages
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.saying import said_in
from netviz.essay.settings import read_settings
from netviz.essay.templates import built_in_templates
from netviz.figures.registry import FigureFolder, Registry
from netviz.figures.words import say
from tests.essays import command
from tests.test_architecture import faults_of

TODAY = date(2026, 1, 2)


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    start_essay(tmp_path / "my-essay", None, TODAY)
    return tmp_path / "my-essay"


def netviz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(folder / "data")}
    environment.pop("NETVIZ_DATA_DIR", None)
    return command(folder, *arguments, environment=environment)


def test_a_new_essay_builds_at_once_without_a_network_and_has_no_faults(tmp_path: Path) -> None:
    """One network, two figures, one claim, which holds; then a figure of the author's own."""
    assert netviz(tmp_path, "new", "my-essay").returncode == 0
    offline = ("build", "my-essay", "--offline", "--jobs", "2")
    built = netviz(tmp_path, *offline)
    assert built.returncode == 0, built.stderr
    site = tmp_path / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert list(measured["networks"]) == ["digits"]
    assert [claim["holds"] for claim in measured["claims"]] == [True]
    page = (site / "index.html").read_text(encoding="utf-8")
    assert page.count('<figure class="nv-figure"') == 2
    assert "Built from a small sample" in page

    made = netviz(tmp_path, "new", "figure", "own_one", "--essay", "my-essay")
    assert made.returncode == 0, made.stderr
    call = made.stdout.splitlines()[-1]
    with (tmp_path / "my-essay" / "index.md").open("a", encoding="utf-8") as text:
        text.write(f"\n{call}\n")
    built = netviz(tmp_path, *offline)
    assert built.returncode == 0, built.stderr
    assert "<nv-own-one" in (site / "index.html").read_text(encoding="utf-8")
    nobody = "my-essay/index.md:4:1: the author is still called “Your Name”. Put the name there"
    assert nobody in built.stderr
    checked = netviz(tmp_path, "check", "my-essay")
    assert checked.returncode == 1
    assert checked.stdout.startswith(nobody)
    assert checked.stdout.count("\n") == 1
    index = tmp_path / "my-essay" / "index.md"
    named = index.read_text(encoding="utf-8").replace("[Your Name]", "[Ada Lovelace]")
    index.write_text(named, encoding="utf-8")
    built = netviz(tmp_path, *offline)
    assert "author" not in built.stderr
    checked = netviz(tmp_path, "check", "my-essay")
    assert checked.returncode == 0, checked.stdout


def test_the_sample_ends_with_its_line_in_the_settings(essay: Path) -> None:
    file = essay / "essay.toml"
    assert read_settings(file).sample
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if line != "sample = true\n"), encoding="utf-8")
    assert not read_settings(file).sample
    missing = netviz(essay.parent, "build", "my-essay", "--offline")
    assert missing.returncode == 1
    assert "mnist" in missing.stderr


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (None, "My essay"),
        ('Two: "one" – #3', 'Two: "one" – #3'),
        ("no", "no"),
        ("@DATE@", "@DATE@"),
    ],
)
def test_any_title_reaches_the_page(tmp_path: Path, given: str | None, title: str) -> None:
    """A folder's name makes a title; a given one is kept, whatever YAML would make of it."""
    start_essay(tmp_path / "my-essay", given, TODAY)
    measured = Measurements(
        {
            "datasets": {"mnist": {"title": "", "pixels": 784, "chance": 0.1}},
            "networks": {
                "digits": {
                    "title": "",
                    "seed": 1,
                    "counts": {"train": 1, "test": 1},
                    "test": {"accuracy": 0.9, "may_have_learnt": False},
                }
            },
        }
    )
    front = read_manuscript(tmp_path / "my-essay" / "index.md", measured, Registry()).front
    assert (front.title, front.date) == (title, "2026-01-02")


def test_an_empty_folder_is_filled_and_its_parents_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "one" / "two"):
        start_essay(folder, None, TODAY)
        assert sorted(path.name for path in folder.iterdir()) == ["essay.toml", "index.md"]


def test_a_folder_that_is_not_empty_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("mine")
    with pytest.raises(EssayError, match=r"something here already.*got \.hidden"):
        start_essay(tmp_path, None, TODAY)
    assert [path.name for path in tmp_path.iterdir()] == [".hidden"]
    with pytest.raises(EssayError, match="something here already"):
        start_essay(tmp_path / ".hidden", None, TODAY)
    with pytest.raises(SiteError, match="there is a file where a folder should be"):
        start_essay(tmp_path / ".hidden" / "below", None, TODAY)


@pytest.mark.parametrize("word", ["mine", "two_words", "a1"])
def test_a_new_figure_keeps_the_contract_of_figures(essay: Path, word: str) -> None:
    call = start_figure(word, essay)
    figure = FigureFolder(word, essay / "figures" / word)
    assert faults_of(figure) == []
    assert call == f'{{{{ figure("{word}", network="digits") }}}}'
    for file in figure.folder.glob("*.*"):
        assert "my_figure" not in file.read_text(encoding="utf-8")
        assert "my-figure" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("Mine", "cannot be the word"),
        ("two-words", "cannot be the word"),
        ("../mine", "cannot be the word"),
        ("weights", "a figure 'weights' already"),
        ("taken", "something here already"),
    ],
)
def test_a_word_that_is_wrong_or_taken_is_refused(essay: Path, word: str, fault: str) -> None:
    (essay / "figures" / "taken").mkdir(parents=True)
    (essay / "figures" / "taken" / "notes.txt").write_text("mine")
    before = sorted(essay.rglob("*"))
    with pytest.raises(EssayError, match=fault):
        start_figure(word, essay)
    assert sorted(essay.rglob("*")) == before


def test_a_figure_needs_an_essay(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match="there is no essay here"):
        start_figure("mine", tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("figure",),
        ("one", "two"),
        ("figure", "word", "more"),
        ("figure", "word", "--title", "T"),
        ("folder", "--essay", "essay"),
    ],
)
def test_wrong_usage_of_new_is_told_and_writes_nothing(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    told = netviz(tmp_path, "new", *arguments)
    assert told.returncode == 2
    assert "netviz new figure WORD" in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_new_language_has_every_sentence_with_its_holes_and_none_translated(essay: Path) -> None:
    """As it is written it changes nothing; filled in, it speaks."""
    file = start_language("de", essay)
    assert file == essay / "templates" / "languages" / "de.toml"
    folders = [essay / "templates", built_in_templates()]
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    spanish = Languages(folders).find("es").catalogue
    assert list(written["text"]) == list(spanish.text)
    assert set(written["text"].values()) == {""}
    untouched = Languages(folders).find("de")
    assert untouched.catalogue == Catalogue("de")
    filled = file.read_text(encoding="utf-8").replace(
        '"{actual} read as {predicted}" = ""', '"{actual} read as {predicted}" = "als {predicted}"'
    )
    for form in ("# out_of = ", "# decimal = ", "# words = "):  # what stands behind a # is right
        assert form in filled
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", filled, flags=re.MULTILINE), encoding="utf-8")
    german = Languages(folders).find("de")
    read_as = say("{actual} read as {predicted}", actual="cat", predicted="dog")
    assert said_in(german, read_as) == "als dog"
    assert german.catalogue.numbers == NumberForms()
    assert "\n# Classes\n" in filled


@pytest.mark.parametrize("tag", ["es", "en-GB", "Deutsch", "../de", "d"])
def test_a_language_that_is_none_or_is_there_is_refused(essay: Path, tag: str) -> None:
    with pytest.raises(EssayError, match=r"speaks|is no language"):
        start_language(tag, essay)
    assert not (essay / "templates").exists()


def test_a_template_of_ours_is_copied_whole_and_none_of_the_authors_is_written_over(
    essay: Path,
) -> None:
    file = start_template("css/01-tokens.css", essay)
    assert file == essay / "templates" / "css" / "01-tokens.css"
    ours = built_in_templates() / "css" / "01-tokens.css"
    assert file.read_bytes() == ours.read_bytes()
    assert {"essay.html", "base.html", "js/core.js", "js/parts/grid.js"} <= set(template_names())
    start_language("de", essay)
    for start, name in ((start_template, "css/01-tokens.css"), (start_language, "de")):
        with pytest.raises(EssayError, match="something here already"):
            start(name, essay)


def test_an_unknown_template_is_answered_with_those_that_exist(essay: Path) -> None:
    with pytest.raises(EssayError, match=r"expected one of 404\.html, .*did you mean essay\.html"):
        start_template("esay.html", essay)


def test_the_command_starts_languages_and_templates_and_lists_these(essay: Path) -> None:
    folder = essay.parent
    made = netviz(folder, "new", "language", "de", "--essay", "my-essay")
    assert made.returncode == 0, made.stderr
    assert "index.de.md" in made.stdout
    copied = netviz(folder, "new", "template", "essay.html", "--essay", "my-essay")
    assert (copied.returncode, copied.stderr) == (0, "")
    assert (essay / "templates" / "essay.html").is_file()
    assert "css/01-tokens.css" in netviz(folder, "new", "template").stdout.splitlines()
    assert netviz(folder, "new", "language").returncode == 2
