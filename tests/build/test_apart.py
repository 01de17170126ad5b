"""A file that hangs, swells or crashes what reads it ends in one message, and in no other way."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from netviz.build.apart import Answer, Apart, Say, apart
from netviz.errors import EssayError, SiteError
from netviz.limits import Limits, reading
from tests.build.test_kills import session_members
from tests.essays import FRONT

FILE = Path("essay") / "index.md"
NARROW = Limits(seconds=0.5, megabytes=200)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the functions need signals")


# --- what is done apart ----------------------------------------------------------------------


def hang() -> None:
    with reading(FILE, NARROW):
        re.match(r"(a+)+b", "a" * 60)  # in C, deaf to signals, with the lock of all threads


def sleep() -> None:
    with reading(FILE, NARROW):
        time.sleep(60)


def swell() -> None:
    with reading(FILE, NARROW):
        bytes(1 << 30)


def nest() -> None:
    with reading(FILE):
        nest()


def crash() -> None:
    with reading(FILE, NARROW):
        os.kill(os.getpid(), signal.SIGSEGV)


def end_outside() -> None:
    with reading(FILE, NARROW), reading(Path("inner.toml"), NARROW):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def many() -> int:
    for _ in range(2000):
        with reading(FILE, NARROW):
            pass
    return 2000


def inner() -> None:
    with reading(FILE, NARROW), reading(Path("inner.toml"), NARROW):
        time.sleep(60)


def outer() -> None:
    with reading(FILE, NARROW):
        while True:
            with reading(Path("inner.toml"), NARROW):
                pass


def refuse() -> None:
    raise EssayError("this is wrong", expected="that")


def stumble() -> None:
    raise LookupError("nowhere")


ENDS: dict[Callable[[], object], str] = {
    hang: r"essay/index.md: this takes too long to read; expected at most 0.5 seconds",
    sleep: r"essay/index.md: this takes too long to read; expected at most 0.5 seconds",
    swell: r"essay/index.md: this takes too much memory to read; expected at most 200 MB",
    nest: r"essay/index.md: this is nested too deeply",
    crash: r"essay/index.md: reading this ended the process \(SIGSEGV\)",
    inner: r"inner.toml: this takes too long to read",
    outer: r"essay/index.md: this takes too long to read",
}


@pytest.mark.parametrize("work", ENDS, ids=lambda work: str(work.__name__))
def test_whatever_a_file_does_ends_in_one_message(work: Callable[[], object]) -> None:
    started = time.monotonic()
    with pytest.raises(EssayError, match=f"^{ENDS[work]}"):
        apart(work)
    assert time.monotonic() - started < 10


def test_what_ends_outside_of_files_is_told_as_such() -> None:
    with pytest.raises(SiteError, match=r"ended by itself \(SIGKILL\)"):
        apart(end_outside)


def test_results_and_faults_come_back() -> None:
    assert apart(many) == 2000
    with pytest.raises(EssayError, match="this is wrong; expected that"):
        apart(refuse)
    with pytest.raises(LookupError, match="nowhere") as caught:
        apart(stumble)
    assert "in stumble" in str(caught.value.__cause__)


def test_outside_of_a_process_apart_reading_is_not_limited() -> None:
    with reading(FILE, Limits(seconds=0.001, megabytes=1)):
        assert len(bytes(100 << 20)) == 100 << 20


# --- a process that remembers ----------------------------------------------------------------


@contextmanager
def counter(cleared: Path) -> Iterator[Answer]:
    count = 0

    def answer(say: Say, what: str) -> int:
        nonlocal count
        count += 1
        if what == "crash":
            crash()
        while what == "go on":
            say(count)
            time.sleep(0.01)
        return count

    yield answer
    cleared.touch()


class _Enough(Exception):  # noqa: N818 - no failure
    pass


def test_calls_share_a_memory_until_the_process_is_lost(tmp_path: Path) -> None:
    cleared = tmp_path / "cleared"
    with Apart(partial(counter, cleared)) as other:
        assert [other.call("count") for _ in range(3)] == [1, 2, 3]
        with pytest.raises(EssayError, match="SIGSEGV"):
            other.call("crash")
        assert [other.call("count") for _ in range(2)] == [1, 2]
        assert not cleared.exists()
    assert cleared.exists()


def test_who_hears_may_end_a_call_and_the_memory_stays(tmp_path: Path) -> None:
    heard = []

    def hear(thing: int) -> None:
        heard.append(thing)
        if len(heard) == 3:
            raise _Enough

    with Apart(partial(counter, tmp_path / "cleared")) as other:
        with pytest.raises(_Enough):
            other.call("go on", heard=hear)
        assert heard == [1, 1, 1]
        assert other.call("count") == 2


def test_a_process_apart_starts_without_a_copy_of_this_one_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So it does where other threads run, and where the system copies no process."""
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert apart(many) == 2000
    with pytest.raises(EssayError, match="SIGSEGV"):
        apart(crash)


