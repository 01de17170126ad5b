"""Claims that open: how each was checked, beside it, by pointer, keys and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

MARK = "#claim-2 .nv-claim-mark"


def test_a_claim_opens_by_keys_and_closes_to_where_the_reader_was(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    page.locator(MARK).press("Enter")
    note = page.locator("#nv-note")
    expect(note).to_be_visible()
    expect(note).to_contain_text("Checked:")
    expect(note).to_contain_text("the one-layer network, seed 1")
    expect(note.locator("a", has_text="Figure")).to_have_attribute("href", "#fig-zero")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(page.locator(MARK)).to_be_focused()


@pytest.mark.parametrize("reader", [Reader(), Reader(width=360, touch=True), Reader(dark=True)])
def test_a_claim_opens_by_a_click_on_its_sentence_within_the_window(
    site_from_disk: str, open_page: OpenPage, reader: Reader
) -> None:
    page = open_page(site_from_disk, reader)
    claim = page.locator("#claim-2")
    claim.scroll_into_view_if_needed()
    start = claim.evaluate("(span) => span.getClientRects()[0].toJSON()")  # it begins within a line
    page.mouse.click(start["x"] + 5, start["y"] + 5)
    note = page.locator("#nv-note")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= reader.width
    assert 0 <= box["y"] < reader.height
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_value_within_a_claim_keeps_its_own_note(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    page.locator(".nv-claim data.nv-value").first.click()
    expect(page.locator("#nv-tip")).to_be_visible()
    expect(page.locator("#nv-note")).to_be_hidden()


def test_every_claim_has_its_mark_and_its_entry(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk, Reader(script=False))
    claims = page.locator(".nv-claim")
    assert claims.count() > 20
    for claim in claims.all():
        mark = claim.locator(".nv-claim-mark")
        expect(mark).to_have_count(1)
        entry = page.locator(f"[id='{(mark.get_attribute('href') or '#')[1:]}']")
        expect(entry).to_have_count(1)


def test_without_script_a_mark_leads_to_its_entry(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk, Reader(script=False))
    page.locator(MARK).click()
    expect(page.locator("#nv-claim-2")).to_be_in_viewport()


def test_on_paper_no_text_stands_twice(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    page.locator(MARK).click()
    page.emulate_media(media="print")
    for part in (".nv-checked", "#nv-note", MARK):
        expect(page.locator(part)).to_be_hidden()
