"""Small essays for tests, and the command that builds them on the bundled sample."""

import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netviz.__main__ import run
from netviz.build.options import Options

# To load netviz takes longer than most commands that tests run. So one process loads it, and each
# command runs in a copy of that process, where the system can make one.
for module in ("netviz.build.build", "netviz.publishing.check"):
    importlib.import_module(module)
COPIES = "forkserver" in multiprocessing.get_all_start_methods()
PROCESSES: Any = multiprocessing.get_context("forkserver" if COPIES else "spawn")
PROCESSES.set_forkserver_preload([__name__])

FRONT = """\
---
title: A test
description: An essay for tests.
authors: [A]
date: 2026-01-02
---
"""
SETTINGS = """\
[networks.digits]
title = "one layer"
dataset = "mnist"
more_seeds = [2]
[networks.digits.recipe]
epochs = 2
validation = 40
frames = 4
init_scale = 0.0
"""
TEXT = f"""{FRONT}
## First

It gets {{{{ value("networks.digits.test.accuracy", "percent") }}}} right; see [](#fig-weights).

{{{{ figure("weights", network="digits") }}}}
"""
SECOND = TEXT.replace("## First", "## Second")
TRANSLATION = TEXT.replace("## First", "## Primero").replace(" right", "")
TEMPLATES = Path(__file__).parents[1] / "templates"


def write_essay(folder: Path, text: str = TEXT, settings: str = SETTINGS) -> Path:
    """Write text and settings into the essay in `folder`, which is made; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "essay.toml").write_text(settings, encoding="utf-8")
    (folder / "index.md").write_text(text, encoding="utf-8")
    return folder


def netviz(essay: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the folder `essay`, with a data cache beside it."""
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(essay.parent / "data")}
    return command(essay.parent, *arguments, environment=environment)


def command(
    folder: Path, *arguments: str, environment: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    """Run the command `netviz` in `folder`; return its exit code, its output and its errors."""
    with tempfile.TemporaryDirectory() as kept:
        streams = [Path(kept, name) for name in ("output", "errors")]
        process = PROCESSES.Process(
            target=_command, args=(arguments, folder, dict(environment), streams)
        )
        process.start()
        process.join()
        output, errors = (stream.read_text(encoding="utf-8") for stream in streams)
    assert process.exitcode is not None
    return subprocess.CompletedProcess(arguments, process.exitcode, output, errors)


def _command(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[Path]
) -> None:
    """Be the command, as `python -m netviz` is, with files for its output and its errors."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate(streams, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["netviz", *arguments]
    sys.exit(run())


def build(essay: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Build `essay` into build/site beside it."""
    return netviz(essay, "build", "--sample", "--jobs", "1", *arguments)


def content(site: Path) -> dict[str, bytes]:
    """Return the files of `site` by their paths in it."""
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.is_file()
    }


def two_pages(folder: Path) -> Options:
    """Write an essay of two pages, of which one is translated; return how it is built."""
    essay = write_essay(folder / "essay")
    for name in ("templates/languages", "templates/css", "figures"):
        (essay / name).mkdir(parents=True)
    (essay / "index.es.md").write_text(TRANSLATION, encoding="utf-8")
    (essay / "second.md").write_text(SECOND, encoding="utf-8")
    return Options(essay, folder / "site", folder / "cache", folder / "data", sample=True)


def edits(essay: Path) -> list[tuple[Path, str]]:
    """Return a file of the essay of two pages, and its new text, for each kind of edit."""
    figure = (TEMPLATES / "figure.html").read_text(encoding="utf-8")
    return [
        (essay / "index.md", TEXT.replace("It gets", "This gets")),
        (essay / "index.md", TEXT + "\n\n## Another\n\nOf which the translation knows nothing.\n"),
        (essay / "index.es.md", TRANSLATION + "\n\n## Otro\n\nAhora sí.\n"),
        (essay / "second.md", SECOND.replace('network="digits"', 'network="digits", unit=3')),
        (essay / "templates" / "languages" / "es.toml", '[text]\n"one layer" = "una capa"\n'),
        (essay / "templates" / "figure.html", f"{figure}<!-- own -->"),
        (essay / "templates" / "css" / "90-own.css", "p { color: red }"),
        (essay / "essay.toml", SETTINGS.replace('"one layer"', '"the one layer"')),
        (essay / "essay.toml", SETTINGS.replace("epochs = 2", "epochs = 1")),
    ]
