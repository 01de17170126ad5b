"""Arrays of small networks as frameworks name them, and what these answer, computed by hand."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.network.network import Network

Array = NDArray[Any]
Arrays = dict[str, Array]

RNG = np.random.default_rng(17)
SHAPE, COLOUR = (8, 9, 1), (8, 9, 3)
INPUTS, UNITS, CLASSES = 72, 6, 3
X = RNG.random((40, INPUTS)).astype(np.float32)
X3 = RNG.random((40, *COLOUR)).astype(np.float32)
W0, B0 = RNG.normal(size=(INPUTS, UNITS)), RNG.normal(size=UNITS)
WM, BM = RNG.normal(size=(UNITS, UNITS)), RNG.normal(size=UNITS)
W1, B1 = RNG.normal(size=(UNITS, CLASSES)), RNG.normal(size=CLASSES)
WL, BL = RNG.normal(size=(INPUTS, CLASSES)), RNG.normal(size=CLASSES)
WC = RNG.normal(size=(3 * INPUTS, CLASSES))
MEAN, VAR = RNG.normal(size=UNITS), RNG.uniform(0.1, 2, UNITS)
GAIN, SHIFT = RNG.normal(size=UNITS), RNG.normal(size=UNITS)
IN_MEAN, IN_VAR = RNG.random(INPUTS), RNG.uniform(0.1, 1, INPUTS)


def relu(z: Array) -> Array:
    return np.maximum(z, 0)


def plain(hidden: Callable[[Array], Array] = relu, x: Array = X) -> Array:
    """What two layers answer with `hidden` between them."""
    return np.asarray(hidden(x @ W0 + B0) @ W1 + B1)


def normed(
    x: Array, epsilon: float = 1e-5, gain: Array | float = 1.0, shift: Array | float = 0.0
) -> Array:
    return np.asarray((x - MEAN) / np.sqrt(VAR + epsilon) * gain + shift)


def torch(*numbers: int) -> Arrays:
    """The two layers, by their numbers in a Sequential, outputs × inputs."""
    found: Arrays = {}
    for number, weight, bias in zip(numbers, (W0, W1), (B0, B1), strict=True):
        found |= {f"{number}.weight": weight.T, f"{number}.bias": bias}
    return found


def named(*names: str, leaf: str = "kernel") -> Arrays:
    """The two layers, inputs × outputs."""
    found: Arrays = {}
    for name, weight, bias in zip(names, (W0, W1), (B0, B1), strict=True):
        found |= {f"{name}/{leaf}": weight, f"{name}/bias": bias}
    return found


def statistics(name: str, *, affine: bool = True) -> Arrays:
    found = {f"{name}.running_mean": MEAN, f"{name}.running_var": VAR}
    found[f"{name}.num_batches_tracked"] = np.array(7)
    return found | ({f"{name}.weight": GAIN, f"{name}.bias": SHIFT} if affine else {})


def keras_statistics(name: str) -> Arrays:
    return {
        f"{name}/gamma": GAIN,
        f"{name}/beta": SHIFT,
        f"{name}/moving_mean": MEAN,
        f"{name}/moving_variance": VAR,
    }


DIRECTIONS = RNG.normal(size=(UNITS, UNITS))
SIZES = RNG.uniform(0.5, 2, (UNITS, 1))
MASK = RNG.random((UNITS, UNITS)) > 0.5
THREE = {f"{n}.{leaf}": a for n, pair in (("0", (W0.T, B0)), ("4", (W1.T, B1)))
         for leaf, a in zip(("weight", "bias"), pair, strict=True)}  # fmt: skip


def middle(weight: Array) -> Array:
    """What three layers answer whose middle one has `weight` (units below, units above)."""
    return np.asarray(relu(relu(X @ W0 + B0) @ weight + BM) @ W1 + B1)


KERAS_ORDER = ("dense", "batch_normalization", "activation", "dense_1")
KERAS_AFTER = ("dense", "activation", "batch_normalization", "dense_1")
KERAS = named("dense", "dense_1") | keras_statistics("batch_normalization")
FLAX = {
    **{f"params/{name}": one for name, one in named("Dense_0", "Dense_1").items()},
    "params/BatchNorm_0/scale": GAIN,
    "params/BatchNorm_0/bias": SHIFT,
    "batch_stats/BatchNorm_0/mean": MEAN,
    "batch_stats/BatchNorm_0/var": VAR,
}


def planes(x: Array) -> Array:
    """Images (n, height, width, channels) as rows, channel by channel."""
    return np.asarray(x.transpose(0, 3, 1, 2).reshape(len(x), -1))


def read(tmp_path: Path, arrays: Arrays, expected: Expected) -> Network:
    """Write `arrays` as an .npz and read it, without a warning."""
    file = tmp_path / "net.npz"
    np.savez(file, allow_pickle=False, **arrays)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_foreign(file, expected)
