"""Unrolling: a column of pixels and a square image are the same numbers, and so are the weights.

Image, weights and products are side by side, and the sum is shown as it is added up. Script lets
a slider turn the column into the grid, and the reader pick the image and the class.
"""

from dataclasses import dataclass

import numpy as np

from netviz.analysis.ledger import Ledger, class_ledger
from netviz.datasets.dataset import to_unit_range
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import exhibits, exhibits_data
from netviz.figures.parts.refusals import check_one_grey_layer
from netviz.figures.parts.shipped import network_data
from netviz.figures.states import choice, counted, words
from netviz.figures.words import number, say
from netviz.rendering.charts import LinearScale, line_path
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

WIDTH, HEIGHT = 480.0, 110.0  # of the chart of the running sum
MARGIN = 8.0
POINTS = 160  # that the chart's line is drawn through at most


@dataclass(frozen=True)
class Arguments:
    """A network of one layer that reads grey images."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the first image, the weights of its class, their products and their sum.

    Raises:
        EssayError: the network has hidden layers, or its images are coloured.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    height, width, _ = network.image_shape
    check_one_grey_layer(f"what {arguments.network!r} adds up cannot be unrolled", network)
    names = material.dataset.description.class_names
    chosen = exhibits(material.evaluation)
    shown = int(chosen[0])
    k = int(material.evaluation.predictions[shown])
    pixels = to_unit_range(material.dataset.test.images[shown])
    ledger = class_ledger(network.dense[0], pixels, k)
    filters = network.filters()
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    output.picture("image", to_image(material.dataset.test.images[shown]))
    output.picture("weights", weight_picture(filters[k], "diverging", Scale.symmetric(filters)))
    output.picture("products", weight_picture(ledger.terms, "diverging"))
    return Drawing(
        finding=say(
            "A test image of {actual} and the weights of the output for {class}, both as {height} "
            "by {width} grids of the same {count} pixels. Their products add up to {sum}; with the "
            "bias of {bias} the score is {total}.",
            **{"class": names[k]},
            actual=names[int(material.evaluation.labels[shown])],
            height=number(height),
            width=number(width),
            count=number(height * width),
            sum=number(ledger.total - ledger.bias, ".2f"),
            bias=number(ledger.bias, ".2f"),
            total=number(ledger.total, ".2f"),
        ),
        caption=say(
            "An image, the weights of one output, and their products, {count} numbers each. Move "
            "the slider to roll the column up into the grid, and the other to add up the products "
            "row by row.",
            count=number(height * width),
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("class", words(names)),
            choice("rolled", map(str, range(101))),
            choice("rows", map(str, range(height + 1))),
        ),
        context={
            "actual": names[int(material.evaluation.labels[shown])],
            "class": names[k],
            "width": width,
            "height": height,
            "limit": Scale.symmetric(filters).high,
            "sum": ledger.total - ledger.bias,
            "bias": ledger.bias,
            "total": ledger.total,
            "chart": _chart(ledger),
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "images": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "width": width,
            "height": height,
            "chart": {"width": WIDTH, "height": HEIGHT},
        },
    )


def _chart(ledger: Ledger) -> dict[str, Json]:
    """Return the running sum as a line, from the bias to the score."""
    running = ledger.running
    up = LinearScale.from_zero(running.tolist(), HEIGHT - MARGIN, MARGIN)
    across = LinearScale(0, len(running) - 1, 0, WIDTH)
    places = np.unique(np.linspace(0, len(running) - 1, POINTS).round().astype(int))
    points = [(across.position(int(i)), up.position(float(running[i]))) for i in places]
    return {
        "line": line_path(points),
        "zero": up.position(0),
        "end": up.position(float(running[-1])),
        "width": WIDTH,
        "height": HEIGHT,
    }
