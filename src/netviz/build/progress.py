"""What a build tells the person who waits for it.

On a terminal one line is kept up to date; elsewhere each step that was made is a plain line.
Everything goes to the error stream, so that the output stream stays free for results.
"""

import json
import os
import shutil
import time
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Literal, TextIO

from netviz.engine.disk import disk_faults, write_own
from netviz.engine.execute import Event
from netviz.errors import visible

BAR_LENGTH = 20
FRAME_SECONDS = 0.05
ERASE_LINE = "\r\x1b[2K"
FOREIGN = (
    "the cache holds results that were not made by your own builds: they are made again"
    " (see “Trust” in the documentation on reliability)"
)
STYLES = {"faint": "\x1b[2m", "good": "\x1b[32m", "warning": "\x1b[33m"}
NORMAL = "\x1b[0m"

Style = Literal["faint", "good", "warning"]


class Volume(IntEnum):
    """How much to tell."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2

    @classmethod
    def of(cls, *, quiet: bool, verbose: bool) -> "Volume":
        """Return the volume that -q and -v ask for."""
        return cls.QUIET if quiet else cls.VERBOSE if verbose else cls.NORMAL


class Progress:
    """Shows the events of one build: call it with each. Leaving it as a context clears up.

    Args:
        stream: where to write.
        volume: QUIET shows nothing; VERBOSE has a line for every step, reused ones included.
        color: False for plain text; NO_COLOR and a stream that is no terminal count as well.
        explain: say of every step that was made why it was.
    """

    def __init__(
        self,
        stream: TextIO,
        volume: Volume = Volume.NORMAL,
        *,
        color: bool = True,
        explain: bool = False,
    ) -> None:
        capable = stream.isatty() and os.environ.get("TERM", "") != "dumb"
        self.stream = stream
        self.volume = volume
        self.explain = explain
        self.live = capable and volume > Volume.QUIET
        self.color = capable and color and not os.environ.get("NO_COLOR")
        self.weights: dict[str, float] = {}
        self.reasons: dict[str, str] = {}
        self.running: dict[str, float] = {}  # when each step started
        self.seconds: dict[str, float] = {}  # how long each step took that was made
        self.reused: set[str] = set()
        self._is_foreign = False  # whether it was said that the cache is another's
        self._started = time.monotonic()
        self._drawn_at = 0.0
        self._is_drawn = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._erase()

    def __call__(self, event: Event) -> None:
        """Take in an event, and show it. A step already known as made stays so."""
        match event.kind:
            case "planned":
                self.weights.setdefault(event.step, event.weight)
            case "started":
                self.running[event.step] = time.monotonic()
                self.reasons[event.step] = event.why
            case "made":
                self.running.pop(event.step, None)
                self.seconds[event.step] = event.seconds
                self._show_made(event)
            case "reused":
                if event.step not in self.seconds and event.step not in self.reused:
                    self.reused.add(event.step)
                    self._show_reused(event)
            case "foreign":
                self._show_foreign(event)
            case "damaged":
                self._line(
                    f"damaged in the cache, made again: {event.step}: {event.why}", "warning"
                )
        self._draw()

    def finish(self, page: Path, timings: Path) -> None:
        """Say in one line how the build went and which page to open; write the timings.

        Raises:
            SiteError: the disk refuses.
        """
        seconds = time.monotonic() - self._started
        counts = f"{_counted(len(self.seconds))} made, {len(self.reused)} reused"
        self._line(f"{page}: {counts}, {seconds:.1f} s", "good")
        found = {
            "seconds": round(seconds, 3),
            "made": {name: round(value, 3) for name, value in sorted(self.seconds.items())},
            "reused": sorted(self.reused),
        }
        with disk_faults(timings):
            timings.parent.mkdir(parents=True, exist_ok=True)
            write_own(timings, json.dumps(found, indent=1) + "\n")

    def _show_made(self, event: Event) -> None:
        if self.live and self.volume < Volume.VERBOSE and not self.explain:
            return
        why = self.reasons.get(event.step, "")
        because = f" ({why})" if self.explain and why else ""
        self._line(f"made {event.step}, {event.seconds:.1f} s{because}")

    def _show_reused(self, event: Event) -> None:
        if self.volume >= Volume.VERBOSE:
            because = f" ({event.why})" if event.why else ""
            self._line(f"reused {event.step}{because}", "faint")

    def _show_foreign(self, event: Event) -> None:
        if self.volume >= Volume.VERBOSE:
            self._line(f"not used from the cache: {event.step}: {event.why}", "warning")
        elif not self._is_foreign:
            self._line(FOREIGN, "warning")
        self._is_foreign = True

    def _line(self, text: str, style: Style | None = None) -> None:
        if self.volume == Volume.QUIET:
            return
        self._erase()
        self.stream.write(self._styled(visible(text), style) + "\n")
        self.stream.flush()

    def _draw(self) -> None:
        """Draw the live line again, but not more often than an eye can follow."""
        now = time.monotonic()
        if not self.live or not self.running or now - self._drawn_at < FRAME_SECONDS:
            return
        self._drawn_at = now
        self._is_drawn = True
        width = shutil.get_terminal_size().columns
        text = visible(f"{self._bar()} {self._running_steps(now)}")[: width - 1]
        self.stream.write(ERASE_LINE + text)
        self.stream.flush()

    def _bar(self) -> str:
        total = sum(self.weights.values()) or 1.0
        done = sum(self.weights.get(name, 0.0) for name in {*self.seconds, *self.reused})
        full = min(BAR_LENGTH, int(BAR_LENGTH * done / total))
        count = len(self.seconds) + len(self.reused)
        return f"[{'#' * full}{'.' * (BAR_LENGTH - full)}] {count}/{len(self.weights)}"

    def _running_steps(self, now: float) -> str:
        steps = sorted(self.running.items(), key=lambda item: item[1])
        return " · ".join(f"{name} {now - started:.0f} s" for name, started in steps)

    def _erase(self) -> None:
        if self._is_drawn:
            self.stream.write(ERASE_LINE)
            self.stream.flush()
            self._is_drawn = False

    def _styled(self, text: str, style: Style | None) -> str:
        return f"{STYLES[style]}{text}{NORMAL}" if style and self.color else text


def _counted(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"
