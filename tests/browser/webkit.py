"""WebKit, the engine of Safari, as WebKitGTK brings it: driven by WebDriver.

WebKitGTK's driver starts MiniBrowser, which needs a display: it gets one of its own, which nobody
sees. The protocol is JSON over HTTP (https://www.w3.org/TR/webdriver2/); the tests need a few of
its commands. What goes wrong in a page the driver does not tell, so the page writes it down itself:
`with_recorder` copies a site with pages that begin with a recorder.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.browser.driven import Driven
from tests.browser.firefox import LOCAL_HOSTS
from tests.browser.provision import WebKitPrograms
from tests.browser.questions import question
from tests.browser.readers import LEAP, Reader

PATIENCE = 60  # seconds for one command, on a machine with other things to do
SETTLING = 1  # seconds until a window that was resized is laid out, on most machines
SCREEN = "2800x2400x24"  # pixels, of a desk and of a phone whose pixels are double
# The toolbar above the page would make no window narrower than 450 pixels.
NARROW = "* { min-width: 0; min-height: 0; margin: 0; padding: 0; border-width: 0; font-size: 1px }"
RECORDER = """(() => {
  const faults = window.recordedFaults = [];
  const { error } = console;
  console.error = (...said) => { faults.push(`console: ${said.join(" ")}`); error(...said); };
  addEventListener("error", (event) => {
    const { target } = event;
    faults.push(target === window ? `exception: ${event.message}`
      : `not loaded: ${target.src || target.href}`);
  }, true);
  addEventListener("unhandledrejection", (event) => faults.push(`exception: ${event.reason}`));
  addEventListener("securitypolicyviolation", (event) => {
    faults.push(`policy: ${event.effectiveDirective} forbids ${event.blockedURI}`);
  });
})();
"""
RECORDED = '<script src="recorder.js"></script>'
# What was recorded, and what the page asked other hosts for.
FAULTS = f"""recordedFaults.splice(0).concat(performance.getEntriesByType("resource")
  .map((entry) => new URL(entry.name))
  .filter((url) => /^(http|ws)/.test(url.protocol)
    && !{json.dumps(sorted(LOCAL_HOSTS))}.includes(url.hostname))
  .map((url) => `request to another host: ${{url}}`))"""


def with_recorder(site: Path, copy: Path) -> Path:
    """Copy a built site to `copy`, where each page records what goes wrong in it."""
    shutil.copytree(site, copy)
    (copy / "recorder.js").write_text(RECORDER, "utf-8")
    for page in copy.glob("*.html"):
        # Before all else, the page's policy too, which then need not allow it.
        html = page.read_text("utf-8").replace("<head>", f"<head>{RECORDED}", 1)
        assert RECORDED in html
        page.write_text(html, "utf-8")
    return copy


@dataclass
class WebKit(Driven):
    """A running WebKit with one page. `session` is the address of its session."""

    session: str

    def tell(self, method: str, command: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Send a command and return its result.

        Raises:
            AssertionError: the command failed.
        """
        return _answer(method, f"{self.session}/{command}", parameters)

    def open(self, url: str, reader: Reader) -> None:
        self.tell("POST", "url", url="about:blank")
        self.resize(reader.width, reader.height)
        self.tell("POST", "url", url=url)
        if reader.leaps:
            self.evaluate(LEAP)

    def resize(self, width: int, height: int) -> None:
        """Let the page, without what the window has above it, be so large, in CSS pixels."""
        # The driver answers before the page is laid out anew, so the height of what is above the
        # page may be measured too early: measure it again until the page has its size.
        deadline = time.monotonic() + PATIENCE
        bar = 0
        while not self._settles_at(width, height, bar):
            assert time.monotonic() < deadline, f"the page never was {width} × {height}"
            outer = self.tell("GET", "window/rect")["height"]
            bar = outer - self.evaluate("innerHeight")

    def _settles_at(self, width: int, height: int, bar: int) -> bool:
        """Resize the window for a bar of that height; say whether the page gets its size soon."""
        self.tell("POST", "window/rect", width=width, height=height + bar)
        deadline = time.monotonic() + SETTLING
        while not self.evaluate(f"innerWidth === {width} && innerHeight === {height}"):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        script = f"""const done = arguments[0];
        (async () => JSON.stringify((await ({expression})) ?? null))()
          .then((text) => done([text]), (error) => done([null, String(error)]));"""
        text, *failed = self.tell("POST", "execute/async", script=script, args=[])
        assert not failed, failed
        return json.loads(text)

    def take_faults(self) -> list[str]:
        faults: list[str] = self.evaluate(FAULTS)
        return faults

    def tap(self, selector: str) -> None:
        """Bring the first element that fits into view and touch its middle.

        The driver has no finger (it makes a mouse of one): the page is given a finger's events.
        """
        assert self.evaluate(question("tap", selector)), f"something lies upon {selector}"

    def act(self, actions: dict[str, object]) -> None:
        self.tell("POST", "actions", actions=[actions])

    def picture(self) -> bytes:
        """Return what the window shows as a PNG."""
        return base64.b64decode(self.tell("GET", "screenshot"))


def _answer(method: str, address: str, parameters: dict[str, object]) -> Any:  # noqa: ANN401 - JSON
    body = None if method == "GET" else json.dumps(parameters).encode()
    try:
        with urlopen(Request(address, body, method=method), timeout=PATIENCE) as answer:  # noqa: S310 - our own loopback address
            return json.load(answer)["value"]
    except HTTPError as error:
        message = json.load(error)["value"]["message"]
        raise AssertionError(f"{method} {address}: {message}") from None


@contextmanager
def running(
    programs: WebKitPrograms, profile: Path, *, dark: bool = False, density: int = 1
) -> Iterator[WebKit]:
    """Start WebKit on a display of its own, set up in the folder `profile`; end both after."""
    style = profile / "gtk-3.0" / "gtk.css"
    style.parent.mkdir(parents=True)
    style.write_text(NARROW, "utf-8")
    with _display(programs.display) as display:
        settings = {
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "GDK_SCALE": str(density),
            "GTK_THEME": "Adwaita:dark" if dark else "Adwaita",
            "XDG_CONFIG_HOME": str(profile),
        }
        with _driver(programs.driver, settings) as address:
            options = {"binary": str(programs.browser), "args": ["--automation"]}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            session = _answer("POST", f"{address}/session", {"capabilities": wanted})["sessionId"]
            webkit = WebKit(f"{address}/session/{session}")
            yield webkit
            _answer("DELETE", webkit.session, {})


@contextmanager
def _display(program: Path) -> Iterator[str]:
    """Start a display that nobody sees; give its name."""
    command = [program, "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            number = process.stdout.readline().strip()
            assert number, "the display ended before it was there"
            yield f":{number}"
        finally:
            process.terminate()


@contextmanager
def _driver(program: Path, settings: dict[str, str]) -> Iterator[str]:
    """Start the driver, with `settings` for the browsers that it starts; give its address."""
    port = _free_port()
    with subprocess.Popen(
        [str(program), f"--port={port}"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/status")
            yield address
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            _answer("GET", address, {})
        except URLError:
            assert time.monotonic() < deadline, f"nothing answers at {address}"
            time.sleep(0.05)
        else:
            return
