"""Finding out quickly that nothing has changed.

After a build a note is left of all that it read and of the site that it wrote. While neither has
changed, another build would write the same bytes again, and need not begin: neither numpy nor
Jinja is loaded to find that out. The note carries the user's seal: one that came with a
checkout is not valid.
"""

import hashlib
import importlib.util
import json
import os
import platform
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netviz.engine.disk import disk_faults, is_link, own_folder, write_own
from netviz.engine.seal import is_sealed, seal_of, user_key

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
    if any(map(is_link, (note.parent, note, out))):
        return False
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
        seal = noted.pop("seal")
        if not is_sealed(user_key(), _sealed_text(noted), seal) or noted["site"] != _digest(
            out, ()
        ):
            return False
        sources = [Path(folder) for folder in noted["sources"]]
        return bool(noted["digest"] == circumstances.digest(sources))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False  # a note that cannot be read is none


def leave_note(
    note: Path, out: Path, circumstances: Circumstances, sources: Sequence[Path], digest: str | None
) -> None:
    """Note that `out` was built when the digest of `sources` was `digest`.

    Nothing is noted if something was edited while the build ran, since it is unknown which version
    the build read.

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
        seal = seal_of(user_key(), _sealed_text(found))
        own_folder(note.parent)
        write_own(note, json.dumps({**found, "seal": seal}, indent=1) + "\n")


def _sealed_text(note: Mapping[str, object]) -> bytes:
    return b"note " + json.dumps(note, sort_keys=True).encode()


def _libraries() -> list[str]:
    """Return the names of all installed distributions, which carry their versions."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return []
    beside = Path(spec.origin).parents[1]
    return sorted(name for name in os.listdir(beside) if name.endswith("-info"))  # noqa: PTH208 - names are all we want


def _digest(folder: Path, without: Sequence[Path]) -> str:
    """Return the SHA-256 of the content of `folder`, apart from the folders `without`."""
    passed_over = {str(one.absolute()) for one in without}
    digest = hashlib.sha256()
    root = str(folder.absolute())
    for line in _lines(root, passed_over, _Looked(os.path.realpath(root), set())):
        digest.update(line)
    return digest.hexdigest()


@dataclass(frozen=True)
class _Looked:
    """Where we look: within the real folder `root`, once into each of the real folders `seen`."""

    root: str
    seen: set[str]

    def is_new(self, folder: str) -> bool:
        """Say whether to look into `folder`; links may lead anywhere, in circles too."""
        real = os.path.realpath(folder)
        inside = real == self.root or real.startswith(os.path.join(self.root, ""))  # noqa: PTH118 - joined as text, which takes less time
        if not inside or real in self.seen:
            return False
        self.seen.add(real)
        return True


def _lines(folder: str, passed_over: set[str], looked: _Looked) -> Iterator[bytes]:
    """Yield path and content, or size and time, of every file, in order."""
    if not looked.is_new(folder):
        return
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.path in passed_over or entry.name in PASSED_OVER:
            continue
        if entry.is_symlink():
            yield b"link " + os.fsencode(Path(entry.path).readlink()) + b"\0"
        try:
            status = entry.stat()
        except OSError:  # a link to nothing, as editors leave for a lock, or in a circle
            if not entry.is_symlink():
                raise
            continue
        yield _line(entry.path, status)
        if stat.S_ISDIR(status.st_mode):
            yield from _lines(entry.path, passed_over, looked)


def _line(path: str, status: os.stat_result) -> bytes:
    head = os.fsencode(path) + b"\0"  # names need not be UTF-8
    if not stat.S_ISREG(status.st_mode):  # a folder, or a pipe, whose reading would never end
        return head + f"{stat.S_IFMT(status.st_mode)}\0".encode()
    head += f"{status.st_size}\0".encode()
    if status.st_size <= READ_WHOLE:
        return head + hashlib.sha256(Path(path).read_bytes()).digest()
    return head + str(status.st_mtime_ns).encode()
