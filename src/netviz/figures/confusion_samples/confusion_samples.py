"""Images of one cell of a confusion matrix, in an order that the author chooses first."""

from dataclasses import dataclass

from netviz.analysis.samples import Samples
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Drawing,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.cells import MOST, ORDERS, Order, cell_strip, samples_of
from netviz.figures.parts.classes import class_number
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, sentences

LIMIT = 60  # images; more would make a strip that old phones cannot decode


@dataclass(frozen=True)
class Arguments:
    """A cell by the numbers or names of its classes; how many of its images, and in what order."""

    network: NetworkName
    actual: int | str
    predicted: int | str
    order: Order = "surest"
    count: int = MOST


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Write the images of the cell, a strip for each order.

    Raises:
        EssayError: there is no such class, or the count is out of range.
    """
    material = materials.networks[arguments.network]
    description = material.dataset.description
    actual = class_number(description, arguments.actual)
    predicted = class_number(description, arguments.predicted)
    if not 1 <= arguments.count <= LIMIT:
        raise EssayError(
            "a figure of samples cannot show so many",
            expected=f"count from 1 to {LIMIT}",
            got=str(arguments.count),
        )
    samples = {
        order: samples_of(material, order, actual, predicted, arguments.count) for order in ORDERS
    }
    strips = [cell_strip(material, output, order, samples[order]) for order in ORDERS]
    height, width, _ = description.image_shape
    shown = samples[arguments.order]
    return Drawing(
        finding=_finding(material, shown),
        caption=_caption(material),
        states=(choice("images", ORDERS),),
        context={
            "strips": list(strips),
            "first": ORDERS.index(arguments.order),
            "order": arguments.order,
            "width": width,
            "height": height,
        },
        config={
            "width": width,
            "height": height,
            "actual": strips[0]["actual"],
            "predicted": strips[0]["predicted"],
            "total": strips[0]["total"],
            "first": ORDERS.index(arguments.order),
            "orders": [
                {
                    "src": Asset(str(strip["name"])) if strip["name"] else None,
                    "shares": strip["shares"],
                }
                for strip in strips
            ],
        },
    )


def _finding(material: NetworkMaterial, shown: Samples) -> Said:
    names = material.dataset.description.class_names
    of_class = int((material.evaluation.labels == shown.actual).sum())
    predicted = names[shown.predicted]
    total = say(
        "{network} reads {count} of {total} test images of {actual} as {predicted}.",
        network=material.title,
        count=number(shown.total),
        total=number(of_class),
        actual=names[shown.actual],
        predicted=predicted,
    )
    if not len(shown):
        return total
    given = shown.probabilities[:, shown.predicted]
    sure = say(
        "To the {shown} shown it gives probabilities of {predicted} from {low} to {high}.",
        shown=number(len(shown)),
        predicted=predicted,
        low=number(given.min(), ".1%"),
        high=number(given.max(), ".1%"),
    )
    return sentences(total, sure)


def _caption(material: NetworkMaterial) -> Said:
    return say(
        "Test images of one cell of the confusion matrix of {network}, with the probabilities it "
        "gave. The surest are its extremes, so ask for the others as well.",
        network=material.title,
    )
