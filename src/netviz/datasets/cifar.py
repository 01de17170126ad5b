"""The formats in which CIFAR-10 can be had: two archives, and pictures of one image a row."""

import io
import json
import pickle
import tarfile
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from netviz.datasets.dataset import Split
from netviz.errors import DataError, Place

SIDE = 32
CHANNELS = 3
PIXELS = SIDE * SIDE
RECORD = 1 + CHANNELS * PIXELS  # a label, then the red, green and blue planes
BATCH = 10_000
# A batch of the Python archive is 31 MB; nothing that claims more is read.
LARGEST_MEMBER = 64 * 2**20
TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_BATCH = "test_batch"


def read_archive(archive: Path) -> tuple[Split, Split]:
    """Read `cifar-10-binary.tar.gz` or `cifar-10-python.tar.gz`: training split, test split.

    Members are read by name, one at a time, into memory; nothing is unpacked to disk.

    Raises:
        DataError: the archive is damaged, hostile, or lacks a batch.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            batches = {
                Path(member.name).stem: _batch(tar, member, archive)
                for member in tar
                if Path(member.name).stem in (*TRAIN_BATCHES, TEST_BATCH)
            }
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise _fault("a damaged archive", archive, "a whole .tar.gz", str(error)) from None
    for name in (*TRAIN_BATCHES, TEST_BATCH):
        if name not in batches:
            raise _fault("incomplete", archive, f"a member {name}", "none")
    train = [batches[name] for name in TRAIN_BATCHES]
    return (
        Split(
            np.concatenate([part.images for part in train]),
            np.concatenate([part.labels for part in train]),
        ),
        batches[TEST_BATCH],
    )


def _batch(tar: tarfile.TarFile, member: tarfile.TarInfo, archive: Path) -> Split:
    place = archive / member.name
    stream = tar.extractfile(member) if member.isfile() else None
    if stream is None:
        raise _fault("not a plain file", place, "a batch of images", member.type.decode())
    if member.size > LARGEST_MEMBER:
        raise _fault("too large", place, f"at most {LARGEST_MEMBER} bytes", str(member.size))
    content = stream.read()
    if member.name.endswith(".bin"):
        return parse_binary_batch(content, place)
    return parse_python_batch(content, place)


def parse_binary_batch(content: bytes, file: Path) -> Split:
    """Return the images of one batch of the binary archive.

    Raises:
        DataError: its length is no multiple of a record's, or a label is above 9.
    """
    if not content or len(content) % RECORD:
        raise _fault("truncated", file, f"a multiple of {RECORD} bytes", str(len(content)))
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    return _split(records[:, 1:], records[:, 0], file)


class _BatchUnpickler(pickle.Unpickler):
    """An unpickler that can make arrays and plain values, and call nothing else."""

    ALLOWED: ClassVar[dict[tuple[str, str], Any]] = {
        ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
        ("numpy._core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as pickle declares it
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None


def parse_python_batch(content: bytes, file: Path) -> Split:
    """Return the images of one batch of the Python archive, without running what it holds.

    Raises:
        DataError: it is no such batch, or asks for anything but arrays and plain values.
    """
    try:
        batch = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
        data, labels = np.asarray(batch[b"data"]), np.asarray(batch[b"labels"])
    except Exception as error:  # a hostile pickle may raise anything
        raise _fault("not a batch of CIFAR-10", file, "a pickled batch", str(error)) from None
    if data.dtype != np.uint8 or data.ndim != 2 or data.shape[1] != CHANNELS * PIXELS:
        got = f"{data.dtype} {data.shape}"
        raise _fault("not a batch of CIFAR-10", file, f"bytes (n, {CHANNELS * PIXELS})", got)
    return _split(data, labels, file)


def read_picture_batch(picture: Path, labels: Path) -> Split:
    """Read a picture that holds one image a row, each row 1024 pixels of red, green and blue.

    Raises:
        DataError: the picture is damaged or has another form, or the labels do not fit it.
    """
    pixels = _open_picture(picture)
    return _checked(pixels.reshape(-1, SIDE, SIDE, CHANNELS), _read_labels(labels), labels)


def read_pictures(folder: Path) -> tuple[Split, Split]:
    """Read the pictures and label lists of one folder: training split, test split.

    Raises:
        DataError: a file is missing, damaged or of another form.
    """
    train = np.empty((len(TRAIN_BATCHES) * BATCH, SIDE, SIDE, CHANNELS), np.uint8)
    for number, name in enumerate(TRAIN_BATCHES):
        picture = folder / f"{name}.png"
        pixels = _open_picture(picture)
        if len(pixels) != BATCH:
            raise _fault("of another size", picture, f"{BATCH} rows", str(len(pixels)))
        train[number * BATCH : (number + 1) * BATCH] = pixels.reshape(-1, SIDE, SIDE, CHANNELS)
    # The package spells them so.
    labels = folder / "train_lables.json"
    return (
        _checked(train, _read_labels(labels), labels),
        read_picture_batch(folder / f"{TEST_BATCH}.png", folder / "test_lables.json"),
    )


def _open_picture(file: Path) -> NDArray[np.uint8]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=["PNG"]) as image:
                if image.mode != "RGB" or image.width != PIXELS or image.height > BATCH:
                    got = f"{image.mode} {image.width} × {image.height}"
                    raise _fault("of another form", file, f"RGB {PIXELS} × {BATCH}", got)
                return np.asarray(image)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as error:
        raise _fault("a damaged picture", file, "a whole PNG", str(error)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _fault("too large a picture", file, f"{PIXELS} × {BATCH}", str(error)) from None


def _read_labels(file: Path) -> NDArray[np.int64]:
    try:
        labels = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _fault("not a list of labels", file, "a JSON list", str(error)) from None
    if not isinstance(labels, list) or not all(type(label) is int for label in labels):
        raise _fault("not a list of labels", file, "a JSON list of whole numbers", "another value")
    return np.array(labels, np.int64)


def _split(planes: NDArray[np.uint8], labels: NDArray[Any], file: Path) -> Split:
    """Turn planes of red, green and blue (n, 3072) into images (n, 32, 32, 3)."""
    images = planes.reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return _checked(np.ascontiguousarray(images), labels, file)


def _checked(images: NDArray[np.uint8], labels: NDArray[Any], file: Path) -> Split:
    if labels.shape != (len(images),):
        raise _fault("of the wrong length", file, f"{len(images)} labels", str(labels.shape))
    for number, label in _unfit(labels):
        raise _fault("of wrong labels", file, "labels from 0 to 9", f"{label} at {number}")
    return Split(images, labels.astype(np.uint8))


def _unfit(labels: NDArray[Any]) -> Iterator[tuple[int, Any]]:
    for number in np.flatnonzero((labels < 0) | (labels > 9)).tolist():
        yield number, labels[number]


def _fault(problem: str, file: Path, expected: str, got: str) -> DataError:
    return DataError(f"the file is {problem}", place=Place(file), expected=expected, got=got)
