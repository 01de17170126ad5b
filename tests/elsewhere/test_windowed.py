"""Zeros around images by nodes of their own, as Keras exports them, and their number."""

from pathlib import Path

import numpy as np
import pytest
from onnx import numpy_helper

from netviz.errors import DataError
from tests.elsewhere.graphs import SHAPE, Chain, answers, averaged, f, grey, headed, ints, read

PIXELS = np.random.default_rng(6).random((5, *SHAPE)).astype(np.float32)


def agrees(chain: Chain, folder: Path) -> None:
    """Compare with onnxruntime."""
    file = chain.write(folder / "net.onnx")
    found = read(file).logits(PIXELS.reshape(len(PIXELS), -1))
    given = np.ascontiguousarray(PIXELS.transpose(0, 3, 1, 2))
    np.testing.assert_allclose(found, answers(file, given), atol=2e-5)


def test_zeros_of_nodes_and_of_the_convolution_add_up(tmp_path: Path) -> None:
    chain = grey().node("Pad", ints(0, 0, 0, 2, 0, 0, 1, 3)).node("Identity")
    chain.node("Pad", ints(1, 0), None, ints(-2)).node("Conv", f(4, 1, 3, 3), pads=[0, 1, 0, 0])
    agrees(averaged(chain.node("Relu")), tmp_path)


def test_the_number_of_zeros_is_computed_from_the_sides_as_keras_does(tmp_path: Path) -> None:
    """Of 11 columns, 3 wide windows with a stride of 2 need one on each side, of 10 rows one."""
    chain = grey().node("Relu")
    sides = chain.apart("Slice", [chain.apart("Shape", [chain.last]), chain.array(ints(2)),
                                  chain.array(ints(4))])  # fmt: skip
    two, three = chain.array(ints(2)), chain.array(ints(3))
    less = chain.apart("Sub", [sides, chain.array(ints(1))])
    down = chain.apart("Mul", [chain.apart("Div", [less, two]), two])
    needed = chain.apart("Sub", [chain.apart("Add", [down, three]), sides])
    first = chain.apart("Div", [needed, two])
    last = chain.apart("Sub", [needed, first])
    none = chain.apart("ConstantOfShape", [chain.apart("Shape", [two])],
                       value=numpy_helper.from_array(ints(0)))  # fmt: skip
    pads = chain.apart("Concat", [none, none, first, none, none, last], axis=0)
    chain.node("Pad", pads).node("Conv", f(4, 1, 3, 3), strides=[2, 2]).node("Relu")
    agrees(averaged(chain), tmp_path)


def test_arithmetic_of_constants_is_done_beforehand(tmp_path: Path) -> None:
    """As jax2onnx leaves a normalisation: a gain over the root of a variance."""
    chain = grey().node("Conv", f(4, 1, 3, 3))
    root = chain.apart("Sqrt", [chain.apart("Add", [chain.array(np.abs(f(1, 4, 1, 1))),
                                                    chain.array(np.float32(0.001))])])  # fmt: skip
    least = chain.apart("Max", [root, chain.array(np.float32(0.1))])
    chain.node("Mul", chain.apart("Reciprocal", [least]))
    chain.node("Add", chain.apart("Neg", [chain.array(f(1, 4, 1, 1))]))
    agrees(averaged(chain), tmp_path)


@pytest.mark.parametrize(
    ("chain", "message"),
    [
        (grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1)).node("MaxPool", kernel_shape=[2, 2]),
         "comes after a pad; expected a convolution next"),
        (grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1)).node("Flatten"), "comes after a pad"),
        (grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1), np.float32(1)), "pads in another way"),
        (grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1), mode="reflect"), "pads in another way"),
        (grey().node("Pad", ints(0, 1, 1, 1, 0, 0, 1, 1)), "zeros around images alone"),
        (grey().node("Pad", ints(0, 0, -1, 1, 0, 0, 1, 1)), "zeros around images alone"),
        (grey().node("Flatten").node("Pad", ints(0, 1, 0, 1)), "does not get images by channel"),
        (grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1))
         .node("Conv", f(4, 1, 3, 3), auto_pad="SAME_UPPER"), "pads by itself what was padded"),
    ],
    ids=["a pool", "a flatten", "ones", "mirrored", "channels", "cut", "rows", "twice"],
)  # fmt: skip
def test_other_pads_are_refused(tmp_path: Path, chain: Chain, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(headed(chain).write(tmp_path / "net.onnx"))


def test_a_pad_at_the_end_is_refused(tmp_path: Path) -> None:
    chain = grey().node("Pad", ints(0, 0, 1, 1, 0, 0, 1, 1))
    with pytest.raises(DataError, match="ends with zeros around its last maps"):
        read(chain.write(tmp_path / "net.onnx"))
