"""The fast forward pass against the plain one."""

import numpy as np
import pytest

from netviz.network.fast.columns import LARGEST_PIECE, Columns, Geometry
from netviz.network.fast.forward import BATCH, FastForward
from netviz.network.network import ImageShape, Network
from netviz.network.parameters import fresh
from netviz.network.written import network_of_layers

PHOTOGRAPHS = [
    *("conv 6x6x64 stride 2", "pool 2", "batch norm", "relu"),
    *("conv 3x3x64 padded", "batch norm", "relu"),
    *("conv 3x3x64 padded", "pool 2", "batch norm", "relu", "global average"),
]
DIGITS = ["conv 7x7x8", "pool 2", "relu", "conv 4x4x16", "pool 2", "relu", "flatten"]
OTHERS = ["average 2", "conv 2x2x3", "pool 3 stride 1", "tanh", "flatten", "dense 6", "sigmoid"]


def trained(texts: list[str], image_shape: ImageShape) -> Network:
    """Return a network with numbers everywhere, as training leaves it."""
    rng = np.random.default_rng(0)
    parameters = fresh(network_of_layers(texts, image_shape, 10), rng)
    parameters.vector[:] += rng.normal(0, 0.05, len(parameters.vector)).astype(np.float32)
    channels = [
        len(layer.arrays["scale"])
        for layer in parameters.layers
        if layer.kind == "batch_normalisation"
    ]
    return parameters.network.settled(
        [(rng.normal(0, 1, n), rng.uniform(0.5, 2, n)) for n in channels]
    )


@pytest.mark.parametrize(
    ("texts", "image_shape"),
    [(PHOTOGRAPHS, (32, 32, 3)), (DIGITS, (28, 28, 1)), (OTHERS, (11, 9, 2))],
    ids=["photographs", "digits", "others"],
)
@pytest.mark.parametrize("count", [3, BATCH, 2 * BATCH + 7])
def test_it_equals_the_plain_forward_pass(
    texts: list[str], image_shape: ImageShape, count: int
) -> None:
    network = trained(texts, image_shape)
    pixels = np.random.default_rng(1).integers(0, 256, (count, network.inputs), np.uint8)
    forward = FastForward(network)
    answers = [(f.copy(), logits.copy()) for f, logits in forward.batches(pixels)]
    *_, features, logits = network.outputs((pixels / 255).astype(np.float32))
    for found, plain in zip(
        map(np.concatenate, zip(*answers, strict=True)), (features, logits), strict=True
    ):
        assert np.abs(found - plain).max() < 1e-5 * np.abs(plain).max()


@pytest.mark.parametrize(("columns", "images"), [(22, 50), (8, 32), (7, 1), (1, 37), (13, 600)])
def test_pieces_fill_a_row_of_outputs_exactly(columns: int, images: int) -> None:
    geometry = Geometry(3, images, (5, 5), 16, 1, (20, columns))
    assert geometry.pieces * geometry.piece == columns * images
    assert geometry.piece <= LARGEST_PIECE


def test_a_row_that_has_no_equal_pieces_is_one() -> None:
    geometry = Geometry(3, 521, (5, 5), 16, 1, (20, 1))
    assert geometry.pieces == 1


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("images", [3, 4000])
def test_columns_are_what_a_filter_meets_at_each_place(stride: int, images: int) -> None:
    """In one chunk and in several, the last of which is shorter."""
    size, outputs = (4, 3), (10, 5)
    geometry = Geometry(2, images, size, 6, stride, outputs)
    height, width = ((n - 1) * stride + k for n, k in zip(outputs, size, strict=True))
    maps = np.random.default_rng(0).random((height, 2, width, images), np.float32)
    columns = Columns(geometry, maps, 2)
    assert [chunk.start for chunk in columns.chunks] == list(range(0, 10, columns.at_once))
    assert (len(columns.chunks) > 1) == (images > 3)
    for chunk, rows in enumerate(columns.chunks):
        found = columns.gather(chunk).transpose(0, 2, 1, 3).reshape(-1, *size, 2, 5, images)
        for row, met in zip(range(rows.start, rows.stop), found, strict=True):
            for column in range(5):
                at = row * stride, column * stride
                window = maps[at[0] : at[0] + 4, :, at[1] : at[1] + 3]
                assert (met[..., column, :] == window.transpose(0, 2, 1, 3)).all()
