"""What the tests do with a browser that WebDriver drives, whichever of its protocols it speaks."""

import json
import time
from abc import ABC, abstractmethod
from typing import Any

from tests.browser.questions import question
from tests.browser.readers import Reader

KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Tab": "\ue004",
}


class Driven(ABC):
    """A running browser with one page."""

    @abstractmethod
    def open(self, url: str, reader: Reader) -> None:
        """Open a page as wide as `reader` sees it, and wait until it has loaded."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON
        """Return what a script's `expression`, or what it promises, is in the page.

        Raises:
            AssertionError: the script threw an exception.
        """

    @abstractmethod
    def take_faults(self) -> list[str]:
        """Return what went wrong in the page since this was last asked."""

    @abstractmethod
    def act(self, actions: dict[str, object]) -> None:
        """Perform the actions of one input device (https://www.w3.org/TR/webdriver2/#actions)."""

    @abstractmethod
    def tap(self, selector: str) -> None:
        """Bring the first element that fits into view and touch its middle."""

    def ask(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return the page's answer to a question of questions.js."""
        return self.evaluate(question(name))

    def until(self, expression: str, seconds: float = 20) -> None:
        """Wait until `expression` is true."""
        deadline = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Bring the first element that fits into view and press the mouse on its middle."""
        self._point(selector, "mouse")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        value = KEYS.get(key, key)
        steps = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.act({"type": "key", "id": "keyboard", "actions": steps})

    def read_on(self) -> None:
        """Scroll to the end, and wait until every figure has woken."""
        self.ask("readOn")
        self.until(question("awake"))

    def see(self, tag: str) -> None:
        """Bring a figure into view and wait until it has woken and its data are there."""
        self.evaluate(f"document.querySelector('{tag}').scrollIntoView({{ behavior: 'instant' }})")
        self.until(f"document.querySelector('{tag}').awake")

    def _point(self, selector: str, kind: str) -> None:
        x, y = self.evaluate(
            f"""(() => {{ const one = document.querySelector({json.dumps(selector)});
            one.scrollIntoView({{ block: "center", behavior: "instant" }});
            const {{ left, top, width, height }} = one.getBoundingClientRect();
            return [Math.round(left + width / 2), Math.round(top + height / 2)]; }})()"""
        )
        steps = [
            {"type": "pointerMove", "x": x, "y": y, "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        device = {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}}
        self.act({**device, "actions": steps})
