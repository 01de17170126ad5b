"""All weights of a network of one layer at a glance, with an image that they score.

Each class's weights are one large signed picture, with the score of the image that lies beside
them; the class with the highest score is outlined. Script lets a reader draw over the image, and
scores every stroke.
"""

from dataclasses import dataclass

import numpy as np

from netviz.figures.figure import (
    Asset,
    Drawing,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import CENTRED, exhibits, exhibits_data
from netviz.figures.parts.names import are_words
from netviz.figures.parts.refusals import check_one_grey_layer
from netviz.figures.parts.shipped import encoded, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted
from netviz.figures.words import Said, number, say, sentences
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture


@dataclass(frozen=True)
class Arguments:
    """A network of one layer on grey images."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the weights of every class, and one test image with its scores.

    Raises:
        EssayError: the network has hidden layers, or reads coloured images.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    check_one_grey_layer(
        f"hero cannot lay an image beside the weights of {arguments.network!r}", network
    )
    names = material.dataset.description.class_names
    is_digits = material.dataset.description.name in CENTRED
    chosen = exhibits(material.evaluation)
    shown = int(chosen[0])
    logits = material.evaluation.logits[shown]
    filters = network.filters()
    scale = Scale.symmetric(filters)
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    height, width, _ = network.image_shape
    return Drawing(
        finding=_finding(material, shown),
        caption=say(
            "All {count} weights of {network}, which is right about {share} of the test images. "
            "Blue: ink here counts for the class; orange: against it. The number is the score of "
            "the image.",
            count=number(network.multiply_adds),
            network=material.title,
            share=number(material.evaluation.accuracy, ".1%"),
        ),
        states=(choice("image", counted(len(chosen))),),
        context={
            "classes": list(names),
            "words": are_words(names),
            "width": width,
            "height": height,
            "image": write_strip(output, "image", [to_image(material.dataset.test.images[shown])]),
            "pictures": write_strip(
                output, "weights", [weight_picture(one, "diverging", scale) for one in filters]
            ),
            "actual": names[int(material.evaluation.labels[shown])],
            "scores": [float(logit) for logit in logits],
            "winner": int(logits.argmax()),
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "images": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "digits": is_digits,
            "width": width,
            "height": height,
            "image": encoded(material.dataset.test.images[shown], "u1"),
        },
    )


def _finding(material: NetworkMaterial, shown: int) -> Said:
    names = material.dataset.description.class_names
    logits = material.evaluation.logits[shown]
    first, second = np.argsort(-logits)[:2]
    return sentences(
        say(
            "The weights of {network} as {count} pictures, one for each class.",
            network=material.title,
            count=number(len(names)),
        ),
        say(
            "A test image of {class} scores highest for {first}, {score}, and next for {second}, "
            "{next}.",
            **{"class": names[int(material.evaluation.labels[shown])]},
            first=names[first],
            score=number(logits[first], ".1f"),
            second=names[second],
            next=number(logits[second], ".1f"),
        ),
    )
