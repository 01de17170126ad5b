"""Saving a file builds anew: once for many files, at once, and in spite of faults."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from watchfiles import Change

from netviz.engine.execute import Event
from netviz.errors import EssayError
from netviz.preview.server import Live
from netviz.preview.watch import Report, Watched, _Filter, watch_and_rebuild


@dataclass
class Session:
    """A watched folder; each build begins by putting what it sees into `seen`."""

    folder: Path
    live: Live = field(default_factory=Live)
    seen: "queue.Queue[str]" = field(default_factory=queue.Queue)
    ended: "queue.Queue[str]" = field(default_factory=queue.Queue)
    act: Callable[[Report], None] = lambda _: None

    def rebuild(self, report: Report) -> None:
        text = (self.folder / "index.md").read_text()
        self.seen.put(text)
        try:
            self.act(report)
        except BaseException:
            self.ended.put("cut short")
            raise
        self.ended.put("whole")

    def save(self, text: str, name: str = "index.md") -> None:
        (self.folder / name).write_text(text)

    def next(self) -> tuple[str, str]:
        return self.seen.get(timeout=10), self.ended.get(timeout=10)

    def is_quiet(self) -> bool:
        time.sleep(0.3)
        return self.seen.empty()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "essay"
    folder.mkdir()
    session = Session(folder)
    session.save("one")
    stop = threading.Event()
    thread = threading.Thread(
        target=watch_and_rebuild,
        args=(
            Watched([folder, tmp_path / "not there"], ignored=[folder / "build"]),
            session.rebuild,
            session.live,
        ),
        kwargs={"stop": stop},
    )
    thread.start()
    assert session.next() == ("one", "whole")
    time.sleep(0.1)  # until the system watches
    yield session
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_saved_file_builds_anew_and_open_pages_are_told(session: Session) -> None:
    before = session.live.state
    session.save("two")
    assert session.next() == ("two", "whole")
    after = session.live.wait(before.number, 5)
    assert after is not None
    assert after.version != before.version


def test_files_saved_together_are_built_together(session: Session) -> None:
    for number in range(12):
        session.save("x", f"part{number}.md")
    session.save("two")
    while session.next()[0] != "two":
        pass
    assert session.is_quiet()


def test_a_newer_change_ends_a_build_that_runs(session: Session) -> None:
    ticks = iter([1000, 0])

    def work(report: Report) -> None:
        for _ in range(next(ticks)):
            time.sleep(0.01)
            report(Event("tick"))

    session.act = work
    session.save("slow")
    assert session.seen.get(timeout=10) == "slow"
    started = time.monotonic()
    session.save("quick")
    assert session.ended.get(timeout=10) == "cut short"
    assert session.next() == ("quick", "whole")
    assert time.monotonic() - started < 5
    assert session.live.state.fault is None


def test_a_fault_is_told_and_does_not_end_the_session(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Report) -> None:
        raise EssayError("it is wrong", remedy="Mend it.")

    def crash(_: Report) -> None:
        raise ZeroDivisionError

    for act, told in ((fail, "it is wrong. Mend it."), (crash, "ZeroDivisionError")):
        number = session.live.state.number
        session.act = act
        session.save(told)
        session.next()
        state = session.live.wait(number, 5)
        assert state is not None
        assert state.fault is not None
        assert told in state.fault.message
        assert told in capsys.readouterr().err
    number = session.live.state.number
    session.act = lambda _: None
    session.save("mended")
    session.next()
    state = session.live.wait(number, 5)
    assert state is not None
    assert state.fault is None


def test_a_file_that_is_read_half_saved_is_no_fault(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail_then_save_the_rest(_: Report) -> None:
        session.act = lambda _: None
        session.save("whole")
        raise EssayError("it ends too early")

    number = session.live.state.number
    session.act = fail_then_save_the_rest
    session.save("wh")
    assert session.next() == ("wh", "cut short")
    assert session.next() == ("whole", "whole")
    state = session.live.wait(number, 5)
    assert state is not None
    assert state.number == number + 1
    assert state.fault is None
    assert "too early" not in capsys.readouterr().err


def test_what_the_build_itself_writes_starts_no_build(session: Session) -> None:
    (session.folder / "build").mkdir()
    session.save("x", "build/index.html")
    session.save("x", "index.md~")
    session.save("x", ".index.md.swp")
    assert session.is_quiet()


def test_names_count_below_what_is_watched_alone(tmp_path: Path) -> None:
    """An essay that lies in a folder called `.venv` is watched as any other."""
    root = tmp_path / ".venv" / "essay"
    passes = _Filter([root], [root / "build"])
    kept = ("index.md", "flycheck_notes.md", "data/1.png", "node.md")
    left = ("build/a", ".#index.md", "index.md~", ".index.md.swp", "node_modules/a", ".git/b")
    assert [name for name in (*kept, *left) if passes(Change.added, str(root / name))] == [*kept]


def test_code_that_was_saved_ends_the_session_for_a_new_one_to_load_it(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    built = threading.Event()
    ended: list[bool] = []

    def watch() -> None:
        watched = Watched([code], code=code)
        ended.append(watch_and_rebuild(watched, lambda _: built.set(), Live()))

    thread = threading.Thread(target=watch)
    thread.start()
    assert built.wait(10)
    time.sleep(0.1)  # until the system watches
    built.clear()
    (code / "style.css").write_text("p {}")
    assert built.wait(10)
    assert thread.is_alive()
    (code / "module.py").write_text("")
    thread.join(10)
    assert ended == [True]
