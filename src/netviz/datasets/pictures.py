"""One picture of a class folder: upright, on a ground, of the size and depth that are asked for."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from netviz.datasets.dataset import Images
from netviz.datasets.description import SIDES, OwnDataset
from netviz.datasets.forms import head_of, told_by_head
from netviz.datasets.labelled import fault, size
from netviz.datasets.pixels import BYTE, WORD, composed_on, vanished, vanishes
from netviz.errors import DataError
from netviz.limits import within_data_limits

FORMATS = ["AVIF", "BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP"]
GREY_MODES = {"1", "L", "LA", "La"}
DEEP_GREY = "I;16"  # with the order of its bytes behind it; PGM has it as I
PHOTOMETRIC, WHITE_IS_ZERO = 262, 0  # of TIFF; Pillow inverts pictures of 8 bits alone
UNSCALED_MODES = {"I", "F"}  # 32-bit numbers, of which no file says how bright they are

READ_WHOLE = 2**24  # pixels: what is larger is reduced before it is turned and scaled
LARGEST_PICTURE = 2**26  # pixels of a picture that has to be unpacked whole, 268 MB in memory
LARGEST_PHOTOGRAPH = 170_000_000  # pixels of a JPEG, which is reduced while it is unpacked
SPARE = 4  # a picture is reduced to so many times its final side, and then scaled with care


@dataclass(frozen=True)
class Picture:
    """A picture as bytes (height, width, 1 or 3), and what was met on the way.

    `brightest` is the brightest number of its file, of a scale on which `white` is white.
    """

    pixels: Images
    brightest: float
    white: float
    was_transparent: bool
    has_more_frames: bool


@within_data_limits
def read_picture_of_class(file: Path, own: OwnDataset) -> Picture:
    """Read a picture as the settings of its data set say.

    Raises:
        DataError: it is damaged, hostile, in none of FORMATS, or of a depth or size that nothing
            says how to read.
    """
    if not file.is_file():
        got = "no plain file" if file.exists() else "a link to nothing"
        raise fault(file, "the picture cannot be read", "a picture", got)
    try:
        # Without warnings: sizes are checked here, and nobody can mend odd headers.
        # Of an open file: what Pillow maps into memory by its name, it turns wrongly.
        with (
            warnings.catch_warnings(action="ignore"),
            file.open("rb") as opened,
            Image.open(opened, formats=FORMATS) as image,
        ):
            _check_size(image, own.side, file)
            return _read(image, own, file)
    except DataError:
        raise
    except Exception as error:  # a damaged or hostile picture fails in many ways
        known = told_by_head(head_of(file))
        got = known[0] if known else f"{type(error).__name__}: {error}"
        expected = f"a whole picture ({', '.join(FORMATS)})"
        problem = "the picture cannot be read"
        if isinstance(error, Image.DecompressionBombError):
            raise _too_large(file, got) from None
        raise fault(file, problem, expected, got) from None


def _check_size(image: Image.Image, side: int | None, file: Path) -> None:
    """Refuse, before it is unpacked, a picture that is too large.

    Raises:
        DataError: the picture has too many pixels, or a side that images of a data set may not
            have where no `side` scales it.
    """
    within = all(SIDES[0] <= one <= SIDES[1] for one in image.size)
    if side is None and not within:
        raise fault(
            file,
            "the picture is too small or too large",
            f"{SIDES[0]} to {SIDES[1]} pixels a side",
            size(image.size[::-1]),
            'Set "side" in the table of the data set, as in side = 28: they are cut and scaled.',
        )
    is_photograph = image.format == "JPEG" and not image.info.get("progressive")
    if image.width * image.height > (LARGEST_PHOTOGRAPH if is_photograph else LARGEST_PICTURE):
        raise _too_large(file, f"{image.width} × {image.height} pixels")


def _too_large(file: Path, got: str) -> DataError:
    most = f"at most {LARGEST_PHOTOGRAPH / 1e6:.0f} megapixels as a plain JPEG, else "
    most += f"{LARGEST_PICTURE / 1e6:.0f}"
    return fault(file, "the picture cannot be read", most, got, "Scale it down.")


def _read(image: Image.Image, own: OwnDataset, file: Path) -> Picture:
    has_more_frames = bool(getattr(image, "is_animated", False))
    is_deep = image.mode.startswith(DEEP_GREY) or (image.mode, image.format) == ("I", "PPM")
    if image.mode in UNSCALED_MODES and not is_deep:
        got = f"32-bit numbers (mode {image.mode})"
        raise fault(file, "the picture cannot be read", "8 or 16 bits a colour", got)
    # A large picture is made smaller before it takes more memory, if a side is asked for.
    is_large = own.side is not None and image.width * image.height > READ_WHOLE
    least = SPARE * (own.side or 1)
    pixels: NDArray[Any]
    was_transparent = False
    if is_deep:
        white = float(own.brightest or WORD)
        pixels = _deep_pixels(image, ImageOps.exif_transpose(image), file)
        if is_large:
            pixels = _averaged(pixels, min(pixels.shape) // least)
    else:
        white = float(min(own.brightest or BYTE, BYTE))
        upright = ImageOps.exif_transpose(_reduced(image, least) if is_large else image)
        pixels, was_transparent = _opaque(upright, own.ground, file)
    brightest = float(pixels.max())
    if brightest > white:
        got = f"{brightest:,.6g}"
        raise fault(file, "pixels lie outside of their scale", f"0 to {white:,.6g}", got)
    scaled = _scaled(pixels, BYTE / white, own.side)
    return Picture(scaled, brightest, white, was_transparent, has_more_frames)


def _deep_pixels(image: Image.Image, upright: Image.Image, file: Path) -> NDArray[Any]:
    """Return the 16-bit numbers of an `upright` picture, 0 for black.

    Raises:
        DataError: some of its pixels are transparent.
    """
    pixels = np.asarray(upright)
    transparent = image.info.get("transparency")
    if transparent is not None and (pixels == transparent).any():
        expected, got = "8 bits a colour, or no transparent pixels", "16 bits, some transparent"
        raise fault(file, "the picture cannot be read", expected, got)
    tags = getattr(image, "tag_v2", {})
    return WORD - pixels if tags.get(PHOTOMETRIC) == WHITE_IS_ZERO else pixels


def _reduced(image: Image.Image, least: int) -> Image.Image:
    """Return a large picture with its shorter side still `least` pixels or more."""
    image.draft(None, (least, least))  # a JPEG is unpacked at an eighth of its size
    factor = min(image.size) // least
    if factor < 2:
        return image
    # EXIF's orientation is in `info`, which pictures made from this one share.
    plain = image if image.mode in ("L", "RGB", "RGBA", "LA") else _plain(image)
    reduced = plain.reduce(factor)
    reduced.info.update(image.info)
    return reduced


def _averaged(pixels: NDArray[Any], factor: int) -> NDArray[np.float64]:
    """Return the means of squares of `factor` × `factor` pixels; what is left over is cut off."""
    height, width = (length // factor for length in pixels.shape)
    whole = pixels[: height * factor, : width * factor]
    means: NDArray[np.float64] = whole.reshape(height, factor, width, factor).mean(axis=(1, 3))
    return means


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture in a mode whose pixels can be averaged."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in GREY_MODES else "RGB")


def _opaque(image: Image.Image, ground: str | None, file: Path) -> tuple[Images, bool]:
    """Return the pixels of a picture laid on its ground, and whether that made a difference.

    Raises:
        DataError: it vanishes on a ground that nobody chose.
    """
    mode = "L" if image.mode in GREY_MODES else "RGB"
    if not image.has_transparency_data:
        return _pixels(image.convert(mode)), False
    whole = image.convert("LA" if image.mode in ("LA", "La") else "RGBA")
    alpha = _pixels(whole.getchannel("A"))
    colours = _pixels(whole.convert(mode))
    if alpha.min() == BYTE:
        return colours, False
    laid = composed_on(colours, alpha, ground)
    if ground is None and vanishes(laid, alpha):
        raise vanished(file, "nothing but white")
    return laid, True


def _pixels(image: Image.Image) -> Images:
    pixels = np.asarray(image)
    return pixels.reshape(*pixels.shape[:2], -1)


def _scaled(pixels: NDArray[Any], factor: float, side: int | None) -> Images:
    """Return pixels as bytes, cut to a square and scaled where there is a `side`."""
    if factor != 1:
        pixels = np.rint(pixels * factor).astype(np.uint8)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    return pixels.astype(np.uint8) if side is None else fitted(pixels, side)


def fitted(pixels: Images, side: int) -> Images:
    """Return an image (height, width, channels) cut to a square and scaled to `side` pixels."""
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    return _pixels(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS))
