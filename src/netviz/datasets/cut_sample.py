"""Cuts the bundled sample from the whole data sets: `python -m netviz.datasets.cut_sample`.

The first images of each class are taken, in the order of the data set, so that the sample is
balanced and the same whenever it is cut.
"""

import json

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.dataset import Split
from netviz.datasets.sample import COLUMNS, FOLDER, LABELS
from netviz.datasets.store import open_dataset, prepare
from netviz.folders import default_cache_dir

IMAGES_A_CLASS = {"train": 32, "test": 12}


def main() -> None:
    """Write the sheets and labels of every data set into the package."""
    labels: dict[str, dict[str, list[int]]] = {}
    for name in CATALOGUE:
        dataset = open_dataset(prepare(name, default_cache_dir(), report=print))
        labels[name] = {}
        for split_name, split in (("train", dataset.train), ("test", dataset.test)):
            chosen = _first_of_each_class(split, IMAGES_A_CLASS[split_name])
            labels[name][split_name] = split.labels[chosen].tolist()
            sheet = _sheet(np.asarray(split.images[chosen]))
            sheet.save(FOLDER / f"{name}-{split_name}.webp", lossless=True, quality=100, method=6)
    (FOLDER / LABELS).write_text(
        json.dumps(labels, separators=(",", ":")) + "\n", "utf-8", newline="\n"
    )


def _first_of_each_class(split: Split, each: int) -> NDArray[np.intp]:
    """Return indices, in the order of the split, of the first `each` images of every class."""
    kept = [np.flatnonzero(split.labels == k)[:each] for k in range(int(split.labels.max()) + 1)]
    return np.sort(np.concatenate(kept))


def _sheet(images: NDArray[np.uint8]) -> Image.Image:
    """Lay images (n, height, width, channels) out in rows of COLUMNS, the last filled with 0."""
    count, height, width, channels = images.shape
    rows = -(-count // COLUMNS)
    tiles = np.zeros((rows * COLUMNS, height, width, channels), np.uint8)
    tiles[:count] = images
    grid = tiles.reshape(rows, COLUMNS, height, width, channels).swapaxes(1, 2)
    pixels = grid.reshape(rows * height, COLUMNS * width, channels)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels)


if __name__ == "__main__":
    main()
