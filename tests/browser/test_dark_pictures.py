"""Pictures on a dark page: small numbers by sign are seen, and all else is as on a light one."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.browser.colours import contrast
from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.walk import show_pictures

pytestmark = pytest.mark.browser

# A tile with one pixel a number: by sign at 0.3 of the limit, or black and grey.
TILE = """([kind, values]) => {
  const tile = netviz.tile("", "tried");
  document.querySelector("nv-hero").append(tile);
  tile.id = kind;
  netviz.paint(tile.firstChild, values, { width: values.length, height: 1, kind, limit: 1 });
  tile.scrollIntoView({ block: "center", behavior: "instant" });
}"""
SMALL = 0.3


def pixels(page: Page, selector: str) -> NDArray[np.float64]:
    """Return a row of the pixels of an element as shown, (width, 3) in 0..1."""
    with Image.open(io.BytesIO(page.locator(selector).first.screenshot())) as image:
        array = np.asarray(image.convert("RGB"), np.float64) / 255
    row: NDArray[np.float64] = array[len(array) // 2]
    return row


def painted(page: Page, kind: str, values: list[float]) -> NDArray[np.float64]:
    """Return the colours that numbers are painted in, (numbers, 3)."""
    page.evaluate(TILE, [kind, values])
    row = pixels(page, f"#{kind}")
    return row[(np.arange(len(values)) * 2 + 1) * len(row) // (2 * len(values))]


def test_small_numbers_are_seen_better_than_by_their_opacity_alone(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(dark=True))
    zero, *lifted = painted(page, "signed", [0.0, SMALL, -SMALL])
    page.evaluate("document.body.className = ''")
    plain = pixels(page, "#signed")
    places = [len(plain) // 2, 5 * len(plain) // 6]
    for one, place in zip(lifted, places, strict=True):
        assert contrast(one, zero) > 1.2 * contrast(plain[place], zero)


def test_grey_pictures_are_the_same_on_a_dark_page(
    site_from_disk: str, open_page: OpenPage
) -> None:
    rows = []
    for dark in (False, True):
        page = open_page(site_from_disk, Reader(dark=dark))
        rows.append(painted(page, "image", [0.0, 0.2, 0.5, 1.0]))
    assert (rows[0] == rows[1]).all()


def test_the_ramp_of_a_legend_is_lifted_as_the_pictures_are(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(dark=True))
    small = painted(page, "signed", [-SMALL])[0]
    ramp = pixels(page, ".nv-ramp-signed")
    place = (1 - SMALL) / 2 * (len(ramp) - 2) + 1  # within a border of one pixel
    assert np.abs(ramp[round(place)] - small).max() < 0.03


def test_a_page_whose_template_has_no_filter_asks_for_none(
    site_from_disk: str, open_page: OpenPage
) -> None:
    """Firefox would show no picture."""
    page = open_page(site_from_disk, Reader(dark=True))
    asked = "getComputedStyle(document.querySelector('.nv-tile img')).filter"
    assert page.evaluate(asked) != "none"
    page.evaluate("document.body.className = ''")
    assert page.evaluate(asked) == "none"


def test_the_first_pictures_are_lifted_before_the_page_has_arrived(
    site_from_disk: str, built_site: Path, open_page: OpenPage
) -> None:
    """On a slow link the rest comes late: the filter must not be in it."""
    page = open_page(site_from_disk, Reader(dark=True))
    show_pictures(page)
    whole = pixels(page, ".templates img")
    arrived, end, _ = (built_site / "index.html").read_text().partition("</figure>")
    cut = {"body": arrived + end, "content_type": "text/html"}
    page.route("**/index.html", lambda route: route.fulfill(**cut))
    page.reload()
    assert page.locator("figure").count() == 1
    show_pictures(page)
    assert (pixels(page, ".templates img") == whole).all()
