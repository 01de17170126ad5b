"""Weights against accuracy as a drawing: dots, what leads from them to their cost, and labels.

All places are in units of the view box, y downwards, with the plot's upper left corner at
(LEFT, 0).
"""

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from netviz.analysis.spread import Spread
from netviz.rendering.charts import LinearScale, LogScale, Tick
from netviz.rendering.geometry import Point
from netviz.rendering.labels import (
    ABOVE,
    ABOVE_LEFT,
    ABOVE_RIGHT,
    BELOW,
    BELOW_LEFT,
    BELOW_RIGHT,
    ON_THE_LEFT,
    ON_THE_RIGHT,
    Anchor,
    Box,
    Label,
    along,
    around,
    beside,
    between,
    first_free,
    targets,
)

LEFT, WIDTH, HEIGHT = 40, 312, 270
MARGIN = 12  # between the plot's sides and its outermost points
MOST_TICKS = 9
DOT = 5.0  # from a point's centre to its rim
REACH = (15, 22)  # of a pointer around a point: to each side, and up and down
ROOM = 0.05  # above and below accuracies that are all alike
HEADROOM = 0.1  # above the best, for its label: a share of what the axis has to hold
ABOVE_PLOT = 8  # room that labels may take there
GAP = 9  # from a point's centre to its label
APART = 2  # the least room between two labels
CLEAR = 7  # between a label and the marks of others, where there is room: nearly a gap
# The room of a line of text and of a letter, in any browser, and how a title is broken into lines.
LINE, LETTER = 13, 6.4
WRAPS = (21, 14)  # letters of a line: on one line, where there is room
MOST_LINES = 3
SIDES = (
    ABOVE, ON_THE_RIGHT, BELOW, ON_THE_LEFT, ABOVE_RIGHT, BELOW_RIGHT, ABOVE_LEFT, BELOW_LEFT,
)  # fmt: skip
GAPS = (1, 1.5, 2.2, 3)
ALONG = (0.5, 0.0, 1.0, 0.25, 0.75)  # places on the way from the dot to the ring


@dataclass(frozen=True)
class Entry:
    """A network by its name and title: what it holds, what it costs, and what it reaches.

    `parameters` counts weights and biases, `multiply_adds` those that one image costs.
    """

    name: str
    title: str
    parameters: int
    multiply_adds: int
    shares: bool
    accuracy: Spread


@dataclass(frozen=True)
class Text:
    """A title beside its network, where its first line is set, in lines of at most `signs`."""

    x: float
    y: float
    anchor: Anchor
    signs: int
    box: Box


@dataclass(frozen=True)
class Mark:
    """A network in the plot: the dot of its weights, the ring of its cost, its worst and best.

    A pointer means it in `target`. There is no ring where it would cover the dot, and no text
    where it would hide something.
    """

    entry: Entry
    dot: Point
    ring: Point | None
    top: float
    bottom: float
    target: Box
    text: Text | None = None

    @property
    def boxes(self) -> list[Box]:
        """What a label must not cover."""
        interval = Box(self.dot.x, self.top, self.dot.x, self.bottom)
        if self.ring is None:
            return [around(self.dot, DOT), interval]
        tail = [box.padded(1) for box in along((self.dot, self.ring), (self.dot, self.ring))]
        return [around(self.dot, DOT), interval, around(self.ring, DOT), *tail]


@dataclass(frozen=True)
class Plot:
    """All of a drawing; marks are in the order of their weights."""

    up: tuple[Tick, ...]
    across: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def plotted(entries: Sequence[Entry]) -> Plot:
    """Draw networks for one data set, at least one."""
    across, up = _across(entries), _up(entries)
    ordered = sorted(entries, key=lambda one: (one.parameters, one.name))
    dots = [_point(across, up, one.parameters, one.accuracy.mean) for one in ordered]
    marks = [
        _mark(entry, dot, _ring(across, entry, dot), up, target)
        for entry, dot, target in zip(ordered, dots, targets(dots, *REACH), strict=True)
    ]
    return Plot(up.ticks(MOST_TICKS), across.ticks(), tuple(_labelled(marks)))


