"""A network in a file of ONNX: its graph translated to layers exactly, or refused.

The graph has to be a chain: each node takes what the one before it gives, and constants. What is
not known to be the same here ends the reading with the node's name.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.assembly import assembled, simplified
from netviz.elsewhere.constants import computed, most_made
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.faults import fault
from netviz.elsewhere.flow import Flow, Places, places_of
from netviz.elsewhere.graph import Entry, Graph, Node, read_graph
from netviz.elsewhere.hints import ANSWERS
from netviz.elsewhere.older import modern
from netviz.elsewhere.operators import BATCH, KEEPING, OPERATORS, Operator
from netviz.elsewhere.pixels import BRIGHTEST, pixel_layers
from netviz.errors import DataError, listed
from netviz.network.layers import (
    Activation,
    Convolution,
    Dense,
    Flatten,
    Layer,
    ScaleShift,
    Shape,
)
from netviz.network.layers.windows import IMAGE
from netviz.network.network import Network

SMALLEST_FACTOR = 0.02  # of pixels of 0 to 1, whose deviation is 0.5 at most; 1/255 is less
BYTES = 255.0
FLOATS = ("FLOAT", "DOUBLE")
PADDED = {"Cast", "Conv", "Identity", "Pad"}  # what may take an image with zeros around it


def read_onnx(file: Path, expected: Expected) -> Network:
    """Read the network in `file`, for pixels of 0 to 1 as all networks here.

    Raises:
        DataError: a node cannot be run as it is meant, the graph is no chain, or it does not fit
            the data set.
    """
    _check_settings(expected)
    graph = read_graph(file, expected.classes)
    flow = _beginning(graph, expected, file)
    shapes = {flow.name: flow.places.shape}
    for node in graph.nodes:
        for one in modern(node, graph.opset):
            _take(flow, one, shapes)
    _check_end(flow, graph)
    of_pixels = _of_pixels(flow.layers, graph.entry, expected, file)
    layers = [*of_pixels, *_ended(flow.layers, expected.image_shape)]
    return assembled(layers, expected.image_shape, expected.classes, file)


def _check_settings(expected: Expected) -> None:
    for name, value in (
        ("layers", expected.layers),
        ("activation", expected.activation),
        ("normalisation_epsilon", expected.epsilon),
    ):
        if value:
            raise DataError(f"{name!r} has no meaning beside a file of ONNX, which says it")


# --- the nodes -------------------------------------------------------------------------------


def _take(flow: Flow, node: Node, shapes: dict[str, tuple[int, ...]]) -> None:
    """Let `node` act: on constants, on a shape, or on the value.

    `shapes` are those of all values so far, which a graph may ask for later.
    """
    given = [name for name in node.inputs if name]
    if node.kind == "Shape" and len(given) == 1 and given[0] in shapes:
        sides = np.array([BATCH, *shapes[given[0]][1:]])
        said = node.attributes
        flow.constants[node.outputs[0]] = sides[said.get("start", 0) : said.get("end")]
    elif all(name in flow.constants for name in given):
        _compute(flow, node)
    else:
        _apply(flow, node, _operator(flow, node, given))
        flow.name = node.outputs[0]
        shapes[flow.name] = flow.sides


def _operator(flow: Flow, node: Node, given: Sequence[str]) -> Operator:
    """Return what `node`, which is `given` the value, does to it.

    Raises:
        DataError: the node takes other values besides, is of an unknown kind, or comes after one
            that it may not follow.
    """
    strange = [name for name in given if name not in flow.constants and name != flow.name]
    if strange or given.count(flow.name) != 1:
        raise _branch(flow, node, strange)
    operator = OPERATORS.get(node.kind)
    if operator is None:
        raise _unknown(flow, node)
    if flow.softmax and node.kind not in KEEPING:
        raise flow.refused(node, f"comes after {flow.softmax.called}", expected="the end")
    if any(flow.margin) and node.kind not in PADDED:
        expected = "a convolution next: netviz pads nothing else"
        raise flow.refused(node, "comes after a pad", expected=expected, remedy=ANSWERS)
    return operator


def _apply(flow: Flow, node: Node, operator: Operator) -> None:
    flow.count(node, flow.places.size)
    try:
        operator(flow, node)
    except (DataError, MemoryError):
        raise
    except Exception as error:  # attributes of a hostile graph may be of any type
        raise flow.refused(node, f"has settings that cannot be read: {error}") from None


def _compute(flow: Flow, node: Node) -> None:
    given = [flow.constants.get(name) for name in node.inputs]
    flow.count(node, most_made(node, given))
    try:
        found = computed(node, given)
    except MemoryError:
        raise
    except Exception as error:  # of damaged graphs numpy makes errors of every kind
        raise flow.refused(node, f"does not fit its constants: {error}") from None
    if found is None:
        raise _unknown(flow, node)
    flow.constants[node.outputs[0]] = found


def _branch(flow: Flow, node: Node, strange: list[str]) -> DataError:
    return flow.refused(
        node,
        f"joins two ways of the graph, with {listed([name[:80] for name in strange])}"
        if strange
        else "takes what arrives more than once",
        expected="a chain, in which each node takes what the one before it gives",
        remedy=ANSWERS,
    )


def _unknown(flow: Flow, node: Node) -> DataError:
    return flow.refused(
        node,
        "is of a kind that netviz cannot run",
        expected=f"one of {listed(sorted(OPERATORS), len(OPERATORS))}",
        remedy=ANSWERS,
    )


def _ended(layers: Sequence[Layer], image_shape: Shape) -> list[Layer]:
    """Return `layers`, with an equal dense layer for a last convolution that sees whole maps."""
    if not layers or not isinstance(last := layers[-1], Convolution) or any(last.padding):
        return list(layers)
    arriving: Shape = image_shape
    for layer in layers[:-1]:
        arriving = layer.output_shape(arriving)
    if arriving != last.weights.shape[:IMAGE]:
        return list(layers)
    return [*layers[:-1], Flatten(), Dense(last.weights.reshape(-1, last.units), last.biases)]


def _check_end(flow: Flow, graph: Graph) -> None:
    if flow.name != graph.output:
        raise fault(flow.file, f"the output {graph.output[:80]!r} does not depend on the images")
    if any(flow.margin):
        raise fault(flow.file, "the model ends with zeros around its last maps")
    last = flow.layers[-1] if flow.layers else None
    if isinstance(last, Activation) and last.function == "sigmoid" and not flow.softmax:
        raise fault(
            flow.file,
            "the model ends with a sigmoid for each class",
            expected="one answer among the classes: logits, or a softmax",
            remedy="Numbers that each come from a sigmoid of their own are no answer of one class"
            " among several.",
        )
    if sorted(flow.places.ravel().tolist()) != flow.places.ravel().tolist():
        raise fault(flow.file, "the model puts its answers in another order than its last layer")


# --- the images ------------------------------------------------------------------------------


def _beginning(graph: Graph, expected: Expected, file: Path) -> Flow:
    """Return what flows into the first node: the pixels, as the graph's input has them."""
    entry = graph.entry
    if entry.kind not in (*FLOATS, "UINT8"):
        wanted = "floats of 32 or 64 bits, or bytes"
        raise fault(file, "the model takes other numbers", expected=wanted, got=entry.kind)
    constants: dict[str, NDArray[Any]] = dict(graph.constants)
    batch = entry.shape[0] if entry.shape else None
    places = _pixels(graph, expected, file)
    return Flow(file, entry.name, places, expected.image_shape, constants, batch)


