"""Optimisers: from a gradient to a step. Each keeps its state and moves a vector in place."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from netviz.training.recipe import Recipe

Vector = NDArray[Any]


class Optimiser(Protocol):
    """Something that moves parameters against their gradient."""

    def step(self, parameters: Vector, gradient: Vector, rate: float) -> None:
        """Move `parameters` (p,) by one step of size `rate`; `gradient` (p,) is left alone."""
        ...


class Momentum:
    """Gradient descent with momentum: v ← μ·v + g, w ← w − rate·v (Polyak 1964).

    Nesterov's form looks a step ahead: w ← w − rate·(g + μ·v), with the new v (Sutskever,
    Martens, Dahl & Hinton 2013).
    """

    def __init__(self, like: Vector, momentum: float, *, nesterov: bool = False) -> None:
        self._momentum = momentum
        self._nesterov = nesterov
        self._velocity = np.zeros_like(like)
        self._scratch = np.empty_like(like)

    def step(self, parameters: Vector, gradient: Vector, rate: float) -> None:
        scratch = self._scratch
        self._velocity *= self._momentum
        self._velocity += gradient
        if self._nesterov:
            np.multiply(self._velocity, self._momentum, out=scratch)
            scratch += gradient
            scratch *= rate
        else:
            np.multiply(self._velocity, rate, out=scratch)
        parameters -= scratch


class Adam:
    """Adam with bias correction (Kingma & Ba 2015, algorithm 1)."""

    def __init__(
        self, like: Vector, decay: float = 0.9, square_decay: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        self._decay = decay
        self._square_decay = square_decay
        self._epsilon = epsilon
        self._mean = np.zeros_like(like)
        self._mean_square = np.zeros_like(like)
        self._scratch = np.empty_like(like)
        self._steps = 0

    def step(self, parameters: Vector, gradient: Vector, rate: float) -> None:
        self._steps += 1
        scratch = self._scratch
        self._mean *= self._decay
        np.multiply(gradient, 1 - self._decay, out=scratch)
        self._mean += scratch
        self._mean_square *= self._square_decay
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - self._square_decay
        self._mean_square += scratch
        # rate · m̂ / (√v̂ + ε), with both corrections in the two factors.
        mean_factor = 1 / (1 - self._decay**self._steps)
        square_factor = 1 / (1 - self._square_decay**self._steps)
        np.multiply(self._mean_square, square_factor, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += self._epsilon
        np.divide(self._mean, scratch, out=scratch)
        scratch *= rate * mean_factor
        parameters -= scratch


def optimiser_for(recipe: Recipe, like: Vector) -> Optimiser:
    """Return the optimiser that `recipe` names, for parameters shaped as `like`."""
    if recipe.optimiser == "adam":
        return Adam(like)
    return Momentum(like, recipe.momentum, nesterov=recipe.nesterov)
