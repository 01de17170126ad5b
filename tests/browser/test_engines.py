"""The essay in Firefox and in WebKit: no fault, laid out as in Chromium, every figure at work."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import numpy as np
import pytest

from netviz.publishing.single import single_page
from netviz.publishing.writer import published
from tests.browser import firefox, webkit
from tests.browser.conftest import OpenPage, serving, until
from tests.browser.driven import Driven
from tests.browser.provision import REQUIRED, find_firefox, find_webkit
from tests.browser.questions import question
from tests.browser.readers import READERS, Reader

pytestmark = pytest.mark.browser

READING = {name: READERS[name] for name in ("desk", "desk-dark", "phone", "phone-dark")}
PAPER = {False: "rgb(253, 252, 249)", True: "rgb(21, 22, 26)"}
ACCENT, INK = [74, 63, 181, 255], [27, 28, 31, 255]  # of the light page; one mark hides another
SEEN_AT = {"desk": Reader(1280, 800), "phone": Reader(390, 844)}

Open = Callable[[str, Reader], Driven]
Start = Callable[[Path, Reader], AbstractContextManager[Driven]]


def starter_of(engine: str) -> Start:
    """Return what starts the engine in an empty folder, for one reader; skip where it is not."""
    if engine == "firefox" and (found := find_firefox()):
        return lambda folder, reader: firefox.running(found, folder, dark=reader.dark)
    if engine == "webkit" and (programs := find_webkit()):
        return lambda folder, reader: webkit.running(
            programs, folder, dark=reader.dark, density=int(reader.density)
        )
    if os.environ.get(REQUIRED):
        pytest.fail(f"no {engine} was found")
    pytest.skip(
        f"NO {engine.upper()} WAS FOUND: run `make test`, or see tests/browser/provision.py"
    )


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine beside Chromium's, all tests in one after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def browsers(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Reader], Driven]]:
    """The engine as it is set up for a reader, started when first wanted."""
    start = starter_of(engine)
    started: dict[tuple[bool, float], Driven] = {}
    with ExitStack() as stack:

        def browser(reader: Reader) -> Driven:
            asked = (reader.dark, reader.density)
            if asked not in started:
                folder = tmp_path_factory.mktemp("profile")
                started[asked] = stack.enter_context(start(folder, reader))
            return started[asked]

        yield browser


@pytest.fixture(scope="module")
def site(engine: str, built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The essay as the engine is shown it: Firefox tells of faults, in WebKit the page does."""
    if engine == "firefox":
        return built_site
    return webkit.with_recorder(built_site, tmp_path_factory.mktemp("recorded") / "site")


@pytest.fixture
def one_file(engine: str, built_site: Path, tmp_path: Path) -> Path:
    """The essay's page as one file, in a folder that holds no other of the site."""
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "index.html").write_bytes(single_page("index.html", published(built_site)).html)
    return webkit.with_recorder(folder, tmp_path / "recorded") if engine == "webkit" else folder


@pytest.fixture(scope="module")
def from_disk(site: Path) -> str:
    """The address of the essay as a file."""
    return (site / "index.html").as_uri()


@pytest.fixture
def from_server(site: Path) -> Iterator[str]:
    """The address of the essay on a server of the test's own: nothing is in the cache yet."""
    with serving(site) as address:
        yield address


@pytest.fixture
def open_in_engine(browsers: Callable[[Reader], Driven]) -> Iterator[Open]:
    """Open a page, and fail the test if anything is at fault in it when it ends."""
    used: list[Driven] = []

    def open_in_engine(url: str, reader: Reader) -> Driven:
        browser = browsers(reader)
        browser.open(url, reader)
        used.append(browser)
        return browser

    yield open_in_engine
    for browser in used:
        faults = browser.take_faults()
        assert not faults, "the page is at fault:\n" + "\n".join(faults)


@pytest.mark.parametrize("name", SEEN_AT)
def test_every_picture_is_drawn_and_nothing_cut_or_misaligned(
    from_server: str, open_in_engine: Open, name: str
) -> None:
    browser = open_in_engine(from_server, SEEN_AT[name])
    browser.read_on()
    for asked in ("undrawn", "outOfSight", "misaligned"):
        assert browser.ask(asked) == [], asked
    assert browser.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.torture
