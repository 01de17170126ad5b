"""One neuron, drawn twice: as the textbook has it, and as the pictures that it works with.

Both drawings name the same things: pixels x, weights w, bias b and the sum z. Script lets the
reader choose the neuron and the image.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.analysis.ledger import class_ledger
from netviz.datasets.dataset import to_unit_range
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Drawing,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.filters import is_coloured, signed_picture
from netviz.figures.parts.refusals import no_test_image
from netviz.figures.parts.required import require
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, words
from netviz.figures.words import Said, number, say
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

MOST = 10  # neurons, and images, that a reader can choose from


@dataclass(frozen=True)
class Arguments:
    """`unit` is the neuron shown first, of the first layer, from 0."""

    network: NetworkName
    unit: int = 0


@dataclass(frozen=True)
class Neuron:
    """A neuron at work on some images.

    Attributes:
        weights: as a picture.
        products: of pixel and weight, a picture for each image.
        limit: the size of the numbers painted in full colour.
        sums: of each image's products, without the bias.
        bias: added to each sum.
    """

    weights: Image.Image
    products: list[Image.Image]
    limit: float
    sums: list[float]
    bias: float


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the pictures of every neuron and image that can be chosen.

    Raises:
        EssayError: not all layers are dense, the network has no such unit, or a class has no
            test image.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    require(network.is_dense, "one_neuron", "a network of dense layers", material)
    names = material.dataset.description.class_names
    outputs = network.is_linear
    numbers = _choice(arguments, network.dense[0].units)
    units = [_called(k, names, outputs) for k in numbers]
    # Outputs have images of their own classes beside them, so that a fit can be seen.
    labels = numbers if outputs else [*range(min(len(names), MOST))]
    images = _one_of_each(material, labels)
    unit = numbers.index(arguments.unit)
    image = unit if outputs else 0
    neurons = [_neuron(material, number, images) for number in numbers]
    height, width, _ = network.image_shape
    shown = neurons[unit]
    total, bias = shown.sums[image], shown.bias
    classes = [names[label] for label in labels]
    return Drawing(
        finding=_finding(
            outputs,
            {
                "network": material.title,
                "actual": names[labels[image]],
                "sum": number(total, ".2f"),
                "bias": number(bias, ".2f"),
                "total": number(total + bias, ".2f"),
            },
            units[unit],
        ),
        caption=say(
            "One neuron, drawn twice: as circles and lines, and as the pictures that it works "
            "with. Letters of one name are the same numbers. Choose a neuron and an image."
        ),
        states=(
            choice(
                "neuron", words(names[k] if outputs else f"hidden unit {k + 1}" for k in numbers)
            ),
            choice("image", words(classes)),
        ),
        context={
            "width": width,
            "height": height,
            "colour": is_coloured(network.filters()),
            "inputs": network.inputs,
            "units": [*units],
            "classes": [*classes],
            "unit": unit,
            "image": image,
            "images": write_strip(
                output, "images", [to_image(one) for one in material.dataset.test.images[images]]
            ),
            "weights": write_strip(output, "weights", [one.weights for one in neurons]),
            "products": [
                write_strip(output, f"products-{number}", one.products)
                for number, one in zip(numbers, neurons, strict=True)
            ],
            "limits": [one.limit for one in neurons],
            "sums": [[*one.sums] for one in neurons],
            "biases": [one.bias for one in neurons],
        },
        config={
            "products": [Asset(f"products-{number}") for number in numbers],
            "units": units,
            "classes": classes,
            "sums": [one.sums for one in neurons],
            "biases": [one.bias for one in neurons],
            "limits": [one.limit for one in neurons],
            "unit": unit,
            "image": image,
        },
    )


def _called(unit: int, names: Sequence[str], is_output: bool) -> Said:
    """Return the name of a neuron: that of its class, or its number among the hidden units."""
    return names[unit] if is_output else say("hidden unit {number}", number=number(unit + 1))


def _choice(arguments: Arguments, units: int) -> list[int]:
    """Return the neurons that a reader can choose from: the first few and the author's own."""
    if not 0 <= arguments.unit < units:
        raise EssayError(
            f"the network {arguments.network!r} has no unit {arguments.unit}",
            expected=f"0 to {units - 1}",
        )
    first = list(range(min(units, MOST)))
    return first if arguments.unit in first else [*first[:-1], arguments.unit]


def _neuron(material: NetworkMaterial, number: int, images: NDArray[np.intp]) -> Neuron:
    """Multiply each image by the weights of a neuron, and paint weights and products.

    Weights and products of grey images share a scale: where a pixel is white, its product looks
    as its weight. The products of a coloured pixel are added up, on a scale of their own.
    """
    network = material.trained.network
    weights = network.filters()[number]  # (height, width, channels)
    pixels = to_unit_range(material.dataset.test.images[images])
    ledgers = [class_ledger(network.dense[0], one, number) for one in pixels]
    evidence = np.stack([ledger.terms.sum(axis=-1) for ledger in ledgers])  # (n, height, width)
    scale = Scale.symmetric(evidence if is_coloured(weights) else weights)
    return Neuron(
        weights=signed_picture(weights, scale),
        products=[weight_picture(one, "diverging", scale) for one in evidence],
        limit=scale.limit,
        sums=[float(ledger.terms.sum(dtype=np.float64)) for ledger in ledgers],
        bias=float(network.dense[0].biases[number]),
    )


def _one_of_each(material: NetworkMaterial, labels: list[int]) -> NDArray[np.intp]:
    """Return the first correctly classified test image of each class, else the first of all."""
    evaluation = material.evaluation
    description = material.dataset.description
    chosen = []
    for label in labels:
        of_class = evaluation.labels == label
        if not of_class.any():
            raise no_test_image(description, label)
        right = of_class & evaluation.correct
        chosen.append(int(np.flatnonzero(right if right.any() else of_class)[0]))
    return np.array(chosen)


def _finding(is_output: bool, parts: Mapping[str, Said], unit: Said) -> Said:
    if is_output:
        return say(
            "The output for {class} of {network} and a test image of {actual}: the products of "
            "pixels and weights add up to {sum}; with the bias of {bias} that makes z = {total}.",
            **parts,
            **{"class": unit},
        )
    return say(
        "The {unit} of {network} and a test image of {actual}: the products of pixels and weights "
        "add up to {sum}; with the bias of {bias} that makes z = {total}.",
        **parts,
        unit=unit,
    )
