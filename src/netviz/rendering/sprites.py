"""Many small images in one file, and the index that finds each of them again."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.rendering.pictures import to_image


@dataclass(frozen=True)
class SpriteIndex:
    """Where the tiles of a sheet lie: `count` of them, row by row, in rows of `columns`.

    `width` and `height` are a tile's, in pixels.
    """

    columns: int
    width: int
    height: int
    count: int

    def box(self, slot: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a tile, in pixels.

        Raises:
            IndexError: there is no such tile.
        """
        if not 0 <= slot < self.count:
            raise IndexError(f"slot {slot} of a sheet of {self.count}")
        row, column = divmod(slot, self.columns)
        left, top = column * self.width, row * self.height
        return left, top, left + self.width, top + self.height

    def json(self) -> dict[str, int]:
        """Return the index as the page reads it."""
        return {
            "columns": self.columns,
            "width": self.width,
            "height": self.height,
            "count": self.count,
        }


@dataclass(frozen=True)
class SpriteSheet:
    """A sheet, its index, and `slots`: for each image that went in, the slot of its tile."""

    image: Image.Image
    index: SpriteIndex
    slots: tuple[int, ...]


def sprite_sheet(images: NDArray[np.uint8], columns: int | None = None) -> SpriteSheet:
    """Lay out images on a sheet, equal ones once only, in the order of their first appearance.

    Args:
        images: (n, height, width, channels), n at least 1; 1 channel gives a grey sheet, 3
            a coloured one.
        columns: tiles a row; as many as make the sheet about square, unless given.

    Raises:
        ValueError: there are no images.
    """
    if not len(images):
        raise ValueError("a sheet needs at least one image")
    first, slots = _distinct(images)
    _, height, width, channels = images.shape
    columns = min(columns or _square(len(first), width, height), len(first))
    rows = math.ceil(len(first) / columns)
    tiles = np.zeros((rows * columns, height, width, channels), np.uint8)
    tiles[: len(first)] = images[first]
    grid = tiles.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    sheet = to_image(grid.reshape(rows * height, columns * width, channels))
    return SpriteSheet(sheet, SpriteIndex(columns, width, height, len(first)), slots)


def _distinct(images: NDArray[np.uint8]) -> tuple[list[int], tuple[int, ...]]:
    """Return the indices of the distinct images, and for each image its place among them."""
    seen: dict[bytes, int] = {}
    first: list[int] = []
    slots: list[int] = []
    for number, image in enumerate(images):
        slot = seen.setdefault(image.tobytes(), len(first))
        if slot == len(first):
            first.append(number)
        slots.append(slot)
    return first, tuple(slots)


def _square(count: int, width: int, height: int) -> int:
    """Return the tiles a row that make a sheet of `count` tiles about square."""
    return max(1, math.ceil(math.sqrt(count * height / width)))
