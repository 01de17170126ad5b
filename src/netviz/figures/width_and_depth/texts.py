"""The labels of a plot, where they hide nothing.

The essay's languages write them in letters of their own number. So names have room to spare, and
their text is set from the side that faces what they name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netviz.figures.width_and_depth.frame import Frame
from netviz.figures.width_and_depth.lines import HEIGHT, LEFT, WIDTH, Kind, Mark, short_point
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
    Side,
    beside,
    first_free,
)

Sides: TypeAlias = tuple[Side, ...]

ABOVE_PLOT = 12  # room that labels may take there
GAP = 9  # from a point's centre to its label
APART = 2  # the least room between two labels
DIGIT, LINE = 8.4, 10  # the room of a digit in any browser: width and height
BASELINE = 9.5  # below the upper edge of a label
NAMES: dict[Kind, tuple[float, float]] = {"wide": (112, 27), "none": (56, LINE), "deep": (130, 27)}
BESIDE_NUMBERS: Sides = (
    ABOVE, ABOVE_LEFT, ON_THE_LEFT, BELOW, BELOW_RIGHT, ON_THE_RIGHT, ABOVE_RIGHT, BELOW_LEFT,
)  # fmt: skip
BESIDE_NAMES: Sides = (
    BELOW_RIGHT, ON_THE_RIGHT, BELOW, BELOW_LEFT, ABOVE_RIGHT, ABOVE, ABOVE_LEFT, ON_THE_LEFT,
)  # fmt: skip
CORNERS = (
    (Point(LEFT + WIDTH, HEIGHT), ABOVE_LEFT),
    (Point(LEFT, 0), BELOW_RIGHT),
    (Point(LEFT, HEIGHT), ABOVE_RIGHT),
    (Point(LEFT + WIDTH, 0), BELOW_LEFT),
)


@dataclass(frozen=True)
class Text:
    """A label, and where its first line of text is set; `mark` is None for the name of a line."""

    kind: Kind
    box: Box
    x: float
    y: float
    anchor: Anchor
    mark: Mark | None = None


@dataclass(frozen=True)
class _Wanted:
    """A label and all places that it may have, the best first."""

    kind: Kind
    mark: Mark | None
    places: Sequence[Label]


def texts_of(
    marks: Sequence[Mark], taken: Sequence[Box], bands: Sequence[Box], frame: Frame | None
) -> Iterator[Text]:
    """Yield the labels that find room, in the plot and in its frame.

    They cover nothing of `taken`, and of `bands` only where there is no other room.
    """
    plot = Box(LEFT, -ABOVE_PLOT, LEFT + WIDTH, HEIGHT)
    deep = [mark for mark in marks if mark.kind == "deep"]
    none = [_name("none", [mark], mark) for mark in marks if mark.kind == "none"]
    single = [mark for mark in marks if mark.kind == "wide"]
    wanted = [*none, *map(_number, _most_wanted(single)), _name("wide", single)]
    if frame:
        yield from _placed(wanted, plot, [*taken, *frame.boxes], bands)
        yield from _placed(map(_number, deep), frame.view, frame.inner_boxes, frame.deep.band_boxes)
    else:
        deeper = [mark for mark in deep if len(mark.shape.hidden) > 1]
        also = [*map(_number, deeper), *([_name("deep", deeper)] if deeper else [])]
        yield from _placed([*wanted, *also], plot, taken, bands)


def _placed(
    wanted: Iterable[_Wanted], bounds: Box, taken: Sequence[Box], bands: Sequence[Box]
) -> Iterator[Text]:
    taken = list(taken)
    for one in wanted:
        best = first_free(one.places, bounds, [*taken, *bands])
        label = best or first_free(one.places, bounds, taken)
        if label:
            taken.append(label.box.padded(APART))
            at = short_point(label.x, label.box.top + BASELINE)
            yield Text(one.kind, label.box, at.x, at.y, label.anchor, one.mark)


def _most_wanted(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks in the order in which they get room: every third, and the last, come first."""
    last = len(marks) - 1
    order = sorted(range(len(marks)), key=lambda at: at % 3 != 0 and at != last)
    return [marks[at] for at in order]


def _number(mark: Mark) -> _Wanted:
    """Return the label of a shape: its units and, if several, its layers, as in 64×2."""
    units, layers = mark.shape.hidden[0], len(mark.shape.hidden)
    signs = len(str(units)) + (1 + len(str(layers)) if layers > 1 else 0)
    places = [
        beside(mark.at, side, signs * DIGIT, LINE, gap)
        for gap in (GAP, 1.4 * GAP, 2 * GAP)
        for side in BESIDE_NUMBERS
    ]
    return _Wanted(mark.kind, mark, places)


def _name(kind: Kind, marks: Sequence[Mark], named: Mark | None = None) -> _Wanted:
    """Return the name of a line or mark: beside any of its points, else in a corner."""
    places = [
        beside(mark.at, side, *NAMES[kind], gap)
        for gap in (GAP, 2 * GAP, 3 * GAP)
        for mark in marks
        for side in BESIDE_NAMES
    ]
    corners = [beside(corner, side, *NAMES[kind], GAP) for corner, side in CORNERS]
    return _Wanted(kind, named, [*places, *corners])
