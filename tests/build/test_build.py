"""The whole way: an essay's folder to a site, on the bundled sample."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from netviz.publishing.writer import MARKER
from tests.essays import SETTINGS, TEXT, build, content, netviz, write_essay


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    return write_essay(tmp_path / "essay")


def test_an_essay_becomes_a_site_and_the_site_has_no_faults(essay: Path) -> None:
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    accuracy = measured["networks"]["digits"]["test"]["accuracy"]
    html = (site / "index.html").read_text(encoding="utf-8")
    assert f'value="{accuracy}" data-key="networks.digits.test.accuracy"' in html
    assert "Figure 1</a>" in html
    assert measured["sample"] is True
    assert "Built from a small sample" in html
    matrix = measured["networks"]["digits"]["test"]["confusion_matrix"]
    assert sum(matrix[k][k] for k in range(10)) / sum(map(sum, matrix)) == accuracy
    checked = netviz(essay, "check")
    assert checked.returncode == 0, checked.stdout


def test_a_figure_of_seeds_shows_what_was_measured_of_all_of_them(essay: Path) -> None:
    page = essay / "index.md"
    call = '{{ figure("size_and_accuracy", networks=["digits"]) }}'
    page.write_text(f"{TEXT}\n\n{call}\n", encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    site = essay.parent / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    seeds = measured["networks"]["digits"]["seeds"]
    assert seeds["count"] == 2
    assert seeds["lowest"] < seeds["highest"]
    shown = "{:.1%} ({:.1f} to {:.1f} from 2 seeds)".format(
        seeds["mean"], 100 * seeds["lowest"], 100 * seeds["highest"]
    )
    assert shown in (site / "index.html").read_text(encoding="utf-8")


@pytest.mark.torture
def test_two_builds_from_nothing_give_the_same_bytes_at_any_number_of_jobs(essay: Path) -> None:
    assert build(essay).returncode == 0
    again = build(essay, "--jobs", "2", "--out", "other/site")
    assert again.returncode == 0, again.stderr
    assert "0 reused" in again.stderr
    assert content(essay.parent / "build/site") == content(essay.parent / "other/site")


def test_an_edit_of_text_retrains_nothing_and_a_recipe_only_its_network(essay: Path) -> None:
    build(essay)
    page = essay / "index.md"
    page.write_text(TEXT.replace("It gets", "This one gets"), encoding="utf-8")
    edited = build(essay)
    assert " 0 steps made" in edited.stderr
    settings = essay / "essay.toml"
    settings.write_text(SETTINGS.replace("epochs = 2", "epochs = 1"), encoding="utf-8")
    retrained = build(essay)
    assert "train digits, seed 1" in retrained.stderr


def test_a_preview_builds_an_edit_of_an_essay_that_stands_beside_its_site(essay: Path) -> None:
    page = essay.parent / "site" / "index.html"
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(essay.parent / "data")}
    command = [sys.executable, "-m", "netviz", "serve", "--sample", "--out", "site"]
    with subprocess.Popen(command, cwd=essay.parent, env=environment) as preview:
        try:
            wait_for(page.is_file)
            text = TEXT.replace("It gets", "This one gets")
            (essay / "index.md").write_text(text, encoding="utf-8")
            wait_for(lambda: "This one gets" in read(page))
        finally:
            preview.terminate()


@pytest.mark.torture
def test_a_preview_starts_again_with_code_that_was_edited(essay: Path) -> None:
    """A figure of ours may be written with its page open: no process shows what it once loaded."""
    project = Path(__file__).parents[2]
    for part in ("src", "templates"):
        shutil.copytree(project / part, essay.parent / part)
    code = essay.parent / "src" / "netviz" / "figures" / "weights" / "weights.py"
    page = essay.parent / "build" / "site" / "index.html"
    environment = {
        **os.environ,
        "NETVIZ_CACHE_DIR": str(essay.parent / "data"),
        "PYTHONPATH": str(essay.parent / "src"),
    }
    command = [sys.executable, "-m", "netviz", "serve", "--sample"]
    with subprocess.Popen(command, cwd=essay.parent, env=environment) as preview:
        try:
            wait_for(page.is_file)
            was = code.read_text(encoding="utf-8")
            now = was.replace("Pictures of the weights of", "What is seen of")
            code.write_text(now, encoding="utf-8")
            wait_for(lambda: "What is seen of" in read(page))
        finally:
            preview.terminate()


def read(page: Path) -> str:
    """Return the page's text; none in the moment in which one site takes the place of another."""
    try:
        return page.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_build_with_nothing_to_do_says_so_until_something_is_edited(essay: Path) -> None:
    site = essay.parent / "build" / "site"
    build(essay)
    first = content(site)
    assert "nothing has changed" in build(essay).stderr
    assert content(site) == first
    assert "0 steps made" in build(essay, "--verbose").stderr
    (site / "index.html").write_text("altered", encoding="utf-8")
    assert "nothing has changed" not in build(essay).stderr
    assert content(site) == first
    own = essay / "templates" / "css"
    own.mkdir(parents=True)
    (own / "own.css").write_text("p { color: red }", encoding="utf-8")
    assert "nothing has changed" not in build(essay).stderr
    assert content(site) != first


