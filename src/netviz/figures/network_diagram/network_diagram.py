"""A network as neurons and connections, coloured by the weights that training gave them.

A large layer is drawn in part, with an ellipsis for the rest. Of the pixels those of the image's
middle column are drawn, top to bottom: the first few would be blank corners in every image. Script
lets a reader single out one neuron.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from netviz.figures.figure import (
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.names import shortened
from netviz.figures.parts.neurons import limit_of, note, signed
from netviz.figures.parts.required import require
from netviz.figures.states import choice
from netviz.figures.words import Said, listed, number, say, say_counted, sentences
from netviz.network.network import ImageShape, Network
from netviz.rendering.diagrams import NARROW, WIDE, Diagram, Layout, drawn_units, network_diagram

Units = list[list[int]]  # the numbers of the neurons that are drawn, layer by layer
Neuron = tuple[int, int]  # its layer, 0 being the inputs, and its number there

INPUTS = ("{count} inputs", "{count} input")
HIDDEN = ("{count} hidden units", "{count} hidden unit")
OUTPUTS = ("{count} outputs", "{count} output")
LETTER = 0.56  # the width of an average letter, in ems
LABEL_GAP = 8  # between a neuron and its label
FAINTEST = 0.06  # the opacity of a connection whose weight is nearly 0


@dataclass(frozen=True)
class Screen:
    """A kind of screen that gets a drawing of its own.

    `letters` is their height, `name_length` how many of them a class's name may have.
    """

    name: str
    layout: Layout
    letters: int
    name_length: int


SCREENS = (Screen("wide", WIDE, 13, 26), Screen("narrow", NARROW, 11, 16))


@dataclass(frozen=True)
class Arguments:
    """Which network is drawn."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:  # noqa: ARG001 - it writes no files
    """Lay the network out twice, for wide and for narrow screens.

    Raises:
        EssayError: not all layers of the network are dense.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    require(network.is_dense, "network_diagram", "a network of dense layers", material)
    names = material.dataset.description.class_names
    # The narrow drawing may show other inputs than the wide one.
    shown = [_shown_units(network, screen.layout.most) for screen in SCREENS]
    notes = {_id(*place): note(network, *place, names) for place in _drawn(shown)}
    return Drawing(
        finding=_finding(material),
        caption=_caption(network),
        states=(choice("neuron", ["none", *notes]),),
        context={
            "title": material.title,
            "drawings": [
                _drawing(screen, network, names, units)
                for screen, units in zip(SCREENS, shown, strict=True)
            ],
            "scales": _scales(network),
        },
        config={"notes": notes, "classes": list(names)},
    )


def drawn_pixels(image_shape: ImageShape, most: int) -> list[int]:
    """Return which inputs are drawn, at most `most` − 1 unless all fit: numbers from 0, ascending.

    They lie in the middle of the image, evenly from its first row to its last, in as few columns
    as have enough pixels, and are of the first channel.
    """
    height, width, channels = image_shape
    inputs = height * width * channels
    if inputs <= most:
        return list(range(inputs))
    columns = math.ceil((most - 1) / height)
    left = (width - columns + 1) // 2
    middle = [row * width + left + column for row in range(height) for column in range(columns)]
    chosen = np.linspace(0, len(middle) - 1, most - 1).round().astype(int)
    return [middle[place] * channels for place in chosen]


def _shown_units(network: Network, most: int) -> Units:
    """Return which neurons of each layer are drawn."""
    above = [[*chain(*drawn_units(width, most))] for width in _widths(network)[1:]]
    return [drawn_pixels(network.image_shape, most), *above]


def _drawing(
    screen: Screen, network: Network, names: Sequence[str], units: Units
) -> dict[str, Config]:
    """Return everything that the fragment needs to write one SVG."""
    widths, letters = _widths(network), screen.letters
    beside = LABEL_GAP + screen.layout.radius
    labels = [shortened(name, screen.name_length) for name in names]
    right = beside + max(map(len, labels)) * LETTER * letters
    left = beside + (len(str(widths[0])) + 1) * LETTER * letters
    diagram = network_diagram(widths, replace(screen.layout, left=left, right=right))
    return {
        "name": screen.name,
        "width": diagram.width,
        "height": diagram.height + 2 * letters,
        "top": -2 * letters,
        "radius": diagram.radius,
        "letters": letters,
        "lines": _lines(diagram, network, units),
        "columns": _columns(diagram, units, labels, letters),
    }


def _lines(diagram: Diagram, network: Network, units: Units) -> list[Json]:
    """Return the connections with the sign and the strength of their weights.

    The strength is a share of the strongest weight of the layer, drawn or not.
    """
    places = [
        {neuron.unit: place for place, neuron in enumerate(column.neurons)}
        for column in diagram.columns
    ]
    limits = [limit_of(layer.weights) or 1.0 for layer in network.dense]
    lines: list[Json] = []
    for line in diagram.connections:
        source = places[line.layer][line.source]
        target = places[line.layer + 1][line.target]
        weight = network.dense[line.layer].weights
        value = float(weight[units[line.layer][source], units[line.layer + 1][target]])
        strength = abs(value) / limits[line.layer]
        lines.append(
            {
                "d": f"M{line.start.x:g} {line.start.y:g}L{line.end.x:g} {line.end.y:g}",
                "sign": "positive" if value >= 0 else "negative",
                "opacity": round(max(strength, FAINTEST), 2),
                "from": _id(line.layer, units[line.layer][source]),
                "to": _id(line.layer + 1, units[line.layer + 1][target]),
            }
        )
    return lines


def _scales(network: Network) -> list[Config]:
    """Return for the legend, layer by layer, where the lines lead and the ends of their scale."""
    scales: list[Config] = []
    for layer, dense in enumerate(network.dense):
        limit = limit_of(dense.weights)
        ends = {"low": signed(-limit, limit), "high": signed(limit, limit)}
        scales.append({"leads": _leads(layer, len(network.dense) - 1), **ends})
    return scales


def _leads(layer: int, last: int) -> Said:
    """Say where the lines of a layer lead; of a network's only one nothing."""
    if last == 0:
        return ""
    if layer == last:
        return say("to the outputs")
    if last == 1:
        return say("to the hidden units")
    return say("to hidden layer {number}", number=number(layer + 1))


