"""Publishing: what is new is written beside the last site and takes its place by one rename.

That is the whole site, or its one file that changed. So the published site is always whole,
whenever the build is killed. The file
`.netviz-site` in it lists every file that netviz wrote; a folder without it, or with anything else
in it, belongs to someone and is left alone.
"""

import contextlib
import ctypes
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path

from netviz.engine.disk import disk_faults, is_link, remove, taken_for_one
from netviz.engine.lock import Lock
from netviz.engine.recall import Recall, plainly
from netviz.errors import Place, SiteError, listed

MARKER = ".netviz-site"
MARKER_HEAD = "Written by netviz. A file in this folder that is not listed here is not removed.\n"
DISPOSABLE = {".DS_Store", "Thumbs.db", "desktop.ini"}  # left by file managers that looked in
BARRED = re.compile(
    r"[\x00-\x1f\x7f\\:]"
)  # control characters, and marks that part paths elsewhere
PATIENCE_SECONDS = 60.0
SHOWN_FILES = 3
CURRENT_FOLDER = -100  # AT_FDCWD
EXCHANGE = 2  # RENAME_EXCHANGE


def publish(files: Mapping[str, bytes], out: Path, recall: Recall = plainly) -> bool:
    """Make `out` the folder of exactly these `files`, by path; say whether anything changed.

    `recall` reads the files that are there.

    Raises:
        SiteError: the disk refuses, another build will not end, a path leads out of the
            site, two paths are one where case is not told apart, or `out` holds something
            that netviz did not write.
    """
    for path in files:
        _refuse_path(path, out)
    _refuse_alike(files, out)
    wanted = {**files, MARKER: _marker(files)}
    with disk_faults(out), _sole_writer(out):
        _recover(out)
        found = set(_found(out))
        _refuse_foreign(out, found)
        unchanged = {path for path, content in wanted.items() if _same(out, path, content, recall)}
        changed = [path for path in wanted if path not in unchanged]
        has_same_paths = found == set(wanted)
        if not changed and has_same_paths:
            return False
        fresh, last = _beside(out)
        try:
            if len(changed) == 1 and has_same_paths:
                _replace(changed[0], wanted[changed[0]], fresh, out)
            else:
                # Where files went, one may have been a link in the place of a folder.
                _fill(fresh, wanted, out, unchanged if found <= set(wanted) else set())
                _swap(fresh, out, last)
        finally:
            for folder in (fresh, last):
                with contextlib.suppress(OSError):
                    remove(folder)
    return True


def published(out: Path) -> dict[str, bytes]:
    """Return the files of the site in `out`, by path, all of one build.

    Raises:
        SiteError: the disk refuses, or another build will not end.
    """
    with disk_faults(out), _sole_writer(out):
        paths = sorted((_recorded(out) & set(_found(out))) - {MARKER})
        return {path: (out / path).read_bytes() for path in paths if not is_link(out / path)}


def sites_in(folder: Path) -> list[Path]:
    """Return the folders in `folder` that say that they are sites of netviz."""
    return [path for path in folder.iterdir() if not is_link(path) and (path / MARKER).is_file()]


def remove_site(out: Path) -> None:
    """Remove the site in `out`, if there is one, but nothing that netviz did not write.

    Raises:
        SiteError: the disk refuses.
    """
    recorded = _recorded(out)
    with disk_faults(out):
        for path in set(_found(out)) & recorded:
            (out / path).unlink()
        if not recorded:
            return
        for folder, _, _ in os.walk(out, topdown=False):
            here = Path(folder)
            if {path.name for path in here.iterdir()} <= DISPOSABLE:
                remove(here)


def recover(out: Path) -> None:
    """Put the last site back if a build was killed while it took its place.

    Raises:
        SiteError: the disk refuses, or another build will not end.
    """
    if out.parent.is_dir():
        with disk_faults(out), _sole_writer(out):
            _recover(out)


def single_folder(out: Path) -> Path:
    """Return where the pages of the site in `out` go as single files."""
    return out.with_name(f"{out.name}-single")


def beside(out: Path) -> tuple[Path, ...]:
    """Return what publishing writes next to `out`: the next site, the last one, and a lock."""
    return (*_beside(out), _lock_file(out))


@contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    """Wait until no other build writes to `out`, and keep others out."""
    out.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(_lock_file(out))
    if not lock.acquire(PATIENCE_SECONDS):
        raise SiteError(
            "another build is writing this site and does not end",
            place=Place(out),
            remedy="Wait for it, or end it; or name another folder by --out.",
        )
    try:
        yield
    finally:
        lock.release()


def _beside(out: Path) -> tuple[Path, Path]:
    """Return where the next site is written and where the last one goes, both beside `out`."""
    return out.with_name(f".{out.name}-next"), out.with_name(f".{out.name}-last")


def _lock_file(out: Path) -> Path:
    return out.with_name(f".{out.name}.lock")


