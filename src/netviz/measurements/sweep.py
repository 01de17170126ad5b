"""What is measured of a sweep over shapes: `sweeps.NAME` of measurements.json."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from netviz.analysis.spread import spread
from netviz.analysis.sweep import SweepPoint
from netviz.measurements.plain import Exact, Number, or_least, rounded


@dataclass(frozen=True)
class Shape:
    """The networks of one shape: what they cost, and their accuracy over the seeds."""

    hidden: tuple[int, ...]
    units: int
    layers: int
    multiply_adds: int
    parameters: int
    seeds: int
    mean: Number
    lowest: Exact
    highest: Exact


@dataclass(frozen=True)
class Doubling:
    """What one doubling of the hidden units brings between two widths, and what it costs."""

    from_: int
    to: int
    gain: Number
    cost: Number


@dataclass(frozen=True)
class Depths:
    """The shapes of equal layers whose depth varies most, from shallow to deep."""

    units: int
    shapes: tuple[Shape, ...]
    gain: Number


@dataclass(frozen=True)
class SweepMeasurements:
    """A sweep: every shape, the widths of one hidden layer, and the depths of equal ones."""

    seeds: int
    shapes: tuple[Shape, ...]
    shape_count: int
    no_hidden: Shape | None
    narrowest: Shape | None
    widest: Shape | None
    best: Shape
    doublings: tuple[Doubling, ...]
    depths: Depths | None


def measure_sweep(points: Sequence[SweepPoint]) -> SweepMeasurements:
    """Return what is measured of all points of a sweep."""
    by_shape: dict[tuple[int, ...], list[SweepPoint]] = {}
    for point in points:
        by_shape.setdefault(point.hidden, []).append(point)
    shapes = tuple(_shape(same) for same in by_shape.values())
    wide = sorted((shape for shape in shapes if shape.layers == 1), key=lambda shape: shape.units)
    straight = [shape for shape in shapes if shape.layers == 0]
    return SweepMeasurements(
        seeds=max(shape.seeds for shape in shapes),
        shapes=shapes,
        shape_count=len(shapes),
        no_hidden=straight[0] if straight else None,
        narrowest=wide[0] if wide else None,
        widest=wide[-1] if wide else None,
        best=max(shapes, key=lambda shape: or_least(shape.mean)),
        doublings=tuple(_doubling(narrow, wider) for narrow, wider in pairwise(wide)),
        depths=_depths(shapes),
    )


def _shape(points: Sequence[SweepPoint]) -> Shape:
    summary = spread([point.accuracy for point in points])
    first = points[0]
    return Shape(
        hidden=first.hidden,
        units=sum(first.hidden),
        layers=len(first.hidden),
        multiply_adds=first.multiply_adds,
        parameters=first.parameters,
        seeds=summary.count,
        mean=rounded(summary.mean),  # gains are differences of what the page shows
        lowest=summary.low,
        highest=summary.high,
    )


def _doubling(narrow: Shape, wider: Shape) -> Doubling:
    doublings = math.log2(wider.units / narrow.units)
    return Doubling(
        from_=narrow.units,
        to=wider.units,
        gain=_gain(narrow, wider) / doublings,
        cost=wider.multiply_adds / narrow.multiply_adds,
    )


def _gain(before: Shape, after: Shape) -> float:
    return or_least(after.mean) - or_least(before.mean)


def _depths(shapes: Sequence[Shape]) -> Depths | None:
    families: dict[int, list[Shape]] = {}
    for shape in shapes:
        if len(set(shape.hidden)) == 1:
            families.setdefault(shape.hidden[0], []).append(shape)
    if not families:
        return None
    width, family = max(families.items(), key=lambda item: len(item[1]))
    deepening = tuple(sorted(family, key=lambda shape: shape.layers))
    return Depths(width, deepening, _gain(deepening[0], deepening[-1]))
