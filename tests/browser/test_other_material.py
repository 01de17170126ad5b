"""Figures of images that are not MNIST's: large, in colour, of classes with long names.

No picture lies over another, no name runs into a number, nothing is wider than the page, and what
is said of drawing speaks of images, not of digits.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from netviz.cli import main
from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.walk import wake_all

pytestmark = pytest.mark.browser

NAMES = ("benign keratosis-like lesions", "melanocytic nevi of any kind", "T-shirt/top")
LONGEST = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
SETTINGS = """\
[datasets.d]
title = "Drawings"
path = "d.npz"
classes = ["{first}", "{second}", "{third}"]
[networks.one]
title = "one layer"
dataset = "d"
[networks.one.recipe]
epochs = 2
[networks.two]
title = "twelve hidden units"
dataset = "d"
hidden = [12]
[networks.two.recipe]
epochs = 2
"""
COLOUR = ("one_neuron", "weights", "training_film", "mistakes", "surest_samples", "you_first")
GREY = ("template_match", "unrolling", *COLOUR)
HIDDEN = ("filters_and_votes", "feature_space", "network_diagram")
OVERLAPS = """() => [...document.querySelectorAll(".nv-figure")].flatMap((figure) => {
  const boxes = [...figure.querySelectorAll(".nv-tile")].filter((one) => one.checkVisibility())
    .map((one) => one.getBoundingClientRect());
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1).map(() => figure.dataset.figure));
})"""
RUN_INTO = """() => [...document.querySelectorAll(".scores tbody tr")].map((row) => {
  const range = document.createRange();
  const edge = (cell, side) => {
    range.selectNodeContents(cell);
    return range.getBoundingClientRect()[side];
  };
  return edge(row.querySelector(".logit"), "left") - edge(row.querySelector("th"), "right");
})"""


def essay(folder: Path, side: int, channels: int, names: tuple[str, ...], calls: list[str]) -> str:
    """Build an essay of drawings with these figures; return the address of its page."""
    rng = np.random.default_rng(side)
    labels = np.tile(np.arange(3), 30)
    shape = (90, side, side) if channels == 1 else (90, side, side, 3)
    images = rng.integers(0, 120, shape, np.uint8)
    images[labels == 1, : side // 2] += 100
    images[labels == 2, :, : side // 2] += 100
    (folder / "essay").mkdir()
    np.savez(folder / "essay" / "d.npz", images=images, labels=labels)
    first, second, third = names
    settings = SETTINGS.format(first=first, second=second, third=third)
    (folder / "essay" / "essay.toml").write_text(settings, encoding="utf-8")
    front = '---\ntitle: T\nauthors: ["A"]\ndate: 2026-01-01\ndescription: D\n---\n\n## H\n\n'
    text = front + "\n\n".join(f"{{{{ figure({call}) }}}}" for call in calls)
    (folder / "essay" / "index.md").write_text(text, encoding="utf-8")
    out = folder / "build" / "site"
    assert main(["build", str(folder / "essay"), "--out", str(out)]) == 0
    return (out / "index.html").as_uri()


def calls(of_one: tuple[str, ...]) -> list[str]:
    return [
        *(f'"{word}", network="one"' for word in of_one),
        *(f'"{word}", network="two"' for word in HIDDEN),
        '"confusion_matrix", network="one", compare="two"',
        '"random_sample", dataset="d"',
    ]


@pytest.fixture(scope="module", params=[(64, 3), (40, 1)], ids=["64 in colour", "40 in grey"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    side, channels = request.param
    words = GREY if channels == 1 else COLOUR
    return essay(tmp_path_factory.mktemp("large"), side, channels, NAMES, calls(words))


@pytest.fixture(scope="module")
def long_named(tmp_path_factory: pytest.TempPathFactory) -> str:
    names = (LONGEST, LONGEST[::-1], "short")
    return essay(tmp_path_factory.mktemp("long"), 28, 1, names, calls(GREY))


def at_widths(open_page: OpenPage, address: str) -> Iterator[tuple[int, Page]]:
    for width in (1440, 1280, 768, 360):
        page = open_page(address, Reader(width, 900))
        wake_all(page)
        yield width, page


def test_pictures_lie_beside_each_other(large: str, open_page: OpenPage) -> None:
    for width, page in at_widths(open_page, large):
        assert page.evaluate(OVERLAPS) == [], width


def test_long_names_make_no_page_wider(long_named: str, open_page: OpenPage) -> None:
    for width, page in at_widths(open_page, long_named):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPS) == [], width
        assert min(page.evaluate(RUN_INTO)) >= 2, width


def test_the_columns_of_the_surest_images_are_of_one_width(large: str, open_page: OpenPage) -> None:
    for width, page in at_widths(open_page, large):
        widths = page.locator("nv-surest-samples tbody tr:first-child .cell").evaluate_all(
            "(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().width))"
        )
        assert len(set(widths)) == 1, (width, widths)


def test_a_drawing_of_other_things_is_read_as_it_was_drawn(
    long_named: str, open_page: OpenPage
) -> None:
    """Two strokes at the left stay there and apart, from top to bottom."""
    page = open_page(long_named)
    figure = page.locator("nv-template-match")
    figure.scroll_into_view_if_needed()
    assert figure.get_by_role("button", name="Draw a digit").count() == 0
    figure.get_by_role("button", name="Draw an image").click()
    pad = figure.locator("canvas.drawing")
    assert str(pad.get_attribute("aria-label")).startswith("Draw an image here.")
    box = pad.bounding_box()
    assert box
    for share in (0.15, 0.45):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 2)
        page.mouse.down()
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] - 2, steps=8)
        page.mouse.up()
    rows = figure.evaluate(
        """(one) => { const rows = [];
        for (let y = 0; y < 28; y += 1) rows.push([...one.pixels.slice(28 * y, 28 * y + 28)]);
        return rows; }"""
    )
    drawn = np.array(rows) > 0.3
    assert drawn.any(axis=1).all()
    columns = np.flatnonzero(drawn.any(axis=0))
    assert columns.max() < 17
    assert not drawn[:, 7:11].any(axis=0).all()
