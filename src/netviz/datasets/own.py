"""Data sets that an essay brings along: arrays in an `.npz`, IDX files, or folders of pictures.

Whatever its form, a data set becomes two splits of images of one size, grey or in colour. What
has no test split of its own is divided, class by class, by a seed.
"""

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from netviz.datasets.archives import LARGEST_ARCHIVE
from netviz.datasets.dataset import Images, Split
from netviz.datasets.description import CLASSES, SIDES, Description, OwnDataset
from netviz.datasets.idx import read_idx
from netviz.errors import DataError, Place, nearest_name

CHANNELS = (1, 3)
IMAGE_DIMENSIONS = 4  # number, height, width, channels
SPLIT_ARRAYS = ("x_train", "y_train", "x_test", "y_test")
WHOLE_ARRAYS = ("images", "labels")
IDX_FILES = {
    "train": ("train-images", "train-labels"),
    "test": ("t10k-images", "t10k-labels"),
}
PICTURES = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp"}
FORMATS = ["BMP", "GIF", "JPEG", "PNG", "WEBP"]
LARGEST_PICTURE = 2**24  # pixels, before it is scaled
GREY_MODES = {"1", "L", "LA", "La", "I;16"}


@dataclass(frozen=True)
class _Labelled:
    """Images (n, height, width, channels) with their labels, not looked at yet."""

    images: NDArray[Any]
    labels: NDArray[Any]
    file: Path


def read_own(name: str, own: OwnDataset, path: Path) -> tuple[Description, tuple[Split, Split]]:
    """Read the data set `own`, called `name`, from the file or folder `path`.

    Raises:
        DataError: there is nothing of a known form, a file is damaged or hostile, or the images
            or labels are not what the figures can show.
    """
    classes = own.classes
    if path.suffix == ".npz":
        parts = _read_npz(path)
    elif any(path.glob("*-images*")):
        parts = _read_idx_folder(path)
    elif path.is_dir():
        parts, classes = _read_class_folders(path, own)
    else:
        raise _fault(path, "there is no such data set", "an .npz, or a folder", "nothing")
    count = len(classes) or 1 + max(int(part.labels.max(initial=0)) for part in parts)
    splits = [_checked(part, count) for part in parts]
    is_divided = len(splits) == 1
    if is_divided:
        splits = list(_divided(splits[0], own, path))
    for split, title in zip(splits, ("training", "test"), strict=True):
        missing = set(range(count)) - set(split.labels.tolist())
        if missing:
            got = f"none with the label {min(missing)}"
            raise _fault(path, f"the {title} images lack a class", "images of each class", got)
    first, second = (split.images.shape[1:] for split in splits)
    if first != second:
        raise _fault(path, "training and test images differ in size", _size(first), _size(second))
    description = Description(
        name=name,
        title=own.title,
        class_names=classes or tuple(map(str, range(count))),
        image_shape=first,
        citation=own.citation,
        licence=own.licence,
        homepage=own.homepage,
        is_divided=is_divided,
    )
    return description, (splits[0], splits[1])


# --- the forms -------------------------------------------------------------------------------


def _read_npz(file: Path) -> list[_Labelled]:
    """Read training and test arrays under the names that Keras gives them, or one pair."""
    arrays = _arrays(file)
    for names in (SPLIT_ARRAYS, WHOLE_ARRAYS):
        if set(names) <= set(arrays):
            pairs = zip(names[::2], names[1::2], strict=True)
            return [_Labelled(arrays[images], arrays[labels], file) for images, labels in pairs]
    raise _fault(
        file,
        "the archive lacks an array",
        f"{', '.join(SPLIT_ARRAYS)}, or {' and '.join(WHOLE_ARRAYS)}",
        ", ".join(arrays) or "none",
    )


