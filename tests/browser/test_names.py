"""What screen readers are told: a name for everything, the finding of a figure, and each change."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.walk import alone, figure_ids, fresh_control, name_of, operated, wake_all

pytestmark = pytest.mark.browser

# Roles of ARIA that take a name, and must have one to be of use.
NAMED = {
    *("button", "link", "combobox", "slider", "checkbox", "radio", "textbox", "option"),
    *("image", "img", "application", "dialog", "tooltip", "figure", "navigation", "region"),
    *("columnheader", "rowheader", "DisclosureTriangle", "graphics-symbol"),
}
# Counts what polite regions are given to say, be it what they said before.
LISTEN = """(figure) => {
  globalThis.told = 0;
  const spoken = ({ target }) => (target.closest ? target : target.parentElement)
    .closest("[aria-live=polite]");
  new MutationObserver((changes) => { told += changes.filter(spoken).length; })
    .observe(figure, { subtree: true, childList: true, characterData: true });
}"""
# What changes nothing yet: the rate and the decay of the steps that follow.
IDLE = ("Learning rate", "Weight decay")


def tree(page: Page) -> list[dict[str, Any]]:
    """Return the nodes of the accessibility tree that are not ignored, as Chromium builds it."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node["ignored"]]


def value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def is_focusable(node: dict[str, Any]) -> bool:
    found = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return bool(found.get("focusable"))


def test_everything_that_is_used_or_looked_at_has_a_name(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    wake_all(page)
    nodes = tree(page)
    roles = {value(node, "role") for node in nodes}
    assert {"button", "figure", "gridcell", "image", "application", "slider"} <= roles
    nameless = [
        value(node, "role")
        for node in nodes
        if (value(node, "role") in NAMED or is_focusable(node))
        and value(node, "role") not in {"RootWebArea"}
        and not value(node, "name").strip()
    ]
    assert nameless == []


def test_a_figure_is_named_by_its_caption_and_begins_with_its_finding(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    nodes = {node["nodeId"]: node for node in tree(page)}
    figures = [node for node in nodes.values() if value(node, "role") == "figure"]
    assert len(figures) == len(figure_ids(page))
    findings = page.locator(".nv-figure > .nv-finding").all_inner_texts()
    for number, (figure, finding) in enumerate(zip(figures, findings, strict=True), 1):
        assert value(figure, "name").startswith(f"Figure {number}")
        first = nodes[next(child for child in figure["childIds"] if child in nodes)]
        said = "".join(value(nodes[child], "name") for child in first["childIds"])
        assert " ".join(said.split()) == " ".join(finding.split())


@pytest.mark.torture
def test_every_table_has_a_name_and_heads_for_columns_and_rows(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    wake_all(page)
    bare = page.evaluate(
        """() => [...document.querySelectorAll("main table")].filter((table) =>
          !table.querySelector("thead th")
          || table.closest("figure") && (!table.querySelector("thead th[scope=col]")
            || !table.querySelector("tbody th[scope=row]")
            || !table.caption && !table.closest("[aria-label]")))
        .map((table) => table.outerHTML.slice(0, 200))"""
    )
    assert bare == []


@pytest.mark.torture
def test_every_live_region_stands_there_before_it_speaks(
    site_from_disk: str, open_page: OpenPage
) -> None:
    """Screen readers follow a region from when they first see it: one that comes full is missed."""
    page = open_page(site_from_disk)
    wake_all(page)
    mute = page.evaluate(
        """() => [...document.querySelectorAll(".nv-figure > *")]
          .filter((one) => one.wake && !one.querySelector(":scope > .nv-hidden[aria-live=polite]"))
          .map((one) => one.localName)"""
    )
    assert mute == []


def silent_controls(page: Page, figure_id: str) -> list[str]:
    """Return each control of a figure that changes it without a word in a polite region."""
    figure = alone(page, figure_id)
    figure.evaluate(LISTEN)
    silent: list[str] = []
    seen: set[str] = set()
    while control := fresh_control(figure, seen):
        name = name_of(control)
        seen.add(name)
        before = page.evaluate("told")
        is_pressed = control.get_attribute("aria-pressed") == "true"
        # Whoever moves a slider hears its value, and whoever opens a table that it is open.
        heard = control.evaluate("(one) => one.type === 'range' || one.localName === 'summary'")
        for _ in operated(control):
            page.wait_for_timeout(250)
            heard = heard or page.evaluate("told") > before
        if not heard and not is_pressed and not any(part in name for part in IDLE):
            silent.append(f"{figure_id}: {name}")
    return silent


@pytest.mark.parametrize("share", ["some", pytest.param("all", marks=pytest.mark.torture)])
def test_every_change_is_told(site_from_server: str, open_page: OpenPage, share: str) -> None:
    page = open_page(site_from_server)
    figures = figure_ids(page) if share == "all" else ["fig-zero"]
    silent = []
    for figure_id in figures:
        page.goto(site_from_server)
        silent += silent_controls(page, figure_id)
    assert silent == []
