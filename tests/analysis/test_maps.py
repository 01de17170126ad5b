"""Measurements of places: each agrees with what is computed by hand on a small network."""

import dataclasses

import numpy as np
import pytest

from netviz.analysis.evaluation import evaluate
from netviz.analysis.maps import accuracy_in_grey, measure_maps, measure_tiles
from netviz.datasets.dataset import Split
from netviz.network.layers import Convolution, Dense, Flatten, GlobalAverage
from netviz.network.network import Network, dense_network
from tests.miniatures import SIDE, convolutional, dataset


def test_an_averaging_network_adds_up_and_does_not_mind_shuffled_places() -> None:
    network = convolutional(np.random.default_rng(1), join=GlobalAverage(), channels=3)
    maps = measure_maps(network, dataset(3))
    assert maps is not None
    assert (maps.rows, maps.columns, maps.channels) == network.shapes[-3]
    assert maps.largest_difference < 1e-5
    assert maps.cells_shuffled == maps.cells_whole
    assert maps.cells_whole == evaluate(network, dataset(3).test).accuracy
    assert (maps.filters.count, maps.filters.rows, maps.filters.weights) == (4, 3, 3 * 3 * 3 * 4)


def test_a_lie_about_the_bias_is_found() -> None:
    """The sums are compared with the logits of the network itself."""
    network = convolutional(np.random.default_rng(1), join=GlobalAverage())
    last = network.layers[-1]
    biases = last.arrays["biases"]

    class Lying(type(last)):  # type: ignore[misc]  # the class of the layer at hand
        kind = "lying"

        def forward(self, inputs: np.ndarray) -> np.ndarray:
            lie: np.ndarray = inputs @ self.weights + 2 * self.biases
            return lie

    lying = Lying(last.arrays["weights"], biases)
    changed = dataclasses.replace(network, layers=(*network.layers[:-1], lying))
    maps = measure_maps(changed, dataset())
    assert maps is not None
    assert maps.largest_difference == pytest.approx(np.abs(biases).max(), abs=1e-5)


def test_dense_networks_have_no_maps() -> None:
    assert measure_maps(dense_network((SIDE, SIDE, 1), [], 3), dataset()) is None


def test_tiles_are_measured_of_any_network() -> None:
    network = dense_network((SIDE, SIDE, 1), [], 3)
    found = measure_tiles(network, dataset().test)
    assert [one.across for one in found] == [2, 4]
    # All scores are 0, so the first class wins whatever the image.
    assert {one.accuracy for one in found} == {float((dataset().test.labels == 0).mean())}


def test_grey_images_have_no_colour_to_lose() -> None:
    network = convolutional(np.random.default_rng(2), join=Flatten())
    assert accuracy_in_grey(network, dataset().test) is None


def test_in_grey_all_channels_are_the_luma() -> None:
    network = convolutional(np.random.default_rng(2), join=Flatten(), channels=3)
    test = dataset(3).test
    luma = test.images @ np.array([0.299, 0.587, 0.114])
    by_hand = np.repeat(np.rint(luma).astype(np.uint8)[..., None], 3, axis=3)
    expected = evaluate(network, Split(by_hand, test.labels)).accuracy
    assert accuracy_in_grey(network, test) == expected


def test_covers_are_compared_with_the_evidence_under_them() -> None:
    """With a filter of one pixel, evidence and loss are large where the image is bright."""
    one = np.ones((1, 1, 1, 1), np.float32)
    layers = (
        Convolution(one, np.zeros(1, np.float32)),
        GlobalAverage(),
        Dense(np.array([[9.0, 0.0, 0.0]], np.float32), np.zeros(3, np.float32)),
    )
    maps = measure_maps(Network((SIDE, SIDE, 1), layers), dataset())
    assert maps is not None
    covered = maps.covered
    assert (covered.images, covered.size) == (len(dataset().test), SIDE // 4)
    assert covered.top > covered.mean > covered.lowest
    assert covered.correlation > 0.5


def test_a_network_that_answers_nothing_has_no_correlation() -> None:
    """Its maps are 0 everywhere, so nothing varies with what is covered."""
    network = convolutional(np.random.default_rng(3), join=GlobalAverage())
    first = network.layers[0]
    shut = first.with_arrays({**first.arrays, "biases": np.full(4, -1e4, np.float32)})
    second = network.layers[3]
    closed = second.with_arrays({**second.arrays, "biases": np.full(5, -1e4, np.float32)})
    layers = (shut, *network.layers[1:3], closed, *network.layers[4:])
    maps = measure_maps(dataclasses.replace(network, layers=layers), dataset())
    assert maps is not None
    assert np.isnan(maps.covered.correlation)
    assert maps.covered.mean == 0
