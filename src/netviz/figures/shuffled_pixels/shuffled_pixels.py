"""The same images with all pixels moved by one shuffle, and what that costs each kind of network.

Script lets a reader move the pixels from one order to the other.
"""

from dataclasses import dataclass

import numpy as np

from netviz.datasets.shuffled import pixel_order
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
from netviz.figures.parts.shipped import encoded, first_of_each_class, images_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, sentences
from netviz.rendering.pictures import to_image

SHOWN = 6  # images


@dataclass(frozen=True)
class Arguments:
    """`networks` learnt from images as they are, `shuffled` the same ones from shuffled images."""

    networks: tuple[NetworkName, ...]
    shuffled: tuple[NetworkName, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw images in both orders, and the accuracy of each network on both.

    Raises:
        EssayError: the networks do not come in pairs, or the images of a pair are not the same
            ones, first as they are and then shuffled.
    """
    pairs = _pairs(arguments, materials)
    plain, moved = pairs[0]
    chosen = first_of_each_class(plain.dataset.test, 1)[:SHOWN]
    height, width, channels = plain.dataset.description.image_shape
    test = plain.dataset.test
    output.data("images", images_data(test.images[chosen], test.labels[chosen]))
    output.data("order", {"order": encoded(pixel_order(height, width), "<u2")})
    rows: list[Json] = [
        {
            "title": one.title,
            "plain": one.evaluation.accuracy,
            "shuffled": other.evaluation.accuracy,
        }
        for one, other in pairs
    ]
    return Drawing(
        finding=sentences(*(_sentence(one, other) for one, other in pairs)),
        caption=say(
            "Images as they are, the same images with all pixels in another order, and what "
            "networks make of them that learnt from images in that order. The order is the same "
            "for every image."
        ),
        states=(choice("pixels", ["plain", "shuffled"]),),
        context={
            "width": width,
            "height": height,
            "channels": channels,
            "plain": write_strip(output, "plain", [to_image(one) for one in test.images[chosen]]),
            "moved": write_strip(
                output, "moved", [to_image(one) for one in moved.dataset.test.images[chosen]]
            ),
            "rows": rows,
        },
        config={"images": Asset("images"), "order": Asset("order")},
    )


def _pairs(
    arguments: Arguments, materials: Materials
) -> list[tuple[NetworkMaterial, NetworkMaterial]]:
    if not arguments.networks or len(arguments.networks) != len(arguments.shuffled):
        raise EssayError(
            "shuffled_pixels needs networks in pairs",
            expected='networks=["name"], shuffled=["its twin on shuffled pixels"]',
            got=f"{len(arguments.networks)} and {len(arguments.shuffled)} names",
        )
    pairs = [
        (materials.networks[one], materials.networks[other])
        for one, other in zip(arguments.networks, arguments.shuffled, strict=True)
    ]
    for one, other in pairs:
        _check(one, other)
    return pairs


def _check(one: NetworkMaterial, other: NetworkMaterial) -> None:
    """Refuse a pair whose second network did not learn from the shuffled images of the first.

    Raises:
        EssayError: the images of the second network are not those of the first, shuffled.
    """
    images, others = one.dataset.test.images, other.dataset.test.images
    height, width, _ = one.dataset.description.image_shape
    order = pixel_order(height, width)
    shuffled = images.reshape(len(images), height * width, -1)[:, order]
    if not np.array_equal(shuffled.ravel(), others.ravel()):
        raise EssayError(
            f"the network {other.name!r} is no twin of {one.name!r} on shuffled pixels",
            expected="shuffled_pixels = true in its settings, and the same data set",
        )


def _sentence(one: NetworkMaterial, other: NetworkMaterial) -> Said:
    return say(
        "{network} classifies {accuracy} of the test images correctly, and {shuffled} where it "
        "learnt from shuffled pixels.",
        network=one.title,
        accuracy=number(one.evaluation.accuracy, ".1%"),
        shuffled=number(other.evaluation.accuracy, ".1%"),
    )
