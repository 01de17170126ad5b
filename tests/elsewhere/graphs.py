"""Small graphs of ONNX, made node by node, and what onnxruntime answers with them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]
Constant = Array | np.floating[Any]
FLOAT = TensorProto.FLOAT


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
