"""The figure of pools in a browser: it computes what numpy does, by slider, pointer and table."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from netviz.analysis.moving import moved_left
from netviz.analysis.pooling import after_pool, fitted, grid_of, pools
from netviz.network.storage import load
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import Reader
from tests.essays import build
from tests.pipeline.test_imported import HALVES, LABELS, TEXT
from tests.pipeline.test_shapes import SETTINGS

pytestmark = pytest.mark.browser

FITS = """([image, filter]) => {
  const figure = document.querySelector("nv-pooling");
  figure.filter = filter;
  figure.pick(image);
  return {
    image: Array.from(figure.images.image(image), (one) => Math.round(255 * one)),
    fits: figure.fits.map((fit) => ({ ...fit, differences: [...fit.differences] })),
  };
}"""
SHARES = "figure => [...figure.querySelectorAll('.shares b')].map((one) => one.textContent)"
CURRENT = (
    "figure => [...figure.querySelectorAll('thead [data-current]')].map((one) => one.textContent)"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the figure, of a convolution with a border, on images of 16 by 16 pixels."""
    folder = tmp_path_factory.mktemp("pooled")
    essay = folder / "essay"
    essay.mkdir()
    large = HALVES.repeat(2, axis=1).repeat(2, axis=2)
    np.savez(essay / "stripes.npz", x_train=large, y_train=LABELS, x_test=large, y_test=LABELS)
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    call = '{{ figure("pooling", network="theirs", id="fig-pooling") }}\n'
    (essay / "index.md").write_text(TEXT + call, encoding="utf-8")
    built = build(essay)
    assert built.returncode == 0, built.stderr
    return folder / "build" / "site"


def awake(page: Page) -> Locator:
    figure = page.locator("nv-pooling")
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-pooling').fits !== undefined")
    return figure


def test_what_changes_is_what_numpy_finds_and_nothing_by_whole_cells(
    site: Path, open_page: OpenPage
) -> None:
    page = open_page((site / "index.html").as_uri())
    awake(page)
    network = load(next(site.rglob("*.npz")))
    depth = after_pool(network, pools(network)[0])
    grid = grid_of(network, depth)
    rows, columns, units = network.shapes[depth + 1]
    some_change = 0.0
    for image, unit in product(range(3), range(units)):
        found: Any = page.evaluate(FITS, [image, unit])
        pixels = np.array(found["image"], np.uint8).reshape(1, *network.image_shape)
        places = np.concatenate([moved_left(pixels, k) for k in range(5)])
        maps = network.outputs(places.reshape(5, -1) / np.float32(255))[depth][..., [unit]]
        for k, fit in enumerate(found["fits"]):
            expected = fitted(maps[:1], maps[k : k + 1], k, grid)
            differences = np.zeros((rows, columns))
            differences[grid.rows, expected.columns] = expected.differences[0, :, :, 0]
            shown = np.array(fit["differences"]).reshape(rows, columns)
            np.testing.assert_allclose(shown, differences, atol=1e-5)
            assert fit["cells"] in (k // grid.step, -(-k // grid.step))
            if not np.isnan(expected.share):
                assert fit["share"] == pytest.approx(expected.share, abs=1e-4)
            if k % grid.step == 0:
                assert not shown.any()
            some_change = max(some_change, float(np.abs(shown).max()))
    assert some_change > 0.01


def test_it_opens_as_it_was_built_and_goes_by_keys_pointer_and_table(
    site: Path, open_page: OpenPage
) -> None:
    page = open_page((site / "index.html").as_uri(), Reader(width=360))
    built = page.locator("nv-pooling").evaluate(SHARES)
    figure = awake(page)
    assert figure.evaluate(SHARES) == built
    slider = figure.locator("input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    assert figure.evaluate(CURRENT) == ["1 px"]
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2 px"
    expect(figure.locator(".reading")).to_contain_text("image moved by 2 px")
    assert page.url.endswith("#fig-pooling?left=2")
    figure.locator(".changes td").nth(3).click()
    assert figure.evaluate(CURRENT) == ["3 px"]
    canvas = figure.locator(".panels .image canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    x, y, pixel = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 16
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3 * pixel, y, steps=4)
    assert figure.evaluate(CURRENT) == ["0 px"]
    page.mouse.move(x - 9 * pixel, y, steps=4)  # no farther than the table goes
    page.mouse.up()
    assert figure.evaluate(CURRENT) == ["4 px"]
    page.mouse.move(x, y)  # without the button down nothing moves
    assert figure.evaluate(CURRENT) == ["4 px"]


def test_a_link_sets_image_filter_and_distance(site: Path, open_page: OpenPage) -> None:
    state = "#fig-pooling?image=3&filter=2&left=1"
    page = open_page((site / "index.html").as_uri() + state)
    figure = awake(page)
    until(page, "document.querySelector('nv-pooling').at === 1")
    assert figure.locator("select").input_value() == "1"
    expect(figure.locator(".which")).to_contain_text("filter 2")
    assert figure.locator(".nv-shelf [data-current]").get_attribute("aria-label") == (
        figure.locator(".nv-shelf button").nth(2).get_attribute("aria-label")
    )


def test_without_script_the_table_is_whole_and_nothing_keeps_room_for_what_never_comes(
    site: Path, open_page: OpenPage
) -> None:
    page = open_page((site / "index.html").as_uri(), Reader(width=360, script=False))
    figure = page.locator("nv-pooling")
    figure.scroll_into_view_if_needed()
    assert figure.locator("table img").count() == 3 * 5
    for part in figure.locator(".nv-js").all():
        assert part.bounding_box() is None
