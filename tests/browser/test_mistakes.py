"""Browsing the mistakes: no key leads out of the figure, and what cannot be loaded is said."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Watch

pytestmark = pytest.mark.browser


def figure_on(page: Page) -> Locator:
    figure = page.locator("nv-mistakes").first
    figure.scroll_into_view_if_needed()
    return figure


def test_at_the_last_page_the_focus_stays_on_the_controls(
    site_from_disk: str, open_page: OpenPage
) -> None:
    figure = figure_on(open_page(site_from_disk))
    figure.get_by_role("button", name="Browse").press("Enter")
    expect(figure.locator(".said")).to_contain_text("1 to 24 of")
    further = figure.get_by_role("button", name="Next")
    for _ in range(50):
        further.press("Enter")
        if further.is_disabled():
            break
    expect(further).to_be_disabled()
    expect(figure.get_by_role("button", name="Earlier")).to_be_focused()


@pytest.mark.parametrize("refused", ["**/data/mistakes-*", "**/pictures/mistakes-mistakes-*"])
def test_what_cannot_be_loaded_is_said_and_can_be_asked_for_again(
    site_from_server: str, open_page: OpenPage, watch: Watch, refused: str
) -> None:
    page = open_page(site_from_server)
    page.route(refused, lambda route: route.abort())
    figure = figure_on(page)
    browse = figure.get_by_role("button", name="Browse")
    browse.click()
    expect(figure.locator(".said")).to_contain_text("could not be loaded")
    page.unroute(refused)
    watch.faults.clear()  # the browser tells of the refusal in the console
    if browse.count():
        browse.click()
    else:
        figure.get_by_label("Really").select_option("1")
    expect(figure.locator(".all canvas").first).to_be_visible()
