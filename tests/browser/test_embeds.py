"""A figure in a frame on another site: live, in its state, as high as it is, and light."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

from netviz.publishing.check import check_site
from netviz.publishing.single import single_page
from netviz.publishing.tags import read_tags
from netviz.publishing.writer import published
from tests.browser.conftest import PROJECT, OpenPage, Watch, build_site, serving, until
from tests.browser.readers import READERS
from tests.browser.test_axe import EVERYTHING, faults
from tests.browser.walk import read_on

pytestmark = pytest.mark.browser

MOST = 100_000  # bytes before a reader touches it, besides its data
ADDRESS = "https://example.org/essays/nets/embed/index/fig-weights.html"
CONFUSION = "embed/index/fig-confusion.html"
COUNTING = "<script>told = 0; addEventListener('message', () => { told += 1; });</script>"
IN_STATE = "netviz.stateOf(document.querySelector('nv-confusion-matrix')) === 'cell=2-8'"


@pytest.fixture(scope="module")
def embeds(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with embeds, made of the steps of the other one."""
    site = built_site.with_name(f"embeds-{tmp_path_factory.getbasetemp().name}")
    build_site(site, "--embeds")
    return site


@pytest.fixture(scope="module")
def server(embeds: Path) -> Iterator[str]:
    with serving(embeds) as address:
        yield address


def pages(site: Path) -> list[Path]:
    """Return the files of all embeds."""
    found = sorted(site.glob("embed/*/*.html"))
    assert len(found) > 50
    return found


def blog_with(frame: str) -> str:
    """Return a page with the frame and the script of the documentation."""
    text = (PROJECT / "docs" / "embeds.md").read_text(encoding="utf-8")
    markup, script = re.findall(r"```html\n(.*?)```", text, re.DOTALL)
    assert ADDRESS in markup
    head = '<!doctype html><title>A blog</title><link rel="icon" href="data:,">'
    return f"{head}{markup.replace(ADDRESS, frame)}{script}"


def open_frame(page: Page, address: str) -> Frame:
    """Open a page and bring its one frame into view; return the frame."""
    page.goto(address)
    page.locator("iframe").scroll_into_view_if_needed()
    until(page, "frames.length === 1")
    (frame,) = page.main_frame.child_frames
    frame.wait_for_load_state()
    return frame


def has_its_height(page: Page, frame: Frame) -> None:
    """Wait until the frame is as high as the page in it."""
    for _ in range(500):
        inner = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
        if page.evaluate("Number(document.querySelector('iframe').height)") == inner:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"the frame is not {inner} high")


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'])
def test_a_frame_on_another_site_shows_the_state_and_is_as_high_as_its_figure(
    server: str, tmp_path: Path, page: Page, watch: Watch, sandbox: str
) -> None:
    blog = blog_with(f"{server}{CONFUSION}#fig-confusion?cell=2-8")
    (tmp_path / "blog.html").write_text(
        blog.replace("<iframe", f"<iframe {sandbox}"), encoding="utf-8"
    )
    with serving(tmp_path) as address:
        frame = open_frame(page, f"{address}blog.html")
        until(frame, IN_STATE)
        has_its_height(page, frame)
        frame.locator(".nv-credit").evaluate("(credit) => { credit.style.height = '900px'; }")
        has_its_height(page, frame)
        frame.locator(".nv-source").hover()
        source = frame.locator(".nv-source").get_attribute("href") or ""
        assert source.endswith("index.html#fig-confusion?cell=2-8")
    if sandbox:  # a host has to allow fonts to a page without an origin; without it they stand in
        watch.faults = [one for one in watch.faults if ".woff2" not in one]


def test_a_frame_works_from_the_disk_too(embeds: Path, tmp_path: Path, page: Page) -> None:
    blog = blog_with(f"{(embeds / CONFUSION).as_uri()}#fig-confusion?cell=2-8")
    (tmp_path / "blog.html").write_text(blog, encoding="utf-8")
    frame = open_frame(page, (tmp_path / "blog.html").as_uri())
    until(frame, IN_STATE)
    has_its_height(page, frame)


