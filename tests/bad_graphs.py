"""Models of ONNX for bad_input.py: valid ones, their mutations field by field, and their answers.

Bytes mutated at random seldom leave a message that can be parsed. So one field of the message is
changed at a time: a side, an axis, a name, an opset; parts are dropped, doubled or put elsewhere.
"""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from netviz.elsewhere.assembly import _reach
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.graph import read_graph
from netviz.elsewhere.reader import read_foreign
from netviz.errors import NetvizError
from netviz.network.network import Network
from netviz.network.softmax import softmax
from tests.elsewhere.graphs import Array, Chain, answers

GREY, COLOUR, CLASSES = (8, 9, 1), (8, 9, 3), 3
PLANES, PIXELS = (0, 3, 1, 2), (0, 2, 3, 1)
WHOLE = (0, 1, -1, 2, 3, 7, 9, 13, 72, 2**15, 2**31 - 1, -(2**31), 2**40, 2**62, -(2**63))
REAL = (0.0, 1.0, -1.0, 0.5, 3.0, 1e-30, 1e30, -1e38, float("inf"), float("nan"))
TEXTS = (
    "", "../w.bin", "/etc/passwd", "location", "offset", "ai.onnx", "com.microsoft", "SAME_LOWER",
    "SAME_UPPER", "VALID", "Relu", "Sigmoid", "Gather", "Slice", "Loop", "If", "Sum", "Dropout",
    "GlobalAveragePool", "x" * 5000, "\0", "%s{}", "é",
)  # fmt: skip
TAME = (1e-6, 100.0)  # sizes of numbers whose sums floats of 32 bits tell alike in any order


# --- valid models ----------------------------------------------------------------------------


