"""How different two pictures look, as an eye a step away sees them.

Both are averaged over small squares, which is where a step away blurs what a rasteriser does to
the edges of letters, and compared in CIELAB, whose distances follow what eyes tell apart.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from PIL import Image, ImageCms

SQUARE = 4  # pixels
# Just noticeable are about 2.3 (Mahy et al. 1994, doi:10.1002/col.5080190207). Letters drawn by
# another version of a browser reach about 6, a letter that moved by two pixels 20.
NOTICED = 10.0
TO_LAB = ImageCms.buildTransform(
    ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
)


@dataclass(frozen=True)
class Difference:
    """What an eye notices: the share of the picture, and where, as left, top, right, bottom."""

    share: float
    box: tuple[int, int, int, int] | None


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Compare two pictures; one of another size differs wherever only one of them is."""
    width, height = max(one.width, other.width), max(one.height, other.height)
    first, second = (_lab(_on_canvas(image, width, height)) for image in (one, other))
    distance = np.sqrt(((first - second) ** 2).sum(axis=-1))  # (squares down, squares across)
    noticed = distance > NOTICED
    if not noticed.any():
        return Difference(0.0, None)
    rows, columns = np.nonzero(noticed)
    corners = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    left, top, right, bottom = (SQUARE * int(corner) for corner in corners)
    return Difference(float(noticed.mean()), (left, top, right, bottom))


def _on_canvas(image: Image.Image, width: int, height: int) -> Image.Image:
    canvas = Image.new("RGB", (width, height), "magenta")  # which no page of ours is
    canvas.paste(image.convert("RGB"))
    return canvas


def _lab(image: Image.Image) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float64]]":
    """Return CIELAB of each square: Pillow keeps 255ths of L's hundred, a and b as signed bytes."""
    lab = ImageCms.applyTransform(image.reduce(SQUARE), TO_LAB)
    assert lab is not None
    stored = np.asarray(lab)
    values = np.concatenate([stored[..., :1] * (100 / 255), stored[..., 1:].view(np.int8)], axis=-1)
    return cast("np.ndarray[tuple[int, int, int], np.dtype[np.float64]]", values)
