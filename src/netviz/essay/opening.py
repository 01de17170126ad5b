"""An essay's folder, opened: its settings, figures and templates, and its pages in their order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import BytecodeCache

from netviz.bounds import refuse_hidden_name
from netviz.engine.recall import Recall, plainly
from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.languages import Languages
from netviz.essay.manuscript import Manuscript, Translation, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.page_files import PageFiles, inner_pages, page_files, texts_in
from netviz.essay.policy import template_policy
from netviz.essay.settings import SETTINGS_NAME, Settings, read_settings
from netviz.essay.templates import Templates, built_in_templates
from netviz.figures.registry import Registry

MADE_PAGES = {"404"}
LONGEST_NAME = 200  # bytes; names of the page's pictures are longer, and a disk takes 255


@dataclass(frozen=True)
class Essay:
    """An essay's folder, opened; its pages are in the order of the navigation, index.md first.

    Translations come after all originals; `originals` gives the page that each translates.
    `left_out` says which texts of the folder are no pages, where that may surprise.
    """

    folder: Path
    settings: Settings
    registry: Registry
    templates: Templates
    pages: tuple[Path, ...]
    originals: Mapping[Path, Path]
    languages: Languages
    left_out: tuple[str, ...] = ()


def open_essay(
    folder: Path,
    compiled: BytecodeCache | None = None,
    *,
    own_code: bool = True,
    drafts: bool = False,
) -> Essay:
    """Open the essay in `folder`, and its drafts where they are wanted.

    `compiled` keeps what Jinja makes of templates. Without `own_code` the essay's figures do not
    run, and pages are made of our templates alone.

    Raises:
        EssayError: there is none, its settings are wrong, or a file of it is a link outwards.
    """
    settings = read_settings(folder / SETTINGS_NAME)
    _refuse_links_outwards(folder)
    index = _first_page(folder)
    _refuse_unfit_names(folder)
    _refuse_inner_pages(folder)
    files = page_files(folder, drafts=drafts)
    texts, originals = files.texts, files.originals
    pages = [index, *_other_pages(folder, settings, files)]
    translations = [page for first in pages for page in texts if originals.get(page) == first]
    own, ours = folder / "templates", built_in_templates()
    templates = Templates((own, ours) if own_code else (ours,), compiled)
    return Essay(
        folder=folder,
        settings=settings,
        registry=Registry(folder / "figures", runs_own=own_code),
        templates=templates,
        pages=(*pages, *translations),
        originals=originals,
        languages=Languages((own, ours)),
        left_out=files.left_out,
    )


def _first_page(folder: Path) -> Path:
    """Return the file index.md, under exactly this name, as other systems would look for it.

    Raises:
        EssayError: there is none.
    """
    index = folder / "index.md"
    listed = sorted(file.name for file in folder.iterdir())
    if index.is_file() and index.name in listed:
        return index
    alike = next((name for name in listed if name.lower() == index.name != name), None)
    raise EssayError(
        "the essay has no text",
        place=Place(folder),
        expected="a file index.md",
        got=alike,
        remedy="Rename it: capitals count." if alike else None,
    )


def _refuse_links_outwards(folder: Path) -> None:
    """Refuse a stranger's link, by which a file of this machine would be published.

    Raises:
        EssayError: a link leads out of `folder`, or a name has characters that are not shown.
    """
    inside = os.path.realpath(folder)  # which ends where links lead in a circle
    published = [*texts_in(folder), folder / "templates", folder / "figures"]
    published += [file for one in published if one.is_dir() for file in one.rglob("*")]
    for file in published:
        refuse_hidden_name(file, EssayError)
        if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(inside):
            raise EssayError(
                "a link leads out of the essay's folder",
                place=Place(file),
                got=str(file.readlink()),
                remedy="Put the file itself there.",
            )
        if file.is_symlink() and not file.exists() and not file.name.startswith("."):
            raise EssayError(
                "a link leads nowhere",
                place=Place(file),
                got=str(file.readlink()),
                remedy="Remove it, or put the file itself there.",
            )
        if file.exists() and not (file.is_file() or file.is_dir()):  # to read a pipe never ends
            raise EssayError(
                "this is neither a file nor a folder",
                place=Place(file),
                remedy="Remove it, or move it away.",
            )


def _refuse_unfit_names(folder: Path) -> None:
    """Refuse what has the name of a page and cannot be one.

    Raises:
        EssayError: one is no file, or its name cannot be that of a page.
    """
    for page in texts_in(folder):
        if page.stem in MADE_PAGES:
            raise EssayError(
                "netviz makes a page of this name itself",
                place=Place(page),
                remedy=f"Rename the page. To change ours, write templates/{page.stem}.html.",
            )
        if len(os.fsencode(page.stem)) > LONGEST_NAME:
            raise EssayError(
                "the name of the page is too long",
                place=Place(page),
                expected=f"up to {LONGEST_NAME} bytes before .md",
                got=str(len(os.fsencode(page.stem))),
            )
        if not page.is_file():
            raise EssayError(
                "what is no file has the name of a page",
                place=Place(page),
                expected="a text file",
                remedy="Rename it, or move it away.",
            )


def _refuse_inner_pages(folder: Path) -> None:
    """Refuse pages in a folder of the essay, which would be missing from the site without a word.

    A text is taken for a page where it begins as one does. Folders whose names begin with a dot
    or an underscore are left alone.
    """
    for page in inner_pages(folder)[:1]:
        raise EssayError(
            "a page is in a subfolder of the essay",
            place=Place(page),
            expected=f"all pages beside {folder / 'index.md'}",
            remedy="Move it there, or let the folder's name begin with an underscore.",
        )


def language_tag(page: Path) -> str:
    """Return the language of a translation, by its name."""
    return page.stem.rpartition(".")[2]


def _other_pages(folder: Path, settings: Settings, files: PageFiles) -> list[Path]:
    """Return the pages besides index.md: those that the settings name, then the others by name."""
    originals = [page for page in files.texts if page not in files.originals]
    found = {page.stem: page for page in originals if page.stem != "index"}
    drafts = {page.stem for page in files.drafts}
    for name in settings.pages:
        if name not in found and name not in drafts:
            raise EssayError(
                f"there is no page {name!r}",
                place=Place(folder / SETTINGS_NAME),
                expected="one of " + ", ".join(found) if found else f"a file {name}.md",
                nearest=nearest_name(name, found),
            )
    named = [name for name in settings.pages if name in found]
    return list({name: found[name] for name in (*named, *found)}.values())


def read_page(  # noqa: PLR0913 - a page, what it may read, and how
    essay: Essay,
    page: Path,
    measurements: Measurements,
    earlier: Mapping[Path, Manuscript],
    *,
    strict: bool,
    recall: Recall = plainly,
) -> Manuscript:
    """Read a page of the essay; what it translates, if it does, is among the `earlier` ones.

    Raises:
        EssayError: as `read_manuscript`.
    """
    original = essay.originals.get(page)
    return recall(
        read_manuscript,
        page,
        measurements,
        essay.registry,
        strict=strict,
        pages=[page.name for page in essay.pages],
        languages=essay.languages,
        translation=Translation(language_tag(page), earlier[original]) if original else None,
        policy=template_policy(essay.templates),
        compiled=essay.templates.compiled,
    )
