"""A network as neurons and connections, coloured by the weights that training gave them.

A large layer is drawn in part, with an ellipsis for the rest. Of the pixels those of the image's
middle column are drawn, top to bottom: the first few would be blank corners in every image. Script
lets a reader single out one neuron.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netviz.figures.figure import Json, Materials, Needs, NetworkMaterial, Output
from netviz.network.network import Architecture, Network
from netviz.rendering.diagrams import NARROW, WIDE, Diagram, Layout, network_diagram

LETTER = 0.56  # the width of an average letter, in ems
LABEL_GAP = 8  # between a neuron and its label
FAINTEST = 0.06  # the opacity of a connection whose weight is nearly 0
PLACES = 2  # of a weight in a note


@dataclass(frozen=True)
class Arguments:
    """Which network is drawn."""

    network: str


def needs(arguments: Arguments) -> Needs:
    """Return what the figure reads: its network."""
    return Needs(networks=(arguments.network,))


def draw(arguments: Arguments, materials: Materials, output: Output) -> dict[str, Json]:  # noqa: ARG001 - it writes no files
    """Lay the network out twice, for wide and for narrow screens."""
    material = materials.networks[arguments.network]
    network = material.trained.network
    names = material.dataset.description.class_names
    return {
        "title": material.title,
        "drawings": [
            _drawing("wide", WIDE, network, names, 13),
            _drawing("narrow", NARROW, network, names, 11),
        ],
        "notes": _notes(network, names),
        "finding": _finding(material),
        "caption": _caption(network.architecture),
    }


def drawn_pixels(architecture: Architecture, most: int) -> list[int]:
    """Return which inputs are drawn, at most `most` − 1 unless all fit: numbers from 0, ascending.

    They lie in the middle of the image, evenly from its first row to its last, in as few columns
    as have enough pixels, and are of the first channel.
    """
    height, width, channels = architecture.image_shape
    inputs = height * width * channels
    if inputs <= most:
        return list(range(inputs))
    columns = math.ceil((most - 1) / height)
    left = (width - columns + 1) // 2
    middle = [row * width + left + column for row in range(height) for column in range(columns)]
    chosen = np.linspace(0, len(middle) - 1, most - 1).round().astype(int)
    return [middle[place] * channels for place in chosen]


def _drawing(
    name: str, layout: Layout, network: Network, names: Sequence[str], letters: int
) -> dict[str, Json]:
    """Return everything that the fragment needs to write one SVG."""
    widths = network.architecture.widths
    shown = drawn_pixels(network.architecture, layout.most)
    labels_right = LABEL_GAP + max(map(len, names)) * LETTER * letters + layout.radius
    labels_left = LABEL_GAP + (len(str(widths[0])) + 1) * LETTER * letters + layout.radius
    layout = replace(layout, left=labels_left, right=labels_right)
    diagram = network_diagram(widths, layout)
    units = [[neuron.unit for neuron in column.neurons] for column in diagram.columns]
    if len(shown) < widths[0]:
        units[0] = shown
    return {
        "name": name,
        "width": diagram.width,
        "height": diagram.height + 2 * letters,
        "top": -2 * letters,
        "radius": diagram.radius,
        "letters": letters,
        "lines": _lines(diagram, network, units),
        "columns": _columns(diagram, units, names),
    }


def _lines(diagram: Diagram, network: Network, units: list[list[int]]) -> list[Json]:
    """Return the connections with the sign and, from 0 to 1, the strength of their weights."""
    places = [
        {neuron.unit: place for place, neuron in enumerate(column.neurons)}
        for column in diagram.columns
    ]
    limits = [float(np.abs(weight).max()) or 1.0 for weight in _drawn(network, units)]
    lines: list[Json] = []
    for line in diagram.connections:
        source = places[line.layer][line.source]
        target = places[line.layer + 1][line.target]
        weight = network.weights[line.layer]
        value = float(weight[units[line.layer][source], units[line.layer + 1][target]])
        strength = abs(value) / limits[line.layer]
        lines.append(
            {
                "d": f"M{line.start.x:g} {line.start.y:g}L{line.end.x:g} {line.end.y:g}",
                "sign": "positive" if value >= 0 else "negative",
                "opacity": round(max(strength, FAINTEST), 2),
                "from": f"{line.layer}-{units[line.layer][source]}",
                "to": f"{line.layer + 1}-{units[line.layer + 1][target]}",
            }
        )
    return lines


def _drawn(network: Network, units: list[list[int]]) -> list[NDArray[np.float32]]:
    """Return the weights of each layer that are drawn."""
    return [
        weight[np.ix_(units[layer], units[layer + 1])]
        for layer, weight in enumerate(network.weights)
    ]


def _columns(diagram: Diagram, units: list[list[int]], names: Sequence[str]) -> list[Json]:
    last = len(diagram.columns) - 1
    columns: list[Json] = []
    for layer, column in enumerate(diagram.columns):
        kind = "input" if layer == 0 else "output" if layer == last else "hidden"
        neurons: list[Json] = [
            {
                "id": f"{layer}-{unit}",
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
                "heading": _heading(kind, column.size),
                "neurons": neurons,
                "ellipsis": ellipsis,
            }
        )
    return columns


def _heading(kind: str, size: int) -> str:
    noun = {"input": "input", "hidden": "hidden unit", "output": "output"}[kind]
    return f"{size:,} {noun}{'' if size == 1 else 's'}"


def _notes(network: Network, names: Sequence[str]) -> dict[str, Json]:
    """Say of every neuron above the inputs what its weights are, by the neuron's id."""
    notes: dict[str, Json] = {}
    last = len(network.weights)
    for layer, (weight, bias) in enumerate(
        zip(network.weights, network.biases, strict=True), start=1
    ):
        for unit in range(weight.shape[1]):
            who = f"the output for {names[unit]}" if layer == last else f"hidden unit {unit + 1}"
            column = weight[:, unit]
            note = (
                f"{who[0].upper()}{who[1:]}: {len(column):,} weights from {_signed(column.min())} "
                f"to {_signed(column.max())}, bias {_signed(bias[unit])}."
            )
            if layer == last - 1:
                votes = network.weights[layer][unit]
                note += (
                    f" It speaks most for {names[int(votes.argmax())]} "
                    f"({_signed(votes.max())}) and most against {names[int(votes.argmin())]} "
                    f"({_signed(votes.min())})."
                )
            notes[f"{layer}-{unit}"] = note
    return notes


def _signed(number: float | np.floating) -> str:
    return f"{number:+.{PLACES}f}".replace("-", "−")


def _finding(material: NetworkMaterial) -> str:
    architecture = material.trained.network.architecture
    hidden = "".join(f", {count} hidden units" for count in architecture.hidden)
    return (
        f"A diagram of {material.title}: {architecture.widths[0]:,} inputs{hidden} and "
        f"{architecture.classes} outputs, one for each of "
        f"{', '.join(material.dataset.description.class_names)}; every unit is connected to every "
        f"unit of the next layer, {architecture.multiply_adds:,} weights in all."
    )


def _caption(architecture: Architecture) -> str:
    inputs = architecture.widths[0]
    part = (
        f" Of the {inputs:,} inputs a few are drawn, down the middle of the image."
        if inputs > WIDE.most
        else ""
    )
    return (
        "The whole network. A line is a weight: blue where it is positive, orange where it is "
        f"negative, faint where it is small.{part} Pick a neuron to see its own connections."
    )
