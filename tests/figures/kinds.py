"""Networks of every kind that a figure may be asked to draw: usual, awkward and degenerate ones."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Dataset, Split
from netviz.figures.figure import NetworkMaterial
from netviz.network.layers import Flatten, GlobalAverage
from netviz.network.network import Network, dense_network, stacked
from netviz.network.parameters import fresh
from tests.figures.conftest import drawn_at_random
from tests.miniatures import NAMES, convolutional, material, network
from tests.miniatures import dataset as miniature

NETWORKS = ("one", "other", "third")
HOSTILE = "<script>alert('1')</script>\"&"  # as a class's name
AWKWARD = 'a "title" & more'

Kind = tuple[NetworkMaterial, ...]

# --- usual networks --------------------------------------------------------------------------


def random_networks(*shapes: tuple[tuple[int, ...], int]) -> Kind:
    """Return a network for each (hidden widths, channels)."""
    return tuple(
        drawn_at_random(hidden, channels, seed)
        for seed, (hidden, channels) in enumerate(shapes, 11)
    )


def three(hidden: tuple[int, ...], channels: int = 1) -> Kind:
    """Return three networks of one shape."""
    return random_networks(*[(hidden, channels)] * len(NETWORKS))


# --- awkward names and images ----------------------------------------------------------------


def with_names(known: NetworkMaterial, names: Sequence[str], title: str) -> NetworkMaterial:
    """Return `known` with other class names, and another title of its own and of its data set."""
    data = known.dataset
    description = dataclasses.replace(data.description, title=title, class_names=tuple(names))
    return dataclasses.replace(
        known, title=title, dataset=dataclasses.replace(data, description=description)
    )


def with_dark_rims(known: Kind) -> Kind:
    """Return networks whose training images never light the pixels of the border."""
    for one in known:
        one.dataset.train.images[:, [0, -1]] = 0
        one.dataset.train.images[:, :, [0, -1]] = 0
    return known


def of_many_classes(
    side: int, channels: int, classes: int, hidden: tuple[int, ...], each: int = 4
) -> Kind:
    """Return networks for images of another size, of as many classes, `each` images a class."""
    rng = np.random.default_rng(side)
    shape = (side, side, channels)
    labels = np.tile(np.arange(classes, dtype=np.uint8), each)

    def split() -> Split:
        return Split(rng.integers(0, 256, (len(labels), *shape), np.uint8), labels)

    description = dataclasses.replace(
        miniature(channels).description,
        image_shape=shape,
        class_names=tuple(f"class {k}" for k in range(classes)),
    )
    data = Dataset(description, split(), split(), "1" * 64)
    return tuple(random_network(data, hidden, rng) for _ in NETWORKS)


def random_network(
    data: Dataset, hidden: tuple[int, ...], rng: np.random.Generator
) -> NetworkMaterial:
    shape = data.description.image_shape
    start = dense_network(shape, hidden, len(data.description.class_names))
    return material(fresh(start, rng).network, data)


def convolving(join: Flatten | GlobalAverage, channels: int) -> Kind:
    """Return networks of two convolutions whose last layer reads maps, flattened or averaged."""
    rng = np.random.default_rng(channels)
    data = miniature(channels)
    return tuple(material(convolutional(rng, join=join, channels=channels), data) for _ in NETWORKS)


# --- degenerate networks and data ------------------------------------------------------------


def with_network(known: NetworkMaterial, changed: Network) -> NetworkMaterial:
    """Return `changed` in the place of a network, with its own answers and a film of its own."""
    film = [dataclasses.replace(one, filters=changed.filters()) for one in known.trained.film]
    return dataclasses.replace(
        known,
        training=dataclasses.replace(known.trained, network=changed, film=tuple(film)),
        evaluation=evaluate(changed, known.dataset.test),
    )


def dead(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with every hidden unit shut for good, by its bias."""
    first, *others = known.trained.network.dense
    shut = dataclasses.replace(first, biases=np.full_like(first.biases, -1e4))
    return with_network(known, stacked(known.trained.network.image_shape, (shut, *others)))


