"""A real browser, the built site, and a watch that lets no fault of a page pass.

Every page a test opens is watched: an error in the console, an exception that nobody caught
and a request to another host each fail the test when it ends.
"""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Request, sync_playwright
from playwright.sync_api import Error as PageError

from tests.browser.provision import REQUIRED, find_browser
from tests.browser.readers import LEAP, READERS, Reader

PROJECT = Path(__file__).parents[2]
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
NETWORK_SCHEMES = {"http", "https", "ws", "wss"}
# Beside what Playwright turns off, of which Chromium heeds only the last list: the popups of the
# address bar, two pages that start with every window and take longer than most of our tests.
NO_FEATURES = (
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
FLAGS = [
    f"--disable-features={','.join(NO_FEATURES)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Where Chromium redraws only a part of a tile, a curve that this part cuts comes out one level
    # of 255 off: how a page looks would depend on how it had been scrolled before.
    "--disable-partial-raster",
]

OpenPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of this folder as slow, but for those that are marked as quick."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.slow)


def until(
    page: Page | Frame, expression: str, argument: object = None, seconds: float = 10
) -> None:
    """Wait until a script's `expression` is true in `page`.

    Playwright's own `wait_for_function` evaluates a string within the page, which the page's
    Content-Security-Policy correctly forbids.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(20)


@dataclass
class Watch:
    """What went wrong in the pages of one test. A test that provokes a fault clears it."""

    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._exception)
        page.on("request", self._request)

    def check(self) -> None:
        assert not self.faults, "the page is at fault:\n" + "\n".join(self.faults)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _exception(self, error: PageError) -> None:
        self.faults.append(f"exception: {error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in NETWORK_SCHEMES and address.hostname not in LOCAL_HOSTS:
            self.faults.append(f"request to another host: {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; without one the test is skipped, or fails where required."""
    executable = find_browser()
    if executable is None:
        if os.environ.get(REQUIRED):
            pytest.fail("no Chrome or Chromium was found")
        pytest.skip("NO CHROME OR CHROMIUM WAS FOUND: run `make test`, or name one in CHROME")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The faults of the test's pages so far; any that is left fails the test."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Open `open_page(url, reader=Reader())` and wait until it has loaded; always watched."""
    contexts = []

    def open_page(url: str, reader: Reader = READERS["desk"]) -> Page:
        context = browser.new_context(**reader.context_options())
        contexts.append(context)
        if reader.leaps:
            context.add_init_script(f"addEventListener('load', () => {LEAP});")
        page = context.new_page()
        watch.follow(page)
        page.goto(url, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty page at a desk."""
    return open_page("about:blank")


# What differs from another reader in one thing alone is tried where there is time.
RARE = {"desk-dark", "phone-dark", "still", "forced-colours"}
QUICK = "phone"  # who has the least room


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.torture)
        if name in RARE
        else pytest.param(name, marks=() if name == QUICK else pytest.mark.slow)
        for name in READERS
    ]
)
def reader(request: pytest.FixtureRequest) -> Reader:
    """Every way of reading, one after the other."""
    return READERS[str(request.param)]


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The essay built once from the bundled sample, shared by all workers of a run."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    site = shared / "built" / "site"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            build_site(site)
    return site


def build_site(site: Path, *options: str) -> None:
    """Build the essay from the bundled sample into the folder `site`."""
    command = [sys.executable, "-m", "netviz", "build", "--sample", "--out", str(site), *options]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{' '.join(command)}\n{finished.stdout}{finished.stderr}"


@pytest.fixture(scope="session")
def site_from_disk(built_site: Path) -> str:
    """The address of the essay as a file."""
    return (built_site / "index.html").as_uri()


@pytest.fixture(scope="session")
def site_from_server(built_site: Path) -> Iterator[str]:
    """The address of the essay on a loopback server."""
    with serving(built_site) as address:
        yield address


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve the folder `site` on the loopback interface; give its address."""
    handler = partial(_QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Say nothing: pytest's output is for faults."""
