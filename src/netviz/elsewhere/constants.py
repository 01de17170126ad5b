"""Nodes of a graph whose inputs are all constants, computed before any image is looked at.

Exporters leave such nodes: the shape that a reshape wants or the zeros around an image, computed
from sides, and weights that are turned, cast or scaled.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.graph import Node

Array = NDArray[Any]

# Types that a cast may name, by their numbers in ONNX.
TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 9: np.bool_,
         11: np.float64}  # fmt: skip

MOST_SIDES = 64  # of an array
VIEWS = {"Identity", "Slice", "Squeeze", "Transpose", "Unsqueeze"}  # these copy nothing


def computed(node: Node, given: Sequence[Array | None]) -> Array | None:
    """Return what `node` makes of constants; None where that is not known.

    Raises:
        ValueError, IndexError, TypeError, KeyError, AttributeError: the operation of `node` is not
            defined for these constants or attributes.
    """
    make = KINDS.get(node.kind)
    return None if make is None else make(node, given)


def most_made(node: Node, given: Sequence[Array | None]) -> int:
    """Return how many numbers `node` makes of constants at most, beside those that it gets."""
    if node.kind in VIEWS:
        return 0
    arrays = [one for one in given if one is not None]
    sizes = [one.size for one in arrays]
    if node.kind == "ConstantOfShape" and arrays:
        return math.prod(abs(int(one)) for one in arrays[0].ravel()[:MOST_SIDES])
    is_spread = node.kind in ARITHMETIC and len({one.shape for one in arrays}) > 1
    return math.prod(sizes[:2]) if node.kind == "Gather" or is_spread else sum(sizes)


def _constant(node: Node, _given: Sequence[Array | None]) -> Array:
    names = ("value", "value_float", "value_int", "value_ints", "value_floats")
    found = [node.attributes[name] for name in names if name in node.attributes]
    array = np.asarray(found[0])
    return array.astype(np.float32) if isinstance(found[0], float) else array


def _first(given: Sequence[Array | None]) -> Array:
    first = given[0]
    if first is None:
        raise ValueError("it has no input")
    return first


def _axes(node: Node, given: Sequence[Array | None]) -> tuple[int, ...] | None:
    """Return the axes that an attribute or the second input names."""
    if len(given) > 1 and given[1] is not None:
        return tuple(int(one) for one in given[1].ravel())
    found = node.attributes.get("axes")
    return None if found is None else tuple(found)


def _cast(node: Node, given: Sequence[Array | None]) -> Array:
    return _first(given).astype(TYPES[node.attributes["to"]])


def _reshape(_node: Node, given: Sequence[Array | None]) -> Array:
    array, shape = _first(given), given[1]
    if shape is None:
        raise ValueError("it has no shape")
    sizes = [array.shape[k] if size == 0 else int(size) for k, size in enumerate(shape)]
    return array.reshape(sizes)


def _transpose(node: Node, given: Sequence[Array | None]) -> Array:
    return _first(given).transpose(node.attributes.get("perm"))


def _unsqueeze(node: Node, given: Sequence[Array | None]) -> Array:
    return np.expand_dims(_first(given), _axes(node, given) or ())


def _squeeze(node: Node, given: Sequence[Array | None]) -> Array:
    return np.squeeze(_first(given), _axes(node, given))


def _concat(node: Node, given: Sequence[Array | None]) -> Array:
    arrays = [one for one in given if one is not None]
    return np.concatenate(arrays, node.attributes["axis"])


def _gather(node: Node, given: Sequence[Array | None]) -> Array:
    array, places = _first(given), given[1]
    if places is None:
        raise ValueError("it has no places")
    return np.asarray(np.take(array, places, node.attributes.get("axis", 0)))


def _slice(node: Node, given: Sequence[Array | None]) -> Array:
    array = _first(given)
    if "starts" in node.attributes:  # as before opset 10
        said = [node.attributes.get(name) for name in ("starts", "ends", "axes")]
        given = [array, *(None if one is None else np.array(one) for one in said)]
    starts, ends, axes, steps = (
        None if one is None else one.ravel().tolist() for one in [*given[1:], None, None][:4]
    )
    if starts is None or ends is None:
        raise ValueError("it has no ends")
    cut = [slice(None)] * array.ndim
    axes = list(range(len(starts))) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        cut[axis] = slice(start, end, step)
    return array[tuple(cut)]


def _shape(node: Node, given: Sequence[Array | None]) -> Array:
    sides = np.array(_first(given).shape, np.int64)
    return sides[node.attributes.get("start", 0) : node.attributes.get("end")]


def _of_shape(node: Node, given: Sequence[Array | None]) -> Array:
    value = np.asarray(node.attributes.get("value", np.zeros(1, np.float32))).ravel()
    return np.full([int(one) for one in _first(given)], value[0])


def _divided(one: Array, other: Array) -> Array:
    """Return a quotient, of whole numbers the part before the point, as in C."""
    if one.dtype.kind == "f":
        return np.asarray(one / other)
    return np.asarray(np.abs(one) // np.abs(other) * np.sign(one) * np.sign(other))


ARITHMETIC: dict[str, Callable[[Array, Array], Array]] = {
    "Add": np.add,
    "Div": _divided,
    "Max": np.maximum,
    "Min": np.minimum,
    "Mul": np.multiply,
    "Sub": np.subtract,
}
ALONE: dict[str, Callable[[Array], Array]] = {
    "Neg": np.negative,
    "Reciprocal": np.reciprocal,
    "Sqrt": np.sqrt,
}


def _arithmetic(node: Node, given: Sequence[Array | None]) -> Array:
    """Return what arithmetic makes of floats or whole numbers; what has no result is not finite."""
    arrays = [one for one in given if one is not None]
    if any(one.dtype.kind not in "fiu" for one in arrays):
        raise TypeError("it has other things than numbers")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if node.kind in ALONE:
            return np.asarray(ALONE[node.kind](*arrays))
        return np.asarray(ARITHMETIC[node.kind](*arrays))


KINDS: dict[str, Callable[[Node, Sequence[Array | None]], Array]] = {
    "Constant": _constant,
    "Identity": lambda _node, given: _first(given),
    "Cast": _cast,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Concat": _concat,
    "Gather": _gather,
    "Slice": _slice,
    "Shape": _shape,
    "ConstantOfShape": _of_shape,
    **dict.fromkeys((*ARITHMETIC, *ALONE), _arithmetic),
}
