"""A page composed: the manuscript, its figures drawn, and the template around them."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.addresses import published_path
from netviz.essay.claim_notes import claim_notes, with_marks
from netviz.essay.figure_calls import FigureCall
from netviz.essay.figure_lines import MARKER
from netviz.essay.figure_texts import FigureText, PlacedDrawing, fitting
from netviz.essay.languages import ENGLISH, Language
from netviz.essay.loaded import Loaded
from netviz.essay.manuscript import Manuscript
from netviz.essay.policy import BASE, own_template, refuse_without_policy
from netviz.essay.rechecks import Shipped
from netviz.essay.saying import speech
from netviz.essay.sources import DataSource
from netviz.essay.template_errors import FAULTS, innermost_frame, template_error
from netviz.essay.templates import Templates
from netviz.figures.drawings import placed
from netviz.limits import reading

# Words a minute of an adult reading prose silently (Brysbaert 2019, doi:10.1016/j.jml.2019.104047).
READING_SPEED = 238
FIGURE_MINUTES = 0.5  # to read what a figure says of itself and to try it once; an estimate
SHORT_IDENTITY = 12
PICTURE = re.compile(r"<(?:img|canvas|picture|video)\b")  # what no shapes and letters make up


@dataclass(frozen=True)
class PageLink:
    """A page as the navigation names it; `path` is its place in the site."""

    path: str
    title: str


@dataclass(frozen=True)
class Version:
    """A page in one of its languages; the original is the first of its versions."""

    tag: str
    name: str
    path: str
    url: str


@dataclass(frozen=True)
class Publication:
    """Where a page is published, and what its numbers are from.

    `path` is its path in the site. `site_url` ends in a slash, or is empty where nobody has said
    yet. `is_sample` says that its networks saw a small sample; `sources` are those of the data
    that the page shows; `versions` are this page in every language it has.
    """

    path: str
    site_url: str
    is_sample: bool
    sources: tuple[DataSource, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Surroundings(Publication):
    """What is around a page: where it is published, what it loads, its card and the other pages.

    `pages` are all of the site in the order of the navigation.
    `markdown` is the path of the page as markdown, and `described` what the page says of itself to
    machines, as JSON-LD. `shipped` is what the page has of networks, by their names.
    """

    loaded: Loaded
    card: str
    pages: tuple[PageLink, ...]
    markdown: str = ""
    described: Mapping[str, Any] = field(default_factory=dict)
    shipped: Mapping[str, Shipped] = field(default_factory=dict)

    @property
    def publication(self) -> Publication:
        """The part that a text without style, card or navigation depends on."""
        return Publication(self.path, self.site_url, self.is_sample, self.sources, self.versions)


@dataclass(frozen=True)
class FigureAlone:
    """A figure as a page of its own shows it: its number, its HTML, and the place it is from."""

    number: int
    html: str
    source: str


def compose(
    manuscript: Manuscript,
    figures: Mapping[str, str],
    surroundings: Surroundings,
    templates: Templates,
) -> str:
    """Return the page's HTML; `figures` holds that of each figure by its id.

    Raises:
        EssayError: a template is wrong, or takes our policy away without a reason.
    """
    markers = {call.marker: figures[call.id] for call in manuscript.calls}
    # All at once: the page is long, and its figures are most of it.
    notes = claim_notes(
        manuscript.claims,
        manuscript.calls,
        manuscript.html,
        manuscript.language,
        surroundings.shipped,
    )
    marks = {
        note.id: _render(
            templates.pages, "claim.html", {"claim": note, **speech(manuscript.language)}
        )
        for note in notes
    }
    marked = with_marks(manuscript.html, marks)
    body = MARKER.sub(lambda found: markers.get(found[0], found[0]), marked)
    context = {
        **_context(manuscript, surroundings),
        "claims": notes,
        "body": Markup(body),  # noqa: S704 - made by our own markdown and templates
        "toc": manuscript.headings,
        "opens_with": _opening_figure(manuscript),
    }
    return _page(templates, "essay.html", context)


def compose_fragment(
    call: FigureCall,
    drawing: PlacedDrawing,
    templates: Templates,
    language: Language = ENGLISH,
) -> str:
    """Return what a drawn figure's own template makes of it.

    Raises:
        EssayError: the template is wrong, or names a file that the figure did not write.
    """
    folder = call.folder
    jinja = templates.environment(folder.folder)

    def asset(name: str) -> str:
        if name not in drawing.assets:
            raise EssayError(
                f"the figure {folder.word!r} has no file {name!r}",
                place=Place(folder.fragment_file),
                expected="one of " + ", ".join(drawing.assets),
                nearest=nearest_name(name, drawing.assets),
            )
        return drawing.assets[name]

    words = speech(language)
    context = {
        **placed(drawing.context, asset, words["named"]),
        "config": placed(drawing.config, asset, words["named"]),
        "asset": asset,
        "figure_id": call.id,
        **words,
    }
    return _render(jinja, folder.fragment_file.name, context)


def compose_figure(  # noqa: PLR0913, PLR0917 - what was drawn, what it says, and how it is shown
    call: FigureCall,
    drawing: PlacedDrawing,
    told: FigureText,
    fragment: str,
    templates: Templates,
    language: Language = ENGLISH,
) -> str:
    """Return a figure's HTML: its fragment with number, menu and what it says around it.

    Raises:
        EssayError: the template is wrong.
    """
    figure = _wrapping(call, drawing, told, fragment, language)
    return _render(templates.pages, "figure.html", {"figure": figure, **speech(language)})


def compose_beside(
    template: str,
    manuscripts: Mapping[str, Manuscript],
    surroundings: Mapping[str, Surroundings],
    templates: Templates,
) -> str:
    """Return a file beside the pages of the essay: the page "not found", sitemap or feed.

    `manuscripts` are the essays of the site by the path of their page, the first one foremost,
    and `surroundings` what is around each.

    Raises:
        EssayError: a template is wrong.
    """
    contexts = [_context(one, surroundings[path]) for path, one in manuscripts.items()]
    context = {**contexts[0], "essays": [one["essay"] for one in contexts]}
    if template.endswith(".html"):
        return _page(templates, template, context)
    return _render(templates.pages, template, context)


def compose_embed(
    manuscript: Manuscript, figure: FigureAlone, surroundings: Surroundings, templates: Templates
) -> str:
    """Return the page of one figure of a text, for frames on other sites.

    Raises:
        EssayError: a template is wrong, or takes our policy away without a reason.
    """
    shown = {
        "number": figure.number,
        "html": Markup(figure.html),  # noqa: S704 - made by our own templates
        "source": figure.source,
    }
    context = {**_context(manuscript, surroundings), "figure": shown}
    return _page(templates, "embed.html", context)


def _page(templates: Templates, name: str, context: Mapping[str, Any]) -> str:
    """Return a whole page of the site, which has to have our policy or a reason for another."""
    page = _render(templates.pages, name, context)
    refuse_without_policy(page, name, templates)
    _refuse_without_scripts(page, context["own_scripts"], templates)
    return page


def _refuse_without_scripts(page: str, scripts: Sequence[str], templates: Templates) -> None:
    """Refuse a page whose template does not load the scripts of the essay's own figures."""
    left_out = [script for script in scripts if script not in page]
    if left_out:
        raise EssayError(
            "the page does not load the scripts of the essay's own figures",
            place=Place(own_template(BASE, templates)),
            expected='{% for one in own_scripts %}<script src="{{ one }}" defer></script>'
            "{% endfor %} after the page's script, as in our base.html",
        )


