"""Images that a second network reads differently: those that came into a cell, those that left."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import confusion_matrix
from netviz.analysis.evaluation import Evaluation
from netviz.figures.figure import Asset, Config, Json, NetworkMaterial, Output
from netviz.figures.parts.cells import MOST, read_as, write_images, write_sheet

Compared = tuple[NetworkMaterial, NetworkMaterial]


@dataclass(frozen=True)
class Moves:
    """Images of a cell of one matrix that the other network reads as something else.

    `total` in all; `shown` (k,) some of them, and `elsewhere` (k,) what the other reads them as.
    """

    total: int
    shown: NDArray[np.intp]
    elsewhere: NDArray[np.intp]

    def json(self, slots: Iterator[int]) -> dict[str, Json]:
        """Return the moves as the page reads them, taking each image's slot from `slots`."""
        images: list[Json] = [[next(slots), other] for other in self.elsewhere.tolist()]
        return {"total": self.total, "images": images}


def moves(before: Evaluation, after: Evaluation, actual: int, predicted: int) -> Moves:
    """Return the images that come into a cell when `after` answers in place of `before`."""
    inside = (after.labels == actual) & (after.predictions == predicted)
    moved = np.flatnonzero(inside & (before.predictions != predicted))
    surest = moved[np.argsort(-after.confidences[moved], kind="stable")][:MOST]
    return Moves(len(moved), surest, before.predictions[surest])


def write_moves(compared: Compared, output: Output) -> Config:
    """Write the images that moved into and out of each cell; return where they are."""
    first, second = (material.evaluation for material in compared)
    name = f"moved-{compared[0].name}-{compared[1].name}"
    sheets: list[Config] = []
    cells: list[Json] = []
    for actual in range(first.classes):
        row = [
            (moves(first, second, actual, cell), moves(second, first, actual, cell))
            for cell in range(first.classes)
        ]
        chosen = np.concatenate([part.shown for pair in row for part in pair])
        sheet = write_sheet(output, f"{name}-{actual}", compared[0].dataset.test.images, chosen)
        slots = iter(sheet.slots if sheet else ())
        sheets.append(sheet.config if sheet else None)
        cells.append([[part.json(slots) for part in pair] for pair in row])
    return {"sheets": [sheets], "index": Asset(output.data(name, {"cells": cells}))}


def most_came(compared: Compared) -> tuple[int, int]:
    """Return the cell into which most images come when the second network answers."""
    first, second = (material.evaluation for material in compared)
    moved = first.predictions != second.predictions
    came = confusion_matrix(second.labels[moved], second.predictions[moved], second.classes)
    actual, predicted = np.unravel_index(came.argmax(), came.shape)
    return int(actual), int(predicted)


def moves_strip(
    compared: Compared, output: Output, name: str, actual: int, predicted: int
) -> dict[str, Config]:
    """Write the images that came into a cell side by side, for readers without script.

    Returns what the template needs to show them; without any image, `name` is None.
    """
    first, second = (material.evaluation for material in compared)
    came = moves(first, second, actual, predicted)
    names = compared[0].dataset.description.class_names
    return {
        "name": write_images(compared[0], output, name, came.shown),
        "actual": names[actual],
        "predicted": names[predicted],
        "read": read_as(names[actual], names[predicted]),
        "total": came.total,
        "before": [names[other] for other in came.elsewhere.tolist()],
    }
