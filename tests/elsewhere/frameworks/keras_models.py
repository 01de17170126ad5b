"""Networks of Keras, on PyTorch or on JAX: arrays in an .npz and graphs of ONNX, as we tell.

`KERAS_BACKEND` says which of the two computes.
"""

import os
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
from keras import layers

from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Array,
    Keeper,
    Said,
    Shape,
    block_of,
    labels_of,
    line_of,
    main,
    pixels_of,
    run,
)

BACKEND = {"torch": "PyTorch", "jax": "JAX"}[keras.backend.backend()]
ARRAYS, GRAPH = "`model.weights` in an `.npz`", f"`model.export` to ONNX, on {BACKEND}"
# On JAX a pool counts the images as one of its sides.
OF_POOLS = (
    {}
    if BACKEND == "PyTorch"
    else {"why": "a pool that counts images as a side", "reason": "Unsqueeze.*each image by itself"}
)


def lively(model: keras.Model, white: float = 1.0) -> keras.Model:
    """Train a few steps, so that statistics, biases and answers are those of a network in use."""
    pixels = pixels_of(tuple(model.input_shape[1:]))
    classes = model.output_shape[-1]
    labels = labels_of(pixels) * classes // CLASSES
    if classes == 1:
        loss = keras.losses.BinaryCrossentropy()
        labels = labels_of(pixels) % 2
    else:
        is_softmax = abs(float(model.predict(pixels[:1], verbose=0).sum()) - 1) < 1e-3
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=not is_softmax)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(pixels * white, labels, batch_size=30, epochs=25, verbose=0)
    return model


def sequential(*stack: keras.Layer, shape: Shape = GREY, white: float = 1.0) -> keras.Model:
    return lively(keras.Sequential([layers.Input(shape), *stack]), white)


def answering(model: keras.Model, white: float) -> Any:  # noqa: ANN401 - a function of arrays
    def answer(pixels: Array) -> Array:
        return np.asarray(model.predict(pixels * white, verbose=0))

    return answer


def keep_both(  # noqa: PLR0913 - all but three are named
    keeper: Keeper,
    name: str,
    model: keras.Model,
    *,
    arrays: dict[str, Any] | None = None,
    graph: dict[str, Any] | None = None,
    white: float = 1.0,
    **said: Any,  # noqa: ANN401 - fields of Said
) -> None:
    """Keep a model in both forms; `arrays` and `graph` are said of one form alone."""
    said.setdefault("shape", tuple(model.input_shape[1:]))
    line, block = (
        line_of("material.md", 'np.savez("theirs.npz", **{w.path'),
        block_of("onnx.md", "Keras"),
    )
    answer = answering(model, white)
    if arrays is not None and BACKEND == "PyTorch":
        keeper.keep(name, Said(ARRAYS, "theirs.npz", **said | arrays),
                    lambda: run(line, np=np, model=model), answer)  # fmt: skip
    if graph is not None:
        keeper.keep(f"{name} (graph)", Said(GRAPH, "theirs.onnx", **said | graph),
                    lambda: run(block, model=model), answer)  # fmt: skip


def keep_dense(keeper: Keeper) -> None:
    dense, flat = layers.Dense, layers.Flatten
    keep_both(keeper, "linear", sequential(flat(), dense(CLASSES)), arrays={}, graph={})
    keep_both(
        keeper, "dropout and softmax",
        sequential(flat(), dense(32, "relu"), layers.Dropout(0.3), dense(CLASSES, "softmax")),
        arrays={}, graph={}, gives="probabilities",
    )  # fmt: skip
    keep_both(
        keeper, "tanh", sequential(flat(), dense(24, "tanh"), dense(16, "tanh"), dense(CLASSES)),
        arrays={"settings": {"activation": "tanh"}}, graph={},
    )  # fmt: skip
    keep_both(
        keeper, "sigmoid, colours",
        sequential(flat(), dense(24, "sigmoid"), dense(CLASSES), shape=COLOUR),
        arrays={"settings": {"activation": "sigmoid"}}, graph={},
    )  # fmt: skip
    keep_both(
        keeper, "batch norm",
        sequential(flat(), dense(24, use_bias=False), layers.BatchNormalization(),
                   layers.Activation("relu"), dense(CLASSES)),
        arrays={"why": "where a normalisation is applied is not said",
                "reason": r"the order in the settings, such as layers = \["},
        graph={},
    )  # fmt: skip
    normalised = layers.Normalization()
    normalised.adapt(pixels_of(COLOUR))
    keep_both(
        keeper, "normalisation within",
        sequential(normalised, flat(), dense(24, "relu"), dense(CLASSES), shape=COLOUR),
        arrays={}, graph={},
    )  # fmt: skip
    rescaled = sequential(layers.Rescaling(1 / 255), flat(), dense(24, "relu"), dense(CLASSES),
                          white=255.0)  # fmt: skip
    keep_both(
        keeper, "rescaling within", rescaled, arrays={},
        graph={"settings": {"pixel_deviation": 1 / 255}}, white=255.0,
    )  # fmt: skip
    keep_both(
        keeper, "one output", sequential(flat(), dense(12, "relu"), dense(1, "sigmoid")), classes=2,
        arrays={"why": "one output for two classes", "reason": "becomes two, 0 for the first"},
        graph={"why": "one output for two classes", "reason": "ends with a sigmoid"},
    )  # fmt: skip
    keep_both(
        keeper, "leaky", sequential(flat(), dense(20), layers.LeakyReLU(), dense(CLASSES)),
        graph={"why": "another activation", "reason": "is of a kind that netviz cannot run"},
    )  # fmt: skip
    keep_both(
        keeper, "prelu", sequential(flat(), dense(20), layers.PReLU(), dense(CLASSES)),
        arrays={"why": "an activation that learnt", "reason": "PReLU"},
    )  # fmt: skip
    keep_both(
        keeper, "layer norm",
        sequential(flat(), dense(20), layers.LayerNormalization(), dense(CLASSES)),
        arrays={"why": "layer normalisation", "reason": "a normalisation over each image"},
        graph={"why": "layer normalisation", "reason": "is of a kind that netviz cannot run"}
        if BACKEND == "JAX" else None,
    )  # fmt: skip


