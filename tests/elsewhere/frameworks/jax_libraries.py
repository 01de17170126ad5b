"""Networks of libraries on JAX, of which each names and nests its arrays in its own way."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from tests.elsewhere.frameworks.keeping import Array, Keeper, Said, Shape, labels_of, pixels_of

NAME = "theirs.npz"
Tree = Any  # of arrays
RELU_ORDER = ("conv 3x3x6 padded", "batch norm", "relu", "pool 2", "conv 3x3x8 stride 2", "relu",
              "flatten", "dense 12", "tanh", "dense")  # fmt: skip


def trained(
    forward: Callable[[Tree, Tree, Array], tuple[Array, Tree]], parameters: Tree, state: Tree,
    shape: Shape,
) -> tuple[Tree, Tree]:  # fmt: skip
    """Train a few steps; `forward` gives the logits of pixels, and a new state."""
    pixels = pixels_of(shape)
    labels = labels_of(pixels)
    optimiser = optax.adam(0.01)

    def loss(parameters: Tree, state: Tree) -> tuple[Array, Tree]:
        logits, state = forward(parameters, state, pixels)
        each = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
        return each.mean(), state

    @jax.jit
    def step(parameters: Tree, state: Tree, moments: Tree) -> tuple[Tree, Tree, Tree]:
        slopes, state = jax.grad(loss, has_aux=True)(parameters, state)
        changes, moments = optimiser.update(slopes, moments)
        return optax.apply_updates(parameters, changes), state, moments

    moments = optimiser.init(parameters)
    for _ in range(40):
        parameters, state, moments = step(parameters, state, moments)
    return parameters, state


def named(tree: Tree) -> dict[str, Array]:
    """Return the arrays of nested dictionaries by their paths."""
    rows = jax.tree_util.tree_flatten_with_path(tree)[0]
    return {
        "/".join(str(getattr(key, "key", key)) for key in path): np.asarray(one)
        for path, one in rows
    }  # fmt: skip


def keep_arrays(
    keeper: Keeper,
    name: str,
    said: Said,
    arrays: dict[str, Any],
    answer: Callable[[Array], Any],
) -> None:
    keeper.keep(name, said, lambda: np.savez(NAME, **arrays),
                lambda pixels: np.asarray(answer(jnp.asarray(pixels))))  # fmt: skip
