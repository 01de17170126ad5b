"""Small data sets in every format the real ones come in, cut from the bundled sample."""

import gzip
import hashlib
import io
import json
import pickle
import socket
import struct
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets import cifar
from netviz.datasets import cifar10 as cifar_names
from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.dataset import Split
from netviz.datasets.mnist import FILES
from netviz.datasets.sample import read_sample

Splits = tuple[Split, Split]
BATCH = 20  # images in a batch of the small CIFAR-10

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = FILES


def idx(array: NDArray[np.uint8]) -> bytes:
    """Return `array` as IDX."""
    header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def mnist_files(splits: Splits) -> dict[str, bytes]:
    train, test = splits
    return {
        TRAIN_IMAGES: idx(train.images[..., 0]),
        TRAIN_LABELS: idx(train.labels),
        TEST_IMAGES: idx(test.images[..., 0]),
        TEST_LABELS: idx(test.labels),
    }


def tar_gz(members: Mapping[str, bytes]) -> bytes:
    """Return a .tar.gz of plain files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def batches(splits: Splits) -> dict[str, Split]:
    """Return the batches of CIFAR-10 by their names, the training images in five parts."""
    train, test = splits
    parts = {
        name: Split(train.images[start : start + BATCH], train.labels[start : start + BATCH])
        for name, start in zip(cifar_names.BATCHES, range(0, len(train), BATCH), strict=False)
    }
    return {**parts, "test_batch": test}


def planes(batch: Split) -> NDArray[np.uint8]:
    return np.ascontiguousarray(batch.images.transpose(0, 3, 1, 2)).reshape(len(batch), -1)


def binary_batch(batch: Split) -> bytes:
    return np.concatenate([batch.labels[:, None], planes(batch)], axis=1).tobytes()


def python_batch(batch: Split) -> bytes:
    """Return a batch as Python 2 and its numpy pickled the real ones, in protocol 2."""
    rows = planes(batch)
    pixels, labels = rows.tobytes(), bytes(batch.labels)

    def text(value: bytes) -> bytes:  # as Python 2 wrote a str
        return b"U" + bytes([len(value)]) + value

    listed = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85"
    empty += text(b"b") + b"\x87R"
    kind = b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R(K\x03" + text(b"|") + b"NNN"
    kind += b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    shape = b"M" + struct.pack("<H", len(rows)) + b"M" + struct.pack("<H", 3072) + b"\x86"
    state = b"(K\x01" + shape + kind + b"\x89T" + struct.pack("<I", len(pixels)) + pixels + b"tb"
    label = text(b"training batch 1 of 5")
    return (
        b"\x80\x02}(" + text(b"batch_label") + label + text(b"labels") + listed
        + text(b"data") + empty + state + b"u."
    )  # fmt: skip


def write_pictures(splits: Splits, folder: Path) -> None:
    for name, batch in batches(splits).items():
        rows = batch.images.reshape(len(batch), cifar.PIXELS, 3)
        Image.fromarray(rows).save(folder / f"{name}.png")
    for name, split in zip(
        (cifar_names.TRAIN_LABELS, cifar_names.TEST_LABELS), splits, strict=True
    ):
        (folder / name).write_text(json.dumps(split.labels.tolist()))


def md5(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def digests(splits: Splits) -> dict[str, str]:
    train, test = splits
    arrays = {
        "train-images": train.images,
        "train-labels": train.labels,
        "test-images": test.images,
        "test-labels": test.labels,
    }
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()}


@pytest.fixture
def know(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Splits], None]:
    """Let the catalogue know a data set by small splits instead of the whole ones."""

    def know(name: str, splits: Splits) -> None:
        small = replace(CATALOGUE[name], digests=digests(splits))
        monkeypatch.setitem(CATALOGUE, name, small)

    return know


@pytest.fixture
def mnist(know: Callable[[str, Splits], None]) -> Splits:
    """The sample of MNIST, taken for the whole."""
    splits = read_sample("mnist")
    know("mnist", splits)
    return splits


@pytest.fixture
def cifar10(know: Callable[[str, Splits], None], monkeypatch: pytest.MonkeyPatch) -> Splits:
    """A part of the sample of CIFAR-10 in batches of 20, taken for the whole."""
    monkeypatch.setattr(cifar, "BATCH", BATCH)
    train, test = read_sample("cifar10")
    splits = (
        Split(train.images[: 5 * BATCH], train.labels[: 5 * BATCH]),
        Split(test.images[:BATCH], test.labels[:BATCH]),
    )
    know("cifar10", splits)
    return splits


@pytest.fixture
def mnist_folder(mnist: Splits, tmp_path: Path) -> Path:
    """A folder of the user's with the four IDX files, two of them gzipped."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, content in mnist_files(mnist).items():
        if "images" in name:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, 1))
        else:
            (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No host is known, and there is no npm."""

    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("PATH", "")


class Trap:
    """Unpickled in the ordinary way, this writes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.file, "sprung")


@pytest.fixture
def trap(tmp_path: Path) -> tuple[bytes, Path]:
    """A pickle that would write a file if it were loaded, and that file."""
    file = tmp_path / "sprung"
    return pickle.dumps({b"data": Trap(file), b"labels": []}, protocol=2), file
