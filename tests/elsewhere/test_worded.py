"""Layers named in words: convolutional networks of every framework answer as they do there."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.elsewhere.expected import Expected
from netviz.errors import DataError
from netviz.network.layers import Convolution, ScaleShift
from tests.elsewhere.convolutional import (
    CLASSES,
    COLOUR,
    IMAGES,
    RNG,
    SHAPE,
    Array,
    Arrays,
    by_pixel,
    by_plane,
    conv,
    keras,
    kernel,
    maps,
    normed,
    pool,
    relu,
    statistics,
    torch,
    weights,
)
from tests.elsewhere.networks import read

C1, C3, C2 = weights(4, 1, 3, 3), weights(4, 3, 3, 3), weights(5, 4, 2, 2)
F1 = weights(CLASSES, 5 * 3 * 3)
F0 = weights(6, 4 * 4 * 4)
F9, F110 = weights(CLASSES, 6), weights(6, 110)
S4, S5, S64 = statistics(4), statistics(5), statistics(64)
GREY, THREE = maps(IMAGES[1]), maps(IMAGES[3])
LIST = ("conv 3x3x4", "pool 2", "relu", "conv 2x2x5", "relu", "flatten", "dense")
LENGTHS = np.sqrt((C1[0] ** 2).sum(axis=(1, 2, 3), keepdims=True))
HEAD = weights(CLASSES, 4, 1, 1)


def lower(x: Array, first: tuple[Array, Array]) -> Array:
    return relu(conv(relu(pool(conv(x, *first))), *C2))


def dense(x: Array, layer: tuple[Array, Array]) -> Array:
    return np.asarray(x @ layer[0].T + layer[1])


@dataclass(frozen=True)
class Right:
    """A file, the layers in words, what the network answers, and what else the settings say."""

    arrays: Arrays
    layers: tuple[str, ...]
    answers: Array
    settings: dict[str, Any] = field(default_factory=dict)
    channels: int = 1


def same(x: Array, stride: int) -> Array:
    """A convolution of Keras with padding "same", whose zeros depend on the size of the image."""
    height, width = x.shape[2:]
    needed = [max((-(-n // stride) - 1) * stride + 3 - n, 0) for n in (height, width)]
    top, left = needed[0] // 2, needed[1] // 2
    return conv(x, *C1, stride, (top, left, needed[0] - top, needed[1] - left))


MEANS, DEVIATIONS = np.array([0.4, 0.5, 0.6]), np.array([0.2, 0.3, 0.25])
NORMAL = (THREE - MEANS[:, None, None]) / DEVIATIONS[:, None, None]
AVERAGED = np.asarray(relu(conv(GREY, *C1)).mean(axis=(2, 3)))
F4 = weights(CLASSES, 4)

RIGHT: dict[str, Right] = {
    "PyTorch": Right(
        torch(n0=C1, n3=C2, n6=F1), LIST, dense(by_plane(lower(GREY, C1)), F1)
    ),
    "PyTorch, in colour": Right(
        torch(n0=C3, n3=C2, n6=F1), LIST, dense(by_plane(lower(THREE, C3)), F1), {}, 3
    ),
    "names of modules": Right(
        torch(conv1=C3, conv2=C2, fc=F1), LIST, dense(by_plane(lower(THREE, C3)), F1), {}, 3
    ),
    "the last layer left out": Right(
        torch(n0=C1, n3=C2, n6=F1), LIST[:-1], dense(by_plane(lower(GREY, C1)), F1)
    ),
    "Keras": Right(
        keras(conv2d=C3, conv2d_1=C2, dense=F1), LIST, dense(by_pixel(lower(THREE, C3)), F1), {}, 3
    ),
    "Flax": Right(
        {f"params/{name}": one for name, one in keras(Conv_0=C3, Conv_1=C2, Dense_0=F1).items()},
        LIST, dense(by_pixel(lower(THREE, C3)), F1), {}, 3,
    ),
    "maps moved before they are flattened": Right(
        torch(n0=C1, n3=C2, n6=F1), LIST, dense(by_pixel(lower(GREY, C1)), F1),
        {"colours": "pixels"},
    ),
    "normalised before and after": Right(
        torch(n0=(C1[0],), n1=S4, n4=C2, n6=S5, n8=F1),
        ("conv 3x3x4", "batch norm", "pool 2", "relu", "conv 2x2x5", "relu", "batch norm",
         "flatten", "dense"),
        dense(by_plane(normed(
            relu(conv(relu(pool(normed(conv(GREY, C1[0]), S4, 1e-5))), *C2)), S5, 1e-5)), F1),
    ),
    "normalised once flattened, of another epsilon": Right(
        torch(n0=C1, n3=S64, n4=F0, n6=F9),
        ("conv 3x3x4", "pool 2", "flatten", "batch norm", "dense 6", "tanh", "dense"),
        dense(np.tanh(dense(normed(by_plane(pool(conv(GREY, *C1))), S64, 0.1), F0)), F9),
        {"epsilon": 0.1},
    ),
    "Keras, normalised": Right(
        keras(conv2d=C1, batch_normalization=S4, dense=F4),
        ("conv 3x3x4", "batch norm", "relu", "global average", "dense"),
        dense(relu(normed(conv(GREY, *C1), S4, 1e-3)).mean(axis=(2, 3)), F4),
    ),
    "no dense layer": Right(
        torch(body=C1, head=HEAD),
        ("conv 3x3x4", "relu", "conv 1x1x3", "global average"),
        conv(relu(conv(GREY, *C1)), *HEAD).mean(axis=(2, 3)),
    ),
    "sigmoid": Right(
        torch(n0=C1, n4=F4),
        ("conv 3x3x4", "sigmoid", "global average", "dense"),
        dense((1 / (1 + np.exp(-conv(GREY, *C1)))).mean(axis=(2, 3)), F4),
    ),
    "zeros around, with a stride": Right(
        torch(n0=C1, n2=F4),
        ("conv 3x3x4 stride 2 padded", "relu", "global average", "dense"),
        dense(relu(conv(GREY, *C1, 2, (1, 1, 1, 1))).mean(axis=(2, 3)), F4),
    ),
    "the zeros of Keras, with a stride": Right(
        keras(conv2d=C1, dense=F4),
        ("conv 3x3x4 padded stride 2", "relu", "global average", "dense"),
        dense(relu(same(GREY, 2)).mean(axis=(2, 3)), F4),
    ),
    "as many zeros as are told": Right(
        torch(n0=C1, n2=F4),
        ("conv 3x3x4 padded 2 stride 3", "relu", "global average", "dense"),
        dense(relu(conv(GREY, *C1, 3, (2, 2, 2, 2))).mean(axis=(2, 3)), F4),
    ),
    "pixels normalised": Right(
        torch(n0=C3, n3=C2, n6=F1), LIST, dense(by_plane(lower(NORMAL, C3)), F1),
        {"mean": tuple(MEANS), "deviation": tuple(DEVIATIONS)}, 3,
    ),
    "pixels normalised, zeros around them": Right(
        torch(n0=C3, n2=F4),
        ("conv 3x3x4 padded", "relu", "global average", "dense"),
        dense(relu(conv(NORMAL, *C3, 1, (1, 1, 1, 1))).mean(axis=(2, 3)), F4),
        {"colours": "planes", "mean": tuple(MEANS), "deviation": tuple(DEVIATIONS)}, 3,
    ),
    "pixels normalised in the file": Right(
        torch(n0=C3, n3=C2, n6=F1) | {"mean": MEANS, "std": DEVIATIONS},
        LIST, dense(by_plane(lower(NORMAL, C3)), F1), {}, 3,
    ),
    "pixels inverted": Right(
        torch(n0=C1, n3=C2, n6=F1), LIST, dense(by_plane(lower(1 - GREY, C1)), F1),
        {"is_inverted": True},
    ),
    "dense layers alone": Right(
        keras(a=F110, b=F9),
        ("flatten", "dense 6", "tanh", "dense"),
        dense(np.tanh(dense(by_pixel(GREY), F110)), F9),
    ),
    "names behind their layers": Right(
        torch(n9=C1, n3=C2, out=F1),
        ("conv 3x3x4: 9", "pool 2", "relu", "conv 2x2x5: 3", "relu", "flatten", "dense: out"),
        dense(by_plane(lower(GREY, C1)), F1),
    ),
    "an order that shapes alone leave": Right(
        torch(stem=C1, body=C2, head=F1), LIST, dense(by_plane(lower(GREY, C1)), F1)
    ),
    "weight normalisation": Right(
        {"0.weight_g": np.full((4, 1, 1, 1), 2.0), "0.weight_v": C1[0], "2.weight": F4[0],
         "0.bias": C1[1], "2.bias": F4[1]},
        ("conv 3x3x4", "relu", "global average", "dense"),
        dense(relu(conv(GREY, 2 * C1[0] / LENGTHS,
                        C1[1])).mean(axis=(2, 3)), F4),
    ),
    "W1 and b1": Right(
        {"W1": kernel(C1[0]), "b1": C1[1], "W2": F4[0].T, "b2": F4[1]},
        ("conv 3x3x4", "relu", "global average", "dense"), dense(AVERAGED, F4),
    ),
}  # fmt: skip


def expected(right: Right) -> Expected:
    shape = SHAPE if right.channels == 1 else COLOUR
    return Expected(shape, CLASSES, layers=right.layers, **right.settings)


@pytest.mark.parametrize("right", RIGHT.values(), ids=RIGHT)
def test_a_file_and_words_answer_as_the_framework_does(tmp_path: Path, right: Right) -> None:
    network = read(tmp_path, right.arrays, expected(right))
    images = IMAGES[right.channels]
    found = network.logits(images.reshape(len(images), -1))
    apart = np.abs(found - right.answers).max() / np.abs(right.answers).max()
    assert apart < 1e-5
    assert all(one.dtype == np.float32 for layer in network.layers for one in layer.arrays.values())


def test_scalings_are_folded_where_they_can_be(tmp_path: Path) -> None:
    """Zeros around an image of normalised pixels mean another colour: there a layer stays."""
    normal = read(tmp_path, RIGHT["pixels normalised"].arrays, expected(RIGHT["pixels normalised"]))
    assert isinstance(normal.layers[0], Convolution)
    right = RIGHT["pixels normalised, zeros around them"]
    assert isinstance(read(tmp_path, right.arrays, expected(right)).layers[0], ScaleShift)
    right = RIGHT["normalised once flattened, of another epsilon"]
    network = read(tmp_path, right.arrays, expected(right))
    assert not any(isinstance(layer, ScaleShift) for layer in network.layers)


def test_the_layers_that_are_proposed_have_dense_ones_last(tmp_path: Path) -> None:
    """The numbers of conv2 and fc1 count two rows of layers, not one."""
    arrays = torch(conv1=C1, conv2=C2, fc1=F1, fc2=weights(CLASSES, CLASSES))
    expected = r'\["conv 3x3x4", "conv 2x2x5", "flatten", "dense 3", "dense 3"\]'
    with pytest.raises(DataError, match=expected):
        read(tmp_path, arrays, Expected(SHAPE, CLASSES))


def test_a_separable_convolution_is_called_so(tmp_path: Path) -> None:
    arrays = {"s/depthwise_kernel": C1[0], "s/pointwise_kernel": C1[0], "s/bias": C1[1]}
    with pytest.raises(DataError, match=r"of a separable convolution.*file of ONNX"):
        read(tmp_path, arrays, Expected(SHAPE, CLASSES))


def test_one_output_per_map_is_what_an_average_needs(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="3 numbers at the end, one a class; got 4 numbers"):
        read(tmp_path, torch(n0=C1), Expected(SHAPE, 3, layers=("conv 3x3x4", "global average")))


WRONG: dict[str, tuple[Arrays, tuple[str, ...], str, dict[str, Any]]] = {
    "another word": (
        torch(n0=C1, n2=F4), ("conv 3x3x4", "rleu", "global average", "dense"),
        r"'rleu' is no layer.*did you mean relu", {},
    ),
    "another size": (
        torch(n0=C1, n2=F4), ("conv 5x5x4", "relu", "global average", "dense"),
        r"0 does not fit its layer; expected \(4, 1, 5, 5\); got \(4, 1, 3, 3\)", {},
    ),
    "another width": (
        torch(n0=C1, n3=C2, n6=F4), LIST, r"6 does not fit its layer; expected \(3, 45\)", {},
    ),
    "what does not fit there": (
        torch(n0=C1, n3=C2, n6=F4), ("conv 3x3x4", "flatten", "conv 2x2x5", "dense"),
        "'conv 2x2x5' does not fit here.*got 288 numbers arriving", {},
    ),
    "a layer too few": (
        torch(n0=C1, n3=C2, n6=F4), ("conv 3x3x4", "global average", "dense"),
        "the number of convolutions in .* is not that of the file; expected 2: 0, 3; got 1", {},
    ),
    "a normalisation too few": (
        torch(n0=C1, n1=S4, n2=F4), ("conv 3x3x4", "global average", "dense"),
        "number of batch normalisations in .* is not that of the file; expected 1: 1; got 0", {},
    ),
    "names that tell no order": (
        torch(a=weights(4, 4, 3, 3), b=weights(4, 4, 3, 3), n0=C1, n9=F4),
        ("conv 3x3x4", "conv 3x3x4", "conv 3x3x4", "global average", "dense"),
        r'names of the convolutions do not tell their order; expected.*"conv 3x3x8: ', {},
    ),
    "numbers in another order": (
        torch(n0=F4, n2=C1), ("conv 3x3x4", "global average", "dense"),
        "puts 2 before 0, and their numbers do not", {},
    ),
    "a name that is not there": (
        torch(n0=C1, out=F4), ("conv 3x3x4: 1", "global average", "dense"),
        "names '1', which is no such layer of net.npz", {},
    ),
    "no framework": (
        {"W1": kernel(C1[0]), "b1": C1[1], "W2": F0[0].T, "b2": F0[1], "W3": F9[0].T, "b3": F9[1]},
        ("conv 3x3x4", "pool 2", "relu", "flatten", "dense 6", "relu", "dense"),
        'expected the setting colours = "planes"', {},
    ),
    "two frameworks": (
        torch(n0=C1) | keras(dense=F0, dense_1=F9),
        ("conv 3x3x4", "pool 2", "relu", "flatten", "dense 6", "relu", "dense"),
        'expected the setting colours = "planes"', {},
    ),
    "an array too many": (
        torch(n0=C1, n2=F4) | {"extra": np.ones(3)}, ("conv 3x3x4", "global average", "dense"),
        "extra is not part of", {},
    ),
    "a stride and zeros of no framework": (
        torch(n0=weights(4, 1, 2, 2), n2=F4),
        ("conv 2x2x4 stride 2 padded", "global average", "dense"), "such as padded 1", {},
    ),
    "an activation twice": (
        torch(n0=C1, n2=F4), ("conv 3x3x4", "relu", "global average", "dense"),
        "'activation' has no meaning beside layers in words", {"activation": "relu"},
    ),
    "another activation in the file": (
        torch(n0=C1, n2=F4) | {"activation": np.array("tanh")},
        ("conv 3x3x4", "relu", "global average", "dense"),
        "its activation is not that of 'layers'; expected tanh; got relu", {},
    ),
    "a layer without biases": (
        torch(n0=C1[:1], n2=F4), ("conv 3x3x4", "relu", "global average", "dense"),
        "0 has no biases, though other layers have some", {},
    ),
    "statistics of another size": (
        torch(n0=C1, n1=S5, n2=F4), ("conv 3x3x4", "batch norm", "global average", "dense"),
        "1 does not fit what arrives at it; expected 4 numbers, for 8 by 9 in 4 maps; got 5", {},
    ),
    "too large numbers": (
        torch(n0=(1e30 * C1[0], C1[1]), n2=(1e30 * F4[0], F4[1])),
        ("conv 3x3x4", "global average", "dense"), "layer 2 gives numbers too large", {},
    ),
    "too much work": (
        torch(n0=(np.zeros((4000, 1, 9, 9)), np.zeros(4000)), n2=weights(CLASSES, 4000)),
        ("conv 9x9x4000 padded 30", "global average", "dense"),
        "one image takes too many multiplications", {},
    ),
    "too large maps": (
        torch(n0=(np.zeros((40, 1, 1, 1)), np.zeros(40)), n2=weights(CLASSES, 40)),
        ("conv 1x1x40 padded 300", "global average", "dense"),
        "too many numbers between the layers", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arrays", "layers", "message", "settings"), WRONG.values(), ids=WRONG)
def test_what_words_and_arrays_leave_open_is_told(
    tmp_path: Path, arrays: Arrays, layers: tuple[str, ...], message: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, arrays, Expected(SHAPE, CLASSES, layers=layers, **settings))


def test_arrays_in_another_order_are_the_same_network(tmp_path: Path) -> None:
    right = RIGHT["normalised before and after"]
    arrays = [(name, right.arrays[name]) for name in RNG.permutation(list(right.arrays))]
    turned = read(tmp_path, dict(arrays), expected(right))
    assert turned.identity == read(tmp_path, right.arrays, expected(right)).identity
