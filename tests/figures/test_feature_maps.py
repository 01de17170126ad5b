"""Feature maps: those of the network, on one scale a layer, with the pixels that a place sees."""

import numpy as np
import pytest

from netviz.analysis.receptive import receptive_field
from netviz.errors import EssayError
from netviz.figures.feature_maps.feature_maps import Arguments, depths, draw
from netviz.figures.figure import Drawing, Json, Materials, NetworkMaterial
from netviz.network.layers import Flatten, GlobalAverage
from tests.figures.conftest import Written
from tests.miniatures import convolutional, dataset, material


@pytest.fixture(scope="module")
def known() -> NetworkMaterial:
    rng = np.random.default_rng(9)
    return material(convolutional(rng, join=GlobalAverage(), channels=3), dataset(3))


def drawn(known: NetworkMaterial, written: Written) -> Drawing:
    return draw(Arguments("it"), Materials(networks={"it": known}), written)


def layers_of(drawing: Drawing) -> list[dict[str, Json]]:
    layers = drawing.config["layers"]
    assert isinstance(layers, list)
    return layers


def test_a_row_holds_what_the_next_layer_with_weights_reads(known: NetworkMaterial) -> None:
    assert depths(known.trained.network) == [2, 4]  # the pool, and the last activation
    flat = convolutional(np.random.default_rng(1), join=Flatten())
    assert depths(flat) == [2, 4]


def test_the_pictures_are_the_maps(known: NetworkMaterial, written: Written) -> None:
    """Opacity is the size of a number: of the first map, on the scale of its layer."""
    drawing = drawn(known, written)
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    outputs = known.trained.network.outputs(known.dataset.test.pixels[[first]] / np.float32(255))
    for number, layer in enumerate(layers_of(drawing)):
        depth, units, limit = layer["depth"], layer["units"], layer["limit"]
        assert isinstance(depth, int)
        assert isinstance(units, list)
        assert isinstance(limit, float)
        maps = outputs[depth][0]
        strip = np.asarray(written.pictures[f"maps-{number}"].convert("RGBA"))
        shown = strip[:, : maps.shape[1], 3]
        expected = np.abs(maps[:, :, units[0]]) / limit * 255
        assert np.abs(shown.astype(float) - expected).max() <= 1


def test_the_page_frames_the_receptive_field(known: NetworkMaterial, written: Written) -> None:
    network = known.trained.network
    for layer in layers_of(drawn(known, written)):
        depth, starts, steps, sees = (layer[name] for name in ("depth", "starts", "steps", "sees"))
        field = receptive_field(network, depth, 1, 0)  # type: ignore[arg-type]  # numbers of JSON
        assert field.top == starts[0] + steps[0]  # type: ignore[index,operator]  # as above
        assert field.left == starts[1]  # type: ignore[index]  # as above
        assert field.bottom - field.top == sees[0]  # type: ignore[index]  # as above


def test_a_dense_network_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="feature_maps cannot show the network"):
        drawn(grey, written)
