"""Occlusion: what is lost is the difference of the logits of images covered by hand."""

import numpy as np
import pytest

from netviz.analysis.occlusion import occlusion
from netviz.network.layers import GlobalAverage
from tests.miniatures import convolutional


def test_what_is_lost_is_measured_on_images_covered_by_hand() -> None:
    rng = np.random.default_rng(3)
    network = convolutional(rng, join=GlobalAverage(), channels=3)
    height, width, _ = network.image_shape
    image = rng.random(network.image_shape).astype(np.float32)
    fill = np.array([0.1, 0.5, 0.9], np.float32)
    found = occlusion(network, image.reshape(-1), size=3, stride=2, fill=fill)
    assert found.lost.shape == ((height - 3) // 2 + 1, (width - 3) // 2 + 1, network.classes)
    by_hand = image.copy()
    by_hand[2:5, 4:7] = fill
    lost = network.logits(image.reshape(1, -1)) - network.logits(by_hand.reshape(1, -1))
    np.testing.assert_allclose(found.lost[1, 2], lost[0], atol=1e-5)


def test_a_cover_in_the_colour_of_the_image_takes_nothing() -> None:
    rng = np.random.default_rng(4)
    network = convolutional(rng, join=GlobalAverage())
    image = np.full(network.inputs, 0.25, np.float32)
    found = occlusion(network, image, 2, 2, np.array([0.25], np.float32))
    np.testing.assert_allclose(found.lost, 0, atol=1e-6)


def test_a_cover_larger_than_the_image_is_refused() -> None:
    network = convolutional(np.random.default_rng(5), join=GlobalAverage())
    with pytest.raises(ValueError, match="a cover of 99 pixels"):
        occlusion(network, np.zeros(network.inputs, np.float32), 99, 1, np.zeros(1, np.float32))
