"""A network of which only its answers to the test images are known: logits or probabilities.

The name of the array says which of the two it holds, and the numbers must agree with it: rows of
probabilities under the name `logits`, and the other way round, are refused. Labels saved beside
them prove that the answers are in the order of the test images.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.faults import fault
from netviz.elsewhere.files import Arrays, read_content
from netviz.elsewhere.kinds import Unread, kind_of
from netviz.errors import DataError, listed

Kind = Literal["logits", "probabilities"]
Numbers = NDArray[np.float64]

KINDS: tuple[Kind, ...] = ("logits", "probabilities")
LABELS = "labels"
ROUNDED = 1e-3  # by how much a row of probabilities may miss a sum of 1
ROUNDED_16_BITS = 1e-2
LEAST_PROBABILITY = 1e-37  # what 0 is taken for: its logarithm is still a float of 32 bits
LARGEST_LOGIT = 1e30  # differences of larger ones leave the floats of 32 bits


@dataclass(frozen=True)
class Asked:
    """The test images that a network was asked about.

    `labels` (n,) are their classes, `class_names` what these are called, and `train_count` is how
    many training images there are, which are easily taken for the test images; 0 where there are
    none besides.
    """

    labels: NDArray[np.integer[Any]]
    class_names: tuple[str, ...]
    train_count: int
    is_sample: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.labels), len(self.class_names)


def read_answers(file: Path, asked: Asked) -> NDArray[np.float32]:
    """Return the logits (n, classes) that `file` holds; of probabilities, their logarithms.

    The class with the largest of the file's numbers is also that with the largest logit.

    Raises:
        DataError: the file cannot be read, does not say which numbers it holds, holds others than
            it says, or answers other images.
    """
    arrays = _arrays(file)
    kind = _kind(arrays, file)
    logits = logits_of(arrays[kind], kind, asked, file)
    if LABELS in arrays:
        _check_labels(arrays[LABELS], asked, file)
    return logits


def logits_of(array: NDArray[Any], kind: Kind, asked: Asked, file: Path) -> NDArray[np.float32]:
    """Return the logits (n, classes) of an `array` of this `kind`, which `file` names in errors.

    Raises:
        DataError: the array holds other numbers than it says, or answers other images.
    """
    _check_shape(array, kind, asked, file)
    numbers = array.astype(np.float64)
    _check_finite(numbers, kind, asked, file)
    if kind == "probabilities":
        _check_probabilities(numbers, array.dtype, file)
        return _as_floats(np.log(np.maximum(numbers, LEAST_PROBABILITY)), numbers)
    _check_logits(numbers, file)
    return _as_floats(numbers, numbers)


def identity_of(logits: NDArray[np.float32]) -> str:
    """Return the SHA-256 of a network's answers, used in place of that of its weights."""
    content = np.ascontiguousarray(logits, "<f4")
    return hashlib.sha256(f"answers {content.shape}".encode() + content.tobytes()).hexdigest()


def _as_floats(logits: Numbers, numbers: Numbers) -> NDArray[np.float32]:
    """Return `logits` in 32 bits, in which no two of `numbers` may come to share the first place.

    `numbers` are those of the file, in the same order of size.
    """
    rounded = logits.astype(np.float32)
    rows, first = np.arange(len(logits)), numbers.argmax(axis=1)
    moved = rounded.argmax(axis=1) != first
    above = np.nextafter(rounded.max(axis=1), np.float32(np.inf))
    rounded[rows[moved], first[moved]] = above[moved]
    return rounded


# --- the file --------------------------------------------------------------------------------


def _arrays(file: Path) -> Arrays:
    try:
        known = kind_of(file)
    except OSError:
        known = None  # which `read_content` tells
    if isinstance(known, Unread):
        raise fault(
            file,
            f"the file is {known.title}",
            expected="an .npz of answers",
            remedy=f"Save them with np.savez({file.stem + '.npz'!r}, logits=…, labels=…).",
        )
    return read_content(file).arrays


def _kind(arrays: Arrays, file: Path) -> Kind:
    found = [kind for kind in KINDS if kind in arrays]
    strange = sorted(set(arrays) - {*KINDS, LABELS})
    if len(found) == 1 and not strange:
        return found[0]
    raise fault(
        file,
        "the file does not say what its numbers are",
        expected="one array, 'logits' or 'probabilities', and perhaps 'labels' beside it",
        got=listed(sorted(arrays)) or "no arrays",
        remedy="Save logits or log-probabilities as np.savez(…, logits=…), and numbers that add up"
        " to 1 for each image as np.savez(…, probabilities=…).",
    )


# --- what it holds ---------------------------------------------------------------------------


