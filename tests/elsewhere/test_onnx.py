"""Files of ONNX: a graph answers as onnxruntime does with it, or its node is named."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from netviz.errors import DataError
from netviz.network.layers import Convolution, ScaleShift
from netviz.network.softmax import softmax
from tests.elsewhere.graphs import (
    CLASSES,
    RNG,
    Array,
    Chain,
    after_conv,
    answers,
    averaged,
    colour,
    f,
    grey,
    headed,
    ints,
    positive,
    read,
    small,
)

PLANES, PIXELS = (0, 3, 1, 2), (0, 2, 3, 1)


def images(channels: int) -> Array:
    return np.random.default_rng(5).random((6, 10, 11, channels)).astype(np.float32)


def as_planes(x: Array) -> Array:
    return np.ascontiguousarray(x.transpose(PLANES))


def as_rows(x: Array) -> Array:
    return x.reshape(len(x), -1)


def computed_shape() -> Chain:
    """A reshape as PyTorch traces it: the number of images is asked for, and put first."""
    chain = small(grey())
    sides = chain.apart("Shape", [chain.last])
    one = chain.apart("Gather", [sides, chain.array(np.array(0))], axis=0)
    row = chain.apart("Unsqueeze", [one, chain.array(ints(0))])
    target = chain.apart("Concat", [row, chain.array(ints(-1))], axis=0)
    return chain.node("Reshape", target).node("MatMul", f(64, CLASSES)).node("Add", f(CLASSES))


def as_keras() -> Chain:
    """Images and maps by pixel, turned for each convolution and back."""
    chain = Chain("n", 10, 11, 3).node("Transpose", perm=PLANES)
    chain.node("Conv", f(4, 3, 3, 3)).node("Transpose", perm=PIXELS).node("Add", f(4))
    chain.node("Relu").node("Transpose", perm=PLANES)
    chain.node("MaxPool", kernel_shape=[2, 2], strides=[2, 2]).node("Transpose", perm=PIXELS)
    chain.node("Reshape", ints(-1, 64)).node("MatMul", f(64, CLASSES)).node("Add", f(CLASSES))
    return chain.node("Softmax")


def residual_of_constants() -> Chain:
    """Weights that other nodes turn and cast."""
    chain = small(grey()).node("Flatten")
    doubles = chain.apart("Constant", [], value=onnx.numpy_helper.from_array(RNG.random((3, 64))))
    cast = chain.apart("Cast", [doubles], to=TensorProto.FLOAT)
    return chain.node("MatMul", chain.apart("Transpose", [cast], perm=[1, 0]))


@dataclass(frozen=True)
class Right:
    """A graph, and how its input has the images."""

    chain: Callable[[], Chain]
    given: Callable[[Array], Array] = as_planes
    channels: int = 1
    settings: dict[str, Any] = field(default_factory=dict)


def dense(*shape: int | str, **options: int) -> Chain:
    width = int(shape[-1])
    chain = Chain(*shape, **options).node("Gemm", f(width, 5), f(5)).node("Tanh")
    return chain.node("MatMul", f(5, CLASSES)).node("Add", f(CLASSES)).node("Softmax", axis=1)


RIGHT: dict[str, Right] = {
    "dense": Right(lambda: dense("n", 110), as_rows),
    "dense, colours by plane": Right(
        lambda: dense("n", 330), lambda x: as_rows(as_planes(x)), 3, {"colours": "planes"}
    ),
    "dense, colours by pixel": Right(
        lambda: dense("n", 330), as_rows, 3, {"colours": "pixels"}
    ),
    "dense without a channel": Right(
        lambda: headed(Chain("n", 10, 11).node("Flatten").node("Identity"), 110),
        lambda x: x[..., 0],
    ),
    "convolutional": Right(lambda: headed(small(grey()))),
    "in colour": Right(lambda: headed(small(colour(), 3)), as_planes, 3),
    "as Keras": Right(as_keras, lambda x: x, 3),
    "a shape that is computed": Right(computed_shape),
    "weights that are computed": Right(residual_of_constants),
    "turned before it is flattened": Right(
        lambda: headed(small(grey()).node("Transpose", perm=PIXELS))
    ),
    "rows and columns exchanged": Right(
        lambda: headed(small(grey()).node("Transpose", perm=(0, 3, 1, 2)))
    ),
    "normalised once flattened": Right(
        lambda: small(grey()).node("Flatten")
        .node("BatchNormalization", positive(64), f(64), f(64), positive(64))
        .node("Gemm", f(64, CLASSES), f(1, CLASSES), alpha=0.5, beta=2.0)
    ),
    "normalised after a convolution": Right(
        lambda: after_conv("BatchNormalization", positive(4), f(4), f(4), positive(4), epsilon=0.1)
    ),
    "normalised after an activation": Right(
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3)).node("Sigmoid")
                         .node("BatchNormalization", f(4), f(4), f(4), positive(4)).node("Tanh"))
    ),
    "grouped": Right(
        lambda: averaged(small(grey()).node("Conv", f(6, 2, 2, 2), f(6), group=2), 6)
    ),
    "by channel": Right(lambda: averaged(small(grey()).node("Conv", f(4, 1, 3, 3), group=4))),
    "dilated": Right(lambda: averaged(grey().node("Conv", f(4, 1, 3, 2), dilations=[2, 3]))),
    "padded": Right(
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), pads=[2, 0, 1, 1], strides=[2, 2]))
    ),
    "padded to the same, above": Right(
        lambda: averaged(grey().node("Conv", f(4, 1, 4, 3), auto_pad="SAME_UPPER", strides=[2, 2]))
    ),
    "padded to the same, below": Right(
        lambda: averaged(grey().node("Conv", f(4, 1, 4, 3), auto_pad="SAME_LOWER", strides=[2, 2]))
    ),
    "not padded": Right(lambda: averaged(grey().node("Conv", f(4, 1, 4, 3), auto_pad="VALID"))),
    "pools that overlap": Right(
        lambda: after_conv("MaxPool", kernel_shape=[3, 3], strides=[1, 1])
    ),
    "an average": Right(lambda: after_conv("AveragePool", kernel_shape=[2, 2], strides=[3, 3])),
    "ceil_mode, where windows fill the image": Right(
        lambda: after_conv("AveragePool", kernel_shape=[4, 4], strides=[1, 1], ceil_mode=1)
    ),
    "an average of all": Right(
        lambda: headed(grey().node("Conv", f(4, 1, 3, 3))
                       .node("AveragePool", kernel_shape=[8, 9]), 4)
    ),
    "a mean over rows and columns": Right(
        lambda: grey().node("Conv", f(4, 1, 3, 3)).node("ReduceMean", ints(2, 3), keepdims=0)
        .node("MatMul", f(4, CLASSES))
    ),
    "a mean by an attribute, turned": Right(
        lambda: headed(grey(opset=13).node("Conv", f(4, 1, 3, 3)).node("Transpose", perm=PIXELS)
                       .node("ReduceMean", axes=[-3, -2]), 4)
    ),
    "a convolution of what was averaged": Right(
        lambda: grey().node("Conv", f(4, 1, 3, 3)).node("GlobalAveragePool")
        .node("Conv", f(CLASSES, 4, 1, 1), f(CLASSES)).node("Squeeze", ints(2, 3))
    ),
    "no dense layer": Right(
        lambda: small(grey()).node("Conv", f(CLASSES, 4, 1, 1)).node("GlobalAveragePool")
        .node("Flatten").node("LogSoftmax", axis=-1)
    ),
    "axes put in and taken away": Right(
        lambda: headed(small(grey()).node("Unsqueeze", ints(1, -1)).node("Squeeze", ints(-1, 1)))
    ),
    "dropout and casts": Right(
        lambda: headed(small(grey()).node("Dropout", np.float32(0.4))
                       .node("Cast", to=TensorProto.FLOAT))
    ),
    "pixels normalised by the graph": Right(
        lambda: headed(small(
            colour().node("Sub", f(1, 3, 1, 1)).node("Div", positive(3, 1, 1)), 3)),
        as_planes, 3,
    ),
    "pixels inverted by the graph": Right(
        lambda: headed(small(grey().node("Sub", np.float32(1), first=False)
                             .node("Mul", np.float32(2)))),
    ),
    "normalised pixels, zeros around them": Right(
        lambda: averaged(colour().node("Sub", np.full((3, 1, 1), 0.4, np.float32))
                         .node("Conv", f(4, 3, 3, 3), pads=[1, 1, 1, 1])),
        as_planes, 3,
    ),
    "pixels normalised by the settings": Right(
        lambda: headed(small(grey())),
        lambda x: (as_planes(x) - np.float32(0.13)) / np.float32(0.31),
        1, {"mean": (0.13,), "deviation": (0.31,)},
    ),
    "pixels of 0 to 255": Right(
        lambda: headed(small(grey().node("Div", np.float32(255)))),
        lambda x: as_planes(x) * np.float32(255), 1, {"deviation": (1 / 255,)},
    ),
    "of one image": Right(
        lambda: Chain(1, 1, 10, 11).node("Reshape", ints(1, 110)).node("Gemm", f(110, CLASSES)),
        lambda x: as_planes(x)[:1],
    ),
    "answers as maps of one place": Right(
        lambda: grey().node("Conv", f(CLASSES, 1, 10, 11), f(CLASSES))
    ),
    "a softmax over maps of one place": Right(
        lambda: small(grey()).node("Conv", f(CLASSES, 4, 4, 4)).node("Softmax", axis=1)
    ),
    "one convolution of the whole image": Right(
        lambda: grey().node("Conv", f(CLASSES, 1, 10, 11)).node("Flatten")
    ),
    "arithmetic of rows": Right(
        lambda: Chain("n", 110).node("Mul", f(110)).node("Add", f(1, 110), first=False)
        .node("MatMul", f(110, CLASSES)).node("Div", positive(CLASSES)), as_rows,
    ),
}  # fmt: skip


@pytest.mark.parametrize("right", RIGHT.values(), ids=RIGHT)
def test_a_graph_answers_as_onnxruntime_does(tmp_path: Path, right: Right) -> None:
    chain = right.chain()
    file = chain.write(tmp_path / "net.onnx")
    pixels = images(right.channels)
    network = read(file, right.channels, right.settings)
    found = network.logits(pixels.reshape(len(pixels), -1))
    theirs = answers(file, right.given(pixels)).reshape(-1, CLASSES)
    if chain.nodes[-1].op_type == "Softmax":
        found = softmax(found)
    if chain.nodes[-1].op_type == "LogSoftmax":
        found = np.log(softmax(found))
    scale = max(1.0, float(np.abs(theirs).max()))  # of which floats of 32 bits tell 1e-7
    np.testing.assert_allclose(found[: len(theirs)], theirs, atol=1e-5 * scale)


@pytest.mark.parametrize("opset", range(7, 24))
def test_every_opset_that_onnxruntime_runs_is_read(tmp_path: Path, opset: int) -> None:
    chain = headed(small(grey(opset=opset))).node("Softmax")
    file = chain.write(tmp_path / "net.onnx")
    pixels = images(1)
    found = softmax(read(file).logits(pixels.reshape(len(pixels), -1)))
    np.testing.assert_allclose(found, answers(file, as_planes(pixels)), atol=1e-5)


def cut_attributes() -> Chain:
    """Biases that a slice of opset 9 cuts out of more."""
    chain = small(grey(opset=9)).node("Flatten").node("MatMul", f(64, CLASSES))
    more = chain.array(f(CLASSES + 4))
    return chain.node("Add", chain.apart("Slice", [more], starts=[2], ends=[CLASSES + 2], axes=[0]))


# What older opsets said in another way.
OLDER: dict[str, Callable[[], Chain]] = {
    "a softmax over all sides from the second on": lambda: (
        headed(small(grey(opset=12))).node("Unsqueeze", axes=[2, 3]).node("Softmax")
    ),
    "a softmax from an axis on": lambda: headed(small(grey(opset=11))).node("Softmax", axis=1),
    "logarithms likewise": lambda: (
        headed(small(grey(opset=9))).node("Unsqueeze", axes=[2, 3]).node("LogSoftmax")
    ),
    "a logarithm after the softmax": lambda: (
        headed(small(grey(opset=11))).node("Softmax", axis=1).node("Log")
    ),
    "a pad by attributes": lambda: averaged(
        grey(opset=9)
        .node("Pad", pads=[0, 0, 1, 2, 0, 0, 0, 1])
        .node("Conv", f(4, 1, 3, 3))
        .node("Relu")
    ),
    "a slice by attributes": cut_attributes,
    "a dropout with a share": lambda: headed(small(grey(opset=7)).node("Dropout", ratio=0.3)),
    "sides taken away and put in by attributes": lambda: headed(
        small(grey(opset=11)).node("Unsqueeze", axes=[1]).node("Squeeze", axes=[1])
    ),
    "a normalisation after its training": lambda: averaged(
        grey(opset=8)
        .node("Conv", f(4, 1, 3, 3))
        .node("BatchNormalization", f(4), f(4), f(4), positive(4), momentum=0.9)
    ),
}


@pytest.mark.parametrize("chain", OLDER.values(), ids=OLDER)
def test_what_older_opsets_said_otherwise_is_read(
    tmp_path: Path, chain: Callable[[], Chain]
) -> None:
    made = chain()
    file = made.write(tmp_path / "net.onnx")
    pixels = images(1)
    found = read(file).logits(pixels.reshape(len(pixels), -1))
    theirs = answers(file, as_planes(pixels)).reshape(-1, CLASSES)
    if (last := made.nodes[-1].op_type) in ("Softmax", "LogSoftmax", "Log"):
        found = softmax(found)
        theirs = theirs if last == "Softmax" else np.exp(theirs)
    np.testing.assert_allclose(found, theirs, atol=1e-5)


def test_a_normalisation_of_an_older_opset_that_trains_is_refused(tmp_path: Path) -> None:
    chain = averaged(
        grey(opset=8)
        .node("Conv", f(4, 1, 3, 3))
        .node("BatchNormalization", f(4), f(4), f(4), positive(4))
    )
    chain.nodes[1].output.extend(["mean", "variance"])
    file = chain.write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=r"\(BatchNormalization\) normalises as in training"):
        read(file)


def test_nodes_in_any_order_are_read(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    file = tmp_path / "net.onnx"
    onnx.save_model(model, file)
    pixels = images(1).reshape(-1, 110)
    in_order = read(file).logits(pixels)
    model.graph.node.sort(key=lambda node: str(node.output[0]), reverse=True)
    onnx.save_model(model, file)
    np.testing.assert_array_equal(read(file).logits(pixels), in_order)


def test_nodes_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.graph.node[0].input[0] = model.graph.node[-1].output[0]
    onnx.save_model(model, tmp_path / "net.onnx")
    with pytest.raises(DataError, match="takes what is made of what it gives"):
        read(tmp_path / "net.onnx")


def test_an_answer_that_is_named_twice_is_one(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.graph.output.append(model.graph.output[0])
    onnx.save_model(model, tmp_path / "net.onnx")
    assert read(tmp_path / "net.onnx").classes == CLASSES


def test_bytes_that_the_graph_casts_are_pixels_of_0_to_255(tmp_path: Path) -> None:
    chain = grey(kind=TensorProto.UINT8).node("Cast", to=TensorProto.FLOAT)
    file = headed(small(chain.node("Div", np.float32(255)))).write(tmp_path / "net.onnx")
    whole = np.random.default_rng(2).integers(0, 256, (4, 1, 10, 11), np.uint8)
    network = read(file)
    found = network.logits((whole / 255).astype(np.float32).reshape(4, -1))
    np.testing.assert_allclose(found, answers(file, whole), atol=1e-5)
    assert isinstance(network.layers[0], Convolution)
    with pytest.raises(DataError, match="takes bytes"):
        read(file, 1, {"mean": (0.5,)})


def test_what_only_scales_is_folded_into_weights(tmp_path: Path) -> None:
    chain = RIGHT["normalised after a convolution"].chain()
    network = read(chain.write(tmp_path / "net.onnx"))
    assert not any(isinstance(layer, ScaleShift) for layer in network.layers)
    assert [layer.kind for layer in network.layers] == ["convolution", "global_average", "dense"]


def test_of_several_outputs_that_of_the_classes_is_the_answer(tmp_path: Path) -> None:
    chain = headed(small(grey()))
    model = chain.model()
    model.graph.node.append(helper.make_node("ArgMax", [chain.last], ["label"], axis=1))
    del model.graph.output[:]
    model.graph.output.extend(
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["n", 1]),
            helper.make_tensor_value_info(chain.last, TensorProto.FLOAT, ["n", CLASSES]),
        ]
    )
    onnx.save_model(model, tmp_path / "net.onnx")
    assert read(tmp_path / "net.onnx").classes == CLASSES
    model.graph.output[1].type.tensor_type.shape.dim[1].dim_value = 7
    onnx.save_model(model, tmp_path / "net.onnx")
    with pytest.raises(DataError, match=r"which of its outputs is the answer.*got label, value"):
        read(tmp_path / "net.onnx")


# --- what is refused -------------------------------------------------------------------------


def residual() -> Chain:
    chain = small(grey()).node("Conv", f(4, 4, 1, 1))
    chain.node("Add", chain.nodes[2].output[0])
    return headed(chain)


WRONG: dict[str, tuple[Callable[[], Chain], str]] = {
    "a residual": (residual, r"node 'Add_4' \(Add\) joins two ways of the graph, with value2"),
    "what arrives twice": (
        lambda: headed((c := small(grey())).node("Mul", c.last)), "Mul.*more than once"
    ),
    "another kind": (
        lambda: headed(small(grey().node("LeakyRelu"))),
        r"'LeakyRelu_0' \(LeakyRelu\) is of a kind that netviz cannot run",
    ),
    "a kind of constants": (
        lambda: headed((c := grey()).node("Add", c.apart("RandomNormal", [], shape=[1]))),
        r"\(RandomNormal\) is of a kind",
    ),
    "another domain": (
        lambda: headed(grey().node("Relu", domain="com.microsoft"), 110), "com.microsoft.Relu"
    ),
    "a padded pool": (
        lambda: after_conv("MaxPool", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        r"\(MaxPool\) pools beyond the edge",
    ),
    "a pool beyond the edge": (
        lambda: after_conv("MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        "ceil_mode = 0, or windows that fill",
    ),
    "a pool that is no square": (
        lambda: after_conv("AveragePool", kernel_shape=[2, 3]), "no square window"
    ),
    "a pool with gaps": (
        lambda: after_conv("MaxPool", kernel_shape=[2, 2], dilations=[2, 2]), "has a dilation"
    ),
    "two strides": (
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), strides=[1, 2])), "has two strides"
    ),
    "a convolution of sounds": (
        lambda: averaged(Chain("n", 110).node("Conv", f(4, 1, 3))), "no convolution of images"
    ),
    "images by pixel": (
        lambda: averaged(Chain("n", 10, 11, 1).node("Conv", f(4, 10, 1, 1))),
        r"does not get images by channel, row and column; got shape \(10, 11, 1\)",
    ),
    "a dense layer on maps": (
        lambda: averaged(grey().node("MatMul", f(11, 5)), 5), "no dense layer upon rows of numbers"
    ),
    "weights of another width": (lambda: headed(small(grey()), 63), "expected 63 numbers; got 64"),
    "a mean over rows alone": (
        lambda: headed(small(grey()).node("ReduceMean", ints(2)), 16), "no mean over all places"
    ),
    "a softmax within": (
        lambda: headed(small(grey()).node("Flatten").node("Softmax")),
        r"'Flatten_5'|\(Gemm\) comes after node 'Softmax_4'",
    ),
    "a softmax over places": (
        lambda: headed(small(grey()).node("Softmax")), "no softmax over the classes"
    ),
    "a sigmoid for each class": (
        lambda: headed(small(grey())).node("Sigmoid"), "ends with a sigmoid for each class"
    ),
    "a class that is chosen": (
        lambda: headed(small(grey())).node("ArgMax", axis=1), r"\(ArgMax\) is of a kind"
    ),
    "images that are joined": (
        lambda: headed(Chain(2, 1, 10, 11).node("Reshape", ints(1, -1)), 220),
        "does not keep each image by itself",
    ),
    "images that are turned": (
        lambda: headed(grey().node("Transpose", perm=[1, 0, 2, 3]), 110), "each image by itself"
    ),
    "images flattened as one": (
        lambda: grey().node("Flatten", axis=0).node("Gemm", f(110, CLASSES)), "each image by itself"
    ),
    "16 bits": (
        lambda: averaged(grey().node("Cast", to=TensorProto.FLOAT16)), "rounds what arrives"
    ),
    "an input of 16 bits": (
        lambda: averaged(grey(kind=TensorProto.FLOAT16)), "takes other numbers.*got FLOAT16"
    ),
    "a division by 0": (
        lambda: after_conv("Div", np.float32(0)), "divides by what arrives, or by 0"
    ),
    "a division by what arrives": (
        lambda: averaged(grey().node("Div", np.float32(1), first=False), 1), "divides by"
    ),
    "a mean image before a convolution": (
        lambda: averaged(grey().node("Sub", f(1, 10, 11)).node("Conv", f(4, 1, 3, 3))),
        "has other numbers at each place of a map",
    ),
    "numbers for other images": (
        lambda: averaged(grey().node("Add", f(2, 1, 10, 11)), 1), "does not fit what arrives"
    ),
    "training": (
        lambda: after_conv("BatchNormalization", *(positive(4) for _ in range(4)), training_mode=1),
        "normalises as in training",
    ),
    "dropout in training": (
        lambda: headed(small(grey()).node("Dropout", None, np.array(True))), "leaves out as in tr"
    ),
    "statistics of another size": (
        lambda: after_conv("BatchNormalization", *(positive(5) for _ in range(4))),
        r"does not fit; expected 4 numbers",
    ),
    "not finite": (lambda: after_conv("Mul", np.float32(np.inf)), "no floats of 32 bits"),
    "other images": (lambda: averaged(Chain("n", 1, 28, 28).node("Conv", f(4, 1, 3, 3))),
                     r"does not fit its data set.*\(any, 1, 28, 28\)"),
    "other classes": (
        lambda: small(grey()).node("Flatten").node("Gemm", f(64, 5)),
        "expected 3 numbers at the end, one a class; got 5 numbers",
    ),
    "an input of no shape": (
        lambda: headed(Chain("n", None).node("Flatten"), 330), r"\(Gemm\) does not fit"
    ),
    "an answer without images": (
        lambda: _constant_alone(grey().node("Identity")), "does not depend on the images"
    ),
    "pixels of 0 to 255": (
        lambda: headed(small(grey().node("Div", np.float32(255)))), "pixel_deviation = 0.0039"
    ),
    "a huge padding": (
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), pads=[9000, 9000, 9000, 9000])),
        "gives too many numbers",
    ),
    "a huge dilation": (
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), dilations=[9000, 9000])),
        "has too many weights",
    ),
    "groups that do not fit": (
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), group=3)), "has 3 groups"
    ),
    "an attribute of another type": (
        lambda: averaged(grey().node("Conv", f(4, 1, 3, 3), group="two")), "cannot be read"
    ),
}  # fmt: skip


def _constant_alone(chain: Chain) -> Chain:
    chain.last = chain.apart("Constant", [], value_float=1.0)
    return chain


@pytest.mark.parametrize(("chain", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_run_exactly_is_refused_by_its_name(
    tmp_path: Path, chain: Callable[[], Chain], message: str
) -> None:
    file = chain().write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=message):
        read(file)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"layers": ("conv 3x3x4",)}, "'layers' has no meaning beside a file of ONNX"),
        ({"activation": "tanh"}, "'activation' has no meaning"),
        ({"epsilon": 0.1}, "'normalisation_epsilon' has no meaning"),
    ],
)
def test_what_a_graph_says_is_not_said_again(
    tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    file = headed(small(grey())).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=message):
        read(file, 1, settings)


def test_pixels_are_normalised_once(tmp_path: Path) -> None:
    file = headed(small(grey().node("Sub", np.float32(0.1)))).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match="'pixel_mean' does so again"):
        read(file, 1, {"mean": (0.13,)})


def test_colours_of_rows_must_be_told(tmp_path: Path) -> None:
    file = dense("n", 330).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match='colours = "planes"'):
        read(file, 3)


WITHOUT = """
import sys
sys.modules["onnx"] = None
from pathlib import Path
from netviz.elsewhere import flow
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import NetvizError
try:
    read_foreign(Path(sys.argv[1]), Expected((10, 11, 1), 3))
except NetvizError as error:
    print(error)
"""


def test_without_the_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    file = headed(small(grey())).write(tmp_path / "net.onnx")
    command = [sys.executable, "-c", WITHOUT, str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "pip install 'netviz[onnx]'" in told
    assert told.count("\n") == 1
