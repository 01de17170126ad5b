"""Small graphs of ONNX, made node by node, and what onnxruntime answers with them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.network.network import Network

Array = NDArray[Any]
Constant = Array | np.floating[Any]
FLOAT = TensorProto.FLOAT
RNG = np.random.default_rng(31)
SHAPE, COLOUR, CLASSES = (10, 11, 1), (10, 11, 3), 3


class Chain:
    """A graph in which each node takes what the one before it gives."""

    def __init__(self, *shape: int | str | None, kind: int = FLOAT, opset: int = 21) -> None:
        self.entry = helper.make_tensor_value_info("images", kind, list(shape))
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []
        self.last = "images"
        self.opset = opset
        self.kind = FLOAT

    def array(self, array: Constant) -> str:
        """Keep a constant; return its name."""
        name = f"array{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, kind: str, *arrays: Constant | str | None, first: bool = True,
             **attributes: Any) -> "Chain":  # noqa: ANN401 - as ONNX has them  # fmt: skip
        """Let a node take the value, and constants behind it, or before it."""
        names = ["" if one is None else one if isinstance(one, str) else self.array(one)
                 for one in arrays]  # fmt: skip
        inputs = [self.last, *names] if first else [*names, self.last]
        self.last = f"value{len(self.nodes)}"
        made = helper.make_node(
            kind, inputs, [self.last], f"{kind}_{len(self.nodes)}", **attributes
        )
        self.nodes.append(made)
        return self

    def apart(self, kind: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 - as above
        """Add a node beside the chain; return the name of what it gives."""
        name = f"beside{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def model(self) -> onnx.ModelProto:
        output = helper.make_tensor_value_info(self.last, self.kind, None)
        graph = helper.make_graph(self.nodes, "chain", [self.entry], [output], self.arrays)
        opsets = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def write(self, file: Path) -> Path:
        onnx.save_model(self.model(), file)
        return file


def answers(model: Path | bytes, images: Array, output: str | None = None) -> Array:
    """Return what onnxruntime answers to `images`, as the graph takes them; by one `output`."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], enable_fallback=0
    )
    (found,) = session.run(output and [output], {session.get_inputs()[0].name: images})
    return np.asarray(found)


def read(
    file: Path, channels: int = 1, settings: Mapping[str, Any] = MappingProxyType({})
) -> Network:
    shape = SHAPE if channels == 1 else COLOUR
    return read_foreign(file, Expected(shape, CLASSES, **settings))


# --- parts of graphs for images of 10 by 11 --------------------------------------------------


def f(*shape: int) -> Array:
    return RNG.normal(size=shape).astype(np.float32)


def positive(*shape: int) -> Array:
    return RNG.uniform(0.2, 2, shape).astype(np.float32)


def ints(*values: int) -> Array:
    return np.array(values, np.int64)


def grey(**options: int) -> Chain:
    return Chain("n", 1, 10, 11, **options)


def colour(**options: int) -> Chain:
    return Chain("n", 3, 10, 11, **options)


def small(chain: Chain, channels: int = 1) -> Chain:
    """A convolution, a pool, and 4 maps of 4 by 4."""
    chain.node("Conv", f(4, channels, 3, 3), f(4))
    return chain.node("Relu").node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])


def headed(chain: Chain, features: int = 64) -> Chain:
    return chain.node("Flatten").node("Gemm", f(CLASSES, features), f(CLASSES), transB=1)


def averaged(chain: Chain, channels: int = 4) -> Chain:
    chain.node("GlobalAveragePool")
    return headed(chain, channels)


def after_conv(kind: str, *arrays: Constant, **attributes: Any) -> Chain:  # noqa: ANN401 - as ONNX has them
    """One node between a convolution of 4 maps, 8 by 9, and the average."""
    return averaged(grey().node("Conv", f(4, 1, 3, 3)).node(kind, *arrays, **attributes))
