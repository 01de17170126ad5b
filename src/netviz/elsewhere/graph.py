"""What a file of ONNX says of a network: its nodes, its constants, what goes in and comes out.

The package `onnx` takes the file apart, and computes nothing. It is an extra of netviz.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.bounds import LONGEST_NAME, MOST_ARRAYS, MOST_NUMBERS
from netviz.elsewhere.faults import fault
from netviz.elsewhere.wire import count_values
from netviz.errors import DataError, listed
from netviz.network.storage import LARGEST

OPSETS = range(7, 24)
MOST_NODES = 2000
MOST_DIMENSIONS = 64  # as numpy has them
MOST_VALUES = 500_000  # of all messages of a model: so many take about a second and 100 MB
DOMAINS = ("", "ai.onnx")
INSTALL = "Install it: pip install 'netviz[onnx]'."


@dataclass(frozen=True)
class Node:
    """One operation: its kind, such as Conv, the names of what it takes and gives, its settings."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def called(self) -> str:
        """What errors call it."""
        return f"node {self.name!r} ({self.kind})"


@dataclass(frozen=True)
class Entry:
    """What goes in: its name, the name of its type, and its shape, None where that is open."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None


@dataclass(frozen=True)
class Graph:
    """The nodes that the output needs, in an order in which each finds what it takes.

    `opset` is the version of the standard that says what the nodes mean.
    """

    nodes: tuple[Node, ...]
    constants: Mapping[str, NDArray[Any]]
    entry: Entry
    output: str
    opset: int


def read_graph(file: Path, classes: int) -> Graph:
    """Read the graph in `file`, of whose outputs that with a number for each of `classes` counts.

    Raises:
        DataError: the package that reads it is not installed, the file is damaged, too large, of an
            opset that is not known, or refers to other files.
    """
    try:
        import onnx  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        needed = "the package onnx, which reads such files"
        raise fault(file, "the file is a model of ONNX", expected=needed, remedy=INSTALL) from None
    _check_size(file)
    content = file.read_bytes()
    _check_values(onnx, content, file)
    try:
        model = onnx.load_model_from_string(content)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file fails in more ways than can be listed
        got = f"{type(error).__name__}: {str(error)[:LONGEST_NAME]}"
        raise fault(
            file, "not a readable model of ONNX", expected="a whole file of one", got=got,
            remedy="It is damaged, or of another kind: export it again, or fetch it again.",
        ) from None  # fmt: skip
    _check_texts(model.graph, file)
    _check_model(model, file)
    constants = {one.name: _array(one, file) for one in model.graph.initializer}
    nodes = [_node(one, number, file) for number, one in enumerate(model.graph.node)]
    _check_names(model.graph, file)
    entry = _entry(onnx, model.graph, constants, file)
    output = _output(onnx, model.graph, classes, file)
    return Graph(
        _needed(_in_order(nodes, file), output), constants, entry, output, _opsets(model)[0]
    )


def _check_size(file: Path) -> None:
    if file.stat().st_size > LARGEST:
        raise fault(file, "the file is too large", expected=f"at most {LARGEST} bytes")


def _check_values(onnx: Any, content: bytes, file: Path) -> None:  # noqa: ANN401 - the package
    """Refuse a model that would take all memory once it is unpacked."""
    if count_values(content, onnx.ModelProto.DESCRIPTOR, MOST_VALUES) > MOST_VALUES:
        raise fault(
            file,
            "the model has too many values beside its arrays",
            expected=f"at most {MOST_VALUES:,}, and arrays as raw bytes",
            remedy="Write arrays with onnx.numpy_helper.from_array.",
        )


def _check_texts(graph: Any, file: Path) -> None:  # noqa: ANN401 - a message of the package
    """Refuse names that are no text, which the package gives as bytes."""
    values = (*graph.initializer, *graph.input, *graph.output)
    found = {one.name for one in values}
    for node in graph.node:
        found |= {node.name, node.op_type, node.domain, *node.input, *node.output}
        found |= {one.name for one in node.attribute}
    if wrong := [repr(one[:LONGEST_NAME]) for one in found if not isinstance(one, str)]:
        raise fault(file, "a name in the model is no text", expected="UTF-8", got=min(wrong))


def _check_model(model: Any, file: Path) -> None:  # noqa: ANN401 - a message of the package
    """Refuse what no network here can be, before anything is unpacked."""
    opsets = _opsets(model)
    if len(set(opsets)) != 1 or opsets[0] not in OPSETS:
        raise fault(
            file,
            "the model is of an opset that is not known",
            expected=f"one opset, {OPSETS[0]} to {OPSETS[-1]}",
            got=listed([str(one) for one in opsets]) or "none",
            remedy=f"Export it with opset_version={OPSETS[-3]}, or convert it with"
            " onnx.version_converter.",
        )
    if model.functions:
        remedy = "Put them in their places: onnx.inliner.inline_local_functions(model)."
        raise fault(file, "the model has functions of its own", remedy=remedy)
    graph = model.graph
    for what, got, most in (
        ("nodes", len(graph.node), MOST_NODES),
        ("arrays", len(graph.initializer), MOST_ARRAYS),
        ("numbers", sum(_count(one, file) for one in _tensors(graph)), MOST_NUMBERS),
    ):
        if got > most:
            expected = f"at most {most:,} {what}"
            raise fault(file, "the model is too large", expected=expected, got=f"{got:,}")
    if graph.sparse_initializer:
        raise fault(file, "the model has sparse arrays", expected="arrays with all their numbers")


def _opsets(model: Any) -> list[int]:  # noqa: ANN401 - a message of the package
    """Return the opsets of ONNX's own operators that a model names; a checked one has one."""
    return [one.version for one in model.opset_import if one.domain in DOMAINS]


