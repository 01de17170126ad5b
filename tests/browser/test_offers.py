"""The menu of a figure: what a reader can take along, with and without script, by any means."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS, Reader
from tests.browser.test_axe import EVERYTHING, faults

pytestmark = pytest.mark.browser

MENU = "#fig-confusion .nv-offer"
TOLD = re.compile("link", re.IGNORECASE)  # copied, or in the address bar
OPEN_ALL = "() => { for (const one of document.querySelectorAll('.nv-offer')) one.open = true; }"


def opened(page: Page) -> None:
    """Open the menu of one figure by keyboard."""
    summary = page.locator(f"{MENU} summary")
    summary.scroll_into_view_if_needed()
    summary.press("Enter")
    expect(page.locator(f"{MENU} .nv-state-link")).to_be_visible()


def test_the_menu_leads_to_the_state_and_copies_it(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    opened(page)
    page.locator("#fig-confusion .matrix tbody tr").nth(2).locator(".cell").nth(8).click()
    link = page.locator(f"{MENU} .nv-state-link")
    expect(link).to_have_attribute("href", "#fig-confusion?cell=2-8")
    link.press("Enter")
    expect(page.locator(".nv-tip")).to_contain_text(TOLD)
    assert page.evaluate("location.hash") == "#fig-confusion?cell=2-8"


def test_a_figure_that_has_no_states_is_linked_too(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    figure = page.locator(".nv-figure:not([data-states])").first
    figure.locator("summary", has_text="Link, data").click()
    figure.locator(".nv-state-link").click()
    until(page, "location.hash.startsWith('#fig-')")
    expect(page.locator(".nv-tip")).to_contain_text(TOLD)


def test_without_script_it_is_a_list_of_links_that_lead_somewhere(
    built_site: Path, site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(script=False))
    opened(page)
    found = page.locator(f"{MENU} a")
    addresses = [one.get_attribute("href") or "" for one in found.all()]
    own, *files = addresses
    assert own == "#fig-confusion"
    assert {file.rpartition(".")[2] for file in files} == {"csv", "json"}
    assert all((built_site / file).is_file() for file in files)
    expect(page.locator(f"{MENU} pre").last).to_contain_text("@misc{looking-inside-neural-nets")


@pytest.mark.parametrize("name", ["phone-dark", pytest.param("desk", marks=pytest.mark.torture)])
def test_open_menus_are_without_fault_and_no_wider_than_the_page(
    site_from_disk: str, open_page: OpenPage, name: str
) -> None:
    page = open_page(site_from_disk, READERS[name])
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert faults(page, EVERYTHING) == []


def test_a_closed_menu_takes_no_line_of_its_own_and_is_not_printed(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    menu = page.locator(MENU)
    assert menu.evaluate("(one) => getComputedStyle(one).display") == "inline"
    page.emulate_media(media="print")
    expect(menu).to_be_hidden()
