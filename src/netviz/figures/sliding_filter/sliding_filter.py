"""One filter of the first layer on one image: window, products, sum, and the map of all sums.

The picture without script shows the window where the filter answers most strongly. The page
computes with the weights itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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
from netviz.figures.parts.exhibits import exhibits_data
from netviz.figures.parts.filters import filter_picture, first_convolution
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import encoded, first_of_each_class
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import cells, choice, counted
from netviz.figures.words import Said, number, say
from netviz.network.layers import Convolution
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

EACH = 2  # images of each class that the page has
MOST_FILTERS = 128  # as many pictures as the page's styles can crop out of one strip


@dataclass(frozen=True)
class Arguments:
    """A network whose first layer is a convolution.

    `filter` is the one shown first, from 0; without it, the one that answers most strongly.
    """

    network: NetworkName
    filter: int | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """The filter at the place where it answers most strongly: (rows, columns, channels) each."""

    row: int
    column: int
    window: NDArray[np.float32]
    products: NDArray[np.float32]
    sums: NDArray[np.float32]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw one step and the map of one image; ship the filters and more images.

    Raises:
        EssayError: the first layer is no convolution, pads the image, or has no such filter.
    """
    material = materials.networks[arguments.network]
    layer = first_convolution("sliding_filter", material)
    expected = "a network whose first layer does not pad the image"
    require(not any(layer.padding), "sliding_filter", expected, material)
    chosen = first_of_each_class(material.dataset.test, EACH)
    image = material.dataset.test.images[chosen[0]]
    unit = _filter(arguments, layer, image)
    step = _strongest(layer, image, unit)
    scale = Scale.symmetric(layer.weights)
    output.picture("image", to_image(image))
    output.picture("window", _image(step.window))
    output.picture("products", weight_picture(step.products.sum(axis=2), "diverging", scale))
    output.picture("map", weight_picture(step.sums, "diverging"))
    output.data(f"filters-{arguments.network}", _filters(layer))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    height, width, channels = material.trained.network.image_shape
    rows, columns = layer.size
    names = material.dataset.description.class_names
    product = float(step.products.sum())
    return Drawing(
        finding=_finding(material, layer, unit, step),
        caption=say(
            "A filter of {rows} by {columns} pixels of {network} slides over an image. At each "
            "place the pixels under it are multiplied by its weights and added up, with the bias: "
            "one number of the map. Move the window, and choose another filter or image.",
            rows=number(rows),
            columns=number(columns),
            network=material.title,
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("filter", counted(len(_shown(layer)))),
            cells("window", counted(step.sums.shape[0]), counted(step.sums.shape[1])),
        ),
        context={
            "shelved": len(chosen),
            "actual": names[int(material.evaluation.labels[chosen[0]])],
            "filters": write_strip(
                output,
                "filters",
                [filter_picture(layer.weights[..., k], scale) for k in _shown(layer)],
            ),
            "filter": unit,
            "width": width,
            "height": height,
            "channels": channels,
            "rows": rows,
            "columns": columns,
            "map_rows": step.sums.shape[0],
            "map_columns": step.sums.shape[1],
            "row": step.row,
            "column": step.column,
            "top": step.row * layer.stride,
            "left": step.column * layer.stride,
            "sum": product,
            "bias": float(layer.biases[unit]),
            "answer": float(step.sums[step.row, step.column]),
        },
        config={
            "data": Asset(f"filters-{arguments.network}"),
            "exhibits": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "filter": unit,
            "rows": rows,
            "columns": columns,
            "mapRows": step.sums.shape[0],
            "mapColumns": step.sums.shape[1],
            "row": step.row,
            "column": step.column,
        },
    )


def _filter(arguments: Arguments, layer: Convolution, image: NDArray[np.uint8]) -> int:
    """Return the filter to show first.

    Raises:
        EssayError: the layer has no such filter.
    """
    if arguments.filter is None:
        answers = layer.forward(to_unit_range(image[None]))
        return int(answers.max(axis=(0, 1, 2)).argmax())
    if not 0 <= arguments.filter < layer.units:
        raise EssayError(
            f"the first layer of {arguments.network!r} has no filter {arguments.filter}",
            expected=f"0 to {layer.units - 1}",
        )
    return arguments.filter


def _shown(layer: Convolution) -> range:
    return range(min(layer.units, MOST_FILTERS))


def _image(pixels: NDArray[np.float32]) -> Image.Image:
    return to_image(np.rint(255 * pixels).astype(np.uint8))


def _strongest(layer: Convolution, image: NDArray[np.uint8], unit: int) -> Step:
    pixels = to_unit_range(image)
    sums = layer.forward(pixels[None])[0, :, :, unit]
    row, column = (int(place) for place in np.unravel_index(int(sums.argmax()), sums.shape))
    top, left = row * layer.stride, column * layer.stride
    rows, columns = layer.size
    window = pixels[top : top + rows, left : left + columns]
    return Step(row, column, window, window * layer.weights[..., unit], sums)


def _filters(layer: Convolution) -> dict[str, Json]:
    """Return the filters one after the other, each (rows, columns, channels), and the biases."""
    return {
        "weights": encoded(np.moveaxis(layer.weights, 3, 0), "<f4"),
        "biases": encoded(layer.biases, "<f4"),
        "stride": layer.stride,
        "limit": Scale.symmetric(layer.weights).limit,
    }


def _finding(material: NetworkMaterial, layer: Convolution, unit: int, step: Step) -> Said:
    rows, columns = layer.size
    return say(
        "Filter {unit} of {network}, {rows} by {columns} pixels, answers most strongly in row "
        "{row}, column {column} of its map: the products add up to {sum}, and with the bias of "
        "{bias} the answer is {answer}. The map has {count} such numbers.",
        unit=number(unit + 1),
        network=material.title,
        rows=number(rows),
        columns=number(columns),
        row=number(step.row + 1),
        column=number(step.column + 1),
        sum=number(float(step.products.sum()), ".2f"),
        bias=number(float(layer.biases[unit]), ".2f"),
        answer=number(float(step.sums.max()), ".2f"),
        count=number(step.sums.size),
    )
