"""Each figure as a page of its own, which a frame on any site can show: `embed/PAGE/ID.html`.

It is made of the figure as its page shows it, so that both say the same: what the figure's tags
name is addressed from the embed's folder, and what was a place on the page is a link to it.
"""

import json
import posixpath
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from netviz.engine.recall import Recall
from netviz.essay.figure_calls import FigureCall
from netviz.essay.links import with_candidates
from netviz.essay.manuscript import Manuscript
from netviz.essay.markup import split
from netviz.essay.opening import Essay
from netviz.essay.page import FigureAlone, Surroundings, compose_embed
from netviz.publishing.assets import SiteFiles
from netviz.publishing.shared import embed_files
from netviz.publishing.tags import FOLLOWED, Tag, changed, edited, read_tags

EMBED_FOLDER = "embed"
TO_ROOT = "../../"  # from an embed's folder
ADDRESSES = ("href", "xlink:href", "src", "poster")
APART = {"target": "_blank", "rel": "noopener"}  # of links, which would open within the frame


def embed_path(page: str, figure_id: str) -> str:
    """Return the path in the site of the figure of that id on the page at the path `page`."""
    return f"{EMBED_FOLDER}/{page.removesuffix('.html')}/{figure_id}.html"


@dataclass(frozen=True)
class Embeds:
    """The embeds of the page of `manuscript`, which go into `site`."""

    essay: Essay
    manuscript: Manuscript
    around: Surroundings
    site: SiteFiles
    recall: Recall

    def add(self, figures: Mapping[str, str]) -> None:
        """Add a page for each figure; `figures` are those of the page as HTML, by their ids.

        Raises:
            EssayError: a template is wrong.
        """
        for call in self.manuscript.calls:
            self._add(call, figures[call.id])

    def _add(self, call: FigureCall, figure: str) -> None:
        shared = embed_files(self.essay, call, self.manuscript.language, self.recall)
        self.site.add_all(shared.files)
        around = replace(self.around, loaded=shared.loaded.seen_from(TO_ROOT))
        page = self.around.path
        moved = self.recall(readdressed, figure, page, frozenset(self.site.files))
        alone = FigureAlone(call.number, moved, f"{TO_ROOT}{quote(page)}#{call.id}")
        made = self.recall(compose_embed, self.manuscript, alone, around, self.essay.templates)
        path = embed_path(page, call.id)
        self.site.add(path, made.encode())


def readdressed(figure: str, page: str, files: Container[str]) -> str:
    """Return the HTML of a figure of `page` as seen from two folders below the site's root.

    `files` are the paths of the site's files, which a figure's configuration may name.
    """
    tags = read_tags(figure).starts
    own = {tag.get("id") for tag in tags}
    return edited(figure, changed((tag, dict(_changes(tag, page, own, files))) for tag in tags))


def _changes(
    tag: Tag, page: str, own: Container[str], files: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag that change, each with its new value."""
    for name in ADDRESSES:
        address = tag.get(name)
        if address and (address != (moved := _moved(address, tag, page, own))):
            yield name, moved
    if candidates := tag.get("srcset"):
        yield "srcset", with_candidates(candidates, lambda one: _moved(one, tag, page, own))
    href = tag.get("href")
    if tag.name in FOLLOWED and href and not (href.startswith("#") and href[1:] in own):
        yield from APART.items()
    if "data-config" in tag.attributes:
        yield "data-config", _config(tag.get("data-config"), files)


def _moved(address: str, tag: Tag, page: str, own: Container[str]) -> str:
    """Return an address on `page` as one from an embed's folder."""
    parts = split(address)
    if parts is None or address.startswith("/"):
        return address
    if parts.path:
        return TO_ROOT + posixpath.normpath(parts.path) + address[len(parts.path) :]
    if tag.name not in FOLLOWED or parts.fragment in own:
        return address
    return f"{TO_ROOT}{quote(page)}{address}"


def _config(written: str, files: Container[str]) -> str:
    """Return a figure's configuration with the addresses of the site's files changed."""
    try:
        found = json.loads(written)
    except ValueError:  # an author's own, of which its script makes what it can
        return written
    return json.dumps(_placed(found, files), ensure_ascii=False)


def _placed(value: Any, files: Container[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _placed(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_placed(item, files) for item in value]
    return TO_ROOT + value if isinstance(value, str) and value in files else value
