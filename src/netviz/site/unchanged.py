"""Knowing at a glance that there is nothing to do.

After a build a note is left of all that it read and of the site that it wrote. While neither has
changed, another build would write the same bytes again, and need not begin: neither numpy nor
Jinja is loaded to find that out.
"""

import hashlib
import importlib.util
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netviz.site.disk import disk_faults

PACKAGE = Path(__file__).parents[1]
READ_WHOLE = 1 << 16  # bytes; larger files count by size and time, as in the cache
PASSED_OVER = {"__pycache__"}  # written by Python beside what it reads


@dataclass(frozen=True)
class Circumstances:
    """What a build depends on besides files.

    `settings` are those of the command line that shape the site, by name. Folders in `own` are
    written by builds and are no source, though they may lie within one.
    """

    settings: Mapping[str, str]
    own: tuple[Path, ...]

    def digest(self, sources: Sequence[Path]) -> str | None:
        """Return the SHA-256 of everything the site is made of; `sources` are folders.

        None where one of them, or a file in it, cannot be read.
        """
        parts = [
            json.dumps(self.settings, sort_keys=True),
            os.environ.get("SOURCE_DATE_EPOCH", ""),
            platform.python_version(),
            *_libraries(),
        ]
        try:
            parts += [_digest(folder, self.own) for folder in (PACKAGE, *sources)]
        except OSError:
            return None
        return hashlib.sha256(os.fsencode("\n".join(parts))).hexdigest()


def is_unchanged(note: Path, out: Path, circumstances: Circumstances) -> bool:
    """Say whether the build that `note` tells of would make the same of `out` again."""
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        sources = [Path(folder) for folder in told["sources"]]
        if told["site"] != _digest(out, ()):
            return False
        return bool(told["digest"] == circumstances.digest(sources))
    except (OSError, ValueError, KeyError, TypeError):
        return False  # a note that cannot be read is none


def leave_note(
    note: Path, out: Path, circumstances: Circumstances, sources: Sequence[Path], digest: str | None
) -> None:
    """Note that `out` was built when the digest of `sources` was `digest`.

    Nothing is noted if something was edited while the build ran: which of the two it saw, nobody
    knows.

    Raises:
        SiteError: the disk refuses.
    """
    if digest is None or circumstances.digest(sources) != digest:
        return
    with disk_faults(note):
        found = {
            "digest": digest,
            "site": _digest(out, ()),
            "sources": [str(folder) for folder in sources],
        }
        note.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _libraries() -> list[str]:
    """Return the names of all installed distributions, which carry their versions."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return []
    beside = Path(spec.origin).parents[1]
    return sorted(name for name in os.listdir(beside) if name.endswith("-info"))  # noqa: PTH208 - names are all we want


def _digest(folder: Path, without: Sequence[Path]) -> str:
    """Return the SHA-256 of what stands in `folder`, apart from the folders `without`."""
    passed_over = {str(one.absolute()) for one in without}
    digest = hashlib.sha256()
    for line in _lines(str(folder.absolute()), passed_over):
        digest.update(line)
    return digest.hexdigest()


def _lines(folder: str, passed_over: set[str]) -> Iterator[bytes]:
    """Yield path and content, or size and time, of every file, in order."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.path in passed_over or entry.name in PASSED_OVER:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _lines(entry.path, passed_over)
            continue
        status = entry.stat()
        head = f"{entry.path}\0{status.st_size}\0"
        if status.st_size <= READ_WHOLE:
            yield os.fsencode(head) + hashlib.sha256(Path(entry.path).read_bytes()).digest()
        else:
            yield os.fsencode(f"{head}{status.st_mtime_ns}")
