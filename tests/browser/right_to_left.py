"""The essay in a language that runs from right to left: its Spanish in Arabic letters.

It means nothing, but it is as long, as broken up and as mixed with numbers, names and formulas
as a translation would be, and every text that netviz says is in it too.
"""

import re
import shutil
import tomllib
import unicodedata
from pathlib import Path

PROJECT = Path(__file__).parents[2]
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابجدهوزحطيكلمنسعفصقرشتثخذض")
SPANISH = "languages/es.toml"
# Calls, formulas, code, addresses, marks of footnotes: all that is not prose.
NO_PROSE = re.compile(
    r"(\{\{.*?\}\}|\{%.*?%\}|\$\$.*?\$\$|\$[^$\n]+\$|`[^`]+`|\]\([^)]*\)|<[^>]*>|\[\^\w+\]|\{\w+\})",
    re.DOTALL,
)
CAPTION = re.compile(r'(?<=caption=")[^"]*')
TRANSLATED = re.compile(r"^(title|subtitle|description): (.*)$", re.MULTILINE)


def in_arabic_letters(text: str) -> str:
    """Return `text` with every Latin letter of its prose as an Arabic one."""
    parts = NO_PROSE.split(text)
    parts[::2] = [_letters(part) for part in parts[::2]]
    parts[1::2] = [CAPTION.sub(lambda said: _letters(said[0]), part) for part in parts[1::2]]
    return "".join(parts)


def write_essay(folder: Path) -> None:
    """Copy the essay to `folder`, with `index.ar.md` and its catalogue added."""
    shutil.copytree(PROJECT / "essay", folder)
    for name in ("index.es.md", "convolution.es.md"):
        (folder / name).unlink()
    text = (PROJECT / "essay" / "index.es.md").read_text(encoding="utf-8")
    text = text.replace("](convolution.es.md", "](convolution.md")
    _, front, body = text.split("---\n", 2)
    front = TRANSLATED.sub(lambda match: f"{match[1]}: {in_arabic_letters(match[2])}", front)
    (folder / "index.ar.md").write_text(
        f"---\n{front}---\n{in_arabic_letters(body)}", encoding="utf-8"
    )
    (folder / "templates" / "languages" / "ar.toml").write_text(_catalogue(), encoding="utf-8")


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(
        LETTERS
    )


def _catalogue() -> str:
    """Return a catalogue that says all that the Spanish ones say."""
    keys = [
        key
        for templates in (PROJECT / "templates", PROJECT / "essay" / "templates")
        for key in tomllib.loads((templates / SPANISH).read_text(encoding="utf-8"))["text"]
    ]
    months = [_letters(f"month {letter}") for letter in "abcdefghijkl"]
    lines = [
        f'name = "{_letters("arabic")}"',
        'date = "{day} {month} {year}"',
        f"months = {months}",
        "[text]",
        *(f"{_quoted(key)} = {_quoted(in_arabic_letters(key))}" for key in dict.fromkeys(keys)),
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
