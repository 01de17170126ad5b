"""Arrays by name, in one `.npz` or a folder: which hold images, and which their labels.

Names are those that Keras, MedMNIST, scikit-learn, Kaggle and their users give; what no name tells
apart is asked about.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.archives import LARGEST_ARCHIVE
from netviz.datasets.description import SIDES
from netviz.datasets.forms import SAVE
from netviz.datasets.labelled import ROLES, SPLITS, Found, Labelled, Note, chosen_roles, fault
from netviz.errors import DataError, listed
from netviz.limits import within_data_limits

SPLIT_ARRAYS = ("x_train", "y_train", "x_test", "y_test")
WHOLE_ARRAYS = ("images", "labels")
UNNAMED = re.compile(r"arr_\d+")

IMAGES = "x|images?|imgs?|data|pixels|inputs?|features?"
LABELS = "y|labels?|targets?|lbls?"
NAME = re.compile(
    rf"(?:(?P<before>{SPLITS})(?:set)?)?(?:(?P<images>{IMAGES})|(?P<labels>{LABELS}))"
    rf"(?:(?P<after>{SPLITS})(?:set)?)?(?:orig)?"
)
WHOLE = "whole"  # the role of arrays whose names tell no split


@dataclass(frozen=True)
class Array:
    """An array and the file that it is from."""

    numbers: NDArray[Any]
    file: Path


Slot = tuple[str, str]  # role, and "images" or "labels"


def slot_of(name: str) -> Slot | None:
    """Return what an array of this name is: `("training", "labels")`; None if it does not say."""
    match = NAME.fullmatch(re.sub(r"[\W_]", "", name).lower())
    if match is None or (match["before"] and match["after"]):
        return None
    split = match["before"] or match["after"]
    return ROLES[split] if split else WHOLE, "images" if match["images"] else "labels"


def read_npz(file: Path, note: Note) -> Found:
    """Read the arrays of an `.npz`.

    Raises:
        DataError: it is damaged, too large, or its names do not tell images and labels.
    """
    read, passed_over = _arrays(file)
    found = matched({name: Array(one, file) for name, one in read.items()}, file, note)
    if passed_over:
        note(f"{file.name}: {listed(passed_over)} passed over")
    return found


def read_array_folder(folder: Path, files: Sequence[Path], note: Note) -> Found:
    """Read a folder of `.npy` files, or of `.npz` files with one array each.

    Raises:
        DataError: as `read_npz`.
    """
    arrays: dict[str, Array] = {}
    for file in files:
        inside, over = _arrays(file) if is_npz(file) else ({file.stem: _array(file)}, [])
        if over:
            note(f"{file.name}: {listed(over)} passed over")
        if len(inside) != 1:
            got = f"{file.name} with {listed(list(inside))}"
            remedy = "Let path lead to the file, not to the folder."
            problem = "the folder holds an archive of several arrays"
            raise fault(folder, problem, "a file for each array", got, remedy)
        name = _without_prefix(file.stem)
        if name in arrays:
            got = f"{arrays[name].file.name} and {file.name}"
            raise fault(folder, "two files hold one array", f"one file for {name}", got)
        arrays[name] = Array(next(iter(inside.values())), file)
    return matched(arrays, folder, note)


def is_npz(file: Path) -> bool:
    """Say whether a file is an archive of arrays, by its ending or its content."""
    if file.suffix.lower() == ".npz":
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.endswith(".npy") for name in archive.namelist())
    except Exception:  # whatever is no archive fails in more ways than can be listed
        return False


def _without_prefix(stem: str) -> str:
    """Return the end of a file's name that says what it is: `train-imgs` of `kmnist-train-imgs`."""
    words = re.split(r"[-_. ]+", stem)
    ends = ("_".join(words[start:]) for start in range(len(words)))
    return next((end for end in ends if slot_of(end)), stem)


