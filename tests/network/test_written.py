"""Layers as an author writes them: what each text makes, and how a wrong one is told."""

from typing import Any

import pytest

from netviz.network.layers import Convolution, Dense, MaxPool
from netviz.network.written import arriving, network_of_layers, read_layers, shape_in_words
from netviz.records import RecordError

DIGITS = ["conv 7x7x8", "pool 2", "relu", "conv 4x4x16", "pool 2", "relu", "flatten", "dense"]


def network(*texts: str) -> Any:  # noqa: ANN401 - layers of every kind
    return network_of_layers(texts, (28, 28, 1), 10)


def test_a_list_becomes_a_network() -> None:
    made = network(*DIGITS)
    assert made.shapes == (
        (28, 28, 1),
        (22, 22, 8),
        (11, 11, 8),
        (11, 11, 8),
        (8, 8, 16),
        (4, 4, 16),
        (4, 4, 16),
        (256,),
        (10,),
    )
    assert made.parameters == 7 * 7 * 8 + 8 + 4 * 4 * 8 * 16 + 16 + 256 * 10 + 10


@pytest.mark.parametrize("end", [[], ["dense"], ["dense 10"]])
def test_the_last_layer_may_be_written_or_not(end: list[str]) -> None:
    made = network("conv 5x5x4", "global average", *end)
    assert [layer.kind for layer in made.layers] == ["convolution", "global_average", "dense"]
    assert made.classes == 10


def test_each_word_makes_its_layer_with_its_options() -> None:
    made = network(
        "conv 3x5x4 stride 2 padded",
        "batch norm",
        "average 2",
        "pool 3 stride 1",
        "tanh",
        "sigmoid",
        "flatten",
        "dense 6",
        "relu",
    )
    kinds = ["convolution", "batch_normalisation", "average_pool", "max_pool", "activation"]
    assert [layer.kind for layer in made.layers[:5]] == kinds
    first, _, _, pool = made.layers[:4]
    assert isinstance(first, Convolution)
    assert (first.stride, first.padding) == (2, (1, 2, 1, 2))
    assert isinstance(pool, MaxPool)
    assert (pool.size, pool.stride) == (3, 1)
    assert isinstance(made.layers[7], Dense)


def test_no_layers_are_a_linear_network_that_misses_its_flatten() -> None:
    with pytest.raises(RecordError, match="put flatten or global average"):
        network()


@pytest.mark.parametrize(
    ("texts", "index", "message"),
    [
        (["cnv 5x5x8"], "0", "'cnv 5x5x8' is no layer; expected one of conv, pool"),
        (["cnv 5x5x8"], "0", "did you mean conv?"),
        (["relu", "globl average"], "1", "did you mean global average?"),
        (["flaten"], "0", "did you mean flatten?"),
        ([""], "0", "'' is no layer"),
        (["conv"], "0", "numbers are not those of such a layer; expected conv 5x5x8"),
        (["conv 5x5"], "0", "expected conv 5x5x8"),
        (["conv 5x-5x8"], "0", "expected conv 5x5x8"),
        (["conv 5x5x8x2"], "0", "expected conv 5x5x8"),
        (["pool"], "0", "expected pool 2"),
        (["relu 2"], "0", "expected relu"),
        (["conv 5x5x8 padding"], "0", "unknown option 'padding'; expected stride 2 or padded"),
        (["conv 5x5x8 padding"], "0", "did you mean padded?"),
        (["conv 5x5x8 stride"], "0", "the stride has no number; expected conv 5x5x8 stride 2"),
        (["conv 5x5x0"], "0", "out of range; expected 1 to 10000"),
        (["conv 5x5x8 stride 0"], "0", "out of range"),
        (["conv 5x5x99999"], "0", "out of range"),
        (["conv 5x5x10000", "conv 5x5x10000"], "1", "too many weights"),
        (["flatten", "dense", "relu"], "1", "only the last layer has its units from the classes"),
        (["flatten", "dense 12"], "1", "one unit a class; expected dense 10"),
        (["pool 2", "pool 2", "conv 9x9x3"], "2", "got 7 by 7 in 1 map arriving"),
        (["conv 5x5x8", "dense 20", "relu"], "1", "got 24 by 24 in 8 maps arriving"),
        (["conv 5x5x8"], "0", "'the last, dense' does not fit here: a dense layer takes one row"),
        (["flatten", "pool 2"], "1", "got 784 numbers arriving"),
        (["global average", "flatten"], "1", "given up below it"),
        (["pool 40"], "0", "40 by 40 does not fit 28 by 28"),
        (["relu"] * 101, None, "too many layers; expected at most 100"),
    ],
)
def test_a_wrong_text_is_told_with_its_index(
    texts: list[str], index: str | None, message: str
) -> None:
    with pytest.raises(RecordError) as caught:
        network(*texts)
    assert message in str(caught.value)
    assert caught.value.path == (() if index is None else (index,))


def test_what_arrives_is_told_in_order() -> None:
    shapes = [shape_in_words(shape) for _, shape in arriving(DIGITS, (28, 28, 1), 10)]
    assert shapes[0] == "28 by 28 in 1 map"
    assert shapes[1] == "22 by 22 in 8 maps"
    assert shapes[-1] == "256 numbers"


def test_texts_are_read_without_any_image() -> None:
    assert [one.word for one in read_layers(["conv 50x50x8", "flatten"])] == ["conv", "flatten"]