@pytest.mark.torture
def test_single_files_follow_the_site_only_where_they_are_asked_for(essay: Path) -> None:
    single = essay.parent / "build" / "site-single"
    assert "site-single/index.html: the whole page" in build(essay, "--single-file").stderr
    first = content(single)
    assert set(first) == {"index.html", MARKER}
    assert build(essay).stderr.count("nothing has changed") == 1
    assert build(essay, "--single-file").stderr.count("nothing has changed") == 2
    (single / "index.html").unlink()
    assert build(essay, "--single-file").stderr.count("nothing has changed") == 1
    assert content(single) == first
    (essay / "index.md").write_text(TEXT + "More.\n", encoding="utf-8")
    build(essay, "--single-file")
    assert b"More." in content(single)["index.html"]


def test_a_training_that_diverges_gives_one_message_and_keeps_the_last_site(essay: Path) -> None:
    build(essay)
    site = essay.parent / "build" / "site"
    good = content(site)
    settings = SETTINGS.replace("init_scale", "learning_rate = 1e38\ninit_scale")
    (essay / "essay.toml").write_text(settings, encoding="utf-8")
    failed = build(essay, "--quiet")
    assert failed.returncode == 1
    (message,) = failed.stderr.splitlines()
    assert "diverged" in message
    assert content(site) == good


def test_an_essay_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "nothing"
    failed = netviz(missing, "build", "nothing", "--sample")
    assert failed.returncode == 1
    assert "there is no essay here" in failed.stderr


def test_wrong_usage_has_its_own_exit_code(tmp_path: Path) -> None:
    assert netviz(tmp_path / "x", "build", "--jobs", "0").returncode == 2
    assert netviz(tmp_path / "x", "bulid").returncode == 2


def test_the_version_is_told(tmp_path: Path) -> None:
    assert netviz(tmp_path / "x", "--version").stdout.startswith("netviz ")


PAGE = "---\ntitle: {}\ndescription: D\nauthors: [A]\ndate: 2026-01-02\n---\n{}\n"


def test_several_pages_are_linked_in_the_order_of_the_settings(essay: Path) -> None:
    """The page one is on is marked; one that shows nothing measured does not speak of the data."""
    for name, title, body in (
        ("aa", "Last", "Only words."),
        ("mm", "Then", "See [the start](index.md#first)."),
        ("zz", "Next", '{{ value("networks.digits.test.accuracy") }}'),
    ):
        (essay / f"{name}.md").write_text(PAGE.format(title, body), encoding="utf-8")
    (essay / "essay.toml").write_text(f'pages = ["zz", "mm"]\n{SETTINGS}', encoding="utf-8")
    assert build(essay).returncode == 0
    site = essay.parent / "build" / "site"
    pages = {
        name: (site / f"{name}.html").read_text(encoding="utf-8")
        for name in ("index", "zz", "mm", "aa")
    }
    for name, html in pages.items():
        entries = re.findall(r'<li><a href="([a-z]+)\.html"( aria-current="page")?>', html)
        assert [entry for entry, _ in entries] == list(pages)
        assert [entry for entry, here in entries if here] == [name]
        turns = dict(re.findall(r'rel="(prev|next)" href="([a-z]+)\.html"', html))
        names = [None, *pages, None]
        here = names.index(name)
        assert (turns.get("prev"), turns.get("next")) == (names[here - 1], names[here + 1])
        is_measured = name in ("index", "zz")
        assert ("Built from a small sample" in html) == is_measured
        assert ("was measured when it was built" in html) == is_measured
    assert '<a href="index.html#first">the start</a>' in pages["mm"]
    assert netviz(essay, "check").returncode == 0


