"""The training loop: from a recipe, images and a seed to a network and its film."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from netviz.datasets.dataset import Split
from netviz.errors import EssayError
from netviz.network.gradients import Penalties
from netviz.network.network import Network
from netviz.network.parameters import Parameters, fresh
from netviz.network.rounding import rounded
from netviz.training.augmentation import Augmentation
from netviz.training.batches import Examples, batches, hold_out
from netviz.training.fast import FastGradient
from netviz.training.film import frame_steps, score
from netviz.training.first_layer import begin_first_layer
from netviz.training.optimisers import optimiser_for
from netviz.training.preparation import preparation_for
from netviz.training.recipe import Recipe
from netviz.training.schedules import rate_factor
from netviz.training.trained import Frame, Trained


def train(start: Network, recipe: Recipe, split: Split, seed: int) -> Trained:
    """Train a network with the layers of `start` on `split`: same arguments, same bytes.

    The weights of `start` do not count; `recipe` and `seed` give those that training starts from.
    Those of a convolutional network are rounded (`network.rounding`), in every frame.
    `recipe.validation` images of the split are held out and never learnt from.

    Raises:
        EssayError: the recipe makes the weights grow without bound, or wants filters of patches
            where no convolution reads the pixels.
    """
    examples, held_out = hold_out(split, recipe.validation)
    steps: list[int] = []
    networks: list[Network] = []
    for done, network in _checkpoints(start, recipe, examples, seed):
        steps.append(done)
        networks.append(network)
    validation = score(networks, held_out)
    ((train_accuracy, _),) = score(networks[-1:], examples)
    return Trained(
        network=networks[-1],
        # With the passes that were made, where the recipe left them open.
        recipe=dataclasses.replace(recipe, epochs=recipe.passes(len(examples))),
        seed=seed,
        steps=steps[-1],
        train_count=len(examples),
        validation_count=len(held_out),
        train_accuracy=train_accuracy,
        validation_accuracy=validation[-1][0],
        film=tuple(
            Frame(step, network.filters(), accuracy, loss)
            for step, network, (accuracy, loss) in zip(steps, networks, validation, strict=True)
        ),
    )


def taken(network: Network, split: Split) -> Trained:
    """Return a network that was trained elsewhere, with its score on `split` and no history."""
    everything, _ = hold_out(split, 0)
    ((accuracy, loss),) = score([network], everything)
    return Trained(
        network=network,
        recipe=None,
        seed=None,
        steps=0,
        train_count=0,
        validation_count=0,
        train_accuracy=accuracy,
        validation_accuracy=None,
        film=(Frame(0, network.filters(), accuracy, loss),),
    )


def fit(start: Network, recipe: Recipe, split: Split, seed: int) -> Network:
    """Return the network that `train` would, without its film and its scores.

    Raises:
        EssayError: the recipe makes the weights grow without bound, or wants filters of patches
            where no convolution reads the pixels.
    """
    examples, _ = hold_out(split, recipe.validation)
    last_only = dataclasses.replace(recipe, frames=1)
    ((_, network),) = _checkpoints(start, last_only, examples, seed)
    return network


def _checkpoints(
    start: Network, recipe: Recipe, examples: Examples, seed: int
) -> Iterator[tuple[int, Network]]:
    """Train, and yield (steps done, the network so far) for each frame."""
    rng = np.random.default_rng(seed)
    preparation = preparation_for(recipe, examples, start)
    parameters = fresh(start, rng, recipe.init_scale)
    begin_first_layer(parameters, recipe, examples, preparation, rng)
    gradient_at = FastGradient(
        parameters,
        min(recipe.batch_size, len(examples)),
        Penalties(recipe.weight_decay, recipe.smoothness),
        preparation.centre * 255,
        preparation.scale / 255,
        frozen_first_layer=recipe.frozen_first_layer,
    )
    for done in _updates(gradient_at, recipe, examples, rng):
        network = preparation.fold(parameters).settled(gradient_at.statistics)
        yield done, rounded(network) if network.convolutions else network


def _updates(
    gradient_at: FastGradient, recipe: Recipe, examples: Examples, rng: np.random.Generator
) -> Iterator[int]:
    """Move the parameters step by step, pausing at each frame with the number of steps done."""
    parameters = gradient_at.parameters
    size = min(recipe.batch_size, len(examples))
    epochs = recipe.passes(len(examples))
    steps = epochs * (len(examples) // size)
    optimiser = optimiser_for(recipe, parameters.vector)
    augmented = Augmentation(parameters.network.image_shape, recipe, size)
    frames = set(frame_steps(steps, recipe.frames))
    if 0 in frames:
        yield 0
    for step, batch in enumerate(batches(examples.indices, size, epochs, rng)):
        rate = recipe.learning_rate * rate_factor(recipe.schedule, step, steps, recipe.warm_up)
        with np.errstate(over="ignore", invalid="ignore"):  # _check_finite tells it better
            gradient = gradient_at(*augmented(examples, batch, rng))
            optimiser.step(parameters.vector, gradient.vector, rate)
        if step + 1 in frames:
            _check_finite(parameters, step + 1)
            yield step + 1


def _check_finite(parameters: Parameters, step: int) -> None:
    if not np.isfinite(parameters.vector).all():
        raise EssayError(
            f"the training diverged before step {step}",
            expected="finite weights",
            got="weights that grew without bound",
            remedy="Give its recipe a smaller learning_rate.",
        )
