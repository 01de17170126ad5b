"""Data sets that an essay brings along: which form a file or folder has, and what all forms share.

Whatever its form, a data set becomes two splits of images of one size, grey or in colour. What
has no test split of its own is divided, class by class, by a seed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from netviz.datasets.array_files import is_npz, read_array_folder, read_npz
from netviz.datasets.cifar_batches import batches_in, read_batches
from netviz.datasets.class_folders import has_class_folders, innermost, read_class_folders
from netviz.datasets.dataset import Split
from netviz.datasets.description import SIDES, Description, OwnDataset
from netviz.datasets.forms import head_of, no_layout, nothing_there, told_by_head, unknown_file
from netviz.datasets.idx_files import idx_folder, read_idx_folder
from netviz.datasets.labelled import Found, Labelled, Note, fault, size, visible
from netviz.datasets.labels import check_number, understood
from netviz.datasets.layouts import laid_out
from netviz.datasets.pictures import fitted
from netviz.datasets.pixels import check_bright, in_bytes, on_ground
from netviz.datasets.tables import is_table, read_table, read_table_folder
from netviz.errors import listed


def read_own(name: str, own: OwnDataset, path: Path) -> tuple[Description, tuple[Split, Split]]:
    """Read the data set `own`, called `name`, from the file or folder `path`.

    The description's notes say what was passed over, or decided without being asked.

    Raises:
        DataError: there is nothing of a known form, a file is damaged or hostile, or the images
            or labels are not what the figures can show.
    """
    notes: list[str] = []
    found = understood(_read(path, own, notes.append), own)
    check_number(len(found.classes), path)
    splits = _splits(found, own, path, notes.append)
    is_divided = len(splits) == 1
    if is_divided:
        splits = list(_divided(splits[0], found.classes, own, path))
    elif (own.test_share, own.seed) != (OwnDataset.test_share, OwnDataset.seed):
        notes.append(f"{path.name} has a test split: test_share and seed have no effect")
    _check(splits, found.classes, path, notes.append)
    if shared := _count_shared(*splits):
        notes.append(
            f"{path.name}: {shared:,} of {len(splits[1]):,} test images are training images too, so"
            " that measurements on them say little"
        )
    described = _described(name, own, found.classes, splits[0], notes)
    return replace(described, is_divided=is_divided), (splits[0], splits[1])


def read_test_images(name: str, own: OwnDataset, given: Labelled) -> tuple[Description, Split]:
    """Read test images that come without any to learn from; arguments else as in `read_own`.

    A class may have no image among them where `own` names the classes. Images that are larger
    than figures show them become thumbnails.

    Raises:
        DataError: the images or labels are not what the figures can show.
    """
    notes: list[str] = []
    found = understood(Found((given,)), own, has_all=not own.classes)
    part = replace(found.parts[0], images=laid_out(given, notes.append, is_scaled=True))
    if max(part.images.shape[1:3]) > SIDES[1]:
        own = replace(own, side=SIDES[1])
        shown = f"{size(part.images.shape[1:3])} pixels are cut to squares and shown as"
        notes.append(f"{given.images_file.name}: {shown} {own.side} × {own.side}")
    (split,) = _splits(replace(found, parts=(part,)), own, given.images_file, notes.append)
    untested = _missing(split, found.classes)
    if untested:
        notes.append(f"there are no images of {listed(untested)}")
    return _described(name, own, found.classes, split, notes), split


def _described(
    name: str, own: OwnDataset, classes: tuple[str, ...], split: Split, notes: Sequence[str]
) -> Description:
    return Description(
        name=name,
        title=own.title,
        class_names=classes,
        image_shape=split.images.shape[1:],
        citation=own.citation,
        licence=own.licence,
        homepage=own.homepage,
        notes=tuple(dict.fromkeys(notes)),
    )


# --- the forms -------------------------------------------------------------------------------


def _read(path: Path, own: OwnDataset, note: Note) -> Found:
    """Read a file or folder by the form that it has."""
    if path.is_dir():
        return _read_folder(path, own, note)
    if not path.is_file():
        raise nothing_there(path)
    if is_npz(path):
        return read_npz(path, note)
    if is_table(path):
        return read_table(path, note)
    raise unknown_file(path)


def _read_folder(path: Path, own: OwnDataset, note: Note) -> Found:
    folder = idx_folder(path)
    if folder is not None:
        return read_idx_folder(folder, note)
    folder = innermost(path)
    if has_class_folders(folder):
        return read_class_folders(folder, own, note)
    files = [one for one in visible(folder) if one.is_file()]
    batches = batches_in(folder)
    if batches is not None:
        return read_batches(folder, batches, own, note)
    arrays = [one for one in files if one.suffix.lower() in (".npy", ".npz")]
    if arrays:
        return read_array_folder(folder, arrays, note)
    tables = [one for one in files if is_table(one)]
    if tables:
        return read_table_folder(folder, tables, note)
    known = [told for told in map(told_by_head, map(head_of, files[:20])) if told]
    raise no_layout(path, known[0][1] if known else "")


# --- what all forms share --------------------------------------------------------------------


def _splits(found: Found, own: OwnDataset, path: Path, note: Note) -> list[Split]:
    """Return the parts as bytes, laid out, in the same number of channels, opaque, scaled."""
    is_scaled = own.side is not None
    parts = [
        replace(part, images=laid_out(part, note, is_scaled=is_scaled)) for part in found.parts
    ]
    if found.white is None:
        parts = in_bytes(parts, own.brightest)
    elif own.brightest is None and found.brightest is not None:
        check_bright(found.brightest, found.white, path)
    parts = [on_ground(part, own.ground, note) for part in parts]
    channels = max(part.images.shape[3] for part in parts)
    return [_split(part, channels, own) for part in parts]


def _split(part: Labelled, channels: int, own: OwnDataset) -> Split:
    images = part.images
    if own.side is not None and images.shape[1:3] != (own.side, own.side):
        images = np.stack([fitted(image, own.side) for image in images])
    if own.transposed:
        images = images.transpose(0, 2, 1, 3)
    images = np.broadcast_to(images, (*images.shape[:3], channels))
    return Split(np.ascontiguousarray(images), part.labels.astype(np.uint8))


def _check(splits: Sequence[Split], classes: Sequence[str], path: Path, note: Note) -> None:
    """Refuse splits that differ in size, or in which nobody could learn a class.

    Raises:
        DataError: training and test images differ in size, the training images lack a class, or
            there are no test images.
    """
    first, second = (split.images.shape[1:] for split in splits)
    if first != second:
        raise fault(path, "training and test images differ in size", size(first), size(second))
    without, untested = (_missing(split, classes) for split in splits)
    if without:
        problem = "the training images lack a class"
        remedy = (
            "Where nothing is missing, number the classes from 0 without a gap: "
            "labels = np.unique(labels, return_inverse=True)[1]"
        )
        got = f"none of {listed(without)}"
        raise fault(path, problem, "images of each class", got, remedy)
    if len(untested) == len(classes):
        raise fault(path, "there are no test images", "some to measure by", "none")
    if untested:
        note(f"{path.name}: there are no test images of {listed(untested)}")


def _count_shared(train: Split, test: Split) -> int:
    """Return how many test images are equal to a training image, pixel by pixel."""
    known = {hashlib.sha256(image).digest() for image in train.images}
    return sum(hashlib.sha256(image).digest() in known for image in test.images)


def _missing(split: Split, classes: Sequence[str]) -> list[str]:
    """Return the names of the classes of which a split has no images."""
    known = set(split.labels.tolist())
    return [repr(name) for label, name in enumerate(classes) if label not in known]


def _divided(
    whole: Split, classes: Sequence[str], own: OwnDataset, path: Path
) -> tuple[Split, Split]:
    """Divide each class at random, and mix the classes of both splits."""
    rng = np.random.default_rng(own.seed)
    test: list[int] = []
    for label in np.unique(whole.labels):
        places = rng.permutation(np.flatnonzero(whole.labels == label))
        count = max(1, round(own.test_share * len(places)))
        if count >= len(places):
            got = f"{len(places)} of {classes[label]!r}"
            raise fault(path, "a class has too few images to divide", "two or more", got)
        test += places[:count].tolist()
    is_test = np.zeros(len(whole), bool)
    is_test[test] = True
    splits = (rng.permutation(np.flatnonzero(is_test == kept)) for kept in (False, True))
    train, held = (Split(whole.images[places], whole.labels[places]) for places in splits)
    return train, held