def _pixels(graph: Graph, expected: Expected, file: Path) -> Places:
    """Return where the pixels of an image are in the input, (1, …)."""
    channels = expected.image_shape[2]
    fitting = [(order, form) for order, form in _forms(expected) if _fits(form, graph.entry)]
    if channels > 1 and len(fitting) > 1:
        told = expected.colours or ("planes" if _is_convolved(graph) else None)
        fitting = [(order, form) for order, form in fitting if order == told]
        if not fitting:
            raise _untold(graph.entry, file)
    if not fitting or (channels > 1 and expected.colours not in (None, fitting[0][0])):
        raise _unfit(graph.entry, expected, file)
    if len({form.shape for _, form in fitting}) > 1 and not _is_convolved(graph):
        raise _untold(graph.entry, file)
    return fitting[0][1]


def _forms(expected: Expected) -> Iterator[tuple[str, Places]]:
    """Yield the forms that an image may go in as, each with the order of its colours."""
    planes = places_of(expected.image_shape)
    pixels = planes.transpose(0, 2, 3, 1)
    yield "planes", planes
    yield "planes", planes.reshape(1, -1)
    yield "pixels", pixels
    if expected.image_shape[2] == 1:
        yield "pixels", pixels[..., 0]
    yield "pixels", pixels.reshape(1, -1)


