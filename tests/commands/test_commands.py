"""Whatever file, path, port, pipe or signal a command meets, it ends in one message."""

import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netviz import cli
from netviz.cli import main
from tests.essays import SETTINGS, TEXT

NETVIZ = [sys.executable, "-m", "netviz"]


@pytest.fixture
def essay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "essay"
    folder.mkdir()
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "user"))
    return folder


def message(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must end with one line; return that line."""
    assert main([*arguments, "--sample", "--offline", "--jobs", "1"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


# --- arguments -------------------------------------------------------------------------------


@pytest.mark.usefixtures("essay")
@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--out", "."],
        ["build", "--out", "/"],
        ["build", "--out", ""],
        ["build", "--out", ".."],
        ["build", "--out", "a/.."],
        ["serve", "--port", "70000"],
        ["serve", "--port", "-1"],
    ],
    ids=" ".join,
)
def test_a_folder_or_a_port_out_of_bounds_is_wrong_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert ": expected " in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.usefixtures("essay")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build", "essay/index.md"], "essay/index.md: an essay is a folder, and this is a file."),
        (
            ["build", "--out", "/proc/site"],
            "/proc/.site.lock: there is no such folder, ",
        ),
        (["build", "--out", "x" * 300], "the name is too long for this disk"),
        (["build", "--out", "essay/index.md/site"], "there is a file where a folder should be"),
        (["build", "typo"], "typo/essay.toml: there is no essay here"),
    ],
)
def test_a_path_that_cannot_be_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "/proc/site" in arguments and not Path("/proc/self").exists():
        pytest.skip("THERE IS NO /proc HERE")
    assert told in message(capsys, *arguments)


def test_data_sets_of_an_essay_are_asked_for_to_be_exported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["data", "--essay", "mine"])
    assert "--essay belongs to --export" in capsys.readouterr().err


@pytest.mark.usefixtures("essay")
def test_a_check_without_a_site_says_that_it_saw_the_text_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["check", "--out", "pubilc"])
    assert "pubilc: no site is there, so that only the text was looked" in capsys.readouterr().err


def copy_page(to: str) -> Callable[[Path], object]:
    def plant(essay: Path) -> None:
        (essay / to).parent.mkdir(exist_ok=True)
        shutil.copy(essay / "index.md", essay / to)

    return plant


def link_to_itself(name: str) -> Callable[[Path], object]:
    def plant(essay: Path) -> None:
        (essay / name).parent.mkdir(exist_ok=True)
        (essay / name).symlink_to(Path(name).name)

    return plant


def make_pipe(essay: Path) -> None:
    (essay / "templates").mkdir()
    os.mkfifo(essay / "templates/a.html")


def make_settings_a_folder(essay: Path) -> None:
    (essay / "essay.toml").unlink()
    (essay / "essay.toml").mkdir()


def make_folder(essay: Path) -> None:
    (essay / "x.md").mkdir()


PLANTED: dict[str, tuple[Callable[[Path], object], str]] = {
    "404.md": (copy_page("404.md"), "makes a page of this name"),
    "a folder x.md": (make_folder, "x.md: what is no file has the name of"),
    "a long name": (copy_page(f"{'x' * 240}.md"), "is too long"),
    "a circle": (link_to_itself("a.md"), "a.md: a link leads nowhere"),
    "a circle of templates": (link_to_itself("templates/x.html"), "x.html: a link leads nowhere"),
    "a page in a folder": (copy_page("sub/a.md"), "sub/a.md: a page is in a subfolder of the"),
    "a pipe": (make_pipe, "templates/a.html: this is neither a file nor a folder"),
    "settings that are a folder": (make_settings_a_folder, "the settings are no file"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLANTED)
def test_a_file_that_cannot_be_a_page_is_told(
    kind: str, essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant, told = PLANTED[kind]
    plant(essay)
    assert told in message(capsys, "build")
    assert not Path("build/site").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", [".#index.md", "._index.md"])
def test_a_hidden_file_is_no_page(name: str, essay: Path) -> None:
    (essay / name).symlink_to("user@host.1:1")
    assert main(["build", "--sample", "--offline", "-q", "--jobs", "1"]) == 0
    assert {page.name for page in Path("build/site").glob("*.html")} == {"index.html", "404.html"}


@pytest.mark.slow
def test_a_folder_without_pages_is_no_page_s_folder(essay: Path) -> None:
    for name in ("data", "_drafts", ".hidden"):
        (essay / name).mkdir()
        (essay / name / "README.md").write_text("no page" if name == "data" else TEXT)
    assert main(["build", "--sample", "--offline", "-q", "--jobs", "1"]) == 0


# --- what nobody foresaw ---------------------------------------------------------------------


def test_a_bug_is_told_in_one_line_and_its_trace_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def buggy(*_: object, **__: object) -> object:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr("netviz.datasets.store.states", buggy)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["data"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("netviz: this is a fault of netviz: ZeroDivisionError: by; zero. ")
    (trace,) = tmp_path.iterdir()
    assert str(trace) in line
    assert "in buggy" in trace.read_text()
    assert trace.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied", "a/b"), "a/b: access is not allowed"),
        (OSError(5, "Input/output error", "a/b"), "a/b: the system refuses: Input/output error"),
        (OSError(28, "No space left on device"), "netviz: the disk is full"),
        (MemoryError(), "netviz: the memory of this machine ran out"),
    ],
)
def test_what_the_system_refuses_is_no_fault_of_netviz(
    error: Exception,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refused(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr("netviz.datasets.store.states", refused)
    assert main(["data"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(told)


# --- pipes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["| head -c 1", "| true", "> /dev/full", ">&-", "2>&-"])
def test_an_output_that_takes_no_more_leaves_no_trace(to: str, tmp_path: Path) -> None:
    if "full" in to and not Path("/dev/full").exists():
        pytest.skip("THERE IS NO /dev/full HERE")
    command = f"{shlex.join(NETVIZ)} data {to}"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.slow
def test_the_command_that_new_prints_can_be_pasted(essay: Path) -> None:
    for name in ("my essay", "it's", "-x"):
        told = subprocess.run([*NETVIZ, "new", "--", name], capture_output=True, text=True,
                              check=True, cwd=essay.parent).stdout  # fmt: skip
        words = shlex.split(told.splitlines()[-1].partition(": ")[2])
        assert words[:2] == ["netviz", "serve"]
        assert (essay.parent / words[2] / "index.md").is_file()
        assert not words[2].startswith("-")


# --- the preview -----------------------------------------------------------------------------


@contextmanager
def serving(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Serve from `folder`; give the process and the address."""
    command = [*NETVIZ, "serve", "--sample", "--offline", "--jobs", "1", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    try:
        yield process, line.split(" at ")[1].split()[0]
    finally:
        process.kill()
        process.communicate()


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return str(error.read().decode())


def wait_for(address: str, word: str) -> None:
    deadline = time.monotonic() + 60
    while word not in page(address):
        assert time.monotonic() < deadline, f"{word} does not appear"
        time.sleep(0.05)


def save(essay: Path, word: str) -> None:
    (essay / "index.md").write_text(f"{TEXT}\n\n{word}\n", encoding="utf-8")


@pytest.mark.slow
def test_a_preview_follows_its_folder_wherever_it_goes(essay: Path) -> None:
    shelf = essay.with_name("shelf")
    essay.rename(shelf)
    with serving(essay.parent) as (process, address):
        assert "appears as soon as it is built" in page(address)
        time.sleep(1.0)
        shutil.copytree(shelf, essay)  # it comes into being
        wait_for(address, "<main")
        save(essay, "FIRST")
        wait_for(address, "FIRST")
        shutil.rmtree(essay)  # it is removed and made again
        shutil.copytree(shelf, essay)
        save(essay, "SECOND")
        wait_for(address, "SECOND")
        essay.rename(essay.with_name("old"))  # another takes its place
        save(shelf, "THIRD")
        shelf.rename(essay)
        wait_for(address, "THIRD")
        save(essay, "FOURTH")
        wait_for(address, "FOURTH")
        for number, gap in enumerate((0.0, 0.01, 0.1)):  # as Emacs saves
            (essay / ".#index.md").symlink_to("user@host.1:1")
            save(essay, f"EMACS{number}")
            time.sleep(gap)
            (essay / ".#index.md").unlink()
            wait_for(address, f"EMACS{number}")
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "mended, and built in" in told
    assert "Traceback" not in told


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_preview_that_is_ended_at_any_moment_ends_clean(
    kind: signal.Signals, essay: Path
) -> None:
    for delay in random.Random(1).choices([0.0, 0.1, 0.2, 0.4, 0.8, 1.6], k=5):  # noqa: S311 - no secret
        with serving(essay.parent) as (process, _):
            time.sleep(delay)
            if kind == signal.SIGINT:
                os.killpg(process.pid, kind)  # as a terminal does
            else:
                process.send_signal(kind)
            _, told = process.communicate(timeout=30)
            assert process.returncode == 0, f"after {delay} s: {told}"
            assert "Error" not in told, f"after {delay} s: {told}"
            assert "leaked" not in told


@pytest.mark.slow
def test_a_build_that_is_asked_to_end_clears_up(essay: Path) -> None:
    command = [*NETVIZ, "build", "--sample", "--offline", "--jobs", "1"]
    with subprocess.Popen(command, cwd=essay.parent, stderr=subprocess.PIPE, text=True) as process:
        while not list(essay.parent.glob("build/cache/staging/build-*/step-*")):
            assert process.poll() is None
            time.sleep(0.001)
        process.terminate()
        _, told = process.communicate(timeout=30)
    if process.returncode == 0:
        pytest.skip("the build was quicker than the signal")
    assert told.splitlines()[-1] == "netviz: interrupted; what was finished is kept"
    assert list((essay.parent / "build/cache/staging").iterdir()) == []


def test_the_answer_to_the_wish_to_end_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_data", lambda _: 0)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["data"]) == 0
    assert signal.getsignal(signal.SIGTERM) == before
