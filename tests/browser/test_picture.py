"""A figure saved as a picture: all that it shows, as it is set; where that fails, it says so."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page

from netviz.publishing.single import single_page
from netviz.publishing.writer import published
from tests.browser.conftest import OpenPage, Watch, until
from tests.browser.questions import question
from tests.browser.readers import READERS

pytestmark = pytest.mark.browser

MARGIN, SCALE = 24, 2  # as in js/late/picture.js
LIFT = 0.6  # the exponent of opacity on a dark page, as in base.html
OPENED = "document.querySelector('#fig-weights nv-weights').size !== undefined"
# Of a canvas: where its middle is in the figure, and the colour that it has there.
MIDDLES = """(figure) => [...figure.querySelectorAll("canvas")].map((canvas) => {
  const [box, own] = [figure.getBoundingClientRect(), canvas.getBoundingClientRect()];
  const column = Math.floor(canvas.width / 2), row = Math.floor(canvas.height / 2);
  const pixel = [...canvas.getContext("2d").getImageData(column, row, 1, 1).data];
  const x = own.left - box.left + own.width * (column + 0.5) / canvas.width;
  const y = own.top - box.top + own.height * (row + 0.5) / canvas.height;
  return [x, y, ...pixel];
})"""

PART = "**/assets/picture.*.js"
SAID = """[...document.querySelectorAll("#fig-weights .nv-picture:not([disabled])")]
  .some((button) => button.parentElement.querySelector("[aria-live]")?.textContent)"""


def menu(page: Page, name: str, kind: str = "picture") -> Locator:
    """Open the menu of a figure; return the button that saves its picture, or its "drawing"."""
    figure = page.locator(f"#{name}")
    figure.scroll_into_view_if_needed()
    figure.locator(".nv-offer summary").click()
    return figure.locator(f".nv-picture{'[value]' if kind == 'drawing' else ':not([value])'}")


def saved(page: Page, name: str) -> tuple[str, NDArray[np.uint8]]:
    """Save a figure; return the name of the file and its pixels."""
    with page.expect_download() as download:
        menu(page, name).click()
    content = Path(download.value.path()).read_bytes()
    with Image.open(io.BytesIO(content)) as picture:
        return download.value.suggested_filename, np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", ["desk", "phone-dark"])
def test_the_picture_shows_the_figure_twice_as_large_as_it_is_set(
    site_from_server: str, open_page: OpenPage, name: str
) -> None:
    page = open_page(site_from_server, READERS[name])
    figure = page.locator("#fig-weights")
    figure.scroll_into_view_if_needed()
    until(page, OPENED)
    figure.get_by_role("button", name="by sign").click()
    file, pixels = saved(page, "fig-weights")
    assert file == "fig-weights.png"
    width = page.evaluate("document.querySelector('#fig-weights').getBoundingClientRect().width")
    assert pixels.shape[1] == SCALE * (np.ceil(width) + 2 * MARGIN)
    paper = pixels[0, 0].astype(int)
    assert (paper < 60).all() == READERS[name].dark
    # Above the pictures the page shows a bar of controls, which is not in the picture.
    page.evaluate("document.querySelector('#fig-weights').classList.add('nv-taken')")
    middles = figure.evaluate(MIDDLES)
    assert len(middles) == 10
    for x, y, *colour, alpha in middles:
        found = pixels[int(SCALE * (y + MARGIN)), int(SCALE * (x + MARGIN))]
        opacity = (alpha / 255) ** (LIFT if READERS[name].dark else 1)
        expected = opacity * np.array(colour) + (1 - opacity) * paper
        np.testing.assert_allclose(found, expected, atol=4)


def test_pictures_of_a_sheet_and_the_credit_are_in_it_too(
    site_from_server: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_server)
    page.locator("#fig-weights").scroll_into_view_if_needed()
    until(page, OPENED)
    _, pixels = saved(page, "fig-weights")
    page.evaluate("document.querySelector('#fig-weights').classList.add('nv-taken')")
    (left, top, side), bottom = page.evaluate(
        """() => {
        const figure = document.querySelector("#fig-weights"), box = figure.getBoundingClientRect();
        const own = figure.querySelectorAll(".average .nv-tile")[9].getBoundingClientRect();
        return [[own.left - box.left, own.top - box.top, own.width], box.height]; }"""
    )
    rows = slice(int(SCALE * (top + MARGIN)), int(SCALE * (top + MARGIN + side)))
    columns = slice(int(SCALE * (left + MARGIN)), int(SCALE * (left + MARGIN + side)))
    tile = pixels[rows, columns].astype(int)
    assert tile[4, 4].max() < 30  # an average image is black at its rim
    assert tile.max() > 120  # and light where the strokes are
    credit = pixels[int(SCALE * (bottom + MARGIN)) : -SCALE * MARGIN]
    assert credit.min() < 160


def test_a_page_from_the_disk_says_why_there_is_no_picture(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    button = menu(page, "fig-weights")
    button.click()
    note = page.locator("#fig-weights .nv-offer [aria-live]")
    until(page, SAID)
    assert "may not read its own pictures" in note.inner_text()
    assert button.is_enabled()


def test_what_makes_it_is_loaded_by_the_first_click_alone(
    site_from_server: str, open_page: OpenPage
) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_from_server)
    button = menu(page, "fig-weights")
    until(page, OPENED)
    assert not [url for url in asked if "/assets/picture." in url]
    for _ in range(2):
        with page.expect_download():
            button.click()
        until(page, SAID)
    assert len([url for url in asked if "/assets/picture." in url]) == 1


def test_where_that_cannot_be_loaded_it_says_so_and_a_second_click_tries_again(
    site_from_server: str, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(f"{site_from_server}index.es.html")
    button = menu(page, "fig-weights")
    until(page, OPENED)
    page.route(PART, lambda route: route.abort("internetdisconnected"))
    button.click()
    until(page, SAID)
    note = page.locator("#fig-weights .nv-offer [aria-live]")
    assert note.inner_text().strip() == (
        "No se pudo cargar el programa que lo hace. Inténtelo otra vez."
    )
    page.unroute(PART)
    with page.expect_download():
        button.click()
    until(page, SAID)
    assert note.inner_text().strip() == "Guardado como fig-weights.png."
    watch.faults = [one for one in watch.faults if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_picture_that_is_missing_is_said_to_be(
    site_from_server: str, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(site_from_server)
    button = menu(page, "fig-weights")
    until(page, OPENED)
    page.evaluate("document.querySelector('#fig-weights .average img').src = 'no.webp'")
    button.click()
    until(page, SAID)
    note = page.locator("#fig-weights .nv-offer [aria-live]")
    assert "could not be loaded" in note.inner_text()
    watch.faults = [one for one in watch.faults if "no.webp" not in one]


def test_one_file_from_the_disk_gives_the_picture(
    built_site: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    file = tmp_path / "index.html"
    file.write_bytes(single_page("index.html", published(built_site)).html)
    page = open_page(file.as_uri())
    page.locator("#fig-weights").scroll_into_view_if_needed()
    until(page, OPENED)
    _, pixels = saved(page, "fig-weights")
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100


# --- a drawing as SVG ------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"
ACCENT, INK = [74, 63, 181, 255], [27, 28, 31, 255]  # of the light page; one mark hides another
DRAWN = ["fig-network", "fig-reliability", "fig-others-sure", "fig-width", "fig-space"]
# All that the drawings of a figure write, as its reader sees them.
WRITTEN = """(figure) => [...figure.querySelectorAll("svg text")]
  .filter((one) => one.getClientRects().length).map((one) => one.textContent)"""


def drawn(page: Page, name: str) -> Path:
    """Save the drawing of a figure; return its file."""
    with page.expect_download() as download:
        menu(page, name, "drawing").click()
    assert download.value.suggested_filename == f"{name}.svg"
    return Path(download.value.path())


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_an_svg_that_needs_nothing_else(
    site_from_disk: str, open_page: OpenPage, name: str
) -> None:
    page = open_page(site_from_disk)
    file = drawn(page, name)
    whole = ET.fromstring(file.read_text("utf-8"))  # noqa: S314 - our own
    elements = list(whole.iter())
    figure = page.locator(f"#{name}")
    assert whole.findtext(f"{SVG}title") == figure.locator(".nv-finding").text_content()
    allowed = {"svg", "g", "path", "rect", "circle", "text", "tspan", "line", "title", "desc"}
    allowed |= {"linearGradient", "stop"}
    assert {one.tag.removeprefix(SVG) for one in elements} <= allowed
    written = " ".join(value for one in elements for value in (*one.keys(), *one.attrib.values()))
    assert not re.search(r"\b(?:on\w+|class|data-\w+|tabindex)\b|var\(|color\(|https?:", written)
    texts = ["".join(one.itertext()) for one in whole.iter(f"{SVG}text")]
    for text in (*figure.evaluate(WRITTEN), *figure.locator("p.heading").all_inner_texts()):
        assert " ".join(text.split()) in " ".join(" ".join(texts).split())


def test_a_drawing_shows_what_the_page_shows_in_its_light_colours(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, READERS["phone-dark"])
    marks = page.evaluate(question("drawnMarks"))
    assert all(mark in (ACCENT, INK) for mark in marks), marks
    assert marks.count(ACCENT) > 10
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_a_figure_of_pictures_has_no_drawing(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    with_drawing = page.evaluate(
        """[...document.querySelectorAll(".nv-picture[value]")]
        .map((one) => one.closest("figure").id)"""
    )
    assert set(DRAWN) <= set(with_drawing)
    assert not {"fig-weights", "fig-confusion", "fig-neuron"} & set(with_drawing)
