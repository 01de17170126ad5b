"""Data sets of an essay's own, in every form: what is read, what is refused, and how it is told."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets.description import OwnDataset
from netviz.datasets.own import read_own
from netviz.datasets.store import open_dataset, prepare_own
from netviz.errors import DataError

RNG = np.random.default_rng(5)
IMAGES = RNG.integers(0, 256, (12, 9, 8), np.uint8)
COLOURED = RNG.integers(0, 256, (12, 8, 10, 3), np.uint8)
LABELS = np.arange(12, dtype=np.int64) % 3
OWN = OwnDataset("Mine", "data")
Write = Callable[..., Path]


@pytest.fixture
def npz(tmp_path: Path) -> Write:
    def npz(**arrays: NDArray[Any]) -> Path:
        np.savez(tmp_path / "data.npz", allow_pickle=False, **arrays)
        return tmp_path / "data.npz"

    return npz


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Write pictures by their path below a folder."""

    def folder(pictures: dict[str, NDArray[np.uint8]]) -> Path:
        for name, pixels in pictures.items():
            file = tmp_path / "pictures" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(file)
        return tmp_path / "pictures"

    return folder


# --- what is read ----------------------------------------------------------------------------


@pytest.mark.parametrize("images", [IMAGES, COLOURED], ids=["grey", "colour"])
def test_training_and_test_arrays_are_taken_as_they_are(
    npz: Write, images: NDArray[np.uint8]
) -> None:
    file = npz(x_train=images, y_train=LABELS, x_test=images[:3], y_test=LABELS[:3])
    description, (train, test) = read_own("mine", OWN, file)
    assert not description.is_divided
    assert description.class_names == ("0", "1", "2")
    assert (
        description.image_shape
        == train.images.shape[1:]
        == (*images.shape[1:3], *train.images.shape[3:])
    )
    assert np.array_equal(train.images.reshape(images.shape), images)
    assert np.array_equal(train.labels, LABELS)
    assert np.array_equal(test.labels, LABELS[:3])


def test_one_pair_of_arrays_is_divided_class_by_class_by_the_seed(npz: Write) -> None:
    file = npz(images=IMAGES, labels=LABELS)
    description, (train, test) = read_own("mine", OwnDataset("Mine", "", test_share=0.25), file)
    assert description.is_divided
    assert sorted(test.labels.tolist()) == [0, 1, 2]
    whole = {image.tobytes() for image in IMAGES}
    seen = [image.tobytes() for split in (train, test) for image in split.images]
    assert set(seen) == whole
    assert len(seen) == len(whole)
    for split in (train, test):
        for image, label in zip(split.images, split.labels, strict=True):
            place = next(i for i, one in enumerate(IMAGES) if np.array_equal(one, image[..., 0]))
            assert LABELS[place] == label
    again = read_own("mine", OwnDataset("Mine", "", test_share=0.25), file)[1]
    other = read_own("mine", OwnDataset("Mine", "", test_share=0.25, seed=2), file)[1]
    assert np.array_equal(again[0].images, train.images)
    assert not np.array_equal(other[0].images, train.images)


@pytest.mark.parametrize("ending", ["-idx{}-ubyte", "-idx{}-ubyte.gz", ".idx{}-ubyte"])
def test_a_folder_of_idx_files_is_read_like_mnist(tmp_path: Path, ending: str) -> None:
    for stem, images in {"train": IMAGES, "t10k": IMAGES[:3]}.items():
        labels = LABELS[: len(images)].astype(np.uint8)
        for kind, array in {"images": images, "labels": labels}.items():
            head = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            file = tmp_path / f"{stem}-{kind}{ending.format(array.ndim)}"
            content = head + array.tobytes()
            file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    own = OwnDataset("Clothes", "", classes=("shirt", "shoe", "hat"))
    description, (train, test) = read_own("clothes", own, tmp_path)
    assert description.class_names == ("shirt", "shoe", "hat")
    assert np.array_equal(train.images[..., 0], IMAGES)
    assert len(test) == 3


def test_a_folder_of_class_folders_gives_its_names_to_the_classes(folder: Write) -> None:
    path = folder({f"{name}/{n}.png": COLOURED[n] for name in ("rose", "daisy") for n in range(4)})
    (path / "rose" / "notes.txt").write_text("not a picture")
    description, (train, test) = read_own("flowers", OWN, path)
    assert description.class_names == ("daisy", "rose")
    assert description.image_shape == (8, 10, 3)
    assert sorted(test.labels.tolist()) == [0, 1]
    assert any(
        np.array_equal(COLOURED[0], image) for split in (train, test) for image in split.images
    )


