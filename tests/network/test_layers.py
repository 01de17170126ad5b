"""Every kind of layer for images: its formula, its derivatives, its shapes, and PyTorch's word."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.network.gradients import Penalties
from netviz.network.layers import (
    Activation,
    Array,
    AveragePool,
    Backward,
    BatchNormalisation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    ScaleShift,
    Shape,
    same_padding,
)
from netviz.network.network import Network
from netviz.network.parameters import Parameters, fresh
from tests.network.test_gradients import gradient_error

TOLERANCE = 1e-8  # of the largest derivative, as in test_gradients


def convolution(
    *shape: int, stride: int = 1, padding: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> Convolution:
    rng = np.random.default_rng(4)
    return Convolution(rng.normal(0, 1, shape), rng.normal(0, 1, shape[3]), stride, padding)


def channels(kind: type[ScaleShift | BatchNormalisation], count: int) -> Layer:
    rng = np.random.default_rng(6)
    return kind(rng.normal(0, 1, count), rng.normal(0, 1, count))


CASES: dict[str, tuple[Layer, Shape]] = {
    "a convolution": (convolution(3, 3, 2, 4), (6, 5, 2)),
    "not square": (convolution(1, 4, 2, 3), (5, 6, 2)),
    "with a stride": (convolution(3, 3, 2, 4, stride=2), (8, 7, 2)),
    "padded": (convolution(3, 3, 2, 4, padding=(1, 1, 1, 1)), (5, 4, 2)),
    "padded on one side": (convolution(2, 3, 1, 2, stride=2, padding=(0, 2, 1, 0)), (6, 5, 1)),
    "a max pool": (MaxPool(2, 2), (6, 4, 3)),
    "windows that overlap": (MaxPool(3, 2), (8, 7, 2)),
    "pixels left over": (MaxPool(2, 2), (5, 7, 2)),
    "an average pool": (AveragePool(2, 2), (7, 4, 3)),
    "averages that overlap": (AveragePool(3, 1), (5, 5, 2)),
    "a global average": (GlobalAverage(), (4, 3, 5)),
    "scale and shift": (channels(ScaleShift, 3), (4, 2, 3)),
    "scale and shift of a row": (channels(ScaleShift, 7), (7,)),
    "batch normalisation": (channels(BatchNormalisation, 3), (4, 2, 3)),
    "batch normalisation of a row": (channels(BatchNormalisation, 7), (7,)),
}
EVERY = pytest.mark.parametrize("name", CASES)


def batch(shape: Shape, count: int = 6) -> NDArray[np.float64]:
    return np.random.default_rng(9).normal(0, 1, (count, *shape))


def derivative_error(layer: Layer, inputs: Array) -> float:
    """Return how far `layer.backward` is from differences of Σ weight · output, relatively."""
    outputs = layer.forward(inputs)
    error = np.random.default_rng(2).normal(0, 1, outputs.shape)
    back = layer.backward(inputs, outputs, error)
    assert set(back.gradients) == set(layer.arrays)
    worst = 0.0
    for array, computed in [
        (inputs, back.error),
        *((layer.arrays[name], gradient) for name, gradient in back.gradients.items()),
    ]:
        measured = _differences(array, lambda: float((layer.forward(inputs) * error).sum()))
        worst = max(worst, float(np.abs(measured - computed).max() / np.abs(measured).max()))
    return worst


def _differences(array: Array, value: Callable[[], float], step: float = 1e-5) -> Array:
    """Return the derivative of `value` by each number of `array`, which is moved and put back."""
    result = np.empty_like(array)
    for at in np.ndindex(array.shape):
        kept = array[at]
        array[at] = kept + step
        above = value()
        array[at] = kept - step
        result[at] = (above - value()) / (2 * step)
        array[at] = kept
    return result


@EVERY
def test_every_derivative_is_right(name: str) -> None:
    layer, shape = CASES[name]
    assert derivative_error(layer, batch(shape)) < TOLERANCE


@pytest.mark.parametrize(
    ("name", "part"),
    [(name, part) for name, (layer, _) in CASES.items() for part in ("error", *layer.arrays)],
)
def test_the_check_catches_a_lie(name: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, shape = CASES[name]
    honest = type(layer).backward

    def lie(self: Layer, inputs: Array, outputs: Array, error: Array) -> Backward:
        back = honest(self, inputs, outputs, error)
        if part == "error":
            return dataclasses.replace(back, error=back.error * 1.001)
        changed = {**back.gradients, part: back.gradients[part] * 1.001}
        return dataclasses.replace(back, gradients=changed)

    monkeypatch.setattr(type(layer), "backward", lie)
    assert derivative_error(layer, batch(shape)) > 100 * TOLERANCE


@EVERY
def test_the_shape_that_it_says_is_the_shape_that_it_gives(name: str) -> None:
    layer, shape = CASES[name]
    assert layer.forward(batch(shape)).shape[1:] == layer.output_shape(shape)


# --- formulas ----------------------------------------------------------------------------------


def test_a_convolution_is_the_sum_that_its_name_says() -> None:
    layer = convolution(2, 3, 2, 4, stride=2, padding=(1, 0, 0, 2))
    image = batch((5, 6, 2), 1)
    padded = np.zeros((6, 8, 2))
    padded[1:, :6] = image[0]
    outputs = layer.forward(image)[0]
    for y, x, u in np.ndindex(outputs.shape):
        window = padded[2 * y : 2 * y + 2, 2 * x : 2 * x + 3]
        total = layer.biases[u] + (window * layer.weights[..., u]).sum()
        assert outputs[y, x, u] == pytest.approx(total)


def test_a_convolution_of_the_whole_image_is_a_dense_layer() -> None:
    layer = convolution(4, 3, 2, 5)
    dense = Dense(layer.weights.reshape(-1, 5), layer.biases)
    images = batch((4, 3, 2))
    assert np.allclose(
        layer.forward(images)[:, 0, 0], dense.forward(Flatten().forward(images)), atol=1e-12
    )
    assert layer.multiply_adds((4, 3, 2)) == dense.multiply_adds((24,))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_the_same_padding_keeps_the_size(size: int) -> None:
    layer = convolution(size, size, 1, 2, padding=same_padding((size, size)))
    assert layer.output_shape((9, 8, 1)) == (9, 8, 2)


def test_pixels_that_are_alike_share_what_the_largest_gets() -> None:
    image = np.array([[3.0, 3.0], [1.0, 3.0]]).reshape(1, 2, 2, 1)
    pool = MaxPool(2, 2)
    back = pool.backward(image, pool.forward(image), np.full((1, 1, 1, 1), 6.0))
    assert back.error.reshape(2, 2).tolist() == [[2, 2], [0, 2]]


def test_a_batch_normalisation_leaves_mean_and_deviation_of_a_channel() -> None:
    layer = BatchNormalisation(np.array([2.0, 3.0]), np.array([-1.0, 4.0]))
    outputs = layer.forward(batch((5, 5, 2), 30) * 7 + 3)
    assert outputs.mean(axis=(0, 1, 2)) == pytest.approx([-1, 4])
    assert outputs.std(axis=(0, 1, 2)) == pytest.approx([2, 3], rel=1e-5)


def test_a_channel_that_is_the_same_everywhere_is_no_division_by_zero() -> None:
    layer = BatchNormalisation(np.ones(1), np.zeros(1))
    assert layer.forward(np.full((4, 2, 2, 1), 5.0)).tolist() == np.zeros((4, 2, 2, 1)).tolist()


def test_a_settled_normalisation_computes_the_same_from_the_same_statistics() -> None:
    layer = BatchNormalisation(np.array([2.0, 3.0]), np.array([-1.0, 4.0]))
    inputs = batch((5, 4, 2))
    axes = (0, 1, 2)
    settled = layer.settled(inputs.mean(axis=axes), inputs.var(axis=axes))
    assert np.allclose(settled.forward(inputs), layer.forward(inputs), atol=1e-12)


# --- whole networks ----------------------------------------------------------------------------


def small_network() -> Parameters:
    """Return parameters of every kind of layer, one upon the other, in float64."""
    layers = (
        Convolution(np.zeros((3, 3, 2, 4)), np.zeros(4), padding=(1, 1, 1, 1)),
        MaxPool(2, 2),
        BatchNormalisation(np.zeros(4), np.zeros(4)),
        Activation("tanh"),
        Convolution(np.zeros((2, 2, 4, 5)), np.zeros(5)),
        AveragePool(2, 1),
        ScaleShift(np.zeros(5), np.zeros(5)),
        GlobalAverage(),
        Dense(np.zeros((5, 3)), np.zeros(3)),
    )
    network = Network((8, 6, 2), layers)
    return fresh(network, np.random.default_rng(3), dtype=np.float64)


@pytest.mark.parametrize("penalties", [Penalties(), Penalties(0.3, 0.7)])
def test_a_network_of_all_of_them_has_the_right_gradient(penalties: Penalties) -> None:
    """The penalty on roughness reaches the filters of the first convolution."""
    labels = np.array([0, 1, 2, 2, 1, 0])
    inputs = batch((8, 6, 2)).reshape(6, -1)
    assert gradient_error(small_network(), (inputs, labels), penalties) < TOLERANCE


def test_scales_start_from_one_and_all_biases_from_zero() -> None:
    layers = small_network().layers
    assert layers[2].arrays["scale"].tolist() == [1] * 4
    assert layers[2].arrays["shift"].tolist() == [0] * 4
    assert np.std(layers[4].arrays["weights"]) == pytest.approx(np.sqrt(1 / 16), rel=0.2)


def test_the_filters_of_a_convolution_are_pictures() -> None:
    network = small_network().network
    pictures = network.filters()
    assert pictures.shape == (4, 3, 3, 2)
    first = network.convolutions[0].weights
    assert np.array_equal(pictures[1], first[..., 1].astype(np.float32))
    assert np.shares_memory(network.pictures(), first)


@pytest.mark.parametrize(
    ("layer", "shape", "problem"),
    [
        (convolution(3, 3, 2, 4), (6, 5, 1), "2 channels"),
        (convolution(3, 3, 2, 4), (2, 5, 2), "3 by 3 does not fit 2 by 5"),
        (convolution(3, 3, 2, 4), (60,), "image"),
        (MaxPool(3, 3), (2, 2, 1), "does not fit"),
        (AveragePool(2, 2), (9,), "image"),
        (GlobalAverage(), (9,), "image"),
        (ScaleShift(np.ones(3), np.ones(3)), (4, 4, 2), "3 channels"),
    ],
)
def test_what_cannot_be_taken_is_refused(layer: Layer, shape: Shape, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        layer.output_shape(shape)


@pytest.mark.parametrize(
    "make",
    [
        lambda: MaxPool(0, 1),
        lambda: AveragePool(2, -1),
        lambda: MaxPool(2.0, 2),  # type: ignore[arg-type]  # a file may hold it
        lambda: convolution(3, 3, 2, 4, stride=0),
        lambda: convolution(3, 3, 2, 4, padding=(1, 1, -1, 1)),
        lambda: convolution(3, 3, 2, 4, padding=(1, 1)),  # type: ignore[arg-type]  # as above
        lambda: Convolution(np.zeros((3, 3, 4)), np.zeros(4)),
        lambda: Convolution(np.zeros((3, 3, 1, 4)), np.zeros(3)),
        lambda: ScaleShift(np.zeros(3), np.zeros(2)),
    ],
)
def test_settings_and_arrays_that_no_layer_has_are_refused(make: Callable[[], Layer]) -> None:
    with pytest.raises(ValueError, match=r"must be|do not fit"):
        make()


# --- PyTorch -----------------------------------------------------------------------------------


@EVERY
def test_pytorch_says_the_same(name: str) -> None:
    """Forward pass, error and gradients, where PyTorch is installed."""
    torch = pytest.importorskip("torch")
    layer, shape = CASES[name]
    inputs = batch(shape)
    outputs = layer.forward(inputs)
    error = np.random.default_rng(2).normal(0, 1, outputs.shape)
    back = layer.backward(inputs, outputs, error)
    arrays = {key: torch.tensor(array, requires_grad=True) for key, array in layer.arrays.items()}
    below = torch.tensor(inputs, requires_grad=True)
    theirs = _in_pytorch(torch, layer, torch.movedim(below, -1, 1), arrays)
    theirs = torch.movedim(theirs, 1, -1)
    theirs.backward(torch.tensor(error))
    assert np.allclose(theirs.detach().numpy(), outputs, atol=1e-10)
    assert np.allclose(below.grad.numpy(), back.error, atol=1e-10)
    for key, array in arrays.items():
        assert np.allclose(array.grad.numpy(), back.gradients[key], atol=1e-10)


def _in_pytorch(torch: Any, layer: Layer, below: Any, arrays: dict[str, Any]) -> Any:  # noqa: ANN401 - PyTorch need not be there
    functions = torch.nn.functional
    match layer:
        case Convolution(stride=stride, padding=(top, left, bottom, right)):
            padded = functions.pad(below, (left, right, top, bottom))
            weights = arrays["weights"].permute(3, 2, 0, 1)
            return functions.conv2d(padded, weights, arrays["biases"], stride)
        case MaxPool(size=size, stride=stride):
            return functions.max_pool2d(below, size, stride)
        case AveragePool(size=size, stride=stride):
            return functions.avg_pool2d(below, size, stride)
        case GlobalAverage():
            return below.mean(dim=(2, 3))
        case BatchNormalisation():
            return functions.batch_norm(
                below, None, None, arrays["scale"], arrays["shift"], training=True
            )
        case ScaleShift():
            across = [1, -1] + [1] * (below.ndim - 2)
            return below * arrays["scale"].reshape(across) + arrays["shift"].reshape(across)
        case _:
            raise NotImplementedError(layer.kind)
