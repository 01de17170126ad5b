"""A session makes again what an edit changed, and nothing else."""

import shutil
from pathlib import Path

import pytest

from netviz.build.build import build
from netviz.build.options import Options
from netviz.engine.cache import Cache
from netviz.engine.local import LocalExecutor
from netviz.publishing.session import Session
from netviz.publishing.writer import publish
from tests.essays import SETTINGS, TEXT, content

SECOND = TEXT.replace("## First", "## Second")
TRANSLATION = TEXT.replace("## First", "## Primero").replace(" right", "")


def test_what_was_made_is_recalled_until_a_build_does_not_ask_for_it(tmp_path: Path) -> None:
    session = Session(Cache(tmp_path))
    made: list[str] = []

    def make() -> int:
        made.append("once more")
        return len(made)

    assert [session.recall("a", make), session.recall("a", make)] == [1, 1]
    session.end_build()
    assert session.recall("a", make) == 1
    session.end_build()
    session.end_build()
    assert session.recall("a", make) == 2


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    session = Session(Cache(tmp_path))
    with pytest.raises(ZeroDivisionError):
        session.recall("a", lambda: 1 // 0)
    assert session.recall("a", lambda: 1) == 1


@pytest.fixture
def options(tmp_path: Path) -> Options:
    essay = tmp_path / "essay"
    (essay / "templates" / "languages").mkdir(parents=True)
    (essay / "figures").mkdir()
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (essay / "index.md").write_text(TEXT, encoding="utf-8")
    (essay / "index.es.md").write_text(TRANSLATION, encoding="utf-8")
    (essay / "second.md").write_text(SECOND, encoding="utf-8")
    return Options(essay, tmp_path / "site", tmp_path / "cache", tmp_path / "data", sample=True)


def edits(essay: Path) -> list[tuple[Path, str]]:
    """One edit of each kind of file that a page is made of."""
    ours = Path(__file__).parents[2] / "templates"
    return [
        (essay / "index.md", TEXT.replace("It gets", "This gets")),
        (essay / "index.md", TEXT + "\n\n## Another\n\nOf which the translation knows nothing.\n"),
        (essay / "index.es.md", TRANSLATION + "\n\n## Otro\n\nAhora sí.\n"),
        (essay / "second.md", SECOND.replace('network="digits"', 'network="digits", unit=3')),
        (essay / "templates" / "languages" / "es.toml", '[text]\n"one layer" = "una capa"\n'),
        (essay / "templates" / "figure.html", (ours / "figure.html").read_text() + "<!-- own -->"),
        (essay / "templates" / "css" / "90-own.css", "p { color: red }"),
        (essay / "essay.toml", SETTINGS.replace('"one layer"', '"the one layer"')),
        (essay / "essay.toml", SETTINGS.replace("epochs = 2", "epochs = 1")),
    ]


def test_after_every_edit_a_session_builds_what_a_fresh_build_does(
    options: Options, workers: LocalExecutor, tmp_path: Path
) -> None:
    session = Session(Cache(options.step_cache))
    last = None
    for file, text in edits(options.essay):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        faults = []
        for out, kept in ((options.out, session), (tmp_path / "fresh", None)):
            one = Options(options.essay, out, options.step_cache, options.data_cache, sample=True)
            try:
                build(one, workers, lambda _: None, lambda _: None, kept)
            except Exception as error:
                faults.append(str(error))
        assert len(set(faults)) == len(faults) // 2, faults
        assert content(options.out) == content(tmp_path / "fresh")
        assert faults or content(options.out) != last, f"the edit of {file} changed nothing"
        last = content(options.out)


@pytest.mark.parametrize("removed", ["step_cache", "data_cache", "out"])
def test_what_was_removed_beside_a_preview_is_made_again(
    options: Options, workers: LocalExecutor, removed: str
) -> None:
    session = Session(Cache(options.step_cache))
    build(options, workers, lambda _: None, session=session)
    (options.essay / "index.md").write_text(TEXT.replace('"digits")', '"digits", unit=3)'))
    shutil.rmtree(getattr(options, removed))
    build(options, workers, lambda _: None, session=session)
    seen = content(options.out)
    build(options, workers, lambda _: None)
    assert content(options.out) == seen


def test_publishing_sees_what_was_changed_behind_its_back(tmp_path: Path) -> None:
    out, session = tmp_path / "site", Session(Cache(tmp_path / "cache"))
    files = {"a.html": b"one", "b.html": b"two"}
    for _ in range(2):
        publish(files, out, session.standing)
    (out / "a.html").write_bytes(b"eno")
    assert publish(files, out, session.standing)
    assert (out / "a.html").read_bytes() == b"one"
    assert not publish(files, out, session.standing)
