"""Builds as an author feels them, next to other generators on the same text: whole processes from
the command to its end, and under watch from the save of a file to the new page.

The contenders take turns, round after round, so that whatever else the machine does falls on
all alike. The median of the rounds counts.
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
from pathlib import Path
from typing import Any

from benchmarks.generators import Generator, generators
from benchmarks.memory import MemoryWatch
from netviz import __version__

PROJECT = Path(__file__).parents[1]
TOOLS = PROJECT / "build" / "bench-tools"
PEERS = ("Hugo", "Eleventy", "Pelican", "MkDocs")
ROUNDS = 7
QUICK_ROUNDS = 3
PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.002
REST_SECONDS = 0.7
PORT = "8132"
FIRST = "index.md"
OTHER_PAGE = re.compile(r"\[([^\]]*)\]\([^)#:]*\.md[^)]*\)")  # a link to one
OF_SECOND = "# --- convolutional networks"  # in the settings, up to the sweeps
SWEEP = re.compile(r'\(gain\b|\("sweeps\.|width_and_depth|fig-width')


def measure(*, quick: bool) -> dict[str, Any]:
    """Return seconds by kind of build and generator, and the memory of cold builds."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _without_sweep(folder / "plain")
        cold = {"without the sweep": _cold(ours)}
        if not quick:
            ours = _whole(folder / "whole")
            cold["with the sweep"] = _cold(ours)
        peers = generators(
            folder / "peers", _same_text(ours.text), ours.page.parent / "pictures", TOOLS
        )
        seconds = _whole_processes([ours, *peers], rounds)
        for one in [ours, *peers]:
            with _watching(one):
                seconds[one.name]["saved"] = _median(lambda one=one: _saved(one), rounds)
    return {
        "missing": [peer for peer in PEERS if peer not in seconds],
        "cold": cold,
        "versions": {one.name: one.version for one in [ours, *peers]},
        "seconds": seconds,
        "start": _start(rounds),
    }


# --- the essay -------------------------------------------------------------------------------


def _whole(folder: Path) -> Generator:
    """Return the first chapter in a folder of its own, in one language, as the others have it."""
    essay = folder / "essay"
    shutil.copytree(PROJECT / "essay", essay, ignore=_other_pages)
    text = (essay / FIRST).read_text("utf-8")
    (essay / FIRST).write_text(OTHER_PAGE.sub(r"\1", text), encoding="utf-8")
    settings = (essay / "essay.toml").read_text("utf-8")
    own, _, others = settings.partition(OF_SECOND)
    _, sweeps, rest = others.partition("[sweeps.")
    (essay / "essay.toml").write_text(own + sweeps + rest, encoding="utf-8")
    command = (sys.executable, "-m", "netviz")
    return Generator(
        "netviz",
        __version__,
        folder,
        essay / FIRST,
        folder / "build" / "site" / "index.html",
        (*command, "build", "--quiet"),
        (*command, "serve", "--port", PORT),
    )


def _other_pages(_: str, names: list[str]) -> list[str]:
    """Return the names of pages of the essay that are not its first, in English."""
    return [name for name in names if name.endswith(".md") and name != FIRST]


def _without_sweep(folder: Path) -> Generator:
    """Return the chapter without its sweeps, and without the paragraphs that speak of them."""
    ours = _whole(folder)
    paragraphs = ours.text.read_text("utf-8").split("\n\n")
    kept = [one for one in paragraphs if not SWEEP.search(one)]
    ours.text.write_text("\n\n".join(kept), encoding="utf-8")
    settings = ours.text.with_name("essay.toml")
    before, _, _ = settings.read_text("utf-8").partition("[sweeps.")
    settings.write_text(before, encoding="utf-8")
    return ours


def _same_text(text: Path) -> str:
    """Return an essay's markdown for generators that measure nothing.

    Numbers are written out, figures are pictures, claims are plain sentences.
    """
    _, _, body = text.read_text("utf-8").removeprefix("---").partition("\n---\n")
    numbers = iter(range(1000))
    body = re.sub(r"\{\{\s*figure\(.*?\}\}", lambda _: _picture(next(numbers)), body, flags=re.S)
    body = re.sub(r"\{\{.*?\}\}", "0.923", body, flags=re.S)
    return re.sub(r"\{%.*?%\}", "", body, flags=re.S)


