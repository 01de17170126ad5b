"""The page by keyboard alone: controls in their order, the focus seen, nothing out of reach."""

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.colours import contrast
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import Reader
from tests.browser.walk import alone, figure_ids, wake_all

pytestmark = pytest.mark.browser

RIM = 6  # CSS pixels about an element within which its focus ring lies

# What Tab must reach, in the order of the document; the note of a number comes and goes.
STOPS = """() => {
  const all = "a[href], button, input, select, summary, [tabindex]";
  globalThis.stops = [...document.querySelectorAll(all)]
    .filter((one) => one.tabIndex === 0 && !one.disabled && one.checkVisibility()
      && !one.closest(".nv-tip"));
  return stops.length;
}"""
# Which stop has the focus, whether it shows in the window, and whether it lies on top.
HERE = """() => {
  const one = document.activeElement;
  const { left, top, right, bottom } = one.getBoundingClientRect();
  const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  // Text that is broken over two lines has its middle beside both.
  const places = [[left + right, top + bottom], [2 * left + 8, 2 * top + 8]]
    .map(([x, y]) => [x / 2, y / 2]);
  const [x, y] = places[0];
  return {
    place: stops.indexOf(one),
    kind: [one.closest("figure")?.id ?? "text", one.localName,
      one.className.baseVal ?? one.className].join(" "),
    what: one.textContent.trim().slice(0, 30) || one.getAttribute("aria-label"),
    top: top + scrollY,
    inside: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    covered: places.every(([x, y]) => !inside(x, y) || !document.elementFromPoint(x, y)
      || ![one, ...one.querySelectorAll("*")].includes(document.elementFromPoint(x, y))
      && !document.elementFromPoint(x, y).contains(one)),
  };
}"""