@within_data_limits
def _arrays(file: Path) -> tuple[Mapping[str, NDArray[Any]], list[str]]:
    """Return the arrays that may be images or labels, and the names of the others."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST_ARCHIVE:
            raise fault(
                file, "the file is too large", f"{LARGEST_ARCHIVE} bytes unpacked", str(size)
            )
        with np.load(file, allow_pickle=False) as arrays:
            wanted = [name for name in arrays.files if _is_wanted(name, arrays.files)]
            others = [name for name in arrays.files if name not in wanted]
            return {name: arrays[name] for name in wanted}, others
    except DataError:
        raise
    except Exception as error:  # a damaged archive fails in more ways than can be listed
        raise _unreadable(file, "an .npz of plain arrays", error) from None


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    """Say whether an array may be images or labels; others are not even unpacked.

    Descriptions and names of columns often are Python objects, which are not opened.
    """
    return slot_of(name) is not None or not any(slot_of(one) for one in names)


@within_data_limits
def _array(file: Path) -> NDArray[Any]:
    try:
        if file.stat().st_size > LARGEST_ARCHIVE:
            raise fault(file, "the file is too large", f"{LARGEST_ARCHIVE} bytes", "more")
        array: NDArray[Any] = np.load(file, allow_pickle=False)
    except DataError:
        raise
    except Exception as error:  # as above
        raise _unreadable(file, "an .npy of plain numbers", error) from None
    if not isinstance(array, np.ndarray):
        raise fault(file, "not a readable array", "an .npy", "an archive", "Let path lead to it.")
    return array


def _unreadable(file: Path, expected: str, error: Exception) -> DataError:
    got, remedy = f"{type(error).__name__}: {error}", ""
    if "pickle" in got.lower():
        got = "an array of Python objects, which is not opened since it can run code"
        remedy = (
            "Give images one size and one type, and labels as numbers or texts: "
            "np.stack(images).astype(np.uint8), labels.astype(str)"
        )
    return fault(file, "not a readable archive of arrays", expected, got, remedy)


# --- which array is what ---------------------------------------------------------------------


def matched(arrays: Mapping[str, Array], place: Path, note: Note) -> Found:
    """Return the images and labels among `arrays`, which are of the file or folder `place`.

    Raises:
        DataError: names do not tell them, or tell two of one kind.
    """
    for names in (SPLIT_ARRAYS, WHOLE_ARRAYS):
        if set(names) <= set(arrays):
            return _found(arrays, names, place, note)
    slots: dict[Slot, str] = {}
    for name in arrays:
        slot = slot_of(name)
        if slot is not None:
            slots[slot] = _one_of(slots.get(slot, name), name, slot, arrays, place)
    if not slots and arrays and all(map(UNNAMED.fullmatch, arrays)):
        return _found(arrays, _by_order(arrays, place), place, note)
    chosen = _by_slots(slots)
    if not chosen:
        raise _no_pair(arrays, place)
    if slots.get(("validation", "images")) in chosen:
        note(f"{place.name}: {slots['validation', 'images']} is the test split")
    return _found(arrays, chosen, place, note)


def _one_of(first: str, second: str, slot: Slot, arrays: Mapping[str, Array], place: Path) -> str:
    """Return the array with more dimensions of two that hold the same, as `data` and `images` do.

    Raises:
        DataError: the two arrays hold different numbers.
    """
    one, other = arrays[first].numbers, arrays[second].numbers
    if first != second and not np.array_equal(one.reshape(-1), other.reshape(-1)):
        got = f"{first} and {second}"
        raise fault(place, f"two arrays may be the {_words(slot)}", "one", got, "Keep one.")
    return first if one.ndim > other.ndim else second


def _by_slots(slots: Mapping[Slot, str]) -> tuple[str, ...]:
    """Return the names of images and labels, in turn, of the splits that are read."""
    whole = [role for role, kind in slots if kind == "images" and (role, "labels") in slots]
    read, _ = chosen_roles(whole)
    if not read and whole == [WHOLE]:
        read = (WHOLE,)
    return tuple(slots[role, kind] for role in read for kind in ("images", "labels"))


def _words(slot: Slot) -> str:
    role, kind = slot
    return kind if role == WHOLE else f"{role} {kind}"


def _by_order(arrays: Mapping[str, Array], place: Path) -> tuple[str, ...]:
    """Return the names of arrays that were saved without names: images are larger than labels.

    Raises:
        DataError: their number or sizes leave it open.
    """
    names = sorted(arrays, key=lambda name: int(name.removeprefix("arr_")))
    sizes = [_numbers_each(arrays[name].numbers) for name in names]
    kinds = "".join("x" if one >= SIDES[0] ** 2 else "y" for one in sizes)
    order = {"xy": (0, 1), "xyxy": (0, 1, 2, 3), "xxyy": (0, 2, 1, 3)}.get(kinds)
    if order is None:
        raise _no_pair(arrays, place)
    return tuple(names[place] for place in order)


def _numbers_each(array: NDArray[Any]) -> int:
    return int(np.prod(array.shape[1:])) if array.ndim else 0


def _found(arrays: Mapping[str, Array], names: Sequence[str], place: Path, note: Note) -> Found:
    over = sorted(set(arrays) - set(names))
    if over:
        note(f"{place.name}: {listed(list(names))} are read, {listed(over)} passed over")
    parts = []
    for images, labels in zip(names[::2], names[1::2], strict=True):
        first, second = arrays[images], arrays[labels]
        parts.append(Labelled(first.numbers, second.numbers, first.file, second.file))
    for part in parts:
        if part.labels.ndim == 0:
            raise fault(part.labels_file, "the labels do not fit", "a label an image", "one number")
    return Found(tuple(parts))


def _no_pair(arrays: Mapping[str, Array], place: Path) -> DataError:
    return fault(
        place,
        "no names tell the images and their labels",
        f"{', '.join(SPLIT_ARRAYS)}, or {' and '.join(WHOLE_ARRAYS)}",
        _described(arrays.items()) or "none",
        f"Write them under these names: {SAVE}",
    )


def _described(arrays: Iterable[tuple[str, Array]]) -> str:
    return listed([f"{name} {one.numbers.shape}" for name, one in arrays])
