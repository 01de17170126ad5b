"""Weights trained elsewhere: every layout is read right, and what is no network is told."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError
from netviz.network.storage import save
from tests.miniatures import network

RNG = np.random.default_rng(4)
SHAPE = (4, 5, 3)
GREY = (4, 5, 1)
Arrays = dict[str, NDArray[Any]]


def layers(*widths: int) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """Weights (units below, units above) and biases of random layers."""
    pairs = pairwise(widths)
    weights = [RNG.normal(size=pair).astype(np.float32) for pair in pairs]
    return weights, [RNG.normal(size=width).astype(np.float32) for width in widths[1:]]


def write(file: Path, arrays: Arrays) -> Path:
    if file.suffix == ".npz":
        np.savez(file, allow_pickle=False, **arrays)
    else:
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, file)
    return file


def logits(images: NDArray[Any], weights: list[Any], biases: list[Any]) -> NDArray[Any]:
    """What a network of relu units says to images already flattened, by hand."""
    below = images
    for number, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        z = below @ weight + bias
        below = z if number == len(weights) - 1 else np.maximum(z, 0)
    return below


@pytest.mark.parametrize("ending", ["npz", "safetensors"])
@pytest.mark.parametrize("shape", [GREY, SHAPE], ids=["grey", "colour"])
def test_a_network_of_pytorch_answers_as_it_does_there(
    tmp_path: Path, ending: str, shape: tuple[int, int, int]
) -> None:
    """There, rows of a weight are units, and colours come plane by plane, normalised."""
    inputs = int(np.prod(shape))
    weights, biases = layers(inputs, 7, 3)
    arrays = {f"{2 * k}.weight": weight.T for k, weight in enumerate(weights)}
    arrays |= {f"{2 * k}.bias": bias for k, bias in enumerate(biases)}
    file = write(tmp_path / f"net.{ending}", arrays)
    images = RNG.random((6, *shape))
    planes = (images.transpose(0, 3, 1, 2).reshape(6, -1) - 0.13) / 0.31
    read = read_foreign(file, Expected(shape, 3, "relu", mean=(0.13,), deviation=(0.31,)))
    assert read.hidden == (7,)
    found = read.logits(images.reshape(6, -1).astype(np.float32))
    np.testing.assert_allclose(found, logits(planes, weights, biases), atol=2e-5)


@pytest.mark.parametrize("name", ["dense_{}.kernel", "dense_{}/kernel", "{}.kernel"])
def test_a_network_of_keras_is_taken_as_it_lies(tmp_path: Path, name: str) -> None:
    weights, biases = layers(60, 4, 5, 3)
    arrays = {name.format(k): weight for k, weight in enumerate(weights)}
    arrays |= {name.format(k).replace("kernel", "bias"): bias for k, bias in enumerate(biases)}
    read = read_foreign(write(tmp_path / "net.npz", arrays), Expected(SHAPE, 3, "tanh"))
    assert all(map(np.array_equal, [layer.weights for layer in read.dense], weights))
    assert all(map(np.array_equal, [layer.biases for layer in read.dense], biases))
    assert (read.hidden, read.activation) == ((4, 5), "tanh")


def test_what_netviz_offers_for_download_comes_back_the_same(tmp_path: Path) -> None:
    ours = network([RNG.normal(size=(64, 6)), RNG.normal(size=(6, 3))])
    save(ours, tmp_path / "net.npz")
    shape = ours.image_shape
    again = read_foreign(tmp_path / "net.npz", Expected(shape, 3, "relu"))
    assert again.identity == ours.identity


def test_the_tenth_layer_comes_after_the_second(tmp_path: Path) -> None:
    weights, biases = layers(20, *range(2, 13), 3)
    arrays = {f"layers.{k}.weight": weight.T for k, weight in enumerate(weights)}
    arrays |= {f"layers.{k}.bias": bias for k, bias in enumerate(biases)}
    read = read_foreign(write(tmp_path / "a.safetensors", arrays), Expected(GREY, 3, "relu"))
    assert read.hidden == tuple(range(2, 13))


def test_a_layer_may_do_without_biases(tmp_path: Path) -> None:
    file = write(tmp_path / "net.npz", {"weight": RNG.normal(size=(3, 20))})
    assert not read_foreign(file, Expected(GREY, 3, "relu")).dense[0].biases.any()


def numbers(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, np.float32)


WRONG: dict[str, tuple[Arrays, str]] = {
    "no layers": ({"a": numbers(2)}, "holds no dense layers.*got a"),
    "a convolution": (
        {"0.weight": numbers(3, 1, 5, 5), "3.weight": numbers(3, 9)},
        r'layers = \["conv 5x5x3", "flatten", "dense 3"\] with the pools',
    ),
    "a convolution of sounds": ({"0.weight": numbers(3, 1, 5)}, "4 dimensions"),
    "whole numbers": ({"0.weight": np.zeros((3, 20), int)}, "floats in 2 dimensions"),
    "a gap": (
        {"0.weight": numbers(7, 20), "1.weight": numbers(3, 6)},
        "7 inputs in layer 1.*got 6",
    ),
    "other biases": ({"0.weight": numbers(3, 20), "0.bias": numbers(4)}, "layer 0 do not fit"),
    "other images": ({"0.weight": numbers(3, 21)}, "20 inputs and 3 outputs.*got 21 and 3"),
    "other classes": ({"0.weight": numbers(4, 20)}, "got 20 and 4"),
    "not a number": ({"0.weight": numbers(3, 20) + np.nan}, "not finite"),
}


@pytest.mark.parametrize(("arrays", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_what_is_no_network_for_the_data_set_is_told(
    tmp_path: Path, ending: str, arrays: Arrays, message: str
) -> None:
    file = write(tmp_path / f"net.{ending}", arrays)
    with pytest.raises(DataError, match=message) as caught:
        read_foreign(file, Expected(GREY, 3, "relu"))
    assert f"net.{ending}" in str(caught.value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: content.replace(b"F32", b"F99"),
    ],
    ids=["cut", "absurd header", "unknown type"],
)
def test_a_damaged_file_is_told(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    file = write(tmp_path / "net.safetensors", {"0.weight": numbers(3, 20)})
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(DataError, match="not a readable file of safetensors"):
        read_foreign(file, Expected(GREY, 3, "relu"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_foreign(tmp_path / "net.safetensors", Expected(GREY, 3, "relu"))
