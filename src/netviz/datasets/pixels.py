"""What the numbers of images mean: from any type and range to bytes, 0 black and 255 white.

The range of the values is inferred only where it is unambiguous. Otherwise the author is asked to
give it by the setting `brightest`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Images
from netviz.datasets.forms import kind_in_words
from netviz.datasets.labelled import Labelled, Note, fault
from netviz.errors import DataError

BYTE = 255
WORD = 65535
DARK = 1 / 4  # images whose brightest pixel is no brighter than this are asked about
FAINT = 16  # of 255: what differs by less on its ground is not to be seen
CHUNK = 1024  # images that are scaled at once


@dataclass(frozen=True)
class Scale:
    """The numbers that mean black and white."""

    black: float
    white: float


def in_bytes(parts: Sequence[Labelled], brightest: float | None) -> list[Labelled]:
    """Return the parts with pixels as bytes; all are on one scale.

    Raises:
        DataError: pixels are not numbers, or it is not certain which numbers mean black and white.
    """
    ranges = [_range_of(part) for part in parts]
    if brightest is not None:
        for part, (low, high) in zip(parts, ranges, strict=True):
            _check_within(low, high, brightest, part.images_file)
        scale = Scale(0, brightest)
    else:
        scale = _scale(parts, ranges)
    for part, (_, high) in zip(parts, ranges, strict=True):
        if brightest is None:
            check_bright(high, scale.white, part.images_file)
    return [replace(part, images=_scaled(part.images, scale)) for part in parts]


def check_bright(high: float, white: float, file: Path) -> None:
    """Refuse images that are nearly black where the numbers may be meant otherwise.

    Raises:
        DataError: the brightest pixel, `high`, is at most a quarter of `white`, and not 0.
    """
    if 0 < high <= DARK * white:
        raise fault(
            file,
            "the images would be nearly black",
            f"pixels up to {white:,.6g}",
            f"{high:,.6g} as the brightest of all",
            f"Say which number means white: brightest = {high:.10g} makes this one white, "
            f"brightest = {white:.10g} keeps the images as dark as they are.",
        )


def _check_within(low: float, high: float, brightest: float, file: Path) -> None:
    if low < 0 or high > brightest:
        got = f"{low:,.6g} to {high:,.6g}"
        raise fault(file, "pixels lie outside of their scale", f"0 to {brightest:,.6g}", got)


def _range_of(part: Labelled) -> tuple[float, float]:
    """Return the least and the greatest number among the pixels of a part.

    Raises:
        DataError: they are not real, finite numbers.
    """
    images, file = part.images, part.images_file
    if images.dtype.kind not in "biuf":
        got = kind_in_words(images.dtype)
        raise fault(file, "the pixels are no numbers", "numbers such as uint8", got)
    low, high = float(images.min()), float(images.max())
    if not np.isfinite([low, high]).all():
        bad = next(
            start + int(np.argmin(np.isfinite(chunk).reshape(len(chunk), -1).all(axis=1)))
            for start, chunk in _chunks(images)
            if not np.isfinite(chunk).all()
        )
        got = f"nan or infinity in image {bad} (counted from 0)"
        raise fault(file, "a pixel is no finite number", "finite numbers", got)
    return low, high


def _scale(parts: Sequence[Labelled], ranges: Sequence[tuple[float, float]]) -> Scale:
    """Return the scale of pixels that the author has not given, where only one is possible.

    Raises:
        DataError: pixels are negative, the parts are on different scales, or the number that means
            white is not certain.
    """
    kinds = {part.images.dtype.kind for part in parts}
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    file = parts[0].images_file
    if kinds == {"b"}:
        return Scale(0, 1)
    if low < 0:
        if kinds == {"f"} and all(one == (-1, 1) for one in ranges):
            return Scale(-1, 1)
        raise _negative(file, low, high)
    if len({_is_fraction(part, top) for part, (_, top) in zip(parts, ranges, strict=True)}) > 1:
        got = " and ".join(f"0 to {top:,.6g}" for _, top in ranges)
        problem = "training and test pixels are on different scales"
        raise fault(parts[-1].images_file, problem, "one scale for both", got)
    if kinds == {"f"} and high <= 1:
        return Scale(0, 1)
    if high <= BYTE:
        return Scale(0, BYTE)
    if all(part.images.dtype == np.uint16 for part in parts):
        return Scale(0, WORD)
    raise fault(
        file,
        "it is not certain which number means white",
        "bytes, 0 to 255, fractions, 0 to 1, or uint16, 0 to 65535",
        f"{parts[0].images.dtype} up to {high:,.10g}",
        f"Say it: brightest = {high:.10g}",
    )


def _is_fraction(part: Labelled, high: float) -> bool:
    """Say whether pixels seem to run from 0 to 1 rather than to a larger number."""
    return part.images.dtype.kind in "bf" and 0 < high <= 1


def _negative(file: Path, low: float, high: float) -> DataError:
    return fault(
        file,
        "pixels are negative",
        "numbers from 0, black",
        f"{low:,.6g} to {high:,.6g}",
        "Undo the normalisation, with the mean and deviation that were used: "
        "images = np.clip(np.round((images * deviation + mean) * 255), 0, 255).astype(np.uint8)",
    )


def _chunks(images: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield images by the thousand, so that no second copy of all is made in a wider type."""
    for start in range(0, len(images), CHUNK):
        yield start, images[start : start + CHUNK]


