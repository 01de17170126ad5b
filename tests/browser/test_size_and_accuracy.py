"""Weights against accuracy, read by hand: a network says its numbers and shows its own filters."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

SHOWN = """figure => [...figure.querySelectorAll('.network')].filter(
  (one) => getComputedStyle(one).visibility === 'visible').map((one) => one.dataset.of)"""
NAMES = "figure => [...figure.querySelectorAll('.mark')].map((one) => one.dataset.name)"


def awake(page: Page) -> Locator:
    figure = page.locator("nv-size-and-accuracy")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".mark[tabindex='0']").first).to_be_attached()
    return figure


@pytest.fixture
def chapter(site_from_disk: str) -> str:
    return site_from_disk.replace("index.html", "convolution.html")


def test_keys_go_from_network_to_network_by_their_weights(
    open_page: OpenPage, chapter: str
) -> None:
    page = open_page(chapter)
    figure = awake(page)
    digits = figure.locator(".chart").first
    digits.locator(".mark[tabindex='0']").focus()
    for name in figure.evaluate(NAMES)[: digits.locator(".mark").count()]:
        mark = digits.locator(f".mark[data-name='{name}']")
        expect(mark).to_be_focused()
        expect(page.locator("#nv-tip")).to_have_text(mark.get_attribute("data-tip") or "")
        first, _ = figure.evaluate(SHOWN)
        assert first == name
        page.keyboard.press("ArrowRight")


def test_a_finger_on_one_chart_leaves_the_other_as_it_is(open_page: OpenPage, chapter: str) -> None:
    figure = awake(open_page(chapter, Reader(width=360, touch=True)))
    _, photographs = figure.evaluate(SHOWN)
    figure.locator(".mark[data-name='mnist-dense'] circle").tap()
    assert figure.evaluate(SHOWN) == ["mnist-dense", photographs]


def test_an_address_shows_a_network(open_page: OpenPage, chapter: str) -> None:
    figure = awake(open_page(f"{chapter}#fig-size?network=cifar-2layer"))
    expect(figure.locator(".network[data-of='cifar-2layer']")).to_be_visible()


def test_without_script_each_chart_shows_its_best_network(
    open_page: OpenPage, chapter: str
) -> None:
    figure = open_page(chapter, Reader(script=False)).locator("nv-size-and-accuracy")
    assert figure.locator(".network[data-shown]").count() == figure.locator(".chart").count()
    assert figure.evaluate(SHOWN) == [
        one.get_attribute("data-of") for one in figure.locator(".network[data-shown]").all()
    ]
