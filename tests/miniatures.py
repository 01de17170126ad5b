"""Networks and data sets small enough to measure in a moment, for tests."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.description import Description
from netviz.figures.figure import NetworkMaterial
from netviz.measurements.network import measure_network
from netviz.measurements.plain import plain_record
from netviz.network.layers import (
    Activation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    MaxPool,
)
from netviz.network.network import Network, stacked
from netviz.training.recipe import Recipe
from netviz.training.trained import Frame, Trained

SIDE = 8
NAMES = ("left", "right", "whole")


def pattern(name: str, channels: int) -> NDArray[np.float64]:
    """Return the picture that the images of a class vary about, in 0..1."""
    picture = np.full((SIDE, SIDE, channels), 0.2)
    picture[1:-1, :4] += 0.5 * (name in ("left", "whole"))
    picture[1:-1, 4:] += 0.5 * (name in ("right", "whole"))
    return picture


def dataset(channels: int = 1, each: int = 30) -> Dataset:
    """Return a data set of three classes that anyone can tell apart."""
    rng = np.random.default_rng(5)
    return Dataset(
        Description("shapes", "Shapes", NAMES, (SIDE, SIDE, channels), "C.", "L.", "https://x.org"),
        train=_split(rng, each, channels),
        test=_split(rng, each, channels),
        digest="0" * 64,
    )


def _split(rng: np.random.Generator, each: int, channels: int) -> Split:
    labels = np.tile(np.arange(len(NAMES), dtype=np.uint8), each)
    means = np.stack([pattern(NAMES[label], channels) for label in labels])
    noisy = means + rng.normal(0, 0.05, means.shape)
    return Split((255 * noisy.clip(0, 1)).astype(np.uint8), labels)


def network(layers: Sequence[NDArray[Any]], channels: int = 1) -> Network:
    """Return a network with these weights (units below, units above) and without biases."""
    dense = [
        Dense(weights.astype(np.float32), np.zeros(weights.shape[1], np.float32))
        for weights in layers
    ]
    return stacked((SIDE, SIDE, channels), dense)


def convolutional(
    rng: np.random.Generator, *, join: Flatten | GlobalAverage, channels: int = 1
) -> Network:
    """Return a network of two convolutions and a pool with random weights; `join` ends its maps."""

    def drawn(*shape: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.5, shape).astype(np.float32)

    layers = (
        Convolution(drawn(3, 3, channels, 4), drawn(4)),
        Activation("relu"),
        MaxPool(2, 2),
        Convolution(drawn(2, 2, 4, 5), drawn(5)),
        Activation("relu"),
        join,
    )
    shape: tuple[int, ...] = (SIDE, SIDE, channels)
    for layer in layers:
        shape = layer.output_shape(shape)
    last = Dense(drawn(shape[0], len(NAMES)), drawn(len(NAMES)))
    return Network((SIDE, SIDE, channels), (*layers, last))


def material(known: Network, data: Dataset, film: Sequence[Network] = ()) -> NetworkMaterial:
    """Return what `measure_network` reads: `known` with its answers to the test split."""
    frames = tuple(
        Frame(step, one.filters(), accuracy=0.5, loss=1.0)
        for step, one in enumerate((*film, known))
    )
    trained = Trained(
        network=known,
        recipe=Recipe(batch_size=10),
        seed=1,
        steps=len(film),
        train_count=80,
        validation_count=10,
        train_accuracy=0.75,
        validation_accuracy=0.5,
        film=frames,
    )
    return NetworkMaterial("shapes", "a network", trained, data, evaluate(known, data.test))


def measured_plainly(material: NetworkMaterial) -> dict[str, Any]:
    """Return what is measured of a network as measurements.json holds it."""
    return plain_record(measure_network(material))


def at(tree: object, key: str) -> Any:  # noqa: ANN401 - measurements are of any type
    """Return what stands at a dotted key of measured values."""
    here: Any = tree
    for part in key.split("."):
        here = here[int(part)] if isinstance(here, list) else cast("dict[str, Any]", here)[part]
    return here