def _check_names(graph: Any, file: Path) -> None:  # noqa: ANN401 - a message of the package
    """Refuse a name that two values share."""
    arrays = {one.name for one in graph.initializer}
    names = Counter(one.name for one in graph.initializer)
    names.update({one.name for one in graph.input} - arrays)
    names.update(name for node in graph.node for name in node.output if name)
    if twice := sorted(name[:LONGEST_NAME] for name, count in names.items() if count > 1):
        raise fault(file, "the model gives one name to two values", got=listed(twice))


# --- arrays ----------------------------------------------------------------------------------


def _tensors(graph: Any) -> Iterator[Any]:  # noqa: ANN401 - messages of the package
    """Yield the arrays that a graph holds, by themselves and as attributes of its nodes."""
    yield from graph.initializer
    for node in graph.node:
        yield from (one.t for one in node.attribute if one.HasField("t"))


def _count(tensor: Any, file: Path) -> int:  # noqa: ANN401 - a message of the package
    """Return how many numbers a tensor says it has."""
    if len(tensor.dims) > MOST_DIMENSIONS or any(size < 0 for size in tensor.dims):
        got = str(tuple(tensor.dims[:MOST_DIMENSIONS]))
        raise fault(file, f"the shape of {tensor.name[:LONGEST_NAME]!r} is none", got=got)
    return math.prod(tensor.dims)


def _array(tensor: Any, file: Path) -> NDArray[Any]:  # noqa: ANN401 - a message of the package
    """Return the numbers of a tensor; those of 16 bits as 32.

    Raises:
        DataError: they lie in another file, are no numbers, or fewer or more than the shape says.
    """
    from onnx import TensorProto, numpy_helper  # noqa: PLC0415 - as above

    name = repr(tensor.name[:LONGEST_NAME])
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise fault(
            file,
            f"the numbers of {name} lie in another file",
            expected="a model with all its numbers",
            remedy="Export it with torch.onnx.export(…, external_data=False), or save it whole"
            " where that file is too: onnx.save_model(onnx.load(path), 'whole.onnx').",
        )
    try:
        array: NDArray[Any] = numpy_helper.to_array(tensor)
        return array.astype(np.float32) if array.dtype.kind not in "fiub" else array
    except MemoryError:
        raise
    except Exception as error:  # types that numpy has not, and damage of every kind
        got = f"{type(error).__name__}: {str(error)[:LONGEST_NAME]}"
        raise fault(file, f"the numbers of {name} cannot be read", got=got) from None


# --- nodes -----------------------------------------------------------------------------------


def _node(proto: Any, number: int, file: Path) -> Node:  # noqa: ANN401 - a message of the package
    """Return a node as plain values; a kind of another domain bears its name."""
    kind = proto.op_type if proto.domain in DOMAINS else f"{proto.domain}.{proto.op_type}"
    name = (proto.name or next(iter(proto.output), "") or str(number))[:LONGEST_NAME]
    found: dict[str, object] = {}
    for one in proto.attribute:
        if one.name in found:
            raise fault(file, f"node {name} has two settings {one.name[:LONGEST_NAME]!r}")
        found[one.name] = _attribute(one, file)
    return Node(kind[:LONGEST_NAME], name, tuple(proto.input), tuple(proto.output), found)


