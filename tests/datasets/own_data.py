"""Small data sets of the kinds that authors bring, and how they are read in the tests."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets.dataset import Split
from netviz.datasets.description import Description, OwnDataset
from netviz.datasets.own import read_own
from netviz.errors import DataError

COUNT, SIDE, CLASSES = 24, 12, 4
LABELS = np.arange(COUNT) % CLASSES
NAMES = np.array(["cat", "cow", "dog", "hen"])
IDX_CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}

Read = tuple[Description, tuple[Split, Split]]


def stripes(channels: int | None = None) -> NDArray[np.uint8]:
    """Images (n, 12, 12) of a bright stripe whose row is the class; black and white both occur."""
    images = np.random.default_rng(7).integers(0, 60, (COUNT, SIDE, SIDE), np.uint8)
    for image, label in zip(images, LABELS, strict=True):
        image[3 * label : 3 * label + 3] += 150
        image[0, 0], image[0, 1] = 0, 255
    if channels is None:
        return images
    return np.stack([images // (channel + 1) for channel in range(channels)], axis=3)


IMAGES, COLOURED = stripes(), stripes(3)


def read(path: Path, **settings: Any) -> Read:  # noqa: ANN401 - of every type that settings have
    """Read a data set; that its test images are those it is trained on is what these tests want."""
    description, splits = read_own("mine", OwnDataset("Mine", path.name, **settings), path)
    notes = tuple(note for note in description.notes if "are training images too" not in note)
    return replace(description, notes=notes), splits


def refused(path: Path, **settings: Any) -> str:  # noqa: ANN401 - as above
    """Return the one message by which a data set is refused."""
    with pytest.raises(DataError) as caught:
        read(path, **settings)
    return str(caught.value)


def npz(folder: Path, arrays: Mapping[str, NDArray[Any]], name: str = "data.npz") -> Path:
    with (folder / name).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return folder / name


def pair(folder: Path, images: NDArray[Any] = IMAGES, labels: NDArray[Any] = LABELS) -> Path:
    """Write images and labels for training and the same for testing, to compare them in order."""
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    return npz(folder, arrays)


def pictures(root: Path, files: Mapping[str, NDArray[np.uint8] | Image.Image]) -> Path:
    for name, picture in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture).save(file)
    return root


def by_class(ending: str = "png", *, split: str = "", classes: str = "abcd") -> dict[str, Any]:
    """Return the stripes as pictures in class folders."""
    return {f"{split}{classes[label]}/{n:02}.{ending}": IMAGES[n] for n, label in enumerate(LABELS)}


def idx(array: NDArray[Any], kind: str = "u1") -> bytes:
    """Return `array` as IDX of numbers of one type, the greatest byte first."""
    head = struct.pack(f">4B{array.ndim}I", 0, 0, IDX_CODES[kind], array.ndim, *array.shape)
    return head + array.astype(f">{kind}").tobytes()


def is_stripes(found: Read, images: NDArray[np.uint8] = IMAGES) -> bool:
    """Say whether both splits are the stripes in order, with their labels."""
    return all(
        np.array_equal(split.images, images.reshape(COUNT, SIDE, SIDE, -1))
        and np.array_equal(split.labels, LABELS)
        for split in found[1]
    )


def seen(found: Read) -> set[bytes]:
    """Return all images of both splits."""
    return {image.tobytes() for split in found[1] for image in split.images}