@pytest.mark.parametrize("name", SEEN_AT)
def test_a_page_in_one_file_shows_the_same(
    site: Path, one_file: Path, open_in_engine: Open, name: str
) -> None:
    seen = []
    for folder in (site, one_file):
        browser = open_in_engine((folder / "index.html").as_uri(), SEEN_AT[name])
        browser.read_on()
        assert browser.ask("undrawn") == []
        seen.append((browser.ask("figures"), browser.ask("pictureBoxes")))
    assert seen[0] == seen[1]


@pytest.mark.torture
def test_a_figure_is_saved_as_a_picture(from_server: str, open_in_engine: Open) -> None:
    browser = open_in_engine(from_server, READERS["desk"])
    browser.evaluate(
        """(() => { const address = URL.createObjectURL;
        URL.createObjectURL = (blob) => { window.kept = blob; return address.call(URL, blob); };
        document.querySelector("#fig-weights").scrollIntoView(); })()"""
    )
    browser.until("document.querySelector('#fig-weights nv-weights').size !== undefined")
    browser.evaluate("document.querySelector('#fig-weights .nv-picture').click()")
    browser.until("window.kept !== undefined")
    # WebKit may paint no such picture that could be read again; the menu then gives the SVG.
    kind = browser.evaluate("window.kept.type")
    assert kind in {"image/png", "image/svg+xml"}
    browser.until("!document.querySelector('#fig-weights .nv-picture').disabled")
    told = browser.evaluate(
        "document.querySelector('#fig-weights .nv-offer [aria-live]').textContent"
    )
    assert ("fig-weights.png" in told) == (kind == "image/png")
    assert browser.evaluate("window.kept.size") > 50_000


@pytest.mark.torture
def test_a_figure_is_saved_as_a_drawing(from_disk: str, open_in_engine: Open) -> None:
    browser = open_in_engine(from_disk, READERS["phone-dark"])
    marks = browser.ask("drawnMarks")
    assert all(mark in (ACCENT, INK) for mark in marks), marks
    assert marks.count(ACCENT) > 10


@pytest.mark.torture
@pytest.mark.parametrize("name", READING)
@pytest.mark.parametrize("page", ["index.html", "index.es.html"])
def test_every_reader_sees_it_whole_and_uses_it(
    from_disk: str, open_in_engine: Open, name: str, page: str
) -> None:
    reader = READING[name]
    browser = open_in_engine(from_disk.replace("index.html", page), reader)
    browser.read_on()
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER[reader.dark]
    for asked in ("outOfSight", "overlapping"):
        assert browser.ask(asked) == [], asked
    figures = browser.evaluate(
        "[...document.querySelectorAll('figure')].map((f) => f.dataset.figure)"
    )
    assert set(browser.ask("useAll")) == set(figures)
    assert browser.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for asked in ("outOfSight", "overlapping", "undrawn", "sizeless"):
        assert browser.ask(asked) == [], asked


@pytest.mark.torture
@pytest.mark.parametrize("name", ["desk", "phone"])
def test_figures_are_as_large_as_in_chromium(
    from_server: str, open_in_engine: Open, open_page: OpenPage, name: str
) -> None:
    reader = Reader(width=READERS[name].width, height=READERS[name].height)
    browser = open_in_engine(from_server, reader)
    browser.read_on()
    page = open_page(from_server, reader)
    page.evaluate(question("readOn"))
    until(page, question("awake"))
    theirs, ours = browser.ask("figures"), page.evaluate(question("figures"))
    assert list(theirs) == list(ours)
    for figure, box in theirs.items():
        assert box["left"] == pytest.approx(ours[figure]["left"], abs=1), figure
        assert box["width"] == pytest.approx(ours[figure]["width"], abs=1), figure
        # A line of text more or less where the two break it elsewhere; and WebKit makes every line
        # a whole number of pixels high.
        height = pytest.approx(ours[figure]["height"], abs=30, rel=0.04)
        assert box["height"] == height, figure