# --- the command -----------------------------------------------------------------------------

HEAD = f"{FRONT}\n"
TOO_LONG = "this takes too long to read; expected at most 2 seconds"
TOO_LARGE = "this takes too much memory to read; expected at most 300 MB"
DEEP = "this is nested too deeply"
BOMBS = {
    "100,000 brackets in the front matter": (
        "index.md", "---\ntitle: " + "[" * 100_000 + "\n---\n", DEEP,
    ),
    "a list 300 deep": (
        "index.md", HEAD + "\n".join("  " * 2 * n + "- a" for n in range(300)), DEEP,
    ),
    "a template without end": (
        "templates/essay.html",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        TOO_LONG,
    ),
    "a template of 3 GB": ("templates/essay.html", "{{ 'a' * 3000000000 }}", TOO_LARGE),
    "a part of a template": ("templates/base.html", "{{ 'a' * 3000000000 }}", TOO_LARGE),
    "a template that includes itself": ("templates/essay.html", "{% include 'essay.html' %}", DEEP),
    "a template that ours builds on": (
        "templates/base.html",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        TOO_LONG,
    ),
    "settings": ("essay.toml", "a = " + "[" * 200_000 + "\n", "not valid TOML"),
    "a catalogue": (
        "templates/languages/en.toml", 'date = "{day:>1500000000}"\n', "an unknown placeholder",
    ),
    "a catalogue of brackets": (
        "templates/languages/en.toml", "a = " + "[" * 200_000 + "\n", "nested too deeply",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An essay that was built once."""
    folder = tmp_path_factory.mktemp("apart")
    (folder / "essay").mkdir()
    write(folder / "essay", {"essay.toml": "sample = true\n", "index.md": HEAD + "Good.\n"})
    told, code = netviz(folder, "build")
    assert code == 0, told
    return folder


def write(essay: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (essay / name).parent.mkdir(parents=True, exist_ok=True)
        (essay / name).write_text(text, encoding="utf-8")


def start(folder: Path, *arguments: str, seconds: int = 20) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "NETVIZ_CACHE_DIR": str(folder / "data"),
        "NETVIZ_READING_SECONDS": str(seconds),
        "NETVIZ_READING_MB": "300",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "netviz", *arguments],
        cwd=folder,
        env=environment,
        start_new_session=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def netviz(folder: Path, *arguments: str, seconds: int = 20) -> tuple[str, int]:
    """Run a command; return what it says, and its exit code, when all its processes are gone."""
    process = start(folder, *arguments, seconds=seconds)
    told = "".join(process.communicate(timeout=60))
    deadline = time.monotonic() + 10
    while session_members(process.pid):
        assert time.monotonic() < deadline, "a process outlives its command"
        time.sleep(0.01)
    return told, process.returncode


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_bomb_in_a_file_is_one_message_and_the_last_site_stays(
    command: str, name: str, folder: Path
) -> None:
    if command == "check" and "template" in name:
        pytest.skip("a check composes no page")
    file, text, said = BOMBS[name]
    path = folder / "essay" / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    site = {one: one.read_bytes() for one in (folder / "build/site").rglob("*") if one.is_file()}
    write(folder / "essay", {file: text})
    try:
        started = time.monotonic()
        quiet = ["-q"] if command == "build" else []
        told, code = netviz(folder, command, *quiet, seconds=2 if said == TOO_LONG else 20)
        assert time.monotonic() - started < 20
    finally:
        path.unlink() if before is None else write(folder / "essay", {file: before})
    (line,) = [one for one in told.splitlines() if not one.startswith(("publishes", "1 faults"))]
    assert line.startswith(f"essay/{file}")
    assert said in line
    assert code == 1
    assert site == {one: one.read_bytes() for one in site}


def test_ctrl_c_ends_every_process_with_one_line(folder: Path) -> None:
    """On a terminal it reaches all of them; by `kill` the first alone."""
    write(folder / "essay", {"templates/essay.html": BOMBS["a template without end"][1]})
    try:
        for kill in (os.killpg, os.kill):
            process = start(folder, "build", "-q")
            time.sleep(1.2)
            kill(process.pid, signal.SIGINT)
            _, told = process.communicate(timeout=20)
            assert (process.returncode, len(told.splitlines())) == (1, 1), told
            assert not session_members(process.pid)
    finally:
        (folder / "essay" / "templates" / "essay.html").unlink()


def test_a_command_that_is_killed_takes_its_other_process_along(folder: Path) -> None:
    write(folder / "essay", {"templates/essay.html": BOMBS["a template without end"][1]})
    try:
        process = start(folder, "build", "-q")
        time.sleep(1.2)
        process.kill()
        process.communicate(timeout=20)
        deadline = time.monotonic() + 10
        while session_members(process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        (folder / "essay" / "templates" / "essay.html").unlink()
