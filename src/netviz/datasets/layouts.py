"""How the numbers of images are laid out, and what brings them to (n, height, width, channels)."""

import math
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz.datasets.description import SIDES
from netviz.datasets.labelled import Labelled, Note, fault, size
from netviz.errors import DataError

CHANNELS = (1, 3, 4)  # grey, colour, colour with transparency
SCALE = 'Larger ones are cut to squares and scaled where the settings have "side".'
EXPECTED = "(n, height, width) or (n, height, width, 3)"


def laid_out(part: Labelled, note: Note, *, is_scaled: bool = False) -> NDArray[Any]:
    """Return the images of a part as (n, height, width, 1, 3 or 4), whatever their layout was.

    They may be of any size where they are scaled afterwards.

    Raises:
        DataError: their shape says something else, or more than one thing.
    """
    images = part.images
    _check_count(part)
    if images.ndim == 2:
        images = _from_rows(images, part.images_file, note)
    elif images.ndim == 3:
        images = images[..., None]
    elif images.ndim == 4 and not _is_last(images.shape) and _is_first(images.shape):
        images = images.transpose(0, 2, 3, 1)
    if images.ndim != 4 or images.shape[3] not in CHANNELS:
        raise _other_shape(part.images, part.images_file)
    least, most = SIDES
    if min(images.shape[1:3]) < least or (max(images.shape[1:3]) > most and not is_scaled):
        raise fault(
            part.images_file,
            "the images are too small or too large",
            f"{least} pixels a side or more" if is_scaled else f"{least} to {most} pixels a side",
            size(images.shape[1:3]),
            "" if is_scaled else SCALE,
        )
    return images


def _is_side(length: int) -> bool:
    return length >= SIDES[0]


def _is_last(shape: tuple[int, ...]) -> bool:
    return shape[3] in CHANNELS


def _is_first(shape: tuple[int, ...]) -> bool:
    """Say whether channels come first: no side of an image is as short."""
    return shape[1] in CHANNELS and all(map(_is_side, shape[2:]))


def _check_count(part: Labelled) -> None:
    """Refuse images and labels of different number, and images counted by another axis.

    Raises:
        DataError: there are more images than labels, fewer, or none.
    """
    shape, count = part.images.shape, len(part.labels)
    if not shape:
        raise fault(part.images_file, "there are no images", EXPECTED, "a single number")
    if shape[0] == count:
        if not count:
            raise fault(part.images_file, "there are no images", "images of each class", "none")
        return
    remedy = ""
    if len(shape) > 1 and shape[-1] == count:
        remedy = "Its last axis counts the images: images = np.moveaxis(images, -1, 0)"
    raise fault(
        part.labels_file,
        "images and labels differ in number",
        f"{shape[0]:,} labels for images of the shape {shape}",
        f"{count:,}",
        remedy,
    )


def _from_rows(images: NDArray[Any], file: Path, note: Note) -> NDArray[Any]:
    """Return rows of pixels, (n, side²), as square grey images."""
    pixels = images.shape[1]
    side = math.isqrt(pixels)
    if side * side == pixels and _is_side(side):
        note(f"{file.name}: rows of {pixels:,} pixels are read as {side} × {side}")
        return images.reshape(-1, side, side, 1)
    coloured = math.isqrt(pixels // 3)
    remedy = "Give them their shape: images = images.reshape(-1, height, width)"
    if 3 * coloured * coloured == pixels and _is_side(coloured):
        remedy = (
            f"Where red, green and blue come as planes, as in CIFAR: images.reshape(-1, 3, "
            f"{coloured}, {coloured}); where they come pixel by pixel: images.reshape(-1, "
            f"{coloured}, {coloured}, 3)"
        )
    got = f"rows of {pixels:,} numbers"
    raise fault(file, "the images have another shape", EXPECTED, got, remedy)


def _other_shape(images: NDArray[Any], file: Path) -> DataError:
    shape = images.shape
    remedy = ""
    if len(shape) == 5 and 1 in shape[1:]:
        remedy = "Drop the axes of length 1: images = images.squeeze()"
    elif len(shape) == 4 and shape[3] == 2:
        remedy = "Keep the first of two channels: images = images[..., 0]"
    elif len(shape) == 4 and all(map(_is_side, shape[1:])):
        remedy = "These are volumes; keep one slice of each: images = images[:, shape // 2]"
        remedy = remedy.replace("shape // 2", str(shape[1] // 2))
    elif len(shape) == 1:
        remedy = "A list of images of different sizes is no array: scale them to one size."
    return fault(file, "the images have another shape", EXPECTED, str(shape), remedy)
