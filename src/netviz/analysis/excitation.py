"""Which pieces of images excite a unit of a map most."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Peaks:
    """For each unit its strongest answers, one an image, strongest first.

    Attributes:
        images: (units, each), numbers of images.
        rows: (units, each), where in the map.
        columns: (units, each), where in the map.
        values: (units, each), the answers.
    """

    images: NDArray[np.intp]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: NDArray[np.float32]


def peaks(batches: Iterable[NDArray[np.float32]], each: int) -> Peaks:
    """Return where each unit answers most strongly.

    Args:
        batches: maps (n, rows, columns, units) of some images after the other; of all images
            together they would fill the memory.
        each: how many images to name for a unit; at most as many as there are.
    """
    columns = 0
    found = []
    for maps in batches:
        count, _, columns, units = maps.shape
        flat = maps.reshape(count, -1, units)
        strongest = flat.argmax(axis=1)  # (n, units)
        answers = np.take_along_axis(flat, strongest[:, None], axis=1)[:, 0]
        found.append((strongest, answers))
    places, values = map(np.concatenate, zip(*found, strict=True))
    order = np.argsort(-values, axis=0, kind="stable")[:each].T  # (units, each)
    unit = np.arange(values.shape[1])[:, None]
    chosen = places[order, unit]
    return Peaks(order, chosen // columns, chosen % columns, values[order, unit])
