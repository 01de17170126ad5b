"""The images behind the cells of a confusion matrix, in several orders, as sheets and an index."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.samples import Samples, random_samples, ranked_samples
from netviz.datasets.dataset import Images
from netviz.figures.figure import Asset, Config, Json, NetworkMaterial, Output
from netviz.figures.parts.strips import write_strip
from netviz.figures.words import Said, say
from netviz.rendering.pictures import to_image
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

    @property
    def config(self) -> Config:
        """What the script needs to crop a tile out of it: its address and its columns."""
        return [Asset(self.name), self.columns]


def write_sheet(
    output: Output, name: str, images: Images, chosen: NDArray[np.intp]
) -> Sheet | None:
    """Write the chosen images as one picture, equal ones once; None if there is none."""
    if not len(chosen):
        return None
    sheet = sprite_sheet(images[chosen], COLUMNS)
    return Sheet(output.picture(name, sheet.image), sheet.index.columns, sheet.slots)


def samples_of(
    material: NetworkMaterial, order: Order, actual: int, predicted: int, count: int = MOST
) -> Samples:
    """Return up to `count` images of a cell in an order; a random draw is always the same."""
    if order == "random":
        rng = np.random.default_rng((SEED, actual, predicted))
        return random_samples(material.evaluation, actual, predicted, count, rng)
    return ranked_samples(material.evaluation, actual, predicted, order, count)


def write_cells(
    material: NetworkMaterial, output: Output, name: str
) -> tuple[list[Config], list[Json]]:
    """Write the images of all cells; return the sheets [order][actual] and the cells' index.

    An image is in the sheet of the first order that shows it, so each is written once. The
    index has for each actual and predicted class its `total`, and for each order a list
    of images: the order and the slot that tell the tile, then the probabilities of the predicted
    and the actual class in thousandths.
    """
    classes = range(material.evaluation.classes)
    written = [_write_row(material, output, name, actual) for actual in classes]
    sheets: list[Config] = [
        [sheet.config if (sheet := row[order]) else None for row, _ in written] for order in ORDERS
    ]
    return sheets, [cells for _, cells in written]


def _write_row(
    material: NetworkMaterial, output: Output, name: str, actual: int
) -> tuple[dict[Order, Sheet | None], list[Json]]:
    """Write the sheets of one actual class; return them by order, and the row of the index."""
    images = material.dataset.test.images
    evaluation = material.evaluation
    # Of a hundred classes most cells are empty.
    filled = np.unique(evaluation.predictions[evaluation.labels == actual]).tolist()
    cells: list[dict[str, Json]] = [
        {"total": 0, **{order: [] for order in ORDERS}} for _ in range(evaluation.classes)
    ]
    sheets: dict[Order, Sheet | None] = {}
    places: dict[int, tuple[int, int]] = {}
    for number, order in enumerate(ORDERS):
        row = [samples_of(material, order, actual, predicted) for predicted in filled]
        shown = [image for samples in row for image in samples.images.tolist()]
        fresh = np.array([image for image in shown if image not in places], np.intp)
        sheet = write_sheet(output, f"{name}-{order}-{actual}", images, fresh)
        sheets[order] = sheet
        slots = sheet.slots if sheet else ()
        places |= {image: (number, slot) for image, slot in zip(fresh.tolist(), slots, strict=True)}
        for samples in row:
            cell = cells[samples.predicted]
            cell["total"] = samples.total
            cell[order] = [
                [*places[image], *pair]
                for image, pair in zip(samples.images.tolist(), thousandths(samples), strict=True)
            ]
    return sheets, list(cells)


def thousandths(samples: Samples) -> list[tuple[int, int]]:
    """Return for each image the probabilities of its predicted and its actual class, in 1/1000."""
    pairs = samples.probabilities[:, [samples.predicted, samples.actual]]
    return [(round(1000 * float(first)), round(1000 * float(second))) for first, second in pairs]


def write_images(
    material: NetworkMaterial, output: Output, name: str, chosen: NDArray[np.intp]
) -> str | None:
    """Write the chosen test images side by side; return the name, or None without any image."""
    pictures = [to_image(image) for image in material.dataset.test.images[chosen]]
    if not pictures:
        return None
    write_strip(output, name, pictures)
    return name


def read_as(actual: str, predicted: str) -> Said:
    """Return what the images of a cell are: "2 read as 8"."""
    if actual == predicted:
        return say("{actual} read correctly", actual=actual)
    return say("{actual} read as {predicted}", actual=actual, predicted=predicted)


def cell_strip(
    material: NetworkMaterial, output: Output, name: str, samples: Samples
) -> dict[str, Config]:
    """Write samples side by side, for readers without script; return what the macro `cell` needs.

    Without any image there is no picture, and `name` is None.
    """
    names = material.dataset.description.class_names
    return {
        "name": write_images(material, output, name, samples.images),
        "actual": names[samples.actual],
        "predicted": names[samples.predicted],
        "read": read_as(names[samples.actual], names[samples.predicted]),
        "total": samples.total,
        "shares": [list(pair) for pair in thousandths(samples)],
    }