def test_a_page_that_does_not_ask_is_told_nothing(server: str, tmp_path: Path, page: Page) -> None:
    silent = re.sub(r"<script>.*</script>", COUNTING, blog_with(f"{server}{CONFUSION}"), flags=re.S)
    (tmp_path / "blog.html").write_text(silent, encoding="utf-8")
    frame = open_frame(page, (tmp_path / "blog.html").as_uri())
    until(frame, "!!document.querySelector('nv-confusion-matrix').awake")
    page.evaluate("frames[0].postMessage({ netviz: 'weights' }, '*')")
    frame.evaluate("document.querySelector('.nv-credit').style.height = '900px'")
    page.wait_for_timeout(100)
    assert page.evaluate("told") == 0


def test_a_theme_in_the_address_is_that_of_the_page_around(
    server: str, open_page: OpenPage
) -> None:
    page = open_page(f"{server}{CONFUSION}?theme=dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    other = open_page(f"{server}{CONFUSION}?theme=%22%3E")
    assert other.evaluate("document.documentElement.dataset.theme || ''") == ""


def test_without_script_the_figure_and_its_credit_are_whole(
    embeds: Path, open_page: OpenPage
) -> None:
    page = open_page((embeds / CONFUSION).as_uri(), READERS["scriptless"])
    assert page.locator("nv-confusion-matrix .cell").count() >= 100
    page.locator(".nv-source").evaluate("(link) => link.removeAttribute('target')")
    page.locator(".nv-source").click()
    assert page.url == f"{(embeds / 'index.html').as_uri()}#fig-confusion"


@pytest.mark.parametrize("name", ["desk", "phone-dark"])
@pytest.mark.parametrize(
    "figures",
    [
        "embed/index/fig-[cn]*.html",
        pytest.param("embed/*/*.html", marks=pytest.mark.torture),
    ],
)
def test_embeds_live_and_are_without_fault_in_any_width(
    embeds: Path, server: str, open_page: OpenPage, figures: str, name: str
) -> None:
    found = sorted(embeds.glob(figures))
    assert len(found) > 2
    for file in found:
        page = open_page(server + file.relative_to(embeds).as_posix(), READERS[name])
        read_on(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, file
        assert faults(page, EVERYTHING) == [], file
        assert page.locator(".nv-failed").count() == 0
        page.close()


def test_embeds_are_light_and_ask_for_one_font(embeds: Path, open_page: OpenPage) -> None:
    fonts = set()
    page = open_page("about:blank")
    page.on("request", lambda request: fonts.add(request.url.rpartition("/")[2]))
    page.goto((embeds / CONFUSION).as_uri())
    until(page, "document.fonts.status === 'loaded'")
    (font,) = (name for name in fonts if name.endswith(".woff2"))
    for file in pages(embeds):
        text = file.read_text(encoding="utf-8")
        needed = [file, file.parent / script(text)]
        weight = (embeds / "assets" / "fonts" / font).stat().st_size
        weight += sum(len(gzip.compress(one.read_bytes())) for one in needed)
        assert weight <= MOST, file


def script(html: str) -> str:
    """Return the script of a page, which is all that it loads besides font and pictures."""
    tags = read_tags(html).starts
    assert not [tag for tag in tags if tag.get("rel") == "stylesheet"]
    (found,) = (tag.get("src") for tag in tags if tag.name == "script" and tag.get("src"))
    return found


def test_the_site_with_embeds_has_no_fault_and_is_otherwise_the_same(
    embeds: Path, built_site: Path
) -> None:
    assert check_site(embeds, page_budget_kb=400) == []
    plain, more = published(built_site), published(embeds)
    assert {path for path in plain if path not in more} == set()
    changed = {path for path in plain if plain[path] != more[path]}
    assert changed == {path for path in plain if path.endswith(".html") and path != "404.html"}
    for path in changed:
        text = more[path].decode()
        without = re.sub(r'<li><a href="embed/[^"]*">[^<]+</a></li>\n', "", text)
        assert without == plain[path].decode()


def test_an_embed_as_one_file_lives_alone(
    embeds: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    path = "embed/index/fig-template-match.html"
    (tmp_path / "alone.html").write_bytes(single_page(path, published(embeds)).html)
    page = open_page("about:blank")
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto((tmp_path / "alone.html").as_uri())
    until(page, "!!document.querySelector('nv-template-match').probabilities")
    assert {address for address in asked if not address.startswith(("data:", "blob:"))} == {
        (tmp_path / "alone.html").as_uri()
    }
