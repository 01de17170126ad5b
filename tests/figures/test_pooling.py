"""The figure of pools: its pictures and shares are those of maps computed by hand."""

from typing import Any

import numpy as np
import pytest

from netviz.analysis.moving import moved_left
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.figures.pooling.pooling import NOT_COMPARED, Arguments, draw
from netviz.network.layers import Flatten, MaxPool
from netviz.network.network import Network
from tests.figures.conftest import Written, contents
from tests.miniatures import convolutional, dataset, material

POOL = 2  # the layer


@pytest.fixture(scope="module")
def known() -> NetworkMaterial:
    return material(convolutional(np.random.default_rng(9), join=Flatten()), dataset())


def drawn(known: NetworkMaterial, written: Written, unit: int | None = None) -> Drawing:
    return draw(Arguments("it", unit), Materials(networks={"it": known}), written)


def maps_of(known: NetworkMaterial, unit: int) -> list[np.ndarray]:
    """Return the map of the first image of the first class, moved by 0 to 4 pixels."""
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    image = known.dataset.test.images[[first]]
    places = [moved_left(image, pixels).reshape(1, -1) for pixels in range(5)]
    network = known.trained.network
    return [network.outputs(one / np.float32(255))[POOL][0, :, :, unit] for one in places]


def test_the_pictures_are_maps_and_differences_on_one_scale(
    known: NetworkMaterial, written: Written
) -> None:
    drawing = drawn(known, written)
    unit: Any = drawing.context["filter"]
    maps = maps_of(known, unit)
    limit = max(np.abs(one).max() for one in maps)
    strip = np.asarray(written.pictures["maps"].convert("RGBA"))
    changes = np.asarray(written.pictures["changes"].convert("RGBA"))
    side = maps[0].shape[1]
    for pixels, one in enumerate(maps):
        shown = strip[:, side * pixels : side * (pixels + 1), 3]
        assert np.abs(shown - np.abs(one) / limit * 255).max() <= 1
    by_stride = changes[:, 2 * side : 3 * side]
    assert (by_stride[:, :-1] == 0).all()  # nothing changes
    assert (by_stride[:, -1] == NOT_COMPARED).all()
    by_pixel = changes[:, side : 2 * side - 1, 3]
    fits = [np.abs(maps[1][:, :-1] - maps[0][:, k : k + side - 1]) for k in (0, 1)]
    best = min(fits, key=np.sum)
    assert np.abs(by_pixel - best / limit * 255).max() <= 1


def test_shares_are_0_where_the_image_moved_by_whole_cells(
    known: NetworkMaterial, written: Written
) -> None:
    drawing = drawn(known, written)
    context: Any = drawing.context
    assert context["distances"] == [0, 1, 2, 3, 4]
    assert context["shares"][::2] == [0, 0, 0]
    before, after = context["stages"]
    assert (before["step"], after["step"]) == (1, 2)
    assert before["shares"] == [0] * 5
    assert after["shares"][::2] == [0, 0, 0]
    assert min(after["shares"][1::2]) > 0.05
    finding = contents(drawing)["finding"]
    assert "2 pixels" in finding
    assert "0% of them changes" in finding


def test_the_filter_shown_is_the_one_asked_for(known: NetworkMaterial, written: Written) -> None:
    assert drawn(known, written, 3).context["filter"] == 3
    with pytest.raises(EssayError, match="no filter 4") as refusal:
        drawn(known, written, 4)
    assert refusal.value.expected == "0 to 3"


def test_networks_without_such_a_pool_are_refused(
    known: NetworkMaterial, grey: NetworkMaterial, written: Written
) -> None:
    with pytest.raises(EssayError, match="pooling cannot show the network"):
        drawn(grey, written)
    for other in (MaxPool(2, 1), MaxPool(6, 6)):  # a cell for every pixel, and a single cell
        network = known.trained.network
        layers = (*network.layers[:POOL], other)
        changed = Network(network.image_shape, (*layers, *_ending(network, layers)))
        with pytest.raises(EssayError, match="pooling cannot show the network"):
            drawn(material(changed, known.dataset), written)


def _ending(network: Network, layers: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the last layers of `network`, with weights for as many maps as `layers` give."""
    shape: tuple[int, ...] = network.image_shape
    for layer in layers:
        shape = layer.output_shape(shape)
    weights = np.zeros((int(np.prod(shape)), network.classes), np.float32)
    last = network.layers[-1].with_arrays(
        {"weights": weights, "biases": np.zeros(network.classes, np.float32)}
    )
    return Flatten(), last
