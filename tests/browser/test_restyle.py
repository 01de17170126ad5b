"""Where an element comes or goes, few others are styled again.

A selector such as `body:has(...)` has a browser style every element of the page whenever one
comes or goes, which takes several frames on a page as long as ours.
"""

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import OpenPage
from tests.browser.walk import read_on

pytestmark = pytest.mark.browser

# An element comes and goes in every tenth place of the text and of the figures.
CHANGE_ALL = """() => {
  const places = [...document.querySelectorAll("main p, main li, main span, .nv-figure > *")];
  const some = places.filter((_, number) => number % 10 === 0);
  for (const place of some) {
    const added = document.createElement("span");
    place.append(added);
    document.body.offsetWidth;
    added.remove();
    document.body.offsetWidth;
  }
  return some.length;
}"""
STYLING = "UpdateLayoutTree"
CATEGORIES = ["disabled-by-default-devtools.timeline", "devtools.timeline"]


@pytest.mark.parametrize("name", ["index.html", "convolution.html"])
def test_an_element_that_comes_or_goes_leaves_the_others_as_they_were(
    site_from_disk: str, browser: Browser, open_page: OpenPage, name: str
) -> None:
    page = open_page(site_from_disk.replace("index.html", name))
    read_on(page)
    browser.start_tracing(page=page, categories=CATEGORIES)
    changed = page.evaluate(CHANGE_ALL)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [event["args"].get("elementCount", 0) for event in events if event["name"] == STYLING]
    assert changed > 50
    assert len(styled) >= changed, "the trace does not tell of the changes"
    assert sum(styled) / changed < 10
