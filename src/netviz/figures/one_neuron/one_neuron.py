"""One neuron, drawn twice: as the textbook has it, and as the pictures that it works with.

Both drawings name the same things: pixels x, weights w, bias b and the sum z. Script lets the
reader choose the neuron and the image.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.analysis.ledger import class_ledger
from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, Needs, NetworkMaterial, Output
from netviz.figures.parts.strips import write_strip
from netviz.network.network import Network
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

MOST = 10  # neurons, and images, that a reader can choose from


@dataclass(frozen=True)
class Arguments:
    """`unit` is the neuron shown first, of the first layer, from 0."""

    network: str
    unit: int = 0


def needs(arguments: Arguments) -> Needs:
    """Return what the figure reads: its network."""
    return Needs(networks=(arguments.network,))


def draw(arguments: Arguments, materials: Materials, output: Output) -> dict[str, Json]:
    """Draw the pictures of every neuron and image that can be chosen.

    Raises:
        EssayError: the network has no such unit, or a class has no test image.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    filters = network.filters()[:MOST]  # (units, height, width, channels)
    if not 0 <= arguments.unit < len(filters):
        raise EssayError(
            f"the network {arguments.network!r} has no unit {arguments.unit} to show",
            expected=f"0 to {len(filters) - 1}",
        )
    classes = list(material.dataset.description.class_names[:MOST])
    outputs = not network.architecture.hidden
    units = classes if outputs else [f"hidden unit {k + 1}" for k in range(len(filters))]
    images = _one_of_each(material)
    ledgers = [[_terms(network, material, image, k) for image in images] for k in range(len(units))]
    evidence = np.array([[terms.sum(axis=-1) for terms in row] for row in ledgers])
    limit = Scale.symmetric(evidence)
    products = [
        write_strip(
            output, f"products-{k}", [weight_picture(one, "diverging", limit) for one in row]
        )
        for k, row in enumerate(evidence)
    ]
    pixels = material.dataset.test.images[images]
    shown = arguments.unit if outputs else 0
    sums = [[float(terms.sum(dtype=np.float64)) for terms in row] for row in ledgers]
    biases = [float(bias) for bias in network.biases[0][: len(units)]]
    height, width, _ = network.architecture.image_shape
    return {
        "width": width,
        "height": height,
        "inputs": int(np.prod(filters.shape[1:])),
        "units": [*units],
        "classes": [*classes],
        "outputs": outputs,
        "unit": arguments.unit,
        "image": shown,
        "images": write_strip(output, "images", [to_image(one) for one in pixels]),
        "weights": write_strip(output, "weights", [_weights(one) for one in filters]),
        "products": [*products],
        "sums": [list(row) for row in sums],
        "biases": [*biases],
        "finding": (
            f"The neuron {units[arguments.unit]} of {material.title} and a test image of "
            f"{classes[shown]}: the products of pixels and weights add up to "
            f"{_plain(sums[arguments.unit][shown])}; with the bias of "
            f"{_plain(biases[arguments.unit])} that makes z = "
            f"{_plain(sums[arguments.unit][shown] + biases[arguments.unit])}."
        ),
        "caption": (
            "One neuron, drawn twice: as circles and lines, and as the pictures that it works "
            "with. Choose a neuron and an image."
        ),
    }


def _one_of_each(material: NetworkMaterial) -> NDArray[np.intp]:
    """Return the first test image of each class that is read rightly, else the first of all."""
    evaluation = material.evaluation
    chosen = []
    for k, name in enumerate(material.dataset.description.class_names[:MOST]):
        of_class = evaluation.labels == k
        if not of_class.any():
            raise EssayError(f"{material.dataset.description.title} has no test image of {name}")
        right = of_class & evaluation.correct
        chosen.append(int(np.flatnonzero(right if right.any() else of_class)[0]))
    return np.array(chosen)


def _terms(
    network: Network, material: NetworkMaterial, image: np.intp, unit: int
) -> NDArray[np.float64]:
    """Return pixel × weight of one image and unit, (height, width, channels)."""
    pixels = material.dataset.test.images[image].astype(np.float32) / np.float32(255)
    return class_ledger(network.weights[0], network.biases[0], pixels, unit).terms


def _weights(weights: NDArray[np.float32]) -> Image.Image:
    return weight_picture(weights, "colour" if weights.shape[-1] == 3 else "diverging")


def _plain(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")
