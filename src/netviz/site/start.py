"""Starting something new: an essay that builds at once, or a figure of an author's own.

Both are copied from `starter/`, whose files work as they stand. In the essay a title and a date
are filled in; in the figure `my_figure` and `my-figure` give way to its own word and tag.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from netviz.errors import EssayError, Place
from netviz.essay.settings import SETTINGS_NAME, read_settings
from netviz.figures.registry import WORD, FigureFolder, Registry
from netviz.site.disk import disk_faults

STARTER = Path(__file__).parent / "starter"
STARTER_WORD = "my_figure"
SHOWN = 3  # names of files in a message


def start_essay(folder: Path, title: str | None, today: date) -> None:
    """Write a small working essay into `folder`, which is made where it is not there.

    Without a `title` the folder's name becomes one: `my-essay` is "My essay".

    Raises:
        EssayError: `folder` is a file, or a folder that is not empty.
        SiteError: it cannot be written.
    """
    _refuse_occupied(folder)
    title = title or _title_of(folder.resolve().name)
    # A JSON text is a YAML text too, whatever characters the title has.
    words = {"@TITLE@": json.dumps(title, ensure_ascii=False), "@DATE@": today.isoformat()}
    _copy(STARTER / "essay", folder, words)


def start_figure(word: str, essay: Path) -> str:
    """Write a working figure into the folder of `essay`; return the call that shows it.

    Raises:
        EssayError: there is no essay, `word` cannot be a figure's word, or it is taken.
        SiteError: it cannot be written.
    """
    settings = read_settings(essay / SETTINGS_NAME)
    if not WORD.fullmatch(word):
        raise EssayError(
            f"{word!r} cannot be the word of a figure",
            expected="small letters, digits and underscores, a letter first",
        )
    folder = essay / "figures" / word
    if word in Registry(essay / "figures").figures:
        raise EssayError(f"there is a figure {word!r} already", remedy="Choose another word.")
    _refuse_occupied(folder)
    tag, starter_tag = (FigureFolder(one, folder).tag for one in (word, STARTER_WORD))
    _copy(STARTER / "figure", folder, {STARTER_WORD: word, starter_tag: tag})
    network = next(iter(settings.networks), "NAME")
    return f'{{{{ figure("{word}", network="{network}") }}}}'


def _refuse_occupied(folder: Path) -> None:
    names = []
    if folder.is_dir():
        with disk_faults(folder):
            names = sorted(path.name for path in folder.iterdir())
    elif folder.exists():
        names = [folder.name]
    if names:
        raise EssayError(
            "there is something here already",
            place=Place(folder),
            expected="an empty folder, or none",
            got=", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else ""),
        )


def _title_of(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip() or "untitled"
    return words[0].upper() + words[1:]


def _copy(source: Path, target: Path, words: Mapping[str, str]) -> None:
    """Copy the files of `source`, in whose names and texts the keys of `words` are replaced."""
    with disk_faults(target):
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(path for path in source.iterdir() if path.is_file()):
            text = _replaced(file.read_text(encoding="utf-8"), words)
            (target / _replaced(file.name, words)).write_text(text, encoding="utf-8")


def _replaced(text: str, words: Mapping[str, str]) -> str:
    # In one pass, so that nothing is replaced within a title.
    return re.sub("|".join(words), lambda found: words[found[0]], text)
