"""MLX calls its arrays as PyTorch does, and has the channels of filters and of pixels last."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError
from tests.elsewhere.convolutional import (
    CLASSES,
    COLOUR,
    IMAGES,
    Arrays,
    by_pixel,
    conv,
    maps,
    relu,
    torch,
    weights,
)  # fmt: skip
from tests.elsewhere.networks import read

C3, F9 = weights(4, 3, 3, 3), weights(CLASSES, 4 * 8 * 9)
F4 = weights(CLASSES, 4)
X = maps(IMAGES[3])
AVERAGED = ("conv 3x3x4", "relu", "global average", "dense")


def of_mlx(arrays: Arrays) -> Arrays:
    return {
        name: np.ascontiguousarray(one.transpose(0, 2, 3, 1) if one.ndim == 4 else one)
        for name, one in arrays.items()
    }


def saved(file: Path, arrays: Arrays, said: object) -> Path:
    """Write safetensors with `said` as the metadata, as MLX writes null."""
    content = save({name: one.astype(np.float32) for name, one in arrays.items()})
    length = int.from_bytes(content[:8], "little")
    header = {"__metadata__": said, **json.loads(content[8 : 8 + length])}
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    return file


@pytest.mark.parametrize("said", [None, {"format": "mlx"}])
def test_a_file_of_mlx_answers_as_it_does_there(tmp_path: Path, said: object) -> None:
    """Filters of 3 by 3 of 3 channels would fit as PyTorch's too, and answer otherwise."""
    file = saved(tmp_path / "net.safetensors", of_mlx(torch(n0=C3, n3=F9)), said)
    words = ("conv 3x3x4", "relu", "flatten", "dense")
    network = read_foreign(file, Expected(COLOUR, CLASSES, layers=words))
    pixels = IMAGES[3].reshape(len(IMAGES[3]), -1).astype(np.float32)
    theirs = by_pixel(relu(conv(X, *C3))) @ F9[0].T + F9[1]
    np.testing.assert_allclose(network.logits(pixels), theirs, rtol=1e-4, atol=1e-4)


def test_rows_of_colours_of_mlx_are_taken_pixel_by_pixel(tmp_path: Path) -> None:
    layer = weights(CLASSES, 330)
    file = saved(tmp_path / "net.safetensors", torch(n1=layer), None)
    rows = IMAGES[3].reshape(len(IMAGES[3]), -1).astype(np.float32)
    found = read_foreign(file, Expected(COLOUR, CLASSES)).logits(rows)
    np.testing.assert_allclose(found, rows @ layer[0].T + layer[1], atol=1e-4)


def test_filters_that_fit_both_ways_are_asked_about(tmp_path: Path) -> None:
    arrays, here = torch(body=C3, head=F4), Expected(COLOUR, CLASSES, layers=AVERAGED)
    with pytest.raises(DataError, match=r"come first, as in PyTorch.*colours = .planes"):
        read(tmp_path, arrays, here)
    told = Expected(COLOUR, CLASSES, layers=AVERAGED, colours="planes")
    assert read(tmp_path, arrays, told).classes == CLASSES
    file = saved(tmp_path / "net.safetensors", arrays, {})
    assert read_foreign(file, here).identity == read(tmp_path, arrays, told).identity
    numbered = read(tmp_path, torch(n0=C3, n3=F4), here)  # as only PyTorch names them
    assert numbered.identity == read(tmp_path, arrays, told).identity


def test_filters_of_mlx_that_do_not_fit_are_known(tmp_path: Path) -> None:
    arrays = of_mlx(torch(n0=weights(4, 3, 5, 5), n3=F4))
    words = ("conv 5x5x4", "relu", "global average", "dense")
    with pytest.raises(DataError, match=r"does not fit its layer.*With MLX: model\.save_weights"):
        read(tmp_path, arrays, Expected(COLOUR, CLASSES, layers=words))
