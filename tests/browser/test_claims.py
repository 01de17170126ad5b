"""Claims that open: how each was checked, beside it, by pointer, keys and without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netviz.publishing.single import single_page
from netviz.publishing.writer import published
from tests.browser.conftest import OpenPage, Watch
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


@pytest.mark.quick
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


# --- checked again on the spot ---------------------------------------------------------------


def checked_again(page: Page, claim: int) -> list[str]:
    """Check a claim again in its note, by keys; return what that says of its numbers."""
    page.locator(f"#claim-{claim} .nv-claim-mark").press("Enter")
    note = page.locator("#nv-note")
    note.get_by_role("button").press("Enter")
    told = note.locator("[aria-live] p")
    expect(told.first).to_be_visible()
    expect(note.get_by_role("button")).to_be_focused()
    sentences = told.all_inner_texts()
    page.keyboard.press("Escape")
    return sentences


def claims_to_check(page: Page) -> dict[int, int]:
    """Return how many numbers the page can compute again, by the claims that read them."""
    found: dict[str, int] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".nv-checked [data-again]")].map(
        (one) => [one.closest("li").id.split("-").at(-1), JSON.parse(one.dataset.again).length]))"""
    )
    return {int(claim): count for claim, count in found.items()}


@pytest.mark.parametrize(
    ("name", "same"), [("index.html", "the same."), ("index.es.html", "lo mismo.")]
)
def test_every_number_that_can_be_computed_again_is_the_one_that_was_measured(
    site_from_disk: str, open_page: OpenPage, name: str, same: str
) -> None:
    """The sample is so small that the page has all of its test images."""
    page = open_page(site_from_disk.replace("index.html", name))
    claims = claims_to_check(page)
    assert len(claims) >= 6
    for claim, count in claims.items():
        sentences = checked_again(page, claim)
        assert all(sentence.endswith(same) for sentence in sentences[:count]), sentences
        of = int(page.locator(f"#nv-claim-{claim} [data-of]").get_attribute("data-of") or 0)
        assert len(sentences) == count + (count < of)


CHECK = "async (asked) => (await netviz.part('check'))([asked], 1)"
WEIGHT = """[...document.querySelectorAll("[data-again]")]
  .flatMap((one) => JSON.parse(one.dataset.again)).find((one) => one.part)"""
SHARE = WEIGHT.replace("one.part)", "one.images)")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "it agrees"),
        ({"value": 0.95}, "it does not agree"),
        ({"left": 4}, "it does not agree"),
        ({"count": 120, "value": 0.95}, "where the build found 95.0%: it does not agree"),
    ],
)
def test_of_few_images_it_says_so_and_whether_they_agree(
    site_from_disk: str, open_page: OpenPage, change: dict[str, float], said: str
) -> None:
    page = open_page(site_from_disk)
    asked = {**page.evaluate(SHARE), "count": 10_000, **change}
    (sentence,) = page.evaluate(CHECK, asked)
    assert said in sentence
    assert ("only these of the 10,000" in sentence) == (asked["count"] == 10_000)


def test_another_weight_does_not_agree(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    asked = page.evaluate(WEIGHT)
    (sentence,) = page.evaluate(CHECK, {**asked, "value": asked["value"] * 1.0001})
    assert "it does not agree" in sentence


def test_a_page_in_one_file_checks_its_claims_too(
    built_site: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    file = tmp_path / "index.html"
    file.write_bytes(single_page("index.html", published(built_site)).html)
    page = open_page(file.as_uri())
    claim, count = next(iter(claims_to_check(page).items()))
    assert [one.endswith("the same.") for one in checked_again(page, claim)] == [True] * count


def test_where_that_cannot_be_loaded_it_says_so(
    site_from_server: str, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(site_from_server)
    page.route("**/assets/check.*.js", lambda route: route.abort("internetdisconnected"))
    assert checked_again(page, 2) == ["The script for this could not be loaded. Please try again."]
    watch.faults = [one for one in watch.faults if "ERR_INTERNET_DISCONNECTED" not in one]
