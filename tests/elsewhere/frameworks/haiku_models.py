"""Networks of Haiku: weights are called w, and statistics lie in a state of their own."""

from collections.abc import Callable
from typing import Any

import haiku
import jax

from tests.elsewhere.frameworks.jax_libraries import NAME, keep_arrays, named, trained
from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Keeper,
    Said,
    Shape,
    main,
    pixels_of,
)  # fmt: skip

FORM = "parameters and state in an `.npz`"


def keep(
    keeper: Keeper,
    name: str,
    net: Callable[..., Any],
    shape: Shape = GREY,
    **said: Any,  # noqa: ANN401 - fields of Said
) -> None:
    both = haiku.without_apply_rng(haiku.transform_with_state(net))
    parameters, state = both.init(jax.random.PRNGKey(1), pixels_of(shape)[:2], True)

    def forward(parameters: Any, state: Any, pixels: Any) -> Any:  # noqa: ANN401 - of JAX
        return both.apply(parameters, state, pixels, True)

    parameters, state = trained(forward, parameters, state, shape)
    keep_arrays(keeper, name, Said(FORM, NAME, shape, **said), named(parameters) | named(state),
                lambda pixels: both.apply(parameters, state, pixels, False)[0])  # fmt: skip


def perceptron(x: Any, training: bool) -> Any:  # noqa: ANN401, ARG001 - of JAX
    return haiku.nets.MLP([24, 16, CLASSES])(haiku.Flatten()(x))


def nested(x: Any, training: bool) -> Any:  # noqa: ANN401, ARG001 - of JAX
    """The outer layer is made first, and so gets the lower number."""
    x = jax.nn.tanh(haiku.Linear(20)(haiku.Flatten()(x)))
    return haiku.Linear(CLASSES)(jax.nn.tanh(haiku.Linear(20)(x)))


def normed(x: Any, training: bool) -> Any:  # noqa: ANN401 - of JAX
    x = haiku.Linear(24)(haiku.Flatten()(x))
    return haiku.Linear(CLASSES)(jax.nn.relu(haiku.BatchNorm(True, True, 0.8)(x, training)))


def convolutional(x: Any, training: bool) -> Any:  # noqa: ANN401, ARG001 - of JAX
    x = jax.nn.relu(haiku.Conv2D(6, 3)(x))
    x = haiku.max_pool(x, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    x = jax.nn.relu(haiku.Conv2D(8, 3, padding="VALID")(x))
    return haiku.Linear(CLASSES)(haiku.Flatten()(x))


def make(keeper: Keeper) -> None:
    keep(keeper, "perceptron", perceptron)
    keep(keeper, "colours unsaid", perceptron, COLOUR, why="how colours follow is not said",
         reason='colours = "planes"')  # fmt: skip
    order = {"activation": "tanh", "layers": ["linear", "linear_2", "linear_1"]}
    keep(keeper, "nested", nested, COLOUR, settings=order | {"colours": "pixels"})
    keep(
        keeper,
        "nested, unsaid",
        nested,
        settings={"activation": "tanh"},
        why="numbers are not the order of the layers",
        reason="say it in the setting 'layers'",
    )
    words = ["conv 3x3x6 padded", "relu", "pool 2", "conv 3x3x8", "relu", "flatten", "dense"]
    keep(keeper, "convolutional", convolutional, COLOUR,
         settings={"layers": words, "colours": "pixels"})  # fmt: skip
    keep(keeper, "convolutional, flatten unsaid", convolutional, COLOUR, settings={"layers": words},
         why="how colours follow is not said", reason='colours = "planes"')  # fmt: skip
    keep(keeper, "batch norm", normed, why="statistics under names of its own",
         reason="batch_norm")  # fmt: skip


if __name__ == "__main__":
    main("dm-haiku", make)
