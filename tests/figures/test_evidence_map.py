"""Evidence by place: what is drawn and shipped adds up to the score; what is lost is as covered."""

from typing import Any

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.evidence_map.evidence_map import Arguments, draw
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.network.layers import Flatten, GlobalAverage
from tests.figures.conftest import Written
from tests.miniatures import convolutional, dataset, material


def of(join: Flatten | GlobalAverage, channels: int = 1) -> NetworkMaterial:
    rng = np.random.default_rng(8)
    return material(convolutional(rng, join=join, channels=channels), dataset(channels))


def drawn(known: NetworkMaterial, written: Written) -> Drawing:
    return draw(Arguments("it"), Materials(networks={"it": known}), written)


@pytest.mark.parametrize("join", [Flatten(), GlobalAverage()])
def test_the_ledger_adds_up_to_the_score(join: Flatten | GlobalAverage, written: Written) -> None:
    known = of(join)
    sums: Any = drawn(known, written).context["sums"]
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    assert sums["total"] == pytest.approx(known.evaluation.logits[first].max(), abs=1e-4)
    assert sums["plus"] - sums["minus"] + sums["bias"] == pytest.approx(sums["total"])


def test_what_is_shipped_gives_the_same_score_in_the_page(written: Written) -> None:
    """The page multiplies the last maps by the weights of the places, as is done here."""
    known = of(GlobalAverage(), 3)
    drawn(known, written)
    places: Any = written.values["places-it"]
    exhibits: Any = written.values["exhibits-it"]
    weights = written.floats(places["weights"])
    network = known.trained.network
    count = exhibits["count"]
    pixels = written.bytes(exhibits["images"]).reshape(count, -1).astype(np.float32) / 255
    maps = network.outputs(pixels)[-3]
    sums = np.einsum("nrcu,uk->nk", maps, weights.reshape(maps.shape[3], -1))
    np.testing.assert_allclose(sums + network.dense[-1].biases, network.logits(pixels), atol=1e-4)
    assert places["shared"] is True


def test_losses_are_those_of_a_covered_image(written: Written) -> None:
    known = of(Flatten())
    drawing = drawn(known, written)
    places: Any = written.values["places-it"]
    network = known.trained.network
    count = len(network.logits(known.dataset.test.pixels[:1])[0])
    lost = written.floats(places["lost"]).reshape(-1, places["rows"], places["columns"], count)
    cover = drawing.config["cover"]
    assert isinstance(cover, int)
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    image = known.dataset.test.images[first].astype(np.float32) / 255
    covered = image.copy()
    covered[:cover, :cover] = np.rint(known.dataset.train.images.mean()) / 255
    both = network.logits(np.stack([image, covered]).reshape(2, -1))
    np.testing.assert_allclose(lost[0, 0, 0], both[0] - both[1], atol=1e-3)


def test_a_dense_network_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="evidence_map cannot show the network"):
        drawn(grey, written)
