"""A build from the command line makes again what an edit changed, and uses nothing out of date."""

import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netviz.build.build import build
from netviz.build.options import Options
from netviz.build.remembered import SEAL_BYTES, leave_memory, read_memory
from netviz.engine.local import LocalExecutor
from netviz.engine.memory import Memory, OneBuild
from netviz.errors import NetvizError
from netviz.essay.manuscript import read_manuscript
from netviz.essay.page import compose
from tests.essays import TEXT, content, edits, two_pages, write_essay
from tests.essays import build as build_in

CODE = "a digest"
READ: frozenset[Callable[..., Any]] = frozenset({read_manuscript, compose})


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return two_pages(tmp_path)


def built(options: Options, workers: LocalExecutor, file: Path) -> tuple[list[str], list[str]]:
    """Build as the command does; return what was told, and the functions that had to be called."""
    told: list[str] = []
    memory = read_memory(file, CODE)
    known = set(memory.kept_of(READ))
    build(options, workers, lambda _: None, told.append, OneBuild(memory))
    memory.end_build()
    leave_memory(file, CODE, memory)
    return told, sorted(key[0].__name__ for key in memory.kept_of(READ) if key not in known)


def faulty(make: Callable[[], Any]) -> str:
    """Return the message with which `make` fails, or ""."""
    try:
        make()
    except Exception as error:
        return str(error)
    return ""


@pytest.fixture
def complete(options: Options) -> Options:
    """The essay with a catalogue in which no translation is missing."""
    catalogue = options.essay / "templates" / "languages" / "es.toml"
    catalogue.write_text('[text]\n"one layer" = "una sola capa"\n', encoding="utf-8")
    return options


def told_by(build: Callable[[], list[str]]) -> list[str]:
    """Return what a build told, or the message with which it failed."""
    try:
        return build()
    except NetvizError as error:
        return [str(error)]


@pytest.mark.parametrize("kind", ["options", "complete"])
def test_after_every_edit_a_build_makes_and_tells_what_a_fresh_build_does(
    kind: str, workers: LocalExecutor, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    options: Options = request.getfixturevalue(kind)
    file, fresh = tmp_path / "memory", replace(options, out=tmp_path / "fresh")
    for edited, text in [(options.essay / "index.md", TEXT), *edits(options.essay)]:
        edited.write_text(text, encoding="utf-8")
        assert told_by(lambda: built(options, workers, file)[0]) == told_by(
            lambda: built(fresh, workers, tmp_path / "none")[0]
        )
        (tmp_path / "none").unlink(missing_ok=True)
        assert content(options.out) == content(fresh.out)
    assert file.exists()


def test_an_edit_of_one_page_reads_no_other_again(
    complete: Options, workers: LocalExecutor, tmp_path: Path
) -> None:
    file = tmp_path / "memory"
    assert built(complete, workers, file)[1] == 3 * ["compose"] + 3 * ["read_manuscript"]
    assert built(complete, workers, file)[1] == []
    second = complete.essay / "second.md"
    second.write_text(second.read_text().replace("It gets", "This gets"), encoding="utf-8")
    assert built(complete, workers, file)[1] == ["compose", "read_manuscript"]


def test_an_edit_that_keeps_size_and_time_is_seen(
    complete: Options, workers: LocalExecutor, tmp_path: Path
) -> None:
    built(complete, workers, tmp_path / "memory")
    index = complete.essay / "index.md"
    status = index.stat()
    with index.open("r+", encoding="utf-8") as stream:  # the same file, no new one in its place
        text = stream.read()
        stream.seek(0)
        stream.write(text.replace("It gets", "It GETS"))
    os.utime(index, ns=(status.st_atime_ns, status.st_mtime_ns))
    built(complete, workers, tmp_path / "memory")
    assert b"It GETS" in (complete.out / "index.html").read_bytes()


def test_missing_translations_are_told_by_each_build(
    options: Options,
    workers: LocalExecutor,
    tmp_path: Path,
) -> None:
    first, _ = built(options, workers, tmp_path / "memory")
    assert any("languages/es.toml is missing" in one for one in first)
    assert built(options, workers, tmp_path / "memory")[0] == first


class Hostile:
    """What makes a folder where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_only_what_this_users_builds_left_is_read(tmp_path: Path) -> None:
    file, made = tmp_path / "memory", tmp_path / "made"
    memory = Memory({(compose, (), ()): "a page"})
    leave_memory(file, CODE, memory)
    assert read_memory(file, CODE).kept_of(READ) == memory.kept_of(READ)
    right = file.read_bytes()
    hostile = pickle.dumps({(compose, (), ()): Hostile(made)})
    wrong = {
        "other code": ("another digest", right),
        "no code": (None, right),
        "nothing": (CODE, b""),
        "a part": (CODE, right[:-1]),
        "no seal": (CODE, right[SEAL_BYTES:]),
        "another seal": (CODE, b"0" * SEAL_BYTES + hostile),
        "the seal of another": (CODE, right[:SEAL_BYTES] + hostile),
        "no text": (CODE, b"\xff" * SEAL_BYTES + hostile),
    }
    for name, (code, text) in wrong.items():
        file.write_bytes(text)
        assert not read_memory(file, code).kept_of(READ), name
    assert not made.exists()
    pickle.loads(hostile)  # noqa: S301 - to see that it would have
    assert made.exists()


def test_a_memory_is_not_read_through_a_link(tmp_path: Path) -> None:
    leave_memory(tmp_path / "memory", CODE, Memory({(compose, (), ()): "a page"}))
    (tmp_path / "link").symlink_to(tmp_path / "memory")
    assert not read_memory(tmp_path / "link", CODE).kept_of(READ)


def test_what_cannot_be_kept_is_left_out_without_harm(tmp_path: Path) -> None:
    leave_memory(tmp_path / "memory", CODE, Memory({(compose, (), ()): lambda: None}))
    assert not (tmp_path / "memory").exists()


OWN = '''"""A box."""

from dataclasses import dataclass

from netviz.figures.figure import Drawing


@dataclass(frozen=True)
class Arguments:
    pass


def draw(arguments, materials, output):
    return Drawing(finding="A box.", caption="{}")
'''


def test_the_command_sees_an_edit_of_the_essays_own_code(tmp_path: Path) -> None:
    """By a memory that holds nothing of own figures, and is there all the same."""
    essay = tmp_path / "essay"
    figure = essay / "figures" / "own_box"
    figure.mkdir(parents=True)
    (figure / "own_box.html").write_text("<nv-own-box>A box</nv-own-box>")
    edited = TEXT.replace("It gets", "This gets")
    for said, text in (("A box.", TEXT), ("A box.", edited), ("Another box.", edited)):
        (figure / "own_box.py").write_text(OWN.format(said), encoding="utf-8")
        write_essay(essay, text + "\n{{ figure('own_box') }}\n")
        ran = build_in(essay)
        assert ran.returncode == 0, ran.stderr
        page = (tmp_path / "build" / "site" / "index.html").read_text(encoding="utf-8")
        assert f"{said}</" in page
        assert ("This gets" in page) == (text == edited)
