"""A folder of IDX files, as of MNIST and of data sets made in its likeness."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netviz.datasets.idx import MOST_DIMENSIONS, read_any_idx
from netviz.datasets.labelled import (
    ROLES,
    SPLITS,
    Found,
    Labelled,
    Note,
    chosen_roles,
    fault,
    visible,
)

# emnist-letters-train-images-idx3-ubyte.gz, train-images.idx3-ubyte, qmnist-test-labels-idx2-int
NAME = re.compile(
    rf"(?P<prefix>.*?)(?P<split>{SPLITS})[-_.](?P<kind>images|labels)(?P<ending>[-_.].*)?",
    re.IGNORECASE,
)
OTHER_FORMS = {".csv", ".npy", ".npz", ".tsv", ".txt"}
# Torchvision packs what it downloads into folders of this depth: MNIST/raw.
DEEPEST = 3


@dataclass(frozen=True)
class _Named:
    """What the name of an IDX file says."""

    prefix: str
    role: str
    kind: str
    file: Path


def idx_folder(folder: Path) -> Path | None:
    """Return the folder with IDX files at or below `folder`; None where there is none.

    Raises:
        DataError: several folders below have some, so that it is not certain which is meant.
    """
    if _named(folder):
        return folder
    found = list(_below(folder, DEEPEST))
    if len(found) > 1:
        names = " and ".join(str(one.relative_to(folder)) for one in found)
        remedy = "Let path lead to one of them."
        raise fault(folder, "several folders hold IDX files", "one", names, remedy)
    return found[0] if found else None


def _below(folder: Path, depth: int) -> list[Path]:
    if not depth:
        return []
    found = []
    for one in visible(folder):
        if one.is_dir():
            found += [one] if _named(one) else _below(one, depth - 1)
    return found


def _named(folder: Path) -> list[_Named]:
    """Return the IDX files of a folder; of a file packed and unpacked, the unpacked one."""
    files = [file for file in visible(folder) if file.is_file()]
    names = {file.name for file in files}
    found = []
    for file in files:
        match = NAME.fullmatch(file.name)
        is_twin = file.suffix.lower() == ".gz" and file.stem in names
        if match and not is_twin and file.suffix.lower() not in OTHER_FORMS:
            prefix, role = match["prefix"].lower(), ROLES[match["split"].lower()]
            found.append(_Named(prefix, role, match["kind"].lower(), file))
    return found


def read_idx_folder(folder: Path, note: Note) -> Found:
    """Read the IDX files of a folder.

    Raises:
        DataError: files are missing, damaged, or of more than one data set.
    """
    named = _named(folder)
    prefixes = sorted({one.prefix for one in named})
    if len(prefixes) > 1:
        remedy = "Give each a folder of its own."
        problem = "the folder holds the IDX files of several data sets"
        raise fault(folder, problem, "files of one", ", ".join(map(repr, prefixes)), remedy)
    roles = {one.role for one in named}
    read, over = chosen_roles(roles)
    parts = [_part(named, role, folder) for role in read or ("training",)]
    if over:
        names = ", ".join(one.file.name for one in named if one.role in over)
        note(f"{folder.name}: passed over {names}")
    if "validation" in read:
        note(f"{folder.name}: the validation files are the test split")
    if len(read) == 1:
        note(f"{folder.name}: there are no test files; a part of the training files is kept apart")
    return Found(tuple(parts))


def _part(named: Sequence[_Named], role: str, folder: Path) -> Labelled:
    images, labels = (_file(named, role, kind, folder) for kind in ("images", "labels"))
    read = read_any_idx(images), read_any_idx(labels)
    for array, file, kind, dimensions in (
        (read[0], images, "images", (3, MOST_DIMENSIONS)),
        (read[1], labels, "labels", (1, 2)),
    ):
        if array.ndim not in dimensions:
            other = "labels" if kind == "images" else "images"
            got = f"an array of {array.ndim} dimensions, as {other} have"
            expected = f"{dimensions[0]} dimensions, as {kind} have"
            raise fault(file, f"the file does not hold {kind}", expected, got)
    # QMNIST gives eight numbers an image; the class is the first (Yadav and Bottou, 2019).
    numbers = read[1][:, 0] if read[1].shape[1:] == (8,) else read[1]
    return Labelled(read[0], numbers, images, labels)


def _file(named: Sequence[_Named], role: str, kind: str, folder: Path) -> Path:
    """Return the one file that holds images or labels of a split."""
    found = [one.file for one in named if (one.role, one.kind) == (role, kind)]
    if len(found) != 1:
        stem = {"training": "train", "test": "t10k"}.get(role, role)
        here = ", ".join(one.name for one in found or [one.file for one in named]) or "none"
        problem = "the folder is no whole set of IDX files"
        raise fault(folder, problem, f"one file {stem}-{kind}…", here)
    return found[0]
