"""Data sets kept as arrays that open by memory map, whatever files they came in.

A prepared folder holds four `.npy` files and a manifest: the description of the data set, and
the SHA-256 of each array. It is written beside its place and renamed into it. Looking one up
loads neither numpy nor anything that reads formats or the network; so imports are local to the
functions that need them.
"""

import contextlib
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netviz.datasets.catalogue import CATALOGUE, entry
from netviz.datasets.description import Description, OwnDataset
from netviz.datasets.entry import Entry
from netviz.datasets.manifest import (
    ARRAYS,
    FILE_NAME,
    Manifest,
    damaged,
    joint_digest,
    read_manifest,
    write_manifest,
)
from netviz.errors import DataError, Place, visible

if TYPE_CHECKING:
    from netviz.datasets.dataset import Dataset, Split
    from netviz.datasets.sources import Source

CHUNK = 2**22
HASHES = "hashes.json"
NEWEST_KEPT = 3  # of an essay's own data set: prepared folders of its last contents
IN_USE_SECONDS = 24 * 3600  # since a build last asked for one: it may be training yet
SAMPLE = Path(__file__).parent / "sample"

Report = Callable[[str], None]


@dataclass(frozen=True)
class State:
    """What is known of one data set on this machine, for `netviz data`.

    `megabytes` is the size of the download where it is not `present`. `verified` says whether its
    digests are right; None where they were not compared.
    """

    name: str
    title: str
    megabytes: int
    folder: Path
    present: bool
    verified: bool | None
    sources: tuple[str, ...]

    def __str__(self) -> str:
        verdict = {None: "not verified", True: "verified", False: "DAMAGED"}[self.verified]
        here = f"{self.folder} ({verdict})" if self.present else "not fetched yet"
        first = f"{self.name}: {self.title}, {self.megabytes} MB to fetch; {here}"
        return "\n    ".join(map(visible, (first, *self.sources)))


def prepare(  # noqa: PLR0913 - three say how, not what
    name: str,
    cache_dir: Path,
    data_dir: Path | None = None,
    *,
    offline: bool = False,
    report: Report = lambda _: None,
    bars: bool = False,
) -> Path:
    """Return the prepared folder of the whole data set `name`, fetching it where necessary.

    `report` is called with a sentence for each source that is tried; `bars` draws progress bars.

    Raises:
        DataError: no source has it, and the message says what each answered; or the user's own
            files of it are wrong; or the disk refuses.
        EssayError: there is no data set of that name.
    """
    known = entry(name)
    folder = _cached(name, cache_dir)
    if is_whole(folder):
        _renew_description(folder, known.description)
        return folder
    if folder.exists():
        report(f"{folder} is damaged: it will be made again")
    from netviz.datasets.sources import sources

    tried = []
    found = sources(known, data_dir, bars=bars)
    if data_dir is not None and not any(source.own for source in found):
        tried.append(f"folder {data_dir}: no file of it, such as {next(iter(known.files))}")
        report(f"{known.description.title}: {tried[0]}")
    for source in found:
        if offline and not source.own:
            tried.append(f"{source.name}: not tried, offline")
            continue
        report(f"{known.description.title}: trying {source.name}")
        try:
            _fetch(source, known, folder)
        except _UnavailableError as error:
            tried.append(f"{source.name}: {error}")
            report(f"{known.description.title}: {error}")
        else:
            return folder
    raise DataError(
        f"{known.description.title} cannot be had; tried " + "; ".join(tried),
        remedy=(
            "Connect to the internet and build again, or put its files into a folder and name "
            "it: --data-dir DIR. `--sample` builds from the few images that come with netviz."
        ),
    )


class _UnavailableError(Exception):
    """A source has nothing, or nothing right, to give; the next one may."""


def _fetch(source: "Source", known: Entry, folder: Path) -> None:
    """Make the prepared folder `folder` from one source.

    Raises:
        DataError: the user's own files are wrong, or the disk refuses.
        _UnavailableError: any other source fails.
    """
    from netviz.datasets.sources import work_folder

    try:
        with work_folder(folder.parent) as work:
            try:
                splits = source.fetch(work)
                check_digests(_digests(splits), known.digests, source.name)
            except DataError as error:
                if source.own:
                    raise
                raise _UnavailableError(str(error)) from None
            write(folder, known.description, splits)
    except OSError as error:
        raise _refused(folder, error) from None


