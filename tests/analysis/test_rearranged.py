"""Shuffled tiles and places: the same pieces in another order."""

import numpy as np
import pytest

from netviz.analysis.rearranged import logits_of_shuffled_places, shuffled_tiles
from netviz.network.layers import Flatten, GlobalAverage
from tests.miniatures import convolutional


def test_each_image_keeps_its_tiles_in_another_order() -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 255, (20, 4, 6, 3), dtype=np.uint8)
    shuffled = shuffled_tiles(images, 2, rng)
    assert shuffled.shape == images.shape
    for before, after in zip(images, shuffled, strict=True):
        tiles = [
            {one[y : y + 2, x : x + 3].tobytes() for y in (0, 2) for x in (0, 3)}
            for one in (before, after)
        ]
        assert tiles[0] == tiles[1]
    assert (shuffled != images).any()


def test_tiles_that_do_not_fill_the_images_are_refused() -> None:
    with pytest.raises(ValueError, match="3 tiles do not fill 4 by 6"):
        shuffled_tiles(np.zeros((1, 4, 6, 1), np.uint8), 3, np.random.default_rng(0))


def test_an_average_does_not_know_the_order_of_places_and_a_flattened_layer_does() -> None:
    for join, is_same in ((GlobalAverage(), True), (Flatten(), False)):
        rng = np.random.default_rng(2)
        network = convolutional(rng, join=join)
        pixels = rng.random((6, network.inputs)).astype(np.float32)
        maps = network.outputs(pixels)[-3]
        shuffled = logits_of_shuffled_places(network, maps, rng)
        assert np.allclose(shuffled, network.logits(pixels), atol=1e-5) == is_same
