"""What builds write besides a site, and what of it may be replaced or removed: their own.

A site in `build/site` has beside it `cache/`, `timings.json`, single files, and for moments a lock,
the next site and the last one. With `--out public` all of that lies among an author's files.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from netviz.build.paths import CACHE, timings_of
from netviz.engine.cache import STAGING, TAG, WORK, refuse_foreign_cache
from netviz.engine.disk import disk_faults, is_link, linked, remove
from netviz.errors import Place, SiteError
from netviz.publishing.writer import beside, remove_site, sites_in

TIMED = {"seconds", "made", "reused"}  # what the timings hold
USUAL_SITES = ("site", "site-single")
# The content of a cache: notes and memories of builds, and the entries of each kind of step.
NOTE = re.compile(r"last-.+\.(json|memory)")
ENTRY = re.compile(r"[0-9a-f]{64}")
NAMES = {
    STAGING: WORK,
    "missing": re.compile(r"\.?[A-Za-z0-9-]+\.toml(-[0-9a-f]{8})?"),
    "gallery": re.compile(r"\.?index\.md(-[0-9a-f]{8})?"),
    "templates": re.compile(r"__jinja2_[0-9a-f]+\.cache"),  # by earlier versions
}
# What was being written when its build was killed.
HALF_WRITTEN = re.compile(r"\.(timings\.json|CACHEDIR\.TAG|last-.+\.(json|memory))-[0-9a-f]{8}")


def prepare_places(out: Path, cache: Path) -> None:
    """Refuse to write where a link leads elsewhere, or over what is not netviz's.

    Raises:
        SiteError: a folder on the way to `out` or to `cache` is a link, or an author's own file
            or folder has the name of one that builds write.
    """
    for folder in _on_the_way(out):
        if is_link(folder):
            raise linked(folder)
    with disk_faults(cache):
        refuse_foreign_cache(cache)
    timings = timings_of(out)
    if os.path.lexists(timings) and not is_link(timings) and not _are_timings(timings):
        raise SiteError(
            "a file of yours has the name of one in which a build writes how long it took",
            place=Place(timings),
            remedy="Move it away, or name another folder by --out, beside which it will be.",
        )


def clean(build: Path) -> list[str]:
    """Remove what builds wrote to the folder `build`; return the names of what was left in it.

    Raises:
        SiteError: the folder is a link, or the disk refuses.
    """
    if is_link(build):
        raise linked(build)
    if not build.is_dir():
        return []
    with disk_faults(build):
        _clean_cache(build / CACHE)
        for path in {*sites_in(build), *map(build.joinpath, USUAL_SITES)}:
            for one in beside(path):
                remove(one)
            if path.is_dir() and not is_link(path):
                remove_site(path)
        timings = timings_of(build / CACHE)
        if is_link(timings) or _are_timings(timings):
            remove(timings)
        _remove_all(path for path in build.iterdir() if HALF_WRITTEN.fullmatch(path.name))
        return _removed_if_empty(build)


def _on_the_way(out: Path) -> Iterator[Path]:
    """Yield the folders to `out` that a checkout may have brought along.

    These are all below the current folder. Elsewhere it is the one that holds the site, but none
    at the root of the disk, where systems have links of their own.
    """
    here, whole = Path.cwd(), Path(os.path.abspath(out))  # noqa: PTH100 - with links as they are
    for folder in whole.parents:
        below = folder.is_relative_to(here) and folder != here
        if below or (folder == whole.parent and folder.parent != Path(folder.anchor)):
            yield folder


def _are_timings(file: Path) -> bool:
    try:
        return set(json.loads(file.read_bytes())) == TIMED
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _clean_cache(cache: Path) -> None:
    """Remove what is known in a cache, and the cache where nothing else is in it."""
    if is_link(cache):
        remove(cache)
    if not cache.is_dir():
        return
    for path in list(cache.iterdir()):
        if is_link(path) or path.name == TAG or NOTE.fullmatch(path.name):
            remove(path)
        elif path.is_dir():
            _remove_all(one for one in path.iterdir() if _is_of_cache(path.name, one.name))
            _removed_if_empty(path)
    _remove_all(path for path in cache.iterdir() if HALF_WRITTEN.fullmatch(path.name))
    _removed_if_empty(cache)


def _is_of_cache(folder: str, name: str) -> bool:
    """Say whether builds write something of this name to a folder of the cache."""
    return NAMES.get(folder, ENTRY).fullmatch(name) is not None


def _remove_all(paths: Iterable[Path]) -> None:
    for path in list(paths):
        remove(path)


def _removed_if_empty(folder: Path) -> list[str]:
    """Remove a folder in which nothing is; return the names of what is."""
    with contextlib.suppress(OSError):
        folder.rmdir()
        return []
    return sorted(path.name for path in folder.iterdir())
