"""A page as one file, for mail or to keep: all that it shows and loads is in it.

The file is made of the published site and of nothing else, so that both say the same, and tags of
our templates, an essay's own, figures and authors are treated alike. What an address becomes is
decided by its tag and by the whole page, which no template knows: a script moves to the end, a
picture shown often is held once, a download is in the first link to it. Tags that name a file of
the site are replaced (`tags.py`); what is not understood stays as it was. It then loads nothing:
the page keeps its Content-Security-Policy, in which the site, `'self'`, gives way to what became of
its files: the hashes of exactly this script and these styles, and pictures and fonts as data.

Without script the page is as complete as in the site. What only scripts ask for, late data and the
pictures of `data-config`, is in blocks that no browser executes, `<script type="…"
data-file="PATH">`, where js/core.js finds them; they are read when the reader comes near. Data are
not compressed: that would save a twentieth of a large page, which the zip of a mail does as well,
and the figures would not work in older browsers.

Each kind of things in the page is read by itself (`one_file`); here they are put together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from netviz.publishing.one_file.allowed import policy_edits, read_scripts, read_styles
from netviz.publishing.one_file.blocks import read_blocks
from netviz.publishing.one_file.links import is_exported, read_links, read_relations
from netviz.publishing.one_file.part import Origin, Part
from netviz.publishing.one_file.pictures import read_pictures
from netviz.publishing.tags import edited, read_tags
from netviz.publishing.writer import publish, published, single_folder

# What is added at the end of the page comes in their order: scripts find all else there.
READERS = (read_styles, read_relations, read_pictures, read_links, read_blocks, read_scripts)
MAILABLE = 18_000_000  # bytes; many servers take 25 MB, and a mail's own encoding adds a third


@dataclass(frozen=True)
class SinglePage:
    """A page as one file, and the links that lead nowhere from it, since nothing is published."""

    html: bytes
    left_out: tuple[str, ...]


def export(out: Path, site_url: str, tell: Callable[[str], None]) -> None:
    """Write each page of the site in `out` as one file, and `tell` its size in a sentence.

    Raises:
        SiteError: the disk refuses, another build will not end, or the folder for the files holds
            something that netviz did not write.
    """
    site = published(out)
    folder = single_folder(out)
    pages = {path: single_page(path, site, site_url) for path in exported_pages(site)}
    publish({path: page.html for path, page in pages.items()}, folder)
    for path, page in pages.items():
        too_large = len(page.html) > MAILABLE
        advice = "; most mail servers refuse as much: send it zipped" if too_large else ""
        tell(f"{folder / path}: the whole page, {len(page.html) / 1e6:.1f} MB{advice}")
    left_out = sorted({path for page in pages.values() for path in page.left_out})
    if left_out:
        tell(
            f"too large to come along: {', '.join(left_out)}; "
            "with site_url in essay.toml their links lead to the published site"
        )


def exported_pages(site: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the pages that are worth a file of their own."""
    return [path for path in sorted(site) if is_exported(path)]


def single_page(path: str, site: Mapping[str, bytes], site_url: str = "") -> SinglePage:
    """Return the page at `path` of the `site`, whose files are given by path, as one file.

    Links to other pages lead to where the site is published; where `site_url` is empty they lead
    to the other page's file in the same folder.
    """
    tags = read_tags(site[path].decode())
    page = Origin(path, site, site_url)
    whole = sum((read(tags, page) for read in READERS), Part())
    html = edited(tags.text, (*whole.edits, *policy_edits(tags, whole)))
    return SinglePage(html.encode(), whole.left_out)
