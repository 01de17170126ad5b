"""What a build tells: plain lines, a live line on a terminal, reasons, timings."""

import io
import json
from pathlib import Path

import pytest

from netviz.build.progress import ERASE_LINE, Progress, Volume
from netviz.engine.execute import Event

EVENTS = (
    Event("planned", "train a", weight=3),
    Event("planned", "draw b", weight=1),
    Event("reused", "draw b"),
    Event("started", "train a", "recipe.epochs: 5 → 6"),
    Event("tick"),
    Event("made", "train a", seconds=2.34),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def capable_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)


def told(progress: Progress, folder: Path) -> str:
    with progress:
        for event in EVENTS:
            progress(event)
    progress.finish(Path("site/index.html"), folder / "timings.json")
    assert isinstance(progress.stream, io.StringIO)
    return progress.stream.getvalue()


def test_without_a_terminal_each_step_made_is_a_plain_line(tmp_path: Path) -> None:
    text = told(Progress(io.StringIO()), tmp_path)
    assert text == "made train a, 2.3 s\nsite/index.html: 1 step made, 1 reused, 0.0 s\n"


def test_verbose_tells_of_reused_steps_and_quiet_of_nothing(tmp_path: Path) -> None:
    assert "reused draw b\n" in told(Progress(io.StringIO(), Volume.VERBOSE), tmp_path)
    assert told(Progress(Terminal(), Volume.QUIET), tmp_path) == ""


def test_a_made_step_is_explained(tmp_path: Path) -> None:
    text = told(Progress(io.StringIO(), explain=True), tmp_path)
    assert "made train a, 2.3 s (recipe.epochs: 5 → 6)\n" in text


def test_a_terminal_has_one_live_line_that_is_gone_in_the_end(tmp_path: Path) -> None:
    text = told(Progress(Terminal()), tmp_path)
    assert f"{ERASE_LINE}[#####...............] 1/2 train a 0 s" in text
    last = text.rpartition(ERASE_LINE)[2]
    assert last == "\x1b[32msite/index.html: 1 step made, 1 reused, 0.0 s\x1b[0m\n"


def test_the_live_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    progress = Progress(stream)
    progress(Event("started", "a name that is longer than the terminal is wide"))
    assert len(stream.getvalue().removeprefix(ERASE_LINE)) == 29


@pytest.mark.parametrize("name", ["NO_COLOR", "--no-color"])
def test_colours_can_be_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    text = told(Progress(Terminal(), color=name == "NO_COLOR"), tmp_path)
    assert "\x1b[" not in text.replace(ERASE_LINE, "")


def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in told(Progress(Terminal()), tmp_path)


def test_damage_is_told() -> None:
    stream = io.StringIO()
    Progress(stream)(Event("damaged", "train a", "text has other bytes than were written"))
    assert "train a: text has other bytes than were written\n" in stream.getvalue()


def test_a_step_made_and_met_again_in_the_same_build_counts_as_made(tmp_path: Path) -> None:
    progress = Progress(io.StringIO())
    for event in (*EVENTS, Event("planned", "train a"), Event("reused", "train a")):
        progress(event)
    progress.finish(Path("index.html"), tmp_path / "build" / "timings.json")
    timings = json.loads((tmp_path / "build" / "timings.json").read_text())
    assert timings["made"] == {"train a": 2.34}
    assert timings["reused"] == ["draw b"]
