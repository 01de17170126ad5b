"""The files of a site: each page with all that it shows, and what helps to find them.

All is composed by a `Recall`: after an edit a preview composes again only what it changed.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from netviz.engine.graph import Artifact
from netviz.engine.recall import Recall, plainly
from netviz.essay.addresses import published_path
from netviz.essay.claims import Claim
from netviz.essay.figure_texts import FigureText, PlacedDrawing, figure_text
from netviz.essay.links import settled
from netviz.essay.manuscript import Manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.offers import FigurePlace, Offer
from netviz.essay.opening import Essay
from netviz.essay.page import (
    PageLink,
    Surroundings,
    Version,
    check_identities,
    compose,
    compose_beside,
    compose_figure,
    compose_fragment,
)
from netviz.essay.rechecks import Shipped
from netviz.essay.sources import DataSource, data_sources
from netviz.essay.state_links import states_linked
from netviz.essay.templates import Templates
from netviz.figures.figure import References, references
from netviz.figures.states import settings_of
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.pipeline.downloads import WEIGHTS_FOLDER
from netviz.publishing.assets import ASSET_FOLDER, SiteFiles, drawing_files
from netviz.publishing.embeds import Embeds, embed_path
from netviz.publishing.machines.description import described
from netviz.publishing.machines.list import LIST_NAME, site_list
from netviz.publishing.machines.page import markdown_path, page_markdown
from netviz.publishing.published import Published, figure_numbers
from netviz.publishing.shared import shared_files


@dataclass(frozen=True)
class Page:
    """A page's text, what was made for each of its figures by their ids, and its share card."""

    manuscript: Manuscript
    drawn: Mapping[str, Artifact]
    card: bytes


@dataclass(frozen=True)
class Measured:
    """What was measured, and the folder of each network that can be taken home."""

    measurements: Measurements
    networks: tuple[Artifact, ...]


@dataclass(frozen=True)
class _Figure:
    """A figure of a page as HTML, and what it says."""

    html: str
    text: FigureText


def site_files(  # noqa: PLR0913 - what was made, and which of its pages are asked for
    essay: Essay,
    pages: Mapping[Path, Page],
    measured: Measured,
    *,
    is_sample: bool,
    embeds: bool = False,
    recall: Recall = plainly,
) -> SiteFiles:
    """Return all files of the site: `pages` by their markdown files, and what is beside them.

    With `embeds` each figure has a page of its own too.

    Raises:
        EssayError: a template is wrong, or the figures disagree on what a network is.
    """
    site = SiteFiles()
    drawings = _drawings(pages, site, recall)
    whole = _Whole(essay, pages, drawings, measured.measurements, site, is_sample, embeds, recall)
    published = Published(essay.folder, site, recall)
    numbers = figure_numbers({file: page.manuscript for file, page in pages.items()})
    linked = _states_linked(pages, drawings)
    surroundings = {}
    for file, page in pages.items():
        around = surroundings[_path(file)] = whole.around(file)
        addresses = published.of_page(file, page.manuscript)
        settle = partial(_settled, numbers=numbers, addresses=addresses)
        states = {name: linked.get((_path(file), name), ()) for name in page.drawn}
        whole.add_page(file, around, settle, states)
    _add_beside(site, essay, pages, surroundings)
    _add_measurements(site, essay, pages, measured, recall)
    site.add(".nojekyll", b"")
    published.refuse_dead_links()
    return site


