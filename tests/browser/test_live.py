"""An open page follows the essay: what changed is renewed, and what did not keeps its state."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netviz.errors import EssayError, Place
from netviz.essay.style import source_hash
from netviz.preview.server import Live, Server
from netviz.publishing.writer import publish
from tests.browser.conftest import OpenPage, Watch, until

pytestmark = pytest.mark.browser

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'"
)
FIGURE = """
<figure id="fig-{name}"><nv-counter data-config="{config}"><p>not yet</p></nv-counter>
<figcaption>Figure {number}</figcaption></figure>
"""
SCRIPT = """
class Counter extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.button = document.createElement("button");
    this.button.textContent = "0";
    this.button.onclick = () => { this.button.textContent = Number(this.button.textContent) + 1; };
    this.replaceChildren(this.button);
  }
}
customElements.define("nv-counter", Counter);
"""


def figure(name: str, number: int, config: str = "") -> str:
    return FIGURE.format(name=name, number=number, config=config)


class Essay:
    """A site that a test publishes again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live = Live()
        self.style = "assets/one.css"
        self.script = "assets/page.js"
        self.in_page = "em { top: 1px }"
        self.address = ""

    @property
    def policy(self) -> str:
        return CSP.replace("style-src", f"style-src '{source_hash(self.in_page)}'")

    def publish(self, body: str) -> None:
        page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
            f'<meta http-equiv="Content-Security-Policy" content="{self.policy}">'
            f"<style>{self.in_page}</style>"
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{self.style}">'
            f'<script src="{self.script}" defer></script></head>'
            f'<body><main id="content">{body}</main></body></html>'
        )
        files = {
            "index.html": page,
            "assets/one.css": "p { margin: 0; min-height: 300px }",
            "assets/two.css": "p { color: rgb(1, 2, 3); margin: 0; min-height: 300px }",
            "assets/three.css": "@media all { p { color: rgb(4, 5, 6) } } em { top: 0 }",
            "assets/page.js": SCRIPT,
            "assets/page2.js": SCRIPT + "document.title = 'second script';",
        }
        publish({path: text.encode() for path, text in files.items()}, self.folder)
        self.live.built()


@pytest.fixture
def essay(tmp_path: Path) -> Iterator[Essay]:
    essay = Essay(tmp_path / "site")
    with Server(essay.folder, essay.live, port=0) as server:
        essay.address = server.address
        yield essay


BODY = "".join(f"<p>Paragraph {number}</p>" for number in range(12)) + figure("one", 1)


def open_at_figure(essay: Essay, open_page: OpenPage) -> Page:
    """Open the page, scroll to the figure at its end, and press its button twice."""
    page = open_page(essay.address)
    page.evaluate("window.mark = 'the same page'")
    button = page.locator("#fig-one button")
    button.click()
    button.click()
    expect(button).to_have_text("2")
    page.wait_for_timeout(100)  # until the page has read its own source
    return page


RULES = "[...document.styleSheets].flatMap((one) => [...one.cssRules].map((rule) => rule.cssText))"


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.mark === 'the same page'"))


