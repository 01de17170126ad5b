"""Networks of Flax, of both its interfaces: Linen's nested dictionaries, and the state of NNX."""

from typing import Any

import flax
import jax
import numpy as np
import optax
from flax import linen, nnx

from tests.elsewhere.frameworks.jax_libraries import NAME, RELU_ORDER, keep_arrays, trained
from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Keeper,
    Said,
    Shape,
    labels_of,
    main,
    pixels_of,
    run,
)  # fmt: skip

LINEN, NNX = "Linen's variables in an `.npz`", "state of NNX in an `.npz`"
CODE = "np.savez('theirs.npz', **flax.traverse_util.flatten_dict(p, sep='/'))"  # our message's


class Dense(linen.Module):
    function: Any
    widths: tuple[int, ...]

    @linen.compact
    def __call__(self, x: Any, training: bool = False) -> Any:  # noqa: ANN401, ARG002 - of JAX
        x = x.reshape(len(x), -1)
        for width in self.widths:
            x = self.function(linen.Dense(width)(x))
        return linen.Dense(CLASSES)(x)


class Normed(linen.Module):
    is_after: bool

    @linen.compact
    def __call__(self, x: Any, training: bool = False) -> Any:  # noqa: ANN401 - of JAX
        norm = linen.BatchNorm(use_running_average=not training, momentum=0.8)
        x = linen.Dense(24)(x.reshape(len(x), -1))
        x = norm(linen.relu(x)) if self.is_after else linen.relu(norm(x))
        return linen.Dense(CLASSES)(linen.Dropout(0.2, deterministic=True)(x))


class Convolutional(linen.Module):
    @linen.compact
    def __call__(self, x: Any, training: bool = False) -> Any:  # noqa: ANN401 - of JAX
        x = linen.Conv(6, (3, 3))(x)
        x = linen.relu(linen.BatchNorm(use_running_average=not training, momentum=0.8)(x))
        x = linen.max_pool(x, (2, 2), strides=(2, 2))
        x = linen.relu(linen.Conv(8, (3, 3), strides=2, padding="VALID")(x))
        x = linen.tanh(linen.Dense(12)(x.reshape(len(x), -1)))
        return linen.Dense(CLASSES)(x)


class Strided(linen.Module):
    """“Same” with a stride, and a global average."""

    @linen.compact
    def __call__(self, x: Any, training: bool = False) -> Any:  # noqa: ANN401, ARG002 - of JAX
        x = linen.sigmoid(linen.Conv(8, (3, 3), strides=2)(x))
        x = linen.avg_pool(x, (2, 2), strides=(2, 2))
        return linen.Dense(CLASSES)(linen.relu(linen.Conv(6, (3, 3))(x)).mean((1, 2)))


class LayerNormed(linen.Module):
    @linen.compact
    def __call__(self, x: Any, training: bool = False) -> Any:  # noqa: ANN401, ARG002 - of JAX
        x = linen.relu(linen.LayerNorm()(linen.Dense(24)(x.reshape(len(x), -1))))
        return linen.Dense(CLASSES)(x)


def keep_linen(keeper: Keeper, name: str, model: Any, shape: Shape = GREY, **said: Any) -> None:  # noqa: ANN401 - of Flax
    variables = dict(model.init(jax.random.PRNGKey(2), pixels_of(shape)[:1]))
    parameters = variables.pop("params")

    def forward(parameters: Any, state: Any, pixels: Any) -> Any:  # noqa: ANN401 - of JAX
        return model.apply({"params": parameters, **state}, pixels, True, mutable=list(state))

    parameters, state = trained(forward, parameters, variables, shape)
    p = {"params": parameters, **state}
    keeper.keep(
        name, Said(LINEN, NAME, shape, **said), lambda: run(CODE, np=np, flax=flax, p=p),
        lambda pixels: np.asarray(model.apply(p, pixels)),
    )  # fmt: skip


