"""Where builds write beside a site, by the site's folder."""

from pathlib import Path

from netviz.publishing.writer import beside, single_folder

CACHE = "cache"
TIMINGS = "timings.json"


def cache_of(out: Path) -> Path:
    """Return where a build of the site in `out` keeps what it makes."""
    return out.parent / CACHE


def timings_of(out: Path) -> Path:
    """Return where a build of the site in `out` says how long it took."""
    return out.parent / TIMINGS


def note_of(out: Path, folder: Path) -> Path:
    """Return where a build that wrote `folder` leaves its note for the next one."""
    return cache_of(out) / f"last-{folder.name}.json"


def memory_of(out: Path) -> Path:
    """Return where a build of the site in `out` leaves its memory for the next one."""
    return cache_of(out) / f"last-{out.name}.memory"


def own_paths(out: Path) -> tuple[Path, ...]:
    """Return all that a build of the site in `out` writes."""
    sites = (out, single_folder(out))
    written = [path for site in sites for path in (site, *beside(site))]
    return (cache_of(out), timings_of(out), *written)
