"""Marks stand out from their ground by 3 to 1, and text on shades by 4.5 to 1, in light and dark.

axe measures text on a plain ground; here are the lines, bars and points that a reader has to see
(WCAG 2.2, 1.4.11), the edges of controls, and the shades of tables.
"""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.colours import contrast, over, parsed
from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.walk import wake_all

pytestmark = pytest.mark.browser

# Drawn, but nothing is lost to who does not see it.
DECORATION = {
    ".grid": "lines that help the eye along; the ticks beside them say the same",
    ".band": "the spread, whose ends are told by each point's note and in the table",
    ".halo": "in the colour of the page, around a line that is tried",
    ".reach, .target": "larger than their mark, to be hit; transparent",
    "nv-network-diagram .lines path": "as faint as the weight is small; tried when picked out",
    "nv-reliability .count": "has an edge, which is tried",
}
MARKS = """(decoration) => [...document.querySelectorAll(
  "figure svg :is(path, rect, circle, line, polyline, polygon, ellipse)")]
  .filter((mark) => mark.checkVisibility() && !mark.matches(decoration) && mark.getBBox
    && (mark.getBBox().width || mark.getBBox().height))
  .flatMap((mark) => {
    const style = getComputedStyle(mark);
    const told = `${mark.closest("figure").id} ${mark.localName}.${mark.className.baseVal}`;
    const seen = (paint, opacity) => paint !== "none" && paint !== "rgba(0, 0, 0, 0)"
      ? [[paint, opacity * style.opacity]] : [];
    const paints = [...seen(style.fill, style.fillOpacity),
      ...(parseFloat(style.strokeWidth) ? seen(style.stroke, style.strokeOpacity) : [])];
    return paints.length ? [[told, paints, grounds(mark)]] : [];
  })"""
# The grounds that an element lies on, from the nearest that is not transparent to the page.
GROUNDS = """globalThis.grounds = (element) => {
  const found = [];
  for (let one = element; one; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (backgroundColor !== "rgba(0, 0, 0, 0)") found.push(backgroundColor);
  }
  return found;
}"""
EDGES = """() => [...document.querySelectorAll(".nv-button, .nv-choice button, .nv-select")]
  .filter((one) => one.checkVisibility() && !one.disabled)
  .map((one) => [`${one.closest("figure")?.id} ${one.textContent.slice(0, 20)}`,
    [[getComputedStyle(one).borderTopColor, 1]], grounds(one.parentElement)])"""
OWN_LINES = """() => [...document.querySelectorAll("nv-network-diagram .picking .own")]
  .map((line) => { const { stroke, strokeOpacity, opacity } = getComputedStyle(line);
    return ["a line picked out", [[stroke, strokeOpacity * opacity]], grounds(line)]; })"""


def ground_of(layers: list[str]) -> tuple[float, ...]:
    """Return the colour that shows where `layers` lie on one another, the topmost first."""
    ground: tuple[float, ...] = (1.0, 1.0, 1.0)
    for layer in reversed(layers):
        ground = over(parsed(layer), ground)
    return ground


def faint(marks: list[Any]) -> dict[str, float]:
    """Return the marks of which neither fill nor edge stands out by 3 to 1, with their best."""
    best: dict[str, float] = {}
    assert marks
    for told, paints, layers in marks:
        ground = ground_of(layers)
        ratios = []
        for paint, opacity in paints:
            *colour, alpha = parsed(paint)
            shown = over((*colour, alpha * float(opacity)), ground)
            ratios.append(float(contrast(shown, ground)))
        best[told] = min(max(ratios), best.get(told, 21.0))
    return {told: round(ratio, 2) for told, ratio in best.items() if ratio < 3}


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.torture)], ids=["light", "dark"]
)
def page(request: pytest.FixtureRequest, site_from_disk: str, open_page: OpenPage) -> Page:
    page = open_page(site_from_disk, Reader(dark=request.param, still=True))
    wake_all(page)
    page.evaluate(GROUNDS)
    return page


def test_marks_and_edges_of_controls_stand_out(page: Page) -> None:
    assert faint(page.evaluate(MARKS, ", ".join(DECORATION))) == {}
    assert faint(page.evaluate(EDGES)) == {}


def test_the_lines_of_a_neuron_that_is_picked_out_stand_out(page: Page) -> None:
    page.locator("nv-network-diagram .output .neuron:visible").first.focus()
    page.wait_for_timeout(250)  # until the others have faded
    assert faint(page.evaluate(OWN_LINES)) == {}


def test_every_shade_of_a_cell_leaves_its_number_readable(page: Page) -> None:
    for kind in ("right", "wrong"):
        shades = shades_of_a_cell(page, kind)
        ratios = [contrast(parsed(text)[:3], ground_of(layers)) for text, layers in shades]
        assert min(ratios) >= 4.5, (kind, ratios)
        assert ground_of(shades[-1][1]) != ground_of(shades[1][1])  # the shades are there


def shades_of_a_cell(page: Page, kind: str) -> list[tuple[str, list[str]]]:
    """Return the colour of a cell's number and what it lies on: for none, then for each shade."""
    found: list[tuple[str, list[str]]] = page.evaluate(
        """(kind) => {
          const cell = document.querySelector("nv-confusion-matrix .cell");
          const written = (classes) => { cell.className = `cell ${classes}`;
            return [getComputedStyle(cell).color, grounds(cell)]; };
          return [written(`${kind} nv-shade-0 zero`), ...Array.from({ length: 21 },
            (_, k) => written(`${kind} nv-shade-${k}`))];
        }""",
        kind,
    )
    return found