@pytest.mark.quick
def test_an_edit_of_text_keeps_figures_focus_and_place(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    place = page.evaluate("scrollY")
    assert place > 0
    essay.publish(BODY.replace("Paragraph 3", "An <em>edited</em> one"))
    expect(page.locator("p em")).to_have_text("edited")
    assert is_same_page(page)
    assert page.evaluate("scrollY") == place
    expect(page.locator("#fig-one button")).to_have_text("2")
    assert page.evaluate("document.activeElement.localName") == "button"


LINES = """
<section>
<p>One, with <em>two</em> and <data value="3">3&#95;4</data>,
<b>at the beginning</b> of a line.</p>
<ul>
<li>alike</li>
<li>alike</li>
<li>other<br />than these</li>
</ul>
</section>
"""


def test_of_an_edit_within_one_element_no_more_is_read(essay: Essay, open_page: OpenPage) -> None:
    """Whatever is read, the page becomes what who opens it anew is served."""
    text = LINES + figure("one", 1)
    essay.publish(text)
    page = open_at_figure(essay, open_page)
    page.evaluate(
        """() => { globalThis.read = 0; const parse = DOMParser.prototype.parseFromString;
        DOMParser.prototype.parseFromString = function (...given) {
          globalThis.read += 1; return parse.apply(this, given); };
        globalThis.renewals = 0;
        document.addEventListener("netviz:renewed", () => { globalThis.renewals += 1; }); }"""
    )
    edits = [
        ("<em>two</em>", "<em>2</em>", False),
        ("with <em>2</em>", "<i>without</i> <em>2</em> &amp; &#95;more", False),
        ("than these", "than <b>those</b>", False),
        ("at the beginning", "at the start", False),
        ("<p>One", '<p class="new">One', False),
        ("</ul>", "</ul>\n<p>a new one</p>", True),
        ("<li>alike</li>", "<li>no longer</li>", True),
        ("<p>a new one</p>", "<h3>a new one</h3>", True),
        ("Figure 1", "Figure 2", False),
    ]
    for number, (old, new, is_read_whole) in enumerate(edits, 1):
        text = text.replace(old, new, 1)
        assert new in text
        before = page.evaluate("read")
        essay.publish(text)
        until(page, f"renewals === {number}")
        assert (page.evaluate("read") > before) == is_read_whole, new
        fresh = open_page(essay.address)
        looks = "document.querySelector('main').innerHTML"
        assert page.evaluate(looks).replace(">2</button>", ">0</button>") == fresh.evaluate(looks)
    assert is_same_page(page)


@pytest.mark.quick
def test_new_parts_come_in_their_places_and_old_ones_go(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    text = BODY.replace("<p>Paragraph 5</p>", "").replace("Figure 1", "Figure 2")
    now = figure("two", 1) + text
    essay.publish(now + "<p>The end</p>")
    expect(page.locator("main > p").last).to_have_text("The end")
    assert page.locator("main > p").all_text_contents() == [
        *(f"Paragraph {number}" for number in range(12) if number != 5),
        "The end",
    ]
    assert page.locator("figcaption").all_text_contents() == ["Figure 1", "Figure 2"]
    assert page.locator("figure button").all_text_contents() == ["0", "2"]
    assert page.evaluate("document.activeElement.closest('figure').id") == "fig-one"
    assert is_same_page(page)


def test_a_figure_that_changed_begins_anew(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    essay.publish(BODY.replace('data-config=""', 'data-config="2"'))
    expect(page.locator("#fig-one button")).to_have_text("0")
    assert is_same_page(page)


def test_a_new_style_is_put_on(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    for style, colour in (
        ("two", "rgb(1, 2, 3)"),
        ("three", "rgb(4, 5, 6)"),
        ("one", "rgb(0, 0, 0)"),
    ):
        essay.style = f"assets/{style}.css"
        essay.publish(BODY)
        expect(page.locator("p").first).to_have_css("color", colour)
        assert page.evaluate(RULES) == open_page(essay.address).evaluate(RULES)
    expect(page.locator('link[rel="stylesheet"]')).to_have_count(1)
    expect(page.locator("#fig-one button")).to_have_text("2")
    assert is_same_page(page)


def test_a_style_within_the_page_changes_by_its_rules(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    for style, colour in (
        ("em { top: 1px } p { color: rgb(1, 2, 3) }", "rgb(1, 2, 3)"),
        ("@media all { p { color: rgb(4, 5, 6) } } em { top: 0 }", "rgb(4, 5, 6)"),
        ("em { top: 1px }", "rgb(0, 0, 0)"),
    ):
        essay.in_page = style
        essay.publish(BODY.replace("Paragraph 3", colour))  # all at once
        expect(page.locator("p").first).to_have_css("color", colour)
        assert page.evaluate(RULES) == open_page(essay.address).evaluate(RULES)
        essay.in_page += " i { top: 2px }"
        essay.publish(BODY.replace("Paragraph 3", colour))  # nothing else
        until(page, f"({RULES}).some((rule) => rule.startsWith('i '))")
    expect(page.locator("#fig-one button")).to_have_text("2")
    assert is_same_page(page)


def test_a_style_that_is_gone_already_leaves_the_last_one(
    essay: Essay, open_page: OpenPage, watch: Watch
) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    essay.style = "assets/none.css"
    essay.publish(BODY)
    expect(page.locator('link[href="assets/none.css"]')).to_have_count(1)
    expect(page.locator("p").first).to_have_css("min-height", "300px")
    assert is_same_page(page)
    page.wait_for_timeout(300)  # the browser may tell of it later than it knows
    watch.faults.clear()  # it was asked for in vain, as it should be


def test_a_new_script_reloads_and_keeps_the_place(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    place = page.evaluate("scrollY")
    essay.script = "assets/page2.js"
    essay.publish(BODY)
    expect(page).to_have_title("second script")
    until(page, f"scrollY === {place}")
    assert not is_same_page(page)


def test_many_edits_one_after_the_other_all_arrive(essay: Essay, open_page: OpenPage) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    for number in range(15):
        essay.publish(BODY.replace("Paragraph 3", f"Edit {number}" * (number % 3 + 1)))
    expect(page.locator("p").nth(3)).to_have_text("Edit 14" * 3)
    assert page.locator("p").count() == 12
    assert is_same_page(page)


@pytest.mark.quick
def test_a_fault_is_shown_over_the_page_until_it_is_mended(
    essay: Essay, open_page: OpenPage, tmp_path: Path
) -> None:
    essay.publish(BODY)
    page = open_at_figure(essay, open_page)
    text = tmp_path / "index.md"
    text.write_text("# Title\n\n<script>alert(1)</script> {{ figure('x') }}\n")
    essay.live.failed(EssayError("unknown figure 'x'", place=Place(text, 3)))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("index.md:3: unknown figure 'x'")
    expect(alert).to_contain_text(">    3  <script>alert(1)</script> {{ figure('x') }}")
    essay.publish(BODY)
    expect(alert).to_have_count(0)
    expect(page.locator("#fig-one button")).to_have_text("2")
    assert is_same_page(page)


@pytest.mark.quick
def test_the_first_page_appears_when_it_is_built(
    essay: Essay, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(essay.address)
    expect(page.locator("body")).to_contain_text("no page here yet")
    essay.publish(BODY)
    expect(page.locator("#fig-one button")).to_have_text("0")
    watch.faults.clear()  # the first answers were 404, as they should be
