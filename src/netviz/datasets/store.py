"""Data sets kept as arrays that open by memory map, whatever files they came in.

A prepared folder holds four `.npy` files and a manifest: the description of the data set, and
the SHA-256 of each array. It is written beside its place and renamed into it.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netviz import __version__
from netviz.errors import DataError, Place

if TYPE_CHECKING:  # so that looking a folder up loads neither numpy nor what reads the formats
    from netviz.datasets.dataset import Dataset, Description, Split

MANIFEST_NAME = "manifest.json"
ARRAYS = ("train-images", "train-labels", "test-images", "test-labels")
CHUNK = 2**22

Report = Callable[[str], None]


@dataclass(frozen=True)
class State:
    """What is known of one data set on this machine, for `netviz data`."""

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
        tried = "".join(f"\n    {source}" for source in self.sources)
        return f"{self.name}: {self.title}, {self.megabytes} MB to fetch; {here}{tried}"


def default_cache_dir() -> Path:
    """Return where downloads are kept: NETVIZ_CACHE_DIR, or the user's cache folder."""
    named = os.environ.get("NETVIZ_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415 - rarely needed

    return user_cache_path("netviz")


def open_dataset(folder: Path) -> "Dataset":
    """Open a prepared folder; its arrays are read-only memory maps.

    Raises:
        DataError: the folder is incomplete or damaged.
    """
    import numpy as np  # noqa: PLC0415 - see the top of this file

    from netviz.datasets.dataset import Dataset, Description, Split  # noqa: PLC0415 - as above

    manifest = _read_manifest(folder)
    arrays = []
    for name in ARRAYS:
        file = folder / f"{name}.npy"
        try:
            arrays.append(np.load(file, mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError) as error:
            raise _damaged(file, str(error)) from None
    plain = dict(manifest["description"])
    plain["class_names"] = tuple(plain["class_names"])
    plain["image_shape"] = tuple(plain["image_shape"])
    return Dataset(
        description=Description(**plain),
        train=Split(arrays[0], arrays[1]),
        test=Split(arrays[2], arrays[3]),
        digest=manifest["digest"],
        is_sample=manifest["is_sample"],
    )


def read_digest(folder: Path) -> str:
    """Return the digest of all arrays of a prepared folder, without opening them."""
    return str(_read_manifest(folder)["digest"])


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

    `report` is told in a sentence of each source that is tried; `bars` draws progress bars.

    Raises:
        DataError: no source has it; the message says what each answered.
        EssayError: there is no data set of that name.
    """
    folder = cache_dir / "datasets" / name
    if is_whole(folder):
        return folder
    if folder.exists():
        report(f"{folder} is damaged: it will be made anew")
    return _fetch(name, folder, data_dir, offline=offline, report=report, bars=bars)


def _fetch(  # noqa: PLR0913 - as above
    name: str, folder: Path, data_dir: Path | None, *, offline: bool, report: Report, bars: bool
) -> Path:
    from netviz.datasets.catalogue import entry  # noqa: PLC0415 - see the top of this file
    from netviz.datasets.sources import sources, work_folder  # noqa: PLC0415 - as above

    known = entry(name)
    failures = []
    for source in sources(name, data_dir, bars=bars):
        if offline and source.online:
            failures.append(f"{source.name}: not tried, offline")
            continue
        report(f"{known.description.title}: trying {source.name}")
        try:
            with work_folder(folder.parent) as work:
                splits = source.fetch(work)
                digests = _digests(splits)
                _check_digests(digests, known.digests, source.name)
                write(folder, known.description, splits)
        except DataError as error:
            failures.append(f"{source.name}: {error}")
            report(f"{known.description.title}: {error}")
            continue
        return folder
    raise DataError(
        f"{known.description.title} cannot be had; tried " + "; ".join(failures),
        remedy=(
            "Connect to the internet and build again, or put its files into a folder and name "
            "it: --data-dir DIR. `--sample` builds from the few images that come with netviz."
        ),
    )


def prepare_sample(name: str, cache_dir: Path) -> Path:
    """Return the prepared folder of the sample of `name` that comes with netviz.

    Raises:
        EssayError: there is no data set of that name.
    """
    from netviz.datasets.sample import read_sample  # noqa: PLC0415 - see above

    folder = cache_dir / "samples" / __version__ / name
    if not is_whole(folder):
        description, splits = read_sample(name)
        write(folder, description, splits, is_sample=True)
    return folder


def write(
    folder: Path,
    description: "Description",
    splits: "tuple[Split, Split]",
    *,
    is_sample: bool = False,
) -> None:
    """Write a prepared folder, whole or not at all.

    Raises:
        DataError: the disk refuses.
    """
    import numpy as np  # noqa: PLC0415 - see the top of this file

    fresh = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}")
    try:
        fresh.mkdir(parents=True)
        for name, array in _arrays(splits).items():
            np.save(fresh / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        digests = _digests(splits)
        manifest = {
            "description": asdict(description),
            "is_sample": is_sample,
            "digest": hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest(),
            "arrays": digests,
            "sizes": {name: (fresh / f"{name}.npy").stat().st_size for name in ARRAYS},
        }
        (fresh / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except OSError as error:
        raise DataError(
            f"the data cannot be kept: {error.strerror or error}",
            place=Place(folder),
            remedy="Free some space, or name another folder in NETVIZ_CACHE_DIR.",
        ) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def is_whole(folder: Path) -> bool:
    """Say whether a prepared folder has every file, each of its size. Reads no array."""
    try:
        sizes = _read_manifest(folder)["sizes"]
        return all((folder / f"{name}.npy").stat().st_size == sizes[name] for name in ARRAYS)
    except (DataError, OSError, KeyError, TypeError):
        return False


def verify(folder: Path) -> bool:
    """Say whether every array of a prepared folder has the bytes its manifest promises."""
    if not is_whole(folder):
        return False
    promised = _read_manifest(folder)["arrays"]
    dataset = open_dataset(folder)
    return bool(_digests((dataset.train, dataset.test)) == promised)


def states(cache_dir: Path, data_dir: Path | None, *, verified: bool = False) -> list[State]:
    """Return what is known of each data set of the catalogue; `verified` reads every byte."""
    from netviz.datasets.catalogue import CATALOGUE  # noqa: PLC0415 - see the top of this file
    from netviz.datasets.sources import sources  # noqa: PLC0415 - as above

    found = []
    for name, known in CATALOGUE.items():
        folder = cache_dir / "datasets" / name
        present = is_whole(folder)
        found.append(
            State(
                name=name,
                title=known.description.title,
                megabytes=known.megabytes,
                folder=folder,
                present=present,
                verified=verify(folder) if present and verified else None,
                sources=tuple(source.name for source in sources(name, data_dir)),
            )
        )
    return found


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST_NAME
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(file, str(error)) from None
    if not isinstance(manifest, dict) or "digest" not in manifest:
        raise _damaged(file, "another value")
    return manifest


def _damaged(file: Path, got: str) -> DataError:
    return DataError(
        "the prepared data are damaged",
        place=Place(file),
        got=got,
        remedy=f"Delete {file.parent} and build again.",
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


def _check_digests(found: Mapping[str, str], known: Mapping[str, str], source: str) -> None:
    for name in ARRAYS:
        if found[name] != known[name]:
            raise DataError(
                f"what {source} gives is not the data set",
                expected=f"{name} of SHA-256 {known[name][:12]}…",
                got=f"{found[name][:12]}…",
            )