def _check_shape(array: NDArray[Any], kind: Kind, asked: Asked, file: Path) -> None:
    if array.shape == asked.shape and array.dtype.kind == "f":
        return
    images, classes = asked.shape
    raise fault(
        file,
        f"{kind} does not answer the test images",
        expected=f"floats of shape ({images}, {classes}): {images:,} test images in their order,"
        f" {classes} classes",
        got=f"{array.dtype} {array.shape}",
        remedy=_advice(array, asked),
    )


def _advice(array: NDArray[Any], asked: Asked) -> str | None:
    images, classes = asked.shape
    if array.shape == (images, classes):
        return "Give floats."
    if asked.is_sample:
        return "This is the sample, whose images are others: build without it."
    if array.shape == (images,):
        return "Give a number for every class, not the class that was chosen; two classes have two."
    if array.shape == (classes, images):
        return "Give it transposed."
    return _advice_on_images(array, asked) if asked.train_count else None


def _advice_on_images(array: NDArray[Any], asked: Asked) -> str:
    if array.shape[:1] == (asked.train_count,):
        return "These are as many as there are training images."
    return "netviz data --export NAME FILE writes the test images that are meant."


def _check_finite(numbers: Numbers, kind: Kind, asked: Asked, file: Path) -> None:
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        image, label = (int(place) for place in np.argwhere(wrong)[0])
        raise fault(
            file,
            f"{kind} of image {image}, class {label} ({asked.class_names[label]}) is no number",
            expected="finite numbers",
            got=f"{numbers[image, label]}, and {int(wrong.sum())} such numbers in all",
        )


def _check_labels(labels: NDArray[Any], asked: Asked, file: Path) -> None:
    """Refuse answers to the test images in another order, or to others."""
    if labels.shape != asked.labels.shape or labels.dtype.kind not in "iu":
        raise fault(
            file,
            "labels are not those of the test images",
            expected=f"whole numbers of shape {asked.labels.shape}",
            got=f"{labels.dtype} {labels.shape}",
        )
    wrong = np.flatnonzero(labels != asked.labels)
    if len(wrong):
        image = int(wrong[0])
        label = int(asked.labels[image])
        raise fault(
            file,
            f"labels are not those of the test images, in {len(wrong):,} of {len(labels):,}",
            expected=f"{label} ({asked.class_names[label]}) for image {image}",
            got=str(labels[image]),
            remedy="Ask the network about the test images in their order, without shuffling them,"
            " and count classes from 0.",
        )


def _check_probabilities(numbers: Numbers, dtype: np.dtype[Any], file: Path) -> None:
    rounded = ROUNDED_16_BITS if dtype.itemsize < np.dtype(np.float32).itemsize else ROUNDED
    if (row := _no_distribution(numbers, rounded)) is not None:
        raise _no_probabilities(numbers[row], row, file)


def _check_logits(numbers: Numbers, file: Path) -> None:
    largest = float(np.abs(numbers).max())
    if largest > LARGEST_LOGIT:
        expected = f"-{LARGEST_LOGIT:g} to {LARGEST_LOGIT:g}"
        raise fault(file, "logits are out of range", expected=expected, got=f"{largest:g}")
    if _no_distribution(numbers, ROUNDED) is None:
        raise fault(
            file,
            "logits are probabilities: none is below 0, and those of each image add up to 1",
            expected="the array 'probabilities', or logits as they are before a softmax",
            remedy="Give them the name probabilities.",
        )
    if (scale := _scale(numbers)) is not None:
        raise fault(
            file,
            f"logits look like probabilities that were rounded, scaled or not normalised: all of"
            f" them are from 0 to {scale}",
            expected="logits as they are before a softmax or a sigmoid, or 'probabilities', those"
            " of each image adding up to 1",
            remedy="Save them before they are rounded; or divide the numbers of each image by their"
            " sum, and give them the name probabilities.",
        )


def _scale(numbers: Numbers) -> int | None:
    """Return 1 or 100 where all numbers are shares or percentages, else None.

    Percentages are known by their sums, which most images have near 100.
    """
    if numbers.min() < 0:
        return None
    if numbers.max() <= 1:
        return 1
    sums = numbers.sum(axis=1)
    return 100 if numbers.max() <= 100 and abs(np.median(sums) - 100) < 1 else None


def _no_distribution(numbers: Numbers, rounded: float) -> int | None:
    """Return the first row that cannot be probabilities; None where each can."""
    wrong = (numbers < -rounded).any(axis=1) | (np.abs(numbers.sum(axis=1) - 1) > rounded)
    return int(wrong.argmax()) if wrong.any() else None


def _no_probabilities(row: Numbers, number: int, file: Path) -> DataError:
    return fault(
        file,
        f"probabilities of image {number} are none",
        expected="numbers of 0 to 1 that add up to 1",
        got=f"{row.min():.4g} to {row.max():.4g}, which add up to {row.sum():.6g}",
        remedy="Give what comes before a softmax, as logits. Numbers that each come from"
        " a sigmoid of their own are no answer of one class among several.",
    )
