"""What readers see first: style without a request, fonts that move nothing, leaps that land."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from netviz.essay.policy import read_policy
from netviz.essay.style import source_hash
from netviz.publishing.tags import read_tags
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import Reader
from tests.browser.walk import FRAME

pytestmark = pytest.mark.browser

PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
WATCH_SHIFTS = """globalThis.shifted = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    globalThis.shifted.push([value, sources.map((one) => one.node?.className)]);
}).observe({ type: "layout-shift", buffered: true });"""
LOADING = "(one) => one.display === 'swap' && one.status === 'loading'"
LOADED = "(one) => one.display === 'swap' && one.status === 'loaded'"
AT_REST = """() => {
  seen.push(scrollY);
  const last = seen.slice(-25);
  return last.length === 25 && last.every((one) => one === last[0]);
}"""
TOP = "id => document.getElementById(id).getBoundingClientRect().top"


@pytest.mark.quick
def test_the_style_is_in_the_page_and_its_hash_in_the_policy(
    built_site: Path, browser: Browser, site_from_server: str
) -> None:
    page = (built_site / "index.html").read_text(encoding="utf-8")
    tags = read_tags(page)
    (style,) = (tag for tag in tags.starts if tag.name == "style")
    start, end = tags.content_of(style)
    sources = read_policy(page)[0].sources("style-src")
    assert sources == ["'self'", f"'{source_hash(page[start:end])}'"]
    context = browser.new_context()
    opened = context.new_page()
    kinds = []
    opened.on("request", lambda request: kinds.append(request.resource_type))
    opened.goto(site_from_server)
    assert "stylesheet" not in kinds
    assert opened.evaluate("getComputedStyle(document.body).margin") == "0px"
    context.close()


def test_a_style_that_someone_changes_is_not_shown(
    built_site: Path, tmp_path: Path, browser: Browser
) -> None:
    file = Path(shutil.copytree(built_site, tmp_path / "site")) / "index.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("body { margin: 0;", "body { margin: 1px;", 1), encoding="utf-8")
    context = browser.new_context()
    opened = context.new_page()
    refused = []
    opened.on("console", lambda message: refused.append(message.text))
    opened.goto(file.as_uri())
    assert opened.evaluate("document.styleSheets.length") == 0
    assert any("style-src" in message for message in refused)
    context.close()


@pytest.mark.parametrize("width", [320, 412, 544, 704, 816, 1280, 1920])
def test_nothing_moves_when_script_and_fonts_arrive(
    width: int, browser: Browser, site_from_server: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    page.route("**/*.woff2", lambda _: None)  # which waits until there is no route
    page.goto(site_from_server, wait_until="commit")
    until(page, PAINTED)
    until(page, f"[...document.fonts].some({LOADING})")
    page.unroute("**/*.woff2")
    until(page, f"[...document.fonts].filter({LOADED}).length >= 2")
    page.evaluate(FRAME)
    shifted = page.evaluate("shifted")
    assert sum(value for value, _ in shifted) < 0.001, shifted
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_leap_lands_where_it_leads(
    width: int, open_page: OpenPage, site_from_server: str
) -> None:
    page = open_page(site_from_server, Reader(width=width, height=740, leaps=False))
    ids = page.evaluate(
        "[...document.querySelectorAll('main h2[id], .nv-figure[id]')].map((one) => one.id)"
    )
    for number, name in enumerate([ids[2], ids[len(ids) // 2], ids[-3]]):
        if number:
            page.evaluate("id => { location.hash = id; }", name)
        else:
            page = open_page(
                f"{site_from_server}#{name}", Reader(width=width, height=740, leaps=False)
            )
        page.evaluate("globalThis.seen = []")
        until(page, AT_REST, seconds=20)
        assert 0 <= page.evaluate(TOP, name) <= 40, name


def test_who_scrolls_to_the_end_sees_every_figure_drawn(
    open_page: OpenPage, site_from_server: str
) -> None:
    page = open_page(site_from_server, Reader(width=360, height=740, leaps=False))
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    last = page.locator("figure.nv-figure").last
    seen = """(one) => { one.scrollIntoView({ behavior: "instant" });
      return [...one.children].some((part) => part.awake); }"""
    until(page, seen, last.element_handle())  # what comes near on the way may push it on
    assert last.evaluate("one => one.checkVisibility({ contentVisibilityAuto: true })")
