"""The essay in a real browser: every reader, every figure, no script, from disk and server."""

import base64
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS, Reader
from tests.browser.walk import SHIFTED, WATCH_SHIFTS, read_on

pytestmark = pytest.mark.browser


@pytest.fixture
def measured(built_site: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads((built_site / "measurements.json").read_text(encoding="utf-8"))


@pytest.mark.quick
def test_no_reader_meets_an_error_or_a_page_wider_than_the_window(
    site_from_disk: str, open_page: OpenPage, reader: Reader
) -> None:
    page = open_page(site_from_disk, reader)
    read_on(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    "page_name", ["index.html", pytest.param("index.es.html", marks=pytest.mark.torture)]
)
@pytest.mark.parametrize(
    "width",
    [
        pytest.param(1280, marks=pytest.mark.torture),
        360,
        pytest.param(320, marks=pytest.mark.torture),
    ],
)
def test_text_twice_as_large_never_makes_the_page_wider(
    site_from_disk: str, open_page: OpenPage, width: int, page_name: str
) -> None:
    # Not as a phone, which would make its view as wide as the page.
    page = open_page(site_from_disk.replace("index.html", page_name), Reader(width=width))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    read_on(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def compressed(site: Path, urls: set[str]) -> dict[str, int]:
    """Return what each of a site's files weighs on its way to a reader, by its path."""
    weights = {}
    for url in urls:
        path = urlsplit(url).path.lstrip("/") or "index.html"
        content = (site / path).read_bytes()
        packed = path.endswith((".woff2", ".webp", ".png"))
        weights[path] = len(content) if packed else len(gzip.compress(content))
    return weights


@pytest.mark.parametrize("name", ["index.html", "index.es.html"])
def test_the_page_is_light_before_it_is_touched(
    built_site: Path, site_from_server: str, open_page: OpenPage, name: str
) -> None:
    page = open_page("about:blank", Reader(leaps=False))
    requests: set[str] = set()
    page.on("request", lambda request: requests.add(request.url))
    page.goto(site_from_server + name)
    page.wait_for_timeout(300)
    first = compressed(built_site, requests)
    assert len(first) <= 12, sorted(first)
    assert sum(first.values()) <= 350_000, first
    assert sum(size for path, size in first.items() if path.endswith(".js")) <= 40_000, first
    read_on(page)
    page.wait_for_timeout(300)
    assert sum(compressed(built_site, requests).values()) <= 1_500_000


WIDTHS = [360, 412, 768, 1024, 1280, 1920]


def come_late(route: Route) -> None:
    """Let a font come after the text has been laid out in the one that stands in for it."""
    time.sleep(0.4)
    route.continue_()


def watched(open_page: OpenPage, address: str, width: int, *, fonts_are_late: bool = False) -> Page:
    """Open a page that keeps by how much its layout shifts, from the beginning."""
    page = open_page("about:blank", Reader(width=width, height=800, leaps=False))
    page.add_init_script(WATCH_SHIFTS)
    if fonts_are_late:
        page.route("**/*.woff2", come_late)
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param(name, width, marks=[] if width in (412, 1280) else pytest.mark.torture)
        for name in ("index.html", "convolution.html")
        for width in WIDTHS
    ],
)
def test_the_layout_never_shifts(
    site_from_server: str, open_page: OpenPage, name: str, width: int
) -> None:
    """Nothing moves when fonts, scripts and late data come, at any width."""
    page = watched(open_page, f"{site_from_server}{name}", width, fonts_are_late=True)
    read_on(page)
    assert page.evaluate(SHIFTED) < 0.001


@pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param(name, width, marks=[] if width == 360 else pytest.mark.torture)
        for name in ("index.es.html", "convolution.es.html")
        for width in WIDTHS
    ],
)
def test_no_figure_grows_as_it_wakes_in_another_language(
    site_from_server: str, open_page: OpenPage, name: str, width: int
) -> None:
    """Its controls have the room that they will take, though their words are longer."""
    page = watched(open_page, f"{site_from_server}{name}", width)
    page.evaluate("document.fonts.ready.then(() => { shifts.length = 0; })")
    read_on(page)
    assert page.evaluate(SHIFTED) < 0.001


@pytest.mark.quick
def test_every_figure_keeps_the_contract(
    site_from_disk: str,
    open_page: OpenPage,
    measured: Any,  # noqa: ANN401 - JSON
) -> None:
    page = open_page(site_from_disk)
    figures = page.locator("figure.nv-figure")
    assert figures.count() > 5
    for figure in figures.all():
        word = figure.get_attribute("data-figure") or ""
        assert figure.locator(f"nv-{word.replace('_', '-')}").count() == 1
        assert len(figure.locator(".nv-finding").inner_text()) > 20
        assert figure.locator("figcaption").count() == 1
        names = (figure.get_attribute("data-network") or "").split()
        identities = (figure.get_attribute("data-identity") or "").split()
        for name, identity in zip(names, identities, strict=True):
            assert measured["networks"][name]["identity"].startswith(identity)


def test_numbers_in_the_prose_are_those_of_measurements(
    site_from_disk: str,
    open_page: OpenPage,
    measured: Any,  # noqa: ANN401 - JSON
) -> None:
    page = open_page(site_from_disk)
    values = page.locator("data.nv-value[data-key]")
    assert values.count() > 20
    for value in values.all():
        found = measured
        for part in (value.get_attribute("data-key") or "").split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
        shown = value.get_attribute("value")
        assert shown == (found if isinstance(found, str) else json.dumps(found))


