"""The images behind the cells of a confusion matrix, in several orders, as sheets and an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.samples import Samples, random_samples, ranked_samples
from netviz.datasets.dataset import Images
from netviz.figures.figure import Json, NetworkMaterial, Output
from netviz.rendering.sprites import sprite_sheet

Order = Literal["surest", "middling", "borderline", "random"]
ORDERS: tuple[Order, ...] = ("surest", "middling", "borderline", "random")
MOST = 12  # images of a cell in one order
COLUMNS = 12
SEED = 1


@dataclass(frozen=True)
class Sheet:
    """A picture of many images: its name, tiles a row, and the slot of each image put in."""

    name: str
    columns: int
    slots: tuple[int, ...]

    def json(self) -> dict[str, Json]:
        """Return what the fragment needs to find it."""
        return {"name": self.name, "columns": self.columns}


def cell_samples(
    material: NetworkMaterial, output: Output, name: str
) -> tuple[list[Json], list[Json]]:
    """Write a sheet for each order and actual class; return the sheets, and the cells' index.

    The index holds for each actual and predicted class what it has in all (`total`) and, by order,
    a list of its images: slot in the sheet, and per mille given to the predicted and actual class.
    """
    classes = material.evaluation.classes
    cells: list[list[dict[str, Json]]] = [
        [{"total": 0} for _ in range(classes)] for _ in range(classes)
    ]
    sheets: list[Json] = []
    for order in ORDERS:
        rows = [_row(material, order, actual) for actual in range(classes)]
        chosen = [np.concatenate([cell.images for cell in row]) for row in rows]
        written = write_rows(output, f"{name}-{order}", material.dataset.test.images, chosen)
        sheets.append([sheet.json() if sheet else None for sheet in written])
        for row, sheet in zip(rows, written, strict=True):
            start = 0
            for cell in row:
                entry = cells[cell.actual][cell.predicted]
                entry["total"] = cell.total
                slots = sheet.slots[start : start + len(cell)] if sheet else ()
                entry[order] = _listed(cell, slots)
                start += len(cell)
    return sheets, [list(row) for row in cells]


def _row(material: NetworkMaterial, order: Order, actual: int) -> list[Samples]:
    evaluation = material.evaluation
    rng = np.random.default_rng((SEED, actual))
    return [
        random_samples(evaluation, actual, predicted, MOST, rng)
        if order == "random"
        else ranked_samples(evaluation, actual, predicted, order, MOST)
        for predicted in range(evaluation.classes)
    ]


def _listed(cell: Samples, slots: Sequence[int]) -> list[Json]:
    return [
        [
            slot,
            round(1000 * float(shares[cell.predicted])),
            round(1000 * float(shares[cell.actual])),
        ]
        for slot, shares in zip(slots, cell.probabilities, strict=True)
    ]


def write_rows(
    output: Output, name: str, images: Images, chosen: Sequence[NDArray[np.intp]]
) -> list[Sheet | None]:
    """Write one sheet for each row of chosen images, equal ones once; None for an empty row."""
    sheets: list[Sheet | None] = []
    for row, indices in enumerate(chosen):
        if not len(indices):
            sheets.append(None)
            continue
        sheet = sprite_sheet(images[indices], COLUMNS)
        picture = output.picture(f"{name}-{row}", sheet.image)
        sheets.append(Sheet(picture, sheet.index.columns, sheet.slots))
    return sheets
