"""A small data set that can be learnt: three kinds of picture under noise."""

import numpy as np
import pytest

from netviz.datasets.dataset import Split
from netviz.network.network import Network, dense_network
from netviz.training.recipe import Recipe


@pytest.fixture
def split() -> Split:
    """Return 300 pictures of 6 by 5 pixels in two channels; the class is the bright channel
    or, for the third class, neither."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300).astype(np.uint8)
    images = rng.integers(0, 160, (300, 6, 5, 2))
    for kind in (0, 1):
        images[labels == kind, :, :, kind] += 60
    return Split(images.astype(np.uint8), labels)


@pytest.fixture
def start() -> Network:
    return dense_network((6, 5, 2), (4,), 3)


@pytest.fixture
def recipe() -> Recipe:
    """Return a recipe with every part at work."""
    return Recipe(
        learning_rate=0.1,
        batch_size=16,
        epochs=4,
        weight_decay=1e-3,
        smoothness=1e-2,
        centred=True,
        input_scale=2.0,
        validation=50,
        frames=6,
    )
