"""Training in the page: it learns, forgets when asked to, and survives data that do not come."""

import math

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Watch, until

pytestmark = pytest.mark.browser

FIGURE = "document.querySelector('nv-train-it-yourself')"


def shown(page: Page) -> Locator:
    figure = page.locator("nv-train-it-yourself")
    figure.scroll_into_view_if_needed()
    figure.get_by_role("button", name="Train").wait_for()
    return figure


def test_held_out_images_are_read_far_better_than_by_guessing(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    figure = shown(page)
    figure.get_by_role("button", name="Train").click()
    until(page, f"({FIGURE}.course?.length || 0) > 12", seconds=30)
    figure.get_by_role("button", name="Pause").click()
    course, losses = page.evaluate(f"[{FIGURE}.course, {FIGURE}.losses]")
    classes = page.evaluate(f"{FIGURE}.config.classes.length")
    assert losses[0] == pytest.approx(math.log(classes))  # weights of nothing guess evenly
    assert losses[-1] < losses[0] / 2
    assert course[-1] > 0.7
    expect(figure.locator(".said")).to_contain_text(f"{course[-1]:.1%} of")
    figure.get_by_role("button", name="Start again").click()
    expect(figure.locator(".said")).to_contain_text("not learnt anything")
    assert page.evaluate(f"{FIGURE}.weights.every((weight) => weight === 0)")


def test_decay_keeps_the_weights_small(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    figure = shown(page)
    largest = []
    for decay in ("none", "0.1"):
        figure.get_by_label("Weight decay").select_option(label=decay)
        figure.get_by_role("button", name="Train").click()
        until(page, f"({FIGURE}.course?.length || 0) > 8", seconds=30)
        largest.append(page.evaluate(f"Math.max(...{FIGURE}.weights.map(Math.abs))"))
        figure.get_by_role("button", name="Start again").click()
    assert largest[1] < 0.9 * largest[0]


def test_data_that_do_not_come_can_be_asked_for_again(
    site_from_server: str, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(site_from_server)
    figure = shown(page)
    refuse = lambda route: route.abort()  # noqa: E731 - the same to route and unroute
    page.route("**/data/held-out-*", refuse)
    train = figure.get_by_role("button", name="Train")
    train.click()
    expect(figure.locator(".said")).to_contain_text("could not be loaded")
    expect(train).to_be_enabled()
    watch.faults.clear()  # the browser tells of the refusal in the console
    page.unroute("**/data/held-out-*", refuse)
    train.click()
    until(page, f"({FIGURE}.course?.length || 0) > 1", seconds=30)
