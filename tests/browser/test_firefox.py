"""The essay in Firefox: no fault, the same layout as in Chromium, every figure at work."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from tests.browser.conftest import OpenPage, until
from tests.browser.firefox import Firefox, running
from tests.browser.provision import REQUIRED, find_firefox
from tests.browser.questions import question
from tests.browser.readers import READERS, Reader

pytestmark = pytest.mark.browser

READING = {name: READERS[name] for name in ("desk", "desk-dark", "phone", "phone-dark")}
PAPER = {False: "rgb(253, 252, 249)", True: "rgb(21, 22, 26)"}

Open = Callable[[str, Reader], Firefox]


@pytest.fixture(scope="module")
def firefoxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bool], Firefox]]:
    """A Firefox that asks for light pages and one for dark ones, each started when first wanted."""
    executable = find_firefox()
    if executable is None:
        if os.environ.get(REQUIRED):
            pytest.fail("no Firefox was found")
        pytest.skip("NO FIREFOX WAS FOUND: run `make test`, or name one in FIREFOX")
    started: dict[bool, Firefox] = {}
    with ExitStack() as stack:

        def firefox(dark: bool) -> Firefox:
            if dark not in started:
                profile = tmp_path_factory.mktemp("profile")
                started[dark] = stack.enter_context(running(executable, profile, dark=dark))
            return started[dark]

        yield firefox


@pytest.fixture
def open_in_firefox(firefoxes: Callable[[bool], Firefox]) -> Iterator[Open]:
    """Open a page, and fail the test if anything is at fault in it when it ends."""
    used: list[Firefox] = []

    def open_in_firefox(url: str, reader: Reader) -> Firefox:
        firefox = firefoxes(reader.dark)
        used.append(firefox)
        firefox.open(url, reader)
        return firefox

    yield open_in_firefox
    for firefox in used:
        firefox.evaluate("1")  # brings what was still on its way
        faults, firefox.faults[:] = list(firefox.faults), []
        assert not faults, "the page is at fault:\n" + "\n".join(faults)


def read_on(firefox: Firefox) -> None:
    """Scroll to the end, and wait until every figure has woken."""
    firefox.evaluate(question("readOn"))
    firefox.until(question("awake"))


def see(firefox: Firefox, tag: str) -> None:
    """Bring a figure into view and wait until it has woken and its data are there."""
    firefox.evaluate(f"document.querySelector('{tag}').scrollIntoView({{ behavior: 'instant' }})")
    firefox.until(f"document.querySelector('{tag}').awake")


def test_a_phone_opens_the_page(site_from_disk: str, open_in_firefox: Open) -> None:
    firefox = open_in_firefox(site_from_disk, READERS["phone"])
    see(firefox, "nv-network-diagram")
    assert firefox.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert firefox.evaluate(question("outOfSight")) == []


@pytest.mark.torture
@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize("page", ["index.html", "index.es.html"])
def test_every_reader_sees_it_whole_and_uses_it(
    site_from_disk: str, open_in_firefox: Open, name: str, page: str
) -> None:
    reader = READING[name]
    firefox = open_in_firefox(site_from_disk.replace("index.html", page), reader)
    read_on(firefox)
    assert firefox.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER[reader.dark]
    for asked in ("outOfSight", "overlapping"):
        assert firefox.evaluate(question(asked)) == [], asked
    figures = firefox.evaluate(
        "[...document.querySelectorAll('figure')].map((f) => f.dataset.figure)"
    )
    assert set(firefox.evaluate(question("useAll"))) == set(figures)
    assert firefox.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for asked in ("outOfSight", "overlapping"):
        assert firefox.evaluate(question(asked)) == [], asked


@pytest.mark.torture
@pytest.mark.parametrize("name", ["desk", "phone"])
def test_figures_are_as_large_as_in_chromium(
    site_from_server: str, open_in_firefox: Open, open_page: OpenPage, name: str
) -> None:
    reader = Reader(width=READERS[name].width, height=READERS[name].height)
    firefox = open_in_firefox(site_from_server, reader)
    read_on(firefox)
    page = open_page(site_from_server, reader)
    page.evaluate(question("readOn"))
    until(page, question("awake"))
    theirs, ours = firefox.evaluate(question("figures")), page.evaluate(question("figures"))
    assert list(theirs) == list(ours)
    for figure, box in theirs.items():
        assert box["left"] == pytest.approx(ours[figure]["left"], abs=1), figure
        assert box["width"] == pytest.approx(ours[figure]["width"], abs=1), figure
        # A line of text more or less where the two break it elsewhere.
        assert box["height"] == pytest.approx(ours[figure]["height"], abs=30), figure


@pytest.mark.torture
def test_keys_and_clicks_do_what_they_say(site_from_disk: str, open_in_firefox: Open) -> None:
    firefox = open_in_firefox(site_from_disk, READERS["desk"])
    read_on(firefox)
    firefox.click("nv-you-first .answers button")
    firefox.until("/You said 0/.test(document.querySelector('nv-you-first .asked').textContent)")
    firefox.evaluate("document.querySelector('nv-weights canvas').focus()")
    firefox.press("ArrowRight")
    firefox.until(
        "/row 15, column 1[67]/.test(document.querySelector('nv-weights .reading').textContent)"
    )
    firefox.click("nv-confusion-matrix .cell")
    firefox.press("ArrowRight")
    firefox.until(
        "/0 read as 1/.test(document.querySelector('nv-confusion-matrix .about').textContent)"
    )
    firefox.click("nv-mistakes .browse button")
    firefox.until("document.querySelectorAll('nv-mistakes .all li').length > 5")
    firefox.click("nv-training-film .nv-button")
    firefox.until("document.querySelector('nv-training-film').frame > 0")
    firefox.evaluate("document.querySelector('data.nv-value').focus()")
    firefox.press("Enter")
    firefox.until("document.activeElement.closest('#nv-tip') !== null")
    firefox.press("Escape")
    assert firefox.evaluate("document.querySelector('#nv-tip').hidden")


@pytest.mark.torture
@pytest.mark.parametrize("tag", ["nv-template-match", "nv-filters-and-votes"])
def test_the_network_in_the_page_agrees_with_numpy(
    site_from_disk: str, open_in_firefox: Open, tag: str
) -> None:
    firefox = open_in_firefox(site_from_disk, READERS["desk"])
    see(firefox, tag)
    firefox.until(f"document.querySelector('{tag}').images !== undefined")
    in_page, text = firefox.evaluate(
        f"""(() => {{ const f = document.querySelector("{tag}");
        return [Array.from({{ length: f.images.count }}, (_, i) =>
          netviz.softmax(f.network.logits(f.images.image(i)))), f.images.probabilities]; }})()"""
    )
    by_numpy = np.frombuffer(base64.b64decode(text), "<f4").reshape(len(in_page), -1)
    assert len(in_page) >= 20
    assert np.abs(np.array(in_page) - by_numpy).max() < 1e-4


@pytest.mark.torture
def test_a_network_is_trained_in_the_page(site_from_server: str, open_in_firefox: Open) -> None:
    firefox = open_in_firefox(site_from_server, READERS["phone"])
    see(firefox, "nv-train-it-yourself")
    firefox.click("nv-train-it-yourself .nv-button")
    firefox.until("document.querySelector('nv-train-it-yourself').pass >= 5", seconds=60)
    firefox.click("nv-train-it-yourself .nv-button")
    losses = firefox.evaluate("document.querySelector('nv-train-it-yourself').losses")
    assert losses[-1] < losses[0]


@pytest.mark.torture
@pytest.mark.parametrize(
    "planted",
    [
        "console.error('planted')",
        "setTimeout(() => { throw new Error('planted') })",
        "document.head.append(netviz.el('script', {}, 'planted'))",
        "new Image().src = 'http://planted.invalid/x.png'",
    ],
)
def test_a_planted_fault_is_caught(
    site_from_disk: str, firefoxes: Callable[[bool], Firefox], planted: str
) -> None:
    firefox = firefoxes(False)
    firefox.open(site_from_disk, READERS["desk"])
    firefox.evaluate(f"(() => {{ {planted}; }})()")
    firefox.evaluate("new Promise((later) => { setTimeout(later, 300); })")
    faults, firefox.faults[:] = list(firefox.faults), []
    assert faults
