"""Normalisations folded into the dense layers beside them, which then answer the same.

A dense layer is z = x W + b. What scales z by itself scales the columns of W and b; what scales
x before it scales the rows of W, and its offset goes through W into b.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netviz.elsewhere.faults import fault, quoted
from netviz.elsewhere.parts import (
    ACTIVATION,
    Dense,
    Item,
    Numbers,
    Order,
    Scaling,
    check_largest,
    names_of,
)
from netviz.errors import DataError


@dataclass(frozen=True)
class Layer:
    """One dense layer: `weight` (units below, units above) and `bias` (units above,)."""

    weight: Numbers
    bias: Numbers

    def scaled_above(self, scaling: Scaling) -> "Layer":
        """Return the layer with `scaling` of its sums in it."""
        factor = scaling.factor
        return Layer(self.weight * factor, self.bias * factor + scaling.offset)

    def scaled_below(self, factor: Numbers, offset: Numbers) -> "Layer":
        """Return the layer with a scaling of its inputs, each (units below,) or (1,), in it."""
        offsets = np.broadcast_to(offset, (len(self.weight),))
        factors = np.broadcast_to(factor, (len(self.weight),))
        return Layer(factors[:, None] * self.weight, self.bias + offsets @ self.weight)


def folded(items: Sequence[Item], channels: int, order: Order, file: Path) -> list[Layer]:
    """Return the dense layers among `items`, with all that lies between them folded in.

    `channels` and `order` are those of the images.

    Raises:
        DataError: layers do not alternate with activations, a normalisation does not fit, or a
            layer has no biases where others have some.
    """
    _check_biases(items, file)
    layers: list[Layer] = []
    waiting: list[Scaling] = []  # for the layer that comes next
    is_summed = False  # what was last is a layer's sum, no activation yet
    for item in items:
        if isinstance(item, Dense):
            if is_summed:
                raise _no_activation(items, item)
            layers.append(_with_below(item, waiting, channels if not layers else 0, order, file))
            waiting, is_summed = [], True
        elif isinstance(item, Scaling) and is_summed:
            _check_size(item, layers[-1].weight.shape[1], file)
            layers[-1] = layers[-1].scaled_above(item)
        elif isinstance(item, Scaling):
            waiting.append(item)
        elif is_summed:
            is_summed = False
        else:
            raise _no_layer(items)
    if waiting or not is_summed:
        raise _no_layer(items)
    return layers


def _with_below(
    dense: Dense, below: Sequence[Scaling], channels: int, order: Order, file: Path
) -> Layer:
    """Return `dense` with the scalings of its inputs folded in, the last applied first."""
    units_below, units_above = dense.weight.shape
    layer = Layer(dense.weight, np.zeros(units_above) if dense.bias is None else dense.bias)
    for scaling in reversed(below):
        factor, offset = scaling.factor, scaling.offset
        if channels and scaling.size == channels:
            factor, offset = (by_channel(one, units_below, order) for one in (factor, offset))
        elif not (channels and scaling.size == 1):
            _check_size(scaling, units_below, file)
        layer = layer.scaled_below(factor, offset)
    return layer


def by_channel(values: Numbers, inputs: int, order: Order) -> Numbers:
    """Return one of `values` (channels,) for each of `inputs` numbers of an image."""
    pixels = inputs // len(values)
    return np.repeat(values, pixels) if order == "planes" else np.tile(values, pixels)


def check_range(layers: Sequence[Layer], is_bounded: bool, file: Path) -> None:
    """Refuse layers whose numbers, or whose answers to some image, exceed floats of 32 bits.

    `is_bounded` where the activation gives at most 1.
    """
    reach: Numbers = np.ones(len(layers[0].weight))
    with np.errstate(over="ignore", invalid="ignore"):
        for number, layer in enumerate(layers):
            reach = reach @ np.abs(layer.weight) + np.abs(layer.bias)
            largest = max(np.abs(layer.weight).max(), reach.max())
            check_largest(number, largest, file)
            if is_bounded:
                reach = np.ones_like(reach)


def _check_biases(items: Sequence[Item], file: Path) -> None:
    """Refuse one layer without biases among others: they may be there under another name.

    A layer that a normalisation follows at once needs none.
    """
    dense = [item for item in items if isinstance(item, Dense)]
    if all(one.bias is None for one in dense):
        return
    for item, after in zip(items, [*items[1:], ACTIVATION], strict=True):
        if isinstance(item, Dense) and item.bias is None and not isinstance(after, Scaling):
            raise fault(
                file,
                f"{item.name} has no biases, though other layers have some",
                expected=f"biases for its {item.weight.shape[1]} units",
                got="none",
                remedy="If it has none, save zeros under the name that they would have.",
            )


def _check_size(scaling: Scaling, units: int, file: Path) -> None:
    if scaling.size != units:
        raise fault(
            file,
            f"{scaling.name} does not fit the layer beside it",
            expected=f"{units} numbers",
            got=str(scaling.size),
        )


def _no_activation(items: Sequence[Item], item: Dense) -> DataError:
    return DataError(
        f"'layers' has no {ACTIVATION} before {item.name!r}",
        expected=f'"{ACTIVATION}" once between every two layers, before or after a normalisation',
        got=quoted(names_of(items)),
    )


def _no_layer(items: Sequence[Item]) -> DataError:
    return DataError(
        "'layers' does not alternate",
        expected=f'a layer, "{ACTIVATION}", a layer, and so on, with a layer at the end',
        got=quoted(names_of(items)),
    )
