"""What steps have made, kept on disk by their keys.

An entry is the folder `<cache>/<function>/<digest of the key>/` (see `entries`). Entries are made
in a staging folder and appear by one rename, whole or not at all. Each is checked before it is used
again, and a damaged one is as good as none. So is one that does not carry the seal of this
user's own builds: it came with a checkout, and says what its maker wants. The folder may be moved,
or kept between machines together with the user's key (see `seal`).
"""

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from netviz.engine.disk import disk_faults, is_link, linked, own_folder, remove, write_own
from netviz.engine.entries import (
    FILES,
    MANIFEST,
    CorruptEntry,
    ForeignEntry,
    Manifest,
    check_files,
    check_manifest,
    read_manifest,
    write_manifest,
)
from netviz.engine.graph import Artifact
from netviz.engine.keys import Key
from netviz.engine.lock import Lock
from netviz.engine.seal import is_sealed, seal_of, user_key
from netviz.errors import Place, SiteError, first_few

STAGING = "staging"
TAG = "CACHEDIR.TAG"
TAG_TEXT = (  # asks backup programs to leave the folder out: bford.info/cachedir
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# What netviz has trained and drawn. It may be deleted: a build makes it again.\n"
)
SHOWN_FILES = 3
# What `staging` makes: a folder, and a file that is locked while its build runs.
WORK = re.compile(r"build-[a-z0-9_]{8}(\.lock)?")


class Cache:
    """The entries in `folder`.

    Args:
        folder: made where it is missing.
        verify: hash every file of an entry before it is used again, large ones too.
        key: seals entries; this user's own where None.
    """

    def __init__(self, folder: Path, *, verify: bool = False, key: bytes | None = None) -> None:
        self.folder = folder.absolute()  # a cluster's workers may have another working folder
        self.verify = verify
        self._key = user_key() if key is None else key
        self._latest: dict[str, dict[str, tuple[int, Key]]] = {}
        self._checked: dict[str, tuple[tuple[int, int], Artifact]] = {}

    def find(self, key: Key) -> Artifact | None:
        """Return what was made for `key`, or None.

        An entry that was found whole is not read again, unless its manifest was touched or a
        file came or went: a preview looks for every step at each edit.

        Raises:
            CorruptEntry: there is an entry, but it is not whole.
            ForeignEntry: there is one that this user's builds did not make.
            SiteError: a folder is a link.
        """
        entry = self._entry(key)
        stamp, known = self._checked.get(key.digest, ((0, 0), None))
        if known is not None and not self.verify and stamp == _stamp(entry):
            return known
        if not os.path.lexists(entry):
            return None
        try:
            manifest = read_manifest(entry)
            check_manifest(manifest, key)
            if not self._is_ours(manifest):
                raise ForeignEntry("it was not made by this user's builds")
            check_files(entry, manifest, verify=self.verify)
        except OSError as error:
            raise CorruptEntry(f"it cannot be read: {error.strerror}") from error
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
        """Seal a finished folder and move it to its place; return what it holds.

        Raises:
            SiteError: the disk refuses.
        """
        entry = self._entry(key)
        with disk_faults(entry):
            manifest = read_manifest(made)
            write_manifest(made, replace(manifest, seal=seal_of(self._key, manifest.content())))
            own_folder(entry.parent)
            while True:
                try:
                    made.rename(entry)
                    break
                except OSError:
                    if not os.path.lexists(entry):
                        raise
                # Another build made the same in the meantime, and may be reading it.
                with contextlib.suppress(CorruptEntry):
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
            SiteError: the disk refuses, or the folder of the cache is not netviz's own.
        """
        parent = self.folder / STAGING
        with disk_faults(parent):
            refuse_foreign_cache(self.folder)
            own_folder(self.folder)
            if not _is_tagged(self.folder):
                write_own(self.folder / TAG, TAG_TEXT)
            own_folder(parent)
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
            with contextlib.suppress(OSError):
                remove(folder)
            lock.release()

    def _is_ours(self, manifest: Manifest) -> bool:
        try:
            return is_sealed(self._key, manifest.content(), manifest.seal)
        except (ValueError, TypeError):  # a number that is none, a text that cannot be encoded
            return False

    def _remember(self, manifest: Manifest) -> None:
        """Keep the index of latest entries true, where it has been read."""
        kind = _kind(manifest.key.function)
        if kind in self._latest:
            self._latest[kind][manifest.step] = (time.time_ns(), manifest.key)

    def _entry(self, key: Key) -> Path:
        """Return the folder of the entry of `key`, whether it exists or not.

        Raises:
            SiteError: a folder on the way is a link.
        """
        kind = self.folder / _kind(key.function)
        if is_link(kind):
            raise linked(kind)
        return kind / key.digest

    def _scan(self, kind: str) -> dict[str, tuple[int, Key]]:
        """Return, by step, when its latest entry was used, and that entry's key."""
        latest: dict[str, tuple[int, Key]] = {}
        for file in (self.folder / kind).glob(f"*/{MANIFEST}"):
            try:
                used = file.stat().st_mtime_ns
                manifest = read_manifest(file.parent)
            except (OSError, CorruptEntry):
                continue
            if not self._is_ours(manifest):
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


def refuse_foreign_cache(folder: Path) -> None:
    """Raise a SiteError where `folder` is a link, or holds something and is no cache of netviz."""
    if is_link(folder):
        raise linked(folder)
    if not folder.is_dir() or _is_tagged(folder):
        return
    # Another build may be about to write the tag.
    found = sorted(path.name for path in folder.iterdir() if not path.name.startswith(f".{TAG}-"))
    if found:
        raise SiteError(
            "the folder for what is kept between builds holds files that netviz did not write",
            place=Place(folder),
            got=first_few(found, SHOWN_FILES),
            remedy="Move them away, or name another folder by --out, beside which it will be.",
        )


def _is_tagged(folder: Path) -> bool:
    tag = folder / TAG
    try:
        return not is_link(tag) and tag.read_bytes() == TAG_TEXT.encode()
    except OSError:
        return False


def _sweep(parent: Path) -> None:
    """Remove the staging folders of builds that no longer run: their locks can be had.

    Only what `staging` makes is removed, by its name; of a link in its place, the link itself.
    """
    found = [path for path in parent.iterdir() if WORK.fullmatch(path.name)]
    for link in filter(is_link, found):
        remove(link)
    with contextlib.suppress(OSError):
        for file in found:
            if file.suffix == ".lock" and (lock := Lock(file)).acquire():
                with contextlib.suppress(OSError):
                    remove(file.with_suffix(""))
                lock.release()
    for folder in found:
        if folder.suffix != ".lock" and not folder.with_suffix(".lock").exists():
            with contextlib.suppress(OSError):
                remove(folder)
