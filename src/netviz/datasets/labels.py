"""What labels mean: from columns, one-hot rows, numbers of any type or texts to classes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.description import CLASSES, OwnDataset
from netviz.datasets.forms import kind_in_words
from netviz.datasets.labelled import Found, Labelled, composed, fault
from netviz.errors import DataError, Place, listed, nearest_name

Numbers = NDArray[np.int64]
LARGEST_LABEL = 2**53  # whole numbers up to it are exact as floats


def understood(found: Found, own: OwnDataset, *, has_all: bool = True) -> Found:
    """Return what was found with labels counted from 0, and the names of their classes.

    Unless it `has_all`, the first class and others may have no image.

    Raises:
        DataError: labels are no classes, or it is not certain which.
    """
    if found.classes:
        if own.labels_from:
            file = found.parts[0].labels_file
            problem = "labels_from has no meaning where folders or batches name the classes"
            raise fault(file, problem, "labels that are numbers", f"{own.labels_from}")
        return found
    flat = [_one_a_image(part) for part in found.parts]
    if len({labels.dtype.kind in "US" for labels in flat}) > 1:
        got = " and ".join(kind_in_words(labels.dtype) for labels in flat)
        file = found.parts[-1].labels_file
        raise fault(file, "training and test labels differ", "labels of one type", got)
    if flat[0].dtype.kind in "US":
        classes, numbers = _texts(flat, found.parts, own, has_all=has_all)
    else:
        width = _shared_width(found.parts)
        numbers = [_numbers(one, part) for one, part in zip(flat, found.parts, strict=True)]
        classes, numbers = _counted(numbers, found.parts, own, width, has_all=has_all)
    parts = [replace(part, labels=one) for part, one in zip(found.parts, numbers, strict=True)]
    return replace(found, parts=tuple(parts), classes=classes)


def _shared_width(parts: Sequence[Labelled]) -> int:
    """Return the number of classes that one-hot labels tell of, else 0.

    Raises:
        DataError: splits tell of different numbers, so that their columns are different classes.
    """
    widths = [_width(part.labels) for part in parts]
    if len({width for width in widths if width}) > 1:
        raise fault(
            parts[-1].labels_file,
            "training and test labels have a column for each class, but not as many",
            f"{widths[0]} columns",
            f"{widths[-1]}",
            "Make the columns of both from the classes of all images.",
        )
    return max(widths)


def _width(labels: NDArray[Any]) -> int:
    """Return the number of classes that one-hot labels tell of, else 0."""
    return labels.shape[1] if labels.ndim == 2 and min(labels.shape) > 1 else 0


def _one_a_image(part: Labelled) -> NDArray[Any]:
    """Return labels (n,) of those that came as a column or one-hot."""
    labels = part.labels
    if not labels.size:
        raise fault(part.labels_file, "there are no images", "images of each class", "no labels")
    if labels.ndim == 2 and labels.shape[1] == 1:
        return labels[:, 0]
    if labels.ndim == 2 and labels.shape == (1, len(part.images)):
        return labels.ravel()
    if labels.ndim == 2 and labels.dtype.kind in "biuf" and _is_one_hot(labels):
        places: NDArray[Any] = np.argmax(labels, axis=1)
        return places
    if labels.ndim != 1:
        remedy = ""
        if labels.ndim == 2 and labels.dtype.kind == "f":
            remedy = "Where they are probabilities: labels = labels.argmax(1)"
        elif labels.ndim == 2:
            remedy = "An image may have one label; choose a column: labels = labels[:, 0]"
        got = f"{labels.dtype} {labels.shape}"
        expected = f"{len(labels):,} whole numbers or texts, or one-hot rows"
        raise fault(part.labels_file, "the labels do not fit", expected, got, remedy)
    return labels


def _is_one_hot(labels: NDArray[Any]) -> bool:
    return bool(np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all())


def _numbers(labels: NDArray[Any], part: Labelled) -> Numbers:
    """Return labels as whole numbers.

    Raises:
        DataError: they are of another type, or one is missing.
    """
    file, kind = part.labels_file, labels.dtype.kind
    if kind not in "biuf":
        remedy = "Texts do as well: labels = labels.astype(str)" if kind == "O" else ""
        got = kind_in_words(labels.dtype)
        raise fault(file, "the labels do not fit", "whole numbers or texts", got, remedy)
    wrong = np.flatnonzero(~(np.abs(labels.astype(np.float64)) < LARGEST_LABEL))
    if not len(wrong) and kind == "f":
        wrong = np.flatnonzero(labels != np.rint(labels))
    if len(wrong):
        got = f"{labels[wrong[0]]} for image {wrong[0]} (counted from 0)"
        raise fault(file, "a label is no whole number", "a class for each image", got)
    return labels.astype(np.int64)


# --- numbers ---------------------------------------------------------------------------------


def _counted(
    numbers: list[Numbers],
    parts: Sequence[Labelled],
    own: OwnDataset,
    width: int,
    *,
    has_all: bool,
) -> tuple[tuple[str, ...], list[Numbers]]:
    """Return the names of the classes, and labels that count from 0."""
    numbers = [one - own.labels_from for one in _by_name(numbers, parts, own, width)]
    known = set(np.unique(np.concatenate(numbers)).tolist())
    first, last = min(known), max(known)
    count = len(own.classes) or max(width, last + 1)
    if has_all:
        _check_from(first, last, known, own, parts[0].labels_file)
    for one, part in zip(numbers, parts, strict=True):
        _check_within(one, count, own, part.labels_file)
    if not own.classes and count > CLASSES[1] >= len(known):
        raise fault(
            parts[0].labels_file,
            "the labels leave numbers out",
            "labels from 0 without a gap",
            f"{len(known)} different ones, up to {last + own.labels_from:,}",
            "Number the classes from 0: labels = np.unique(labels, return_inverse=True)[1]",
        )
    check_number(count, parts[0].labels_file)
    names = own.classes or tuple(str(label + own.labels_from) for label in range(count))
    return names, numbers


def _by_name(
    numbers: list[Numbers], parts: Sequence[Labelled], own: OwnDataset, width: int
) -> list[Numbers]:
    """Return labels as the place of their class tells, where the names of classes are labels.

    With `classes = ["3", "5", "7"]` the label 5 is the second class. Columns have their own order.

    Raises:
        DataError: each label is the name of one class and the place of another.
    """
    known = set(np.unique(np.concatenate(numbers)).tolist())
    named = _labels_by_name(own.classes)
    if width or not known <= named.keys():
        return numbers
    begin = own.labels_from
    places = {label: named[label] + begin for label in known}
    other = next((label for label in sorted(known) if places[label] != label), None)
    if other is None:
        return numbers
    if all(begin <= label < begin + len(own.classes) for label in known):
        raise fault(
            parts[0].labels_file,
            f"it is not certain which class has the label {other}: {own.classes[other - begin]!r} "
            f"is at its place, and {own.classes[named[other]]!r} has its name",
            "each class at the place of the label that is its name",
            f"classes = {list(own.classes)}",
            "Sort them, or give names that are no labels.",
        )
    return [np.vectorize(places.__getitem__, otypes=[np.int64])(one) for one in numbers]


def _labels_by_name(classes: Sequence[str]) -> dict[int, int]:
    """Return the place of each class by the label that its name is; none where one is no label."""
    if not _are_digits(set(classes)):
        return {}
    return {int(name): place for place, name in enumerate(classes)}


def _check_from(first: int, last: int, known: set[int], own: OwnDataset, file: Path) -> None:
    """Refuse labels that count from another number than they should.

    Raises:
        DataError: the labels are those of all classes, but begin at another number than
            `labels_from` says.
    """
    counted = len(known) == last - first + 1 or (own.classes and last == len(own.classes))
    if first != 0 and counted and len(known) > 1:
        start = first + own.labels_from
        raise fault(
            file,
            f"labels count from {own.labels_from}; these run from {start} to "
            f"{last + own.labels_from}",
            f"the label {own.labels_from} for the first class",
            "none" if first > 0 else f"{start}",
            f"Say where they begin: labels_from = {start}",
        )


def _check_within(labels: Numbers, count: int, own: OwnDataset, file: Path) -> None:
    wrong = np.flatnonzero((labels < 0) | (labels >= count))
    if len(wrong):
        begin = own.labels_from
        got = f"{labels[wrong[0]] + begin} at {wrong[0]}"
        expected = f"{begin} to {begin + count - 1}"
        known = (np.unique(labels) + begin).tolist()
        remedy = ""
        if len(known) == len(own.classes):  # which leave numbers out
            names = ", ".join(f'"{label}"' for label in known)
            remedy = f"Name the classes as the labels are: classes = [{names}]"
        raise fault(file, "a label is out of range", expected, got, remedy)


def check_number(count: int, file: Path) -> None:
    if not CLASSES[0] <= count <= CLASSES[1]:
        expected = f"{CLASSES[0]} to {CLASSES[1]} classes"
        raise fault(file, "the number of classes is out of range", expected, f"{count:,}")


# --- texts -----------------------------------------------------------------------------------


def _texts(
    labels: Sequence[NDArray[Any]], parts: Sequence[Labelled], own: OwnDataset, *, has_all: bool
) -> tuple[tuple[str, ...], list[Numbers]]:
    """Return the names that labels are, sorted or in the order of the settings, and numbers."""
    names = [_decoded(one, part.labels_file) for one, part in zip(labels, parts, strict=True)]
    met = set().union(*(set(one) for one in names))
    if _are_digits(met) and not met & {composed(name) for name in own.classes}:
        numbers = [np.array(one).astype(np.int64) for one in names]
        return _counted(numbers, parts, own, 0, has_all=has_all)
    classes = tuple(composed(name) for name in own.classes) or tuple(sorted(met))
    check_number(len(classes), parts[0].labels_file)
    place = {name: label for label, name in enumerate(classes)}
    for one, part in zip(names, parts, strict=True):
        unknown = next((name for name in one if name not in place), None)
        if unknown is not None:
            raise _unknown(unknown, classes, part.labels_file)
    return own.classes or classes, [np.array([place[name] for name in one]) for one in names]


def _are_digits(met: set[str]) -> bool:
    if not all(name.isascii() and name.isdigit() and len(name) < 10 for name in met):
        return False
    return len(set(map(int, met))) == len(met)  # 1 and 01 are two names


def _decoded(labels: NDArray[Any], file: Path) -> list[str]:
    """Return labels as composed texts.

    Raises:
        DataError: one is empty, or its bytes are not UTF-8.
    """
    try:
        texts = [
            composed(one.decode() if isinstance(one, bytes) else one).strip()
            for one in labels.tolist()
        ]
    except UnicodeDecodeError as error:
        raise fault(file, "a label is not UTF-8", "texts", repr(error.object[:40])) from None
    except (SystemError, ValueError) as error:  # numbers beyond the characters of Unicode
        raise fault(file, "a label is no text", "texts", str(error)) from None
    if "" in texts:
        got = f"none for image {texts.index('')} (counted from 0)"
        raise fault(file, "a label is empty", "a class for each image", got)
    return texts


def _unknown(name: str, classes: Sequence[str], file: Path) -> DataError:
    return DataError(
        "a label is none of the classes",
        place=Place(file),
        expected=f"one of {listed(classes)}",
        got=repr(name[:80]),
        nearest=nearest_name(name, classes),
    )
