"""A page from right to left: what is read is mirrored, and plots and numbers are not."""

import fcntl
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from netviz.essay.directions import LANGUAGES, SCRIPTS, direction
from netviz.essay.languages import Language, Languages
from netviz.essay.templates import built_in_templates
from tests.browser.conftest import OpenPage, until
from tests.browser.questions import question
from tests.browser.readers import READERS, Reader
from tests.browser.right_to_left import write_essay
from tests.browser.test_languages import said_by_build, said_by_script

pytestmark = pytest.mark.browser

SIZES = {
    "desk": Reader(width=1720),  # with the contents at the side
    "desk-dark": Reader(dark=True),
    "tablet": READERS["tablet"],
    "phone": READERS["phone"],
}


@pytest.fixture(scope="module")
def mirrored(built_site: Path) -> Path:
    """The page in Arabic letters, with English beside it: drawn and trained already."""
    shared = built_site.parents[1] / "mirrored"
    shared.mkdir(exist_ok=True)
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "site").exists():
            write_essay(shared / "essay")
            shutil.copytree(built_site.parent / "cache", shared / "cache")
            _build(shared)
    return shared / "site" / "index.ar.html"


def _build(shared: Path) -> None:
    command = [sys.executable, "-m", "netviz", "build", str(shared / "essay"), "--sample"]
    subprocess.run([*command, "--out", str(shared / "site")], capture_output=True, check=True)


@pytest.fixture
def arabic(mirrored: Path, open_page: OpenPage) -> Page:
    page = open_page(mirrored.as_uri())
    read_on(page)
    return page


def read_on(page: Page) -> None:
    page.evaluate(question("readOn"))
    until(page, question("awake"))


def test_a_phone_shows_it_whole(mirrored: Path, open_page: OpenPage) -> None:
    page = open_page(mirrored.as_uri(), READERS["phone"])
    read_on(page)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate(question("outOfSight")) == []
    assert page.evaluate(question("scrambled")) == []


@pytest.mark.torture
@pytest.mark.parametrize("size", SIZES)
def test_every_reader_sees_it_whole_and_uses_it(
    mirrored: Path, open_page: OpenPage, size: str
) -> None:
    page = open_page(mirrored.as_uri(), SIZES[size])
    read_on(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for name in ("outOfSight", "overlapping", "scrambled"):
        assert page.evaluate(question(name)) == [], name
    used = page.evaluate(question("useAll"))
    assert len(used) > 10
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for name in ("outOfSight", "overlapping", "scrambled"):
        assert page.evaluate(question(name)) == [], name


@pytest.mark.torture
def test_script_and_build_say_the_same(arabic: Page, mirrored: Path) -> None:
    templates = mirrored.parents[1] / "essay" / "templates"
    sent = arabic.evaluate("netviz.speech.text")
    whole = Languages([templates, built_in_templates()]).find("ar").catalogue
    language = Language("ar", replace(whole, text=sent))
    assert said_by_script(arabic, sent) == said_by_build(language, sent)


@pytest.mark.torture
def test_plots_and_pictures_are_those_of_the_english_page(
    arabic: Page, mirrored: Path, open_page: OpenPage
) -> None:
    english = open_page(mirrored.with_name("index.html").as_uri())
    read_on(english)
    drawn, same = arabic.evaluate(question("drawn")), english.evaluate(question("drawn"))
    assert len(drawn) > 100
    assert [len(one) for one in drawn] == [len(one) for one in same]
    for one, other in zip(drawn, same, strict=True):
        assert one == pytest.approx(other, abs=1)


@pytest.mark.torture
def test_what_is_read_is_mirrored(arabic: Page) -> None:
    def left(selector: str, place: int = 0) -> float:
        box = arabic.locator(selector).nth(place).bounding_box()
        assert box
        return box["x"]

    assert left(".nv-theme") < 100
    assert left("nv-confusion-matrix .cell") > left("nv-confusion-matrix .cell", 9)
    assert left("nv-weights.all .pictures li") > left("nv-weights.all .pictures li", 1)
    assert left(".nv-legend > :first-child") > left(".nv-legend > :last-child")
    for selector in ("p", "figcaption", "h2", "td"):
        assert (
            arabic.locator(f"main {selector}").first.evaluate(
                "one => getComputedStyle(one).direction"
            )
            == "rtl"
        )


@pytest.mark.torture
@pytest.mark.parametrize(
    "place",
    [
        "nv-confusion-matrix .cell",
        "nv-surest-samples .cell",
        "nv-filters-and-votes .filters .unit",
        "nv-reliability .mark",
        "nv-width-and-depth .mark",
        "nv-template-match .nv-shelf button",
    ],
)
def test_arrow_keys_go_where_they_point(arabic: Page, place: str) -> None:
    arabic.locator(f"{place}[tabindex='0']").first.focus()
    here = "document.activeElement.getBoundingClientRect().left"
    # To the left first where there is room, and back: the grid's first cell is at one of its ends.
    first, second = (
        ("ArrowLeft", "ArrowRight") if _is_mirrored(arabic) else ("ArrowRight", "ArrowLeft")
    )
    before = arabic.evaluate(here)
    arabic.keyboard.press(first)
    between = arabic.evaluate(here)
    arabic.keyboard.press(second)
    after = arabic.evaluate(here)
    assert (between < before) == (first == "ArrowLeft")
    assert between != before
    assert after == before


def _is_mirrored(page: Page) -> bool:
    return bool(
        page.evaluate(
            "getComputedStyle(document.activeElement.closest('table, svg, .filters, .nv-shelf'))"
            ".direction === 'rtl'"
        )
    )


@pytest.mark.torture
def test_sliders_go_to_the_right_with_the_plots_below_them(arabic: Page) -> None:
    for slider in arabic.locator("input[type=range]").all():
        slider.focus()
        slider.press("Home")
        low = float(slider.input_value())
        slider.press("ArrowRight")
        assert float(slider.input_value()) > low


@pytest.mark.torture
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_tip_stands_above_what_it_tells_of(
    mirrored: Path, open_page: OpenPage, size: str
) -> None:
    page = open_page(mirrored.as_uri(), SIZES[size])
    for value in page.locator("data.nv-value[data-key]").all()[:25]:
        value.focus()
        note, box = page.locator("#nv-tip").bounding_box(), value.bounding_box()
        assert note
        assert box
        wide = page.evaluate("document.documentElement.clientWidth")
        assert note["x"] >= 7
        assert note["x"] + note["width"] <= wide - 7
        middle = note["x"] + note["width"] / 2 - box["x"] - box["width"] / 2
        at_an_edge = note["x"] < 9 or note["x"] + note["width"] > wide - 9
        assert abs(middle) < 2 or at_an_edge


@pytest.mark.torture
def test_browsers_know_the_same_languages_and_scripts(page: Page) -> None:
    """Of all tags of two letters, of the longer ones that we list, and of all scripts."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    tags = {a + b for a in letters for b in letters} | LANGUAGES | {f"en-{one}" for one in SCRIPTS}
    known = page.evaluate(
        """tags => tags.filter((tag) => new Intl.Locale(tag).getTextInfo().direction === "rtl")""",
        sorted(tags),
    )
    # The Nastaliq hand, in which Urdu is written, is Arabic script that browsers know by that name.
    assert {*known, "en-aran"} == {tag for tag in tags if direction(tag) == "rtl"}
