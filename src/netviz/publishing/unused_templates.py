"""Files among an essay's own templates that no page is made of, as after a slip in a name."""

from collections.abc import Iterator
from pathlib import Path

from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.places import read_text
from netviz.essay.templates import built_in_templates

USED = (
    "css/*.css", "embed/*.css", "embed/*.js", "js/parts/*.js", "js/layers/*.js", "js/own/*.js",
    "fonts/*", "assets/*", "languages/*.toml",
)  # fmt: skip
FREE = {"fonts", "assets"}  # where a file may have any ending
OF_FIGURES = (".py", ".html", ".js", ".css")
KINDS = {".html", ".xml", ".css", ".js", ".toml"}  # a text or a licence may lie beside them
FREELY_NAMED = (
    "the name of one of netviz's, or a file in css, js/parts, js/layers, js/own, embed, fonts,"
    " assets or languages"
)


def unused_templates(essay: Path) -> Iterator[EssayError]:
    """Yield a fault for each file in the folder `templates` of `essay` that nothing uses."""
    folder = essay / "templates"
    ours = {_name(file, built_in_templates()) for file in built_in_templates().rglob("*.*")}
    used = {file for pattern in USED for file in folder.glob(pattern) if _is_in_small(file)}
    found = sorted(file for file in folder.rglob("*") if file.suffix.lower() in KINDS)
    for file in found:
        name = _name(file, folder)
        is_hidden = any(part.startswith(".") for part in Path(name).parts)
        if not (file in used or name in ours or is_hidden or _is_brought_in(file, essay)):
            yield EssayError(
                "no page is made of this file",
                place=Place(file),
                expected=FREELY_NAMED,
                nearest=name.lower() if name.lower() in ours else nearest_name(name, ours),
            )


def _is_in_small(file: Path) -> bool:
    """Say whether a name ends in small letters, as it has to where systems know their case."""
    return file.parent.name in FREE or file.suffix == file.suffix.lower()


def unused_of_figures(essay: Path) -> Iterator[EssayError]:
    """Yield a fault for each file of a figure of `essay` that is not read for its capitals."""
    for file in sorted((essay / "figures").glob("*/*.*")):
        read = {f"{file.parent.name}{ending}" for ending in OF_FIGURES}
        if file.name not in read and file.name.lower() in read:
            yield EssayError(
                "the figure does not read this file",
                place=Place(file),
                expected=file.name.lower(),
                remedy="Rename it: capitals count.",
            )


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _is_brought_in(file: Path, essay: Path) -> bool:
    """Say whether a template of the essay, or the fragment of a figure, names this one."""
    fragments = [*(essay / "templates").glob("*.*ml"), *(essay / "figures").glob("*/*.html")]
    return file.parent == essay / "templates" and any(
        file.name in read_text(other) for other in fragments if other != file
    )
