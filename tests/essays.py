"""Small essays for tests, and the command that builds them on the bundled sample."""

import os
import subprocess
import sys
from pathlib import Path

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
