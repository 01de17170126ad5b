"""A page mailed as one file: alone in a folder, it shows and does all that the site's page does."""

import io
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types
from PIL import Image, ImageChops
from playwright.sync_api import Page

from netviz.publishing.single import single_page
from netviz.publishing.writer import published
from tests.browser.conftest import OpenPage, Watch, until
from tests.browser.readers import READERS, Reader
from tests.browser.walk import read_on, show_pictures

pytestmark = pytest.mark.browser

NOT_THERE = "https://example.org/not/there/"


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, bytes]:
    """The pages of the essay, each as one file that knows where the site is published."""
    site = published(built_site)
    names = ("index.html", "index.es.html")
    return {name: single_page(name, site, NOT_THERE).html for name in names}


@pytest.fixture
def addresses(
    pages: dict[str, bytes], built_site: Path, tmp_path: Path
) -> dict[str, tuple[str, str]]:
    """By its name, the addresses of each page in the site and as one file."""
    for name, page in pages.items():
        (tmp_path / name).write_bytes(page)
    return {name: ((built_site / name).as_uri(), (tmp_path / name).as_uri()) for name in pages}


@pytest.fixture
def mailed(pages: dict[str, bytes], tmp_path: Path) -> str:
    """The address of the page in an otherwise empty folder, under a name of its own."""
    file = tmp_path / "alone" / "From a mail.html"
    file.parent.mkdir()
    file.write_bytes(pages["index.html"])
    return file.as_uri()


def opened(
    open_page: OpenPage, url: str, reader: Reader = READERS["desk"]
) -> tuple[Page, set[str]]:
    """Open a page; return it with the addresses that it asks for, while it does."""
    page = open_page("about:blank", reader)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(url, wait_until="load")
    return page, asked


def test_alone_in_a_folder_every_figure_lives_and_nothing_is_asked_for(
    mailed: str, open_page: OpenPage, built_site: Path
) -> None:
    page, asked = opened(open_page, mailed)
    read_on(page)
    until(page, "!!document.querySelector('nv-template-match').probabilities")
    total, logit = page.evaluate(
        """() => { const f = document.querySelector("nv-template-match");
        return [f.total, f.logits[f.order[0]]]; }"""
    )
    assert total == pytest.approx(logit, abs=1e-5)
    draw = page.locator("nv-random-sample")
    before = draw.locator("img").first.get_attribute("src")
    draw.get_by_role("button", name="Another draw").click()
    until(
        page,
        "(before) => { const i = document.querySelector('nv-random-sample img');"
        " return i.getAttribute('src') !== before && i.naturalWidth > 0; }",
        before,
    )
    matrix = page.locator("nv-confusion-matrix").first
    matrix.locator(".cell").nth(11).focus()
    until(page, "!!document.querySelector('nv-confusion-matrix .nv-samples canvas')")
    page.get_by_role("button", name="Browse").click()
    page.locator("nv-mistakes .all canvas").first.wait_for()
    page.get_by_role("button", name="Train", exact=True).click()
    until(page, "document.querySelector('nv-train-it-yourself').pass > 0")
    assert page.locator(".nv-failed").count() == 0
    assert {url for url in asked if not url.startswith("data:")} == {mailed}
    value = page.locator("data.nv-value[data-key='networks.mnist-1layer.test.accuracy']").first
    value.focus()
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="All measurements").click()
    assert download.value.suggested_filename == "measurements.json"
    expected = (built_site / "measurements.json").read_bytes()
    assert Path(download.value.path()).read_bytes() == expected


def test_the_policy_still_forbids_what_a_stranger_might_add(
    pages: dict[str, bytes], open_page: OpenPage, watch: Watch, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    added = b"<script>document.title = 'taken'</script><style>main { display: none }</style>"
    file.write_bytes(pages["index.html"].replace(b"<main", added + b"<main", 1))
    page = open_page(file.as_uri())
    assert page.title() == "Looking inside neural nets"
    assert page.locator("main").is_visible()
    assert len([fault for fault in watch.faults if "Content Security Policy" in fault]) == 2
    watch.faults.clear()


def pictures_of(url: str, reader: Reader, open_page: OpenPage) -> dict[str, Image.Image]:
    """Return how each figure of a page looks, by its id, once all have woken."""
    page = open_page(url, reader)
    read_on(page)
    show_pictures(page)
    figures = {figure.get_attribute("id"): figure for figure in page.locator(".nv-figure").all()}
    return {
        str(name): Image.open(io.BytesIO(figure.screenshot(timeout=60_000))).convert("RGB")
        for name, figure in figures.items()
    }


@pytest.mark.torture
@pytest.mark.parametrize(
    ("name", "reader_name"),
    [("index.html", "desk"), ("index.html", "scriptless"), ("index.es.html", "desk-dark")],
)
def test_every_figure_looks_to_the_pixel_as_in_the_site(
    name: str, reader_name: str, addresses: dict[str, tuple[str, str]], open_page: OpenPage
) -> None:
    site, single = (pictures_of(url, READERS[reader_name], open_page) for url in addresses[name])
    assert len(site) > 5
    assert list(site) == list(single)
    for figure, picture in site.items():
        assert picture.size == single[figure].size, figure
        assert ImageChops.difference(picture, single[figure]).getbbox() is None, figure


@pytest.mark.torture
@pytest.mark.parametrize("name", ["desk", "phone-dark"])
def test_axe_finds_nothing(mailed: str, open_page: OpenPage, name: str) -> None:
    page = open_page(mailed, READERS[name])
    read_on(page)
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
