"""Which fast form each layer has, and what a whole network makes of a batch with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from netviz.network.fast.convolution import FastConvolution
from netviz.network.fast.maps import (
    FastFlatten,
    FastGlobalAverage,
    FastRelu,
    FastScaleShift,
    NormalisingMaps,
    PlainOnMaps,
)
from netviz.network.fast.rows import FastDense, NormalisingRows, Plain, Twin
from netviz.network.layers import (
    Activation,
    BatchNormalisation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    ScaleShift,
    Shape,
)
from netviz.network.layers.windows import IMAGE

LARGEST_POOL = 8  # that is computed together with the convolution below it


@dataclass(frozen=True)
class Placed:
    """A layer in its network: where its gradient goes, and the shape that arrives at it."""

    layer: Layer
    result: Layer
    below: Shape


def twins(placed: Sequence[Placed], size: int, lowest: int) -> list[tuple[Twin, int]]:
    """Return what runs the layers fastest, for batches of `size`, each with its layer's place.

    A max pool right upon a convolution is part of its twin. Inputs of three dimensions an image
    are maps; so are those of the first layer. No error is asked for below the layer `lowest`.
    """
    found: list[tuple[Twin, int]] = []
    place = 0
    while place < len(placed):
        one = placed[place]
        pool = _pool_upon(placed, place)
        if isinstance(one.layer, Convolution) and isinstance(one.result, Convolution):
            twin: Twin = FastConvolution(
                one.layer, one.result, one.below, size, pool or 1, is_lowest=place <= lowest
            )
        else:
            twin = _twin(one, size)
        found.append((twin, place))
        place += 2 if pool else 1
    return found


def _pool_upon(placed: Sequence[Placed], place: int) -> int | None:
    """Return the size of the max pool that is computed together with the layer at `place`."""
    if not isinstance(placed[place].layer, Convolution) or place + 1 == len(placed):
        return None
    match placed[place + 1].layer:
        case MaxPool(size=size, stride=stride) if size == stride <= LARGEST_POOL:
            return size
        case _:
            return None


def _twin(one: Placed, size: int) -> Twin:
    """Return the twin of a layer that is no convolution."""
    return _twin_on_maps(one) if len(one.below) == IMAGE else _twin_on_rows(one, size)


def _twin_on_maps(one: Placed) -> Twin:
    match one.layer, one.result:
        case Activation(function="relu"), _:
            return FastRelu()
        case BatchNormalisation() as layer, BatchNormalisation() as result:
            return NormalisingMaps(layer, result)
        case ScaleShift() as layer, ScaleShift() as result:
            return FastScaleShift(layer, result)
        case GlobalAverage(), _:
            return FastGlobalAverage()
        case Flatten(), _:
            return FastFlatten()
        case layer, result:
            return PlainOnMaps(layer, result)


def _twin_on_rows(one: Placed, size: int) -> Twin:
    match one.layer, one.result:
        case Dense() as layer, Dense() as result:
            return FastDense(layer, result, size)
        case BatchNormalisation() as layer, result:
            return NormalisingRows(layer, result)
        case layer, result:
            return Plain(layer, result)