def prepare_sample(name: str, cache_dir: Path) -> Path:
    """Return the prepared folder of the sample of `name` that comes with netviz.

    Raises:
        DataError: the disk refuses, or the installed sample is damaged.
        EssayError: there is no data set of that name.
    """
    known = entry(name)
    digest = hashlib.sha256()
    for file in sorted(SAMPLE.glob(f"{name}-*")):
        digest.update(file.read_bytes())
    folder = cache_dir / "samples" / f"{name}-{digest.hexdigest()[:12]}"
    if is_whole(folder):
        _renew_description(folder, known.description)
    else:
        from netviz.datasets.sample import read_sample

        write(folder, known.description, read_sample(name), is_sample=True)
    return folder


def prepare_own(name: str, own: OwnDataset, essay: Path, cache_dir: Path) -> Path:
    """Return the prepared folder of a data set that the essay in the folder `essay` brings along.

    It belongs to that essay, and to the content of the files: it is made again when a byte or a
    setting changes, or when netviz reads files in another way.

    Raises:
        DataError: its files are missing, damaged or out of bounds, lead out of the essay, or the
            disk refuses.
    """
    from netviz.datasets.content import fingerprint

    here = hashlib.sha256(os.fsencode(os.path.realpath(essay))).hexdigest()[:16]
    kept = cache_dir / "own" / here / name
    path = essay / own.path
    folder = kept / fingerprint(repr(own), path, essay, kept / HASHES)
    if not is_whole(folder):
        from netviz.bounds import check_files
        from netviz.datasets.archives import LARGEST_ARCHIVE
        from netviz.datasets.own import read_own

        if path.exists():
            check_files(path, LARGEST_ARCHIVE)
        description, splits = read_own(name, own, path)
        _forget_older(kept)
        write(folder, description, splits)
    with contextlib.suppress(OSError):  # marks the time of use; not worth a fault
        os.utime(folder / FILE_NAME)
    return folder


def _forget_older(kept: Path) -> None:
    """Remove what was made of earlier contents of a data set, unless a build may be using it."""
    used = [(file.stat().st_mtime, file.parent) for file in kept.glob(f"*/{FILE_NAME}")]
    for last, folder in sorted(used, reverse=True)[NEWEST_KEPT - 1 :]:
        if time.time() - last > IN_USE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def open_dataset(folder: Path) -> "Dataset":
    """Open a prepared folder; its arrays are read-only memory maps.

    Raises:
        DataError: the folder is incomplete or damaged.
    """
    import numpy as np

    from netviz.datasets.dataset import Dataset, Split

    manifest = read_manifest(folder)
    arrays = {}
    for name in ARRAYS:
        file = folder / f"{name}.npy"
        try:
            arrays[name] = np.load(file, mmap_mode="r", allow_pickle=False)
        except Exception as error:  # a damaged header fails in more ways than can be listed
            raise damaged(file, f"{type(error).__name__}: {error}") from None
        inner = manifest.description.image_shape if name.endswith("images") else ()
        if arrays[name].dtype != np.uint8 or arrays[name].shape[1:] != inner:
            raise damaged(file, f"{arrays[name].dtype} {arrays[name].shape}")
    for split in ("train", "test"):
        if arrays[f"{split}-images"].shape[:1] != arrays[f"{split}-labels"].shape:
            raise damaged(folder / f"{split}-labels.npy", f"{arrays[f'{split}-labels'].shape}")
    return Dataset(
        description=manifest.description,
        train=Split(arrays["train-images"], arrays["train-labels"]),
        test=Split(arrays["test-images"], arrays["test-labels"]),
        digest=manifest.digest,
        is_sample=manifest.is_sample,
    )


def read_digest(folder: Path) -> str:
    """Return the digest of all arrays of a prepared folder, without opening them.

    Raises:
        DataError: the folder has no manifest, or a damaged one.
    """
    return read_manifest(folder).digest


