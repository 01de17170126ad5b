"""What the arrays of one module are: a dense layer, or a scaling of each number by itself.

A batch normalisation in use, a normalisation of the pixels, buffers of mean and deviation: each
multiplies every number by a factor of its own and adds another, and so can be folded into the
dense layer before or after it. Whatever is neither a dense layer nor such a scaling is refused
by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.faults import fault
from netviz.elsewhere.hints import hint_for
from netviz.elsewhere.names import BIASES, MASKED, Module
from netviz.errors import listed

Numbers = NDArray[np.float64]
Order = Literal["planes", "pixels"]
"""How the numbers of an image in colour follow: channel, row, column, or row, column, channel."""

ACTIVATION = "activation"  # in the setting `layers`, and between two layers here
MATRIX, FILTERS = 2, 4  # dimensions
LARGEST_FLOAT = float(np.finfo(np.float32).max)
EPSILONS = {"PyTorch": 1e-5, "Keras": 1e-3, "Flax": 1e-5}


def check_largest(number: int, largest: float, file: Path) -> None:
    """Refuse the layer `number`, whose numbers or answers go up to `largest`, beyond 32 bits."""
    if not largest <= LARGEST_FLOAT:
        raise fault(
            file,
            f"layer {number} gives numbers too large for floats of 32 bits",
            expected=f"at most {LARGEST_FLOAT:.3g}",
            got=f"up to {largest:.3g}",
            remedy="Look at its weights, at what is folded into them, and at the settings"
            " 'pixel_mean' and 'pixel_deviation'.",
        )


@dataclass(frozen=True)
class Dense:
    """One dense layer as its file has it.

    `weight` is (units above, units below) where `is_transposed`, and (units below, units above)
    where not; None where the names do not tell. `bias` is (units above,), or None. `order` is that
    of the inputs if these are pixels, None where nobody can know.
    """

    name: str
    weight: Numbers
    bias: Numbers | None
    is_transposed: bool | None
    order: Order | None

    def turned(self, *, is_transposed: bool) -> "Dense":
        """Return the layer with `weight` (units below, units above)."""
        weight = self.weight.T if is_transposed else self.weight
        return Dense(self.name, weight, self.bias, False, self.order)

    @property
    def shape(self) -> tuple[int, int]:
        """(units below, units above), of a layer that was turned."""
        below, above = self.weight.shape
        return below, above


@dataclass(frozen=True)
class Scaling:
    """Every number x by itself becomes `factor` x + `offset`, both (n,).

    `centre` is the mean that is taken away, for which `deviation` was found; `of_pixels` where
    the name says that it is the images that are normalised.
    """

    name: str
    centre: Numbers
    deviation: Numbers
    gain: Numbers
    shift: Numbers
    of_pixels: bool = False

    @property
    def factor(self) -> Numbers:
        return self.gain / self.deviation

    @property
    def offset(self) -> Numbers:
        return self.shift - self.centre * self.factor

    @property
    def size(self) -> int:
        return len(self.centre)


@dataclass(frozen=True)
class Filters:
    """The filters of one convolution as its file has them.

    `weight` is (filters, channels, rows, columns) where `is_transposed`, as PyTorch has it, and
    (rows, columns, channels, filters) where not; None where the names do not tell. `bias` is
    (filters,), or None. `order` is that of numbers which are flattened above it, where names tell.
    """

    name: str
    weight: Numbers
    bias: Numbers | None
    is_transposed: bool | None
    order: Order | None


Part = Dense | Scaling  # what a network of dense layers alone consists of
Item = Part | str  # the one text is ACTIVATION


@dataclass(frozen=True)
class Ends:
    """How many numbers go in and come out: those of an image, its channels, and the classes."""

    inputs: int
    channels: int
    classes: int


def names_of(items: Sequence[Item | Filters]) -> list[str]:
    """Return what settings call each of `items`."""
    return [item if isinstance(item, str) else item.name for item in items]


def part_of(module: Module, file: Path, epsilon: float | None) -> Part | Filters:
    """Return what the arrays of `module` are; `epsilon` is that of batch normalisations.

    Raises:
        DataError: they are nothing that can be read or folded in.
    """
    leaves = set(module.leaves)
    for kind, needed, optional in SCALINGS:
        if needed <= leaves <= needed | optional:
            return _scaling(module, file, kind, epsilon)
    biases = leaves & BIASES
    kernels = leaves - biases - MASKED[1]
    if len(kernels) == 1 and len(biases) <= 1 and kernels <= set(WEIGHTS) | MASKED[0]:
        return _dense(module, file, kernels.pop(), biases.pop() if biases else None)
    for folded in NORMED:
        if set(folded) <= leaves and len(leaves - set(folded) - BIASES) == 0 and len(biases) <= 1:
            weight = _normed(module, file, folded)
            return _layer(module, file, weight, biases.pop() if biases else None, "weight")
    raise unknown(module, file)


def unknown(module: Module, file: Path) -> Exception:
    """Return the error for a module that is neither read nor folded in."""
    what, remedy = hint_for(module)
    return fault(
        file,
        f"{module.called} part of a dense layer" + (f", but of {what}" if what else ""),
        expected="dense layers, and normalisations that can be folded into them",
        got=listed(module.described()),
        remedy=remedy,
    )


# --- dense layers ----------------------------------------------------------------------------

WEIGHTS: dict[str, tuple[bool | None, Order | None]] = {
    "weight": (True, "planes"),
    "kernel": (False, "pixels"),
    "weights": (None, None),
    "W": (None, None),
    "w": (None, None),
    "coef": (None, None),
    "coefs": (None, None),
    "coef_": (None, None),
    "coefs_": (None, None),
}
NORMED: tuple[tuple[str, str], ...] = (("original0", "original1"), ("weight_g", "weight_v"))


def _dense(module: Module, file: Path, leaf: str, bias: str | None) -> Dense | Filters:
    dimensions = FILTERS if module.leaves[leaf].ndim == FILTERS else MATRIX
    if module.leaves[leaf].ndim < MATRIX:
        raise unknown(module, file)
    weight = numbers(module, leaf, file, dimensions)
    mask = f"{leaf.removesuffix('_orig')}_mask"
    if leaf in MASKED[0]:
        if mask not in module.leaves:
            raise unknown(module, file)
        masked = numbers(module, mask, file, dimensions)
        if masked.shape != weight.shape:
            raise unknown(module, file)
        weight = weight * masked
    elif mask in module.leaves:
        raise unknown(module, file)
    return _layer(module, file, weight, bias, leaf)


def _layer(
    module: Module, file: Path, weight: Numbers, bias: str | None, leaf: str
) -> Dense | Filters:
    is_transposed, order = WEIGHTS[leaf.removesuffix("_orig")]
    if module.number:
        is_transposed = order = None
        if leaf == "weights" and not module.prefix:  # as netviz offers its own for download
            is_transposed, order = False, "pixels"
    kind = Filters if weight.ndim == FILTERS else Dense
    if bias is None:
        return kind(module.name, weight, None, is_transposed, order)
    shift = flat(numbers(module, bias, file))
    if shift is None:
        got = module.described(bias)[0]
        raise fault(
            file, f"{module.names[bias]} is no row of biases", expected="one a unit", got=got
        )
    if bias == "bias_orig":
        shift = shift * flat_of(module, "bias_mask", file)
    ends = {weight.shape[0], weight.shape[-1]}  # where a layout has its units
    units = ends if is_transposed is None else {weight.shape[0 if is_transposed else -1]}
    if len(shift) not in units:
        got = f"{weight.shape} and {shift.shape}"
        raise fault(
            file,
            f"weights and biases of layer {module.name} do not fit",
            expected=f"{' or '.join(map(str, sorted(units)))} biases",
            got=got,
        )
    return kind(module.name, weight, shift, is_transposed, order)


def _normed(module: Module, file: Path, leaves: tuple[str, str]) -> Numbers:
    """Return what weight normalisation computes: each direction at its size (its g and v)."""
    sizes, directions = (numbers(module, leaf, file) for leaf in leaves)
    is_whole = sizes.ndim == 0
    shapes = zip(sizes.shape, directions.shape, strict=False)
    fits = sizes.ndim == directions.ndim and all(size in (1, length) for size, length in shapes)
    if directions.ndim not in (MATRIX, FILTERS) or not (is_whole or fits):
        raise unknown(module, file)
    every = range(directions.ndim)
    along = tuple(axis for axis in every if is_whole or sizes.shape[axis] == 1)
    lengths = np.sqrt((directions**2).sum(axis=along, keepdims=True))
    return np.asarray(sizes * directions / lengths, np.float64)


# --- scalings --------------------------------------------------------------------------------

SCALINGS: tuple[tuple[str, set[str], set[str]], ...] = (
    ("PyTorch", {"running_mean", "running_var"}, {"weight", "bias", "num_batches_tracked"}),
    ("Keras", {"moving_mean", "moving_variance"}, {"gamma", "beta"}),
    ("Flax", {"mean", "var"}, {"scale", "bias"}),
    ("Normalization", {"mean", "variance"}, {"count"}),
    ("buffers", {"mean", "std"}, set()),
    ("buffers", {"pixel_mean", "pixel_std"}, set()),
)
KERAS_LEAST = 1e-7  # the least deviation by which Keras's Normalization divides


def _scaling(module: Module, file: Path, kind: str, epsilon: float | None) -> Scaling:
    mean_name = _one(module, "running_mean", "moving_mean", "mean", "pixel_mean")
    spread_name = _one(
        module, "running_var", "moving_variance", "variance", "var", "std", "pixel_std"
    )
    mean, spread = flat_of(module, mean_name, file), flat_of(module, spread_name, file)
    of_pixels = kind in ("Normalization", "buffers")
    if spread.min() < 0 or (kind == "buffers" and spread.min() <= 0):
        raise fault(file, f"{module.names[spread_name]} has numbers that are not positive")
    if kind == "buffers":
        deviation = spread
    elif kind == "Normalization":
        deviation = np.maximum(np.sqrt(spread), KERAS_LEAST)
    else:
        deviation = np.sqrt(spread + (EPSILONS[kind] if epsilon is None else epsilon))
    gain, shift = np.ones_like(mean), np.zeros_like(mean)
    if not of_pixels:
        gain = _optional(module, file, gain, "weight", "gamma", "scale")
        shift = _optional(module, file, shift, "bias", "beta")
    if len({len(mean), len(deviation), len(gain), len(shift)}) > 1:
        got = listed(module.described())
        raise fault(file, f"the arrays of {module.name} differ in length", got=got)
    return Scaling(module.name, mean, deviation, gain, shift, of_pixels)


def _one(module: Module, *leaves: str) -> str:
    return next(leaf for leaf in leaves if leaf in module.leaves)


def _optional(module: Module, file: Path, otherwise: Numbers, *leaves: str) -> Numbers:
    found = [leaf for leaf in leaves if leaf in module.leaves]
    return flat_of(module, found[0], file) if found else otherwise


# --- arrays ----------------------------------------------------------------------------------


def numbers(module: Module, leaf: str, file: Path, dimensions: int | None = None) -> Numbers:
    """Return the array `leaf` of `module` as floats of 64 bits.

    Raises:
        DataError: it holds no floats, some are not finite or beyond a float32, or its dimensions
            are others than `dimensions`.
    """
    array: NDArray[Any] = module.leaves[leaf]
    name = module.names[leaf]
    if array.dtype.kind != "f" and not (leaf.endswith("_mask") and array.dtype.kind in "biu"):
        _refuse_type(file, name, array, dimensions)
    if dimensions is not None and array.ndim != dimensions:
        _refuse_type(file, name, array, dimensions)
    if not array.size:
        raise fault(file, f"{name} holds no numbers", got=str(array.shape))
    if not np.isfinite(array).all():
        raise fault(file, f"{name} has numbers that are not finite (nan or inf)")
    largest = float(np.abs(array.astype(np.float64)).max())
    if largest > LARGEST_FLOAT:
        raise fault(
            file,
            f"{name} has numbers too large for floats of 32 bits",
            expected=f"at most {LARGEST_FLOAT:.3g}",
            got=f"{largest:.3g}",
        )
    return array.astype(np.float64)


def _refuse_type(file: Path, name: str, array: NDArray[Any], dimensions: int | None) -> None:
    many = f" in {dimensions} dimension{'s' if dimensions > 1 else ''}" if dimensions else ""
    remedy = None
    if array.ndim in (3, 5) and dimensions == MATRIX:
        remedy = "Of convolutions those of images are read, whose weights have 4 dimensions."
    elif array.dtype.kind == "V":
        remedy = "If it is bfloat16, save it with .astype(np.float32)."
    raise fault(
        file,
        f"{name} is not part of a dense layer",
        expected=f"floats{many}",
        got=f"{array.dtype} {array.shape}",
        remedy=remedy,
    )


def flat(array: Numbers) -> Numbers | None:
    """Return `array` as one row, if all but one of its sides are 1."""
    return array.reshape(-1) if array.size == max(array.shape, default=1) else None


def flat_of(module: Module, leaf: str, file: Path) -> Numbers:
    """Return the array `leaf` of `module` as one row."""
    if leaf not in module.leaves:
        raise unknown(module, file)
    array = numbers(module, leaf, file)
    return array.reshape(-1)
