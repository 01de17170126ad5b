"""The surest image of every cell of a confusion matrix: what the network takes for each class.

A row holds images of one class, a column what was read as one. Down a column one sees what the
network looks for in a class, whatever the image really shows.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from netviz.analysis.samples import Samples, ranked_samples
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial, NetworkName, Output
from netviz.figures.parts.names import are_words
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import cells
from netviz.figures.words import Said, number, say
from netviz.rendering.pictures import to_image

MOST_CLASSES = 11  # whose cells one strip can show
SCALE = 2  # CSS pixels a pixel of an image, on a wide screen
LETTER = 7.5  # the width of a letter there


@dataclass(frozen=True)
class Arguments:
    """Whose confusion matrix."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the surest image of every cell.

    Raises:
        EssayError: there are too many classes.
    """
    material = materials.networks[arguments.network]
    names = material.dataset.description.class_names
    if len(names) > MOST_CLASSES:
        raise EssayError(
            "the cells of so many classes cannot be shown at once",
            expected=f"at most {MOST_CLASSES} classes",
            got=str(len(names)),
        )
    samples = [
        [
            ranked_samples(material.evaluation, row, column, "surest", 1)
            for column in range(len(names))
        ]
        for row in range(len(names))
    ]
    height, width, _ = material.dataset.description.image_shape
    filled = sum(bool(len(cell)) for row in samples for cell in row)
    return Drawing(
        finding=say(
            "The surest test image of each of the {filled} cells that hold any in the confusion "
            "matrix of {network}; {empty} cells are empty.",
            filled=number(filled, "d"),
            network=material.title,
            empty=number(len(names) ** 2 - filled, "d"),
        ),
        caption=say(
            "Of every cell of the confusion matrix the image about which the network was surest: "
            "the row is what it is, the column what it was read as. Pick one to see how sure."
        ),
        states=(cells("cell", names, names),),
        context={
            "title": material.title,
            "classes": list(names),
            "words": are_words(names),
            # Names that are wider than an image run down beside each other.
            "upright": max(map(len, names)) * LETTER > SCALE * max(height, width),
            "width": width,
            "height": height,
            "strip": write_strip(
                output, "cells", [_picture(material, cell) for row in samples for cell in row]
            ),
            "rows": [[_told(cell, names) for cell in row] for row in samples],
        },
    )


def _picture(material: NetworkMaterial, cell: Samples) -> Image.Image:
    """Return the image of a cell, or nothing but transparency."""
    if not len(cell):
        height, width, _ = material.dataset.description.image_shape
        return to_image(np.zeros((height, width, 4), np.uint8))
    return to_image(material.dataset.test.images[cell.images[0]]).convert("RGBA")


def _told(cell: Samples, names: tuple[str, ...]) -> Said | None:
    """Return what is said of a cell, or None of an empty one."""
    if not len(cell):
        return None
    actual, predicted = names[cell.actual], names[cell.predicted]
    is_right = actual == predicted
    what = (
        say("{actual} read correctly", actual=actual)
        if is_right
        else say("{actual} read as {predicted}", actual=actual, predicted=predicted)
    )
    return say(
        "{cell}, {share} sure; the surest of {count}",
        cell=what,
        share=number(cell.probabilities[0, cell.predicted], ".1%"),
        count=number(cell.total),
    )
