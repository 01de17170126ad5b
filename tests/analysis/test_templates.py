"""Weight pictures: resemblance, regions, colour and the straight-line shortcut."""

import numpy as np
import pytest

from netviz.analysis.averages import Averages
from netviz.analysis.templates import (
    blueness,
    correlations,
    explained,
    region_means,
    regions,
    resemblance_to_averages,
    resemblance_to_differences,
    shortcut,
)
from netviz.network.layers import Dense
from netviz.network.network import Network, stacked


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(6)


# --- resemblance -----------------------------------------------------------------------------


def test_correlations_are_those_of_numpy(rng: np.random.Generator) -> None:
    filters, pictures = rng.normal(size=(3, 5, 4, 2)), rng.normal(size=(4, 5, 4, 2))
    where = rng.random((5, 4, 2)) < 0.6
    for kept in (None, where):
        found = correlations(filters, pictures, kept).correlations
        chosen = np.ones_like(where) if kept is None else kept
        for i, j in np.ndindex(3, 4):
            expected = np.corrcoef(filters[i][chosen], pictures[j][chosen])[0, 1]
            assert found[i, j] == pytest.approx(expected)


def test_the_nearest_picture_is_the_one_most_alike(rng: np.random.Generator) -> None:
    pictures = rng.normal(size=(3, 8, 8, 1))
    filters = 5 * pictures[[2, 0, 1]] + 0.1 * rng.normal(size=(3, 8, 8, 1)) - 3
    resemblance = correlations(filters, pictures)
    assert resemblance.nearest.tolist() == [2, 0, 1]
    assert (resemblance.own < 0.9).all()
    # Spoilt, the finding goes with its subject.
    assert correlations(-filters, pictures).nearest.tolist() != [2, 0, 1]


def test_a_picture_without_contrast_resembles_nothing(rng: np.random.Generator) -> None:
    pictures = rng.normal(size=(2, 3, 3, 1))
    pictures[0] = 7
    resemblance = correlations(pictures, pictures)
    assert np.isnan(resemblance.correlations[0]).all()
    assert resemblance.nearest[1] == 1


def test_averages_are_compared_where_something_is_ever_lit(rng: np.random.Generator) -> None:
    classes = rng.random((2, 4, 4, 1)).astype(np.float32)
    never_lit = np.zeros((4, 4, 1), np.bool_)
    never_lit[0] = True
    classes[:, never_lit] = 0
    averages = Averages(classes, classes.mean(axis=0), np.array([1, 1]), never_lit)
    filters = classes.copy()
    filters[:, never_lit] = 100  # static that no image ever tried
    assert resemblance_to_averages(filters, averages).own == pytest.approx([1, 1])
    assert correlations(filters, averages.classes).own.max() < 0.9
    # Two classes differ from their mean in opposite directions.
    opposite = resemblance_to_differences(averages.differences, averages).correlations
    assert opposite == pytest.approx(np.array([[1, -1], [-1, 1]]), abs=1e-5)


# --- regions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(8, 8), (9, 9), (28, 28), (32, 32), (64, 64), (12, 40)])
def test_regions_are_apart_and_symmetric(size: tuple[int, int]) -> None:
    found = regions(*size)
    total = found.centre.astype(int) + found.ring + found.rim
    assert total.max() == 1
    for region in (found.centre, found.ring, found.rim):
        assert region.any()
        assert np.array_equal(region, region[::-1])
        assert np.array_equal(region, region[:, ::-1])
    height, width = size
    assert found.centre[(height - 1) // 2, (width - 1) // 2]
    assert found.rim[0].all()
    assert found.rim[:, 0].all()


def test_a_drawn_ring_is_bright_in_the_ring() -> None:
    rows, columns = np.mgrid[-13.5:14.5, -13.5:14.5]
    distance = np.hypot(rows, columns)
    picture = ((distance > 5.5) & (distance < 9))[None, :, :, None].astype(float)
    found = regions(28, 28)
    ring, centre, rim = (
        float(region_means(picture, region)[0, 0])
        for region in (found.ring, found.centre, found.rim)
    )
    assert ring > 0.7
    assert centre == rim == 0


def test_region_means_are_plain_means(rng: np.random.Generator) -> None:
    pictures = rng.normal(size=(2, 10, 8, 3))
    ring = regions(10, 8).ring
    for n, channel in np.ndindex(2, 3):
        inside = [pictures[n, y, x, channel] for y, x in np.argwhere(ring)]
        assert region_means(pictures, ring)[n, channel] == pytest.approx(np.mean(inside))


def test_blue_is_bluer_than_grey_and_yellow() -> None:
    blue, grey, yellow = [0, 0, 1], [0.7, 0.7, 0.7], [1, 1, 0]
    pictures = np.array([[[colour]] for colour in (blue, grey, yellow)], float)
    assert blueness(pictures, np.array([[True]])) == pytest.approx([1, 0, -1])
    with pytest.raises(ValueError, match="red, green and blue"):
        blueness(pictures[..., :1], np.array([[True]]))


# --- the straight-line shortcut ----------------------------------------------------------------


def network_of(rng: np.random.Generator, offset: float) -> Network:
    """A network of three layers; a high `offset` keeps every unit above 0, so always on."""
    shapes = ((9, 6), (6, 5), (5, 3))
    weights = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    biases = [np.full(above, offset, np.float32) for _, above in shapes]
    return stacked((3, 3, 1), [*map(Dense, weights, biases)])


def test_a_network_whose_units_are_always_on_is_its_shortcut() -> None:
    rng = np.random.default_rng(6)
    layers = [Dense(np.abs(layer.weights), layer.biases) for layer in network_of(rng, 1).dense]
    network = stacked((3, 3, 1), layers)
    pixels = rng.random((50, 9)).astype(np.float32)
    short = shortcut(network.dense)
    assert np.allclose(short.logits(pixels), network.logits(pixels), rtol=1e-5)
    found = explained(network.logits(pixels), short.logits(pixels))
    assert found.r_squared == pytest.approx(1)
    assert found.fitted == pytest.approx([1, 1, 1])
    assert found.agreement == 1


def test_a_network_that_bends_is_explained_in_part(rng: np.random.Generator) -> None:
    network = network_of(rng, 0)
    pixels = rng.random((200, 9)).astype(np.float32)
    logits = network.logits(pixels)
    estimate = shortcut(network.dense).logits(pixels)
    found = explained(logits, estimate)
    assert found.r_squared < 0.99
    means = logits.mean(axis=0)
    left = sum((float(logits[n, k]) - estimate[n, k]) ** 2 for n, k in np.ndindex(*logits.shape))
    whole = sum((float(logits[n, k]) - means[k]) ** 2 for n, k in np.ndindex(*logits.shape))
    assert found.r_squared == pytest.approx(1 - left / whole, rel=1e-4)
    for k in range(3):
        expected = np.corrcoef(logits[:, k], estimate[:, k])[0, 1] ** 2
        assert found.fitted[k] == pytest.approx(expected, rel=1e-4)
    assert found.agreement == np.mean(logits.argmax(axis=1) == estimate.argmax(axis=1))


def test_the_means_explain_nothing(rng: np.random.Generator) -> None:
    logits = rng.normal(size=(30, 2))
    found = explained(logits, np.broadcast_to(logits.mean(axis=0), logits.shape))
    assert found.r_squared == pytest.approx(0)
