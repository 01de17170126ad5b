"""Names that would break out of their markup are shown as they are, and nothing else may run.

Titles, captions, class names, data-set names and file names may come from strangers. An essay is
built whose every name is made of markup, with every figure in it.
"""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import pytest
from markdown import markdown
from playwright.sync_api import Page, expect

from netviz.build.build import build
from netviz.build.options import Options
from netviz.datasets.catalogue import entry
from netviz.datasets.sample import read_sample
from netviz.datasets.store import write
from netviz.engine.local import local_executor
from netviz.publishing.check import check_site
from tests.browser.conftest import OpenPage, Watch, serving, until

pytestmark = pytest.mark.browser

EVIL = "\"'><script>attacked=1</script><img src=x onerror=attacked=1>&lt;{{7*7}}${7*7}</style>"
CLASSES = tuple(f"{number}{EVIL}" for number in range(10))
FILE = "\"'><img src=x onerror=attacked=1> & #1?%41"
HEADING = "A heading with `<script>` and \\<img src=x onerror=attacked=1>"
SETTINGS = """\
site_url = "https://example.org/"
[networks.one]
title = {evil}
dataset = "mnist"
[networks.one.recipe]
epochs = 1
validation = 40
frames = 2
[networks.two]
title = {evil}
dataset = "mnist"
hidden = [4]
[networks.two.recipe]
epochs = 1
validation = 40
frames = 2
[sweeps.widths]
dataset = "mnist"
shapes = [[], [2], [4]]
seeds = [1]
[sweeps.widths.recipe]
epochs = 1
validation = 40
frames = 1
"""
CALLS = [
    *(
        f'"{word}", network="one"'
        for word in (
            "hero",
            "network_diagram",
            "one_neuron",
            "unrolling",
            "weights",
            "template_match",
            "training_film",
            "train_it_yourself",
            "mistakes",
            "you_first",
            "surest_samples",
        )
    ),
    '"confusion_matrix", network="one", compare="two"',
    '"confusion_samples", network="one", actual=3, predicted=5',
    '"filters_and_votes", network="two"',
    '"silence", network="two"',
    '"feature_space", network="two"',
    '"network_diagram", network="two", id="fig-second"',
    '"reliability", networks=["one", "two"]',
    '"size_and_accuracy", networks=["one", "two"]',
    '"random_sample", dataset="mnist"',
    '"width_and_depth", sweeps=["widths"]',
]


def manuscript(body: str) -> str:
    front = {
        "title": EVIL,
        "subtitle": EVIL,
        "description": EVIL,
        "authors": [EVIL],
        "date": "2026-01-02",
    }
    return "---\n" + json.dumps(front) + f"\n---\n\n## {HEADING}\n\n{body}\n"


def text() -> str:
    figures = [f"{{{{ figure({call}) }}}}" for call in CALLS]
    named = '{{ value("networks.one.title") }} and {{ value("datasets.mnist.classes.3") }}'
    return manuscript("\n\n".join([named, *figures]))


def prepared(name: str, cache: Path, *_: Any, **__: Any) -> Path:  # noqa: ANN401 - as `prepare` is called
    """Prepare the sample under hostile names, as if a stranger's data set bore them."""
    folder = cache / "hostile"
    if not folder.exists():
        description = dataclasses.replace(
            entry(name).description,
            title=EVIL,
            class_names=CLASSES,
            citation=EVIL,
            licence=EVIL,
            homepage=f"https://data.example/{EVIL}",
        )
        write(folder, description, read_sample(name), is_sample=True)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site in which nothing bears a harmless name."""
    folder = tmp_path_factory.mktemp("hostile")
    essay = folder / "essay"
    essay.mkdir()
    (essay / "essay.toml").write_text(SETTINGS.format(evil=json.dumps(EVIL)), encoding="utf-8")
    (essay / "index.md").write_text(text(), encoding="utf-8")
    (essay / f"{FILE}.md").write_text(manuscript("Nothing."), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("netviz.build.datasets.prepare_sample", prepared)
        patch.setenv("NETVIZ_CACHE_DIR", str(folder / "data"))
        patch.chdir(folder)
        # In this process: another one would not know the patched function.
        options = Options(
            essay=essay,
            out=folder / "build" / "site",
            step_cache=folder / "build" / "cache",
            data_cache=folder / "data",
            sample=True,
        )
        with local_executor(2) as executor:
            build(options, executor, lambda _: None)
    return folder / "build" / "site"


@pytest.fixture
def address(hostile: Path) -> Iterator[str]:
    with serving(hostile) as address:
        yield address


def wake(page: Page) -> None:
    """Go by every figure, so that each wakes, and use every control that it then has."""
    for figure in page.locator("figure.nv-figure").all():
        figure.scroll_into_view_if_needed()
        page.wait_for_timeout(20)
    page.evaluate(
        """() => document.querySelectorAll("figure button, [tabindex='0']").forEach((one) => {
            one.focus();
            one.dispatchEvent(new PointerEvent("pointerenter", {bubbles: true}));
            one.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
            if (one.matches("button") && !one.disabled) one.click();
        })"""
    )
    page.wait_for_timeout(300)


def is_untouched(page: Page) -> bool:
    return bool(page.evaluate("typeof attacked === 'undefined'"))


def test_no_name_becomes_markup_and_each_is_shown_verbatim(
    address: str, open_page: OpenPage
) -> None:
    """The watch also fails on what the page's policy stopped: here nothing must have to be."""
    page = open_page(address)
    wake(page)
    assert is_untouched(page)
    assert page.locator("main script, main style, [onerror], img[src='x']").count() == 0
    assert page.title() == EVIL
    described = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(described or "")["headline"] == EVIL
    expect(page.locator("h1")).to_have_text(EVIL)
    expect(page.locator(".nv-subtitle")).to_have_text(EVIL)
    expect(page.locator("data[data-key='networks.one.title']")).to_have_text(EVIL)
    expect(page.locator("data[data-key$='classes.3']")).to_have_text(CLASSES[3])
    expect(page.locator("meta[name=author]")).to_have_attribute("content", EVIL)
    words = {call.split('"')[1] for call in CALLS}
    for word in words:
        # The name stands in the text, or in a name that is spoken, of at least one part.
        figure = page.locator(f"figure[data-figure={word}]").first
        parts = figure.evaluate(
            """(one) => [one.textContent, ...[...one.querySelectorAll("*")].flatMap(
                (part) => [...part.attributes].map((attribute) => attribute.value))].join("\\n")"""
        )
        assert EVIL in parts, word


