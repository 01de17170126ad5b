"""An entry of the cache: the files that a step made, and a manifest of their sizes and hashes.

`manifest.json` holds the size and hash of each file in `files/`, and the seal of the user who
stored the entry. What is read here may have come with a checkout, so nothing in it is trusted.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netviz.engine.disk import is_link
from netviz.engine.keys import Key, canonical

VERSION = 2
MANIFEST = "manifest.json"
FILES = "files"
ALWAYS_HASHED = 1 << 16  # bytes; larger files are hashed only where their time has changed
LARGEST_MANIFEST = 1 << 24  # bytes


class CorruptEntry(Exception):  # noqa: N818 - a state of an entry, found and mended; not a failure
    """An entry of the cache is not what was put there."""


class ForeignEntry(CorruptEntry):
    """An entry of the cache was not made by this user's own builds."""


@dataclass(frozen=True)
class FileRecord:
    """What a file of an entry was when it was made; `modified` is in nanoseconds."""

    size: int
    sha256: str
    modified: int


@dataclass(frozen=True)
class Manifest:
    """What an entry holds, which step made it, and from what; `seal` is that of all the rest."""

    version: int
    step: str
    key: Key
    digest: str
    files: Mapping[str, FileRecord]
    seal: str = ""

    def content(self) -> bytes:
        """Return what is sealed."""
        return canonical({**self.plain(), "seal": ""}).encode()

    def plain(self) -> dict[str, Any]:
        """Return the manifest as JSON has it."""
        files = {path: vars(record) for path, record in self.files.items()}
        return {**vars(self), "key": self.key.plain(), "files": files}


def finish(folder: Path, step: str, key: Key) -> None:
    """Write the manifest of the finished entry in `folder`; its seal comes when it is stored."""
    files = {}
    for path, status in _tree(folder / FILES):
        sha256 = _hash_of(folder / FILES / path, status.st_size)
        files[path] = FileRecord(status.st_size, sha256, status.st_mtime_ns)
    write_manifest(folder, Manifest(VERSION, step, key, content_digest(files), files))


def content_digest(files: Mapping[str, FileRecord]) -> str:
    """Return the SHA-256 of the names and contents of `files`, whatever their times."""
    lines = [f"{file.sha256} {path}\n" for path, file in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.plain(), indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def read_manifest(entry: Path) -> Manifest:
    file = entry / MANIFEST
    if is_link(entry) or is_link(file):
        raise CorruptEntry("a link is in its place")
    try:
        if file.stat().st_size > LARGEST_MANIFEST:
            raise CorruptEntry("its manifest is too long")
        plain = json.loads(file.read_bytes())
        version = plain["version"]
        if version != VERSION:
            raise CorruptEntry(f"it was written by another version of the cache ({version!r})")
        return _manifest(plain)
    except FileNotFoundError:
        raise CorruptEntry("its manifest is missing") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CorruptEntry("its manifest cannot be read") from None


def _manifest(plain: Mapping[str, Any]) -> Manifest:
    files = {path: FileRecord(**record) for path, record in plain["files"].items()}
    return Manifest(**{**plain, "key": Key(**plain["key"]), "files": files})


def check_manifest(manifest: Manifest, key: Key) -> None:
    """Compare a manifest with itself and with the key that it should be for.

    Raises:
        CorruptEntry: the manifest is for another key, or its digest is not that of its files.
    """
    try:
        is_whole = manifest.key == key and manifest.digest == content_digest(manifest.files)
    except (ValueError, TypeError):  # texts that cannot be encoded, files that are none
        raise CorruptEntry("its manifest cannot be read") from None
    if not is_whole:
        raise CorruptEntry("its manifest was altered")


def check_files(entry: Path, manifest: Manifest, *, verify: bool) -> None:
    """Compare an entry with its manifest.

    Raises:
        CorruptEntry: a file is missing, altered or not in the manifest; the error says which.
        OSError: a part cannot be read.
    """
    if {item.name for item in entry.iterdir()} - {MANIFEST, FILES}:
        raise CorruptEntry("it has foreign files")
    found = dict(_tree(entry / FILES))
    if missing := manifest.files.keys() - found:
        raise CorruptEntry(f"{min(missing)} is missing")
    if foreign := found.keys() - manifest.files:
        raise CorruptEntry(f"{min(foreign)} is foreign")
    for path, record in manifest.files.items():
        status = found[path]
        if status.st_size != record.size:
            raise CorruptEntry(f"{path} has {status.st_size} bytes instead of {record.size}")
        suspect = verify or record.size <= ALWAYS_HASHED or status.st_mtime_ns != record.modified
        if suspect and _hash_of(entry / FILES / path, record.size) != record.sha256:
            raise CorruptEntry(f"{path} has other bytes than were written")


def _tree(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield path below `folder`, and status, of every file in it.

    Raises:
        CorruptEntry: something is neither a file nor a folder: a link could lead anywhere.
    """
    if is_link(folder):
        raise CorruptEntry("a link is in the place of its files")
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
            raise CorruptEntry(f"{path} is not a plain file")


def _hash_of(file: Path, size: int) -> str:
    if size <= ALWAYS_HASHED:  # `file_digest` sets up a buffer that is larger than that
        return hashlib.sha256(file.read_bytes()).hexdigest()
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
