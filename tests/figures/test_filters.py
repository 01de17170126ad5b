"""Filters of a convolution: their pieces are cut out of the images where they answer most."""

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.figures.filters.filters import Arguments, draw
from netviz.network.layers import GlobalAverage
from tests.figures.conftest import Written, in_english
from tests.miniatures import convolutional, dataset, material


@pytest.fixture(scope="module")
def known() -> NetworkMaterial:
    rng = np.random.default_rng(12)
    return material(convolutional(rng, join=GlobalAverage(), channels=3), dataset(3))


def drawn(known: NetworkMaterial, written: Written, *controls: NetworkMaterial) -> Drawing:
    names = [f"control {number}" for number in range(len(controls))]
    materials = Materials(networks={"it": known, **dict(zip(names, controls, strict=True))})
    return draw(Arguments("it", tuple(names)), materials, written)


def test_the_first_piece_of_a_filter_excites_it_most(
    known: NetworkMaterial, written: Written
) -> None:
    drawn(known, written)
    layer = known.trained.network.layers[0]
    images = known.dataset.test.images
    maps = layer.forward(images.astype(np.float32) / np.float32(255))
    sheet = np.asarray(written.pictures["pieces"])
    for unit in range(maps.shape[3]):
        image, row, column = np.unravel_index(maps[..., unit].argmax(), maps.shape[:3])
        expected = images[image, row : row + 3, column : column + 3]
        np.testing.assert_array_equal(sheet[3 * unit : 3 * unit + 3, :3], expected)


def test_controls_stand_beside_with_their_accuracy(
    known: NetworkMaterial, written: Written
) -> None:
    control = material(
        convolutional(np.random.default_rng(13), join=GlobalAverage(), channels=3), dataset(3)
    )
    drawing = drawn(known, written, control)
    sets = drawing.context["sets"]
    assert isinstance(sets, list)
    assert [one["accuracy"] for one in sets] == [
        known.evaluation.accuracy,
        control.evaluation.accuracy,
    ]
    assert f"{control.evaluation.accuracy:.1%}" in in_english(drawing.finding)


def test_a_dense_network_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="filters cannot show the network"):
        drawn(grey, written)
