"""What is printed shows names and texts of others without obeying them, whichever printer it is."""

import io
import sys
from pathlib import Path

import pytest

from netviz.build.progress import Progress, Volume
from netviz.cli import main
from netviz.engine.execute import Event
from tests.essays import FRONT

HEAD = f"{FRONT}\n"
ATTACK = "\x1b]0;pwned\x07\x1b[2J\x1b[31mAll good\u202e"
SHOWN = r"\x1b]0;pwned\x07\x1b[2J\x1b[31mAll good\u202e"


@pytest.fixture
def essay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "essay"
    folder.mkdir()
    (folder / "essay.toml").write_text("", encoding="utf-8")
    (folder / "index.md").write_text(HEAD + "Text.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(arguments)
    printed = capfd.readouterr()
    text = printed.out + printed.err
    assert [char for char in text if char != "\n" and not char.isprintable()] == []
    return text


@pytest.mark.parametrize(
    "body",
    [
        f"{{% claim false %}}{ATTACK}{{% endclaim %}}",
        f"$\\nothing{ATTACK}$",
        f"[text](#fig-{ATTACK})",
        f"{{{{ value('{ATTACK}') }}}}",
        f"{{{{ figure('{ATTACK}') }}}}",
    ],
    ids=["claim", "formula", "link", "number", "figure"],
)
def test_a_fault_shows_what_a_text_hides(
    body: str, essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (essay / "index.md").write_text(HEAD + body, encoding="utf-8")
    assert r"\x1b]0;pwned\x07" in told(capfd, "build", "--sample", "--offline")


def test_a_sentence_of_the_build_shows_what_a_text_hides(
    essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    claim = f"{{% claim false %}}{ATTACK}{{% endclaim %}}"
    (essay / "index.md").write_text(HEAD + claim, encoding="utf-8")
    assert f"“{SHOWN}”" in told(capfd, "build", "--sample", "--offline")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\u202eb", "a\udcffb"], ids=ascii)
@pytest.mark.parametrize("kind", ["{}.md", "templates/assets/{}.svg"])
def test_a_file_whose_name_cannot_be_published_is_refused_and_named(
    kind: str, name: str, essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = essay / kind.format(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD, encoding="utf-8")
    shown = ascii(name).strip("'")
    text = told(capfd, "build", "--sample", "--offline")
    assert text.startswith(f"essay/{kind.format(shown)}: this name cannot be shown")
    assert text.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_what_is_beside_the_essay_may_have_any_name(
    essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (essay / "photo\udce9\x1b.jpeg").write_bytes(b"")
    assert "build/site/index.html: " in told(capfd, "build", "--sample", "--offline")


def test_steps_reasons_and_bars_show_what_names_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "400")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    name = f"draw {ATTACK}\n"
    with Progress(stream, Volume.VERBOSE, explain=True) as progress:
        for event in (
            Event("planned", name),
            Event("started", name, ATTACK),
            Event("tick"),
            Event("made", name),
            Event("reused", f"{name}2", ATTACK),
            Event("damaged", name, ATTACK),
        ):
            progress(event)
    text = stream.getvalue()
    assert text.count(SHOWN) == 7
    assert "pwned\x07" not in text
    assert "\u202e" not in text


def test_a_stream_of_another_alphabet_gets_every_message(
    essay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (essay / "index.md").write_text(HEAD + "Right 10.5% – “so”.\n", encoding="utf-8")
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main(["check"]) == 1
    narrow.seek(0)
    assert narrow.read().startswith("essay/index.md:8:7: this number is typed by hand")
