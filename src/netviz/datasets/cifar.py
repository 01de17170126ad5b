"""The formats in which CIFAR-10 can be had: two archives, and pictures of one image a row.

The archives are described on the home page of CIFAR-10 (A. Krizhevsky).
"""

import io
import json
import pickle
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets.archives import read_file, read_members
from netviz.datasets.cifar10 import (
    BATCHES,
    BINARY_MEMBERS,
    PICTURES,
    TEST_LABELS,
    TRAIN_LABELS,
)
from netviz.datasets.dataset import Images, Labels, Split
from netviz.errors import DataError, Place

SIDE = 32
CHANNELS = 3
PIXELS = SIDE * SIDE
RECORD = 1 + CHANNELS * PIXELS  # a label, then the red, green and blue planes
BATCH = 10_000
CLASSES = 10

LARGEST_LABELS = 2**22  # bytes of a list of labels; the real one has 150 kB


def read_binary_archive(archive: Path) -> tuple[Split, Split]:
    """Read `cifar-10-binary.tar.gz`: training split, test split.

    Raises:
        DataError: the archive or a batch in it is damaged, or one is missing.
    """
    members = read_members(archive, BINARY_MEMBERS)
    return _join(
        ((name, parse_binary_batch(content, archive / name)) for name, content in members), archive
    )


def read_python_archive(archive: Path) -> tuple[Split, Split]:
    """Read `cifar-10-python.tar.gz`: training split, test split.

    Raises:
        DataError: the archive or a batch in it is damaged or hostile, or one is missing.
    """
    members = read_members(archive, BATCHES)
    return _join(
        ((name, parse_python_batch(content, archive / name)) for name, content in members), archive
    )


def read_pictures(folder: Path) -> tuple[Split, Split]:
    """Read the pictures and label lists of one folder: training split, test split.

    Raises:
        DataError: a file is missing, damaged or of another form.
    """
    *train_files, test_file = (folder / name for name in PICTURES)
    train = np.empty((len(train_files) * BATCH, SIDE, SIDE, CHANNELS), np.uint8)
    for number, file in enumerate(train_files):
        train[number * BATCH : (number + 1) * BATCH] = _read_picture(file)
    return (
        _labelled(train, read_labels(folder / TRAIN_LABELS), folder / TRAIN_LABELS),
        _labelled(
            _read_picture(test_file), read_labels(folder / TEST_LABELS), folder / TEST_LABELS
        ),
    )


def parse_binary_batch(content: bytes, file: Path) -> Split:
    """Return the images of one batch of the binary archive; `file` names it in errors.

    Raises:
        DataError: its length is no multiple of a record's, or a label is above 9.
    """
    if not content or len(content) % RECORD:
        raise _fault("truncated", file, f"a multiple of {RECORD} bytes", str(len(content)))
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    return _labelled(interleave(records[:, 1:]), records[:, 0].tolist(), file)


def parse_python_batch(content: bytes, file: Path) -> Split:
    """Return the images of one batch of the Python archive; `file` names it in errors.

    Nothing that the pickle asks for is run or built: see `_BatchUnpickler`.

    Raises:
        DataError: it is no such batch, or asks for anything but arrays and plain values.
    """
    try:
        batch = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
        planes = batch[b"data"].planes()
        labels = batch[b"labels"]
    except Exception as error:  # a hostile pickle may raise anything
        raise _fault("not a batch of CIFAR-10", file, "a pickled batch", str(error)) from None
    return _labelled(interleave(planes), labels, file)


class _PickledArray:
    """A placeholder for an array being unpickled, which takes its state without acting on it.

    numpy's own reconstruction would: a pickle can ask it for an array of object pointers over
    bytes of the pickle's choice, which is as good as running code.
    """

    state: object = None

    def __setstate__(self, state: object) -> None:
        self.state = state

    def planes(self) -> NDArray[np.uint8]:
        """Return the images as rows of red, green and blue planes, (n, 3072)."""
        match self.state:
            case _, (int(count), width), _PickledType("u1" | b"u1"), bool(fortran), bytes(
                pixels
            ) if width == CHANNELS * PIXELS and len(pixels) == count * width:
                order: Literal["F", "C"] = "F" if fortran else "C"
                return np.frombuffer(pixels, np.uint8).reshape(count, width, order=order)
        raise ValueError(f"its data is not bytes of the shape (n, {CHANNELS * PIXELS})")


