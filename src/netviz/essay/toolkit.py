"""What styles and scripts of an author's own may use, read from ours: design tokens, functions."""

import re
from collections.abc import Iterator
from pathlib import Path

from netviz.essay.reference import table

TOKENS = "css/01-tokens.css"
SCRIPTS = ("js/core.js", "js/parts/*.js")
TOKEN = re.compile(r"^ *(--nv-[\w-]+): ([^;]*);(?: /\* (.*?) \*/)?$", re.MULTILINE)
DARK = ':root[data-theme="dark"] {'
HEADER = re.compile(r"\A/\*\s*(.*?)\*/", re.DOTALL)
CALL = re.compile(r"^(?=(?:new )?(?:netviz|this)\.)", re.MULTILINE)


def tokens_reference(templates: Path) -> str:
    """Return a table of the design tokens in the folder `templates`: meaning, light and dark."""
    text = (templates / TOKENS).read_text(encoding="utf-8")
    light = text[text.index(":root {") :].partition("}")[0]
    dark = {
        name: value for name, value, _ in TOKEN.findall(text.partition(DARK)[2].partition("}")[0])
    }
    rows = [
        (f"`{name}`", meaning, f"`{value}`", f"`{dark[name]}`" if name in dark else "the same")
        for name, value, meaning in TOKEN.findall(light)
    ]
    return table(("token", "is", "light", "dark"), rows)


def script_reference(templates: Path) -> str:
    """Return what a figure's script may call: what the scripts in `templates` say at their tops."""
    files = [file for pattern in SCRIPTS for file in sorted(templates.glob(pattern))]
    sections = (_section(file, templates) for file in files)
    return "\n\n".join(section for section in sections if section)


def _section(file: Path, templates: Path) -> str:
    found = HEADER.match(file.read_text(encoding="utf-8"))
    lines = re.sub(r"^ \* ?", "", found[1] if found else "", flags=re.MULTILINE)
    introduction, *calls = CALL.split(lines)
    if not calls:
        return ""
    about = " ".join(introduction.split())
    name = file.relative_to(templates / "js").as_posix()
    return f"`{name}`: {about}\n\n" + table(("name", "is"), list(_rows(calls)))


def _rows(calls: list[str]) -> Iterator[tuple[str, str]]:
    for call in calls:
        name, _, meaning = call.strip().partition("   ")
        escaped = " ".join(meaning.split()).replace("|", "\\|").replace("<", "&lt;")
        yield f"`{' '.join(name.split())}`", escaped
