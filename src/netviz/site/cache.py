"""What steps have made, kept on disk by their keys.

An entry is the folder `<cache>/<function>/<digest of the key>/`: the step's files in `files/`,
and `manifest.json`, which knows the size and hash of each. Entries are made in a staging
folder and appear by one rename, whole or not at all. Each is checked before it is used
again, and a damaged one is as good as none. The folder may be moved, or kept between
machines.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from netviz.site.disk import disk_faults
from netviz.site.graph import Artifact
from netviz.site.keys import Key
from netviz.site.lock import Lock

VERSION = 1
MANIFEST = "manifest.json"
FILES = "files"
STAGING = "staging"
TAG = "CACHEDIR.TAG"
TAG_TEXT = (  # asks backup programs to leave the folder out: bford.info/cachedir
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# What netviz has trained and drawn. It may be deleted: a build makes it again.\n"
)
ALWAYS_HASHED = 1 << 16  # bytes; larger files are hashed only where their time has changed


class Damage(Exception):  # noqa: N818 - a state of an entry, found and mended; not a failure
    """An entry of the cache is not what was put there."""


@dataclass(frozen=True)
class FileRecord:
    """What a file of an entry was when it was made; `modified` is in nanoseconds."""

    size: int
    sha256: str
    modified: int


@dataclass(frozen=True)
class Manifest:
    """What an entry holds, which step made it, and from what."""

    version: int
    step: str
    key: Key
    digest: str
    files: Mapping[str, FileRecord]


def seal(folder: Path, step: str, key: Key) -> None:
    """Write the manifest of the finished entry in `folder`."""
    files = {}
    for path, status in _tree(folder / FILES):
        sha256 = _hash_of(folder / FILES / path, status.st_size)
        files[path] = FileRecord(status.st_size, sha256, status.st_mtime_ns)
    manifest = Manifest(VERSION, step, key, content_digest(files), files)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def content_digest(files: Mapping[str, FileRecord]) -> str:
    """Return the SHA-256 of the names and contents of `files`, whatever their times."""
    lines = [f"{file.sha256} {path}\n" for path, file in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


class Cache:
    """The entries in `folder`.

    Args:
        folder: made where it is missing.
        verify: hash every file of an entry before it is used again, large ones too.
    """

    def __init__(self, folder: Path, *, verify: bool = False) -> None:
        self.folder = folder.absolute()  # a cluster's workers may stand elsewhere
        self.verify = verify
        self._latest: dict[str, dict[str, tuple[int, Key]]] = {}
        self._checked: dict[str, tuple[tuple[int, int], Artifact]] = {}

    def find(self, key: Key) -> Artifact | None:
        """Return what was made for `key`, or None.

        An entry that was found whole is not read again, unless its manifest was touched or a
        file came or went: a preview looks for every step at each edit.

        Raises:
            Damage: there is an entry, but it is not whole.
        """
        entry = self._entry(key)
        stamp, known = self._checked.get(key.digest, ((0, 0), None))
        if known is not None and not self.verify and stamp == _stamp(entry):
            return known
        if not os.path.lexists(entry):
            return None
        try:
            manifest = _read_manifest(entry)
            _check(entry, manifest, key, verify=self.verify)
        except OSError as error:
            raise Damage(f"it cannot be read: {error.strerror}") from error
        with contextlib.suppress(OSError):  # marks the time of use; not worth a fault
            os.utime(entry / MANIFEST)
        self._remember(manifest)
        artifact = Artifact(entry / FILES, manifest.digest)
        self._checked[key.digest] = (_stamp(entry), artifact)
        return artifact

    def previous(self, step: str, function: str) -> Key | None:
        """Return the key of the entry that the step of that name made or used last, if any."""
        kind = _kind(function)
        if kind not in self._latest:
            self._latest[kind] = self._scan(kind)
        _, key = self._latest[kind].get(step, (0, None))
        return key

    def store(self, made: Path, key: Key) -> Artifact:
        """Move a sealed folder to its place; return what it holds.

        Raises:
            SiteError: the disk refuses.
        """
        entry = self._entry(key)
        with disk_faults(entry):
            manifest = _read_manifest(made)
            entry.parent.mkdir(parents=True, exist_ok=True)
            while True:
                try:
                    made.rename(entry)
                    break
                except OSError:
                    if not os.path.lexists(entry):
                        raise
                # Another build made the same in the meantime, and may be reading it.
                with contextlib.suppress(Damage):
                    if (theirs := self.find(key)) is not None:
                        return theirs
                self.discard(key, made.parent)
        self._remember(manifest)
        return Artifact(entry / FILES, manifest.digest)

    def discard(self, key: Key, staging: Path) -> None:
        """Take a damaged entry out of the way, by one rename into `staging`.

        Raises:
            SiteError: the disk refuses.
        """
        entry = self._entry(key)
        with disk_faults(entry), contextlib.suppress(FileNotFoundError):
            entry.rename(Path(tempfile.mkdtemp(dir=staging, prefix="damaged-")) / entry.name)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Open a folder for work in progress; it is gone afterwards, whatever happens.

        What builds left that were killed is swept here as well.

        Raises:
            SiteError: the disk refuses.
        """
        parent = self.folder / STAGING
        with disk_faults(parent):
            parent.mkdir(parents=True, exist_ok=True)
            tag = self.folder / TAG
            if not tag.exists():
                tag.write_text(TAG_TEXT, encoding="utf-8")
            _sweep(parent)
            folder = Path(tempfile.mktemp(dir=parent, prefix="build-"))  # noqa: S306 - see below
            lock = Lock(folder.with_suffix(".lock"))
            lock.acquire()  # before the folder is there: one without a lock is a dead build's
            try:
                folder.mkdir()
            except BaseException:
                lock.release()
                raise
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()

    def _remember(self, manifest: Manifest) -> None:
        """Keep the index of latest entries true, where it has been read."""
        kind = _kind(manifest.key.function)
        if kind in self._latest:
            self._latest[kind][manifest.step] = (time.time_ns(), manifest.key)

    def _entry(self, key: Key) -> Path:
        return self.folder / _kind(key.function) / key.digest

    def _scan(self, kind: str) -> dict[str, tuple[int, Key]]:
        """Return, by step, when its latest entry was used, and that entry's key."""
        latest: dict[str, tuple[int, Key]] = {}
        for file in (self.folder / kind).glob(f"*/{MANIFEST}"):
            try:
                used = file.stat().st_mtime_ns
                manifest = _read_manifest(file.parent)
            except (OSError, Damage):
                continue
            if used >= latest.get(manifest.step, (0, None))[0]:
                latest[manifest.step] = (used, manifest.key)
        return latest


