"""The unpacked batches of CIFAR-10 and CIFAR-100, or as many of them as there are.

Batches for Python are pickles; they are read by an unpickler that runs nothing (see `cifar`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netviz.datasets.archives import LARGEST_ARCHIVE, read_file
from netviz.datasets.cifar import (
    CHANNELS,
    PIXELS,
    interleave,
    parse_binary_batch,
    parse_python_batch,
)
from netviz.datasets.dataset import Split
from netviz.datasets.description import CLASSES, OwnDataset
from netviz.datasets.labelled import Found, Labelled, Note, fault, visible
from netviz.limits import within_data_limits

TRAINING = re.compile(r"data_batch_\d+(\.bin)?")
TEST = re.compile(r"test_batch(\.bin)?")
HUNDRED = ("train.bin", "test.bin")
HUNDRED_RECORD = 2 + CHANNELS * PIXELS  # a coarse label, a fine one, then the planes
NAMES = {"batches.meta.txt": 10, "fine_label_names.txt": 100}
LARGEST_NAMES = 2**16  # bytes


@dataclass(frozen=True)
class Batches:
    """The files of each split."""

    training: tuple[Path, ...]
    test: tuple[Path, ...]


def batches_in(folder: Path) -> Batches | None:
    """Return the batches of a folder; None where there are none to train from."""
    files = {one.name: one for one in visible(folder) if one.is_file()}
    training = tuple(file for name, file in files.items() if TRAINING.fullmatch(name))
    test = tuple(file for name, file in files.items() if TEST.fullmatch(name))
    if not training and set(HUNDRED) <= set(files):
        training, test = (files["train.bin"],), (files["test.bin"],)
    return Batches(training, test) if training else None


def read_batches(folder: Path, batches: Batches, own: OwnDataset, note: Note) -> Found:
    """Read the batches of a folder.

    Raises:
        DataError: a batch is damaged.
    """
    parts = [_joined(files, folder) for files in (batches.training, batches.test) if files]
    most = 1 + max(int(part.labels.max()) for part in parts)
    names = own.classes or _names(folder, 100 if batches.training[0].name in HUNDRED else 10)
    if len(parts) == 1:
        note(f"{folder.name}: there is no test_batch; a part of the images is kept apart")
    # Fewer names than labels are refused where all labels are looked at.
    return Found(tuple(parts), names if len(names) >= most else ())


def _joined(files: Sequence[Path], folder: Path) -> Labelled:
    splits = [_batch(file) for file in files]
    images = np.concatenate([split.images for split in splits])
    labels = np.concatenate([split.labels for split in splits]).astype(np.int64)
    return Labelled(images, labels, folder, folder)


@within_data_limits
def _batch(file: Path) -> Split:
    content = read_file(file, LARGEST_ARCHIVE)
    if file.name in HUNDRED:
        return _hundred(content, file)
    return (parse_binary_batch if file.suffix else parse_python_batch)(content, file)


def _hundred(content: bytes, file: Path) -> Split:
    """Return a batch of CIFAR-100, by its fine labels."""
    if not content or len(content) % HUNDRED_RECORD:
        expected = f"a multiple of {HUNDRED_RECORD} bytes"
        raise fault(file, "the file is no batch of CIFAR-100", expected, str(len(content)))
    records = np.frombuffer(content, np.uint8).reshape(-1, HUNDRED_RECORD)
    if records[:, 1].max() >= CLASSES[1]:
        expected, got = f"0 to {CLASSES[1] - 1}", str(records[:, 1].max())
        raise fault(file, "a label is out of range", expected, got)
    return Split(interleave(records[:, 2:]), records[:, 1].copy())


def _names(folder: Path, count: int) -> tuple[str, ...]:
    """Return the names of the classes that lie beside the batches, if they do."""
    for name, expected in NAMES.items():
        file = folder / name
        if expected == count and file.is_file():
            lines = read_file(file, LARGEST_NAMES).decode("utf-8", "replace").split("\n")
            names = tuple(line.strip() for line in lines if line.strip())
            if len(names) == count:
                return names
    return ()