def _columns(diagram: Diagram, units: Units, names: Sequence[str], letters: int) -> list[Config]:
    last = len(diagram.columns) - 1
    headings = _headings(diagram, letters)
    columns: list[Config] = []
    for layer, column in enumerate(diagram.columns):
        kind = "input" if layer == 0 else "output" if layer == last else "hidden"
        neurons: list[Json] = [
            {
                "id": _id(layer, unit),
                "x": neuron.centre.x,
                "y": neuron.centre.y,
                "label": names[unit] if kind == "output" else str(unit + 1),
            }
            for neuron, unit in zip(column.neurons, units[layer], strict=True)
        ]
        ellipsis: Json = None
        if column.ellipsis is not None:
            ellipsis = {"x": column.ellipsis.x, "y": column.ellipsis.y}
        columns.append(
            {
                "kind": kind,
                "x": column.x,
                "heading": headings[layer],
                "neurons": neurons,
                "ellipsis": ellipsis,
            }
        )
    return columns


def _headings(diagram: Diagram, letters: int) -> list[Said]:
    """Return the head of each column; hidden ones that are crowded get a number only.

    How long they are is measured in English.
    """
    kinds = [INPUTS, *[HIDDEN] * (len(diagram.columns) - 2), OUTPUTS]
    sizes = [column.size for column in diagram.columns]
    english = [kind[size == 1] for kind, size in zip(kinds, sizes, strict=True)]
    told = [one.format(count=f"{size:,}") for one, size in zip(english, sizes, strict=True)]
    full: list[Said] = [
        say_counted(*kind, count=number(size)) for kind, size in zip(kinds, sizes, strict=True)
    ]
    short: list[Said] = [full[0], *map(number, sizes[1:-1]), full[-1]]
    return full if _apart(told, diagram, letters) else short


def _apart(headings: list[str], diagram: Diagram, letters: int) -> bool:
    """Whether headings leave a gap: the first begins, the last ends with the drawing."""
    widths = [len(heading) * LETTER * letters for heading in headings]
    lefts = [column.x - width / 2 for column, width in zip(diagram.columns, widths, strict=True)]
    lefts[0], lefts[-1] = 0, diagram.width - widths[-1]
    rights = [left + width for left, width in zip(lefts, widths, strict=True)]
    return all(right + letters < left for right, left in zip(rights[:-1], lefts[1:], strict=True))


def _drawn(shown: Sequence[Units]) -> list[Neuron]:
    """Return every neuron that is drawn on some screen."""
    return [
        (layer, unit)
        for layer, drawn in enumerate(zip(*shown, strict=True))
        for unit in sorted({*chain(*drawn)})
    ]


def _id(layer: int, unit: int) -> str:
    return f"{layer}-{unit}"


def _finding(material: NetworkMaterial) -> Said:
    network = material.trained.network
    parts: dict[str, Said] = {
        "network": material.title,
        "inputs": number(network.inputs),
        "outputs": number(network.classes),
        "classes": listed(material.dataset.description.class_names),
        "count": number(network.multiply_adds),
    }
    if not network.hidden:
        return say(
            "A diagram of {network}: {inputs} inputs and {outputs} outputs, one for each of "
            "{classes}; every unit is connected to every unit of the next layer, {count} weights "
            "in all.",
            **parts,
        )
    hidden = [say_counted(*HIDDEN, count=number(count)) for count in network.hidden]
    return say(
        "A diagram of {network}: {inputs} inputs, {hidden} and {outputs} outputs, one for each of "
        "{classes}; every unit is connected to every unit of the next layer, {count} weights in "
        "all.",
        **parts,
        hidden=listed(hidden),
    )


def _widths(network: Network) -> tuple[int, ...]:
    """Return the units of each column, from the inputs on."""
    return (network.inputs, *network.hidden, network.classes)


def _caption(network: Network) -> Said:
    part = say(
        "Of the {count} inputs a few are drawn, down the middle of the image.",
        count=number(network.inputs),
    )
    return sentences(
        say(
            "The whole network. A line is a weight: blue where it is positive, orange where it is "
            "negative, faint where it is small."
        ),
        part if network.inputs > WIDE.most else None,
        say("Pick a neuron to see its own connections."),
    )
