"""The page on paper: figures whole, no controls, dark ink whatever the screen, all pictures."""

import pytest
from playwright.sync_api import Page

from tests.browser.colours import contrast, parsed
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

# What A4 leaves between margins of one centimetre, in CSS pixels of 1/96 inch; Letter is lower.
PAPER_WIDTH = 718
PAPER_HEIGHT = 980
LOADED = """() => [...document.querySelectorAll("main img")]
  .filter((one) => one.checkVisibility()).every((one) => one.complete && one.naturalWidth)"""


@pytest.fixture(
    params=[pytest.param(False, marks=pytest.mark.torture), True], ids=["from-light", "from-dark"]
)
def page(request: pytest.FixtureRequest, site_from_disk: str, open_page: OpenPage) -> Page:
    """The page as it is laid out for paper, as soon as someone asks for it to be printed."""
    page = open_page(site_from_disk, Reader(width=PAPER_WIDTH, dark=request.param))
    page.evaluate(
        "dark => { if (dark) document.documentElement.dataset.theme = 'dark'; }", request.param
    )
    page.pdf()  # which tells the page as a browser's own print does
    page.emulate_media(media="print")
    return page


@pytest.mark.torture
def test_every_late_picture_is_there(page: Page) -> None:
    until(page, LOADED, seconds=60)


def test_no_control_is_printed_and_no_figure_is_cut(page: Page) -> None:
    until(page, LOADED, seconds=60)
    assert (
        page.locator(":is(button, select, input, .nv-controls, .nv-toc, .nv-tip):visible").count()
        == 0
    )
    cut = page.evaluate(
        """([width, height]) => [...document.querySelectorAll(".nv-figure")].filter((figure) => {
          const box = figure.getBoundingClientRect();
          return box.height > height || getComputedStyle(figure).breakInside !== "avoid"
            || [...figure.querySelectorAll("*")].some((one) => one.checkVisibility()
              && !one.closest(".nv-tile, .nv-finding, .nv-hidden")
              && one.getBoundingClientRect().right > width + 1);
        }).map((figure) => `${figure.id} ${figure.getBoundingClientRect().height}`)""",
        [PAPER_WIDTH, PAPER_HEIGHT],
    )
    assert cut == []


def test_ink_is_dark_on_white_paper(page: Page) -> None:
    colours = page.evaluate(
        """() => ["body", "main p", "figcaption", "svg text", "main a", ".right", ".wrong"]
          .map((selector) => document.querySelector(`.nv-essay ${selector}, ${selector}`))
          .map((one) => getComputedStyle(one)[one.localName === "text" ? "fill" : "color"])"""
    )
    assert all(contrast(parsed(colour)[:3], (1, 1, 1)) >= 4.5 for colour in colours), colours
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert parsed(ground)[:3] == (1, 1, 1)


@pytest.mark.torture
def test_a_link_to_elsewhere_says_where_it_leads(page: Page) -> None:
    link = page.locator("main a[href^='http']").first
    shown = link.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert link.get_attribute("href") in shown
