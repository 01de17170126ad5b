"""Checks of an essay, and of its site (see `check.py`).

Numbers typed by hand, an author without a name, scripts that no browser could read, networks,
figures and templates that nothing uses and, once something was measured, all that would stop a
build.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from netviz.errors import EssayError, NetvizError, Place, each
from netviz.essay.front_matter import split_front_matter, without_author
from netviz.essay.languages import SOURCE
from netviz.essay.manuscript import Manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.named import calls_of, is_named
from netviz.essay.opening import Essay, language_tag, open_essay, read_page
from netviz.essay.places import read_text
from netviz.essay.settings import SETTINGS_NAME, place_of, read_settings
from netviz.essay.signs import signs_of_little_learning
from netviz.essay.typed_numbers import typed_numbers
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.check import check_site
from netviz.publishing.own_scripts import own_scripts, unreadable
from netviz.publishing.published import unfound
from netviz.publishing.unused_templates import unused_of_figures, unused_templates


def check_all(folder: Path, site: Path, *, own_code: bool = True) -> list[NetvizError]:
    """Return the faults of the essay in `folder`, and of its `site` where there is one.

    Raises:
        EssayError: the essay cannot be opened at all.
    """
    faults = check_essay(folder, site, own_code=own_code)
    if (site / "index.html").is_file():
        settings = read_settings(folder / SETTINGS_NAME)
        faults += check_site(
            site,
            settings.page_budget_kb,
            settings.site_url,
            folder,
            settings.picture_budget_kb,
        )
    return faults


def check_essay(
    folder: Path, site: Path | None = None, *, own_code: bool = True
) -> list[NetvizError]:
    """Return the faults of the essay in `folder`, read against what `site` says was measured.

    Without `own_code` no figure of its own runs; a call of one is a fault.

    Raises:
        EssayError: the essay cannot be opened at all.
    """
    essay = open_essay(folder, own_code=own_code)
    faults: list[NetvizError] = []
    languages = essay.languages
    texts = {page: read_text(page) for page in essay.pages}
    for page, text in texts.items():
        tag = SOURCE
        with suppress(EssayError):  # of front matter, which stops a build
            front, _, _ = split_front_matter(page, text)
            tag = front.language
            faults += filter(None, [without_author(page, text, front)])
        tag = language_tag(page) if page in essay.originals else tag
        forms = languages.find(tag).catalogue.numbers
        faults += [number.fault for number in typed_numbers(page, text, forms)]
    faults += unreadable(own_scripts(essay))
    if site is not None and (site / MEASUREMENTS_NAME).is_file():
        faults += _unreadable(essay, site / MEASUREMENTS_NAME)
    faults += _unused(essay, texts)
    if own_code:
        faults += [*unused_templates(folder), *unused_of_figures(folder)]
    return faults


def _unreadable(essay: Essay, measured: Path) -> Iterator[NetvizError]:
    """Yield what was measured amiss, and for each page the fault that would stop a build."""
    try:
        tree = json.loads(measured.read_text(encoding="utf-8"))
        is_sample = bool(tree["sample"])
    except (ValueError, TypeError, KeyError):
        place = Place(measured)
        yield EssayError("these are no measurements", place=place, remedy="Build the site again.")
        return
    yield from signs_of_little_learning(essay.folder, essay.settings, tree)
    read: dict[Path, Manuscript] = {}
    for page in essay.pages:
        if essay.originals.get(page, page) in (page, *read):
            try:
                read[page] = read_page(essay, page, Measurements(tree), read, strict=not is_sample)
            except EssayError as error:
                yield from each(error)
    yield from unfound(essay.folder, read)


def _unused(essay: Essay, texts: Mapping[Path, str]) -> list[NetvizError]:
    """Return a fault for each network, sweep and own figure that no page calls for."""
    file = essay.folder / SETTINGS_NAME
    settings = file.read_text(encoding="utf-8-sig")
    own = {figure.word: figure for figure in essay.registry.own_figures}
    faults: list[NetvizError] = []
    calls = calls_of(texts.values())
    used = essay.settings.used_datasets
    named: dict[str, Iterable[str]] = {
        "data set": [name for name in essay.settings.datasets if name not in used],
        "network": essay.settings.networks,
        "sweep": essay.settings.sweeps,
        "figure": own,
    }
    for kind, names in named.items():
        for name in names:
            if not is_named(name, calls):
                place = (
                    Place(own[name].module_file, 1)
                    if kind == "figure"
                    else place_of(file, settings, (f"{kind.replace(' ', '')}s", name))
                )
                remedy = "Remove it, or write about it."
                faults.append(
                    EssayError(f"no page reads the {kind} {name!r}", place=place, remedy=remedy)
                )
    return faults