@pytest.mark.quick
def test_a_number_says_where_it_comes_from(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    value = page.locator("data.nv-value[data-key='networks.mnist-1layer.test.accuracy']").first
    value.focus()
    note = page.locator("#nv-tip")
    assert "the one-layer network, seed 1" in note.inner_text()
    assert "test images" in note.inner_text()
    page.keyboard.press("Escape")
    assert note.is_hidden()


def test_a_number_leads_to_how_its_network_was_trained(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    value = page.locator("data.nv-value[data-key='networks.mnist-1layer.test.accuracy']").first
    value.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "How it was trained"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.key") is not None
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    until(page, "location.hash === '#the-networks'")


def test_a_footnote_opens_in_place_and_leads_to_its_note(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    mark = page.locator("a.footnote-ref").first
    mark.focus()
    note = page.locator("#nv-tip")
    assert "American National Institute" in note.inner_text()
    mark.press("Enter")
    assert page.url == site_from_disk
    assert page.evaluate("document.activeElement.textContent") == "Go to the note"
    page.keyboard.press("Escape")
    assert note.is_hidden()
    assert page.evaluate("document.activeElement.className") == "footnote-ref"
    mark.press("Enter")
    page.keyboard.press("Enter")
    assert page.url.endswith("#fn:mnist")


def decoded(text: str, kind: str) -> Any:  # noqa: ANN401 - an array
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.mark.quick
def test_the_network_in_the_page_agrees_with_numpy_on_every_image_shipped(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-template-match")
    figure.scroll_into_view_if_needed()
    until(page, "!!document.querySelector('nv-template-match').probabilities")
    in_page = page.evaluate(
        """() => { const f = document.querySelector("nv-template-match");
        return Array.from({ length: f.images.count }, (_, i) =>
          netviz.softmax(f.network.logits(f.images.image(i)))); }"""
    )
    text = page.evaluate("document.querySelector('nv-template-match').images.probabilities")
    by_numpy = decoded(text, "<f4").reshape(len(in_page), -1)
    assert len(in_page) >= 50
    assert np.abs(np.array(in_page) - by_numpy).max() < 1e-4


def test_the_ledger_adds_up_to_the_score(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    page.locator("nv-template-match").scroll_into_view_if_needed()
    until(page, "!!document.querySelector('nv-template-match').probabilities")
    total, logit = page.evaluate(
        """() => { const f = document.querySelector("nv-template-match");
        return [f.total, f.logits[f.order[0]]]; }"""
    )
    assert total == pytest.approx(logit, abs=1e-5)


def test_the_scores_of_a_deep_network_in_the_page_are_those_of_numpy(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    page.locator("nv-filters-and-votes").scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-filters-and-votes').score !== undefined")
    score, in_page, text = page.evaluate(
        """() => { const f = document.querySelector("nv-filters-and-votes");
        const numbers = Array.from({ length: f.images.count }, (_, i) => i);
        const all = numbers.map((i) => f.network.logits(f.images.image(i)));
        const shares = all.map((logits) => netviz.softmax(logits));
        return [[f.score, all[0][f.chosen.k]], shares, f.images.probabilities]; }"""
    )
    assert score[0] == pytest.approx(score[1], abs=1e-5)
    by_numpy = decoded(text, "<f4").reshape(len(in_page), -1)
    assert np.abs(np.array(in_page) - by_numpy).max() < 1e-4
    # A unit that is silent adds 0.00, whatever the sign of its weight.
    assert page.locator("nv-filters-and-votes").get_by_text("+ −").count() == 0


def test_a_kind_of_layer_that_an_essay_brings_runs_in_the_page(
    site_from_disk: str, open_page: OpenPage
) -> None:
    """A forward pass by the layer's name is all that the page needs."""
    page = open_page(site_from_disk)
    logits = page.evaluate(
        """() => { netviz.layers.double = (layer, below, shape) =>
          below.map((x) => layer.factor * x + shape[0]);
        const network = new netviz.Network({ shapes: [[2], [2], [2]],
          layers: [{ kind: "double", factor: 3 }, { kind: "activation", function: "relu" }] });
        return Array.from(network.logits([1, -2])); }"""
    )
    assert logits == [5, 0]


@pytest.mark.quick
def test_each_cell_of_the_matrix_tells_of_its_own_images(
    site_from_disk: str, open_page: OpenPage, measured: dict[str, Any]
) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-confusion-matrix").first
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-confusion-matrix .cell[tabindex]') !== null")
    counts = measured["networks"]["mnist-1layer"]["test"]["confusion_matrix"]
    cells = figure.locator("table").first.locator(".cell")
    cells.nth(0).focus()
    for column in (1, 2):
        page.keyboard.press("ArrowRight")
        told = f"of {counts[0][column]}" if counts[0][column] else "0 read as"
        until(
            page,
            "(told) => document.querySelector('nv-confusion-matrix').textContent.includes(told)",
            told,
        )
    shown = [int(text or 0) for text in cells.all_inner_texts()]
    assert shown == [count for row in counts for count in row]


def test_asking_for_another_draw_changes_the_photographs(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-random-sample")
    figure.scroll_into_view_if_needed()
    names: Callable[[], list[str]] = lambda: figure.locator(".name").all_inner_texts()  # noqa: E731 - read twice
    before = names()
    figure.get_by_role("button", name="Another draw").click()
    until(
        page,
        "(before) => [...document.querySelectorAll('nv-random-sample .name')]"
        ".map((e) => e.textContent).join() !== before",
        ",".join(before),
    )
    figure.get_by_label("Hold a class").select_option(label="cat")
    until(
        page,
        "[...document.querySelectorAll('nv-random-sample li:not([hidden]) .name')]"
        ".every((e) => e.textContent === 'cat')",
    )


@pytest.mark.quick
def test_without_script_every_figure_shows_its_pictures(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, READERS["scriptless"])
    assert page.locator("nv-weights img").count() > 20
    assert page.locator(".nv-js:visible").count() == 0
