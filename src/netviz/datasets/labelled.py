"""What every form of an essay's own data is read into, and the one form of its faults."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz.errors import DataError, Place, listed

Note = Callable[[str], None]

ROLES = {
    "train": "training", "training": "training",
    "test": "test", "testing": "test", "t10k": "test",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
}  # fmt: skip
SPLITS = "|".join(sorted(ROLES, key=len, reverse=True))  # as a pattern, longer words first
# What systems leave in folders; all that begins with a dot is passed over likewise.
LEFT_BY_SYSTEMS = {
    "__macosx", "@eadir", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "#recycle",
    "lost+found", "system volume information",
}  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """Images and their labels as the files have them, not looked at yet.

    `images_file` and `labels_file` are named in the faults of each.
    """

    images: NDArray[Any]
    labels: NDArray[Any]
    images_file: Path
    labels_file: Path


@dataclass(frozen=True)
class Found:
    """What a file or folder holds: one part, or training and test.

    `classes` are the names of the classes where labels already are their numbers, as with class
    folders; empty where labels have still to be understood. `white` is the number that means white
    where the files say it, and `brightest` the brightest found among pixels that were scaled by it.
    """

    parts: tuple[Labelled, ...]
    classes: tuple[str, ...] = ()
    brightest: float | None = None
    white: float | None = None


def fault(file: Path, problem: str, expected: str, got: str, remedy: str = "") -> DataError:
    """Return the error that says what is wrong with a file or folder of a data set."""
    return DataError(
        problem, place=Place(shown(file)), expected=expected, got=got, remedy=remedy or None
    )


def shown(name: object) -> str:
    """Return a name of the file system in characters that any output takes."""
    return str(name).encode("utf-8", "backslashreplace").decode()


def composed(name: str) -> str:
    """Return a name in composed Unicode: macOS writes é as an e and an accent of its own."""
    return unicodedata.normalize("NFC", name)


def visible(folder: Path) -> list[Path]:
    """Return what lies in a folder, in order, without what systems leave there.

    Raises:
        DataError: a name is not UTF-8.
    """
    found = [
        one
        for one in sorted(folder.iterdir())
        if not one.name.startswith(".") and one.name.lower() not in LEFT_BY_SYSTEMS
    ]
    for one in found:
        if shown(one.name) != one.name:
            raise fault(
                one, "a name is not UTF-8", "names in UTF-8", "other bytes", "Rename the file."
            )
    return found


def what_lies_in(folder: Path) -> str:
    """Say in short what a folder holds: folders by name, what is in them and files by ending."""
    entries = visible(folder)
    folders = [one for one in entries if one.is_dir()]
    files = [one.name for one in entries if not one.is_dir()]
    below = [one.name for inner in folders for one in visible(inner) if not one.is_dir()]
    within = [f"with {endings(below)}"] if below else []
    named = listed([f"{one.name}/" for one in folders])
    parts = [" ".join([named, *within])] if named else []
    return ", ".join(parts + (files if len(files) <= 6 else [endings(files)])) or "nothing"


def endings(names: Iterable[str]) -> str:
    """Count files by their ending: `40 .heic, 20 .tif`."""
    counts = Counter(Path(name).suffix.lower() or "without an ending" for name in names)
    return ", ".join(f"{count:,} {ending}" for ending, count in counts.most_common())


def size(shape: Sequence[int]) -> str:
    """Return the shape (height, width, channels) of an image in words."""
    height, width = shape[:2]
    return f"{width} × {height}{' in colour' if tuple(shape[2:]) == (3,) else ''}"


def chosen_roles(found: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which splits are read of those that were `found`, and which are passed over.

    The validation split is the test split where there is no other.
    """
    roles = set(found)
    if "training" not in roles:
        return (), tuple(sorted(roles))
    held = next((one for one in ("test", "validation") if one in roles), None)
    read = ("training",) if held is None else ("training", held)
    return read, tuple(sorted(roles - set(read)))
