"""Test images chosen to be shipped with a page, with what the network makes of them."""

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation
from netviz.figures.figure import Json, NetworkMaterial
from netviz.figures.parts.shipped import encoded, images_data

# Data sets of digits that were scaled into a box and centred by their mass: drawings are, too.
CENTRED = {"mnist"}


def exhibits(evaluation: Evaluation, right: int = 10, wrong: int = 2) -> NDArray[np.intp]:
    """Return, class by class, the first `right` images read correctly and `wrong` misread ones."""
    chosen = []
    for label in range(evaluation.classes):
        of_class = evaluation.labels == label
        chosen.append(np.flatnonzero(of_class & evaluation.correct)[:right])
        chosen.append(np.flatnonzero(of_class & ~evaluation.correct)[:wrong])
    return np.concatenate(chosen)


def exhibits_data(material: NetworkMaterial, chosen: NDArray[np.intp]) -> dict[str, Json]:
    """Return the chosen test images as late data, with numpy's probabilities to check against."""
    test = material.dataset.test
    return {
        **images_data(test.images[chosen], test.labels[chosen]),
        "probabilities": encoded(material.evaluation.probabilities[chosen], "<f4"),
    }
