"""A file is read to the answers that its network gives where it was trained.

Every array is used or folded in.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.elsewhere.expected import Expected
from tests.elsewhere.networks import (
    B0,
    B1,
    BL,
    BM,
    CLASSES,
    COLOUR,
    DIRECTIONS,
    FLAX,
    GAIN,
    IN_MEAN,
    IN_VAR,
    KERAS,
    KERAS_AFTER,
    KERAS_ORDER,
    MASK,
    SHAPE,
    SHIFT,
    SIZES,
    THREE,
    UNITS,
    W0,
    W1,
    WC,
    WL,
    WM,
    X3,
    Array,
    Arrays,
    X,
    middle,
    named,
    normed,
    plain,
    planes,
    read,
    relu,
    statistics,
    torch,
)


@dataclass(frozen=True)
class Right:
    """A file, what its network answers, and what the settings say of it."""

    arrays: Arrays
    answers: Array
    settings: dict[str, Any] = field(default_factory=dict)
    images: Array = field(default_factory=lambda: X)
    shape: tuple[int, int, int] = SHAPE


WEIGHT_NORM = SIZES * DIRECTIONS / np.linalg.norm(DIRECTIONS, axis=1, keepdims=True)
CHANNELS = np.array([0.4, 0.5, 0.6]), np.array([0.2, 0.3, 0.25])

RIGHT: dict[str, Right] = {
    "a normalisation before the activation": Right(
        torch(1, 4) | statistics("2"), plain(lambda z: relu(normed(z, 1e-5, GAIN, SHIFT)))
    ),
    "after it": Right(
        torch(1, 4) | statistics("3"), plain(lambda z: normed(relu(z), 1e-5, GAIN, SHIFT))
    ),
    "without factors of its own": Right(
        torch(0, 3) | statistics("1", affine=False), plain(lambda z: relu(normed(z)))
    ),
    "before and after": Right(
        torch(1, 5) | statistics("2") | statistics("4", affine=False),
        plain(lambda z: normed(relu(normed(z, 1e-5, GAIN, SHIFT)))),
    ),
    "of the images": Right(
        torch(2, 4) | {"1.running_mean": IN_MEAN, "1.running_var": IN_VAR},
        plain(x=(X - IN_MEAN) / np.sqrt(IN_VAR + 1e-5)),
    ),
    "of the answers": Right(
        torch(1, 3) | {"4.running_mean": B1, "4.running_var": B1**2},
        (plain() - B1) / np.sqrt(B1**2 + 1e-5),
    ),
    "of another epsilon": Right(
        torch(0, 3) | statistics("1"),
        plain(lambda z: relu(normed(z, 0.1, GAIN, SHIFT))),
        {"epsilon": 0.1},
    ),
    "no biases before a normalisation": Right(
        {k: v for k, v in (torch(1, 4) | statistics("2")).items() if k != "1.bias"},
        np.asarray(relu(normed(X @ W0, 1e-5, GAIN, SHIFT)) @ W1 + B1),
    ),
    "Keras, told before": Right(
        KERAS, plain(lambda z: relu(normed(z, 1e-3, GAIN, SHIFT))), {"layers": KERAS_ORDER}
    ),
    "Keras, told after": Right(
        KERAS, plain(lambda z: normed(relu(z), 1e-3, GAIN, SHIFT)), {"layers": KERAS_AFTER}
    ),
    "Flax": Right(
        FLAX,
        plain(lambda z: relu(normed(z, 1e-5, GAIN, SHIFT))),
        {"layers": ("Dense_0", "BatchNorm_0", "activation", "Dense_1")},
    ),
    "Keras's Normalization": Right(
        named("dense", "dense_1") | {
            "normalization/mean": IN_MEAN[None],
            "normalization/variance": IN_VAR[None],
            "normalization/count": np.array(40),
        },
        plain(x=(X - IN_MEAN) / np.sqrt(IN_VAR)),
    ),
    "buffers of mean and deviation": Right(
        torch(1, 3) | {"mean": np.full((1, 1, 1), 0.13), "std": np.full((1, 1, 1), 0.31)},
        plain(x=(X - 0.13) / 0.31),
    ),
    "buffers by channel": Right(
        {"fc.weight": WC.T, "mean": CHANNELS[0][:, None, None], "std": CHANNELS[1][:, None, None]},
        planes((X3 - CHANNELS[0]) / CHANNELS[1]) @ WC,
        images=X3,
        shape=COLOUR,
    ),
    "buffers for bytes": Right(
        torch(1, 3) | {"norm.mean": np.array([33.0]), "norm.std": np.array([78.0])},
        plain(x=(255 * X - 33) / 78),
        {"deviation": (1 / 255,)},
    ),
    "pixels normalised by channel": Right(
        {"fc.weight": WC.T},
        planes((X3 - CHANNELS[0]) / CHANNELS[1]) @ WC,
        {"mean": tuple(CHANNELS[0]), "deviation": tuple(CHANNELS[1])},
        X3,
        COLOUR,
    ),
    "pixels inverted": Right(torch(1, 3), plain(x=1 - X), {"is_inverted": True}),
    "pixels inverted, then normalised": Right(
        torch(1, 3),
        plain(x=((1 - X) - 0.13) / 0.31),
        {"is_inverted": True, "mean": (0.13,), "deviation": (0.31,)},
    ),
    "a deviation below 0": Right(
        torch(1, 3), plain(x=(X - 1) / -1), {"mean": (1.0,), "deviation": (-1.0,)}
    ),
    "colours by pixel, told": Right(
        {"fc.weight": WC.T}, X3.reshape(40, -1) @ WC, {"colours": "pixels"}, X3, COLOUR
    ),
    "weight normalisation": Right(
        THREE | {
            "2.parametrizations.weight.original0": SIZES,
            "2.parametrizations.weight.original1": DIRECTIONS,
            "2.bias": BM,
        },
        middle(WEIGHT_NORM.T),
    ),
    "weight normalisation of older names": Right(
        THREE | {"2.weight_g": SIZES, "2.weight_v": DIRECTIONS, "2.bias": BM},
        middle(WEIGHT_NORM.T),
    ),
    "weight normalisation as a whole": Right(
        THREE | {"2.weight_g": np.array(2.0), "2.weight_v": DIRECTIONS, "2.bias": BM},
        middle(2 * DIRECTIONS.T / np.linalg.norm(DIRECTIONS)),
    ),
    "pruned": Right(
        THREE | {"2.weight_orig": WM.T, "2.weight_mask": MASK.astype(float), "2.bias": BM},
        middle(WM * MASK.T),
    ),
    "pruned biases": Right(
        THREE | {
            "2.weight_orig": WM.T,
            "2.weight_mask": MASK,
            "2.bias_orig": BM * 2,
            "2.bias_mask": np.full(UNITS, 0.5),
        },
        middle(WM * MASK.T),
    ),
    "bias_0 beside weights_0": Right({"weights_0": WL, "bias_0": BL}, X @ WL + BL),
    "biases beside weight": Right({"fc.weight": WL.T, "fc.biases": BL}, X @ WL + BL),
    "intercept beside kernel": Right({"0.kernel": WL, "0.intercept": BL}, X @ WL + BL),
    "biases (1, n)": Right({"weights_0": WL, "biases_0": BL[None]}, X @ WL + BL),
    "W1 and b1": Right({"W1": W0, "b1": B0, "W2": W1, "b2": B1}, plain()),
    "W1 and b1, outputs × inputs": Right(
        {"W1": W0.T, "b1": B0[:, None], "W2": W1.T, "b2": B1[:, None]}, plain()
    ),
    "coefs_0 and intercepts_0": Right(
        {"coefs_0": W0, "intercepts_0": B0, "coefs_1": W1, "intercepts_1": B1}, plain()
    ),
    "coef_ and intercept_": Right({"coef_": WL.T, "intercept_": BL}, X @ WL + BL),
    "its own activation": Right(torch(0, 2) | {"activation": np.array("tanh")}, plain(np.tanh)),
    "its own activation, as scikit-learn calls it": Right(
        torch(0, 2) | {"activation": np.array("logistic")}, plain(lambda z: 1 / (1 + np.exp(-z)))
    ),
    "the states of dropout and of averaging": Right(
        named("dense", "dense_1") | {
            "dropout/seed_generator/seed_generator_state": np.ones(2, np.uint32),
            "n_averaged": np.array(3),
        },
        plain(),
    ),
    "an order that shapes alone leave": Right(
        named("upper", "lower"), plain()
    ),
    "an order that is told": Right(
        named("z", "a") | {"m/kernel": WM, "m/bias": BM, "k/kernel": WM, "k/bias": BM},
        relu(relu(relu(X @ W0 + B0) @ WM + BM) @ WM + BM) @ W1 + B1,
        {"layers": ("z", "m", "k", "a")},
    ),
    "names of TensorFlow": Right(
        {f"{name}:0": one for name, one in named("dense/dense", "dense_1/dense_1").items()}, plain()
    ),
}  # fmt: skip


@pytest.mark.parametrize("right", RIGHT.values(), ids=RIGHT)
def test_a_file_is_read_to_the_answers_of_its_network(tmp_path: Path, right: Right) -> None:
    network = read(tmp_path, right.arrays, Expected(right.shape, CLASSES, **right.settings))
    found = network.logits(right.images.reshape(40, -1))
    apart = np.abs(found - right.answers).max() / np.abs(right.answers).max()
    assert apart < 1e-5


def test_arrays_in_another_order_are_the_same_network(tmp_path: Path) -> None:
    right = RIGHT["before and after"]
    turned = dict(reversed(right.arrays.items()))
    network = read(tmp_path, turned, Expected(SHAPE, CLASSES))
    assert network.identity == read(tmp_path, right.arrays, Expected(SHAPE, CLASSES)).identity
