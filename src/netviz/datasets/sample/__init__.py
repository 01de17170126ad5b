"""The bundled sample: a few hundred real images of each data set, for tests and `--sample`.

NOTICE.md beside this file tells where the images come from; `netviz.datasets.cut_sample` cut
them. It never replaces the whole without a word: a page built from it says so at its top.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets.catalogue import entry
from netviz.datasets.dataset import Split
from netviz.datasets.description import Description
from netviz.errors import DataError, Place

FOLDER = Path(__file__).parent
COLUMNS = 20
LABELS = "labels.json"


def read_sample(name: str) -> tuple[Split, Split]:
    """Return the sample of `name`: training split, test split.

    Raises:
        EssayError: there is no data set of that name.
        DataError: the installed sample is damaged.
    """
    description = entry(name).description
    try:
        known = json.loads((FOLDER / LABELS).read_text(encoding="utf-8"))[name]
        train, test = (
            _split(FOLDER / f"{name}-{split}.webp", known[split], description)
            for split in ("train", "test")
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "the bundled sample is damaged",
            place=Place(FOLDER),
            got=str(error),
            remedy="Install netviz again.",
        ) from None
    return train, test


def _split(sheet: Path, known: list[int], description: Description) -> Split:
    labels = np.array(known)
    classes = range(len(description.class_names))
    if labels.dtype.kind != "i" or not np.isin(labels, classes).all():
        raise ValueError(f"{LABELS} has a label that is no class")
    return Split(_tiles(sheet, len(labels), description), labels.astype(np.uint8))


def _tiles(sheet: Path, count: int, description: Description) -> NDArray[np.uint8]:
    """Cut a sheet of COLUMNS images a row into `count` images."""
    height, width, channels = description.image_shape
    with Image.open(sheet) as image:
        pixels = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    rows = -(-count // COLUMNS)
    grid = pixels.reshape(rows, height, COLUMNS, width, channels).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(-1, height, width, channels)[:count])
