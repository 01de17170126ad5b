"""Pictures of arrays at one pixel a number, and their smallest lossless files.

The page enlarges them by whole factors; a file never holds the same pixel twice. Files carry
no date and no other metadata: the same picture gives the same bytes.
"""

import io
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.rendering.colour import Numbers, Scale, diverging, grey

Style = Literal["grey", "diverging", "colour"]

LONGEST_SIDE = 16_383  # pixels of a WebP


def to_image(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return (height, width), (height, width, 1), (…, 3) or (…, 4) bytes as a picture.

    Raises:
        ValueError: the array has another shape.
    """
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim != 2 and not (pixels.ndim == 3 and pixels.shape[2] in (3, 4)):
        raise ValueError(f"no picture has the shape {pixels.shape}")
    return Image.fromarray(np.ascontiguousarray(pixels))


def weight_picture(weights: Numbers, style: Style, scale: Scale | None = None) -> Image.Image:
    """Return one unit's weights as a picture at one pixel a weight.

    Args:
        weights: (height, width) or (height, width, 1), or (height, width, 3) for "colour".
        style: "grey" from the lowest weight (black) to the highest (white); "diverging" by sign
            and size; "colour" like "grey", for the three channels of coloured images together.
        scale: that of the set of pictures; the picture's own unless given.

    Raises:
        ValueError: the weights do not have the channels that the style needs.
    """
    channels = 1 if weights.ndim == 2 else weights.shape[2]
    if channels != (3 if style == "colour" else 1):
        raise ValueError(f"the style {style!r} does not paint {channels} channels")
    flat = weights if style == "colour" else weights.reshape(weights.shape[:2])
    return to_image(diverging(flat, scale) if style == "diverging" else grey(flat, scale))


def contact_sheet(pictures: Sequence[Image.Image], columns: int, gap: int = 0) -> Image.Image:
    """Return pictures of one size and mode in rows of `columns`, `gap` pixels apart.

    Gaps and places left over are 0: transparent where the pictures have alpha, else black.

    Raises:
        ValueError: there are no pictures, or they differ in size or mode.
    """
    if len({(picture.size, picture.mode) for picture in pictures}) != 1:
        raise ValueError("a contact sheet needs pictures of one size and mode")
    width, height = pictures[0].size
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
    sheet = Image.new(pictures[0].mode, size)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        sheet.paste(picture, (column * (width + gap), row * (height + gap)))
    return sheet


def encode_png(image: Image.Image) -> bytes:
    """Return the smallest PNG of `image` among its equal forms (grey, palette, without alpha)."""
    files = (_saved(form, "PNG", optimize=True) for form in _forms(image))
    return min(files, key=len)


def encode_webp(image: Image.Image) -> bytes:
    """Return `image` as lossless WebP, which is mostly a good deal smaller than PNG.

    Slower settings take six times as long on photographs and save four parts in a hundred.

    Raises:
        ValueError: a side is longer than `LONGEST_SIDE`.
    """
    form = image if image.mode in ("RGB", "RGBA") else image.convert(_full_mode(image))
    return _saved(form, "WEBP", lossless=True, quality=50, method=2, exact=True)


def _saved(image: Image.Image, kind: str, **options: bool | int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _full_mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _forms(image: Image.Image) -> list[Image.Image]:
    """Return pictures equal to `image`, pixel by pixel, each in a more compact mode if it fits."""
    pixels = np.asarray(image.convert("RGBA"))
    red, green, blue, alpha = np.moveaxis(pixels, -1, 0)
    opaque = bool((alpha == 255).all())
    forms = [to_image(pixels[:, :, :3] if opaque else pixels)]
    if opaque and np.array_equal(red, green) and np.array_equal(red, blue):
        forms.append(to_image(red))
    indexed = _indexed(pixels)
    return [*forms, indexed] if indexed else forms


def _indexed(pixels: NDArray[np.uint8]) -> Image.Image | None:
    """Return (height, width, 4) bytes as a picture with a palette, if 256 colours are enough.

    The palette is in order of alpha, so that the opaque colours at its end need no entry in the
    table of transparencies.
    """
    keys = np.ascontiguousarray(pixels[:, :, ::-1]).view(">u4")[:, :, 0]  # alpha, blue, green, red
    colours, places = np.unique(keys, return_inverse=True)
    if len(colours) > 256:
        return None
    table = colours.astype(">u4").view(np.uint8).reshape(-1, 4)
    image = to_image(places.reshape(keys.shape).astype(np.uint8))
    image.putpalette(table[:, :0:-1].tobytes(), "RGB")
    if not (table[:, 0] == 255).all():
        image.info["transparency"] = table[:, 0].tobytes()
    return image
