"""The fast gradient against the plain one, and nothing taken on trust."""

import numpy as np
import pytest

from netviz.network.fast import columns
from netviz.network.gradients import Penalties, gradient
from netviz.network.layers import ActivationName
from netviz.network.network import ImageShape, Network, dense_network
from netviz.network.parameters import fresh, over
from netviz.network.written import network_of_layers
from netviz.training.batches import Examples
from netviz.training.fast import FastGradient

# Largest difference allowed, relative to the largest derivative. Float32 keeps 24 bits, and sums
# over a batch of raw pixels lose a few of them.
TOLERANCE = 1e-5

SHAPES = [
    pytest.param((28, 28, 1), (), id="digits"),
    pytest.param((28, 28, 1), (10,), id="digits, hidden"),
    pytest.param((32, 32, 3), (), id="photos, in slices"),
    pytest.param((32, 32, 3), (40,), id="photos, wide"),
    pytest.param((6, 5, 2), (4, 3, 5), id="deep"),
    pytest.param((1, 7, 1), (3,), id="a single row"),
]


LISTS = [
    pytest.param(
        (28, 28, 1),
        ["conv 7x7x8", "pool 2", "relu", "conv 4x4x6", "pool 2", "relu", "flatten"],
        id="digits, flat",
    ),
    pytest.param(
        (32, 32, 3),
        [
            *("conv 6x6x16 stride 2", "pool 2", "batch norm", "relu"),
            *("conv 3x3x20 padded", "batch norm", "relu"),
            *("conv 3x3x8 padded", "pool 2", "batch norm", "relu", "global average"),
        ],
        id="photos, averaged",
    ),
    pytest.param(
        (9, 8, 2),
        [
            *("conv 2x3x4", "average 2 stride 1", "tanh", "pool 3 stride 1"),
            *("batch norm", "flatten", "dense 7", "batch norm", "sigmoid"),
        ],
        id="layers without a fast form",
    ),
    pytest.param((5, 7, 3), ["conv 4x1x5 stride 3 padded", "pool 2", "flatten"], id="not square"),
    pytest.param(
        (13, 12, 2),
        [
            "conv 3x3x5 padded",
            "conv 4x2x3 stride 2",
            "relu",
            "conv 3x3x4 stride 3 padded",
            "flatten",
        ],
        id="strides above others",
    ),
    pytest.param((6, 6, 1), ["pool 2", "conv 3x3x4", "global average"], id="pool first"),
    pytest.param((20, 20, 1), ["conv 2x2x3", "pool 9", "pool 2", "flatten"], id="a wide pool"),
]


def largest_error(
    start: Network,
    penalties: Penalties,
    *,
    centred: bool = True,
    size: int = 120,
    frozen: bool = False,
) -> float:
    """Return how far the fast gradient is from the plain one in float64, batch after batch."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (300, start.inputs), np.uint8)
    examples = Examples(pixels, rng.integers(0, start.classes, 300), np.arange(300))
    centre = pixels.mean(axis=0) if centred else np.zeros(start.inputs)
    scale = 0.01
    parameters = fresh(start, rng)
    parameters.vector[:] += rng.normal(0, 0.01, len(parameters.vector))
    fast = FastGradient(parameters, size, penalties, centre, scale, frozen_first_layer=frozen)
    worst = 0.0
    for _ in range(3):
        batch = rng.permutation(300)[:size]
        reference = gradient(
            over(start, parameters.vector.astype(np.float64)),
            (pixels[batch] - centre) * scale,
            examples.labels[batch],
            penalties,
        )
        for array in reference.layers[start.first_weighted].arrays.values():
            array[:] = 0 if frozen else array
        plain = reference.vector
        error = np.abs(fast(examples, batch).vector - plain).max() / np.abs(plain).max()
        worst = max(worst, float(error))
        parameters.vector[:] -= np.float32(0.1) * plain.astype(np.float32)  # the next differs
    return worst


@pytest.mark.parametrize(("image_shape", "hidden"), SHAPES)
@pytest.mark.parametrize("penalties", [Penalties(), Penalties(0.1, 0), Penalties(0.1, 0.3)])
def test_it_equals_the_plain_gradient(
    image_shape: tuple[int, int, int], hidden: tuple[int, ...], penalties: Penalties
) -> None:
    assert largest_error(dense_network(image_shape, hidden, 10), penalties) < TOLERANCE


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("centred", [False, True])
def test_it_does_so_for_every_activation_and_without_a_centre(
    activation: ActivationName, centred: bool
) -> None:
    start = dense_network((6, 5, 2), (7, 4), 3, activation)
    assert largest_error(start, Penalties(0.1, 0.3), centred=centred) < TOLERANCE


def test_a_batch_of_one_is_a_batch() -> None:
    assert largest_error(dense_network((6, 5, 2), (4,), 3), Penalties(), size=1) < TOLERANCE


@pytest.mark.parametrize(("image_shape", "texts"), LISTS)
@pytest.mark.parametrize("penalties", [Penalties(), Penalties(0.1, 0.3)])
def test_it_equals_the_plain_gradient_of_convolutional_networks(
    image_shape: ImageShape, texts: list[str], penalties: Penalties
) -> None:
    start = network_of_layers(texts, image_shape, 4)
    assert largest_error(start, penalties, size=24) < TOLERANCE


@pytest.mark.parametrize(("image_shape", "texts"), LISTS)
def test_it_does_so_a_few_rows_and_columns_at_a_time(
    image_shape: ImageShape, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As large networks need it."""
    monkeypatch.setattr(columns, "CACHED", 1)
    monkeypatch.setattr(columns, "SMALLEST_PIECE", 1)
    monkeypatch.setattr(columns, "LARGEST_PIECE", 7)
    start = network_of_layers(texts, image_shape, 4)
    assert largest_error(start, Penalties(0.1, 0), size=24) < TOLERANCE


