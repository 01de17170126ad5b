"""Room on a chart: for labels that hide nothing, and for pointers at points close together."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netviz.rendering.geometry import Point, rounded

Anchor: TypeAlias = Literal["start", "middle", "end"]
# Where a label may be beside its point: to the right (1), the left (-1), and below (1), above (-1).
Side: TypeAlias = tuple[int, int]
ABOVE: Side = (0, -1)
BELOW: Side = (0, 1)
ON_THE_RIGHT: Side = (1, 0)
ON_THE_LEFT: Side = (-1, 0)
ABOVE_LEFT: Side = (-1, -1)
ABOVE_RIGHT: Side = (1, -1)
BELOW_LEFT: Side = (-1, 1)
BELOW_RIGHT: Side = (1, 1)
STEP = 3.0  # between the boxes that stand for a line, in units of the view box


@dataclass(frozen=True)
class Box:
    """A rectangle in a view box, in its units, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return rounded(self.right - self.left)

    @property
    def height(self) -> float:
        return rounded(self.bottom - self.top)

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def padded(self, room: float) -> "Box":
        return Box(self.left - room, self.top - room, self.right + room, self.bottom + room)


@dataclass(frozen=True)
class Label:
    """The room that a label takes, and the edge or middle of it that its text is set from."""

    box: Box
    x: float
    anchor: Anchor


def around(point: Point, room: float) -> Box:
    """Return the square around a point that reaches `room` to each side."""
    return Box(point.x, point.y, point.x, point.y).padded(room)


def beside(point: Point, side: Side, width: float, height: float, gap: float) -> Label:
    """Return a label of this size on one side of a point, `gap` away from it."""
    across, down = side
    near = gap * (0.7 if across and down else 1)  # a diagonal is longer than its sides
    x = rounded(point.x + across * near)
    left = x - width * (1 - across) / 2
    top = point.y + down * near - height * (1 - down) / 2
    anchor: Anchor = "start" if across > 0 else "end" if across else "middle"
    return Label(Box(rounded(left), rounded(top), left + width, top + height), x, anchor)


def first_free(candidates: Iterable[Label], bounds: Box, taken: Sequence[Box]) -> Label | None:
    """Return the first label within `bounds` that overlaps nothing; None if all do."""
    for label in candidates:
        if bounds.holds(label.box) and not any(label.box.overlaps(box) for box in taken):
            return label
    return None


def along(upper: Sequence[Point], lower: Sequence[Point]) -> Iterator[Box]:
    """Yield boxes that cover the band between two lines whose points are above one another.

    For a line without a band give it twice.
    """
    for first in range(len(upper) - 1):
        (a, b), (c, d) = upper[first : first + 2], lower[first : first + 2]
        steps = max(1, math.ceil(math.hypot(b.x - a.x, max(abs(b.y - a.y), abs(d.y - c.y))) / STEP))
        for step in range(steps):
            ends = (between(a, b, step / steps), between(a, b, (step + 1) / steps))
            below = (between(c, d, step / steps), between(c, d, (step + 1) / steps))
            heights = [point.y for point in (*ends, *below)]
            sides = [point.x for point in ends]
            yield Box(min(sides), min(heights), max(sides), max(heights))


def targets(points: Sequence[Point], across: float, down: float) -> list[Box]:
    """Return for each point the box in which a pointer means it.

    It reaches `across` to both sides of the point, and `down` below and above it; less where
    another point is near. Boxes do not overlap, except those of points at one place.
    """
    return [_target(point, points, across, down) for point in points]


def _target(point: Point, points: Iterable[Point], across: float, down: float) -> Box:
    left, right, top, bottom = across, across, down, down  # from the point
    for other in points:
        x, y = other.x - point.x, other.y - point.y
        if abs(x) > abs(y):  # they share the way between them, along the longer axis
            left, right = (left, min(right, x / 2)) if x > 0 else (min(left, -x / 2), right)
        elif y:
            top, bottom = (top, min(bottom, y / 2)) if y > 0 else (min(top, -y / 2), bottom)
    return Box(point.x - left, point.y - top, point.x + right, point.y + bottom)


def between(first: Point, second: Point, share: float) -> Point:
    """Return the point so far (0 to 1) on the way from the first to the second."""
    return Point(first.x + share * (second.x - first.x), first.y + share * (second.y - first.y))