def test_train_and_test_folders_are_the_splits(folder: Write) -> None:
    pictures = {
        f"{split}/{name}/{n}.png": IMAGES[n]
        for split in ("train", "test")
        for name in "ab"
        for n in (0, 1)
    }
    description, (train, test) = read_own("mine", OWN, folder(pictures))
    assert description.image_shape == (9, 8, 1)
    assert train.labels.tolist() == test.labels.tolist() == [0, 0, 1, 1]


def test_grey_pictures_among_coloured_ones_become_colour(folder: Write) -> None:
    pictures = {
        "a/1.png": IMAGES[0][:8],
        "a/2.png": COLOURED[0][:, :8],
        "b/1.png": IMAGES[1][:8],
        "b/2.png": IMAGES[2][:8],
    }
    _, (train, test) = read_own("mine", OWN, folder(pictures))
    found = [image for split in (train, test) for image in split.images]
    assert any(np.array_equal(np.dstack([IMAGES[0][:8]] * 3), image) for image in found)


def test_pictures_of_all_sizes_are_cut_and_scaled_where_a_side_is_set(folder: Write) -> None:
    rows = np.zeros((40, 80, 3), np.uint8)
    rows[:, 20:60] = 255
    path = folder({f"{name}/{n}.png": rows[: 40 - n] for name in "ab" for n in range(3)})
    description, (train, _) = read_own("mine", OwnDataset("Mine", "", side=16), path)
    assert description.image_shape == (16, 16, 3)
    assert train.images.mean() > 250  # the middle of each picture


def test_settings_of_a_division_that_is_not_made_are_told(npz: Write) -> None:
    rng = np.random.default_rng(1)
    images, labels = rng.integers(0, 256, (24, 8, 8), np.uint8), np.arange(24) % 3
    halves = {"x_train": images[:12], "y_train": labels[:12]}
    file = npz(**halves, x_test=images[12:], y_test=labels[12:])
    for own in (OwnDataset("Mine", "", test_share=0.4), OwnDataset("Mine", "", seed=3)):
        (note,) = read_own("mine", own, file)[0].notes
        assert "test_share and seed have no effect" in note


def test_test_images_that_are_training_images_too_are_counted(npz: Write) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (24, 8, 8), np.uint8)
    labels = np.arange(24) % 3
    halves = {"x_train": images[:15], "y_train": labels[:15]}
    apart = npz(**halves, x_test=images[15:], y_test=labels[15:])
    assert read_own("mine", OWN, apart)[0].notes == ()
    shared = npz(**halves, x_test=images[12:], y_test=labels[12:])
    (note,) = read_own("mine", OWN, shared)[0].notes
    assert "3 of 12 test images are training images too" in note


def test_arrays_are_cut_and_scaled_likewise(npz: Write) -> None:
    images = np.zeros((12, 200, 100), np.float32)
    images[:, 50:150] = 1
    own = OwnDataset("Mine", "", side=16)
    description, splits = read_own("mine", own, npz(images=images, labels=LABELS))
    assert description.image_shape == (16, 16, 1)
    assert min(split.images[:, 2:-2].min() for split in splits) > 250  # the middle of each image


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"images": IMAGES.astype(np.float32) * 4}, "not certain which number means white"),
        ({"images": IMAGES[..., None, None]}, "another shape"),
        ({"images": IMAGES[:, :7]}, "too small or too large.*8 to 64.*got 8 × 7"),
        ({"images": np.zeros((12, 65, 65), np.uint8)}, 'too small or too large.*have "side"'),
        ({"images": IMAGES[:5]}, "differ in number; expected 5 labels.*got 12"),
        ({"labels": LABELS + 0.5}, "no whole number"),
        ({"labels": LABELS - 1}, "run from -1 to 1.*labels_from = -1"),
        ({"labels": LABELS * 2}, "lack a class.*none of '1', '3'"),
        ({"labels": LABELS * 0}, "number of classes is out of range"),
        ({"labels": np.arange(12)}, "too few images to divide"),
    ],
)
def test_arrays_that_are_no_data_set_are_told(
    npz: Write, changed: dict[str, NDArray[Any]], message: str
) -> None:
    file = npz(**{"images": IMAGES, "labels": LABELS, **changed})
    with pytest.raises(DataError, match=message) as caught:
        read_own("mine", OWN, file)
    assert "data.npz" in str(caught.value)


