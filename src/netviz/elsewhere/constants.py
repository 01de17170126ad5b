"""Nodes of a graph whose inputs are all constants, computed before any image is looked at.

Exporters leave such nodes: the shape that a reshape wants, put together from parts, and weights
that are turned or cast.
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

VIEWS = {"Identity", "Slice", "Squeeze", "Transpose", "Unsqueeze"}  # these copy nothing


def computed(node: Node, given: Sequence[Array | None]) -> Array | None:
    """Return what `node` makes of constants; None where that is not known.

    Raises:
        ValueError, IndexError, TypeError, KeyError, AttributeError: it cannot take them.
    """
    make = KINDS.get(node.kind)
    return None if make is None else make(node, given)


def most_made(node: Node, given: Sequence[Array | None]) -> int:
    """Return how many numbers `node` makes of constants at most, beside those that it gets."""
    if node.kind in VIEWS:
        return 0
    sizes = [one.size for one in given if one is not None]
    return math.prod(sizes[:2]) if node.kind == "Gather" else sum(sizes)


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


def _slice(_node: Node, given: Sequence[Array | None]) -> Array:
    array = _first(given)
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
}
