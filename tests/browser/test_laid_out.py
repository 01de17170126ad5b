"""Blocks far from the reader are not laid out; a link to one leads to its place."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS, Reader
from tests.browser.walk import SHIFTED, WATCH_SHIFTS, read_on

pytestmark = pytest.mark.browser

PHONE = replace(READERS["phone"], leaps=False)
DESK = Reader(leaps=False)
# The blocks within which nothing is laid out, of all of a page.
SKIPPED = """() => {
  const blocks = [...document.querySelectorAll("main.nv-essay > *")];
  const seen = { contentVisibilityAuto: true };
  const isSkipped = ({ firstElementChild: child }) => child && !child.checkVisibility(seen);
  return [blocks.filter(isSkipped).length, blocks.length];
}"""
# How the blocks of a page are laid out: auto, as the reader comes near.
KINDS = """() => [...new Set([...document.querySelectorAll("main.nv-essay > *")]
  .map((one) => getComputedStyle(one).contentVisibility))]"""
# Where the page has come to rest: the same place in several frames.
RESTS = """() => new Promise((done) => {
  let [last, frames] = [scrollY, 0];
  const look = () => {
    frames = scrollY === last ? frames + 1 : 0;
    last = scrollY;
    if (frames > 20) done(true); else requestAnimationFrame(look);
  };
  look();
})"""
TOP_OF = "(id) => document.getElementById(id).getBoundingClientRect().top"
MARGIN = 27  # pixels above a target: scroll-padding-top


def skipped(page: Page) -> int:
    """Return how many blocks of the page are not laid out."""
    return int(page.evaluate(SKIPPED)[0])


def last_heading(page: Page) -> str:
    return str(page.evaluate("[...document.querySelectorAll('main h2[id]')].at(-1).id"))


def test_most_of_a_page_waits_until_the_reader_comes(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, PHONE)
    waiting, blocks = page.evaluate(SKIPPED)
    assert waiting > 30
    read_on(page)
    until(page, f"({SKIPPED})()[0] === 0")
    assert blocks > waiting


@pytest.mark.parametrize("reader", [PHONE, DESK], ids=["phone", "desk"])
def test_a_link_leads_to_its_target(
    site_from_disk: str, open_page: OpenPage, reader: Reader
) -> None:
    page = open_page(site_from_disk, reader)
    name = last_heading(page)
    assert skipped(page)
    page.evaluate("(id) => document.querySelector(`.nv-toc a[href='#${id}']`).click()", name)
    page.evaluate(RESTS)
    assert page.evaluate(TOP_OF, name) == pytest.approx(MARGIN, abs=2)
    assert skipped(page) == 0


def test_who_loads_the_page_again_reads_on_where_they_were(
    site_from_server: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_server, PHONE)
    read_on(page)
    name = last_heading(page)
    page.evaluate(f"(id) => scrollBy({{ top: ({TOP_OF})(id), behavior: 'instant' }})", name)
    page.evaluate(RESTS)
    before = page.evaluate(TOP_OF, name)
    page.reload(wait_until="load")
    page.evaluate(RESTS)
    assert page.evaluate(TOP_OF, name) == pytest.approx(before, abs=2)


def test_nothing_moves_for_who_reads_from_the_end(
    site_from_server: str, open_page: OpenPage
) -> None:
    """What is above the reader takes its height without moving what is read."""
    page = open_page("about:blank", PHONE)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(site_from_server)
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.evaluate(RESTS)
    page.evaluate("shifts.length = 0")
    while page.evaluate("scrollY"):
        page.evaluate("scrollBy({ top: -0.7 * innerHeight, behavior: 'instant' })")
        page.wait_for_timeout(60)
    assert page.evaluate(SHIFTED) < 0.01


def test_all_is_laid_out_on_paper(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk, DESK)
    assert "auto" in page.evaluate(KINDS)
    page.emulate_media(media="print")
    assert page.evaluate(KINDS) == ["visible"]
