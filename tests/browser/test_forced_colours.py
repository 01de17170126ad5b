"""Forced colours: marks stand out from the reader's own ground, and what is chosen stays marked."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.test_contrast import DECORATION, EDGES, GROUNDS, MARKS, faint
from tests.browser.walk import wake_all

pytestmark = pytest.mark.browser


@pytest.fixture(
    params=[
        pytest.param("light", marks=pytest.mark.torture),
        pytest.param("dark", marks=pytest.mark.torture),
        "dark-against-choice",
    ]
)
def page(request: pytest.FixtureRequest, site_from_disk: str, open_page: OpenPage) -> Page:
    """A page on white or black, of which the reader may once have chosen the other theme."""
    dark = request.param != "light"
    page = open_page(site_from_disk, Reader(dark=dark, forced_colours=True))
    if request.param == "dark-against-choice":
        page.evaluate("document.documentElement.dataset.theme = 'light'")
    wake_all(page)
    page.evaluate(GROUNDS)
    return page


def test_marks_of_charts_stand_out(page: Page) -> None:
    assert faint(page.evaluate(MARKS, ", ".join(DECORATION))) == {}
    assert faint(page.evaluate(EDGES)) == {}


def test_a_pressed_button_and_the_chosen_cell_differ_from_the_others(page: Page) -> None:
    looks = page.evaluate(
        """() => {
          const ground = (one) => getComputedStyle(one).backgroundColor;
          const ring = (one) => getComputedStyle(one).outlineStyle;
          const group = document.querySelector(".nv-choice");
          const cells = document.querySelector("nv-confusion-matrix .matrix");
          return [ground(group.querySelector("[aria-pressed=true]")),
            ground(group.querySelector("[aria-pressed=false]")),
            ring(cells.querySelector(".cell[data-current]")),
            ring(cells.querySelector(".cell:not([data-current])"))];
        }"""
    )
    assert looks[0] != looks[1]
    assert looks[2] != looks[3]


def test_negative_lines_are_dashed(page: Page) -> None:
    dashes = page.evaluate(
        """() => ["positive", "negative"].map((sign) => getComputedStyle(
          document.querySelector(`nv-network-diagram .wide .${sign}`)).strokeDasharray)"""
    )
    assert dashes[0] == "none" != dashes[1]
