"""Lines and marks of accuracy against cost, and the scales that place them.

All places are in units of the view box, y downwards, with the plot's upper left corner at
(LEFT, 0).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netviz.figures.width_and_depth.shapes import Shape
from netviz.rendering.charts import LinearScale, LogScale, band_path, line_path
from netviz.rendering.geometry import Point
from netviz.rendering.labels import Box, along, around

Kind: TypeAlias = Literal["wide", "none", "deep"]

LEFT, WIDTH, HEIGHT = 40, 312, 250
MARGIN = 16  # between the plot's sides and its outermost points
MOST_TICKS = 9
DOT = 4.5  # from a point's centre to its rim
ROOM = 0.05  # above and below accuracies that are all alike


@dataclass(frozen=True)
class Line:
    """A line through the means of shapes, and the band between their lowest and highest."""

    points: tuple[Point, ...]
    upper: tuple[Point, ...]
    lower: tuple[Point, ...]

    @property
    def path(self) -> str:
        return path(self.points)

    @property
    def band(self) -> str:
        return band_path(_pairs(self.upper), _pairs(self.lower))

    @property
    def extent(self) -> Box:
        """The box around line and band."""
        xs, ys = zip(*_pairs([*self.upper, *self.lower]), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def boxes(self) -> list[Box]:
        """What a label must not cover: the line and its points."""
        return [*along(self.points, self.points), *(around(point, DOT) for point in self.points)]

    @property
    def band_boxes(self) -> list[Box]:
        """What a label should not cover."""
        return list(along(self.upper, self.lower))

    def mapped(self, to: Callable[[Point], Point]) -> "Line":
        return Line(*(tuple(map(to, each)) for each in (self.points, self.upper, self.lower)))


@dataclass(frozen=True)
class Mark:
    """A point that says its numbers; a pointer means it in `target`, counted from the point."""

    kind: Kind
    shape: Shape
    at: Point
    target: Box


@dataclass(frozen=True)
class Scales:
    """Multiply-adds to the right, accuracy upwards."""

    across: LogScale
    up: LinearScale

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> "Scales":
        costs = [shape.multiply_adds for shape in shapes]
        accuracies = [value for s in shapes for value in (s.accuracy.low, s.accuracy.high)]
        return cls(
            LogScale(min(costs), max(costs), LEFT + MARGIN, LEFT + WIDTH - MARGIN),
            LinearScale.nice(_with_room(accuracies), HEIGHT, 0, MOST_TICKS),
        )

    def line(self, shapes: Sequence[Shape]) -> Line:
        """Return the line through `shapes`, in their order."""
        return Line(
            tuple(self.point(shape, shape.accuracy.mean) for shape in shapes),
            tuple(self.point(shape, shape.accuracy.high) for shape in shapes),
            tuple(self.point(shape, shape.accuracy.low) for shape in shapes),
        )

    def point(self, shape: Shape, accuracy: float) -> Point:
        return short_point(self.across.position(shape.multiply_adds), self.up.position(accuracy))


def path(points: Sequence[Point]) -> str:
    """Return the SVG path through `points`."""
    return line_path(_pairs(points))


def _pairs(points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in points]


def short_point(x: float, y: float) -> Point:
    """Return a point to a tenth of a unit, finer than a pixel, as a page has many of them."""
    return Point(round(x, 1), round(y, 1))


def _with_room(accuracies: Sequence[float]) -> Sequence[float]:
    """Return what an axis has to hold: shares between 0 and 1, even if there is but one."""
    low, high = min(accuracies), max(accuracies)
    return accuracies if low < high else (max(0.0, low - ROOM), min(1.0, high + ROOM))
