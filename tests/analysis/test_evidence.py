"""Evidence by place: with the bias it adds up to the logits, flattened or averaged."""

import numpy as np
import pytest

from netviz.analysis.evidence import evidence, has_places, weights_of_places
from netviz.network.layers import Activation, Convolution, Dense, Flatten, GlobalAverage, MaxPool
from netviz.network.network import Network, dense_network
from tests.miniatures import convolutional


@pytest.mark.parametrize("join", [Flatten(), GlobalAverage()])
def test_the_places_and_the_bias_add_up_to_the_logits(join: Flatten | GlobalAverage) -> None:
    rng = np.random.default_rng(1)
    network = convolutional(rng, join=join)
    pixels = rng.random((5, network.inputs)).astype(np.float32)
    places = evidence(network, pixels)
    assert places.shape == (5, *network.shapes[-3][:2], network.classes)
    sums = places.sum(axis=(1, 2)) + network.dense[-1].biases
    np.testing.assert_allclose(sums, network.logits(pixels), atol=1e-5)


def test_a_place_that_answers_alone_has_all_the_evidence() -> None:
    """One white pixel, seen by a filter of one pixel: nothing else adds to the score."""
    layers = (
        Convolution(np.ones((1, 1, 1, 1), np.float32), np.zeros(1, np.float32)),
        Activation("relu"),
        GlobalAverage(),
        Dense(np.array([[3.0, -6.0]], np.float32), np.zeros(2, np.float32)),
    )
    network = Network((2, 3, 1), layers)
    pixels = np.zeros((1, 6), np.float32)
    pixels[0, 4] = 1  # second row, second column
    places = evidence(network, pixels)[0]
    assert places[1, 1] == pytest.approx([0.5, -1.0])
    assert np.count_nonzero(places) == 2


def test_an_image_under_a_dense_layer_has_a_place_a_pixel() -> None:
    network = dense_network((2, 2, 1), [], 3)
    assert has_places(network)
    assert evidence(network, np.ones((1, 4), np.float32)).shape == (1, 2, 2, 3)


def test_a_network_whose_last_layer_reads_units_has_no_places() -> None:
    rng = np.random.default_rng(1)
    whole = convolutional(rng, join=Flatten())
    units = whole.shapes[-1][0]
    deeper = Network(
        whole.image_shape,
        (
            *whole.layers,
            Activation("relu"),
            Dense(np.eye(units, dtype=np.float32), np.zeros(units, np.float32)),
        ),
    )
    assert not has_places(deeper)
    with pytest.raises(ValueError, match="no dense layer over maps"):
        weights_of_places(deeper)


def test_pooled_maps_have_the_places_of_the_pool() -> None:
    rng = np.random.default_rng(2)
    network = convolutional(rng, join=Flatten())
    assert any(isinstance(layer, MaxPool) for layer in network.layers)
    assert weights_of_places(network).shape == (*network.shapes[-3], network.classes)