class Perceptron(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.linear1 = nnx.Linear(784, 24, rngs=rngs)
        self.norm = nnx.BatchNorm(24, rngs=rngs, momentum=0.8)
        self.linear2 = nnx.Linear(24, CLASSES, rngs=rngs)

    def __call__(self, x: Any) -> Any:  # noqa: ANN401 - of JAX
        return self.linear2(nnx.relu(self.norm(self.linear1(x.reshape(len(x), -1)))))


class Small(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.conv1 = nnx.Conv(3, 6, (3, 3), rngs=rngs)
        self.conv2 = nnx.Conv(6, 8, (3, 3), padding="VALID", rngs=rngs)
        self.linear = nnx.Linear(288, CLASSES, rngs=rngs)

    def __call__(self, x: Any) -> Any:  # noqa: ANN401 - of JAX
        x = nnx.max_pool(nnx.relu(self.conv1(x)), (2, 2), strides=(2, 2))
        return self.linear(nnx.relu(self.conv2(x)).reshape(len(x), -1))


def keep_nnx(keeper: Keeper, name: str, model: Any, shape: Shape = GREY, **said: Any) -> None:  # noqa: ANN401 - of Flax
    pixels = pixels_of(shape)
    labels = labels_of(pixels)
    optimiser = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)

    def loss(model: Any) -> Any:  # noqa: ANN401 - of JAX
        return optax.softmax_cross_entropy_with_integer_labels(model(pixels), labels).mean()

    @nnx.jit
    def step(model: Any, optimiser: Any) -> None:  # noqa: ANN401 - of Flax
        optimiser.update(model, nnx.grad(loss)(model))

    for _ in range(40):
        step(model, optimiser)
    model.eval()
    flat = flax.traverse_util.flatten_dict(nnx.to_pure_dict(nnx.state(model)))
    arrays = {".".join(map(str, path)): np.asarray(one) for path, one in flat.items()}
    keep_arrays(keeper, name, Said(NNX, NAME, shape, **said), arrays, model)


def make(keeper: Keeper) -> None:
    keep_linen(keeper, "linear", Dense(linen.relu, ()))
    keep_linen(keeper, "relu", Dense(linen.relu, (24, 16)))
    keep_linen(keeper, "tanh, colours", Dense(linen.tanh, (24,)), COLOUR,
               settings={"activation": "tanh"})  # fmt: skip
    order = ["Dense_0", "BatchNorm_0", "activation", "Dense_1"]
    keep_linen(keeper, "batch norm before", Normed(False), settings={"layers": order})
    after = [order[0], order[2], order[1], order[3]]
    keep_linen(keeper, "batch norm after", Normed(True), settings={"layers": after})
    keep_linen(keeper, "batch norm unsaid", Normed(True), reason=r'layers = \["Dense_0"',
               why="where a normalisation is applied is not said")  # fmt: skip
    keep_linen(keeper, "convolutional, colours", Convolutional(), COLOUR,
               settings={"layers": RELU_ORDER})  # fmt: skip
    keep_linen(keeper, "same with a stride", Strided(), settings={"layers": [
        "conv 3x3x8 stride 2 padded", "sigmoid", "average 2", "conv 3x3x6 padded", "relu",
        "global average", "dense"]})  # fmt: skip
    keep_linen(keeper, "convolutions unsaid", Convolutional(), COLOUR, reason="conv 3x3x6",
               why="what lies between convolutions is not said")  # fmt: skip
    keep_linen(keeper, "layer norm", LayerNormed(), why="layer normalisation",
               reason="a normalisation over each image")  # fmt: skip
    keep_nnx(keeper, "batch norm of NNX", Perceptron(nnx.Rngs(3)),
             settings={"layers": ["linear1", "norm", "activation", "linear2"]})  # fmt: skip
    keep_nnx(
        keeper,
        "convolutional of NNX",
        Small(nnx.Rngs(4)),
        COLOUR,
        settings={
            "layers": [
                "conv 3x3x6 padded",
                "relu",
                "pool 2",
                "conv 3x3x8",
                "relu",
                "flatten",
                "dense",
            ]
        },
    )


if __name__ == "__main__":
    main("flax", make)
