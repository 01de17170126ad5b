"""What `netviz look` brings into an essay: copies of a network's file and of its data.

At a second look the copies are there already. They are compared with what is asked for now:
otherwise the page would silently show an earlier network or other images.
"""

import filecmp
import shutil
from pathlib import Path

from netviz.datasets.catalogue import CATALOGUE
from netviz.engine.disk import disk_faults
from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.places import read_text
from netviz.essay.settings import Settings, place_of


def check_there(network: Path, data: str) -> None:
    """Refuse a network or data that are not there.

    Raises:
        EssayError: the network is no file, or the data are neither in the catalogue nor a path.
    """
    if not network.is_file():
        raise EssayError("there is no such file of a network", place=Place(network))
    if data not in CATALOGUE and not Path(data).exists():
        raise EssayError(
            f"there are no data {data!r}",
            expected=f"{' or '.join(CATALOGUE)}, a folder with a folder of pictures for each class,"
            " an .npz, a .csv, or a folder of IDX files",
            nearest=nearest_name(data, CATALOGUE),
        )


def bring(network: Path, data: str, essay: Path) -> None:
    """Copy what the settings of a look name into the folder `essay`, where it is not there yet.

    Raises:
        EssayError: a copy differs from what is asked for.
        SiteError: the disk refuses.
    """
    sources = [network] if data in CATALOGUE else [network, Path(data)]
    with disk_faults(essay):
        essay.mkdir(parents=True, exist_ok=True)
        for source in sources:
            _copy(source, essay / name_of(source))


def name_of(source: Path) -> str:
    """Return the name of the copy of `source`: its own, or that of the folder that `..` means."""
    return source.name if source.name not in ("", "..") else source.resolve().name


def _copy(source: Path, copy: Path) -> None:
    if not copy.exists():
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, copy)
    elif not _is_same(source, copy):
        if source.is_dir() or source.stat().st_mtime <= copy.stat().st_mtime:
            raise EssayError(
                "this copy differs from what it was copied from",
                place=Place(copy),
                expected=f"what {source} is now",
                remedy=f"Remove it, and {source} is copied again; or look at {copy} itself.",
            )
        shutil.copyfile(source, copy)  # a network that was trained again, say


def _is_same(source: Path, copy: Path) -> bool:
    """Say whether two files, or all files of two folders, have the same content."""
    if copy.samefile(source):
        return True
    if not source.is_dir():
        return copy.is_file() and filecmp.cmp(source, copy, shallow=False)
    names = _files(source)
    # The copies keep the times of their originals, so that most are the same without being read.
    return names == _files(copy) and all(filecmp.cmp(source / one, copy / one) for one in names)


def _files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def refuse_others(network: Path, data: str, settings: Settings, file: Path) -> None:
    """Refuse settings, of `file`, that are those of a look at another network or other data.

    Raises:
        EssayError: the settings name no network, another one, or other data; the error gives
            the line.
    """
    if not settings.networks:
        raise EssayError(
            "these settings name no network", place=Place(file), remedy="Remove the file."
        )
    name, kept = next(iter(settings.networks.items()))
    kind = "answers" if kept.weights is None else "weights"
    named = kept.answers if kept.weights is None else kept.weights
    own = settings.datasets.get(kept.dataset)
    for key, what, has, asked in (
        (kind, "another network", named, name_of(network)),
        ("dataset", "other data", own.path if own else kept.dataset, _data_name(data)),
    ):
        if Path(has or "").parts[:1] != (asked,):  # a folder within the copy is part of it
            raise EssayError(
                f"this is a look at {what}",
                place=place_of(file, read_text(file), ("networks", name, key)),
                expected=asked,
                got=has or "a recipe",
                remedy="Name another folder with --essay, or remove this one.",
            )


def _data_name(data: str) -> str:
    return data if data in CATALOGUE else name_of(Path(data))
