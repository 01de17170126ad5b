"""A recipe that says nothing goes over few images often, over many a few times."""

import numpy as np
import pytest

from netviz.analysis.learning import dead_units
from netviz.datasets.dataset import Split
from netviz.network.network import dense_network
from netviz.training.recipe import EPOCHS, LEAST_STEPS, Recipe
from netviz.training.trainer import train


def test_passes_are_the_author_s_or_enough_for_some_hundred_steps() -> None:
    assert Recipe(epochs=3).passes(16) == 3
    assert Recipe().passes(55_000) == EPOCHS
    assert Recipe().passes(16) == LEAST_STEPS
    assert Recipe(batch_size=100).passes(650) * 6 >= LEAST_STEPS


@pytest.mark.parametrize("side", [28, 40, 64])
def test_a_recipe_that_says_nothing_learns_a_few_coloured_pictures(side: int) -> None:
    """Bright pictures are what shuts every unit of a network that is not centred."""
    rng = np.random.default_rng(side)
    labels = np.tile(np.array([0, 1], np.uint8), 12)
    ground = np.array([[210, 120, 120], [120, 120, 210]])[labels][:, None, None]
    noise = rng.integers(-40, 40, (24, side, side, 3))
    split = Split((ground + noise).clip(0, 255).astype(np.uint8), labels)
    trained = train(dense_network((side, side, 3), (4,), 2), Recipe(), split, 1)
    assert trained.train_accuracy == 1
    hidden = trained.network.outputs(split.pixels.astype(np.float32) / 255)[-2]
    assert dead_units(hidden) < 4
    assert trained.recipe is not None
    assert trained.recipe.epochs == trained.steps  # one batch holds them all
