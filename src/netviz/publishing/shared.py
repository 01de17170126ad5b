"""The style, script, fonts and pictures of a page: those that pages with the same figures share."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from netviz.engine.recall import Recall
from netviz.engine.stamps import stamp
from netviz.essay.figure_calls import FigureCall
from netviz.essay.languages import Language
from netviz.essay.loaded import Loaded
from netviz.essay.manuscript import Manuscript
from netviz.essay.opening import Essay
from netviz.essay.style import as_text, page_style
from netviz.essay.templates import Templates
from netviz.figures.figure import references
from netviz.figures.registry import FigureFolder
from netviz.publishing.assets import ASSET_FOLDER, SiteFiles, joined_style


@dataclass(frozen=True)
class Shared:
    """The files by their path in the site, and what a page beside them loads of them."""

    files: Mapping[str, bytes]
    loaded: Loaded


def shared_files(essay: Essay, manuscript: Manuscript, recall: Recall) -> Shared:
    """Return the files of a page that shows all figures of `manuscript`."""
    return _shared(essay, manuscript.calls, manuscript.language, recall)


def embed_files(essay: Essay, call: FigureCall, language: Language, recall: Recall) -> Shared:
    """Return the files of a page that shows one figure alone."""
    return _shared(essay, [call], language, recall, is_embed=True)


def _shared(
    essay: Essay,
    calls: Sequence[FigureCall],
    language: Language,
    recall: Recall,
    *,
    is_embed: bool = False,
) -> Shared:
    called = {call.word: call.folder for call in calls}
    sources = _Sources(essay.templates, [folder for _, folder in sorted(called.items())])
    runs_maps = _runs_maps(essay, calls)
    return recall(joined, sources, language, runs_maps=runs_maps, is_embed=is_embed)


def _runs_maps(essay: Essay, calls: Iterable[FigureCall]) -> bool:
    """Say whether a figure of the page reads a network that may have convolutions."""
    names = {name for call in calls for name in references(call.arguments).networks}
    networks = (essay.settings.networks[name] for name in names & set(essay.settings.networks))
    return any(network.layers or network.weights for network in networks)


@dataclass(frozen=True)
class _Sources:
    """Where the styles, scripts, fonts and pictures of a page are: templates, and its figures."""

    templates: Templates
    figures: Sequence[FigureFolder]

    @property
    def stamp(self) -> Hashable:
        """What changes when one of them does."""
        own = [file for one in self.figures for file in (one.style_file, one.script_file)]
        return stamp(own), self.templates.shared_stamp


def joined(sources: _Sources, language: Language, *, runs_maps: bool, is_embed: bool) -> Shared:
    """Return the files of `sources` as pages in `language` share them.

    A page that `runs_maps` brings the layers of convolutional networks; one of a single figure is
    an embed.
    """
    site = SiteFiles()
    folders, figures = sources.templates.folders, sources.figures
    site.add_fonts(folders)
    assets = site.add_page_assets(folders)
    css = joined_style(folders, figures, is_embed=is_embed)
    style = page_style(as_text(css), f"{ASSET_FOLDER}/")
    script = site.add_script(folders, figures, language, runs_maps=runs_maps, is_embed=is_embed)
    own_scripts = site.add_own_scripts(figures, language)
    return Shared(site.files, Loaded(style, script, own_scripts, assets))
