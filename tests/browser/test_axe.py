"""axe-core finds nothing: in the page, and in every state of every figure."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]  # no types
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.readers import READERS, Reader
from tests.browser.walk import alone, figure_ids, figure_words, read_on, states

pytestmark = pytest.mark.browser

# Off in axe unless asked for: WCAG 2.2 AA, targets of 24 by 24 pixels or as far apart.
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
# What depends on the width of the window, and on light and dark; the rest is the same to all.
OF_WIDTH = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
OF_THEME = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
CHANGING = ("main",)  # what holds all that a state of a figure changes, its tip too


@cache
def axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, options: dict[str, Any], within: Sequence[str] = ("html",)) -> list[str]:
    """Return a line for each element `within` these that breaks one of axe's rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())
    found: list[str] = page.evaluate(
        """async ([options, include]) =>
          (await axe.run({ include }, { resultTypes: ["violations"], ...options }))
          .violations.flatMap(({ id, nodes }) => nodes.map((node) =>
            `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))""",
        [options, list(within)],
    )
    return found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("desk", marks=pytest.mark.torture),
        pytest.param("desk-dark", marks=pytest.mark.torture),
        pytest.param("phone", marks=pytest.mark.torture),
        "phone-dark",
    ],
)
def test_the_page_is_without_fault(site_from_server: str, open_page: OpenPage, name: str) -> None:
    page = open_page(site_from_server, READERS[name])
    read_on(page)
    assert faults(page, EVERYTHING) == []


def faults_of_states(
    page: Page, address: str, figures: list[str], options: dict[str, Any], *, dark: bool = True
) -> list[str]:
    """Return a line for each fault in each state of the `figures`, in light, and dark if asked."""
    found = []
    for figure_id in figures:
        page.goto(address)
        found += faults_of_figure(page, figure_id, options, dark=dark)
    return found


def faults_of_figure(
    page: Page, figure_id: str, options: dict[str, Any], *, dark: bool
) -> list[str]:
    """Return a line for each fault in each state of a figure of the page that is open."""
    found = []
    figure = alone(page, figure_id)
    for state in states(page, figure):
        found += [f"{figure_id}, {state}: {fault}" for fault in faults(page, options, CHANGING)]
        if not dark:
            continue
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        in_dark = faults(page, OF_THEME, CHANGING)
        found += [f"{figure_id}, {state}, dark: {fault}" for fault in in_dark]
        page.evaluate("document.documentElement.dataset.theme = 'light'")
    return found


def test_faults_that_come_with_a_click_are_found(
    site_from_server: str, open_page: OpenPage
) -> None:
    """A button without a name, text too dark for dark, and text that a class beside it pales."""
    page = open_page(site_from_server)
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(".planted ~ ul li:first-child .name { color: #ccc; }");
          document.adoptedStyleSheets.push(sheet);
          document.addEventListener("click", () => {
            const figure = document.querySelector("#fig-random-sample");
            figure.append(document.createElement("button"));
            figure.querySelector("figcaption").style.color = "#222";
            figure.querySelector(".nv-controls").classList.add("planted");
          }, { once: true });
        }"""
    )
    lines = faults_of_figure(page, "fig-random-sample", EVERYTHING, dark=True)
    assert not any("awake" in line for line in lines)
    text = "\n".join(lines)
    assert "pressed: button-name: <button></button>" in text
    caption = 'color-contrast: <span id="fig-random-sample-caption"'
    assert f"pressed, dark: {caption}" in text
    assert f"pressed: {caption}" not in text
    assert 'pressed: color-contrast: <span class="name">' in text


@pytest.mark.quick
def test_every_state_of_some_figures_is_without_fault(
    site_from_server: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_server, Reader(width=360))
    assert faults_of_states(page, site_from_server, ["fig-random-sample"], EVERYTHING) == []


@pytest.mark.torture
@pytest.mark.parametrize("half", [0, 1])  # the longest of all tests, for two workers at once
def test_every_state_of_every_figure_is_without_fault(
    site_from_server: str, open_page: OpenPage, half: int
) -> None:
    page = open_page(site_from_server)
    figures = figure_ids(page)[half::2]
    assert faults_of_states(page, site_from_server, figures, EVERYTHING) == []


@pytest.mark.torture
@pytest.mark.parametrize("width", [768, 360])
def test_every_state_of_every_kind_of_figure_finds_room(
    site_from_server: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(site_from_server, Reader(width=width))
    # Of each word the last, on photographs, which need more room.
    figures = list({word: figure_id for figure_id, word in figure_words(page).items()}.values())
    dark = width == 360
    assert faults_of_states(page, site_from_server, figures, OF_WIDTH, dark=dark) == []
