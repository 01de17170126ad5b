"""An image moved by hand: the page's networks say of it what the build counted in the table."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

ANSWERS = "figure => [...figure.querySelectorAll('.answers .answer')].map((one) => one.textContent)"
TABLE = """figure => [...figure.querySelectorAll('table tr:has(.answer)')].map(
  (row) => [...row.querySelectorAll('.answer')].map((one) => one.textContent))"""
CURRENT = (
    "figure => [...figure.querySelectorAll('thead [data-current]')].map((one) => one.textContent)"
)
INK = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
  .filter((_, at) => at % 4 === 0)"""


def awake(page: Page) -> Locator:
    figure = page.locator("nv-move-it")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".answers .answer").first).not_to_be_empty()
    return figure


def test_keys_move_the_image_to_what_the_table_says(
    open_page: OpenPage, site_from_disk: str
) -> None:
    figure = awake(open_page(site_from_disk))
    in_table = figure.evaluate(TABLE)
    canvas = figure.locator(".image canvas")
    canvas.focus()
    for pixels, answers in enumerate(zip(*in_table, strict=True)):
        assert figure.evaluate(ANSWERS) == list(answers)
        assert figure.evaluate(CURRENT) == [f"{pixels} px"]
        canvas.press("ArrowLeft")
    assert figure.evaluate(CURRENT) == []  # farther than the table goes
    figure.get_by_role("button", name="Put it back").click()
    assert figure.evaluate(CURRENT) == ["0 px"]


def test_it_is_dragged_by_a_pointer(open_page: OpenPage, site_from_disk: str) -> None:
    page = open_page(site_from_disk, Reader(width=360))
    figure = awake(page)
    canvas = figure.locator(".image canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    pixel = box["width"] / 28
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 2 * pixel, y, steps=4)
    page.mouse.up()
    assert figure.evaluate(CURRENT) == ["2 px"]
    page.mouse.move(x + 40, y)  # without the button down nothing moves
    assert figure.evaluate(CURRENT) == ["2 px"]


def test_it_is_dragged_in_both_directions_at_once(open_page: OpenPage, site_from_disk: str) -> None:
    page = open_page(site_from_disk)
    canvas = awake(page).locator(".image canvas")
    canvas.scroll_into_view_if_needed()
    image = np.reshape(canvas.evaluate(INK), (28, 28))
    box = canvas.bounding_box()
    assert box is not None
    pixel = box["width"] / 28
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for right, down in [(3, 5), (-1, -7)]:  # the second goes on from where the first ends
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + right * pixel, y + down * pixel, steps=3)
        page.mouse.up()
    rows, columns = (np.clip(np.arange(28) - by, 0, 27) for by in (-2, 2))
    assert np.any(image)
    assert np.array_equal(canvas.evaluate(INK), image[np.ix_(rows, columns)].ravel())


@pytest.mark.parametrize("channels", [1, 3])
def test_a_moved_image_repeats_its_border(
    open_page: OpenPage, site_from_disk: str, channels: int
) -> None:
    image = np.random.default_rng(5).integers(1, 256, (4, 6, channels))
    page = open_page(site_from_disk)
    for right, down in [(0, 0), (2, 0), (-1, 0), (0, 3), (0, -2), (5, -3), (-9, 9)]:
        size = {"width": 6, "height": 4, "channels": channels}
        given = [size, image.ravel().tolist(), right, down]
        found = page.evaluate("given => netviz.moved(...given)", given)
        rows, columns = np.clip(np.arange(4) - down, 0, 3), np.clip(np.arange(6) - right, 0, 5)
        assert found == image[np.ix_(rows, columns)].ravel().tolist(), (right, down)
