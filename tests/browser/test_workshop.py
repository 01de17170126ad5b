"""What an author starts with, in a real browser: pages with navigation, and a figure of their own.

The pages are those of the documentation, which is a site of several pages.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types

from tests.browser.conftest import PROJECT, OpenPage, serving
from tests.browser.readers import READERS
from tests.essays import command

pytestmark = pytest.mark.browser


def netviz(folder: Path, *arguments: str) -> str:
    finished = command(folder, *arguments)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("docs")
    netviz(folder, "build", str(PROJECT / "docs"), "--out", "site", "--offline")
    with serving(folder / "site") as address:
        yield address


@pytest.fixture(scope="module")
def own_figure(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a new essay, its third figure being one that `netviz new figure` wrote."""
    folder = tmp_path_factory.mktemp("own")
    netviz(folder, "new", "essay")
    call = netviz(folder, "new", "figure", "own_one").splitlines()[-1]
    with (folder / "essay" / "index.md").open("a", encoding="utf-8") as text:
        text.write(f"\n{call}\n")
    netviz(folder, "build", "--out", "site", "--offline")
    return (folder / "site" / "index.html").as_uri()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("desk", marks=pytest.mark.torture),
        "phone",
        pytest.param("scriptless", marks=pytest.mark.torture),
    ],
)
def test_the_navigation_leads_through_every_page_and_none_has_a_fault(
    docs: str, open_page: OpenPage, name: str
) -> None:
    """Each page says where one is, and is no wider than the window."""
    page = open_page(docs, READERS[name])
    titles = page.locator(".nv-pages a").all_inner_texts()
    assert len(titles) == len(list((PROJECT / "docs").glob("*.md")))
    for title in titles:
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=title)
        with page.expect_navigation(wait_until="load"):
            link.click()
        here = page.locator(".nv-pages [aria-current=page]")
        assert here.all_inner_texts() == [title]
        assert page.locator("h1").inner_text() == title
        for box in [entry.bounding_box() for entry in page.locator(".nv-pages a").all()]:
            assert box is not None
            assert box["height"] >= 24
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    ("name", "path"),
    [("desk", "reference.html"), ("desk-dark", "recipes.html"), ("phone-dark", "tutorial.html")],
)
def test_axe_finds_nothing_in_pages_of_code_and_tables(
    docs: str, open_page: OpenPage, name: str, path: str
) -> None:
    page = open_page(docs + path, READERS[name])
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


def test_a_new_figure_is_whole_without_script(own_figure: str, open_page: OpenPage) -> None:
    page = open_page(own_figure, READERS["scriptless"])
    figure = page.locator("nv-own-one")
    assert figure.locator("li").count() == 10
    assert figure.locator("button").count() == 0


def test_a_new_figure_sorts_its_classes_by_keyboard(own_figure: str, open_page: OpenPage) -> None:
    page = open_page(own_figure)
    figure = page.locator("nv-own-one")
    figure.scroll_into_view_if_needed()
    figure.get_by_role("button", name="best first").press("Enter")
    shares = [float(share.rstrip("%")) for share in figure.locator(".share").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    assert figure.locator("[aria-live]").inner_text() == "Best first."
    figure.get_by_role("button", name="by class").press("Enter")
    names = figure.locator("li > span:not(.share):not(.nv-tile)").all_inner_texts()
    assert names == sorted(names)
