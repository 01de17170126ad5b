"""Convolutional networks in a real browser: the page computes what numpy computes."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from netviz.figures.parts.shipped import network_data
from netviz.network.layers import Convolution, Dense, Flatten
from netviz.network.network import ImageShape, Network
from netviz.network.rounding import rounded
from netviz.network.storage import load
from tests.browser.conftest import PROJECT, OpenPage, until
from tests.essays import build
from tests.network.test_fast_forward import DIGITS, OTHERS, PHOTOGRAPHS, trained
from tests.pipeline.test_imported import HALVES, LABELS, TEXT
from tests.pipeline.test_shapes import SETTINGS

pytestmark = pytest.mark.browser

SCRIPT = (PROJECT / "templates" / "js" / "layers" / "maps.js").read_text(encoding="utf-8")
ANSWER = """([data, images]) => {
  const network = new netviz.Network(JSON.parse(data));
  return images.map((image) => Array.from(network.logits(Float32Array.from(image))));
}"""
IMAGES = 20


def in_page(
    open_page: OpenPage, address: str, network: Network, images: Sequence[object]
) -> object:
    page = open_page(address)
    page.evaluate(SCRIPT)
    return page.evaluate(ANSWER, [json.dumps(network_data(network)), images])


@pytest.mark.parametrize("round_weights", [False, True], ids=["floats", "bytes"])
@pytest.mark.parametrize(
    ("texts", "image_shape"),
    [(PHOTOGRAPHS, (32, 32, 3)), (DIGITS, (28, 28, 1)), (OTHERS, (11, 9, 2))],
    ids=["photographs", "digits", "others"],
)
def test_the_page_computes_the_logits_that_numpy_does(
    site_from_disk: str,
    open_page: OpenPage,
    texts: list[str],
    image_shape: ImageShape,
    round_weights: bool,
) -> None:
    """From the same weights, rounded or not: to 1e-4 of the largest, and the same class first."""
    network = trained(texts, image_shape)
    if round_weights:
        network = rounded(network)
    images = np.random.default_rng(2).random((IMAGES, network.inputs)).astype(np.float32)
    found = np.array(in_page(open_page, site_from_disk, network, images.tolist()))
    by_numpy = network.logits(images)
    assert np.abs(found - by_numpy).max() < 1e-4 * max(1, np.abs(by_numpy).max())
    assert np.array_equal(found.argmax(axis=1), by_numpy.argmax(axis=1))


def test_padding_and_filters_of_any_shape_are_computed(
    site_from_disk: str, open_page: OpenPage
) -> None:
    """More rows than columns, zeros on some sides, a number of filters that no group divides."""
    rng = np.random.default_rng(3)
    layer = Convolution(
        rng.normal(0, 1, (3, 2, 2, 7)).astype(np.float32),
        rng.normal(0, 1, 7).astype(np.float32),
        stride=2,
        padding=(0, 2, 1, 3),
    )
    rows, columns, units = layer.output_shape((9, 6, 2))
    dense = Dense(
        rng.normal(0, 1, (rows * columns * units, 4)).astype(np.float32), np.zeros(4, np.float32)
    )
    network = Network((9, 6, 2), (layer, Flatten(), dense))
    images = rng.random((IMAGES, 108)).astype(np.float32)
    found = np.array(in_page(open_page, site_from_disk, network, images.tolist()))
    assert np.abs(found - network.logits(images)).max() < 1e-4


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose one network is convolutional, trained on images of 8 by 8 pixels."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "essay").mkdir()
    file = folder / "essay" / "stripes.npz"
    np.savez(file, x_train=HALVES, y_train=LABELS, x_test=HALVES, y_test=LABELS)
    (folder / "essay" / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    call = '{{ figure("feature_maps", network="theirs") }}\n'
    (folder / "essay" / "index.md").write_text(TEXT + call, encoding="utf-8")
    built = build(folder / "essay")
    assert built.returncode == 0, built.stderr
    return folder / "build" / "site"


@pytest.mark.quick
def test_a_page_with_a_convolutional_network_loads_its_layers_and_runs_it(
    own_site: Path, open_page: OpenPage
) -> None:
    """The network of the page, from bytes, is the one that was measured and is offered to keep."""
    page = open_page((own_site / "index.html").as_uri())
    page.locator("nv-feature-maps").scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-feature-maps').outputs !== undefined")
    pixels, logits, kinds = page.evaluate(
        """() => { const { network, images } = document.querySelector("nv-feature-maps");
        const all = Array.from({ length: images.count }, (_, i) => images.image(i));
        return [all.map((one) => Array.from(one)),
          all.map((one) => Array.from(network.logits(one))),
          network.layers.map((layer) => layer.kind)]; }"""
    )
    network = load(next(own_site.rglob("*.npz")))
    assert kinds == [layer.kind for layer in network.layers]
    assert "scale_shift" in kinds
    by_numpy = network.logits(np.array(pixels, np.float32))
    assert np.abs(np.array(logits) - by_numpy).max() < 1e-4
    assert np.array_equal(np.argmax(logits, axis=1), by_numpy.argmax(axis=1))


def test_a_page_of_dense_networks_does_not_load_the_layers_of_others(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    assert page.evaluate("'convolution' in netviz.layers") is False
