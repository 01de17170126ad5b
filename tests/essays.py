"""Small essays for tests, and the command that builds them on the bundled sample."""

import os
import subprocess
import sys
from pathlib import Path

from netviz.build.options import Options

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
    command = [sys.executable, "-m", "netviz", *arguments]
    return subprocess.run(
        command, cwd=essay.parent, env=environment, capture_output=True, text=True, check=False
    )


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