def _context(manuscript: Manuscript, surroundings: Surroundings) -> dict[str, Any]:
    """Return what every template knows."""
    front = manuscript.front
    language = manuscript.language
    return {
        **speech(language),
        **surroundings.loaded.context,
        "essay": {
            "title": front.title,
            "subtitle": front.subtitle,
            "description": front.description,
            "authors": front.authors,
            "date": front.date,
            "draft": front.draft,
            "day": language.day(front.date),
            "versions": surroundings.versions,
            "language": front.language,
            "direction": language.direction,
            "site_url": surroundings.site_url,
            "url": surroundings.site_url + quote(published_path(surroundings.path)),
            "reading_minutes": reading_minutes(manuscript.words, len(manuscript.calls)),
        },
        "card": surroundings.card,
        "is_measured": manuscript.is_measured,
        "is_sample": surroundings.is_sample and manuscript.is_measured,
        "path": surroundings.path,
        "pages": surroundings.pages,
        "sources": surroundings.sources,
        "markdown": surroundings.markdown,
        "described": surroundings.described,
    }


def _opening_figure(manuscript: Manuscript) -> str:
    """Return the word of the figure that the text begins with, or nothing."""
    first = next(iter(manuscript.calls), None)
    begins = first is not None and manuscript.html.lstrip().startswith(first.marker)
    return first.word if first and begins else ""


