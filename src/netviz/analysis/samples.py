"""Images of one cell of a confusion matrix: the surest, the middling, the borderline, or any.

The surest alone would flatter the network, so a reader may ask for the others as well; and
every draw says from how many it was taken.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation

Order = Literal["surest", "middling", "borderline"]


@dataclass(frozen=True)
class Samples:
    """Images of the class `actual` read as `predicted`: some of `total`.

    `images` (k,) are indices into the split that was evaluated, `probabilities` is
    (k, classes) float32, in the same order.
    """

    actual: int
    predicted: int
    total: int
    images: NDArray[np.intp]
    probabilities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.images)


def ranked_samples(
    evaluation: Evaluation, actual: int, predicted: int, order: Order, count: int
) -> Samples:
    """Return up to `count` images of a cell in a stated order; ties by index of the image.

    Args:
        evaluation: the answers to choose from.
        actual: the row of the cell.
        predicted: its column.
        order: "surest", the most probable prediction first; "borderline", the smallest margin
            between the prediction and the next most probable class first; "middling", those
            halfway down the list of the surest.
        count: how many at most.
    """
    cell = _cell(evaluation, actual, predicted)
    if order == "borderline":
        chosen = cell[np.argsort(_margins(evaluation.probabilities[cell]), kind="stable")][:count]
    else:
        surest = cell[np.argsort(-evaluation.confidences[cell], kind="stable")]
        skipped = max(0, (len(cell) - count) // 2) if order == "middling" else 0
        chosen = surest[skipped : skipped + count]
    return _samples(evaluation, actual, predicted, len(cell), chosen)


def random_samples(
    evaluation: Evaluation, actual: int, predicted: int, count: int, rng: np.random.Generator
) -> Samples:
    """Return up to `count` images of a cell, drawn without replacement."""
    cell = _cell(evaluation, actual, predicted)
    chosen = rng.choice(cell, min(count, len(cell)), replace=False)
    return _samples(evaluation, actual, predicted, len(cell), chosen)


def _cell(evaluation: Evaluation, actual: int, predicted: int) -> NDArray[np.intp]:
    """Return the indices of a cell's images in ascending order."""
    return np.flatnonzero((evaluation.labels == actual) & (evaluation.predictions == predicted))


def _margins(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return by how much the most probable class leads the next one, (k,)."""
    if probabilities.shape[1] < 2:
        return np.ones(len(probabilities), np.float32)
    top = np.partition(probabilities, -2, axis=1)
    margins: NDArray[np.float32] = top[:, -1] - top[:, -2]
    return margins


def _samples(
    evaluation: Evaluation, actual: int, predicted: int, total: int, images: NDArray[np.intp]
) -> Samples:
    return Samples(actual, predicted, total, images, evaluation.probabilities[images])
