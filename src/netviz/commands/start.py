"""Starting something new: an essay, or a figure, language or template of an author's own.

Essays and figures are copied from `starter/`, whose files work unchanged. In the essay a title
and a date are filled in; in the figure `my_figure` and `my-figure` give way to its own word and
tag. A language and a template are written from those that netviz brings.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from netviz.engine.disk import disk_faults
from netviz.errors import EssayError, Place, first_few, nearest_name
from netviz.essay.catalogues import MODEL, to_be_filled
from netviz.essay.languages import SOURCE
from netviz.essay.settings import SETTINGS_NAME, read_settings
from netviz.essay.template_kinds import PAGES, SCRIPTS, STYLES
from netviz.essay.templates import built_in_templates, found_files
from netviz.figures.registry import WORD, FigureFolder, Registry

STARTER = Path(__file__).parent / "starter"
STARTER_WORD = "my_figure"
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # a tag of BCP 47
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


def start_language(tag: str, essay: Path) -> Path:
    """Write a catalogue of all that netviz says, to be filled in, into an essay; return its file.

    Raises:
        EssayError: there is no essay, `tag` is no language, netviz speaks it already, or the essay
            has a catalogue of it.
        SiteError: it cannot be written.
    """
    read_settings(essay / SETTINGS_NAME)
    if not LANGUAGE.fullmatch(tag):
        expected = "a tag such as de, pt-BR or zh-Hans"
        raise EssayError(f"{tag!r} is no language", expected=expected)
    ours = built_in_templates() / "languages"
    file = essay / "templates" / "languages" / f"{tag}.toml"
    if tag.partition("-")[0] == SOURCE or (ours / file.name).is_file():
        raise EssayError(
            f"netviz speaks {tag!r} already", remedy=f"What your essay adds goes into {file}."
        )
    with disk_faults(ours):
        model = (ours / f"{MODEL}.toml").read_text(encoding="utf-8")
    return _write_new(file, to_be_filled(tag, model))


def template_names() -> list[str]:
    """Return the templates of pages that an essay can replace, styles and scripts included."""
    kinds = (*PAGES, *STYLES, *SCRIPTS)
    folder = built_in_templates()
    return [name for kind in kinds for name in found_files([folder], kind)]


def start_template(name: str, essay: Path) -> Path:
    """Copy our template `name` into an essay, where it takes the place of ours; return its file.

    Raises:
        EssayError: there is no essay or no such template, or the essay has its own already.
        SiteError: it cannot be written.
    """
    read_settings(essay / SETTINGS_NAME)
    names = template_names()
    if name not in names:
        raise EssayError(
            f"there is no template {name!r}",
            expected="one of " + ", ".join(names),
            nearest=nearest_name(name, names),
        )
    text = (built_in_templates() / name).read_text(encoding="utf-8")
    return _write_new(essay / "templates" / name, text)


def _write_new(file: Path, text: str) -> Path:
    if file.exists():
        raise EssayError("there is something here already", place=Place(file))
    with disk_faults(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return file


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
            got=first_few(names, SHOWN),
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
            (target / _replaced(file.name, words)).write_text(text, encoding="utf-8", newline="\n")


def _replaced(text: str, words: Mapping[str, str]) -> str:
    # In one pass, so that nothing is replaced within a title.
    return re.sub("|".join(words), lambda found: words[found[0]], text)
