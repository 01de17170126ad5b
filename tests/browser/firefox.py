"""Firefox as its users have it, driven by WebDriver BiDi, which it speaks by itself.

Playwright drives only a Firefox of its own make. The protocol is JSON over a WebSocket
(https://w3c.github.io/webdriver-bidi/); the tests need a dozen of its commands.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.browser.driven import Driven
from tests.browser.readers import LEAP, Reader

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
NETWORK_SCHEMES = {"http", "https", "ws", "wss"}
LISTENING = "WebDriver BiDi listening on "
LONGEST_MESSAGE = 64 * 2**20  # bytes; what a page shipped may come back in one
PATIENCE = 60  # seconds for one command, on a machine with other things to do
PREFERENCES = {
    "layout.css.prefers-color-scheme.content-override": 1,  # light; 0 is dark
    "ui.useOverlayScrollbars": 1,  # as Chromium has them without a window
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
# Firefox lays out what has arrived of a page, and complains of a formula that is cut off there.
PART_OF_FORMULA = re.compile(r"Incorrect number of children for <\w+/> tag")
FORMULAS_ARE_WHOLE = """
[[3, "munderover, msubsup"], [2, "msub, msup, munder, mover, mfrac"]].every(([count, tags]) =>
  [...document.querySelectorAll(tags)].every((one) => one.childElementCount === count))"""


@dataclass
class Firefox(Driven):
    """A running Firefox with one page. What goes wrong in the page is kept in `faults`."""

    socket: ClientConnection
    faults: list[str] = field(default_factory=list)
    page: str = ""
    last: int = 0  # the number of the last command

    def tell(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Send a command and return its result.

        Raises:
            AssertionError: the command failed.
        """
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=PATIENCE))
            if message.get("id") == self.last:
                assert message["type"] == "success", f"{method}: {message.get('message')}"
                return message["result"]
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        event, about = message.get("method"), message.get("params", {})
        if event == "log.entryAdded" and about["level"] == "error":
            self.faults.append(f"{about['type']}: {about['text']}")
        if event == "network.beforeRequestSent":
            address = urlsplit(about["request"]["url"])
            if address.scheme in NETWORK_SCHEMES and address.hostname not in LOCAL_HOSTS:
                self.faults.append(f"request to another host: {address.geturl()}")

    def begin(self) -> None:
        """Open the session, and watch what the page says and asks for."""
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.page = self.tell("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str, reader: Reader) -> None:
        size = {"width": reader.width, "height": reader.height}
        self.tell(
            "browsingContext.setViewport",
            context=self.page,
            viewport=size,
            devicePixelRatio=reader.density,
        )
        self.tell("browsingContext.navigate", context=self.page, url=url, wait="complete")
        if reader.leaps:
            self.evaluate(LEAP)

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        found = self.tell(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.page},
            awaitPromise=True,
        )
        assert found["type"] == "success", found.get("exceptionDetails", {}).get("text")
        return json.loads(found["result"]["value"])

    def take_faults(self) -> list[str]:
        are_whole = self.evaluate(FORMULAS_ARE_WHOLE)  # brings what was still on its way too
        faults, self.faults = self.faults, []
        return [fault for fault in faults if not (are_whole and PART_OF_FORMULA.search(fault))]

    def tap(self, selector: str) -> None:
        self._point(selector, "touch")

    def act(self, actions: dict[str, object]) -> None:
        self.tell("input.performActions", context=self.page, actions=[actions])


@contextmanager
def running(executable: Path, profile: Path, *, dark: bool = False) -> Iterator[Firefox]:
    """Start Firefox without a window, with a fresh `profile` in that folder; end it at the end."""
    scheme = {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in (PREFERENCES | scheme).items()
    )
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [executable, "--headless", "--no-remote", "--profile", profile]
    with subprocess.Popen(
        [*map(str, command), "--remote-debugging-port=0", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr
            said = (line.strip() for line in process.stderr)
            place = next((one for one in said if one.startswith(LISTENING)), None)
            assert place, "Firefox ended before it listened"
            address = place.removeprefix(LISTENING) + "/session"
            with connect(address, max_size=LONGEST_MESSAGE) as socket:
                firefox = Firefox(socket)
                firefox.begin()
                yield firefox
                firefox.tell("browser.close")
        finally:
            process.terminate()
