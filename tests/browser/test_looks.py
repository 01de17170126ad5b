"""The page looks as it was last seen by a person: at three widths, light and dark, each figure too.

The kept pictures stand in tests/golden/looks; `make looks` renews them, to be looked at before
they are committed. They were drawn by one version of one browser on one system, whose fonts
code is set in. Another version draws letters otherwise, and is not held to them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.walk import read_on, show_pictures
from tests.conftest import GOLDEN
from tests.perception import difference

pytestmark = [pytest.mark.browser, pytest.mark.torture]

LOOKS = GOLDEN / "looks"
DRAWN_BY = LOOKS / "browser.json"
SEEN = Path(__file__).parents[2] / "build" / "looks"
READERS = {
    f"{width}-{'dark' if dark else 'light'}": Reader(width, 900, dark=dark, still=True)
    for width in (1280, 768, 360)
    for dark in (False, True)
}
QUALITY = 75  # of WebP; what it loses, it loses of the new picture too
TOLERATED = 0.0005  # of a picture: the edges of a few letters
# What stands between two rows of pixels is drawn otherwise, and so would be all below any edit.
SHOW_ON_WHOLE_PIXELS = """(element) => {
  const main = document.querySelector("main");
  main.style.translate = "none";
  element.scrollIntoView({ behavior: "instant" });
  const { top } = element.getBoundingClientRect();
  main.style.translate = `0 ${Math.round(top) - top}px`;
}"""


@dataclass(frozen=True)
class Look:
    """A picture by the name under which it is kept, and the bytes to keep."""

    name: str
    packed: bytes

    @property
    def image(self) -> Image.Image:
        return Image.open(BytesIO(self.packed)).convert("RGB")


def looks(page: Page) -> Iterator[Look]:
    """Yield what a window shows at the head of the page and of each section, then each figure."""
    for number, head in enumerate(page.locator("h1, main h2").all()):
        head.evaluate(SHOW_ON_WHOLE_PIXELS)
        yield Look(f"page-{number}", packed(page.screenshot(animations="disabled")))
    for figure in page.locator("figure.nv-figure").all():
        figure.evaluate(SHOW_ON_WHOLE_PIXELS)
        name = figure.get_attribute("id")
        yield Look(f"{name}", packed(figure.screenshot(animations="disabled")))


def packed(shot: bytes) -> bytes:
    file = BytesIO()
    Image.open(BytesIO(shot)).convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def kept(reader: str, name: str) -> Path:
    return LOOKS / reader / f"{name}.webp"


def version(browser: Browser) -> str:
    return browser.version.partition(".")[0]


@pytest.fixture
def is_renewal(browser: Browser, pytestconfig: pytest.Config) -> bool:
    """Whether the pictures are kept anew; else this must be the browser that drew them."""
    if pytestconfig.getoption("--golden-update"):
        LOOKS.mkdir(parents=True, exist_ok=True)
        DRAWN_BY.write_text(json.dumps({"version": version(browser)}) + "\n")
        return True
    drawn_by = json.loads(DRAWN_BY.read_text())["version"]
    if drawn_by != version(browser):
        pytest.skip(f"THE KEPT LOOKS WERE DRAWN BY ANOTHER BROWSER, of version {drawn_by}")
    return False


@pytest.mark.parametrize("name", READERS)
def test_the_page_looks_as_it_was_last_seen(
    name: str, site_from_disk: str, open_page: OpenPage, is_renewal: bool
) -> None:
    page = open_page(site_from_disk, READERS[name])
    read_on(page)
    show_pictures(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    found = list(looks(page))
    names = {kept(name, look.name) for look in found}
    if is_renewal:
        for stale in set(LOOKS.glob(f"{name}/*.webp")) - names:
            stale.unlink()
        for look in found:
            keep(kept(name, look.name), look)
    assert set(LOOKS.glob(f"{name}/*.webp")) == names
    different = [told for look in found if (told := told_difference(name, look))]
    assert not different, "see build/looks; if it is right, `make looks`\n" + "\n".join(different)


def keep(file: Path, look: Look) -> None:
    """Write a picture, unless the one that is there looks the same: history is not for noise."""
    if file.is_file() and difference(Image.open(file), look.image).share <= TOLERATED:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(look.packed)


def told_difference(reader: str, look: Look) -> str:
    """Say what differs from the kept picture; put it beside the new one where both can be seen."""
    with Image.open(kept(reader, look.name)) as file:
        before = file.convert("RGB")
    found = difference(before, look.image)
    if found.box is None or found.share <= TOLERATED:
        return ""
    after = look.image
    both = Image.new("RGB", (before.width + after.width, max(before.height, after.height)))
    both.paste(before)
    both.paste(after, (before.width, 0))
    left, top, right, bottom = found.box
    box = (before.width + left, top, before.width + right, bottom)
    ImageDraw.Draw(both).rectangle(box, outline="red", width=2)
    SEEN.mkdir(parents=True, exist_ok=True)
    both.save(SEEN / f"{reader}-{look.name}.png")
    return f"{reader}-{look.name}.png: {found.share:.2%} differ, within {found.box}"