def _kind(function: str) -> str:
    """Return the short name of a step's function, which names its folder of the cache."""
    return function.rpartition(":")[2]


def _stamp(entry: Path) -> tuple[int, int]:
    """Return when the manifest was touched and when a file last came or went; zeros if unknown."""
    try:
        return (entry / MANIFEST).stat().st_mtime_ns, (entry / FILES).stat().st_mtime_ns
    except OSError:
        return 0, 0


def _read_manifest(entry: Path) -> Manifest:
    try:
        plain = json.loads((entry / MANIFEST).read_bytes())
        version = plain["version"]
        if version != VERSION:
            raise Damage(f"it was written by another version of the cache ({version!r})")
        return _manifest(plain)
    except FileNotFoundError:
        raise Damage("its manifest is missing") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Damage("its manifest cannot be read") from None


def _manifest(plain: Mapping[str, Any]) -> Manifest:
    files = {path: FileRecord(**record) for path, record in plain["files"].items()}
    return Manifest(**{**plain, "key": Key(**plain["key"]), "files": files})


def _check(entry: Path, manifest: Manifest, key: Key, *, verify: bool) -> None:
    """Compare an entry with its manifest, and both with the key it should be for.

    Raises:
        Damage: they differ; says in what.
        OSError: a part cannot be read.
    """
    if manifest.key != key or manifest.digest != content_digest(manifest.files):
        raise Damage("its manifest was altered")
    if {item.name for item in entry.iterdir()} - {MANIFEST, FILES}:
        raise Damage("it has foreign files")
    found = dict(_tree(entry / FILES))
    if missing := manifest.files.keys() - found:
        raise Damage(f"{min(missing)} is missing")
    if foreign := found.keys() - manifest.files:
        raise Damage(f"{min(foreign)} is foreign")
    for path, record in manifest.files.items():
        status = found[path]
        if status.st_size != record.size:
            raise Damage(f"{path} has {status.st_size} bytes instead of {record.size}")
        suspect = verify or record.size <= ALWAYS_HASHED or status.st_mtime_ns != record.modified
        if suspect and _hash_of(entry / FILES / path, record.size) != record.sha256:
            raise Damage(f"{path} has other bytes than were written")


def _tree(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield path below `folder`, and status, of every file in it.

    Raises:
        Damage: something is neither a file nor a folder: a link could lead anywhere.
    """
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _tree(folder / entry.name, f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield path, entry.stat(follow_symlinks=False)
        else:
            raise Damage(f"{path} is not a plain file")


def _hash_of(file: Path, size: int) -> str:
    if size <= ALWAYS_HASHED:  # `file_digest` sets up a buffer that is larger than that
        return hashlib.sha256(file.read_bytes()).hexdigest()
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sweep(parent: Path) -> None:
    """Remove the staging folders of builds that no longer run: their locks can be had."""
    for file in parent.glob("*.lock"):
        lock = Lock(file)
        if lock.acquire():
            shutil.rmtree(file.with_suffix(""), ignore_errors=True)
            lock.release()
    for folder in parent.iterdir():
        if folder.suffix != ".lock" and not folder.with_suffix(".lock").exists():
            shutil.rmtree(folder, ignore_errors=True)
