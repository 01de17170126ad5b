"""The watch over the pages catches what it says it catches."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Watch
from tests.browser.readers import READERS, Reader

pytestmark = [pytest.mark.browser, pytest.mark.quick]

PLANTED = {
    "console": "console.error('planted')",
    "exception": "setTimeout(() => { throw new Error('planted') })",
    "another host": "new Image().src = 'http://planted.invalid/x.png'",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_caught(kind: str, page: Page, watch: Watch) -> None:
    page.evaluate(PLANTED[kind])
    page.wait_for_timeout(200)
    with pytest.raises(AssertionError, match="planted"):
        watch.check()
    assert any(fault.startswith((kind, f"request to {kind}")) for fault in watch.faults)
    watch.faults.clear()


def test_a_page_without_fault_passes(page: Page, watch: Watch) -> None:
    page.set_content("<p>well</p><script>console.log('fine')</script>")
    watch.check()


ASKED = """() => ({
  width: innerWidth,
  dark: matchMedia('(prefers-color-scheme: dark)').matches,
  still: matchMedia('(prefers-reduced-motion: reduce)').matches,
  touch: matchMedia('(hover: none)').matches,
  forced: matchMedia('(forced-colors: active)').matches,
})"""


def test_the_browser_reads_as_it_is_told(reader: Reader, open_page: OpenPage) -> None:
    if not reader.script:
        html = "data:text/html,<noscript>without script</noscript>"
        assert open_page(html, reader).get_by_text("without script").count() == 1
        return
    html = "data:text/html,<meta name=viewport content='width=device-width'>"
    assert open_page(html, reader).evaluate(ASKED) == {
        "width": reader.width,
        "dark": reader.dark,
        "still": reader.still,
        "touch": reader.touch,
        "forced": reader.forced_colours,
    }


def test_every_way_of_reading_is_distinct() -> None:
    assert len(set(READERS.values())) == len(READERS)