def test_too_many_classes_are_told(npz: Write) -> None:
    file = npz(images=np.zeros((202, 8, 8), np.uint8), labels=np.arange(202) % 101)
    with pytest.raises(DataError, match="2 to 100"):
        read_own("mine", OWN, file)


def test_other_arrays_are_told_by_name(npz: Write) -> None:
    with pytest.raises(DataError, match=r"x_train.*got pixels"):
        read_own("mine", OWN, npz(pixels=IMAGES))


def test_objects_in_an_archive_are_not_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=np.array([print]), labels=LABELS)
    with pytest.raises(DataError, match="not a readable archive"):
        read_own("mine", OWN, tmp_path / "a.npz")


@pytest.mark.torture
def test_a_packed_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros(2**29 + 1, np.uint8), labels=LABELS)
    with pytest.raises(DataError, match="too large"):
        read_own("mine", OWN, tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        ({}, "there is no such data set"),
        ({"a/1.png": IMAGES[0]}, "number of classes"),
        ({"a/1.png": IMAGES[0], "b/1.png": IMAGES[1][:8]}, 'differ in size.*9.*8.*"side"'),
    ],
)
def test_folders_that_are_no_data_set_are_told(
    folder: Write, pictures: dict[str, NDArray[np.uint8]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_own("mine", OWN, folder(pictures))


def test_a_class_without_a_folder_is_told_with_the_nearest(folder: Write) -> None:
    path = folder({f"{name}/1.png": IMAGES[0] for name in ("rose", "tulip")})
    with pytest.raises(DataError, match="did you mean tulip"):
        read_own("flowers", OwnDataset("F", "", classes=("rose", "tulips")), path)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nnothing"])
def test_a_damaged_picture_is_told_by_its_file(folder: Write, content: bytes) -> None:
    path = folder({"a/1.png": IMAGES[0], "b/1.png": IMAGES[1]})
    (path / "a" / "2.png").write_bytes(content)
    with pytest.raises(DataError, match=r"2\.png.*the picture cannot be read"):
        read_own("mine", OWN, path)


def test_a_picture_of_billions_of_pixels_is_refused_unread(folder: Write) -> None:
    path = folder({"a/1.png": IMAGES[0], "b/1.png": IMAGES[1]})
    head = (path / "a" / "1.png").read_bytes()
    (path / "a" / "1.png").write_bytes(head[:16] + struct.pack(">2I", 60000, 60000) + head[24:])
    with pytest.raises(DataError, match="the picture cannot be read"):
        read_own("mine", OWN, path)


# --- how it is kept --------------------------------------------------------------------------


def test_it_is_prepared_once_and_again_when_a_file_changes(npz: Write, tmp_path: Path) -> None:
    npz(images=IMAGES, labels=LABELS)
    own, cache = OwnDataset("Mine", "data.npz"), tmp_path / "cache"
    first = prepare_own("mine", own, tmp_path, cache)
    made = (first / "train-images.npy").stat().st_mtime_ns
    assert prepare_own("mine", own, tmp_path, cache) == first
    assert (first / "train-images.npy").stat().st_mtime_ns == made
    npz(images=IMAGES[::-1], labels=LABELS[::-1])
    second = prepare_own("mine", own, tmp_path, cache)
    assert second != first
    renamed = prepare_own("mine", OwnDataset("Ours", "data.npz"), tmp_path, cache)
    assert open_dataset(renamed).description.title == "Ours"


def test_a_link_out_of_the_essay_is_refused(npz: Write, tmp_path: Path) -> None:
    file = npz(images=IMAGES, labels=LABELS)
    essay = tmp_path / "essay"
    essay.mkdir()
    (essay / "data.npz").symlink_to(file)
    with pytest.raises(DataError, match="leads out of the essay"):
        prepare_own("mine", OwnDataset("Mine", "data.npz"), essay, tmp_path / "cache")


def test_a_link_out_of_a_folder_of_pictures_is_refused(folder: Write, tmp_path: Path) -> None:
    path = folder({"a/1.png": IMAGES[0], "b/1.png": IMAGES[1]})
    (tmp_path / "secret.png").write_bytes((path / "a" / "1.png").read_bytes())
    (path / "a" / "2.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(DataError, match="leads out of the essay"):
        prepare_own("mine", OwnDataset("Mine", "."), path, tmp_path / "cache")