def _fits(form: Places, entry: Entry) -> bool:
    if entry.shape is None or len(entry.shape) != form.ndim:
        return False
    sides = zip(entry.shape[1:], form.shape[1:], strict=True)
    return all(said in (None, side) for said, side in sides)


def _is_convolved(graph: Graph) -> bool:
    """Say whether the images go right into operations that take them by channel, row, column."""
    kinds = {node.kind for node in graph.nodes if graph.entry.name in node.inputs}
    return bool(kinds & {"Conv", "MaxPool", "AveragePool", "GlobalAveragePool"})


def _untold(entry: Entry, file: Path) -> DataError:
    return fault(
        file,
        "the model does not tell how the numbers of an image follow",
        expected='an input of known shape, or the setting colours = "planes" (all of red first)'
        ' or "pixels" (red, green, blue of each pixel)',
        got=_said(entry),
    )


def _unfit(entry: Entry, expected: Expected, file: Path) -> DataError:
    height, width, channels = expected.image_shape
    return fault(
        file,
        "the network does not fit its data set",
        expected=f"an input such as (images, {channels}, {height}, {width})",
        got=_said(entry),
    )


def _said(entry: Entry) -> str:
    if entry.shape is None:
        return "no shape"
    return f"({', '.join('any' if one is None else str(one) for one in entry.shape)})"


def _of_pixels(
    layers: list[Layer], entry: Entry, expected: Expected, file: Path
) -> list[ScaleShift]:
    """Return what makes of pixels of 0 to 1 those that the graph takes.

    Raises:
        DataError: graph and settings normalise both, or the graph takes pixels of 0 to 255 and
            nothing says so.
    """
    if entry.kind == "UINT8":
        if not expected.is_plain:
            problem = "the model takes bytes, which 'pixel_mean' and the like do not change"
            raise fault(file, problem, remedy="Leave them out of the settings.")
        return [
            ScaleShift(np.full(expected.ends.channels, BYTES), np.zeros(expected.ends.channels))
        ]
    count = next((k for k, one in enumerate(layers) if not isinstance(one, ScaleShift)), 0)
    for one in simplified(layers[:count]):
        if isinstance(one, ScaleShift):
            _check_normalisation(one, expected, file)
    return pixel_layers(expected)


def _check_normalisation(first: ScaleShift, expected: Expected, file: Path) -> None:
    if first.shift.any() and set(expected.mean) != {0.0}:
        raise fault(
            file,
            "the model normalises the pixels, and 'pixel_mean' does so again",
            expected="one of the two",
            remedy="Leave 'pixel_mean' and 'pixel_deviation' out of the settings.",
        )
    factor = np.abs(first.scale)
    is_dark = factor.min() < SMALLEST_FACTOR or (np.abs(first.shift) > BRIGHTEST * factor).any()
    if expected.is_plain and is_dark:
        raise fault(
            file,
            "the model normalises other pixels than of 0 to 1",
            expected=f"pixel_deviation = {1 / BYTES!r} in the settings for pixels of 0 to 255",
            got=f"pixels times {factor.min():.4g}",
        )