class _PickledType:
    """A placeholder for the type of an array's elements while it is unpickled."""

    __match_args__ = ("code",)

    def __init__(self, code: object, *_flags: object) -> None:
        self.code = code

    def __setstate__(self, state: object) -> None:
        """Byte order and fields mean nothing to single bytes."""


# Written in Python, not in C: a memo index of the pickle's choice then costs a key of a dict,
# not an array of that many pointers.
class _BatchUnpickler(pickle._Unpickler):
    """An unpickler that can make plain values and placeholders of arrays, and call nothing else."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as pickle declares it
        match module, name:
            case (("numpy.core.multiarray" | "numpy._core.multiarray"), "_reconstruct"):
                return lambda *_: _PickledArray()
            case "numpy", "ndarray":
                return _PickledArray
            case "numpy", "dtype":
                return _PickledType
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


def read_labels(file: Path) -> list[object]:
    """Read a JSON list; `_labelled` looks at what is in it.

    Raises:
        DataError: the file is no JSON list.
    """
    try:
        labels = json.loads(read_file(file, LARGEST_LABELS))
    except (ValueError, RecursionError) as error:
        raise _fault("not a list of labels", file, "a JSON list", str(error)) from None
    if not isinstance(labels, list):
        raise _fault("not a list of labels", file, "a JSON list", type(labels).__name__)
    return labels


def _read_picture(file: Path) -> Images:
    """Return the 10,000 images of a picture that holds one in each row of 1024 pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=["PNG"]) as image:
                if (image.mode, image.width, image.height) != ("RGB", PIXELS, BATCH):
                    got = f"{image.mode} {image.width} × {image.height}"
                    raise _fault("of another form", file, f"RGB {PIXELS} × {BATCH}", got)
                return np.asarray(image).reshape(BATCH, SIDE, SIDE, CHANNELS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _fault("too large a picture", file, f"{PIXELS} × {BATCH}", str(error)) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise _fault("a damaged picture", file, "a whole PNG", str(error)) from None


def _join(batches: Iterable[tuple[str, Split]], archive: Path) -> tuple[Split, Split]:
    """Put the five training batches into their order, and the test batch apart."""
    images = np.empty((len(BATCHES) * BATCH, SIDE, SIDE, CHANNELS), np.uint8)
    labels = np.empty(len(BATCHES) * BATCH, np.uint8)
    for name, batch in batches:
        if len(batch) != BATCH:
            raise _fault("incomplete", archive / name, f"{BATCH} images", str(len(batch)))
        start = BATCHES.index(Path(name).stem) * BATCH
        images[start : start + BATCH] = batch.images
        labels[start : start + BATCH] = batch.labels
    return Split(images[:-BATCH], labels[:-BATCH]), Split(images[-BATCH:], labels[-BATCH:])


def interleave(planes: NDArray[np.uint8]) -> Images:
    """Turn planes of red, green and blue (n, 3072) into images (n, 32, 32, 3)."""
    images = planes.reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images)


def _labelled(images: Images, labels: object, file: Path) -> Split:
    """Pair images with as many labels, whole numbers from 0 to 9."""
    if not isinstance(labels, list) or len(labels) != len(images):
        got = len(labels) if isinstance(labels, list) else type(labels).__name__
        raise _fault("of the wrong length", file, f"{len(images)} labels", str(got))
    for number, label in enumerate(labels):
        if type(label) is not int or not 0 <= label < CLASSES:
            got = f"{label!r:.40} at {number}"
            raise _fault("of wrong labels", file, "whole numbers from 0 to 9", got)
    checked: Labels = np.array(labels, np.uint8)
    return Split(images, checked)


def _fault(problem: str, file: Path, expected: str, got: str) -> DataError:
    return DataError(f"the file is {problem}", place=Place(file), expected=expected, got=got)
