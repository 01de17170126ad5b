"""Shuffled pixels: one order for all images, every number kept, no neighbours."""

import numpy as np

from netviz.datasets.shuffled import with_shuffled_pixels
from tests.miniatures import dataset


def test_one_order_holds_for_every_image_of_both_splits_and_colours_stay_together() -> None:
    plain = dataset()
    shuffled = with_shuffled_pixels(plain)
    order = None
    for before, after in ((plain.train, shuffled.train), (plain.test, shuffled.test)):
        pixels = before.images.reshape(len(before), -1, before.images.shape[-1])
        moved = after.images.reshape(pixels.shape)
        if order is None:
            order = np.array(
                [
                    (pixels == moved[:, [k]]).all(axis=(0, 2)).argmax()
                    for k in range(pixels.shape[1])
                ]
            )
            assert not np.array_equal(order, np.arange(len(order)))
        np.testing.assert_array_equal(pixels[:, order], moved)
        np.testing.assert_array_equal(before.labels, after.labels)
        assert after.images.flags.c_contiguous
    assert shuffled.description == plain.description


def test_it_is_the_same_shuffle_each_time() -> None:
    one, other = (with_shuffled_pixels(dataset()) for _ in range(2))
    np.testing.assert_array_equal(one.train.images, other.train.images)
