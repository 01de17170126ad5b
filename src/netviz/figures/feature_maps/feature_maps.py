"""An image and its maps in every layer, and what part of the image a place in a map sees.

A row of the figure holds the maps that the next layer with weights reads. All maps of a row have
one scale. The page runs the network itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.receptive import receptive_field, sensitivity
from netviz.datasets.dataset import to_unit_range
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import exhibits_data
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import first_of_each_class, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import Setting, choice, counted
from netviz.figures.words import Said, number, say
from netviz.network.layers import Convolution, Dense, Flatten, GlobalAverage
from netviz.network.network import Network
from netviz.rendering.colour import Scale, grey
from netviz.rendering.pictures import to_image, weight_picture

EACH = 2  # images of each class that the page has
MOST_MAPS = 32  # of a layer
PROBED = 100  # images over which sensitivity is averaged


@dataclass(frozen=True)
class Arguments:
    """A convolutional network."""

    network: NetworkName


@dataclass(frozen=True, eq=False)
class Row:
    """The maps of one layer: its number, and the units shown of how many.

    Their scale reaches from `-limit` to `limit`; `is_signed` where any number of them is negative.
    """

    depth: int
    units: tuple[int, ...]
    of: int
    limit: float
    is_signed: bool


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the maps of one image; ship the network and more images.

    Raises:
        EssayError: the network has no convolution.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    convolves = any(isinstance(layer, Convolution) for layer in network.layers)
    require(convolves, "feature_maps", "a convolutional network", material)
    chosen = first_of_each_class(material.dataset.test, EACH)
    test = material.dataset.test
    pixels = to_unit_range(test.pixels[chosen])
    outputs = network.outputs(pixels)
    rows = [_row(outputs[depth], depth) for depth in depths(network)]
    probed = to_unit_range(test.pixels[:PROBED])
    names = material.dataset.description.class_names
    output.picture("image", to_image(test.images[chosen[0]]))
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    layers: list[Json] = [
        _layer(network, row, outputs[row.depth][0], probed, output, place=place)
        for place, row in enumerate(rows)
    ]
    return Drawing(
        finding=_finding(material, rows),
        caption=say(
            "An image and what each layer of {network} makes of it, one map for each filter. In "
            "front of each row: what a place in the middle of its maps sees of the image. Choose "
            "an image, and point at a place of a map.",
            network=material.title,
        ),
        states=(
            choice("image", counted(len(chosen))),
            *(_place_in(network, row, place) for place, row in enumerate(rows, 1)),
        ),
        context={
            "shelved": len(chosen),
            "actual": names[int(material.evaluation.labels[chosen[0]])],
            "width": network.image_shape[1],
            "height": network.image_shape[0],
            "layers": layers,
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "exhibits": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "layers": layers,
        },
    )


def depths(network: Network) -> list[int]:
    """Return the numbers of the layers whose maps are read by a layer with weights or joined."""
    readers = (Convolution, Dense, Flatten, GlobalAverage)
    found = [
        number - 1
        for number, layer in enumerate(network.layers)
        if number and isinstance(layer, readers) and len(network.shapes[number]) == 3
    ]
    return sorted(set(found))


def _place_in(network: Network, row: Row, place: int) -> Setting:
    """Return the setting for what is framed of a row: a place by its map, row and column.

    Maps count as they are shown, so that a link holds for a network trained again.
    """
    rows, columns, _ = network.shapes[row.depth + 1]
    lists = (tuple(counted(count)) for count in (len(row.units), rows, columns))
    return Setting(f"layer{place}", tuple(lists))


def _row(maps: NDArray[np.float32], depth: int) -> Row:
    """Choose the units that answer most strongly to the images, (n, rows, columns, units)."""
    strength = maps.max(axis=(0, 1, 2))
    units = sorted(np.argsort(-strength, kind="stable")[:MOST_MAPS].tolist())
    is_signed = bool(maps.min() < 0)
    return Row(depth, tuple(units), maps.shape[3], Scale.symmetric(maps).limit, is_signed)


def _layer(  # noqa: PLR0913 - a row, what it shows, and where it is written
    network: Network,
    row: Row,
    maps: NDArray[np.float32],
    probed: NDArray[np.float32],
    output: Output,
    *,
    place: int,
) -> dict[str, Json]:
    """Draw one row; return what the page needs to draw it again."""
    height, width, _ = network.image_shape
    rows, columns, _ = maps.shape
    scale = Scale(-row.limit, row.limit)
    pictures = [weight_picture(maps[:, :, unit], "diverging", scale) for unit in row.units]
    middle = (rows // 2, columns // 2)
    heeded = sensitivity(network, row.depth, probed, *middle)
    output.picture(f"heeded-{place}", to_image(grey(heeded, Scale(0, 1))))
    first = receptive_field(network, row.depth, 0, 0)
    next_one = receptive_field(network, row.depth, 1, 1)
    seen = receptive_field(network, row.depth, *middle).within(height, width)
    return {
        "depth": row.depth,
        "units": list(row.units),
        "of": row.of,
        "limit": row.limit,
        "signed": row.is_signed,
        "rows": rows,
        "columns": columns,
        "strip": write_strip(output, f"maps-{place}", pictures),
        "heeded": f"heeded-{place}",
        "sees": [first.bottom - first.top, first.right - first.left],
        "starts": [first.top, first.left],
        "steps": [next_one.top - first.top, next_one.left - first.left],
        "seen_share": (seen.bottom - seen.top) * (seen.right - seen.left) / (height * width),
    }


def _finding(material: NetworkMaterial, rows: list[Row]) -> Said:
    network = material.trained.network
    first, last = (_seen(network, row) for row in (rows[0], rows[-1]))
    height, width, _ = network.shapes[rows[-1].depth + 1]
    return say(
        "The last maps of {network} are {count} of {rows} by {columns}. A place of them sees "
        "{height} by {width} pixels of the image; a place of the first maps sees {high} by {wide} "
        "pixels.",
        network=material.title,
        count=number(rows[-1].of),
        rows=number(height),
        columns=number(width),
        height=number(last[0]),
        width=number(last[1]),
        high=number(first[0]),
        wide=number(first[1]),
    )


def _seen(network: Network, row: Row) -> tuple[int, int]:
    """Return the rows and the columns of the image that a place in the middle of a map sees."""
    height, width, _ = network.shapes[row.depth + 1]
    window = receptive_field(network, row.depth, height // 2, width // 2)
    return window.bottom - window.top, window.right - window.left
