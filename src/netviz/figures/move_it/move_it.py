"""An image moved off its place: what networks say of it then, and of all test images.

The table without script shows one image in several places. Script lets a reader drag it, and
others, to any place; the page runs the networks on it, and the build has counted all images.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.moving import DISTANCES, accuracies_at_distances, moved_left
from netviz.datasets.dataset import Dataset, Images, to_unit_range
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
from netviz.figures.parts.exhibits import exhibits
from netviz.figures.parts.shipped import images_data, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted
from netviz.figures.words import Said, number, say, sentences
from netviz.network.softmax import softmax
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

SMALLEST = 16  # pixels a side, of which a move by 4 leaves three quarters
EACH = 2  # images of a class to move
TELLING = 3  # pixels by which the image shown at first has to be moved to be misread
UNLIT = 0.25  # how strongly a template shows where the image has no ink
FULL = 0.6  # of the strongest weight: what is lit in full colour


@dataclass(frozen=True)
class Arguments:
    """The networks that are asked, all of the same images; the first has its template shown."""

    networks: tuple[NetworkName, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw one image in several places; count the answers to all test images there.

    Raises:
        EssayError: there is no network, they read different images, or the images are small.
    """
    asked = [materials.networks[name] for name in arguments.networks]
    data = _shared_dataset(asked)
    height, width, _ = data.description.image_shape
    names = data.description.class_names
    chosen, first = _chosen(asked, data)
    images, labels = data.test.images[chosen], data.test.labels[chosen]
    shown, label = images[first : first + 1], int(labels[first])
    places = np.concatenate([moved_left(shown, pixels) for pixels in DISTANCES])
    right = [
        accuracies_at_distances(one.trained.network, data.test, one.evaluation) for one in asked
    ]
    lit = _lit(asked[0], places, label, output)
    output.data("images", images_data(images, labels))
    for one in asked:
        output.data(f"network-{one.name}", network_data(one.trained.network))
    return Drawing(
        finding=_finding(asked, right),
        caption=say(
            "An image moved to the left, pixel by pixel; what it is read as, and below the share "
            "of all test images that are still read correctly when they are moved as far. Drag it "
            "anywhere, or move it with the arrow keys."
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("left", _distances(width)),
            choice("up", _distances(height)),
        ),
        context={
            "distances": list(DISTANCES),
            "width": width,
            "height": height,
            "actual": names[label],
            "pictures": write_strip(output, "places", [to_image(one) for one in places]),
            "lit": lit,
            "networks": [
                {
                    "title": one.title,
                    "answers": _answers(one, places),
                    "accuracies": accuracies.tolist(),
                }
                for one, accuracies in zip(asked, right, strict=True)
            ],
            "count": len(data.test),
        },
        config={
            "images": Asset("images"),
            "data": [Asset(f"network-{one.name}") for one in asked],
            "classes": names,
            "place": first,
            "distances": DISTANCES,
            "has_template": lit is not None,
            "unlit": UNLIT,
            "full": FULL,
        },
    )


def _distances(side: int) -> list[str]:
    """Return the pixels by which a reader can move an image along a side: half of it each way."""
    return [str(pixels) for pixels in range(-(side // 2), side // 2 + 1)]


def _shared_dataset(asked: list[NetworkMaterial]) -> Dataset:
    """Return the data set that the networks read.

    Raises:
        EssayError: there are no networks, they read different images, or the images are small.
    """
    if not asked:
        raise EssayError("move_it needs a network", expected='networks=["name"]')
    if len({one.dataset.digest for one in asked}) > 1:
        raise EssayError(
            "move_it shows one image to networks that read different images",
            expected="networks on the same data set",
            got=", ".join(f"{one.name} of {one.dataset.description.title}" for one in asked),
        )
    data = asked[0].dataset
    if min(data.description.image_shape[:2]) < SMALLEST:
        raise EssayError(
            f"the images of {data.description.title} are too small to be moved",
            expected=f"at least {SMALLEST} pixels a side",
            got=" by ".join(map(str, data.description.image_shape[:2])),
        )
    return data


def _chosen(asked: list[NetworkMaterial], data: Dataset) -> tuple[NDArray[np.intp], int]:
    """Return the test images to be moved, and which of them is shown at first.

    That one is read correctly by every network in its place, and misread by the first one when
    it is moved, if there is such an image.
    """
    chosen = exhibits(asked[0].evaluation, EACH, 0)
    if not len(chosen):
        chosen = np.arange(1)
    labels = data.test.labels[chosen]
    moved = moved_left(data.test.images[chosen], TELLING)
    misread = _logits(asked[0], moved).argmax(axis=1) != labels
    known = np.all([one.evaluation.correct[chosen] for one in asked], axis=0)
    return chosen, int((misread & known).argmax())


def _logits(material: NetworkMaterial, images: Images) -> NDArray[np.float32]:
    """Return the logits of `images` (n, height, width, channels), (n, classes)."""
    pixels = to_unit_range(images.reshape(len(images), -1))
    return material.trained.network.logits(pixels)


def _answers(material: NetworkMaterial, places: Images) -> list[Json]:
    """Return for each place of the image what it is read as, and how surely."""
    names = material.dataset.description.class_names
    shares = softmax(_logits(material, places))
    return [{"name": names[int(one.argmax())], "share": float(one.max())} for one in shares]


def _lit(
    material: NetworkMaterial, places: Images, label: int, output: Output
) -> dict[str, Json] | None:
    """Write the template of a class, lit where the image has ink; None without a template."""
    network = material.trained.network
    if not network.is_linear or network.image_shape[2] != 1:
        return None
    weights = network.filters()[label]
    limit = FULL * Scale.symmetric(weights).limit
    scale = Scale(-limit, limit)
    ink = UNLIT + (1 - UNLIT) * places.astype(np.float32) / np.float32(255)
    return write_strip(
        output, "lit", [weight_picture(weights * one, "diverging", scale) for one in ink]
    )


def _finding(asked: list[NetworkMaterial], right: list[NDArray[np.float64]]) -> Said:
    return sentences(
        *(
            say(
                "{network} classifies {before} of the test images correctly where they stand, and "
                "{after} moved to the left by {pixels} pixels.",
                network=one.title,
                before=number(accuracies[0], ".1%"),
                after=number(accuracies[-1], ".1%"),
                pixels=number(DISTANCES[-1]),
            )
            for one, accuracies in zip(asked, right, strict=True)
        )
    )
