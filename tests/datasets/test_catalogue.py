"""The catalogue describes each data set once, and names the nearest where one is misspelt."""

import dataclasses
import re

import numpy as np
import pytest

from netviz.datasets.catalogue import CATALOGUE, entry
from netviz.datasets.cifar10 import CIFAR10
from netviz.datasets.manifest import ARRAYS
from netviz.datasets.mnist import MNIST
from netviz.datasets.sample import read_sample
from netviz.errors import EssayError

ENTRIES = pytest.mark.parametrize("name", CATALOGUE)


@ENTRIES
def test_an_entry_is_found_by_the_name_it_bears(name: str) -> None:
    assert entry(name) is CATALOGUE[name]
    assert entry(name).description.name == name


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("minst", "mnist"), ("CIFAR10", None), ("cifar-10", "cifar10"), ("", None)],
)
def test_an_unknown_name_is_told_with_the_nearest(name: str, nearest: str | None) -> None:
    with pytest.raises(EssayError, match="expected one of mnist, cifar10") as caught:
        entry(name)
    assert caught.value.nearest == nearest


@ENTRIES
def test_every_array_has_a_digest_of_its_own(name: str) -> None:
    digests = entry(name).digests
    assert set(digests) == set(ARRAYS)
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in digests.values())
    assert len(set(digests.values())) == len(ARRAYS)


@ENTRIES
def test_there_is_something_to_cite(name: str) -> None:
    description = entry(name).description
    assert description.homepage.startswith("https://")
    for sentence in (description.citation, description.licence):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
    assert re.search(r"\b(19|20)\d\d\b", description.citation)
    assert entry(name).megabytes > 0


@ENTRIES
def test_the_description_fits_the_bundled_images(name: str) -> None:
    description = entry(name).description
    for split in read_sample(name):
        assert split.images.shape[1:] == description.image_shape
        assert set(np.unique(split.labels)) == set(range(len(description.class_names)))


def test_the_classes_stand_in_the_order_of_their_labels() -> None:
    assert MNIST.description.class_names == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    names = CIFAR10.description.class_names
    assert (names[0], names[3], names[5], names[9]) == ("airplane", "cat", "dog", "truck")


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        MNIST.megabytes = 0  # type: ignore[misc]  # what is tried here
