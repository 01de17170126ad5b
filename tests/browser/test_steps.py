"""A figure that its text drives: each paragraph that comes by sets it; without motion none does."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

TO_STEP = """(k) => {
  const step = document.querySelectorAll(".nv-steps > p")[k];
  const { top } = step.getBoundingClientRect();
  const line = innerHeight * (innerWidth < 960 ? 0.75 : 0.5);
  scrollTo({ top: scrollY + top - line, behavior: "instant" });
}"""
BOX = "(selector) => document.querySelector(selector).getBoundingClientRect().toJSON()"


def when(page: Page) -> str:
    return page.locator("nv-training-film .when").last.text_content() or ""


@pytest.mark.parametrize("width", [1280, 360])
def test_each_paragraph_shows_its_state_while_the_figure_stays_in_view(
    open_page: OpenPage, site_from_disk: str, width: int
) -> None:
    page = open_page(site_from_disk, Reader(width=width))
    for k, step in ((1, "step 1:"), (0, "step 0:"), (1, "step 1:")):
        page.evaluate(TO_STEP, k)
        expect(page.locator("nv-training-film .when").last).to_contain_text(step)
        expect(page.locator(".nv-steps > [data-current]")).to_have_count(1)
    tiles = page.evaluate(BOX, "nv-training-film .screen")
    assert 0 <= tiles["top"] < tiles["bottom"] <= page.viewport_size["height"]  # type: ignore[index]  # it has one
    paragraph = page.evaluate(BOX, ".nv-steps > [data-current]")
    assert paragraph["left"] >= tiles["right"] or paragraph["top"] >= tiles["bottom"]


def test_without_motion_the_stills_stand_above_the_text_and_links_set_the_figure(
    open_page: OpenPage, site_from_disk: str
) -> None:
    page = open_page(site_from_disk, Reader(still=True))
    expect(page.locator(".nv-steps.driven")).to_have_count(0)
    page.locator("nv-training-film").scroll_into_view_if_needed()
    expect(page.locator("nv-training-film .when").last).to_contain_text("step 0:")  # it is awake
    assert page.locator("nv-training-film .row:visible").count() > 2
    page.evaluate(TO_STEP, 1)
    assert when(page).startswith("step 0:")
    page.locator(".nv-steps > p a").nth(1).click()
    expect(page.locator("nv-training-film .when").last).to_contain_text("step 1:")
