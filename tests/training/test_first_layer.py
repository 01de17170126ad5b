"""The first layer as a recipe begins it: where its filters come from, and whether they stay."""

from dataclasses import replace

import numpy as np
import pytest

from netviz.datasets.dataset import Split
from netviz.errors import EssayError
from netviz.network.layers import Activation, Convolution, Dense, Flatten, MaxPool
from netviz.network.network import Network, dense_network
from netviz.network.parameters import fresh
from netviz.training.batches import hold_out
from netviz.training.first_layer import begin_first_layer
from netviz.training.patches import patch_filters
from netviz.training.preparation import preparation_for
from netviz.training.recipe import FirstLayerName, Recipe
from netviz.training.trainer import train


@pytest.fixture
def slides() -> Network:
    """Return a network of six filters of 3 by 3 that are pooled, for the images of `split`."""
    zeros = np.zeros((3, 3, 2, 6), np.float32), np.zeros(6, np.float32)
    dense = Dense(np.zeros((12, 3), np.float32), np.zeros(3, np.float32))
    layers = (Convolution(*zeros), MaxPool(2, 2), Activation("relu"), Flatten(), dense)
    return Network((6, 5, 2), layers)


@pytest.fixture
def plain(recipe: Recipe) -> Recipe:
    return replace(recipe, centred=False, input_scale=1.0, smoothness=0.0)


@pytest.mark.parametrize("first_layer", ["random", "k-means"])
def test_filters_answer_evenly_before_the_first_activation(
    slides: Network, plain: Recipe, split: Split, first_layer: FirstLayerName
) -> None:
    recipe = replace(plain, first_layer=first_layer, frozen_first_layer=True)
    examples, _ = hold_out(split, recipe.validation)
    parameters = fresh(slides, np.random.default_rng(0))
    preparation = preparation_for(recipe, examples, slides)
    begin_first_layer(parameters, recipe, examples, preparation, np.random.default_rng(1))
    pixels = split.pixels[examples.indices].astype(np.float32) / 255
    pooled = parameters.network.outputs(pixels)[1]
    np.testing.assert_allclose(pooled.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(pooled.std(axis=(0, 1, 2)), 1, atol=1e-4)


def test_filters_of_patches_keep_their_direction(
    slides: Network, plain: Recipe, split: Split
) -> None:
    recipe = replace(plain, first_layer="k-means")
    examples, _ = hold_out(split, recipe.validation)
    parameters = fresh(slides, np.random.default_rng(0))
    preparation = preparation_for(recipe, examples, slides)
    begin_first_layer(parameters, recipe, examples, preparation, np.random.default_rng(1))
    expected = patch_filters(examples, (6, 5, 2), (3, 3), 6, np.random.default_rng(1))
    found = parameters.network.pictures()
    found = found / np.linalg.norm(found.reshape(-1, 6), axis=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("first_layer", ["random", "k-means"])
def test_a_frozen_layer_stays_and_the_others_learn(
    slides: Network, plain: Recipe, split: Split, first_layer: FirstLayerName
) -> None:
    """Nor does a penalty move it, which would without a gradient."""
    recipe = replace(
        plain, first_layer=first_layer, frozen_first_layer=True, weight_decay=0.1, nesterov=True
    )
    trained = train(slides, recipe, split, seed=0)
    for frame in trained.film[1:]:
        np.testing.assert_array_equal(frame.filters, trained.film[0].filters)
    assert trained.film[0].filters.any()
    assert (trained.validation_accuracy or 0) > trained.film[0].accuracy + 0.2
    learning = train(slides, replace(recipe, frozen_first_layer=False), split, seed=0)
    assert not np.array_equal(learning.film[-1].filters, learning.film[0].filters)


def test_a_frozen_dense_layer_stays_too(start: Network, recipe: Recipe, split: Split) -> None:
    frozen = replace(recipe, frozen_first_layer=True, smoothness=0.0)
    film = train(start, frozen, split, seed=0).film
    np.testing.assert_array_equal(film[-1].filters, film[0].filters)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(slides: Network, plain: Recipe, split: Split) -> None:
    recipe = replace(plain, first_layer="k-means", frozen_first_layer=True, flips=True)
    one, other, third = (train(slides, recipe, split, seed).network for seed in (3, 3, 4))
    assert one.identity == other.identity != third.identity


def test_patches_are_refused_where_nothing_slides(recipe: Recipe, split: Split) -> None:
    start = dense_network((6, 5, 2), (4,), 3)
    with pytest.raises(EssayError, match="filters of patches belong into a convolution"):
        train(start, replace(recipe, first_layer="k-means"), split, seed=0)