def _attribute(one: Any, file: Path) -> object:  # noqa: ANN401 - a message of the package
    """Return the value of an attribute; of a kind that no known node has, None."""
    from onnx import AttributeProto  # noqa: PLC0415 - as above

    readers: dict[int, Callable[[], object]] = {
        AttributeProto.INT: lambda: int(one.i),
        AttributeProto.FLOAT: lambda: float(one.f),
        AttributeProto.STRING: lambda: bytes(one.s).decode("utf-8", "replace"),
        AttributeProto.INTS: lambda: tuple(map(int, one.ints)),
        AttributeProto.FLOATS: lambda: tuple(map(float, one.floats)),
        AttributeProto.TENSOR: lambda: _array(one.t, file),
    }
    read = readers.get(one.type)
    return read() if read else None


def _in_order(nodes: Sequence[Node], file: Path) -> list[Node]:
    """Return `nodes`, each after those that make what it takes, which some exporters forget.

    Raises:
        DataError: the nodes form a circle.
    """
    makers = {name: number for number, node in enumerate(nodes) for name in node.outputs if name}
    before = {
        number: [makers[name] for name in node.inputs if name in makers]
        for number, node in enumerate(nodes)
    }
    try:
        return [nodes[number] for number in TopologicalSorter(before).static_order()]
    except CycleError as error:
        node = nodes[error.args[1][0]]
        raise fault(file, f"{node.called} takes what is made of what it gives") from None


def _needed(nodes: Sequence[Node], output: str) -> tuple[Node, ...]:
    """Return those of `nodes` that `output` is made of."""
    wanted = {output}
    found: list[Node] = []
    for node in reversed(nodes):
        if wanted.intersection(filter(None, node.outputs)):
            found.append(node)
            wanted |= set(node.inputs)
    return tuple(reversed(found))


# --- the ends --------------------------------------------------------------------------------


def _entry(onnx: Any, graph: Any, constants: Mapping[str, object], file: Path) -> Entry:  # noqa: ANN401 - the package and its messages
    found = [one for one in graph.input if one.name not in constants]
    if len(found) != 1:
        raise fault(
            file,
            "the model does not take one thing, the images",
            expected="one input",
            got=listed([one.name[:LONGEST_NAME] for one in found]) or "none",
        )
    (one,) = found
    kind, shape = _form(onnx, one)
    return Entry(one.name, kind, shape)


def _form(onnx: Any, value: Any) -> tuple[str, tuple[int | None, ...] | None]:  # noqa: ANN401 - as above
    """Return the name of the type of a value, and its shape as far as it is known."""
    if value.type.WhichOneof("value") != "tensor_type":
        return "no tensor", None
    tensor = value.type.tensor_type
    names = {number: name for name, number in onnx.TensorProto.DataType.items()}
    kind = names.get(tensor.elem_type, "unknown")
    if not tensor.HasField("shape"):
        return kind, None
    sizes = (one.dim_value if one.HasField("dim_value") else None for one in tensor.shape.dim)
    return kind, tuple(sizes)


def _output(onnx: Any, graph: Any, classes: int, file: Path) -> str:  # noqa: ANN401 - as above
    """Return the name of the output that is the answer."""
    found = list({one.name: one for one in graph.output}.values())  # some are named twice
    if len(found) > 1:
        forms = [(one, *_form(onnx, one)) for one in found]
        found = [
            one for one, kind, shape in forms
            if kind in ("FLOAT", "DOUBLE") and shape is not None and shape[-1:] == (classes,)
        ]  # fmt: skip
    if len(found) != 1:
        raise _no_answer(graph, classes, file)
    name: str = found[0].name
    return name


def _no_answer(graph: Any, classes: int, file: Path) -> DataError:  # noqa: ANN401 - as above
    return fault(
        file,
        "the model does not tell which of its outputs is the answer",
        expected=f"one output of floats for {classes} classes",
        got=listed([one.name[:LONGEST_NAME] for one in graph.output]) or "none",
        remedy="Export it with that output alone.",
    )