def _picture(number: int) -> str:
    return f"![Figure {number}](pictures/{number}.webp)"


# --- whole processes -------------------------------------------------------------------------


def _cold(ours: Generator) -> dict[str, float]:
    """Build from nothing but the data; return seconds, and the most memory in megabytes."""
    with MemoryWatch() as memory:
        seconds = _run(ours)
    return {"seconds": seconds, "peak_megabytes": memory.peak_megabytes}


def _whole_processes(contenders: list[Generator], rounds: int) -> dict[str, dict[str, float]]:
    """Return the median seconds of builds after an edit, and of builds with nothing to do."""
    found: dict[str, dict[str, list[float]]] = {}
    for one in contenders:
        _run(one)
        found[one.name] = {"edited": [], "unchanged": []}
    for _ in range(rounds):
        for one in contenders:
            word = _edit(one)
            found[one.name]["edited"].append(_run(one))
            if word not in _page(one):
                raise RuntimeError(f"{one.name} did not build the edit")
            found[one.name]["unchanged"].append(_run(one))
    return {
        name: {kind: statistics.median(values) for kind, values in kinds.items()}
        for name, kinds in found.items()
    }


def _run(generator: Generator) -> float:
    start = time.perf_counter()
    subprocess.run(
        generator.build, cwd=generator.folder, check=True, stdout=subprocess.DEVNULL
    )  # fmt: skip
    return time.perf_counter() - start


def _edit(generator: Generator) -> str:
    """Add a paragraph to the text; return a word that stands nowhere else."""
    word = f"edit{time.monotonic_ns()}"
    with generator.text.open("a", encoding="utf-8") as text:
        text.write(f"\n\nThis is {word}.\n")
    return word


def _page(generator: Generator) -> str:
    return generator.page.read_text("utf-8")


def _start(rounds: int) -> dict[str, float]:
    """Return the seconds of `netviz --help`, of Python with what that imports, and of Python."""
    imports = "import argparse, dataclasses, datetime, difflib, os, pathlib, shutil, sys, typing"
    commands = {"help": ("-m", "netviz", "--help"), "imports": ("-c", imports), "bare": ("-c", "")}
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(3 * rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
            found[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in found.items()}


# --- under watch -----------------------------------------------------------------------------


@contextmanager
def _watching(generator: Generator) -> Iterator[None]:
    """Let the generator watch its text; return when it has built a first edit of it."""
    process = subprocess.Popen(
        generator.watch,
        cwd=generator.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _saved(generator, patience=3.0) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{generator.name} does not watch: {generator.watch}")
        yield
    finally:
        process.terminate()
        process.wait()


def _saved(generator: Generator, patience: float = PATIENCE_SECONDS) -> float | None:
    """Save an edit; return the seconds until the page has it, or None if it never does."""
    time.sleep(REST_SECONDS)
    new = _by_url(generator.url) if generator.url else _by_file(generator.page)
    word = _edit(generator).encode()
    start = time.perf_counter()
    while time.perf_counter() - start < patience:
        if word in new():
            return time.perf_counter() - start
        time.sleep(POLL_SECONDS)
    return None


def _by_file(page: Path) -> Callable[[], bytes]:
    """Return a function that returns the page's bytes when they are new, else nothing."""
    last: list[object] = [None]

    def new() -> bytes:
        with suppress(OSError):
            status = page.stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if stamp != last[0]:
                content = page.read_bytes()
                last[0] = stamp
                return content
        return b""

    return new


def _by_url(url: str) -> Callable[[], bytes]:
    def new() -> bytes:
        with suppress(OSError), urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own
            return bytes(answer.read())
        return b""

    return new


def _median(measure: Callable[[], float | None], rounds: int) -> float | None:
    found = [seconds for _ in range(rounds) if (seconds := measure()) is not None]
    return statistics.median(found) if found else None
