"""Colours that are told apart stay apart for readers who are colour-blind, in light and dark.

Colour blindness is simulated by the model of Machado, Oliveira and Fernandes (2009), at full
severity. Distances are ΔE*ab in CIELAB, of which 2.3 is just noticeable between large patches
side by side (Mahy, Van Eycken and Oosterlinck, 1994). Ours are small and lie apart: they must
keep ten times as much.
"""

from itertools import combinations

import pytest
from playwright.sync_api import Page

from tests.browser.colours import COLOUR_BLINDNESS, contrast, distance, over, parsed, seen_with
from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.browser.walk import wake_all

pytestmark = pytest.mark.browser

APART = 23.0
PAIRS = {
    "sign": ("positive", "negative"),
    "sign in a ledger": ("positive-text", "negative-text"),
    "right and wrong": ("right", "wrong"),
    "bars of a mistake": ("right", "muted"),
}
# Here form helps as well: underlined, dashed, larger.
HELPED = {
    "misread among others": ("wrong", "muted"),
    "a curve and what it is held against": ("accent", "muted"),
    "a point picked out": ("accent", "wrong"),
}
HELPED_APART = 9.0
CLASSES = 10  # colours of classes, each beside the letters of its class
CLASSES_APART = 18.0
READABLE = 4.5  # the contrast that WCAG 2.2 asks of small letters


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.torture)], ids=["light", "dark"]
)
def page(request: pytest.FixtureRequest, site_from_disk: str, open_page: OpenPage) -> Page:
    return open_page(site_from_disk, Reader(dark=request.param))


def token(page: Page, name: str) -> tuple[float, ...]:
    """Return a colour of the style sheet as the browser resolves it."""
    found = page.evaluate(
        """(name) => { const probe = document.createElement("i");
        probe.className = "probe"; document.body.append(probe);
        probe.style.color = `var(--nv-${name})`;
        const { color } = getComputedStyle(probe); probe.remove(); return color; }""",
        name,
    )
    return parsed(found)[:3]


def least_apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the least distance of two colours, to any of four kinds of eyes."""
    return min(
        distance(one, other),
        *(distance(seen_with(kind, one), seen_with(kind, other)) for kind in COLOUR_BLINDNESS),
    )


def test_colours_with_a_meaning_stay_apart(page: Page) -> None:
    for pairs, bound in ((PAIRS, APART), (HELPED, HELPED_APART)):
        for what, (one, other) in pairs.items():
            found = least_apart(token(page, one), token(page, other))
            assert found >= bound, f"{what}: {found:.0f}"


def test_the_colours_of_classes_stay_apart_and_can_be_read(page: Page) -> None:
    colours = [token(page, f"class-{k}") for k in range(CLASSES)]
    for one, other in combinations(colours, 2):
        assert least_apart(one, other) >= CLASSES_APART, (one, other)
    paper = token(page, "paper")
    assert min(float(contrast(one, paper)) for one in colours) >= READABLE


def test_the_strongest_shades_of_right_and_wrong_stay_apart(page: Page) -> None:
    paper = token(page, "paper")
    shades = [over((*token(page, kind), 0.55), paper) for kind in ("right", "wrong")]
    assert least_apart(shades[0], shades[1]) >= APART


def test_pictures_of_signed_numbers_stay_apart_at_half_their_strength(page: Page) -> None:
    """In a heat map opacity is size: the hue must tell the sign of middling numbers too."""
    paper = token(page, "paper")
    blue, orange = ((47 / 255, 127 / 255, 208 / 255), (217 / 255, 100 / 255, 15 / 255))
    halves = [over((*colour, 0.5), paper) for colour in (blue, orange)]
    assert least_apart(halves[0], halves[1]) >= APART


def test_hue_never_tells_anything_alone(site_from_disk: str, open_page: OpenPage) -> None:
    """What differs in hue differs in form too, or says in words what it is."""
    page = open_page(site_from_disk)
    wake_all(page)
    style = "(selector) => { const s = getComputedStyle(document.querySelector(selector)); return "
    loss, accuracy = (
        page.evaluate(f"{style} s.strokeDasharray; }}", f"nv-training-film .curve .{name}")
        for name in ("loss", "accuracy")
    )
    assert loss != accuracy
    underline = f"{style} s.textDecorationLine; }}"
    assert page.evaluate(underline, "nv-feature-space svg .misread") == "underline"
    assert page.evaluate(underline, "nv-feature-space svg text:not(.misread)") == "none"
    page.locator("nv-network-diagram .output .neuron:visible").first.focus()
    dashes = f"{style} s.strokeDasharray; }}"
    assert page.evaluate(dashes, "nv-network-diagram .own.negative") != "none"
    assert page.evaluate(dashes, "nv-network-diagram .own.positive") == "none"
    edges = page.evaluate(
        """() => { const item = document.querySelector("nv-you-first .run li");
        return ["hit", "missed"].map((kind) => { item.className = kind;
          return getComputedStyle(item).borderBottomStyle; }); }"""
    )
    assert edges[0] != edges[1]