def write(
    folder: Path,
    description: Description,
    splits: "tuple[Split, Split]",
    *,
    is_sample: bool = False,
) -> None:
    """Write a prepared folder, whole or not at all.

    Raises:
        DataError: the disk refuses.
    """
    import numpy as np

    fresh = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}")
    try:
        fresh.mkdir(parents=True)
        for name, array in _arrays(splits).items():
            np.save(fresh / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        digests = _digests(splits)
        sizes = {name: (fresh / f"{name}.npy").stat().st_size for name in ARRAYS}
        manifest = Manifest(description, is_sample, joint_digest(digests), digests, sizes)
        write_manifest(fresh, manifest)
        _move_into_place(fresh, folder)
    except OSError as error:
        raise _refused(folder, error) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _move_into_place(fresh: Path, folder: Path) -> None:
    try:
        # Another build may have made the same in the meantime, and be reading it.
        if is_whole(folder) and read_digest(folder) == read_digest(fresh):
            return
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except OSError:
        if not is_whole(folder):  # unless another process has just written it
            raise


def is_whole(folder: Path) -> bool:
    """Say whether a prepared folder has every file, each of its size. Reads no array."""
    try:
        sizes = read_manifest(folder).sizes
        return all((folder / f"{name}.npy").stat().st_size == sizes[name] for name in ARRAYS)
    except (DataError, OSError):
        return False


def verify(folder: Path) -> bool:
    """Say whether every array of a prepared folder has the bytes its manifest promises."""
    if not is_whole(folder):
        return False
    manifest = read_manifest(folder)
    try:
        dataset = open_dataset(folder)
    except DataError:
        return False
    digests = _digests((dataset.train, dataset.test))
    return digests == manifest.arrays and joint_digest(digests) == manifest.digest


def states(cache_dir: Path, data_dir: Path | None, *, verified: bool = False) -> list[State]:
    """Return what is known of each data set of the catalogue; `verified` reads every byte.

    Raises:
        DataError: there is no folder `data_dir`.
    """
    from netviz.datasets.sources import sources

    found = []
    for name, known in CATALOGUE.items():
        folder = _cached(name, cache_dir)
        present = is_whole(folder)
        found.append(
            State(
                name=name,
                title=known.description.title,
                megabytes=known.megabytes,
                folder=folder,
                present=present,
                verified=_is_known(folder, known) if present and verified else None,
                sources=tuple(source.name for source in sources(known, data_dir)),
            )
        )
    return found


def check_digests(found: Mapping[str, str], known: Mapping[str, str], source: str) -> None:
    """Compare the SHA-256 of arrays with those that the catalogue knows.

    Raises:
        DataError: the digest of an array differs; the error names `source`.
    """
    for name in ARRAYS:
        if found[name] != known[name]:
            raise DataError(
                f"what {source} gives is not the data set",
                expected=f"{name} of SHA-256 {known[name][:12]}…",
                got=f"{found[name][:12]}…",
                remedy="Take its files from another place.",
            )


def _cached(name: str, cache_dir: Path) -> Path:
    return cache_dir / "datasets" / name


def _is_known(folder: Path, known: Entry) -> bool:
    return verify(folder) and read_manifest(folder).arrays == known.digests


def _renew_description(folder: Path, description: Description) -> None:
    """Let what a newer netviz says of a data set replace what an older one wrote."""
    manifest = read_manifest(folder)
    if manifest.description != description:
        try:
            write_manifest(folder, replace(manifest, description=description))
        except OSError as error:
            raise _refused(folder, error) from None


def _refused(folder: Path, error: OSError) -> DataError:
    return DataError(
        f"the data cannot be kept: {error.strerror or error}",
        place=Place(folder),
        remedy="Free some space, or name another folder in NETVIZ_CACHE_DIR.",
    )


def _arrays(splits: "tuple[Split, Split]") -> dict[str, Any]:
    train, test = splits
    return dict(zip(ARRAYS, (train.images, train.labels, test.images, test.labels), strict=True))


def _digests(splits: "tuple[Split, Split]") -> dict[str, str]:
    return {name: _sha256(array) for name, array in _arrays(splits).items()}


def _sha256(array: Any) -> str:  # noqa: ANN401 - an array, which this module must not import
    digest = hashlib.sha256()
    flat = array.reshape(-1)
    for start in range(0, len(flat), CHUNK):
        digest.update(flat[start : start + CHUNK].tobytes())
    return digest.hexdigest()
