"""Each class by its average image, with the share of its test images that are classified correctly.

A figure to begin with: keep its form, `Arguments` and `draw`, and change the rest.
"""

from dataclasses import dataclass

import numpy as np

from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkName, Output
from netviz.figures.parts.strips import write_strip
from netviz.rendering.pictures import to_image


@dataclass(frozen=True)
class Arguments:
    """The network whose answers are counted."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the average image of each class and count the right answers.

    Raises:
        EssayError: a class has no test image.
    """
    material = materials.networks[arguments.network]
    test = material.dataset.test
    averages = []
    shares = {}
    for label, name in enumerate(material.dataset.description.class_names):
        of_class = test.labels == label
        if not of_class.any():
            raise EssayError(f"{material.dataset.description.title} has no test image of {name}")
        averages.append(to_image(test.images[of_class].mean(axis=0).round().astype(np.uint8)))
        shares[name] = float(material.evaluation.correct[of_class].mean())
    write_strip(output, "averages", averages)
    best, worst = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    return Drawing(
        finding=(
            f"Of the class {best} {shares[best]:.0%} of the images are classified correctly, "
            f"of the class {worst} {shares[worst]:.0%}."
        ),
        caption=f"The average image of each class, and how often {material.title} is right.",
        context={
            "classes": [{"name": name, "share": share} for name, share in shares.items()],
            "side": max(averages[0].size),
        },
    )
