"""What a convolutional network makes of places: filters, evidence, covers, shuffled pieces.

All is measured on the first images of the test set, enough to say what holds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.analysis.evidence import evidence, has_places
from netviz.analysis.occlusion import cover_of, mean_colour, occlusion
from netviz.analysis.rearranged import logits_of_shuffled_places, shuffled_tiles
from netviz.datasets.dataset import Dataset, Images, Split, to_unit_range
from netviz.network.layers import Convolution
from netviz.network.network import Network

LOOKED_AT = 1000  # images
COVERED = 200  # images
TILES = (2, 4)  # tiles in a row of an image
SEED = 1
GREY = (0.299, 0.587, 0.114)  # the luma of red, green and blue, ITU-R BT.601


@dataclass(frozen=True)
class Filters:
    """The filters of the first convolution: how many, their sides, and all their weights."""

    count: int
    rows: int
    columns: int
    weights: int


@dataclass(frozen=True)
class Tiles:
    """The accuracy on images cut into `across` by `across` tiles, which changed places."""

    across: int
    accuracy: float


@dataclass(frozen=True)
class Covered:
    """What covering a part of an image takes from the score of the class that won.

    Attributes:
        images: how many were covered.
        size: the side of the square cover, in pixels.
        mean: what a cover takes on average over places and images.
        top: what it takes where the evidence is largest.
        lowest: what it takes where the evidence is smallest.
        correlation: of evidence and loss over the places of an image, the median of the images.
    """

    images: int
    size: int
    mean: float
    top: float
    lowest: float
    correlation: float


@dataclass(frozen=True)
class Maps:
    """Measurements of one convolutional network whose last layer reads maps.

    Attributes:
        filters: of its first convolution.
        rows: of its last maps.
        columns: of its last maps.
        channels: how many last maps there are.
        largest_difference: between a logit and the sum over its places with the bias.
        cells_whole: the accuracy on the images looked at.
        cells_shuffled: the same with the places of the last maps shuffled, image by image.
        covered: what covers take.
    """

    filters: Filters
    rows: int
    columns: int
    channels: int
    largest_difference: float
    cells_whole: float
    cells_shuffled: float
    covered: Covered


def measure_maps(network: Network, dataset: Dataset) -> Maps | None:
    """Measure evidence, covers and filters; None for a network without convolutions or places."""
    if not has_places(network) or network.is_dense:
        return None
    test = dataset.test
    pixels = to_unit_range(test.pixels[:LOOKED_AT])
    labels = test.labels[:LOOKED_AT]
    outputs = network.outputs(pixels)
    logits, maps = outputs[-1], outputs[-3]
    sums = evidence(network, pixels).sum(axis=(1, 2)) + network.dense[-1].biases
    shuffled = logits_of_shuffled_places(network, maps, np.random.default_rng(SEED))
    rows, columns, channels = network.shapes[-3]
    return Maps(
        filters=_filters(network),
        rows=rows,
        columns=columns,
        channels=channels,
        largest_difference=float(np.abs(sums - logits).max()),
        cells_whole=_share(logits, labels),
        cells_shuffled=_share(shuffled, labels),
        covered=_covered(network, test.images[:COVERED], mean_colour(dataset.train.images)),
    )


def measure_tiles(network: Network, test: Split) -> tuple[Tiles, ...]:
    """Return the accuracy on shuffled tiles, for each number of tiles that fills the images."""
    some = test.images[:LOOKED_AT]
    labels = test.labels[:LOOKED_AT]
    height, width, _ = network.image_shape
    return tuple(
        Tiles(across, evaluate(network, Split(_tiles(some, across), labels)).accuracy)
        for across in TILES
        if height % across == width % across == 0
    )


def accuracy_in_grey(network: Network, test: Split) -> float | None:
    """Return the accuracy on the test images without their colours; None if they have none."""
    images = test.images[:LOOKED_AT]
    if images.shape[3] != len(GREY):
        return None
    luma = np.rint(images @ np.array(GREY)).astype(np.uint8)
    grey = np.repeat(luma[..., None], len(GREY), axis=3)
    return evaluate(network, Split(grey, test.labels[:LOOKED_AT])).accuracy


def _tiles(images: Images, across: int) -> Images:
    return shuffled_tiles(images, across, np.random.default_rng((SEED, across)))


def _filters(network: Network) -> Filters:
    first = next(layer for layer in network.layers if isinstance(layer, Convolution))
    return Filters(first.units, *first.size, int(first.weights.size))


def _share(logits: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    return float((logits.argmax(axis=1) == labels).mean())


def _covered(network: Network, images: Images, fill: NDArray[np.uint8]) -> Covered:
    """Cover parts of images, and compare what is lost with the evidence at the same places."""
    size, stride = cover_of(network)
    pixels = to_unit_range(images.reshape(len(images), -1))
    winners = network.logits(pixels).argmax(axis=1)
    every = np.arange(len(images))
    places = evidence(network, pixels)[every, :, :, winners]
    lost = occlusion(network, images, size, stride, fill)[every, :, :, winners].astype(np.float64)
    at = _nearest_places(places.shape[1:], network.image_shape[:2], lost.shape[1:], size, stride)
    there = places[:, at[0][:, None], at[1][None, :]]  # the evidence under each cover
    flat, losses = there.reshape(len(images), -1), lost.reshape(len(images), -1)
    return Covered(
        images=len(images),
        size=size,
        mean=float(losses.mean()),
        top=float(losses[every, flat.argmax(axis=1)].mean()),
        lowest=float(losses[every, flat.argmin(axis=1)].mean()),
        correlation=_median(_correlations(flat, losses)),
    )


def _median(numbers: NDArray[np.float64]) -> float:
    """Return the median of those that are defined; NaN if none is."""
    defined = numbers[~np.isnan(numbers)]
    return float(np.median(defined)) if len(defined) else float("nan")


def _nearest_places(
    maps: tuple[int, ...],
    image: tuple[int, ...],
    covers: tuple[int, ...],
    size: int,
    stride: int,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and the column of the maps under the middle of each cover."""
    found = [
        ((np.arange(count) * stride + size / 2) * places / side).astype(np.intp)
        for places, side, count in zip(maps, image, covers, strict=True)
    ]
    return found[0], found[1]


def _correlations(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate the rows of two arrays; NaN where one of them does not vary."""
    ours = first - first.mean(axis=1, keepdims=True)
    theirs = second - second.mean(axis=1, keepdims=True)
    sizes = np.sqrt((ours**2).sum(axis=1) * (theirs**2).sum(axis=1))
    sums = (ours * theirs).sum(axis=1)
    correlations = np.full(len(first), np.nan)
    np.divide(sums, sizes, out=correlations, where=sizes > 0)
    return correlations
