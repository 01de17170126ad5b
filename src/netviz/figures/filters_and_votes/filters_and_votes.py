"""What hidden units look for, and how each class weighs them.

Filters are at the top; below them each class has a row of signed bars, all on one scale about a
zero line. Script runs the network on an image, shows what each unit adds to the score of a class,
and says what is lost without a unit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import confusion
from netviz.analysis.hidden import Silenced, silence_each
from netviz.analysis.templates import Explained, explained, shortcut
from netviz.datasets.dataset import to_unit_range
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import exhibits, exhibits_data
from netviz.figures.parts.filters import plain_picture
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted, words
from netviz.figures.words import Said, listed, number, say, sentences
from netviz.network.network import Network

MOST = 12  # hidden units in the chart; of a larger layer, those that matter most
ROOM = 310  # pixels that a narrow screen has for all filters, at one pixel a weight
MOST_FILTERS = 128  # that a strip can show
MOST_CLASSES = 20
STEP = 20.0  # from bar to bar, in units of the drawing
HALF = 18.0  # the longest bar
CHANGES = 3  # cells of the confusion matrix that change most without a unit


@dataclass(frozen=True)
class Arguments:
    """A network with one hidden layer."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw filters and votes.

    Raises:
        EssayError: the network has no hidden layer or several, or too many classes.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    names = material.dataset.description.class_names
    require(network.is_dense, "filters_and_votes", "a network of dense layers", material)
    layers = len(network.hidden)
    if layers != 1 or len(names) > MOST_CLASSES:
        raise EssayError(
            f"the votes in {arguments.network!r} cannot be drawn",
            expected=f"one hidden layer, and at most {MOST_CLASSES} classes",
            got=f"{layers or 'no'} hidden layer{'' if layers == 1 else 's'}, {len(names)} classes",
            remedy="Name another network, or show its first layer with `weights`.",
        )
    pixels = to_unit_range(material.dataset.test.pixels)
    activations, logits = network.outputs(pixels)[-2:]
    height, width, _ = network.image_shape
    shown = most_important(activations, network.dense[1].weights, min(MOST, ROOM // width))
    filters = network.filters()
    votes = network.dense[1].weights[shown].T  # (classes, units)
    limit = float(np.abs(votes).max()) or 1.0
    without = silence_each(
        logits,
        activations,
        network.dense[1].weights,
        material.evaluation.labels,
        network.feature_units,
    )
    straight = shortcut(network.dense)
    chosen = exhibits(material.evaluation, right=2, wrong=1)
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"votes-{arguments.network}", exhibits_data(material, chosen))
    return Drawing(
        finding=_finding(material, shown, votes, without),
        caption=say(
            "The filters of the hidden units and, below, the weight that each class gives to each "
            "of them: blue speaks for the class, orange against it. Choose a class and an image "
            "to see the score add up, or a filter to see what is lost without it."
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("class", words(names)),
            choice("silenced", ["none", *(str(unit + 1) for unit in shown)]),
        ),
        context={
            "classes": list(names),
            "width": width,
            "height": height,
            "units": [int(unit) for unit in shown],
            "hidden": len(filters),
            "filters": write_strip(
                output, "filters", [plain_picture(filters[unit]) for unit in shown]
            ),
            "others": _others(filters, len(shown), output),
            "step": STEP,
            "half": HALF,
            "rows": [_row(name, shown, row, limit) for name, row in zip(names, votes, strict=True)],
            "limit": limit,
            "dead": int((activations == 0).all(axis=0).sum()),
            "templates": _templates(network, straight.weights, output),
            "straight": _straight(explained(logits, straight.logits(pixels))),
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "images": Asset(f"votes-{arguments.network}"),
            "classes": list(names),
            "units": shown.tolist(),
            "without": [_without(without[unit], material) for unit in shown],
            "differences": [_difference(without[unit], material).tolist() for unit in shown],
            "half": HALF,
        },
    )


def most_important(
    activations: NDArray[np.float32], weights: NDArray[np.float32], most: int
) -> NDArray[np.intp]:
    """Return the units that move the scores most, at most `most`, in their own order.

    A unit counts by its mean output over the test set times its weights' sizes, summed over the
    classes.
    """
    importance = np.abs(activations).mean(axis=0) * np.abs(weights).sum(axis=1)
    return np.sort(np.argsort(-importance, kind="stable")[:most])


def _others(filters: NDArray[np.float32], shown: int, output: Output) -> dict[str, Json] | None:
    """Write all filters where only some are in the chart."""
    if shown == len(filters):
        return None
    return write_strip(output, "all", [plain_picture(one) for one in filters[:MOST_FILTERS]])


def _row(
    name: str, units: NDArray[np.intp], votes: NDArray[np.float32], limit: float
) -> dict[str, Config]:
    """Return the bars of a class, and the same in words."""
    bars: list[Json] = []
    for vote in votes.tolist():
        length = round(HALF * abs(vote) / limit, 2)
        bars.append(
            {
                "sign": "positive" if vote >= 0 else "negative",
                "y": round(HALF - length if vote >= 0 else HALF, 2),
                "length": length,
            }
        )
    told = [
        say("unit {number} {weight}", number=number(unit + 1), weight=number(vote, "+.2f"))
        for unit, vote in zip(units.tolist(), votes.tolist(), strict=True)
    ]
    label = say("{class}: {list}", **{"class": name}, list=listed(told))
    return {"name": name, "label": label, "bars": bars}


def _difference(silenced: Silenced, material: NetworkMaterial) -> NDArray[np.intp]:
    """Return the confusion matrix without a unit, less that of the whole network."""
    difference: NDArray[np.intp] = silenced.confusion.counts - confusion(material.evaluation).counts
    return difference


def _without(silenced: Silenced, material: NetworkMaterial) -> Said:
    """Say what is lost without a unit: accuracy, and the cells that change most."""
    names = material.dataset.description.class_names
    mistakes = _difference(silenced, material)
    np.fill_diagonal(mistakes, 0)
    largest = np.argsort(-mistakes, axis=None, kind="stable")[:CHANGES]
    cells = [divmod(int(place), len(names)) for place in largest]
    more = [
        say(
            "{actual} read as {predicted} +{count}",
            actual=names[actual],
            predicted=names[predicted],
            count=number(int(mistakes[actual, predicted])),
        )
        for actual, predicted in cells
        if mistakes[actual, predicted] > 0
    ]
    accuracy = say(
        "Without hidden unit {number} the accuracy is {accuracy}, {change} points.",
        number=number(silenced.unit + 1),
        accuracy=number(material.evaluation.accuracy + silenced.accuracy_change, ".1%"),
        change=number(100 * silenced.accuracy_change, "+.1f"),
    )
    return sentences(accuracy, say("More often now: {list}.", list=listed(more)) if more else None)


def _templates(network: Network, weights: NDArray[np.float64], output: Output) -> dict[str, Json]:
    """Write the templates of the straight-line shortcut."""
    shape = network.image_shape
    templates = weights.T.reshape(-1, *shape).astype(np.float32)
    return write_strip(output, "shortcut", [plain_picture(one) for one in templates])


def _straight(found: Explained) -> dict[str, Json]:
    defined = math.isfinite(found.r_squared)
    return {"r_squared": found.r_squared if defined else None, "agreement": found.agreement}


def _finding(
    material: NetworkMaterial,
    shown: NDArray[np.intp],
    votes: NDArray[np.float32],
    without: Sequence[Silenced],
) -> Said:
    names = material.dataset.description.class_names
    k, place = np.unravel_index(int(votes.argmax()), votes.shape)
    worst = min(without, key=lambda one: one.accuracy_change)
    missed = say("No unit is missed: without any single one accuracy does not fall.")
    if worst.accuracy_change < 0:
        missed = say(
            "The unit that is missed most is number {worst}: without it accuracy falls by {loss} "
            "percentage points.",
            worst=number(worst.unit + 1),
            loss=number(-100 * worst.accuracy_change, ".1f"),
        )
    largest = say(
        "{network}: the filters of {shown} of its {count} units, and the weights that {classes} "
        "classes give them. The largest is that of unit {unit} for {class}, {weight}.",
        **{"class": names[k]},
        network=material.title,
        shown=number(len(shown)),
        count=number(len(without)),
        classes=number(len(names)),
        unit=number(int(shown[place]) + 1),
        weight=number(votes[k, place], ".2f"),
    )
    return sentences(largest, missed)