@pytest.mark.torture
def test_keys_and_clicks_do_what_they_say(from_disk: str, open_in_engine: Open) -> None:
    browser = open_in_engine(from_disk, READERS["desk"])
    browser.read_on()
    browser.click("nv-you-first .answers button")
    browser.until("/You said 0/.test(document.querySelector('nv-you-first .asked').textContent)")
    browser.evaluate("document.querySelector('nv-weights canvas').focus()")
    browser.press("ArrowRight")
    browser.until(
        "/row 15, column 1[67]/.test(document.querySelector('nv-weights .reading').textContent)"
    )
    browser.click("nv-confusion-matrix .cell")
    browser.press("ArrowRight")
    browser.until(
        "/0 read as 1/.test(document.querySelector('nv-confusion-matrix .about').textContent)"
    )
    browser.click("nv-mistakes .browse button")
    browser.until("document.querySelectorAll('nv-mistakes .all li').length > 5")
    browser.click("nv-training-film .nv-button")
    browser.until("document.querySelector('nv-training-film').frame > 0")
    browser.evaluate("document.querySelector('data.nv-value').focus()")
    browser.press("Enter")
    browser.until("document.activeElement.closest('#nv-tip') !== null")
    browser.press("Escape")
    assert browser.evaluate("document.querySelector('#nv-tip').hidden")


@pytest.mark.torture
def test_a_tap_does_what_it_says(from_disk: str, open_in_engine: Open) -> None:
    browser = open_in_engine(from_disk, READERS["phone"])
    browser.read_on()
    browser.tap("data.nv-value[data-key]")
    browser.until("!document.querySelector('#nv-tip').hidden")
    browser.tap("nv-you-first .answers button")
    browser.until("/You said 0/.test(document.querySelector('nv-you-first .asked').textContent)")
    browser.tap("nv-surest-samples .cell:not(.empty)")
    browser.until("!!document.querySelector('nv-surest-samples .cell[data-current]:not(.empty)')")
    browser.tap("nv-network-diagram .narrow .neuron .body")
    browser.until("!/Pick a/.test(document.querySelector('nv-network-diagram .note').textContent)")
    browser.tap("nv-confusion-matrix .cell")
    browser.until("document.querySelector('nv-confusion-matrix .nv-samples canvas') !== null")


@pytest.mark.torture
@pytest.mark.parametrize("tag", ["nv-template-match", "nv-filters-and-votes"])
def test_the_network_in_the_page_agrees_with_numpy(
    from_disk: str, open_in_engine: Open, tag: str
) -> None:
    browser = open_in_engine(from_disk, READERS["desk"])
    browser.see(tag)
    browser.until(f"document.querySelector('{tag}').images !== undefined")
    in_page, text = browser.evaluate(
        f"""(() => {{ const f = document.querySelector("{tag}");
        return [Array.from({{ length: f.images.count }}, (_, i) =>
          netviz.softmax(f.network.logits(f.images.image(i)))), f.images.probabilities]; }})()"""
    )
    by_numpy = np.frombuffer(base64.b64decode(text), "<f4").reshape(len(in_page), -1)
    assert len(in_page) >= 20
    assert np.abs(np.array(in_page) - by_numpy).max() < 1e-4


@pytest.mark.torture
def test_a_network_is_trained_in_the_page(from_server: str, open_in_engine: Open) -> None:
    browser = open_in_engine(from_server, READERS["phone"])
    browser.see("nv-train-it-yourself")
    browser.click("nv-train-it-yourself .nv-button")
    browser.until("document.querySelector('nv-train-it-yourself').pass >= 5", seconds=60)
    browser.click("nv-train-it-yourself .nv-button")
    losses = browser.evaluate("document.querySelector('nv-train-it-yourself').losses")
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
    from_disk: str, browsers: Callable[[Reader], Driven], planted: str
) -> None:
    browser = browsers(READERS["desk"])
    browser.open(from_disk, READERS["desk"])
    assert browser.take_faults() == []
    browser.evaluate(f"(() => {{ {planted}; }})()")
    browser.evaluate("new Promise((later) => { setTimeout(later, 300); })")
    assert browser.take_faults()