def keep_convolutional(keeper: Keeper) -> None:
    conv, flat, dense = layers.Conv2D, layers.Flatten, layers.Dense
    norm, pool = layers.BatchNormalization, layers.MaxPooling2D
    keep_both(
        keeper, "example of Keras",
        sequential(conv(6, 3, activation="relu"), pool(), conv(8, 3, activation="relu"), pool(),
                   flat(), layers.Dropout(0.5), dense(CLASSES, "softmax")),
        gives="probabilities",
        arrays={"settings": {"layers": ["conv 3x3x6", "relu", "pool 2", "conv 3x3x8", "relu",
                                        "pool 2", "flatten", "dense"]}},
        graph=OF_POOLS,
    )  # fmt: skip
    keep_both(
        keeper, "same, batch norm before, colours",
        sequential(conv(6, 3, padding="same", use_bias=False), norm(), layers.ReLU(),
                   layers.AveragePooling2D(2), conv(5, 5, padding="same"), layers.ReLU(), flat(),
                   dense(CLASSES), shape=COLOUR),
        arrays={"settings": {"layers": [
            "conv 3x3x6 padded", "batch norm", "relu", "average 2", "conv 5x5x5 padded", "relu",
            "flatten", "dense"]}},
        graph=OF_POOLS,
    )  # fmt: skip
    keep_both(
        keeper, "same with strides, batch norm after, global average",
        sequential(conv(6, 3, 2, "same", activation="tanh"), norm(), conv(8, 4, 2, "same"), norm(),
                   layers.Activation("sigmoid"), layers.GlobalAveragePooling2D(), dense(CLASSES)),
        arrays={"settings": {"layers": [
            "conv 3x3x6 stride 2 padded", "tanh", "batch norm", "conv 4x4x8 stride 2 padded",
            "batch norm", "sigmoid", "global average", "dense"]}},
        graph={},
    )  # fmt: skip
    keep_both(
        keeper, "separable",
        sequential(layers.SeparableConv2D(6, 3, activation="relu"), flat(), dense(CLASSES),
                   shape=COLOUR),
        arrays={"settings": {"layers": ["conv 3x3x6", "relu", "flatten", "dense"]},
                "why": "separable filters", "reason": "of a separable convolution"},
        graph={},
    )  # fmt: skip
    keep_both(
        keeper, "pool with same",
        sequential(conv(6, 4, activation="relu"), pool(2, padding="same"), flat(), dense(CLASSES)),
        graph={"why": "a pool beyond the edge", "reason": "pads in another way|Unsqueeze"},
    )  # fmt: skip
    given = layers.Input(COLOUR)
    first = conv(6, 3, padding="same", activation="relu")(given)
    added = layers.Add()([first, conv(6, 3, padding="same")(first)])
    residual = lively(keras.Model(given, dense(CLASSES)(layers.GlobalAveragePooling2D()(added))))
    keep_both(
        keeper, "residual", residual,
        graph={"why": "two ways that are added", "reason": "joins two ways"},
    )  # fmt: skip


def make(keeper: Keeper) -> None:
    keras.utils.set_random_seed(4)
    keep_dense(keeper)
    keep_convolutional(keeper)


if __name__ == "__main__":
    main("keras", make)
