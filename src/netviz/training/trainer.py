"""The training loop: from a recipe, images and a seed to a network and its film."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.errors import EssayError
from netviz.network.gradients import Penalties
from netviz.network.network import Architecture, Network
from netviz.network.parameters import Parameters, fresh, over
from netviz.training.batches import Examples, batches, hold_out, mean_image
from netviz.training.fast import FastGradient
from netviz.training.film import frame_steps, score
from netviz.training.optimisers import optimiser_for
from netviz.training.recipe import Recipe
from netviz.training.schedules import rate_factor
from netviz.training.trained import Frame, Trained

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Preparation:
    """What a recipe does to pixels before they meet the weights: (pixel − centre) · scale.

    `centre` is (inputs,); pixels, and so `centre`, are in 0..1.
    """

    centre: NDArray[np.float64]
    scale: float

    def fold(self, parameters: Parameters) -> Network:
        """Return the network that does the same to plain pixels.

        (x − c)·s·W + b = x·(s·W) + (b − c·(s·W))
        """
        folded = over(parameters.architecture, parameters.vector.astype(np.float64))
        folded.weights[0][:] *= self.scale
        folded.biases[0][:] -= self.centre @ folded.weights[0]
        return folded.network()


def train(
    architecture: Architecture,
    recipe: Recipe,
    split: Split,
    seed: int,
    on_progress: Progress | None = None,
) -> Trained:
    """Train a network on `split`; the same arguments give the same bytes.

    `recipe.validation` images of the split are held out and never learnt from.
    `on_progress(steps done, steps in all)` is called at every frame of the film.

    Raises:
        EssayError: the recipe makes the weights grow without bound.
    """
    examples, held_out = hold_out(split, recipe.validation)
    preparation = _preparation(recipe, examples)
    rng = np.random.default_rng(seed)
    parameters = fresh(architecture, rng, recipe.init_scale)
    steps: list[int] = []
    networks: list[Network] = []
    for done, total in _updates(parameters, recipe, examples, preparation, rng):
        steps.append(done)
        networks.append(preparation.fold(parameters))
        if on_progress:
            on_progress(done, total)
    validation = score(networks, held_out)
    ((train_accuracy, _),) = score(networks[-1:], examples)
    return Trained(
        network=networks[-1],
        recipe=recipe,
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


def _preparation(recipe: Recipe, examples: Examples) -> Preparation:
    inputs = examples.pixels.shape[1]
    centre = mean_image(examples) / 255 if recipe.centred else np.zeros(inputs)
    return Preparation(centre, recipe.input_scale)


def _updates(
    parameters: Parameters,
    recipe: Recipe,
    examples: Examples,
    preparation: Preparation,
    rng: np.random.Generator,
) -> Iterator[tuple[int, int]]:
    """Move `parameters` step by step, pausing at each frame with (steps done, steps in all)."""
    size = min(recipe.batch_size, len(examples))
    steps = recipe.epochs * (len(examples) // size)
    gradient_at = FastGradient(
        parameters,
        size,
        Penalties(recipe.weight_decay, recipe.smoothness),
        preparation.centre * 255,
        preparation.scale / 255,
    )
    optimiser = optimiser_for(recipe, parameters.vector)
    frames = set(frame_steps(steps, recipe.frames))
    if 0 in frames:
        yield 0, steps
    for step, batch in enumerate(batches(examples.indices, size, recipe.epochs, rng)):
        rate = recipe.learning_rate * rate_factor(recipe.schedule, step, steps)
        with np.errstate(over="ignore", invalid="ignore"):  # _check_finite tells it better
            gradient = gradient_at(examples, batch)
            optimiser.step(parameters.vector, gradient.vector, rate)
        if step + 1 in frames:
            _check_finite(parameters, step + 1)
            yield step + 1, steps


def _check_finite(parameters: Parameters, step: int) -> None:
    if not np.isfinite(parameters.vector).all():
        raise EssayError(
            f"the training diverged before step {step}",
            expected="finite weights",
            got="weights that grew without bound",
            remedy="Give its recipe a smaller learning_rate.",
        )
