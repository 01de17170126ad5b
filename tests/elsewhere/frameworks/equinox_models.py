"""Networks of Equinox: modules laid out as in PyTorch, saved by the paths of their arrays."""

from collections.abc import Callable
from typing import Any

import equinox
import jax

from tests.elsewhere.frameworks.jax_libraries import NAME, keep_arrays, trained
from tests.elsewhere.frameworks.keeping import CLASSES, COLOUR, GREY, Keeper, Said, Shape, main

FORM = "arrays by their paths in an `.npz`"
nn = equinox.nn


def keep(keeper: Keeper, name: str, model: Any, shape: Shape = GREY, **said: Any) -> None:  # noqa: ANN401 - of Equinox
    parameters, rest = equinox.partition(model, equinox.is_array)

    def answer(parameters: Any, pixels: Any) -> Any:  # noqa: ANN401 - of JAX
        return jax.vmap(equinox.combine(parameters, rest))(pixels.transpose(0, 3, 1, 2))

    def forward(parameters: Any, state: Any, pixels: Any) -> Any:  # noqa: ANN401 - of JAX
        return answer(parameters, pixels), state

    parameters, _ = trained(forward, parameters, (), shape)
    rows = jax.tree_util.tree_flatten_with_path(parameters)[0]
    arrays = {jax.tree_util.keystr(path).lstrip("."): one for path, one in rows}
    keep_arrays(keeper, name, Said(FORM, NAME, shape, **said), arrays,
                lambda pixels: answer(parameters, pixels))  # fmt: skip


def stacked(*layers: Any) -> Any:  # noqa: ANN401 - of Equinox
    return nn.Sequential([one if isinstance(one, equinox.Module) else nn.Lambda(one)
                          for one in layers])  # fmt: skip


def make(keeper: Keeper) -> None:
    keys = jax.random.split(jax.random.PRNGKey(6), 12)
    flat: Callable[[Any], Any] = jax.numpy.ravel
    relu = jax.nn.relu
    keep(keeper, "linear", stacked(flat, nn.Linear(784, CLASSES, key=keys[0])))
    keep(keeper, "perceptron", stacked(flat, nn.MLP(784, CLASSES, 20, 2, key=keys[1])))
    keep(keeper, "colours", stacked(flat, nn.Linear(768, 24, key=keys[2]), relu,
         nn.Linear(24, CLASSES, key=keys[3])), COLOUR)  # fmt: skip
    words = ["conv 3x3x6 padded", "relu", "pool 2", "conv 3x3x8 stride 2", "tanh", "flatten",
             "dense"]  # fmt: skip
    convolutional = stacked(
        nn.Conv2d(3, 6, 3, padding=1, key=keys[4]), relu, nn.MaxPool2d(2, 2),
        nn.Conv2d(6, 8, 3, 2, key=keys[5]), jax.numpy.tanh, flat,
        nn.Linear(72, CLASSES, key=keys[6]),
    )  # fmt: skip
    keep(keeper, "convolutional", convolutional, COLOUR, settings={"layers": words})
    keep(keeper, "convolutions unsaid", convolutional, COLOUR, reason="conv 3x3x6",
         why="what lies between convolutions is not said")  # fmt: skip
    keep(keeper, "layer norm", stacked(flat, nn.Linear(784, 20, key=keys[7]), nn.LayerNorm(20),
         relu, nn.Linear(20, CLASSES, key=keys[8])), why="layer normalisation",
         reason="a normalisation over each image")  # fmt: skip


if __name__ == "__main__":
    main("equinox", make)