def _recover(out: Path) -> None:
    """Clear up after a build that was killed; where two renames were cut in half, undo one."""
    fresh, last = _beside(out)
    if not is_link(last) and (last / MARKER).is_file() and not os.path.lexists(out):
        last.rename(out)
    for folder in (fresh, last):
        remove(folder)


def _refuse_path(path: str, out: Path) -> None:
    if not _is_plain(path) or path == MARKER:
        raise SiteError(
            f"a file of the site would be called {path!r}",
            place=Place(out),
            expected="a relative path that stays in the site, without \\ : and control characters",
        )


def _refuse_alike(paths: Iterable[str], out: Path) -> None:
    """Raise a SiteError where many disks would keep one of two files."""
    if alike := taken_for_one(paths):
        raise SiteError(
            "two files of the site have names that many disks do not tell apart",
            place=Place(out),
            got=" and ".join(alike),
            remedy="Rename what one of them is made of.",
        )


def _is_plain(path: str) -> bool:
    """Say whether `path` stays in the site, and is allowed in its list of files.

    That list has a path a line. A name of two lines could put a file of somebody's on it.
    """
    if {"", ".", ".."}.intersection(path.split("/")) or BARRED.search(path):
        return False
    try:
        path.encode()
    except UnicodeEncodeError:  # a name of a file that is not UTF-8
        return False
    return True


def _refuse_foreign(out: Path, found: Set[str]) -> None:
    """Raise a SiteError where publishing would remove something that netviz did not write."""
    if out.is_symlink():
        raise SiteError(
            "the site's folder is a link",
            place=Place(out),
            expected="a folder",
            got=f"a link to {out.readlink()}",
            remedy="Name the folder itself by --out.",
        )
    if not out.exists():
        return
    if not out.is_dir():
        raise SiteError("a file has the place of the site", place=Place(out))
    foreign = sorted(found - _recorded(out))
    if foreign:
        raise SiteError(
            "the folder holds files that netviz did not write",
            place=Place(out),
            got=listed(foreign, SHOWN_FILES),
            remedy="Move them away, or name another folder by --out.",
        )


def _recorded(out: Path) -> set[str]:
    """Return the paths that the site in `out` says are its own."""
    try:
        if is_link(out / MARKER):
            return set()
        text = (out / MARKER).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return set()
    if not text.startswith(MARKER_HEAD):
        return set()
    paths = text.removeprefix(MARKER_HEAD).split("\n")
    return {MARKER, *filter(_is_plain, paths)}


def _found(out: Path) -> Iterator[str]:
    """Yield the path of everything in `out` that is no folder, links included."""
    start = len(os.path.join(out, ""))  # noqa: PTH118 - joined as text, which takes less time
    for folder, folders, names in os.walk(out):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118 - as above
        for name in {*names, *links} - DISPOSABLE:
            yield os.path.join(folder, name)[start:].replace(os.sep, "/")  # noqa: PTH118 - as above


def _marker(files: Mapping[str, bytes]) -> bytes:
    return (MARKER_HEAD + "".join(f"{path}\n" for path in sorted(files))).encode()


def _same(out: Path, path: str, content: bytes, recall: Recall) -> bool:
    """Return True if there is a plain file of exactly this content at `path`."""
    file = f"{out}/{path}"  # joined as text, which takes less time
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(content):
            return False
        # Not the time of the last change of status: it changes with each link to the file.
        return recall(_read, file, status.st_size, status.st_mtime_ns, status.st_ino) == content
    except OSError:
        return False


def _read(file: str, _size: int, _modified: int, _inode: int) -> bytes:
    """Return the content of a file; recalled, that which it had at that time."""
    return Path(file).read_bytes()


def _fill(fresh: Path, wanted: Mapping[str, bytes], out: Path, unchanged: set[str]) -> None:
    """Write the files; those that are unchanged are linked from the last site."""
    for folder in sorted({path.rpartition("/")[0] for path in wanted}):
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for path, content in wanted.items():
        if path in unchanged:
            with contextlib.suppress(OSError):  # no hard links here: write it
                os.link(f"{out}/{path}", f"{fresh}/{path}")
                continue
        (fresh / path).write_bytes(content)


def _replace(path: str, content: bytes, fresh: Path, out: Path) -> None:
    """Let one new file take the place of the old one, which is one rename too, and a quick one."""
    fresh.mkdir(exist_ok=True)
    (fresh / "file").write_bytes(content)
    (fresh / "file").replace(out / path)


def _swap(fresh: Path, out: Path, last: Path) -> None:
    """Let `fresh` take the place of `out`; the last site, if any, goes to one of the others."""
    if not out.exists():
        fresh.rename(out)
    elif not _exchanged(fresh, out):
        # The system cannot exchange two folders. If the build is killed between these
        # renames, `_recover` puts the last site back.
        out.rename(last)
        fresh.rename(out)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can (Linux); say whether it did."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None).renameat2
    except AttributeError:  # a C library without it
        return False
    result = rename(CURRENT_FOLDER, os.fsencode(one), CURRENT_FOLDER, os.fsencode(other), EXCHANGE)
    return bool(result == 0)
