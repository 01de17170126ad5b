"""Occlusion: what is lost is the difference of the logits of images covered by hand."""

import numpy as np
import pytest

from netviz.analysis.occlusion import cover_of, mean_colour, occlusion
from netviz.network.layers import GlobalAverage
from tests.miniatures import SIDE, convolutional


def test_what_is_lost_is_measured_on_images_covered_by_hand() -> None:
    rng = np.random.default_rng(3)
    network = convolutional(rng, join=GlobalAverage(), channels=3)
    images = rng.integers(0, 256, (2, *network.image_shape), dtype=np.uint8)
    fill = np.array([20, 130, 240], np.uint8)
    lost = occlusion(network, images, size=3, stride=2, fill=fill)
    places = (SIDE - 3) // 2 + 1
    assert lost.shape == (2, places, places, network.classes)
    by_hand = images[1].copy()
    by_hand[2:5, 4:7] = fill
    pixels = np.stack([images[1], by_hand]).reshape(2, -1) / np.float32(255)
    whole, covered = network.logits(pixels)
    np.testing.assert_allclose(lost[1, 1, 2], whole - covered, atol=1e-4)


def test_a_cover_in_the_colour_of_the_image_takes_nothing() -> None:
    network = convolutional(np.random.default_rng(4), join=GlobalAverage())
    images = np.full((1, *network.image_shape), 64, np.uint8)
    lost = occlusion(network, images, *cover_of(network), mean_colour(images))
    np.testing.assert_allclose(lost, 0, atol=1e-5)


def test_a_cover_larger_than_the_image_is_refused() -> None:
    network = convolutional(np.random.default_rng(5), join=GlobalAverage())
    images = np.zeros((1, *network.image_shape), np.uint8)
    with pytest.raises(ValueError, match="a cover of 99 pixels"):
        occlusion(network, images, 99, 1, np.zeros(1, np.uint8))
