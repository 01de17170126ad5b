"""Text, figures and their captions at one edge, and captions beside narrow figures."""

from typing import Any

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader

pytestmark = pytest.mark.browser

# The edge at which each part of the page begins, of whatever direction.
EDGES = """() => {
  const start = (one) => {
    const { left, right } = one.getBoundingClientRect();
    return Math.round(document.dir === "rtl" ? innerWidth - right : left);
  };
  const parts = ".nv-head > *, .nv-pages > *, .nv-essay > *, .nv-checked > *, .nv-foot > *";
  return [...document.querySelectorAll(parts)].filter((one) => one.checkVisibility()).map(start);
}"""
FIGURES = """() => [...document.querySelectorAll(".nv-essay > .nv-figure")].map((figure) => {
  const box = figure.getBoundingClientRect();
  const caption = figure.querySelector("figcaption").getBoundingClientRect();
  const drawing = figure.querySelector(":scope > :not(figcaption, .nv-finding)");
  const { right, bottom } = drawing.getBoundingClientRect();
  return {
    id: figure.id, in_text: drawing.classList.contains("nv-in-text"), width: box.width,
    beside: caption.left > right, below: caption.top >= bottom, starts: caption.left === box.left,
  };
})"""


@pytest.mark.parametrize("width", [360, 768, 1100, 1280, 1920])
def test_all_parts_of_a_page_begin_at_one_edge(
    site_from_disk: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(site_from_disk, Reader(width=width))
    edges: list[int] = page.evaluate(EDGES)
    assert len(edges) > 50
    assert len(set(edges)) == 1


def test_captions_are_below_wide_figures_and_beside_narrow_ones(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(width=1280))
    figures: list[dict[str, Any]] = page.evaluate(FIGURES)
    narrow = [one["id"] for one in figures if one["in_text"]]
    assert narrow
    assert [one["id"] for one in figures if one["beside"] and not one["below"]] == narrow
    wide = [one for one in figures if not one["in_text"]]
    assert all(one["below"] and one["starts"] for one in wide)


def test_no_figure_is_narrower_in_a_wider_window(site_from_disk: str, open_page: OpenPage) -> None:
    widths = []
    for width in (1280, 1920):
        page = open_page(site_from_disk, Reader(width=width))
        widths.append([one["width"] for one in page.evaluate(FIGURES)])
    assert all(small <= large for small, large in zip(*widths, strict=True))


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_lies_under_the_choice_of_light_or_dark(
    site_from_disk: str, open_page: OpenPage, width: int
) -> None:
    """Not on a page of whole data either, which has no banner above its links."""
    page = open_page(site_from_disk, Reader(width=width))
    page.evaluate("document.querySelector('.nv-sample-banner').remove()")
    under = page.evaluate(
        """() => {
        const button = document.querySelector(".nv-theme").getBoundingClientRect();
        return [...document.querySelectorAll(".nv-pages a, h1")].filter((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return left < button.right && right > button.left && top < button.bottom
            && bottom > button.top;
        }).map((one) => one.textContent);
        }"""
    )
    assert under == []