def walked(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top of the page to its end; return where each press has led."""
    count = page.evaluate(STOPS)
    found = []
    for _ in range(count + 20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found.append(page.evaluate(HERE))
    return found


@pytest.mark.torture
def test_tab_reaches_every_control_once_in_the_order_of_the_page(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(width=360, still=True))
    wake_all(page)
    found = walked(page)
    missed = [one for one in found if one["place"] < 0]
    assert missed == []
    assert [one["place"] for one in found] == list(range(page.evaluate(STOPS)))
    assert [one for one in found if not one["inside"] or one["covered"]] == []
    # In one column what comes later stands lower; on one line a few pixels up and down.
    tops = [one["top"] for one in found]
    ups = [(a, b) for a, b in pairwise(tops) if b < a - 60]
    assert ups == [], found


@pytest.mark.torture
def test_who_tabs_from_afar_leaps_over_no_control(site_from_disk: str, open_page: OpenPage) -> None:
    """Figures wake for the focus as they wake for the eye, before it gets to them."""
    page = open_page(site_from_disk, Reader(still=True))
    for _ in range(1000):
        page.keyboard.press("Tab")
        page.wait_for_timeout(15)
        if page.evaluate("document.activeElement === document.body"):
            break
        page.evaluate("document.activeElement.dataset.reached = ''")
    wake_all(page)
    page.evaluate(STOPS)
    missed = page.evaluate(
        """stops.filter((one) => !("reached" in one.dataset))
          .map((one) => one.outerHTML.slice(0, 200))"""
    )
    assert missed == []


def picture(page: Page, clip: FloatRect) -> NDArray[np.float64]:
    """Return what shows in a part of the window, (height, width, 3) in 0..1."""
    shot = page.screenshot(clip=clip, animations="disabled", caret="hide")
    with Image.open(io.BytesIO(shot)) as image:
        return np.asarray(image.convert("RGB"), float) / 255


def ring_share(page: Page) -> float:
    """Return how much of a ring 2 CSS pixels thick about the focused element its focus shows.

    Counted are pixels that differ between focused and not by 3 to 1 in contrast, as
    WCAG 2.2, 2.4.13, counts them; a full ring gives 1.
    """
    box = page.evaluate(
        """() => { document.activeElement.scrollIntoView({ block: "center", behavior: "instant" });
        const { x, y, width, height } = document.activeElement.getClientRects()[0];
        return { x, y, width, height }; }"""
    )
    left, top = max(0, box["x"] - RIM), max(0, box["y"] - RIM)
    size = page.viewport_size or {"width": 0, "height": 0}
    clip: FloatRect = {
        "x": left,
        "y": top,
        "width": min(size["width"], box["x"] + box["width"] + RIM) - left,
        "height": min(size["height"], box["y"] + box["height"] + RIM) - top,
    }
    focused = picture(page, clip)
    page.evaluate("globalThis.held = document.activeElement; held.blur()")
    bare = picture(page, clip)
    page.evaluate("held.focus({ preventScroll: true })")
    changed = int((contrast(focused, bare) >= 3).sum())
    return changed / float(
        4 * (min(clip["width"], box["width"]) + min(clip["height"], box["height"]))
    )


@pytest.mark.torture
@pytest.mark.parametrize("dark", [False, True])
def test_the_focus_is_always_seen(site_from_disk: str, open_page: OpenPage, dark: bool) -> None:
    """A ring as thick as ours is tall is seen whole; half of it is enough for odd shapes."""
    page = open_page(site_from_disk, Reader(dark=dark, still=True))
    wake_all(page)
    shares: dict[str, float] = {}
    for place in range(1, page.evaluate(STOPS)):
        page.evaluate("(place) => stops[place - 1].focus()", place)
        page.keyboard.press("Tab")
        kind = page.evaluate(HERE)["kind"]
        if kind not in shares:
            shares[kind] = round(ring_share(page), 2)
    assert len(shares) > 30
    assert {kind: share for kind, share in shares.items() if share < 0.5} == {}


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def look_of(figure: Locator) -> str:
    """Return all that a figure shows: its markup, what its fields hold, its canvases."""
    found: str = figure.evaluate(
        """(figure) => [figure.outerHTML,
          ...[...figure.querySelectorAll("select, input")].map((one) => one.value),
          ...[...figure.querySelectorAll("canvas")].map((one) => one.toDataURL())].join()"""
    )
    return found


def use(page: Page, control: Locator) -> None:
    """Do by keys what a mouse would do with a control."""
    kind = control.evaluate(
        "(one) => one.getAttribute('role') === 'button' ? 'button' : one.localName"
    )
    control.focus()
    if kind == "select":
        pressed(page, "ArrowDown")
    elif kind == "input":
        pressed(page, "ArrowLeft")
    elif kind in {"button", "summary"}:
        pressed(page, "Space")
    else:
        pressed(page, "ArrowRight", "ArrowDown")


# A button that is pressed already, and one that begins anew what has not begun.
IDLE = ('aria-pressed="true"', "Start again")


@pytest.mark.parametrize("share", ["some", pytest.param("all", marks=pytest.mark.torture)])
def test_every_control_works_by_keys(
    site_from_server: str, open_page: OpenPage, share: str
) -> None:
    page = open_page(site_from_server, Reader(still=True))
    idle = []
    for figure_id in figure_ids(page) if share == "all" else ["fig-weights", "fig-confusion"]:
        page.goto(site_from_server)
        figure = alone(page, figure_id)
        for place in range(page.evaluate(STOPS)):
            page.evaluate("(place) => stops[place]?.setAttribute('data-stop', place)", place)
        for control in figure.locator("[data-stop]:not(a)").all():
            if not control.count() or not control.is_visible() or not control.is_enabled():
                continue
            told = control.evaluate("(one) => one.outerHTML.slice(0, 160)")
            before = look_of(figure)
            use(page, control)
            page.wait_for_timeout(150)
            note = page.locator("#nv-tip:visible").count()
            scrolls = 'role="region"' in told or 'class="scroll"' in told
            if look_of(figure) == before and not note and not scrolls:
                idle.append(f"{figure_id}: {told}")
    assert [told for told in idle if not any(part in told for part in IDLE)] == []


def test_a_digit_can_be_drawn_by_keys(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-template-match").first
    figure.scroll_into_view_if_needed()
    drawer = figure.get_by_role("button", name="Draw a digit")
    drawer.focus()
    pressed(page, "Enter")
    pad = figure.get_by_role("application", name="Draw a digit here")
    expect(pad).to_be_focused()
    said = figure.locator("> [aria-live]")
    pressed(page, *["ArrowUp"] * 7)
    expect(said).to_have_text("row 7, column 14")
    pressed(page, "Space")
    expect(said).to_have_text("Pen down")
    pressed(page, *["ArrowDown"] * 14, "Space")
    expect(said).to_have_text("Pen up")
    ink = page.evaluate("[...document.querySelector('nv-template-match').pixels]")
    upright = np.reshape(ink, (28, 28))
    assert (upright > 0.5).any(axis=1).sum() >= 18  # a stroke from top to bottom
    assert (upright > 0.5).any(axis=0).sum() <= 5
    assert figure.locator(".actual").inner_text() == "yours"
    figure.get_by_role("button", name="Clear").press("Enter")
    assert not any(page.evaluate("[...document.querySelector('nv-template-match').pixels]"))
    figure.get_by_role("button", name="Back to the test images").press("Enter")
    expect(drawer).to_be_focused()
    expect(pad).to_have_count(0)
    assert any(page.evaluate("[...document.querySelector('nv-template-match').pixels]"))


def test_tab_leads_out_of_a_note_to_what_follows_its_number(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    first, second = page.locator("data.nv-value[data-key]").all()[:2]
    first.focus()
    pressed(page, "Space")
    note = page.locator("#nv-tip")
    expect(note.get_by_role("link").first).to_be_focused()
    pressed(page, *["Tab"] * note.get_by_role("link").count())
    stop = page.evaluate("document.activeElement.outerHTML")
    first.focus()
    pressed(page, "Tab")
    assert page.evaluate("document.activeElement.outerHTML") == stop
    second.focus()
    pressed(page, "Enter", "Shift+Tab")
    expect(second).to_be_focused()
    pressed(page, "Escape")
    expect(note).to_be_hidden()


def test_escape_closes_the_tip_of_a_chart(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-reliability").first
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-reliability .mark[tabindex=\"0\"]') !== null")
    figure.locator(".mark[tabindex='0']").first.focus()
    expect(page.locator("#nv-tip")).to_be_visible()
    pressed(page, "Escape")
    expect(page.locator("#nv-tip")).to_be_hidden()


@pytest.mark.quick
def test_a_weight_can_be_read_by_keyboard(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-weights").nth(1)
    figure.scroll_into_view_if_needed()
    canvas = figure.locator("canvas[tabindex='0']")
    canvas.wait_for()
    assert canvas.count() == 1
    canvas.focus()
    pressed(page, "ArrowRight")
    reading = figure.locator(".reading")
    expect(reading).to_contain_text("row 15, column 16")
    first = reading.inner_text()
    pressed(page, "PageDown")
    expect(reading).not_to_have_text(first)
    assert canvas.count() == 1
    pressed(page, "PageUp")
    expect(reading).to_have_text(first)