def _scaled(images: NDArray[Any], scale: Scale) -> Images:
    if images.dtype == np.uint8 and scale == Scale(0, BYTE):
        return images
    scaled = np.empty(images.shape, np.uint8)
    factor = BYTE / (scale.white - scale.black)
    for start, chunk in _chunks(images):
        scaled[start : start + len(chunk)] = np.rint((chunk - np.float64(scale.black)) * factor)
    return scaled


# --- transparent images ----------------------------------------------------------------------


def on_ground(part: Labelled, ground: str | None, note: Note) -> Labelled:
    """Return a part of images without transparency, laid on their ground where they have any.

    Raises:
        DataError: an image vanishes on a ground that nobody chose.
    """
    images = part.images
    if images.shape[3] != 4:
        return part
    colours, alpha = images[..., :3], images[..., 3:]
    seen = (alpha < BYTE).any(axis=(1, 2, 3))
    laid = np.ascontiguousarray(colours)
    for place in np.flatnonzero(seen):
        laid[place] = composed_on(colours[place], alpha[place], ground)
        if ground is None and vanishes(laid[place], alpha[place]):
            raise vanished(part.images_file, f"image {place} (counted from 0)")
    if seen.any():
        note(laid_note(int(seen.sum()), len(images), ground, part.images_file.name))
    return replace(part, images=laid)


def composed_on(colours: Images, alpha: Images, ground: str | None) -> Images:
    """Return colours (height, width, channels) over white or black, by `alpha` of 0 to 255."""
    level = 0 if ground == "black" else BYTE
    share = alpha.astype(np.float64) / BYTE
    return np.rint(colours * share + level * (1 - share)).astype(np.uint8)


def vanishes(laid: Images, alpha: Images) -> bool:
    """Return True if an image drawn by its transparency cannot be distinguished from its ground."""
    return (
        int(np.ptp(alpha)) >= FAINT
        and int(np.ptp(laid.reshape(-1, laid.shape[-1]), 0).max()) < FAINT
    )


def vanished(file: Path, got: str) -> DataError:
    """Return the error that asks for the ground of transparent images."""
    return fault(
        file,
        "a transparent image vanishes on white",
        "what differs from its ground",
        got,
        'Lay the images on black: ground = "black"',
    )


def laid_note(count: int, total: int, ground: str | None, name: str) -> str:
    """Return the sentence that says on which ground transparent images were laid."""
    laid = f"laid on {ground}" if ground else "laid on white; the setting ground chooses another"
    return f"{name}: {count:,} of {total:,} images are transparent, {laid}"