@pytest.mark.parametrize(("image_shape", "texts"), LISTS)
def test_a_frozen_layer_has_no_gradient_and_changes_no_other(
    image_shape: ImageShape, texts: list[str]
) -> None:
    start = network_of_layers(texts, image_shape, 4)
    assert largest_error(start, Penalties(0.1, 0), size=16, frozen=True) < TOLERANCE


def test_a_dense_layer_can_be_frozen_too() -> None:
    start = dense_network((6, 5, 2), (4, 3), 3)
    assert largest_error(start, Penalties(0.1, 0), frozen=True) < TOLERANCE


def test_black_images_share_the_error_among_pixels_that_are_alike() -> None:
    """Where all sums under a window are the same, the plain form and the fast one share alike."""
    start = network_of_layers(["conv 3x3x4", "pool 2", "tanh", "flatten"], (12, 12, 1), 3)
    pixels = np.zeros((8, 144), np.uint8)
    pixels[:, 70:76] = 200
    labels = np.arange(8) % 3
    parameters = fresh(start, np.random.default_rng(0))
    parameters.network.convolutions[0].biases[:] = 0.5
    fast = FastGradient(parameters, 8, Penalties(), np.zeros(144), 1 / 255)
    found = fast(Examples(pixels, labels, np.arange(8)), np.arange(8)).vector
    exact = over(start, parameters.vector.astype(np.float64))
    plain = gradient(exact, pixels / 255, labels, Penalties()).vector
    assert np.abs(found - plain).max() < TOLERANCE * np.abs(plain).max()


def test_the_same_batches_give_the_same_bytes() -> None:
    start = network_of_layers(["conv 3x3x4", "pool 2", "batch norm", "flatten"], (12, 12, 1), 3)
    rng = np.random.default_rng(0)
    examples = Examples(rng.integers(0, 256, (40, 144), np.uint8), np.arange(40) % 3, np.arange(40))
    parameters = fresh(start, rng)
    runs = [FastGradient(parameters, 20, Penalties(), np.zeros(144), 0.01) for _ in range(2)]
    one, other = (
        [run(examples, batch).vector.tobytes() for batch in np.arange(40).reshape(2, 20)]
        for run in runs
    )
    assert one == other
    assert one[0] != one[1]


def test_a_normalisation_remembers_what_it_saw() -> None:
    """Of maps and of rows, in the order of the layers."""
    texts = ["conv 3x3x2", "batch norm", "flatten", "dense 5", "batch norm"]
    start = network_of_layers(texts, (6, 6, 1), 3)
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (30, 36), np.uint8)
    examples = Examples(pixels, np.arange(30) % 3, np.arange(30))
    parameters = fresh(start, rng)
    fast = FastGradient(parameters, 30, Penalties(), np.zeros(36), 1 / 255)
    fast(examples, np.arange(30))
    outputs = parameters.network.outputs(pixels / 255)
    for (mean, variance), below in zip(fast.statistics, (outputs[0], outputs[3]), strict=True):
        axes = tuple(range(below.ndim - 1))
        assert np.allclose(mean, below.mean(axis=axes), atol=1e-5)
        assert np.allclose(variance, below.var(axis=axes), rtol=1e-4)