def _across(entries: Sequence[Entry]) -> LogScale:
    """Return a scale for weights and costs that shows two powers of ten at least."""
    counts = [count for one in entries for count in (one.parameters, one.multiply_adds)]
    low, high = max(1, min(counts)), max(1, *counts)
    if math.floor(math.log10(high)) - math.ceil(math.log10(low)) < 1:
        low, high = 10 ** math.floor(math.log10(low)), 10 ** math.floor(math.log10(high) + 1)
    return LogScale(low, high, LEFT + MARGIN, LEFT + WIDTH - MARGIN)


def _up(entries: Sequence[Entry]) -> LinearScale:
    values = [value for one in entries for value in (one.accuracy.low, one.accuracy.high)]
    low, high = min(values), max(values)
    if low == high:
        low, high = max(0.0, low - ROOM), min(1.0, high + ROOM)
    return LinearScale.nice((low, min(1.0, high + HEADROOM * (high - low))), HEIGHT, 0, MOST_TICKS)


def _point(across: LogScale, up: LinearScale, count: int, accuracy: float) -> Point:
    return Point(round(across.position(max(1, count)), 1), round(up.position(accuracy), 1))


def _ring(across: LogScale, entry: Entry, dot: Point) -> Point | None:
    ring = Point(round(across.position(max(1, entry.multiply_adds)), 1), dot.y)
    return ring if abs(ring.x - dot.x) > 2 * DOT else None


def _mark(entry: Entry, dot: Point, ring: Point | None, up: LinearScale, target: Box) -> Mark:
    top, bottom = (round(up.position(one), 1) for one in (entry.accuracy.high, entry.accuracy.low))
    return Mark(entry, dot, ring, top, bottom, target)


def _labelled(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks with labels that hide nothing; the most accurate choose first."""
    labels: list[Box] = []
    found: dict[str, Text | None] = {}
    for mark in sorted(marks, key=lambda one: (one.dot.y, one.dot.x)):
        others = [box for other in marks if other is not mark for box in other.boxes]
        apart = [*labels, *mark.boxes, *(box.padded(CLEAR) for box in others)]
        text = _text(mark, apart) or _text(mark, [*labels, *mark.boxes, *others])
        found[mark.entry.name] = text
        if text:
            labels.append(text.box.padded(APART))
    for mark in marks:
        yield replace(mark, text=found[mark.entry.name])


def _text(mark: Mark, taken: Sequence[Box]) -> Text | None:
    """Return the label of a mark where it covers nothing of `taken`; None without such a place."""
    bounds = Box(LEFT, -ABOVE_PLOT, LEFT + WIDTH, HEIGHT)
    for signs in WRAPS:
        width, lines = _size(mark.entry.title, signs)
        label = first_free(_places(mark, width, lines * LINE), bounds, taken)
        if label:
            return Text(
                round(label.x, 1),
                round(label.box.top + LINE - 3, 1),
                label.anchor,
                signs,
                label.box,
            )
    return None


def _size(title: str, signs: int) -> tuple[float, int]:
    """Return the width of a title in lines of at most `signs`, and how many these are."""
    lines = textwrap.wrap(title, signs)[:MOST_LINES] or [""]
    return max(map(len, lines)) * LETTER, len(lines)


def _places(mark: Mark, width: float, height: float) -> Iterator[Label]:
    """Yield the places of a label, the best first: near its dot, its ring or the way to it."""
    points = [between(mark.dot, mark.ring, share) for share in ALONG] if mark.ring else [mark.dot]
    for times in GAPS:
        for point in points:
            for side in SIDES:
                yield beside(point, side, width, height, times * GAP)