def dead_maps(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with every map of its first convolution shut for good, by its bias."""
    full = known.trained.network
    first, *others = full.layers
    shut = first.with_arrays({**first.arrays, "biases": np.full(4, -1e4, np.float32)})
    return with_network(known, dataclasses.replace(full, layers=(shut, *others)))


def zero(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with nothing but zeros for weights."""
    full = known.trained.network
    empty = [dataclasses.replace(one, weights=np.zeros_like(one.weights)) for one in full.dense]
    return with_network(known, stacked(full.image_shape, empty))


def of_one_answer(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with a bias that makes it answer the last class whatever it sees."""
    *others, last = known.trained.network.dense
    biases = last.biases.copy()
    biases[-1] = 1e4
    biased = dataclasses.replace(last, biases=biases)
    return with_network(known, stacked(known.trained.network.image_shape, (*others, biased)))


def with_test(known: NetworkMaterial, test: Split) -> NetworkMaterial:
    """Return `known` with other test images, and its answers to them."""
    return dataclasses.replace(
        known,
        dataset=dataclasses.replace(known.dataset, test=test),
        evaluation=evaluate(known.trained.network, test),
    )


def with_images(known: NetworkMaterial, level: int) -> NetworkMaterial:
    """Return `known` with images that are all of one brightness, for training and testing."""
    alike = [
        Split(np.full_like(split.images, level), split.labels)
        for split in (known.dataset.train, known.dataset.test)
    ]
    data = dataclasses.replace(known.dataset, train=alike[0])
    return with_test(dataclasses.replace(known, dataset=data), alike[1])


def one_a_class(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with one test image of each class."""
    test = known.dataset.test
    kept = [int(np.flatnonzero(test.labels == k)[0]) for k in range(len(NAMES))]
    return with_test(known, Split(test.images[kept], test.labels[kept]))


def able(channels: int, mistakes: int) -> Kind:
    """Return networks of one layer that make just so many mistakes, by the labels of the test."""
    known = drawn_at_random((), channels, seed=11)
    data = known.dataset
    columns = [data.train.images[data.train.labels == k].mean(axis=0) for k in range(len(NAMES))]
    means = np.stack([one.ravel() / 255 for one in columns], axis=1)  # (pixels, classes)
    (layer,) = network([means], channels).dense
    biases = (-(means**2).sum(axis=0) / 2).astype(np.float32)
    shape = data.description.image_shape
    nearest = stacked(shape, [dataclasses.replace(layer, biases=biases)])
    labels = data.test.labels.copy()
    labels[:mistakes] = (labels[:mistakes] + 1) % len(NAMES)
    one = with_test(with_network(known, nearest), Split(data.test.images, labels))
    return (one,) * len(NETWORKS)


def without_class(known: NetworkMaterial) -> NetworkMaterial:
    """Return `known` with no test image of the last class."""
    test = known.dataset.test
    kept = test.labels != len(NAMES) - 1
    return with_test(known, Split(test.images[kept], test.labels[kept]))


LONG_NAMES = tuple(f"{word} benign keratosis-like lesions " * 3 for word in ("first", "last"))
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG = (LONG_NAMES[0].strip(), LONG_NAMES[1].strip(), UNBROKEN)


def long_named(known: Kind) -> Kind:
    return tuple(with_names(one, LONG, AWKWARD) for one in known)


KINDS: Mapping[str, Callable[[], Kind]] = {
    "one layer, grey": lambda: three(()),
    "one layer, colour": lambda: three((), 3),
    "hidden, grey": lambda: three((4,)),
    "hidden, colour": lambda: three((4,), 3),
    "two hidden, grey": lambda: three((5, 4)),
    "one layer and hidden": lambda: random_networks(((), 1), ((4,), 1), ((5, 4), 1)),
    "convolution, flattened": lambda: convolving(Flatten(), 1),
    "convolution, averaged, colour": lambda: convolving(GlobalAverage(), 3),
    "dead convolution": lambda: tuple(map(dead_maps, convolving(GlobalAverage(), 1))),
    "convolution, hostile names": lambda: tuple(
        with_names(one, [f"{HOSTILE}{k}" for k in range(len(NAMES))], AWKWARD)
        for one in convolving(GlobalAverage(), 1)
    ),
    "convolution, one test image a class": lambda: tuple(
        map(one_a_class, convolving(Flatten(), 3))
    ),
    "convolution, black images": lambda: tuple(
        with_images(one, 0) for one in convolving(GlobalAverage(), 3)
    ),
    "hostile names": lambda: tuple(
        with_names(one, [f"{HOSTILE}{k}" for k in range(len(NAMES))], AWKWARD) for one in three(())
    ),
    "dark rims": lambda: with_dark_rims(three(())),
    "two classes": lambda: of_many_classes(8, 1, 2, ()),
    "a hundred classes, large": lambda: of_many_classes(64, 3, 100, ()),
    "a hundred classes, grey": lambda: of_many_classes(28, 1, 100, ()),
    "a hundred classes, small": lambda: of_many_classes(8, 1, 100, (4,), each=1),
    "many hidden units": lambda: of_many_classes(28, 1, 10, (600,)),
    "large, hidden": lambda: of_many_classes(64, 3, 3, (12,)),
    "dead units": lambda: tuple(map(dead, three((4,)))),
    "dead units, colour": lambda: tuple(map(dead, three((4,), 3))),
    "dead units, two layers": lambda: tuple(map(dead, three((5, 4)))),
    "zero weights": lambda: tuple(map(zero, three(()))),
    "zero weights, hidden": lambda: tuple(map(zero, three((4,)))),
    "zero weights, colour": lambda: tuple(map(zero, three((), 3))),
    "one answer": lambda: tuple(map(of_one_answer, three(()))),
    "one answer, hidden": lambda: tuple(map(of_one_answer, three((4,)))),
    "no mistake": lambda: able(1, 0),
    "no mistake, colour": lambda: able(3, 0),
    "one mistake": lambda: able(1, 1),
    "three mistakes": lambda: able(1, 3),
    "black images": lambda: tuple(with_images(one, 0) for one in three(())),
    "black images, hidden": lambda: tuple(with_images(one, 0) for one in three((4,))),
    "images alike": lambda: tuple(with_images(one, 99) for one in three((), 3)),
    "images alike, hidden": lambda: tuple(with_images(one, 99) for one in three((4,))),
    "one test image a class": lambda: tuple(map(one_a_class, three(()))),
    "one test image a class, hidden": lambda: tuple(map(one_a_class, three((4,)))),
    "a class not tested": lambda: tuple(map(without_class, three(()))),
    "a class not tested, hidden": lambda: tuple(map(without_class, three((4,)))),
    "long names": lambda: long_named(three(())),
    "long names, hidden": lambda: long_named(three((4,))),
}


@functools.cache
def kind_of(name: str) -> Kind:
    """Return the networks of a kind by its name in `KINDS`."""
    return KINDS[name]()
