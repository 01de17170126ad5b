"""A network of one layer that trains in the page, on real images, before the reader's eyes.

Without script the figure shows the pictures of the same kind of network, trained by the build on
the whole training set: what the reader's own will come to resemble.
"""

import math
from dataclasses import dataclass
from typing import cast

from netviz.datasets.dataset import Split
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
from netviz.figures.parts.filters import signed_picture
from netviz.figures.parts.required import described
from netviz.figures.parts.shipped import first_of_each_class, images_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice
from netviz.figures.words import number, say
from netviz.rendering.colour import Scale

TRAINING, HELD_OUT = 800, 400  # images shipped, over all classes
BUDGET = 4_000_000  # bytes of pixels that a page may be asked to load
MOST_NUMBERS = BUDGET // (TRAINING + HELD_OUT)  # of an image
MOST_CLASSES = 20
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1)
DECAYS = (0, 0.001, 0.01, 0.1)
PASSES = 30  # over the images shipped


@dataclass(frozen=True)
class Arguments:
    """A network of one layer, to compare the reader's with."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Ship real images, and draw what the build made of all of them.

    Raises:
        EssayError: the network was trained elsewhere, has hidden layers, or its images are too
            many or too large.
    """
    material = materials.networks[arguments.network]
    names = material.dataset.description.class_names
    height, width, channels = material.dataset.description.image_shape
    _check(arguments, material)
    training = _shipped(material.dataset.train, TRAINING // len(names))
    held_out = _shipped(material.dataset.test, HELD_OUT // len(names))
    output.data(f"training-{material.dataset.description.name}", training)
    output.data(f"held-out-{material.dataset.description.name}", held_out)
    filters = material.trained.network.filters()
    scale = Scale.symmetric(filters)
    pictures = [signed_picture(one, scale) for one in filters]
    counts = {"training": training["count"], "held_out": held_out["count"]}
    return Drawing(
        finding=say(
            "The weights of {network}, trained on {count} images, right about {accuracy} of the "
            "test set. In the page a network of the same kind can be trained on {few} of the "
            "images.",
            network=material.title,
            count=number(material.trained.train_count),
            accuracy=number(material.evaluation.accuracy, ".1%"),
            few=number(cast("int", training["count"])),
        ),
        caption=say(
            "Train a network of one layer yourself, on {count} real images, and watch its pictures "
            "form. It is scored on {held} test images that it never trains on. Nothing leaves your "
            "device.",
            count=number(cast("int", training["count"])),
            held=number(cast("int", held_out["count"])),
        ),
        states=(choice("rate", map(str, RATES)), choice("decay", map(str, DECAYS))),
        context={
            "classes": list(names),
            "width": width,
            "height": height,
            "channels": channels,
            "strip": write_strip(output, "trained", pictures),
            "accuracy": material.evaluation.accuracy,
            "whole": material.trained.train_count,
            "counts": {**counts},
            "passes": PASSES,
            "loss_of_guessing": math.log(len(names)),
        },
        config={
            "training": Asset(f"training-{material.dataset.description.name}"),
            "held": Asset(f"held-out-{material.dataset.description.name}"),
            "classes": list(names),
            "width": width,
            "height": height,
            "channels": channels,
            "counts": counts,
            "passes": PASSES,
            "rates": list(RATES),
            "decays": list(DECAYS),
            "guessing": math.log(len(names)),
        },
    )


def _check(arguments: Arguments, material: NetworkMaterial) -> None:
    if material.trained.recipe is None:
        raise EssayError(
            f"{arguments.network!r} was trained elsewhere, by a recipe that a page does not know",
            expected="a network with a recipe",
            remedy="Name another network, or remove the figure.",
        )
    reasons = _reasons(material)
    if reasons:
        raise EssayError(
            f"what {arguments.network!r} learns cannot be trained in a page: "
            + ", and ".join(reasons),
            expected=f"no hidden layer, at most {MOST_CLASSES} classes, and images of at most "
            f"{MOST_NUMBERS:,} numbers, such as 32 by 32 pixels in colour or 57 by 57 in grey",
            remedy="Name another network, or remove the figure.",
        )


def _reasons(material: NetworkMaterial) -> list[str]:
    """Say what keeps a network from being trained in a page."""
    network = material.trained.network
    classes, numbers = network.classes, network.inputs
    reasons = []
    if not network.is_dense:
        reasons.append(f"its layers are {described(network)}")
    elif network.hidden:
        layers = len(network.hidden)
        reasons.append(f"it has {layers} hidden layer{'' if layers == 1 else 's'}")
    if classes > MOST_CLASSES:
        reasons.append(f"there are {classes} classes")
    if numbers > MOST_NUMBERS:
        reasons.append(f"an image has {numbers:,} numbers")
    return reasons


def _shipped(split: Split, each: int) -> dict[str, Json]:
    chosen = first_of_each_class(split, max(1, each))
    return images_data(split.images[chosen], split.labels[chosen])