def test_a_file_name_of_markup_is_linked_and_opens(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    page.locator(".nv-pages a", has_text="attacked").nth(1).click()
    until(page, "location.pathname !== '/'")
    expect(page.locator("main")).to_contain_text("Nothing.")
    assert is_untouched(page)


def test_files_beside_the_page_are_well_formed(hostile: Path) -> None:
    for name in ("feed.xml", "sitemap.xml"):
        root = ET.parse(hostile / name).getroot()  # noqa: S314 - our own file
        assert "attacked=1" in unquote("".join(root.itertext()))
    list_text = (hostile / "llms.txt").read_text(encoding="utf-8")
    for text in (list_text, (hostile / "index.md").read_text(encoding="utf-8")):
        read = markdown(text)
        assert "<script" not in read
        assert "<img" not in read
        assert "&lt;script&gt;attacked=1&lt;/script&gt;" in read
    measured = json.loads((hostile / "measurements.json").read_text(encoding="utf-8"))
    assert measured["datasets"]["mnist"]["classes"] == list(CLASSES)
    assert check_site(hostile, 1000, "https://example.org/") == []


INJECTED = {
    "inline script": "s => { s.textContent = 'attacked=1'; document.head.append(s) }",
    "script of another host": "s => { s.src = '//example.org/a.js'; document.head.append(s) }",
    "script of a data address": "s => { s.src = 'data:,attacked=1'; document.head.append(s) }",
    "inline handler": "s => { document.body.insertAdjacentHTML('beforeend', "
    '\'<img src="data:," onerror="attacked=1">\') }',
    "eval": "s => setTimeout(() => eval('attacked=1'))",
    "javascript address": "s => { const a = document.createElement('a'); "
    "a.href = 'javascript:attacked=1'; document.body.append(a); a.click() }",
    "inline style": "s => { document.body.setAttribute('style', 'color: red') }",
    "form": "s => { document.body.insertAdjacentHTML('beforeend', '<form id=f "
    "action=\"https://example.org/\"></form>'); document.getElementById('f').submit() }",
    "base": "s => { const b = document.createElement('base'); b.href = 'https://example.org/'; "
    "document.head.append(b) }",
    "frame": "s => { const f = document.createElement('iframe'); f.src = 'https://example.org/'; "
    "document.body.append(f) }",
    "message to another host": "s => { fetch('https://example.org/').catch(() => {}) }",
}


@pytest.mark.parametrize("kind", INJECTED)
def test_the_policy_stops_what_was_injected(
    kind: str, address: str, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(f"{address}{quote(FILE)}.html")
    page.evaluate(
        "() => { globalThis.stopped = []; document.addEventListener("
        "'securitypolicyviolation', (event) => stopped.push(event.effectiveDirective)) }"
    )
    page.evaluate(f"() => ({INJECTED[kind]})(document.createElement('script'))")
    until(page, "stopped.length > 0")
    page.wait_for_timeout(50)
    assert is_untouched(page)
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    watch.faults.clear()