def test_a_page_that_the_settings_name_must_be_there(essay: Path) -> None:
    (essay / "notes.md").write_text(PAGE.format("Notes", "Words."), encoding="utf-8")
    (essay / "essay.toml").write_text(f'pages = ["note"]\n{SETTINGS}', encoding="utf-8")
    failed = build(essay)
    assert failed.returncode == 1
    assert "essay.toml: there is no page 'note'" in failed.stderr
    assert "did you mean notes?" in failed.stderr


def test_a_single_page_has_no_navigation_and_false_claims_on_the_sample_are_told(
    essay: Path,
) -> None:
    false = '{% claim number("networks.digits.seed") > 9 %}One is more.{% endclaim %}'
    (essay / "index.md").write_text(f"{TEXT}\n{false} {false}\n", encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0
    assert "index.md:14: on the sample this claim does not hold" in built.stderr
    assert "“One is more.” (2 do not in all)" in built.stderr
    page = (essay.parent / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert 'class="nv-pages"' not in page
    assert 'class="nv-turn"' not in page


@pytest.mark.torture
def test_the_files_of_two_networks_exchanged_never_reach_the_page(essay: Path) -> None:
    """Their cache entries no longer hold what was put there: both are made again, and said so."""
    settings = essay / "essay.toml"
    table = SETTINGS.replace("[networks.digits", "[networks.others").replace(
        'title = "one layer"', 'title = "another"\nseed = 5'
    )
    settings.write_text(SETTINGS + table, encoding="utf-8")
    assert build(essay).returncode == 0
    site, cache = essay.parent / "build" / "site", essay.parent / "build" / "cache" / "train"
    undisturbed = content(site)
    one, other, *_ = sorted(cache.rglob("network.npz"))
    first, second = one.read_bytes(), other.read_bytes()
    assert first != second
    one.write_bytes(second)
    other.write_bytes(first)
    built = build(essay, "--verbose")
    assert built.returncode == 0, built.stderr
    assert content(site) == undisturbed
    assert built.stderr.count("made train") == 2


def test_markup_in_a_title_is_shown_and_not_obeyed(essay: Path) -> None:
    settings = SETTINGS.replace('"one layer"', '"<b onclick=x>one</b> & \\"layer\\""')
    (essay / "essay.toml").write_text(settings, encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    html = (essay.parent / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert "<b onclick" not in html
    assert "&lt;b onclick" in html


def test_only_what_a_page_names_is_trained_and_shuffled_pixels_are_read_shuffled(
    essay: Path,
) -> None:
    """The network that nobody names could not be trained; dense layers do not miss neighbours."""
    recipe = SETTINGS.partition("[networks.digits.recipe]")[2]
    more = "".join(
        f'\n[networks.{name}]\ntitle = "{name}"\ndataset = "mnist"\n{setting}\n'
        f"[networks.{name}.recipe]{recipe}{change}\n"
        for name, setting, change in (
            ("moved", "shuffled_pixels = true", ""),
            ("unnamed", "", "learning_rate = 1e30"),
        )
    )
    (essay / "essay.toml").write_text(SETTINGS + more, encoding="utf-8")
    text = '{{ figure("weights", network="moved", id="fig-moved") }}\n'
    (essay / "index.md").write_text(TEXT + text, encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    tree = json.loads((essay.parent / "build/site/measurements.json").read_text(encoding="utf-8"))
    assert set(tree["networks"]) == {"digits", "moved"}
    plain, moved = (tree["networks"][name]["test"]["accuracy"] for name in ("digits", "moved"))
    assert abs(plain - moved) < 0.02
    assert tree["networks"]["digits"]["identity"] != tree["networks"]["moved"]["identity"]
    again = text.replace('"moved"', '"un" ~ "named"')
    (essay / "index.md").write_text(TEXT + again, encoding="utf-8")
    refused = build(essay)
    assert refused.returncode == 1
    assert "index.md:13:12: the network 'unnamed' was not trained" in refused.stderr.replace(
        "\n", " "
    )
