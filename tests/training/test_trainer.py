"""Training: the same every time, honest about what it saw, and equal to a plain loop."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.errors import EssayError
from netviz.network.gradients import Penalties, gradient
from netviz.network.network import Network, dense_network
from netviz.network.parameters import fresh, over
from netviz.network.rounding import as_bytes
from netviz.network.written import network_of_layers
from netviz.training.batches import hold_out
from netviz.training.recipe import Recipe, ScheduleName
from netviz.training.trainer import fit, train


def test_the_same_seed_gives_the_same_network_and_film(
    start: Network, recipe: Recipe, split: Split
) -> None:
    one, other = (train(start, recipe, split, seed=3) for _ in range(2))
    assert one.network.identity == other.network.identity
    assert one.validation_accuracy == other.validation_accuracy
    for frame, same in zip(one.film, other.film, strict=True):
        assert (frame.step, frame.accuracy, frame.loss) == (same.step, same.accuracy, same.loss)
        np.testing.assert_array_equal(frame.filters, same.filters)


def test_another_seed_gives_another_network(start: Network, recipe: Recipe, split: Split) -> None:
    one, other = (train(start, recipe, split, seed) for seed in (3, 4))
    assert one.network.identity != other.network.identity


def test_from_zero_another_seed_differs_by_the_order_of_the_images(
    recipe: Recipe, split: Split
) -> None:
    from_zero = replace(recipe, init_scale=0.0)
    one, other = (fit(dense_network((6, 5, 2), (), 3), from_zero, split, seed) for seed in (3, 4))
    assert one.identity != other.identity


def test_what_can_be_learnt_is_learnt(start: Network, recipe: Recipe, split: Split) -> None:
    trained = train(start, recipe, split, seed=0)
    assert (trained.validation_accuracy or 0) > 0.9
    assert trained.train_accuracy > 0.9
    assert trained.film[0].accuracy < 0.7


def test_labels_without_meaning_are_not_learnt(
    start: Network, recipe: Recipe, split: Split
) -> None:
    """The control: were the held-out images learnt from, or looked at, this would not hold."""
    shuffled = Split(split.images, np.random.default_rng(0).permutation(split.labels))
    assert (train(start, recipe, shuffled, seed=0).validation_accuracy or 1) < 0.6


def test_the_counts_are_those_of_the_split(start: Network, recipe: Recipe, split: Split) -> None:
    trained = train(start, recipe, split, seed=0)
    assert (trained.train_count, trained.validation_count) == (250, 50)
    assert trained.steps == 4 * (250 // 16)


def test_held_out_images_leave_no_trace_in_the_weights(
    start: Network, recipe: Recipe, split: Split
) -> None:
    _, held_out = hold_out(split, recipe.validation)
    images, labels = split.images.copy(), split.labels.copy()
    images[held_out.indices] = 255 - images[held_out.indices]
    labels[held_out.indices] = 2 - labels[held_out.indices]
    before = train(start, recipe, split, seed=0)
    after = train(start, recipe, Split(images, labels), seed=0)
    assert after.network.identity == before.network.identity
    assert after.train_accuracy == before.train_accuracy
    assert after.validation_accuracy != before.validation_accuracy


@pytest.mark.parametrize("schedule", ["constant", "cosine", "linear"])
@pytest.mark.parametrize(("nesterov", "warm_up"), [(False, 0.0), (True, 0.0), (False, 0.2)])
def test_it_is_the_plain_loop_in_less_time(
    split: Split, schedule: ScheduleName, nesterov: bool, warm_up: float
) -> None:
    """In float64, from the reference gradient: after 45 steps, logits agree to 1e-4."""
    recipe = Recipe(
        learning_rate=0.1,
        batch_size=16,
        epochs=3,
        nesterov=nesterov,
        schedule=schedule,
        warm_up=warm_up,
        weight_decay=1e-3,
        smoothness=1e-2,
        centred=True,
        input_scale=2.0,
        validation=50,
    )
    start = dense_network((6, 5, 2), (4,), 3, "tanh")
    expected = plain_training(start, recipe, split, seed=5)
    network = fit(start, recipe, split, seed=5)
    pixels = (split.pixels / 255).astype(np.float32)
    difference = np.abs(network.logits(pixels) - expected).max()
    assert difference < 1e-4 * np.abs(expected).max()


def plain_training(start: Network, recipe: Recipe, split: Split, seed: int) -> NDArray[np.float64]:
    """Return the logits of every image after training written out as a textbook has it."""
    examples, _ = hold_out(split, recipe.validation)
    learning = examples.indices
    pixels = split.pixels / 255
    inputs = (pixels - pixels[learning].mean(axis=0)) * recipe.input_scale
    rng = np.random.default_rng(seed)
    parameters = over(start, fresh(start, rng).vector.astype(np.float64))
    velocity = np.zeros_like(parameters.vector)
    per_epoch = len(learning) // recipe.batch_size
    steps = recipe.passes(len(learning)) * per_epoch
    for step in range(steps):
        if step % per_epoch == 0:
            order = rng.permutation(learning)
        first = step % per_epoch * recipe.batch_size
        batch = order[first : first + recipe.batch_size]
        slopes = gradient(
            parameters,
            inputs[batch],
            split.labels[batch],
            Penalties(recipe.weight_decay, recipe.smoothness),
        )
        rising = int(recipe.warm_up * steps)
        progress = (step - rising) / (steps - rising)
        factor = {
            "constant": 1.0,
            "linear": 1 - progress,
            "cosine": np.cos(np.pi * progress / 2) ** 2,
        }[recipe.schedule]
        if step < rising:
            factor = (step + 1) / (rising + 1)
        velocity = recipe.momentum * velocity + slopes.vector
        ahead = slopes.vector + recipe.momentum * velocity
        move = ahead if recipe.nesterov else velocity
        parameters.vector[:] -= recipe.learning_rate * factor * move
    below, above = parameters.network.dense
    hidden = np.tanh(inputs @ below.weights + below.biases)
    logits: NDArray[np.float64] = hidden @ above.weights + above.biases
    return logits


def test_the_film_ends_with_the_network(start: Network, recipe: Recipe, split: Split) -> None:
    trained = train(start, recipe, split, seed=0)
    assert len(trained.film) == recipe.frames
    assert (trained.film[0].step, trained.film[-1].step) == (0, trained.steps)
    np.testing.assert_array_equal(trained.film[-1].filters, trained.network.filters())
    assert trained.film[-1].accuracy == trained.validation_accuracy


def test_filming_changes_nothing(start: Network, recipe: Recipe, split: Split) -> None:
    filmed = train(start, recipe, split, seed=0)
    assert fit(start, recipe, split, seed=0).identity == filmed.network.identity


def test_adam_learns_too(start: Network, recipe: Recipe, split: Split) -> None:
    adam = replace(recipe, optimiser="adam", learning_rate=0.02)
    assert (train(start, adam, split, seed=0).validation_accuracy or 0) > 0.9


def test_a_batch_larger_than_the_data_is_all_of_it(
    start: Network, recipe: Recipe, split: Split
) -> None:
    trained = train(start, replace(recipe, batch_size=5000), split, seed=0)
    assert trained.steps == recipe.epochs


@pytest.mark.parametrize("rate", [1e6, 1e30])
def test_a_recipe_that_diverges_is_the_essays_fault(
    start: Network, recipe: Recipe, split: Split, rate: float
) -> None:
    wild = replace(recipe, learning_rate=rate, weight_decay=0.1)
    with pytest.raises(EssayError, match=r"diverged.*smaller learning_rate"):
        train(start, wild, split, seed=0)


def test_a_convolutional_network_is_rounded_and_settled_in_every_frame(split: Split) -> None:
    """What is measured is what a page gets, and its answers depend on one image alone."""
    texts = ["conv 3x3x4", "pool 2", "batch norm", "relu", "flatten"]
    start = network_of_layers(texts, (6, 5, 2), 3)
    recipe = Recipe(learning_rate=0.05, batch_size=20, epochs=6, validation=50, frames=3)
    one, other = (train(start, recipe, split, seed=2) for _ in range(2))
    assert one.network.identity == other.network.identity
    assert one.validation_accuracy is not None
    assert one.validation_accuracy > 0.8
    for layer in one.network.layers:
        for name in layer.weight_names:
            assert as_bytes(layer.arrays[name]) is not None
    assert not any(layer.only_in_training for layer in one.network.layers)
    for frame in one.film:
        assert as_bytes(np.moveaxis(frame.filters, 0, -1)) is not None


@pytest.mark.parametrize(
    "texts",
    [["conv 3x3x4", "pool 2", "relu", "flatten"], ["conv 2x2x3", "batch norm", "global average"]],
)
def test_a_convolutional_network_that_diverges_is_told_as_such(
    split: Split, texts: list[str]
) -> None:
    """By one message: what is not finite warns of nothing on its way."""
    start = network_of_layers(texts, (6, 5, 2), 3)
    recipe = Recipe(learning_rate=1e30, batch_size=20, epochs=6, validation=50, frames=1)
    with pytest.raises(EssayError, match="the training diverged"):
        fit(start, recipe, split, seed=2)
