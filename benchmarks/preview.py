"""A preview as an author feels it: from the save of a file to the frame that shows it.

The essay is served as `make serve` does, in all its languages, and stands open in Chromium. The
clock runs from the moment before the file is written to the moment after the frame is painted.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.provision import find_browser

PROJECT = Path(__file__).parents[1]
SITE = PROJECT / "build" / "bench-preview"  # whose cache is that of the project
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT = "8133"
ROUNDS = 21
QUICK_ROUNDS = 5
SETTLED_SECONDS = 3.0  # until the page has read its own source
REST_SECONDS = 0.7
PATIENCE_SECONDS = 600.0  # for the first build, where nothing is in the cache

# Resolves once `word` is to be seen, after the frame that shows it, to the time on the wall.
AWAIT = """([kind, word]) => {
  const own = (selector) =>
    getComputedStyle(document.querySelector(selector)).getPropertyValue("--nv-edit").trim();
  const looks = {
    text: () => document.querySelector("main").textContent.includes(word),
    rule: () => own("figcaption") === word,
    style: () => own("body") === word,
    template: () => document.querySelector(`.${word}`) !== null,
  };
  globalThis.seen = new Promise((resolve) => {
    const look = () => {
      if (!looks[kind]()) return requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      channel.port2.postMessage(0);
    };
    requestAnimationFrame(look);
  });
}"""


@dataclass(frozen=True)
class _Edit:
    """A kind of edit: the file that is saved, and its content for a word to look for."""

    kind: str
    file: Path
    content: Callable[[str], str]


def measure(*, quick: bool) -> dict[str, Any]:
    """Return the median seconds from save to sight of each kind of edit."""
    chrome = find_browser()
    if chrome is None:
        return {"missing": ["Chrome or Chromium"]}
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        essay = Path(name) / "essay"
        shutil.copytree(PROJECT / "essay", essay)
        edits = _edits(essay)
        for edit in edits:
            edit.file.parent.mkdir(parents=True, exist_ok=True)
            edit.file.write_text(edit.content("unedited"), encoding="utf-8")
        with _preview(essay) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chrome, args=FLAGS)
            page = browser.new_page()
            page.goto(address)
            time.sleep(SETTLED_SECONDS)
            seconds = {edit.kind: [_seen(page, edit) for _ in range(rounds)] for edit in edits}
            browser.close()
    return {"missing": [], "seconds": {kind: _spread(found) for kind, found in seconds.items()}}


def _edits(essay: Path) -> list[_Edit]:
    """Return an edit of a paragraph, a rule, what all elements inherit, and all figures."""
    index = essay / "index.md"
    text = index.read_text("utf-8")
    middle = text.index("\n\nWe ", len(text) // 3) + 2
    own = essay / "templates"
    figure = (PROJECT / "templates" / "figure.html").read_text("utf-8")
    return [
        _Edit("text", index, lambda word: f"{text[:middle]}{word.title()}: {text[middle:]}"),
        _Edit(
            "rule", own / "css" / "98-own.css", lambda word: f"figcaption {{ --nv-edit: {word} }}"
        ),
        _Edit("style", own / "css" / "99-own.css", lambda word: f"body {{ --nv-edit: {word} }}"),
        _Edit(
            "template",
            own / "figure.html",
            lambda word: figure.replace("nv-finding", f"nv-finding {word}"),
        ),
    ]


@contextmanager
def _preview(essay: Path) -> Iterator[str]:
    """Serve the essay until the context is left; begin once it has been built."""
    options = ("--out", str(SITE), "--port", PORT)
    command = [sys.executable, "-m", "netviz", "serve", str(essay), *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{PORT}/"
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not _answers(address):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the preview does not answer")
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    """Say whether this session's first build stands, and not just an earlier site."""
    with suppress(OSError), urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
        return re.search(rb'data-version="\w+-[1-9]', answer.read()) is not None
    return False


def _seen(page: Page, edit: _Edit) -> float:
    """Save an edit; return the seconds until it has been painted."""
    time.sleep(REST_SECONDS)
    word = f"edit{time.monotonic_ns()}"
    page.evaluate(AWAIT, [edit.kind, word.title() if edit.kind == "text" else word])
    start = time.time()
    edit.file.write_text(edit.content(word), encoding="utf-8")
    return float(page.evaluate("seen")) / 1000 - start


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": statistics.median(seconds), "most": max(seconds)}
