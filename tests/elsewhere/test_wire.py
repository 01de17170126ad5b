"""The values of a message are counted as its package unpacks them, and no further than they may."""

import numpy as np
import onnx
import pytest
from onnx import helper

from netviz.elsewhere.wire import count_values
from tests.bad_graphs import messages, onnx_seeds

DESCRIPTOR = onnx.ModelProto.DESCRIPTOR
MANY = 10**9


def field(number: int, content: bytes) -> bytes:
    """Return a field of `content`, which is written by its length."""
    length, found = len(content), b""
    while length > 127:
        found, length = found + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + found + bytes([length]) + content


def unpacked(model: onnx.ModelProto) -> int:
    """Return how many values the package found in `model`."""
    values = [(one, value) for part in messages(model) for one, value in part.ListFields()]
    return sum(len(value) if one.is_repeated else 1 for one, value in values)


@pytest.mark.parametrize("content", onnx_seeds())
def test_every_value_of_a_model_is_counted(content: bytes) -> None:
    model = onnx.load_model_from_string(content)
    assert count_values(content, DESCRIPTOR, MANY) == unpacked(model)


@pytest.mark.parametrize(
    "graph",
    [
        b"\x0a\x00" * 5000,  # nodes of which each is empty
        field(1, b"\x0a\x00" * 5000),  # a node whose inputs are
        field(1, field(5, b"\x08" + b"\x07" * 40_000)),  # numbers of an attribute, one by one
        field(1, field(5, field(8, b"\x07" * 40_000))),  # and packed
        field(5, field(1, b"\x01" * 40_000)),  # the sides of an array
        field(5, field(4, bytes(40_000))),  # its numbers
        b"\x9b\x06" * 5000,  # groups of a number that nobody knows
    ],
)
def test_counting_ends_where_there_are_too_many(graph: bytes) -> None:
    content = field(7, graph)
    assert count_values(content, DESCRIPTOR, MANY) > 4000
    assert 100 < count_values(content, DESCRIPTOR, 100) <= 100 + 40_000 / 8 + 1


def test_texts_and_raw_bytes_count_as_one() -> None:
    array = onnx.numpy_helper.from_array(np.zeros(100_000, np.float32), "w" * 1000)
    model = helper.make_model(helper.make_graph([], "g" * 1000, [], [], [array]))
    assert count_values(model.SerializeToString(), DESCRIPTOR, MANY) < 20


@pytest.mark.parametrize("content", [b"", b"\x80", b"\x3a", b"\x3a\xff\xff", b"\xff" * 40, b"\x09"])
def test_what_is_damaged_is_left_to_the_reader(content: bytes) -> None:
    assert count_values(content, DESCRIPTOR, MANY) <= 10
