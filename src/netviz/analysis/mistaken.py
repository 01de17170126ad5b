"""What the images mistaken for a class look like, beside all misread images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.templates import regions
from netviz.datasets.dataset import Images


@dataclass(frozen=True)
class Mistaken:
    """The column of a class in the confusion matrix, the diagonal left out.

    Attributes:
        count: images of other classes read as this one.
        ink: their mean brightness over that of all misread images; nan without any.
        centre_ink: the same, in the centre of the image alone (see `templates.regions`).
    """

    count: int
    ink: float
    centre_ink: float


def mistaken_for(evaluation: Evaluation, images: Images) -> tuple[Mistaken, ...]:
    """Describe what is mistaken for each class.

    Args:
        evaluation: the answers.
        images: (n, height, width, channels), the images answered to.
    """
    wrong = np.flatnonzero(~evaluation.correct)
    misread = images[wrong]
    centre = regions(*images.shape[1:3]).centre
    ink = misread.mean(axis=(1, 2, 3), dtype=np.float64)
    centre_ink = misread[:, centre].mean(axis=(1, 2), dtype=np.float64)
    predictions = evaluation.predictions[wrong]
    return tuple(
        Mistaken(
            count=int((predictions == k).sum()),
            ink=_relative(ink, predictions == k),
            centre_ink=_relative(centre_ink, predictions == k),
        )
        for k in range(evaluation.classes)
    )


def _relative(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """Return the mean of the chosen values over the mean of all; nan where there is none."""
    if not chosen.any() or not values.any():
        return float("nan")
    return float(values[chosen].mean() / values.mean())
