"""Folding: a network of plain pixels that equals the one of prepared pixels."""

import numpy as np
import pytest

from netviz.datasets.dataset import Split
from netviz.network.network import dense_network
from netviz.network.parameters import fresh
from netviz.network.written import network_of_layers
from netviz.training.batches import hold_out, mean_image
from netviz.training.preparation import preparation_for
from netviz.training.recipe import Recipe


@pytest.mark.parametrize("hidden", [(), (4,)])
@pytest.mark.parametrize("recipe", [Recipe(centred=True, input_scale=3.5), Recipe(input_scale=0.5)])
def test_folding_changes_no_logit(split: Split, recipe: Recipe, hidden: tuple[int, ...]) -> None:
    examples, _ = hold_out(split, 50)
    parameters = fresh(dense_network((6, 5, 2), hidden, 3), np.random.default_rng(0))
    preparation = preparation_for(recipe, examples, parameters.network)
    plain = (split.pixels / 255).astype(np.float32)
    centre = mean_image(examples) / 255 if recipe.centred else 0
    prepared = ((plain - centre) * recipe.input_scale).astype(np.float32)
    before = parameters.network.logits(prepared)
    np.testing.assert_allclose(preparation.fold(parameters).logits(plain), before, atol=2e-6)


def test_without_centring_or_scaling_nothing_is_folded(split: Split) -> None:
    examples, _ = hold_out(split, 50)
    parameters = fresh(dense_network((6, 5, 2), (4,), 3), np.random.default_rng(0))
    preparation = preparation_for(Recipe(centred=False), examples, parameters.network)
    folded = preparation.fold(parameters)
    assert folded.identity == parameters.network.identity


@pytest.mark.parametrize("options", ["", " stride 2", " padded", " stride 2 padded"])
def test_a_convolution_takes_in_the_scale_and_a_colour(split: Split, options: str) -> None:
    """Where it is padded, only the scale: zeros around an image would be of another colour."""
    layers = [f"conv 3x2x4{options}", "relu", "global average"]
    network = network_of_layers(layers, (6, 5, 2), 3)
    examples, _ = hold_out(split, 50)
    parameters = fresh(network, np.random.default_rng(0))
    preparation = preparation_for(Recipe(input_scale=2.5), examples, network)
    plain = (split.pixels / 255).astype(np.float32)
    colours = split.pixels[examples.indices].reshape(-1, 2).mean(axis=0) / 255
    centre = np.zeros(60) if "padded" in options else np.tile(colours, 30)
    np.testing.assert_allclose(preparation.centre, centre, atol=1e-12)
    before = parameters.network.logits(((plain - centre) * 2.5).astype(np.float32))
    np.testing.assert_allclose(preparation.fold(parameters).logits(plain), before, atol=2e-6)
