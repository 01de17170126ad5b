"""Nodes of older opsets of ONNX in the form that opset 13 gave them, in which all else reads them.

Opset 7 is the first whose additions and multiplications broadcast as numpy's do. What has only
moved from the attributes to the inputs since is read from either place, where the node is run.
"""

from collections.abc import Callable
from dataclasses import replace

from netviz.elsewhere.graph import Node

OWN_AXIS = 13  # the first opset whose softmax is along one axis
OWN_TRAINING = 14  # the first whose batch normalisation says whether it trains


def modern(node: Node, opset: int) -> tuple[Node, ...]:
    """Return nodes of opset 13 or later that do what `node` of `opset` does."""
    for kinds, first, change in CHANGES:
        if node.kind in kinds and opset < first:
            return change(node)
    return (node,)


def _softmax(node: Node) -> tuple[Node, ...]:
    """A softmax over all numbers from an axis on, by default the second: it makes rows of them."""
    rows = f"{node.called}, in rows"
    flatten = Node(
        "Flatten", node.name, node.inputs, (rows,), {"axis": node.attributes.get("axis", 1)}
    )
    return flatten, replace(node, inputs=(rows,), attributes={"axis": -1})


def _batch_normalisation(node: Node) -> tuple[Node, ...]:
    """Set `training_mode`: a normalisation that trains gives its statistics as well."""
    trains = sum(map(bool, node.outputs)) > 1
    return (replace(node, attributes={**node.attributes, "training_mode": int(trains)}),)


CHANGES: tuple[tuple[frozenset[str], int, Callable[[Node], tuple[Node, ...]]], ...] = (
    (frozenset({"Softmax", "LogSoftmax"}), OWN_AXIS, _softmax),
    (frozenset({"BatchNormalization"}), OWN_TRAINING, _batch_normalisation),
)
