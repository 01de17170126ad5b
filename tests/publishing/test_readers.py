"""A stranger's essay, built: neither its text nor its templates reach readers unseen."""

from pathlib import Path

import pytest

from netviz.cli import main
from netviz.essay.templates import built_in_templates

FRONT = "---\ntitle: T\ndescription: {}\nauthors: [A]\ndate: 2026-01-02\n---\n\n"
STYLE = "D {} main, header { display: none }"
SIGN_IN = "netviz:"


@pytest.fixture
def essay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "essay"
    (folder / "templates").mkdir(parents=True)
    (folder / "essay.toml").write_text('site_url = "https://e.org/"\n', encoding="utf-8")
    (folder / "index.md").write_text(FRONT.format("D") + "Text.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def build(*options: str) -> int:
    return main(["build", "-q", "--sample", "--offline", "--jobs", "1", *options])


def own(essay: Path, name: str, before: str, after: str) -> None:
    """Write an own template that says `after` where ours says `before`."""
    text = (built_in_templates() / name).read_text(encoding="utf-8")
    assert before in text
    (essay / "templates" / name).write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.slow
def test_a_text_that_leads_readers_away_stops_the_build_and_the_last_site_stays(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build() == 0
    good = Path("build/site/index.html").read_bytes()
    text = FRONT.format("D") + 'Text.\n\n<meta http-equiv="refresh" content="0;url=//e.org">\n'
    (essay / "index.md").write_text(text, encoding="utf-8")
    assert build() == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith("essay/index.md:10:1: <meta> is not allowed in a text: ")
    assert Path("build/site/index.html").read_bytes() == good
    assert main(["check"]) == 1
    assert capsys.readouterr().out == f"{message}\n"


@pytest.mark.slow
def test_a_template_without_our_policy_stops_the_build(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own(essay, "base.html", "script-src 'self';", "script-src 'self' https://e.org;")
    assert build() == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith("essay/templates/base.html: the page allows its readers' browsers")
    assert "got script-src 'self' https://e.org. " in message


@pytest.mark.slow
def test_a_template_that_says_why_is_built_and_checked(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = "default-src 'none'; media-src https://e.org;"
    own(essay, "base.html", "default-src 'none';", policy)
    base = essay / "templates" / "base.html"
    said = "<head>\n<!-- own policy: films -->"
    base.write_text(base.read_text("utf-8").replace("<head>", said), encoding="utf-8")
    film = '<video src="https://e.org/x.mp4" controls></video>\n'
    (essay / "index.md").write_text(FRONT.format("D") + film, encoding="utf-8")
    assert build() == 0
    assert capsys.readouterr().err == ""
    base.write_text(base.read_text("utf-8").replace(said, "<head>"), encoding="utf-8")
    assert build() == 1


@pytest.mark.slow
def test_the_page_for_lost_readers_is_held_to_the_policy_too(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (essay / "templates" / "404.html").write_text("<!doctype html><title>Lost</title>", "utf-8")
    assert build() == 1
    assert capsys.readouterr().err.startswith("essay/templates/404.html: the page allows")


@pytest.mark.slow
def test_an_own_template_may_link_to_a_style_of_its_own(essay: Path) -> None:
    own(
        essay,
        "base.html",
        "</head>",
        """<link rel="stylesheet" href="{{ assets['own.css'] }}"></head>""",
    )
    (essay / "templates" / "assets").mkdir()
    (essay / "templates" / "assets" / "own.css").write_text("p { color: red }", encoding="utf-8")
    assert build("--single-file") == 0
    (style,) = Path("build/site/assets").glob("*.css")
    page = Path("build/site/index.html").read_text(encoding="utf-8")
    assert f'<link rel="stylesheet" href="assets/{style.name}">' in page
    alone = Path("build/site-single/index.html").read_text(encoding="utf-8")
    assert "<style>p { color: red }</style>" in alone
    assert style.name not in alone


@pytest.mark.slow
def test_a_template_whose_policy_forbids_the_style_stops_the_build(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own(essay, "base.html", " '{{ style_hash }}'", "")
    assert build() == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith("essay/templates/base.html: the page's policy forbids a style")


@pytest.mark.slow
def test_a_feed_that_reads_as_a_style_stays_out_of_the_single_file(essay: Path) -> None:
    text = FRONT.format(f"'{STYLE}'") + "Text.\n"
    (essay / "index.md").write_text(text, encoding="utf-8")
    own(essay, "base.html", "</head>", '<link rel="stylesheet" href="feed.xml">\n</head>')
    assert build("--single-file") == 0
    page = Path("build/site-single/index.html").read_text(encoding="utf-8")
    styles = page.split("<style>")[1:]
    assert styles
    assert not any("display: none }" in style.partition("</style>")[0].partition("<entry")[2]
                   for style in styles)  # fmt: skip
    assert '<link rel="stylesheet" href="feed.xml">' in page
