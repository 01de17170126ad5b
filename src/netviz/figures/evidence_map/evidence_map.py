"""Where in an image a score comes from, beside what is lost when a place is covered.

The last layer of the network reads maps. So a score is a sum over their places and the bias, and
the map of these sums is exact. The page runs the network itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evidence import evidence, has_places, weights_of_places
from netviz.analysis.occlusion import cover_of, mean_colour, occlusion
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
from netviz.figures.parts.shipped import encoded, first_of_each_class, network_data
from netviz.figures.states import cells, choice, counted, words
from netviz.figures.words import Said, number, say
from netviz.network.network import Network
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

EACH = 4  # images of each class that the page has


@dataclass(frozen=True)
class Arguments:
    """A network whose last layer reads maps, flattened or averaged over all places."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the evidence and the occlusion of one image; ship the network and more images.

    Raises:
        EssayError: the last layer of the network does not read maps.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    require(
        has_places(network) and not network.is_dense,
        "evidence_map",
        "a convolutional network whose last layer reads maps",
        material,
    )
    names = material.dataset.description.class_names
    chosen = first_of_each_class(material.dataset.test, EACH)
    pixels = to_unit_range(material.dataset.test.pixels[chosen])
    size, stride = cover_of(network)
    fill = mean_colour(material.dataset.train.images)
    covered = occlusion(network, material.dataset.test.images[chosen], size, stride, fill)
    winner = int(material.evaluation.logits[chosen[0]].argmax())
    terms = evidence(network, pixels[:1])[0, :, :, winner]
    lost = covered[0, :, :, winner]
    output.picture("image", to_image(material.dataset.test.images[chosen[0]]))
    output.picture("evidence", weight_picture(terms.astype(np.float32), "diverging"))
    output.picture("occlusion", weight_picture(lost, "diverging"))
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    output.data(f"places-{arguments.network}", _places(network, covered))
    bias = float(network.dense[-1].biases[winner])
    height, width, _ = network.image_shape
    rows, columns = terms.shape
    return Drawing(
        finding=_finding(material, int(chosen[0]), terms, bias),
        caption=say(
            "An image, what each of {rows} by {columns} places adds to a score of {network}, blue "
            "for and orange against, and what the score loses when a square of {height} by {width} "
            "pixels covers the place. Choose an image and a class, or cover a part of the image "
            "yourself.",
            rows=number(rows),
            columns=number(columns),
            network=material.title,
            height=number(size),
            width=number(size),
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("why", ["winner", *words(names)]),
            choice("not", ["none", "second", *words(names)]),
            cells("cover", counted(height), counted(width)),
        ),
        context={
            "shelved": len(chosen),
            "actual": names[int(material.evaluation.labels[chosen[0]])],
            "winner": names[winner],
            "width": width,
            "height": height,
            "rows": rows,
            "columns": columns,
            "limit": Scale.symmetric(terms).limit,
            "largest_loss": Scale.symmetric(lost).limit,
            "sums": {
                "plus": float(terms[terms > 0].sum()),
                "minus": float(np.abs(terms[terms < 0]).sum()),
                "bias": bias,
                "total": float(terms.sum()) + bias,
            },
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "exhibits": Asset(f"exhibits-{arguments.network}"),
            "places": Asset(f"places-{arguments.network}"),
            "classes": list(names),
            "rows": rows,
            "columns": columns,
            "cover": size,
            "fill": [round(int(one) / 255, 4) for one in fill],
        },
    )


def _places(network: Network, lost: NDArray[np.float32]) -> dict[str, Json]:
    """Return the weights of the places, and what each image loses at each place of a cover."""
    weights = weights_of_places(network)
    return {
        "weights": encoded(weights, "<f4"),
        "shared": weights.shape[0] == weights.shape[1] == 1,
        "lost": encoded(lost, "<f4"),
        "rows": lost.shape[1],
        "columns": lost.shape[2],
    }


def _finding(
    material: NetworkMaterial, image: int, terms: NDArray[np.float64], bias: float
) -> Said:
    names = material.dataset.description.class_names
    winner = int(material.evaluation.logits[image].argmax())
    row, column = np.unravel_index(int(terms.argmax()), terms.shape)
    return say(
        "The score of {class} for a test image of {actual} is {total}: the sum over {count} places "
        "and a bias of {bias}. The place in row {row}, column {column} adds most, {most}.",
        **{"class": names[winner]},
        actual=names[int(material.evaluation.labels[image])],
        total=number(float(terms.sum()) + bias, ".2f"),
        count=number(terms.size),
        bias=number(bias, ".2f"),
        row=number(int(row) + 1),
        column=number(int(column) + 1),
        most=number(float(terms.max()), ".2f"),
    )
