"""Accuracy against cost as one drawing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netviz.figures.width_and_depth.frame import BELOW_AXIS, Frame, framed
from netviz.figures.width_and_depth.lines import (
    DOT,
    HEIGHT,
    MOST_TICKS,
    Kind,
    Line,
    Mark,
    Scales,
)
from netviz.figures.width_and_depth.shapes import Shape, deep, wide
from netviz.figures.width_and_depth.texts import Text, texts_of
from netviz.rendering.charts import Tick
from netviz.rendering.geometry import Point
from netviz.rendering.labels import Box, around, targets

REACH = (15, 22)  # of a pointer around a point: to each side, and up and down


@dataclass(frozen=True)
class Plot:
    """All of a drawing; `frame` is None where deeper networks need no magnifying."""

    up: tuple[Tick, ...]
    across: tuple[Tick, ...]
    wide: Line
    deep: Line
    frame: Frame | None
    marks: tuple[Mark, ...]
    texts: tuple[Text, ...]

    @property
    def height(self) -> float:
        """The height of the plot, with that of a frame which found no room in it."""
        return max(HEIGHT, self.frame.box.bottom - BELOW_AXIS if self.frame else 0)


def plotted(shapes: Sequence[Shape]) -> Plot:
    """Draw the shapes of one hidden layer, those of equal layers, and the one without any.

    At least two of them have one hidden layer.
    """
    single, family = wide(shapes), deep(shapes)
    ordered = by_cost(shapes)
    scales = Scales.of([*ordered, *family])
    wider, deeper, spots = (scales.line(each) for each in (single, family, ordered))
    taken = [*wider.boxes, *(around(spot, DOT) for spot in spots.points)]
    bands = [*wider.band_boxes, *deeper.band_boxes]
    frame = framed(deeper, wider, [*taken, *wider.band_boxes]) if family else None
    marks = (
        *_marks("wide", ordered, spots.points),
        *_marks("deep", family, (frame.deep if frame else deeper).points),
    )
    return Plot(
        scales.up.ticks(MOST_TICKS),
        scales.across.ticks(),
        wider,
        deeper,
        frame,
        marks,
        tuple(texts_of(marks, [*taken, *deeper.boxes], bands, frame)),
    )


def by_cost(shapes: Sequence[Shape]) -> list[Shape]:
    """Return the shapes of one hidden layer, and the one without any, cheap ones first."""
    none = [shape for shape in shapes if not shape.hidden]
    return sorted([*wide(shapes), *none], key=lambda shape: shape.multiply_adds)


def _marks(kind: Kind, shapes: Sequence[Shape], at: Sequence[Point]) -> Iterator[Mark]:
    for shape, point, box in zip(shapes, at, targets(at, *REACH), strict=True):
        near = math.ceil(box.left - point.x), math.ceil(box.top - point.y)
        far = math.floor(box.right - point.x), math.floor(box.bottom - point.y)
        yield Mark(kind if shape.hidden else "none", shape, point, Box(*near, *far))
