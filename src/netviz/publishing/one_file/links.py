"""The links of a page as one file: to itself, to other pages, and to files that come along.

A file is in the first link to it, and other links lead to that one. What is too large, and what
every figure offers, stays where the site is published.
"""

import posixpath
from collections.abc import Container, Mapping, Sequence
from urllib.parse import urlsplit

from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.one_file.part import Origin, Part
from netviz.publishing.tags import FOLLOWED, Changes, Tag, Tags, changed

ELSEWHERE = "data-elsewhere"  # on links to files that stay where the site is published
HIDDEN: Changes = {"href": None, "download": None, "hidden": ""}
NOT_EXPORTED = {"404.html"}  # an answer of a host, not a page to keep
LARGEST_DOWNLOAD = 256 * 1024  # bytes; what is larger is linked where it is published


def is_exported(path: str) -> bool:
    """Say whether the file of a site at `path` is a page that is worth a file of its own."""
    return path.endswith(".html") and path not in NOT_EXPORTED


def read_links(tags: Tags, page: Origin) -> Part:
    """Return what becomes of the links that readers follow."""
    links = _naming(tags, FOLLOWED, page)
    downloads = [
        (tag, path)
        for tag, path in links
        if not (path == page.path or is_exported(path) or ELSEWHERE in tag.attributes)
    ]
    holders = _holders(downloads, page)
    edits = changed((tag, _followed(tag, path, holders, page)) for tag, path in links)
    nowhere = dict.fromkeys(path for _, path in downloads if path not in holders)
    return Part(edits, left_out=() if page.site_url else tuple(nowhere))


def read_relations(tags: Tags, page: Origin) -> Part:
    """Return what becomes of the `<link>` elements, besides styles."""
    links = _naming(tags, ("link",), page)
    return Part(changed((tag, _relation(tag, path, page)) for tag, path in links))


def _naming(tags: Tags, names: Container[str], page: Origin) -> list[tuple[Tag, str]]:
    """Return the tags of these `names` that lead to a file of the site, each with its path."""
    return [
        (tag, path)
        for tag in tags.starts
        if tag.name in names and (path := page.file(tag.get("href"))) is not None
    ]


def _holders(downloads: Sequence[tuple[Tag, str]], page: Origin) -> Mapping[str, tuple[Tag, str]]:
    """Return the first link to each file that is small enough, and its id, by the file's path."""
    first: dict[str, Tag] = {}
    for tag, path in downloads:
        if len(page.site[path]) <= LARGEST_DOWNLOAD or path == MEASUREMENTS_NAME:
            first.setdefault(path, tag)
    return {
        path: (tag, tag.get("id") or f"nv-file-{number}")
        for number, (path, tag) in enumerate(first.items(), 1)
    }


def _followed(tag: Tag, path: str, holders: Mapping[str, tuple[Tag, str]], page: Origin) -> Changes:
    """Return the attributes that change of a link to the file at `path`."""
    href, is_elsewhere = tag.get("href"), ELSEWHERE in tag.attributes
    if path == page.path:
        return {"href": f"#{urlsplit(href).fragment}"}
    if path in holders and not is_elsewhere:
        holder, name = holders[path]
        return _held(path, name, page) if tag is holder else {"href": f"#{name}"}
    if page.site_url:
        return {"href": page.published(path, href)}
    if is_exported(path):  # it lies beside the page
        return {}
    return HIDDEN if is_elsewhere else {"href": None}


def _held(path: str, name: str, page: Origin) -> Changes:
    """Return the changes of the link that holds the file at `path`, whose id is `name`."""
    file = posixpath.basename(path)
    return {"href": page.held(path), "download": file, "data-file": path, "id": name}


def _relation(tag: Tag, path: str, page: Origin) -> Changes | None:
    """Return the attributes that change of a `<link>` to the file at `path`; None of one that goes.

    A style is none of them.
    """
    kinds = tag.get("rel").lower().split()
    if "stylesheet" in kinds:
        return {}
    if any(kind.endswith("icon") for kind in kinds):
        return {"href": page.held(path)}
    if any(kind.endswith(("preload", "prefetch")) for kind in kinds):
        return None
    if page.site_url:
        return {"href": page.published(path, tag.get("href"))}
    is_nowhere = "alternate" in kinds and not is_exported(path)
    return None if is_nowhere else {}