def _arrays(file: Path) -> Mapping[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST_ARCHIVE:
            raise _fault(
                file, "the file is too large", f"{LARGEST_ARCHIVE} bytes unpacked", str(size)
            )
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except DataError:
        raise
    except Exception as error:  # a damaged archive fails in more ways than can be listed
        got = f"{type(error).__name__}: {error}"
        expected = "an .npz of plain arrays"
        raise _fault(file, "not a readable archive of arrays", expected, got) from None


def _read_idx_folder(folder: Path) -> list[_Labelled]:
    parts = []
    for images, labels in IDX_FILES.values():
        found = _idx_file(folder, images)
        parts.append(
            _Labelled(read_idx(found, 3)[..., None], read_idx(_idx_file(folder, labels), 1), found)
        )
    return parts


def _idx_file(folder: Path, stem: str) -> Path:
    """Return the one file that is called `stem` with any ending, such as -idx3-ubyte.gz."""
    found = sorted(folder.glob(f"{stem}*"))
    if len(found) != 1:
        got = ", ".join(file.name for file in found) or "none"
        raise _fault(folder, "the folder is no whole set of IDX files", f"one file {stem}…", got)
    return found[0]


def _read_class_folders(folder: Path, own: OwnDataset) -> tuple[list[_Labelled], tuple[str, ...]]:
    """Read a folder of class folders, or of `train` and `test` with class folders in each."""
    has_splits = {"train", "test"} <= {one.name for one in folder.iterdir() if one.is_dir()}
    roots = [folder / "train", folder / "test"] if has_splits else [folder]
    classes = own.classes or tuple(_folder_names(roots[0]))
    if not classes:
        raise _fault(folder, "there are no pictures", "a folder of pictures for each class", "none")
    return [_read_pictures(root, classes, own.side) for root in roots], classes


def _folder_names(root: Path) -> Iterator[str]:
    for one in sorted(root.iterdir()):
        if one.is_dir() and not one.name.startswith("."):
            yield one.name


def _read_pictures(root: Path, classes: Sequence[str], side: int | None) -> _Labelled:
    pictures: list[Images] = []
    labels: list[int] = []
    size = 0
    known = list(_folder_names(root))
    for label, name in enumerate(classes):
        if name not in known:
            place, near = Place(root), nearest_name(name, known)
            expected = f"a folder {name!r}"
            got = ", ".join(known[:8]) or "none"
            problem = "a class has no folder"
            raise DataError(problem, place=place, expected=expected, got=got, nearest=near)
        for file in sorted((root / name).iterdir()):
            if file.suffix.lower() in PICTURES:
                picture = read_picture_of_class(file, side)
                if pictures and picture.shape[:2] != pictures[0].shape[:2]:
                    raise _fault(
                        file,
                        "the pictures differ in size",
                        _size(pictures[0].shape),
                        _size(picture.shape),
                        'Set "side", and they are scaled.',
                    )
                size += picture.size
                if size > LARGEST_ARCHIVE:
                    most = f"{LARGEST_ARCHIVE} bytes of pixels"
                    raise _fault(root, "there are too many pictures", most, "more")
                pictures.append(picture)
                labels.append(label)
    if not pictures:
        kinds = ", ".join(sorted(PICTURES))
        raise _fault(root, "there are no pictures", f"files that end in {kinds}", "none")
    channels = max(picture.shape[2] for picture in pictures)
    images = np.stack([np.broadcast_to(one, (*one.shape[:2], channels)) for one in pictures])
    return _Labelled(images, np.array(labels), root)


def read_picture_of_class(file: Path, side: int | None) -> Images:
    """Return a picture (height, width, 1 or 3), upright, and scaled where there is a `side`.

    Raises:
        DataError: it is damaged, hostile, or in none of FORMATS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > LARGEST_PICTURE:
                    raise ValueError(f"{image.width} × {image.height} pixels")
                is_grey = image.mode in GREY_MODES
                upright = ImageOps.exif_transpose(image).convert("L" if is_grey else "RGB")
    except Exception as error:  # a damaged or hostile picture fails in many ways
        got = f"{type(error).__name__}: {error}"
        expected = f"a whole picture ({', '.join(FORMATS)})"
        raise _fault(file, "the picture cannot be read", expected, got) from None
    if side is not None:
        upright = ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS)
    pixels = np.asarray(upright)
    return pixels.reshape(*pixels.shape[:2], -1)


# --- what all forms share --------------------------------------------------------------------


def _checked(part: _Labelled, classes: int) -> Split:
    """Return a split whose images and labels are what the figures can show."""
    images, labels, file = part.images, part.labels, part.file
    if not CLASSES[0] <= classes <= CLASSES[1]:
        raise _fault(file, "the number of classes is out of range", _range(CLASSES), str(classes))
    if images.ndim == IMAGE_DIMENSIONS - 1:
        images = images[..., None]
    if images.dtype != np.uint8:
        remedy = "Scale it to 0..255 and convert it to uint8." if images.dtype.kind == "f" else ""
        raise _fault(file, "the images are not bytes", "uint8", str(images.dtype), remedy)
    if images.ndim != IMAGE_DIMENSIONS or images.shape[3] not in CHANNELS:
        expected = "(n, height, width) or (n, height, width, 3)"
        raise _fault(file, "the images have another shape", expected, str(part.images.shape))
    if not all(SIDES[0] <= side <= SIDES[1] for side in images.shape[1:3]):
        expected = f"{_range(SIDES)} pixels a side"
        raise _fault(
            file, "the images are too small or too large", expected, _size(images.shape[1:])
        )
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        expected = f"{len(images)} whole numbers"
        raise _fault(file, "the labels do not fit", expected, f"{labels.dtype} {labels.shape}")
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if len(wrong):
        got = f"{labels[wrong[0]]} at {wrong[0]}"
        raise _fault(file, "a label is out of range", f"0 to {classes - 1}", got)
    return Split(np.ascontiguousarray(images), labels.astype(np.uint8))


def _divided(whole: Split, own: OwnDataset, path: Path) -> tuple[Split, Split]:
    """Divide each class at random, and mix the classes of both splits."""
    rng = np.random.default_rng(own.seed)
    test: list[int] = []
    for label in np.unique(whole.labels):
        places = rng.permutation(np.flatnonzero(whole.labels == label))
        count = max(1, round(own.test_share * len(places)))
        if count >= len(places):
            got = f"{len(places)} of the label {label}"
            raise _fault(path, "a class has too few images to divide", "two or more", got)
        test += places[:count].tolist()
    is_test = np.zeros(len(whole), bool)
    is_test[test] = True
    splits = (rng.permutation(np.flatnonzero(is_test == kept)) for kept in (False, True))
    train, held = (Split(whole.images[places], whole.labels[places]) for places in splits)
    return train, held


def _range(bounds: tuple[int, int]) -> str:
    return f"{bounds[0]} to {bounds[1]}"


def _size(shape: Sequence[int]) -> str:
    height, width = shape[:2]
    colours = " in colour" if shape[2:] == (3,) else ""
    return f"{width} × {height}{colours}"


def _fault(file: Path, problem: str, expected: str, got: str, remedy: str = "") -> DataError:
    return DataError(problem, place=Place(file), expected=expected, got=got, remedy=remedy)
