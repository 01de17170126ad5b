"""The bundled sample is balanced, real, the same for everyone, and damage to it is told."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.datasets import sample
from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.cut_sample import IMAGES_A_CLASS
from netviz.datasets.sample import FOLDER, LABELS, read_sample
from netviz.errors import DataError, EssayError

NAMES = pytest.mark.parametrize("name", CATALOGUE)
# SHA-256 of the pixels of training and test images, one after the other.
PIXELS = {
    "mnist": "d2c2c72914892800405f6c6e7e9ffbc4b6d58731a98025e52021d886cec4b0ea",
    "cifar10": "72306c976e8472e9a86d1e664eca1d5da0b35ad380b3ae38ad3c9c549eb1c9c7",
}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample, which is read in its place."""
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(sample, "FOLDER", folder)
    return folder


@NAMES
def test_every_class_has_as_many_images(name: str) -> None:
    for split, each in zip(read_sample(name), IMAGES_A_CLASS.values(), strict=True):
        assert np.bincount(split.labels).tolist() == [each] * 10


@NAMES
def test_images_and_labels_are_bytes_in_the_usual_layout(name: str) -> None:
    for split in read_sample(name):
        assert split.images.dtype == split.labels.dtype == np.uint8
        assert split.images.shape == (len(split), *CATALOGUE[name].description.image_shape)
        assert split.images.flags.c_contiguous


@NAMES
def test_the_images_are_those_that_were_cut(name: str) -> None:
    digest = hashlib.sha256()
    for split in read_sample(name):
        digest.update(split.images.tobytes())
    assert digest.hexdigest() == PIXELS[name]


@NAMES
def test_no_image_is_there_twice(name: str) -> None:
    train, test = read_sample(name)
    images = [image.tobytes() for split in (train, test) for image in split.images]
    assert len(set(images)) == len(images)


def test_an_unknown_data_set_has_no_sample() -> None:
    with pytest.raises(EssayError, match=r"unknown data set 'minst'.*did you mean mnist\?"):
        read_sample("minst")


@pytest.mark.parametrize("file", [LABELS, "mnist-train.webp", "mnist-test.webp"])
def test_a_missing_file_is_told(file: str, copy: Path) -> None:
    (copy / file).unlink()
    with pytest.raises(DataError, match=rf"sample is damaged.*{file}.*Install netviz again"):
        read_sample("mnist")


@pytest.mark.parametrize("kept", [0, 10, 100, 0.5, 0.99])
def test_a_truncated_sheet_is_told(kept: float, copy: Path) -> None:
    file = copy / "cifar10-train.webp"
    content = file.read_bytes()
    file.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    with pytest.raises(DataError, match="the bundled sample is damaged"):
        read_sample("cifar10")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"mnist": {}}', '{"mnist": {"train": 3}}'])
def test_labels_that_are_none_are_told(text: str, copy: Path) -> None:
    (copy / LABELS).write_text(text)
    with pytest.raises(DataError, match="the bundled sample is damaged"):
        read_sample("mnist")


@pytest.mark.parametrize("wrong", [10, -1, 256, "3", 2.5, None])
def test_a_label_that_is_no_class_is_told(wrong: object, copy: Path) -> None:
    labels = json.loads((copy / LABELS).read_text())
    labels["mnist"]["test"][5] = wrong
    (copy / LABELS).write_text(json.dumps(labels))
    with pytest.raises(DataError, match="the bundled sample is damaged"):
        read_sample("mnist")


@pytest.mark.parametrize("size", [(560, 28), (28, 28), (561, 448), (560, 449)])
def test_a_sheet_of_another_size_is_told(size: tuple[int, int], copy: Path) -> None:
    Image.new("L", size).save(copy / "mnist-train.webp", lossless=True)
    with pytest.raises(DataError, match="the bundled sample is damaged"):
        read_sample("mnist")
