"""The shapes of a sweep: each with its cost, and its accuracy over all its seeds."""

from collections.abc import Iterable
from dataclasses import dataclass

from netviz.analysis.spread import Spread, spread
from netviz.analysis.sweep import Sweep


@dataclass(frozen=True)
class Shape:
    """The networks of one shape, over all their seeds."""

    hidden: tuple[int, ...]
    multiply_adds: int
    parameters: int
    accuracy: Spread


def shapes_of(sweep: Sweep) -> list[Shape]:
    """Gather the points of `sweep` by shape, in the order in which shapes first appear."""
    by_shape: dict[tuple[int, ...], list[float]] = {}
    for point in sweep.points:
        by_shape.setdefault(point.hidden, []).append(point.accuracy)
    first = {point.hidden: point for point in reversed(sweep.points)}
    return [
        Shape(hidden, first[hidden].multiply_adds, first[hidden].parameters, spread(values))
        for hidden, values in by_shape.items()
    ]


def wide(shapes: Iterable[Shape]) -> list[Shape]:
    """Return the shapes of one hidden layer, narrow ones first."""
    return sorted((one for one in shapes if len(one.hidden) == 1), key=lambda one: one.hidden)


def deep(shapes: Iterable[Shape]) -> list[Shape]:
    """Return the shapes of equal layers whose depth varies most, shallow ones first.

    Empty where no two shapes differ in depth alone.
    """
    families: dict[int, list[Shape]] = {}
    for shape in shapes:
        if shape.hidden and len(set(shape.hidden)) == 1:
            families.setdefault(shape.hidden[0], []).append(shape)
    family = max(families.values(), key=len, default=[])
    return sorted(family, key=lambda shape: len(shape.hidden)) if len(family) > 1 else []
