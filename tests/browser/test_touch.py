"""A finger: it hits every control, and misses nothing that a mouse would find by hovering."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS, Reader
from tests.browser.walk import alone, figure_ids, wake_all

pytestmark = pytest.mark.browser

PRIMARY = 44  # CSS pixels, WCAG 2.2, 2.5.5 (AAA); what is smaller is held to 24 by axe


def test_buttons_and_lists_are_as_high_as_a_finger_is_wide(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, READERS["phone"])
    wake_all(page)
    low = page.evaluate(
        """(least) => [...document.querySelectorAll(".nv-button, .nv-choice button, .nv-select")]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
          .map((one) => `${one.textContent} ${one.getBoundingClientRect().height}`)""",
        PRIMARY,
    )
    assert low == []


@pytest.mark.torture
def test_a_tap_works_every_button(site_from_server: str, open_page: OpenPage) -> None:
    page = open_page(site_from_server, READERS["phone"])
    idle = []
    for figure_id in figure_ids(page):
        page.goto(site_from_server)
        figure = alone(page, figure_id)
        for button in figure.locator("button:not([tabindex='-1']):visible").all()[:8]:
            if not button.count() or not button.is_enabled():
                continue
            told = button.inner_text()
            pressed = button.get_attribute("aria-pressed") == "true"
            before = figure.evaluate("(one) => one.outerHTML")
            button.tap()
            page.wait_for_timeout(200)
            if figure.evaluate("(one) => one.outerHTML") == before and not pressed:
                idle.append(f"{figure_id}: {told}")
    # There is nothing yet to begin anew or to wipe out.
    assert [one for one in idle if not one.endswith(("Start again", "Clear"))] == []


@pytest.mark.quick
def test_a_tap_reaches_what_a_mouse_points_at(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk, READERS["phone"])
    wake_all(page)
    page.locator("data.nv-value[data-key]").first.tap()
    expect(page.locator("#nv-tip")).to_be_visible()
    page.locator("nv-reliability .mark").first.tap()
    expect(page.locator("#nv-tip")).to_contain_text("answers between")
    diagram = page.locator("nv-network-diagram").first
    diagram.locator(".narrow .neuron").last.tap()
    expect(diagram.locator(".note")).not_to_contain_text("Pick a neuron")
    cell = page.locator("nv-surest-samples .cell:not(.empty)").last
    cell.tap()
    expect(cell).to_have_attribute("data-current", "")
    assert (
        float(page.locator(".nv-anchor").first.evaluate("(a) => getComputedStyle(a).opacity")) == 1
    )


def test_a_tap_beside_a_small_point_reaches_the_nearest(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, READERS["phone"])
    wake_all(page)
    space = page.locator("nv-feature-space svg").first
    space.scroll_into_view_if_needed()
    space.tap(position={"x": 3, "y": 3})
    until(page, "document.querySelector('nv-feature-space .nv-tile:not([hidden])') !== null")
    here = page.evaluate(
        """() => { const map = document.querySelector("nv-feature-space svg");
        const { left, top } = map.getBoundingClientRect();
        const far = [...map.children].map((one) => {
          const box = one.getBoundingClientRect();
          const [x, y] = [(box.left + box.right) / 2 - left, (box.top + box.bottom) / 2 - top];
          return [Math.hypot(x - 3, y - 3), one.classList.contains("here")];
        });
        return far.sort((a, b) => a[0] - b[0]).findIndex((one) => one[1]); }"""
    )
    assert here <= 1  # the one picked out has grown, and its middle moved a little


def test_the_point_picked_out_lies_over_those_about_it(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(width=360, still=True))
    wake_all(page)
    covered = page.evaluate(
        """() => [...document.querySelectorAll("nv-feature-space svg")].map((map) => {
          map.scrollIntoView({ block: "center", behavior: "instant" });
          return [...map.querySelectorAll("text")].filter((point) => {
            point.dispatchEvent(new MouseEvent("click", { bubbles: true }));
            const { left, right, top, bottom } = point.getBoundingClientRect();
            return document.elementFromPoint((left + right) / 2, (top + bottom) / 2) !== point;
          }).length;
        })"""
    )
    assert covered == [0, 0]
