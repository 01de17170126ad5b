"""Weights seen as pictures: what they resemble, where they are bright, which colour they are.

Pictures here are (height, width, channels), stacks of them (n, height, width, channels).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import Averages
from netviz.network.layers import Dense

Pictures = NDArray[np.floating[Any]]


# --- resemblance -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Resemblance:
    """How alike each weight picture is to each class's picture.

    `correlations` is (filters, classes) float64, Pearson's, each in −1..1; nan for a picture
    without any contrast.
    """

    correlations: NDArray[np.float64]

    @property
    def own(self) -> NDArray[np.float64]:
        """The correlation of each class's filter with the class's own picture, (classes,)."""
        return self.correlations.diagonal()

    @property
    def nearest(self) -> NDArray[np.intp]:
        """The class whose picture each filter is most like, (filters,)."""
        nearest: NDArray[np.intp] = np.nan_to_num(self.correlations, nan=-2).argmax(axis=1)
        return nearest


def correlations(
    filters: Pictures, pictures: Pictures, where: NDArray[np.bool_] | None = None
) -> Resemblance:
    """Correlate every filter with every picture, pixel by pixel.

    Args:
        filters: (m, height, width, channels).
        pictures: (n, height, width, channels).
        where: (height, width, channels), the pixels that count; all, unless given. Pixels never
            lit in training are best left out: see `resemblance_to_averages`.
    """
    kept = np.ones(filters.shape[1:], np.bool_) if where is None else where
    if not kept.any():
        return Resemblance(np.full((len(filters), len(pictures)), np.nan))
    with np.errstate(invalid="ignore"):
        return Resemblance(_standardised(filters[:, kept]) @ _standardised(pictures[:, kept]).T)


def resemblance_to_averages(filters: Pictures, averages: Averages) -> Resemblance:
    """Correlate filters with class averages over the pixels that are ever lit."""
    return correlations(filters, averages.classes, ~averages.never_lit)


def resemblance_to_differences(filters: Pictures, averages: Averages) -> Resemblance:
    """Correlate filters with class averages less the mean of all images.

    The stricter comparison: what all classes share cannot make a filter resemble its own.
    """
    return correlations(filters, averages.differences, ~averages.never_lit)


def _standardised(rows: Pictures) -> NDArray[np.float64]:
    """Return rows of mean 0 and length 1; nan where a row does not vary."""
    centred = rows.astype(np.float64)
    centred -= centred.mean(axis=1, keepdims=True)
    standardised: NDArray[np.float64] = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return standardised


# --- regions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Regions:
    """Three parts of a picture, (height, width) bool each.

    `centre` is the disc around the middle with a quarter of the half side as its radius, `ring`
    lies between 0.35 and 0.7 of the half side from the middle, `rim` is the frame of an eighth of
    the shorter side along the border, at least one pixel wide.
    """

    centre: NDArray[np.bool_]
    ring: NDArray[np.bool_]
    rim: NDArray[np.bool_]


def regions(height: int, width: int) -> Regions:
    """Return the regions of a picture of `height` × `width` pixels."""
    rows = np.arange(height)[:, None]
    columns = np.arange(width)[None]
    half = min(height, width) / 2
    distance = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2) / half
    from_border = np.minimum(
        np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns)
    )
    return Regions(
        # The middle of an even side lies between pixels: take those that touch it.
        centre=distance <= max(0.25, 1 / half),
        ring=(distance >= 0.35) & (distance <= 0.7),
        rim=from_border < max(1, min(height, width) // 8),
    )


def region_means(pictures: Pictures, region: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of each picture and channel inside `region`, (n, channels)."""
    means: NDArray[np.float64] = pictures[:, region].mean(axis=1, dtype=np.float64)
    return means


def blueness(pictures: Pictures, region: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much bluer than yellow each picture is inside `region`, (n,).

    The mean of blue less the mean of red and green: 0 for any grey, for weights as for images.

    Raises:
        ValueError: the pictures have no three channels.
    """
    if pictures.shape[-1] != 3:
        raise ValueError("only pictures of red, green and blue can be blue")
    means = region_means(pictures, region)
    difference: NDArray[np.float64] = means[:, 2] - means[:, :2].mean(axis=1)
    return difference


# --- the straight-line shortcut ---------------------------------------------------------------


@dataclass(frozen=True)
class Shortcut:
    """A network with its activations left out, which makes one layer of it all.

    `weights` is (inputs, classes), `bias` (classes,), both float64.
    """

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def logits(self, pixels: NDArray[Any]) -> NDArray[np.float64]:
        """Return the logits (n, classes) for `pixels` (n, inputs)."""
        logits: NDArray[np.float64] = pixels @ self.weights + self.bias
        return logits


@dataclass(frozen=True)
class Explained:
    """How much of the logits another set of logits explains.

    Attributes:
        r_squared: 1 − Σ (logit − estimate)² / Σ (logit − mean logit of its class)², over all
            images and classes: 1 for a perfect estimate, 0 for one no better than the means,
            below 0 for a worse one.
        fitted: (classes,), the same for each class after the best slope and offset for that class,
            which is the squared correlation: whether the shape is right, whatever the scale.
        agreement: the share of images for which both name the same class.
    """

    r_squared: float
    fitted: NDArray[np.float64]
    agreement: float


def shortcut(layers: Sequence[Dense]) -> Shortcut:
    """Multiply dense layers together: W1 · W2 · …, with the biases carried along."""
    product = layers[0].weights.astype(np.float64)
    bias = layers[0].biases.astype(np.float64)
    for layer in layers[1:]:
        product = product @ layer.weights
        bias = bias @ layer.weights + layer.biases
    return Shortcut(product, bias)


def explained(logits: NDArray[Any], estimate: NDArray[Any]) -> Explained:
    """Compare `estimate` (n, classes) with `logits` (n, classes); nan where logits never vary."""
    logits = logits.astype(np.float64)
    deviations = logits - logits.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        r_squared = 1 - np.square(logits - estimate).sum() / np.square(deviations).sum()
        fitted = (_standardised(logits.T) * _standardised(estimate.T)).sum(axis=1) ** 2
    agreement = (logits.argmax(axis=1) == estimate.argmax(axis=1)).mean()
    return Explained(float(r_squared), fitted, float(agreement))