@dataclass(frozen=True)
class _Whole:
    """What every page of a site is made with; its files go into `site`."""

    essay: Essay
    pages: Mapping[Path, Page]
    drawings: Mapping[Path, Mapping[str, PlacedDrawing]]
    measurements: Measurements
    site: SiteFiles
    is_sample: bool
    embeds: bool
    recall: Recall

    def around(self, file: Path) -> Surroundings:
        """Return what is around the text of the markdown `file`; add the files that it names."""
        essay, page = self.essay, self.pages[file]
        shared = shared_files(essay, page.manuscript, self.recall)
        self.site.add_all(shared.files)
        around = Surroundings(
            loaded=shared.loaded,
            site_url=essay.settings.site_url,
            path=_path(file),
            card=self.site.add_hashed(ASSET_FOLDER, f"card-{file.stem}", ".png", page.card),
            is_sample=self.is_sample,
            pages=_links(essay, self.pages, page.manuscript.front.language),
            versions=_versions(essay, self.pages, essay.originals.get(file, file)),
            sources=_sources(essay, page.manuscript, self.measurements),
            markdown=markdown_path(_path(file)),
        )
        return replace(around, described=described(page.manuscript, around))

    def add_page(
        self,
        file: Path,
        around: Surroundings,
        settle: Callable[[str], str],
        states: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Add the page of `file`, as HTML and as markdown, and embeds of its figures where asked.

        `settle` numbers other pages' figures and addresses own files in what was made; `states`
        are those of each figure that some page links to.
        """
        essay, recall = self.essay, self.recall
        manuscript, drawings = self.pages[file].manuscript, self.drawings[file]
        offers = _offers(manuscript, around, embeds=self.embeds)
        completed = {
            name: replace(
                drawing,
                learnt=_may_have_learnt(drawing, self.measurements),
                linked=states[name],
                offer=offers[name],
            )
            for name, drawing in drawings.items()
        }
        drawn = _figures(manuscript, completed, essay.templates, recall)
        figures = {name: settle(figure.html) for name, figure in drawn.items()}
        manuscript = replace(manuscript, html=settle(manuscript.html))
        texts = tuple(
            replace(figure.text, caption=settle(figure.text.caption)) for figure in drawn.values()
        )
        as_markdown = recall(page_markdown, manuscript, texts, around.publication)
        self.site.add(around.markdown, as_markdown.encode())
        if self.embeds:
            Embeds(essay, manuscript, around, self.site, recall).add(figures)
        shipped = _shipped(essay, drawings.values(), self.measurements)
        around = replace(around, shipped=shipped)
        composed = recall(compose, manuscript, figures, around, essay.templates)
        self.site.add(around.path, composed.encode())


def _drawings(
    pages: Mapping[Path, Page], site: SiteFiles, recall: Recall
) -> Mapping[Path, Mapping[str, PlacedDrawing]]:
    """Return the drawings of each page by their figures' ids; add their files to the site.

    A translation shows those of its original, which are read once.
    """
    read: dict[tuple[str, Artifact], PlacedDrawing] = {}
    drawings: dict[Path, dict[str, PlacedDrawing]] = {}
    for file, page in pages.items():
        drawings[file] = {}
        for call in page.manuscript.calls:
            asked = call.word, page.drawn[call.id]
            if asked not in read:
                read[asked], files = recall(drawing_files, *asked)
                site.add_all(files)
            drawings[file][call.id] = read[asked]
    return drawings


def _states_linked(
    pages: Mapping[Path, Page], drawings: Mapping[Path, Mapping[str, PlacedDrawing]]
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the states that any page links to, by the path of the figure's page and its id.

    Raises:
        EssayError: a figure has no such state.
    """
    links = {_path(file): page.manuscript.state_links for file, page in pages.items()}
    if not any(links.values()):
        return {}
    settings = {
        _path(file): {name: settings_of(one.states) for name, one in drawn.items()}
        for file, drawn in drawings.items()
    }
    return states_linked(links, settings)


def _settled(
    made: str,
    numbers: Mapping[str, Mapping[str, int]],
    addresses: Mapping[tuple[str, bool], tuple[str, str]],
) -> str:
    """Return HTML with other pages' figures numbered and own files addressed."""
    return settled(made, numbers, lambda address, is_shown: addresses[address, is_shown])


def _sources(
    essay: Essay, manuscript: Manuscript, measurements: Measurements
) -> tuple[DataSource, ...]:
    read = [references(call.arguments) for call in manuscript.calls]
    return data_sources(read, sorted(manuscript.keys), essay.settings, measurements)


def _offers(manuscript: Manuscript, around: Surroundings, *, embeds: bool) -> Mapping[str, Offer]:
    """Return what the menu of each figure holds, by the figure's id."""
    place = FigurePlace(manuscript.front, manuscript.language, around.path, around.site_url)
    return {
        call.id: place.offer(
            call,
            embed_path(around.path, call.id) if embeds else "",
            is_measured=references(call.arguments) != References(),
        )
        for call in manuscript.calls
    }


def _figures(
    manuscript: Manuscript,
    drawings: Mapping[str, PlacedDrawing],
    templates: Templates,
    recall: Recall,
) -> dict[str, _Figure]:
    """Return each figure of a page by its id, composed of its drawing."""
    language = manuscript.language
    figures = {}
    for call in manuscript.calls:
        drawing = drawings[call.id]
        fragment = recall(compose_fragment, call, drawing, templates.of_figures, language)
        told = recall(figure_text, call, drawing, language)
        html = recall(compose_figure, call, drawing, told, fragment, templates, language)
        figures[call.id] = _Figure(html, told)
    check_identities(manuscript.calls, drawings)
    return figures


def _shipped(
    essay: Essay, drawings: Iterable[PlacedDrawing], measurements: Measurements
) -> Mapping[str, Shipped]:
    """Return what the figures of a page bring of networks, by the networks' names.

    All figures name these late data alike. A network of shuffled pixels reads no image as it is.
    """
    assets = {name: address for one in drawings for name, address in one.assets.items()}
    return {
        name: Shipped(
            assets[f"network-{name}"],
            "" if network.shuffled_pixels else assets.get(f"held-out-{network.dataset}", ""),
            int(str(measurements.at(f"networks.{name}.test.count"))),
        )
        for name, network in essay.settings.networks.items()
        if f"network-{name}" in assets
    }


def _may_have_learnt(drawing: PlacedDrawing, measurements: Measurements) -> tuple[str, ...]:
    """Return the titles of the networks in a figure that may know its test images."""
    keys = (f"networks.{name}" for name in drawing.identities)
    return tuple(
        str(measurements.at(f"{key}.title"))
        for key in keys
        if measurements.at(f"{key}.test.may_have_learnt")
    )


def _path(page: Path) -> str:
    """Return the path in the site of the page made of a markdown file."""
    return f"{page.stem}.html"


def _links(essay: Essay, pages: Mapping[Path, Page], tag: str) -> tuple[PageLink, ...]:
    """Return the navigation of a page in the language `tag`: of each page that version, if any."""
    links = []
    for original in (page for page in essay.pages if page not in essay.originals):
        files = _page_versions(essay, original)
        in_language = [one for one in files if pages[one].manuscript.front.language == tag]
        shown = in_language[0] if in_language else original
        links.append(PageLink(_path(shown), pages[shown].manuscript.front.title))
    return tuple(links)


def _page_versions(essay: Essay, original: Path) -> list[Path]:
    """Return a page and its translations."""
    return [original, *(page for page, first in essay.originals.items() if first == original)]


def _versions(essay: Essay, pages: Mapping[Path, Page], original: Path) -> tuple[Version, ...]:
    """Return what there is of a page, in each of its languages; none if there is only one."""
    files = _page_versions(essay, original)
    if len(files) == 1:
        return ()
    url = essay.settings.site_url
    languages = [pages[file].manuscript.language for file in files]
    return tuple(
        Version(
            tag=language.tag,
            name=language.catalogue.name,
            path=_path(file),
            url=url + quote(published_path(_path(file))) if url else "",
        )
        for file, language in zip(files, languages, strict=True)
    )


def _add_beside(
    site: SiteFiles,
    essay: Essay,
    pages: Mapping[Path, Page],
    surroundings: Mapping[str, Surroundings],
) -> None:
    """Add the page that hosts show in place of a missing one, and the list for machines.

    Where the site's address is known, add sitemap and feed.
    """
    url = essay.settings.site_url
    # A host answers with 404.html at any depth, where relative addresses would go astray. It shows
    # no figure, so that it needs no scripts of the essay's own.
    absolute = {
        path: replace(around, loaded=replace(around.loaded.seen_from(url), own_scripts=()))
        for path, around in surroundings.items()
    }
    by_path = {_path(file): page.manuscript for file, page in pages.items()}
    for name in ["404.html", "sitemap.xml", "feed.xml"] if url else ["404.html"]:
        text = compose_beside(name, by_path, absolute, essay.templates)
        site.add(name, text.encode())
    site.add(LIST_NAME, site_list(by_path, surroundings).encode())


def _add_measurements(
    site: SiteFiles,
    essay: Essay,
    pages: Mapping[Path, Page],
    measured: Measured,
    recall: Recall,
) -> None:
    """Add all that was measured, with the claims of the pages, and the weights to take home."""
    for network in measured.networks:
        site.add_all(recall(_weights, network))
    # A translation makes the same claims.
    originals = (page for file, page in pages.items() if file not in essay.originals)
    claims = [claim for page in originals for claim in page.manuscript.claims]
    made = recall(measurements_file, measured.measurements, claims)
    site.add(MEASUREMENTS_NAME, made)


def measurements_file(measurements: Measurements, claims: Sequence[Claim]) -> bytes:
    """Return the content of measurements.json: all that was measured, and the pages' claims."""
    whole = {**measurements.tree, "claims": [claim.record for claim in claims]}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"


def _weights(network: Artifact) -> Mapping[str, bytes]:
    """Return the files of a network to take home; none where only its answers are known."""
    folder, site = network.folder / WEIGHTS_FOLDER, SiteFiles()
    if folder.is_dir():
        site.add_folder(folder)
    return site.files
