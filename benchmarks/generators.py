"""The site generators that builds are compared with: how each is set up, run and left watching.

All get the same markdown and the same pictures, and the smallest set-up that shows them: what
they do beyond turning markdown into a page is their own affair.
"""

import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ELEVENTY = "@11ty/eleventy@3.1.8"
TITLE = "Looking inside neural nets"
FRONT = f"---\ntitle: {TITLE}\ndate: 2026-01-01\n"


@dataclass(frozen=True)
class Generator:
    """One generator, set up in a folder of its own.

    `build` and `watch` are commands to be run in `folder`. `watch` builds again after each edit
    of `text`, and `page` is the file it writes; or `url`, where it writes none.
    """

    name: str
    version: str
    folder: Path
    text: Path
    page: Path
    build: tuple[str, ...]
    watch: tuple[str, ...]
    url: str = ""


def generators(folder: Path, markdown: str, pictures: Path, tools: Path) -> list[Generator]:
    """Set up, below `folder`, every generator that there is on this machine.

    `tools` keeps what npm installs, from run to run.
    """
    found = []
    for make in (_hugo, _eleventy, _pelican, _mkdocs):
        own = folder / make.__name__.strip("_")
        own.mkdir(parents=True)
        generator = make(own, markdown, pictures, tools)
        if generator is not None:
            found.append(generator)
    return found


def _hugo(folder: Path, markdown: str, pictures: Path, tools: Path) -> Generator | None:  # noqa: ARG001 - all have one form
    command = shutil.which("hugo")
    if command is None:
        return None
    _write(folder / "config.toml", f'baseURL = "/"\ntitle = "{TITLE}"\n')
    _write(
        folder / "layouts/index.html",
        "<!doctype html><title>{{ .Title }}</title><main>{{ .Content }}</main>\n",
    )
    shutil.copytree(pictures, folder / "static/pictures")
    text = folder / "content/_index.md"
    _write(text, f"{FRONT}---\n\n{markdown}")
    watch = (command, "server", "--renderToDisk", "--destination", "public", "--port", "8133")
    return Generator(
        "Hugo",
        _told(command, "version"),
        folder,
        text,
        folder / "public/index.html",
        (command, "--quiet"),
        watch,
    )


def _eleventy(folder: Path, markdown: str, pictures: Path, tools: Path) -> Generator | None:
    command = tools / "node_modules" / ".bin" / "eleventy"
    if not command.exists() and not _installed(tools):
        return None
    _write(
        folder / "eleventy.config.js",
        'module.exports = (config) => { config.addPassthroughCopy("pictures"); };\n',
    )
    _write(
        folder / "_includes/page.html",
        "<!doctype html><title>{{ title }}</title><main>{{ content }}</main>\n",
    )
    shutil.copytree(pictures, folder / "pictures")
    text = folder / "index.md"
    _write(text, f"{FRONT}layout: page.html\n---\n\n{markdown}")
    build = (str(command), "--quiet")
    return Generator(
        "Eleventy",
        ELEVENTY.rpartition("@")[2],
        folder,
        text,
        folder / "_site/index.html",
        build,
        (*build, "--watch"),
    )


def _installed(tools: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    tools.mkdir(parents=True, exist_ok=True)
    options = ("--no-save", "--no-audit", "--no-fund", "--silent")
    return (
        subprocess.run([npm, "install", *options, ELEVENTY], cwd=tools, check=False).returncode == 0
    )


def _pelican(folder: Path, markdown: str, pictures: Path, tools: Path) -> Generator | None:  # noqa: ARG001 - as above
    if importlib.util.find_spec("pelican") is None:
        return None
    _write(
        folder / "pelicanconf.py",
        f'SITENAME = "{TITLE}"\nPATH = "content"\nTIMEZONE = "UTC"\nDEFAULT_LANG = "en"\n'
        'STATIC_PATHS = ["pictures"]\nFEED_ALL_ATOM = None\nCATEGORY_FEED_ATOM = None\n',
    )
    shutil.copytree(pictures, folder / "content/pictures")
    text = folder / "content/pages/essay.md"
    _write(text, f"Title: {TITLE}\nDate: 2026-01-01\n\n{markdown}")
    build = (sys.executable, "-m", "pelican", "content", "--quiet")
    page = folder / "output/pages/looking-inside-neural-nets.html"
    return Generator(
        "Pelican", version("pelican"), folder, text, page, build, (*build, "--autoreload")
    )


def _mkdocs(folder: Path, markdown: str, pictures: Path, tools: Path) -> Generator | None:  # noqa: ARG001 - as above
    if importlib.util.find_spec("mkdocs") is None:
        return None
    _write(folder / "mkdocs.yml", f"site_name: {TITLE}\n")
    shutil.copytree(pictures, folder / "docs/pictures")
    text = folder / "docs/index.md"
    _write(text, markdown)
    command = (sys.executable, "-m", "mkdocs")
    watch = (*command, "serve", "--quiet", "--dev-addr", "127.0.0.1:8134")
    page = folder / "site/index.html"
    return Generator(
        "MkDocs",
        version("mkdocs"),
        folder,
        text,
        page,
        (*command, "build", "--quiet"),
        watch,
        "http://127.0.0.1:8134/",
    )


def _told(*command: str) -> str:
    """Return the first thing in what `command` prints that looks like a version."""
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else "?"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
