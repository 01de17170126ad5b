"""Photographs whose rim is painted over, and what a network takes them for then.

The pictures without script show one width and one colour. Script lets a reader choose both; the
page runs the network on the photographs shown, and the build has counted all others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.painting import Colour, Painted, paint, with_rim
from netviz.datasets.dataset import to_unit_range
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import images_data, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice
from netviz.figures.words import number, say, say_counted
from netviz.rendering.pictures import to_image

COLOURS: dict[str, Colour] = {
    "blue": (60, 110, 200),
    "green": (60, 130, 50),
    "red": (190, 50, 40),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}
WIDTHS = (0, 1, 2, 3, 4)
SHOWN = 6  # photographs
SMALLEST = 16  # pixels a side, of which a rim of 4 leaves half


@dataclass(frozen=True)
class Arguments:
    """A network on coloured images; `colour` and `width` in pixels are those shown at first."""

    network: NetworkName
    colour: str = "blue"
    width: int = 3


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Paint the photographs, and count what all test images are taken for.

    Raises:
        EssayError: the images are grey or small, or there is no such colour or width.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    height, width, channels = network.image_shape
    require(
        channels == 3 and min(height, width) >= SMALLEST,
        "paint_rim",
        f"coloured images of at least {SMALLEST} pixels a side",
        material,
    )
    _check(arguments)
    test = material.dataset.test
    plain = paint(network, test, 0, COLOURS[arguments.colour])
    counted = {
        name: [plain, *(paint(network, test, one, colour) for one in WIDTHS[1:])]
        for name, colour in COLOURS.items()
    }
    led_to = {name: _led_to(row) for name, row in counted.items()}
    place = WIDTHS.index(arguments.width)
    after, winner = counted[arguments.colour][place], led_to[arguments.colour][place]
    shown = _shown(material, counted)
    images = material.dataset.test.images[shown]
    painted = with_rim(images, arguments.width, COLOURS[arguments.colour])
    answers = network.logits(to_unit_range(painted.reshape(len(painted), -1))).argmax(axis=1)
    names = material.dataset.description.class_names
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(
        f"photographs-{arguments.network}",
        images_data(images, material.dataset.test.labels[shown]),
    )
    return Drawing(
        finding=say_counted(
            "With a {colour} rim of {count} pixels {network} takes {share} of the test images of "
            "other classes for {class}; without one, {before}.",
            "With a {colour} rim of 1 pixel {network} takes {share} of the test images of other "
            "classes for {class}; without one, {before}.",
            **{"class": names[winner]},
            colour=arguments.colour,
            count=number(arguments.width),
            network=material.title,
            share=number(after.shares[winner], ".0%"),
            before=number(plain.shares[winner], ".0%"),
        ),
        caption=say(
            "Photographs with a painted rim, and what {network} takes them for. Choose the colour "
            "and the width.",
            network=material.title,
        ),
        states=(choice("colour", COLOURS), choice("width", map(str, WIDTHS))),
        context={
            "width": width,
            "height": height,
            "photographs": write_strip(output, "photographs", [to_image(one) for one in painted]),
            "actual": [names[int(label)] for label in material.dataset.test.labels[shown]],
            "answers": [names[int(answer)] for answer in answers],
            "share": float(after.shares[winner]),
            "winner": names[winner],
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "images": Asset(f"photographs-{arguments.network}"),
            "classes": list(names),
            "colours": COLOURS,
            "colour": arguments.colour,
            "rim": arguments.width,
            "winners": {name: [names[k] for k in found] for name, found in led_to.items()},
            "shares": {name: _shares(counted[name], found) for name, found in led_to.items()},
        },
    )


def _check(arguments: Arguments) -> None:
    if arguments.colour not in COLOURS:
        raise EssayError(
            f"paint_rim has no colour {arguments.colour!r}", expected=", ".join(COLOURS)
        )
    if arguments.width not in WIDTHS:
        raise EssayError(
            f"paint_rim has no rim of {arguments.width} pixels",
            expected=", ".join(map(str, WIDTHS)),
        )


def _shown(material: NetworkMaterial, counted: dict[str, list[Painted]]) -> NDArray[np.intp]:
    """Return one test image for each of some classes: the first that is classified correctly.

    Classes that a painted rim leads to come last: their photographs would show nothing.
    """
    led_to = [row[-1].winner for row in counted.values()]
    classes = sorted(range(material.evaluation.classes), key=lambda k: (led_to.count(k), k))
    correct = [
        np.flatnonzero(material.evaluation.correct & (material.evaluation.labels == k))
        for k in classes
    ]
    return np.array([found[0] for found in correct if len(found)][:SHOWN], np.intp)


def _led_to(row: list[Painted]) -> list[int]:
    """Return the class that each width leads to; without a rim, that of the widest one.

    So a reader who takes the rim away sees how many were taken for that class without it.
    """
    return [row[-1].winner, *(one.winner for one in row[1:])]


def _shares(row: list[Painted], led_to: list[int]) -> list[Json]:
    return [round(float(one.shares[k]), 4) for one, k in zip(row, led_to, strict=True)]