class Seeds:
    """Small models of several kinds; the same in every run."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(41)

    def f(self, *shape: int) -> Array:
        return self.rng.normal(size=shape).astype(np.float32)

    def positive(self, *shape: int) -> Array:
        return self.rng.uniform(0.2, 2, shape).astype(np.float32)

    def dense(self) -> Chain:
        chain = Chain("n", 72).node("Gemm", self.f(72, 4), self.f(4), alpha=0.5, beta=2.0)
        chain.node("Tanh").node("MatMul", self.f(4, 4)).node("Mul", self.f(4)).node("Relu")
        chain.node("MatMul", self.f(4, CLASSES)).node("Add", self.f(CLASSES))
        return chain.node("Softmax", axis=1)

    def convolutional(self) -> Chain:
        chain = Chain("n", 1, 8, 9, opset=17).node("Sub", np.float32(0.4))
        chain.node("Div", np.float32(0.3)).node("Conv", self.f(4, 1, 3, 3), self.f(4),
                                                pads=[1, 1, 1, 1], strides=[1, 1])  # fmt: skip
        statistics = (self.positive(4), self.f(4), self.f(4), self.positive(4))
        chain.node("BatchNormalization", *statistics, epsilon=0.01).node("Relu")
        chain.node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        chain.node("Conv", self.f(4, 2, 2, 3), group=2, dilations=[2, 1]).node("Sigmoid")
        chain.node("Dropout", np.float32(0.4)).node("Flatten", axis=1)
        return chain.node("Gemm", self.f(CLASSES, 16), self.f(CLASSES), transB=1)

    def traced(self) -> Chain:
        """A reshape as PyTorch traces it, and weights that other nodes turn."""
        chain = Chain("n", 1, 8, 9).node("Conv", self.f(2, 1, 3, 3), strides=[2, 2])
        chain.node("AveragePool", kernel_shape=[2, 2], strides=[1, 1], ceil_mode=1)
        sides = chain.apart("Shape", [chain.last])
        one = chain.apart("Gather", [sides, chain.array(np.array(0))], axis=0)
        row = chain.apart("Unsqueeze", [one, chain.array(np.array([0]))])
        target = chain.apart("Concat", [row, chain.array(np.array([-1]))], axis=0)
        chain.node("Reshape", target)
        double = numpy_helper.from_array(self.f(CLASSES, 12).astype(float))
        made = chain.apart("Constant", [], value=double)
        cast = chain.apart("Cast", [made], to=TensorProto.FLOAT)
        ends = (chain.array(np.array([0])), chain.array(np.array([8])))
        cut = chain.apart("Slice", [cast, *ends, chain.array(np.array([1]))])
        whole = chain.apart("Concat", [cut, chain.array(self.f(CLASSES, 4))], axis=1)
        turned = chain.apart("Transpose", [whole], perm=[1, 0])
        return chain.node("MatMul", turned).node("LogSoftmax", axis=-1)

    def by_pixel(self) -> Chain:
        """Maps by pixel, turned for each convolution and back, as Keras has them."""
        chain = Chain("n", 8, 9, 3, opset=15).node("Transpose", perm=PLANES)
        chain.node("Conv", self.f(4, 3, 4, 3), auto_pad="SAME_UPPER", strides=[2, 2])
        chain.node("Transpose", perm=PIXELS).node("Add", self.f(4)).node("Tanh")
        chain.node("Transpose", perm=PLANES).node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        chain.node("Transpose", perm=PIXELS).node("Reshape", np.array([-1, 16]))
        return chain.node("MatMul", self.f(16, CLASSES)).node("Identity")

    def averaged(self) -> Chain:
        chain = Chain(1, 1, 8, 9, opset=13).node("Unsqueeze", np.array([4]))
        chain.node("Squeeze", np.array([-1])).node("Conv", self.f(4, 1, 3, 3), self.f(4))
        chain.node("Relu").node("GlobalAveragePool")
        return chain.node("Conv", self.f(CLASSES, 4, 1, 1), self.f(CLASSES)).node("Flatten")

    def of_means(self) -> Chain:
        chain = Chain("n", 3, 8, 9, opset=13).node("Sub", self.positive(1, 3, 1, 1))
        chain.node("Conv", self.f(4, 3, 3, 2)).node("Relu").node("Transpose", perm=PIXELS)
        chain.node("ReduceMean", axes=[1, 2], keepdims=0).node("Cast", to=TensorProto.FLOAT)
        return chain.node("Gemm", self.f(4, CLASSES), self.f(1, CLASSES))


def onnx_seeds() -> list[bytes]:
    """Models of dense layers, convolutions, pools, normalisations, and what exporters leave."""
    seeds = Seeds()
    makers = (seeds.dense, seeds.convolutional, seeds.traced, seeds.by_pixel, seeds.averaged,
              seeds.of_means)  # fmt: skip
    return [make().model().SerializeToString(deterministic=True) for make in makers]


# --- mutations -------------------------------------------------------------------------------

Message = Any  # of protobuf, which has no types
Field = Any


def mutated_graph(rng: random.Random, seeds: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    """Return one of `seeds` after no, one or several changes of its fields."""
    models, parts, texts = material(tuple(seeds))
    model = onnx.ModelProto()
    model.CopyFrom(rng.choice(models))
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 3))):
        part = rng.choice(list(messages(model)))
        fields = [field for field, _ in part.ListFields()]
        if not fields or not rng.randrange(6):
            fields = list(part.DESCRIPTOR.fields)
        field = rng.choice(fields)
        if field.is_repeated:
            change_list(rng, part, field, (parts, texts))
        else:
            change_one(rng, part, field, (parts, texts))
    return bytes(model.SerializeToString(deterministic=True))


Others = tuple[Sequence[Message], Sequence[str]]


@cache
def material(seeds: tuple[bytes, ...]) -> tuple[list[Message], list[Message], list[str]]:
    """Return models, all their parts, and all their texts."""
    models = [onnx.load_model_from_string(one) for one in seeds]
    parts = [part for model in models for part in messages(model)]
    found = {
        text
        for part in parts
        for field, value in part.ListFields()
        if field.cpp_type == field.CPPTYPE_STRING and field.type == field.TYPE_STRING
        for text in (value if field.is_repeated else [value])
    }
    return models, parts, sorted(found)


def messages(message: Message) -> Iterator[Message]:
    """Yield a message and all that it holds."""
    yield message
    for field, value in message.ListFields():
        if field.cpp_type == field.CPPTYPE_MESSAGE:
            for one in value if field.is_repeated else [value]:
                yield from messages(one)


def change_one(rng: random.Random, part: Message, field: Field, others: Others) -> None:
    """Change a field that holds one value."""
    if not rng.randrange(8):
        part.ClearField(field.name)
    elif field.cpp_type == field.CPPTYPE_MESSAGE:
        for one in like(rng, field, others):
            getattr(part, field.name).CopyFrom(one)
    else:
        setattr(part, field.name, scalar(rng, field, getattr(part, field.name), others))


def change_list(rng: random.Random, part: Message, field: Field, others: Others) -> None:
    """Change a field that holds several values: drop, double, exchange or replace some."""
    values = list(getattr(part, field.name))
    place = rng.randint(0, max(len(values) - 1, 0))
    match rng.randint(0, 4):
        case 0:
            del values[place : place + 1]
        case 1:
            values[place:place] = values[place : place + 1] * rng.choice((1, 1, 1, 40))
        case 2:
            rng.shuffle(values)
        case _ if field.cpp_type == field.CPPTYPE_MESSAGE:
            values[place : place + rng.randint(0, 1)] = like(rng, field, others)
        case _:
            old = values[place] if values else None
            values[place : place + rng.choice((0, 1, 1))] = [scalar(rng, field, old, others)]
    whole = type(part)()
    whole.CopyFrom(part)
    whole.ClearField(field.name)
    getattr(whole, field.name).extend(values)
    part.CopyFrom(whole)


def like(rng: random.Random, field: Field, others: Others) -> list[Message]:
    """Return a part of the seeds that `field` may hold, if there is one."""
    name = field.message_type.full_name
    found = [one for one in others[0] if one.DESCRIPTOR.full_name == name]
    return [rng.choice(found)] if found else []


def scalar(rng: random.Random, field: Field, old: object, others: Others) -> object:
    """Return another value for a field that held `old`."""
    if field.cpp_type == field.CPPTYPE_ENUM:
        return rng.choice(list(field.enum_type.values_by_number))
    if field.type == field.TYPE_STRING:
        return rng.choice((rng.choice(TEXTS), rng.choice(others[1]), rng.choice(others[1])))
    if field.type == field.TYPE_BYTES:
        content = old if isinstance(old, bytes) else b""
        text = rng.choice(TEXTS).encode()
        return rng.choice((content[:-1], content[::-1], content * 2, text, rng.randbytes(12)))
    if field.cpp_type in (field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE):
        return rng.choice(REAL)
    least, most = {
        field.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
        field.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    }.get(field.cpp_type, (0, 2**63))
    known = old if isinstance(old, int) else 0
    value = rng.choice((rng.choice(WHOLE), rng.choice(WHOLE), known + 1, known - 1))
    return min(max(value, least), most)


# --- what is read ----------------------------------------------------------------------------


def read_graph_of_onnx(file: Path) -> None:
    """Read a model for images in grey or in colour; it answers as onnxruntime does, if this can."""
    named = file.rename(file.with_name("model.onnx"))
    try:
        try:
            network = read_foreign(named, Expected(GREY, CLASSES))
        except NetvizError:
            network = read_foreign(named, Expected(COLOUR, CLASSES))
        check_answers(network, named)
    finally:
        named.rename(file)


def check_answers(network: Network, file: Path) -> None:
    """Assert that `network` answers as onnxruntime does with the model in `file`."""
    content = file.read_bytes()
    model = onnx.load_model_from_string(content)
    assert not any(one.external_data for one in model.graph.initializer)
    shape = network.image_shape
    graph = read_graph(file, CLASSES)
    said = graph.entry.shape or ()
    count = said[0] or 3
    if not 1 <= count <= MOST_IMAGES or not is_tame(model):
        return
    images = np.random.default_rng(3).random((count, *shape), np.float32)
    given = as_taken(images, said)
    try:
        theirs = answers(content, given.astype(NUMBERS[graph.entry.kind]), graph.output)
    except Exception:  # onnxruntime checks more than is needed to read a model
        return
    found = network.logits(images.reshape(count, -1))
    theirs = theirs.reshape(-1, CLASSES)
    kinds = {node.kind for node in graph.nodes}
    forms = {"Softmax": softmax(found), "LogSoftmax": np.log(softmax(found))}
    possible = [form for kind, form in forms.items() if kind in kinds] or [found]
    assert any(np.allclose(one, theirs, 1e-4, 1e-5 * reach_of(network)) for one in possible)


MOST_IMAGES = 100
NUMBERS = {"FLOAT": np.float32, "DOUBLE": np.float64, "UINT8": np.uint8}


def as_taken(images: Array, said: tuple[int | None, ...]) -> Array:
    """Return images (n, height, width, channels) in the form that a model's input says."""
    planes = images.transpose(PLANES)
    forms = [planes, images, images[..., 0], planes.reshape(len(images), -1)]
    for one in forms[: 4 if images.shape[3] == 1 else 2]:
        sides = zip(said[1:], one.shape[1:], strict=False)
        if one.ndim == len(said) and all(side in (None, length) for side, length in sides):
            return np.ascontiguousarray(one)
    raise AssertionError(f"no form of images is {said}")


def is_tame(model: onnx.ModelProto) -> bool:
    """Say whether all numbers of `model` are of a size whose sums do not depend on their order.

    A tensor that nothing reads may have numbers of another count than its shape's.
    """
    tensors = [part for part in messages(model) if isinstance(part, onnx.TensorProto)]
    for one in tensors:
        try:
            sizes = np.abs(numpy_helper.to_array(one).astype(float)).ravel()
        except ValueError:
            return False
        if not ((sizes == 0) | ((sizes >= TAME[0]) & (sizes <= TAME[1]))).all():
            return False
    return True


def reach_of(network: Network) -> float:
    """Return how far from 0 a number between the layers of `network` can be."""
    reach = np.ones(network.image_shape[-1])
    shape: tuple[int, ...] = network.image_shape
    largest = 1.0
    for layer in network.layers:
        reach = _reach(layer, shape, reach)
        shape = layer.output_shape(shape)
        largest = max(largest, float(reach.max()))
    return largest