def reading_minutes(words: int, figures: int) -> int:
    """Return how many minutes a page of so many words and figures takes, at least one."""
    return max(1, math.ceil(words / READING_SPEED + figures * FIGURE_MINUTES))


def check_identities(calls: Sequence[FigureCall], drawings: Mapping[str, PlacedDrawing]) -> None:
    """Refuse a page on which one name means two different networks.

    Raises:
        EssayError: two figures know different weights by one name.
    """
    seen: dict[str, str] = {}
    for call in calls:
        for name, identity in drawings[call.id].identities.items():
            if seen.setdefault(name, identity) != identity:
                raise EssayError(
                    f"the figures disagree on what {name!r} is",
                    place=call.place,
                    expected=f"weights {seen[name][:SHORT_IDENTITY]}",
                    got=f"weights {identity[:SHORT_IDENTITY]}",
                    remedy="Delete build/cache and build again.",
                )


def _wrapping(
    call: FigureCall, drawing: PlacedDrawing, told: FigureText, fragment: str, language: Language
) -> dict[str, Any]:
    """Return what the template around a figure knows of it."""
    body = fitting(fragment, drawing, language)
    return {
        "id": call.id,
        "word": call.word,
        "number": call.number,
        "network": " ".join(drawing.identities),
        "identity": " ".join(identity[:SHORT_IDENTITY] for identity in drawing.identities.values()),
        "caption": Markup(told.caption),  # noqa: S704 - made by our own markdown
        "finding": told.finding,
        "body": Markup(body),  # noqa: S704 - made by the figure's autoescaped template
        "learnt": told.learnt,
        "states": drawing.states,
        "linked": drawing.linked,
        "is_drawn": "<svg" in fragment and not PICTURE.search(fragment),
        "downloads": drawing.downloads,
        "offer": drawing.offer,
    }


def _render(jinja: Environment, name: str, context: Mapping[str, Any]) -> str:
    file = _template_file(jinja, name)
    with reading(file):
        try:
            return jinja.get_template(name).render(context)
        except FAULTS as error:
            place = _template_place(error, file)
            raise template_error(error, place, "the template") from error


def _template_file(jinja: Environment, name: str) -> Path:
    """Return the file that is to blame where rendering the template `name` never ends.

    Ours are sound: where it is one of them, an author's own that it builds on or brings in is
    named, or their folder where there are several.
    """
    folders = jinja.loader.searchpath if isinstance(jinja.loader, FileSystemLoader) else []
    files = (Path(folder, name) for folder in folders)
    file = next((file for file in files if file.is_file()), Path(name))
    if not folders or file.parent != Path(folders[-1]):
        return file
    own = [one for folder in folders[:-1] for one in Path(folder).glob("*.html")]
    return own[0] if len(own) == 1 else own[0].parent if own else file


def _template_place(error: Exception, otherwise: Path) -> Place:
    """Return the innermost template line of `error`."""
    if frame := innermost_frame(error):
        return Place(*frame)
    file = getattr(error, "filename", None) or otherwise
    return Place(str(file), getattr(error, "lineno", None))
