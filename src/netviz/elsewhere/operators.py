"""Operations of ONNX, each translated to layers of netviz or refused.

Each function takes what flows and the node that it flows into. Attributes that a node does not have
mean what the standard says (operators of opset 13 to 23; older.py makes older ones such).
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from netviz.elsewhere.flow import Flow
from netviz.elsewhere.graph import Node
from netviz.elsewhere.parts import MATRIX, Numbers
from netviz.elsewhere.windowed import conv, global_average, pad, pool
from netviz.network.layers import Activation, ActivationName
from netviz.network.layers.windows import IMAGE

Operator: TypeAlias = Callable[[Flow, Node], None]

FLOAT, DOUBLE = 1, 11  # types of ONNX, as a cast names them
BATCH = 2**31 - 19  # stands for the number of images in a shape that the graph computes
EVALUATED = "Export it after model.eval()."


# --- means ------------------------------------------------------------------------------------


def _reduce_mean(flow: Flow, node: Node) -> None:
    """The mean over all places of each map, however rows, columns and channels follow."""
    axes = _axes(flow, node)
    kept = tuple(axis for axis in range(flow.places.ndim) if axis not in axes)
    sides = [1 if axis in axes else n for axis, n in enumerate(flow.places.shape)]
    if not node.attributes.get("keepdims", 1):
        sides = [flow.places.shape[axis] for axis in kept]
    if all(flow.places.shape[axis] == 1 for axis in axes):
        flow.places = flow.places.reshape(sides)
        return
    height, width, channels = flow.shape if len(flow.shape) == IMAGE else (0, 0, 1)
    found = flow.places.transpose(*kept, *axes) % channels
    rows = found.reshape(-1, int(np.prod([flow.places.shape[axis] for axis in axes])))
    if rows.shape != (channels, height * width) or (rows != rows[:, :1]).any():
        raise flow.refused(node, "is no mean over all places of each map", got=f"axes {axes}")
    flow.average(node)
    flow.places = rows[:, 0].reshape(sides)


# --- dense layers ----------------------------------------------------------------------------


def _gemm(flow: Flow, node: Node) -> None:
    said = node.attributes
    if said.get("transA", 0):
        raise flow.refused(node, "turns what it gets", expected="transA = 0")
    weights, biases = flow.needed(node, 1), flow.floats(node, 2)
    weights = weights.T if said.get("transB", 0) else weights
    if (alpha := said.get("alpha", 1.0)) != 1:  # as it always is, and then nothing is copied
        weights = weights * alpha
    if biases is not None:
        biases = biases * said.get("beta", 1.0)
    _dense(flow, node, weights, biases)


def _matmul(flow: Flow, node: Node) -> None:
    if node.inputs[0] != flow.name:
        raise flow.refused(node, "multiplies from the left", expected="images × weights")
    _dense(flow, node, flow.needed(node, 1), None)


def _dense(flow: Flow, node: Node, weights: Numbers, biases: Numbers | None) -> None:
    if weights.ndim != MATRIX or flow.places.ndim != MATRIX:
        raise flow.refused(
            node,
            "is no dense layer upon rows of numbers",
            expected="a flatten or a mean over all places before it, and a matrix",
            got=f"{flow.places.shape[1:]} arriving, weights {weights.shape}",
        )
    units = weights.shape[1]
    try:
        row = np.zeros(units) if biases is None else np.broadcast_to(biases, (1, units))[0]
    except ValueError:
        got = "" if biases is None else str(biases.shape)
        raise flow.refused(node, "has other biases than units", got=got) from None
    flow.dense(node, weights, np.array(row))


# --- numbers by themselves -------------------------------------------------------------------


def _arithmetic(flow: Flow, node: Node) -> None:
    """Add, Sub, Mul and Div of the value and a constant."""
    first = node.inputs[0] == flow.name
    other = flow.needed(node, 1 if first else 0)
    try:
        fits = np.broadcast_shapes(flow.places.shape, other.shape) == flow.places.shape
    except ValueError:
        fits = False
    if not fits:
        got = f"{other.shape} with {flow.places.shape}"
        raise flow.refused(node, "does not fit what arrives", got=got)
    one, zero = np.ones_like(other), np.zeros_like(other)
    if node.kind == "Div" and not (first and other.all()):
        raise flow.refused(node, "divides by what arrives, or by 0")
    with np.errstate(over="ignore"):
        factor, offset = {
            "Add": lambda: (one, other),
            "Sub": lambda: (one, -other) if first else (-one, other),
            "Mul": lambda: (other, zero),
            "Div": lambda: (1 / other, zero),
        }[node.kind]()
    flow.scale(node, factor, offset)


def _batch_normalisation(flow: Flow, node: Node) -> None:
    if node.attributes.get("training_mode", 0):
        raise flow.refused(node, "normalises as in training", remedy=EVALUATED)
    gain, shift, mean, variance = (flow.needed(node, number) for number in range(1, 5))
    below = variance + node.attributes.get("epsilon", 1e-5)
    channels = flow.places.shape[1] if flow.places.ndim > 1 else 0
    sizes = {one.shape for one in (gain, shift, mean, variance)}
    if sizes != {(channels,)} or not (below > 0).all():
        got = ", ".join(str(one) for one in sorted(sizes))
        raise flow.refused(node, "does not fit", expected=f"{channels} numbers, variances", got=got)
    factor = gain / np.sqrt(below)
    sides = (1, channels, *[1] * (flow.places.ndim - 2))
    flow.scale(node, factor.reshape(sides), (shift - mean * factor).reshape(sides))


def _activation(name: ActivationName) -> Operator:
    def add(flow: Flow, _node: Node) -> None:
        flow.layers.append(Activation(name))

    return add


def _softmax(flow: Flow, node: Node) -> None:
    """Note the end: answers are compared as they are before it, and probabilities made of them."""
    axis = node.attributes.get("axis", -1)
    shape = flow.places.shape
    if not -len(shape) <= axis < len(shape) or shape[axis] != flow.places.size:
        raise flow.refused(node, "is no softmax over the classes", got=f"axis {axis} of {shape}")
    flow.softmax = node


def _log(flow: Flow, node: Node) -> None:
    """The logarithm of probabilities, as LogSoftmax gives it at once."""
    if flow.softmax is None or flow.softmax.kind != "Softmax":
        raise flow.refused(node, "is no logarithm of a softmax", expected="a softmax before it")
    flow.softmax = node


# --- forms -----------------------------------------------------------------------------------


def _same(_flow: Flow, _node: Node) -> None:
    """What changes nothing once training is over."""


def _dropout(flow: Flow, node: Node) -> None:
    mode = flow.constant(node, 2)
    if mode is not None and mode.any():
        raise flow.refused(node, "leaves out as in training", remedy=EVALUATED)


def _cast(flow: Flow, node: Node) -> None:
    if node.attributes.get("to") not in (FLOAT, DOUBLE):
        expected = "floats of 32 or 64 bits throughout"
        raise flow.refused(node, "rounds what arrives", expected=expected)


def _flatten(flow: Flow, node: Node) -> None:
    shape = flow.places.shape
    axis = node.attributes.get("axis", 1)
    axis = axis + len(shape) if axis < 0 else axis
    if not 1 <= axis <= len(shape) or any(one != 1 for one in shape[:axis]):
        raise flow.refused(node, "does not flatten each image by itself", got=f"axis {axis}")
    flow.places = flow.places.reshape(1, -1)


def _reshape(flow: Flow, node: Node) -> None:
    said = flow.constant(node, 1)
    target = [] if said is None else [int(side) for side in said.ravel()]
    if node.attributes.get("allowzero", 0) and 0 in target:
        raise flow.refused(node, "makes an array without numbers")
    old = flow.places.shape
    # A 0 copies the side that is there.
    sides = [old[k] if side == 0 and k < len(old) else side for k, side in enumerate(target)]
    try:
        if not _is_of_images(flow, target[:1], sides[:1]) or not _can_be_filled(flow, sides):
            raise ValueError("images are not kept apart")
        flow.places = flow.places.reshape(1, *sides[1:])
    except ValueError:
        got = f"{tuple(sides)} of {old}"
        raise flow.refused(node, "does not keep each image by itself", got=got) from None


def _is_of_images(flow: Flow, target: list[int], first: list[int]) -> bool:
    """Say whether the first side of a reshape is that of the images: copied, open or their number.

    `target` is that side as the graph says it, `first` as it is then; both are empty if there is
    none.
    """
    is_one = first == [1] and flow.batch in (None, 1)
    return target == [0] or is_one or first in ([-1], [flow.batch], [BATCH])


def _can_be_filled(flow: Flow, sides: list[int]) -> bool:
    """Say whether at most one of `sides` is open (-1), and none exceeds the numbers of an image."""
    return sides.count(-1) <= 1 and all(-1 <= side <= flow.places.size for side in sides[1:])


def _transpose(flow: Flow, node: Node) -> None:
    order = tuple(node.attributes.get("perm", reversed(range(flow.places.ndim))))
    if sorted(order) != list(range(flow.places.ndim)) or order[0] != 0:
        raise flow.refused(node, "does not keep each image by itself", got=f"perm {order}")
    flow.places = flow.places.transpose(order)


def _squeeze(flow: Flow, node: Node) -> None:
    axes = _axes(flow, node)
    if any(flow.places.shape[axis] != 1 for axis in axes):
        raise flow.refused(node, "takes away what is not 1", got=f"axes {axes}")
    sides = [n for axis, n in enumerate(flow.places.shape) if axis not in axes]
    flow.places = flow.places.reshape(sides)


def _unsqueeze(flow: Flow, node: Node) -> None:
    count = flow.places.ndim + _axes_said(flow, node).size
    axes = _axes(flow, node, count)
    rest = iter(flow.places.shape)
    flow.places = flow.places.reshape([1 if k in axes else next(rest) for k in range(count)])


def _axes_said(flow: Flow, node: Node) -> np.ndarray[Any, np.dtype[np.int64]]:
    said = flow.constant(node, 1)
    said = np.array(node.attributes.get("axes", ())) if said is None else said
    return said.astype(np.int64).ravel()


def _axes(flow: Flow, node: Node, count: int | None = None) -> tuple[int, ...]:
    """Return the axes that `node` names, counted from 0, never that of the images."""
    count = flow.places.ndim if count is None else count
    said = [int(axis) for axis in _axes_said(flow, node)]
    axes = tuple(sorted({axis + count if axis < 0 else axis for axis in said}))
    if not axes or len(axes) != len(said) or axes[0] < 1 or axes[-1] >= count:
        raise flow.refused(node, "does not keep each image by itself", got=f"axes {said}")
    return axes


OPERATORS: dict[str, Operator] = {
    "Add": _arithmetic,
    "AveragePool": pool,
    "BatchNormalization": _batch_normalisation,
    "Cast": _cast,
    "Conv": conv,
    "Div": _arithmetic,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Gemm": _gemm,
    "GlobalAveragePool": global_average,
    "Identity": _same,
    "Log": _log,
    "LogSoftmax": _softmax,
    "MatMul": _matmul,
    "MaxPool": pool,
    "Mul": _arithmetic,
    "Pad": pad,
    "ReduceMean": _reduce_mean,
    "Relu": _activation("relu"),
    "Reshape": _reshape,
    "Sigmoid": _activation("sigmoid"),
    "Softmax": _softmax,
    "Squeeze": _squeeze,
    "Sub": _arithmetic,
    "Tanh": _activation("tanh"),
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
# What may come after a softmax.
KEEPING = {"Cast", "Flatten", "Identity", "Log", "Reshape", "Squeeze", "Unsqueeze"}
