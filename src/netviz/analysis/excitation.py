"""Which pieces of images excite a unit of a map most."""

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


def peaks(maps: NDArray[np.float32], each: int) -> Peaks:
    """Return where each unit answers most strongly.

    Args:
        maps: (n, rows, columns, units).
        each: how many images to name for a unit; at most n are.
    """
    count, _, columns, units = maps.shape
    flat = maps.reshape(count, -1, units)
    places = flat.argmax(axis=1)  # (n, units)
    values = np.take_along_axis(flat, places[:, None], axis=1)[:, 0]
    order = np.argsort(-values, axis=0, kind="stable")[:each].T  # (units, each)
    unit = np.arange(units)[:, None]
    chosen = places[order, unit]
    return Peaks(order, chosen // columns, chosen % columns, values[order, unit])
