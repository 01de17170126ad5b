"""The filters of a first convolution, and the pieces of images that excite each of them most.

Beside them are the filters of other networks, as controls: what the same layer looks like where
nothing was learnt, or where there was nothing to learn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.excitation import Peaks, peaks
from netviz.datasets.dataset import Images, to_unit_range
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.filters import filter_picture, first_convolution, is_coloured
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted
from netviz.figures.words import Said, number, say, sentences
from netviz.network.layers import Convolution
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import contact_sheet, to_image

LOOKED_AT = 2000  # test images
AT_ONCE = 100
PIECES = 8  # of images, for each filter
MOST_FILTERS = 128  # as many pictures as the page's styles can crop out of one strip
NO_PADDING = (0, 0, 0, 0)
EXPLAINED = 12  # filters with their pieces beside them, for readers without script too


@dataclass(frozen=True)
class Arguments:
    """A network whose first layer is a convolution; `controls` are others to compare it with."""

    network: NetworkName
    controls: tuple[NetworkName, ...] = ()


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw all filters, and the pieces of test images that excite them.

    Raises:
        EssayError: the first layer of a network is no convolution.
    """
    names = (arguments.network, *arguments.controls)
    layers = [first_convolution("filters", materials.networks[name]) for name in names]
    material, layer = materials.networks[arguments.network], layers[0]
    images = material.dataset.test.images[:LOOKED_AT]
    # Pieces at the border of an image would be cut off.
    inside = replace(layer, padding=NO_PADDING)
    found = peaks(_maps(inside, images), PIECES)
    rows, columns = layer.size
    count = min(layer.units, MOST_FILTERS)
    _write_pieces(layer, images, found, count, output)
    explained = _most_excited(found)
    return Drawing(
        finding=_finding(material, layer, [materials.networks[name] for name in names[1:]]),
        caption=say(
            "The {count} filters of the first layer of {network}, and of the images of the test "
            "set the pieces that excite a filter most. Point at a filter to see its pieces.",
            count=number(count),
            network=material.title,
        ),
        states=(choice("filter", counted(count)),),
        context={
            "sets": [
                _set(materials.networks[name], one, output, place)
                for place, (name, one) in enumerate(zip(names, layers, strict=True))
            ],
            "rows": rows,
            "columns": columns,
            "count": count,
            "explained": [
                {"unit": unit, "strip": _strip(unit, layer, images, found, output)}
                for unit in explained
            ],
        },
        config={
            "sheet": Asset("pieces"),
            "rows": rows,
            "columns": columns,
            "pieces": found.images.shape[1],
        },
    )


def _maps(layer: Convolution, images: Images) -> Iterator[NDArray[np.float32]]:
    """Yield what `layer` makes of some of `images` after the other."""
    for start in range(0, len(images), AT_ONCE):
        yield layer.forward(to_unit_range(images[start : start + AT_ONCE]))


def _set(
    material: NetworkMaterial, layer: Convolution, output: Output, place: int
) -> dict[str, Json]:
    """Draw the filters of one network, each on a scale of its own: some are far stronger."""
    shown = [layer.weights[..., unit] for unit in range(min(layer.units, MOST_FILTERS))]
    pictures = [filter_picture(weights, Scale.symmetric(weights)) for weights in shown]
    return {
        "title": material.title,
        "accuracy": material.evaluation.accuracy,
        "strip": write_strip(output, f"filters-{place}", pictures),
        "colour": is_coloured(shown[0]),
    }


def _most_excited(found: Peaks) -> list[int]:
    """Return the filters that answer most strongly, in their order."""
    order = np.argsort(-found.values.mean(axis=1), kind="stable")[:EXPLAINED]
    return sorted(order.tolist())


def _pieces(
    unit: int, layer: Convolution, images: NDArray[np.uint8], found: Peaks
) -> NDArray[np.uint8]:
    """Cut out the pieces that excite a filter, (pieces, rows, columns, channels)."""
    rows, columns = layer.size
    tops = found.rows[unit] * layer.stride
    lefts = found.columns[unit] * layer.stride
    return np.stack(
        [
            images[image, top : top + rows, left : left + columns]
            for image, top, left in zip(found.images[unit], tops, lefts, strict=True)
        ]
    )


def _strip(
    unit: int, layer: Convolution, images: NDArray[np.uint8], found: Peaks, output: Output
) -> dict[str, Json]:
    pictures = [to_image(piece) for piece in _pieces(unit, layer, images, found)]
    return write_strip(output, f"pieces-{unit}", pictures)


def _write_pieces(
    layer: Convolution, images: NDArray[np.uint8], found: Peaks, count: int, output: Output
) -> None:
    """Write the pieces of all filters as one picture, a row a filter."""
    pieces = [
        to_image(piece) for unit in range(count) for piece in _pieces(unit, layer, images, found)
    ]
    output.picture("pieces", contact_sheet(pieces, found.images.shape[1]))


def _finding(
    material: NetworkMaterial, layer: Convolution, controls: list[NetworkMaterial]
) -> Said:
    rows, columns = layer.size
    own = say(
        "The {count} filters of {rows} by {columns} pixels through which {network} sees an image. "
        "It classifies {accuracy} of the test images correctly.",
        count=number(layer.units),
        rows=number(rows),
        columns=number(columns),
        network=material.title,
        accuracy=_accuracy(material),
    )
    others = (
        say("The same layer of {network}: {accuracy}.", network=one.title, accuracy=_accuracy(one))
        for one in controls
    )
    return sentences(own, *others)


def _accuracy(material: NetworkMaterial) -> Said:
    return number(material.evaluation.accuracy, ".1%")
