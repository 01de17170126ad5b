"""The geometry of network diagrams: where neurons, ellipses and connections lie.

Units are those of an SVG view box. What is drawn, in which colour, with which label, is the
template's business.
"""

from dataclasses import dataclass
from itertools import pairwise

from netviz.rendering.geometry import Point, rounded


@dataclass(frozen=True)
class Layout:
    """The room a diagram has.

    Attributes:
        width: of the view box.
        left, right: kept free at the sides, for labels; measured from the outermost centres.
        top: kept free above and below the outermost centres.
        spacing: between the centres of neighbours in a layer; at least 24 makes targets that
            a finger can hit when the box is shown at its own size.
        radius: of a neuron.
        most: neurons drawn in a layer; of a larger layer, the first and the last few with an
            ellipsis between them, which takes the place of one.
    """

    width: float
    left: float
    right: float
    top: float
    spacing: float
    radius: float
    most: int


WIDE = Layout(width=640, left=56, right=56, top=22, spacing=32, radius=11, most=12)
NARROW = Layout(width=320, left=36, right=40, top=20, spacing=28, radius=9, most=11)


@dataclass(frozen=True)
class Neuron:
    """A neuron that is drawn: its number in its layer, and its centre."""

    unit: int
    centre: Point


@dataclass(frozen=True)
class Column:
    """A layer: its real size, the neurons drawn, and the place of the ellipsis, if any."""

    size: int
    x: float
    neurons: tuple[Neuron, ...]
    ellipsis: Point | None

    @property
    def left_out(self) -> int:
        """How many neurons the ellipsis replaces."""
        return self.size - len(self.neurons)


@dataclass(frozen=True)
class Connection:
    """A line from `source` in layer number `layer` to `target` in the next, rim to rim."""

    layer: int
    source: int
    target: int
    start: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return the point a `share` of the way from the start (0) to the end (1)."""
        return Point(
            rounded(self.start.x + share * (self.end.x - self.start.x)),
            rounded(self.start.y + share * (self.end.y - self.start.y)),
        )


@dataclass(frozen=True)
class Diagram:
    """A diagram of layers from left to right, in a view box of `width` × `height`."""

    width: float
    height: float
    radius: float
    columns: tuple[Column, ...]
    connections: tuple[Connection, ...]


def network_diagram(sizes: tuple[int, ...], layout: Layout = WIDE) -> Diagram:
    """Lay out a network.

    Args:
        sizes: neurons a layer, inputs first, at least one each; two layers or more.
        layout: the room there is.

    Raises:
        ValueError: fewer than two layers, or an empty one.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"no network has the layers {sizes}")
    places = max(_places(size, layout.most) for size in sizes)
    height = 2 * layout.top + (places - 1) * layout.spacing
    step = (layout.width - layout.left - layout.right) / (len(sizes) - 1)
    columns = tuple(
        _column(size, layout.left + number * step, height / 2, layout)
        for number, size in enumerate(sizes)
    )
    connections = tuple(
        _connection(layer, source, target, layout.radius)
        for layer, (below, above) in enumerate(pairwise(columns))
        for source in below.neurons
        for target in above.neurons
    )
    return Diagram(layout.width, height, layout.radius, columns, connections)


def drawn_units(size: int, most: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return which neurons of a layer are drawn before the ellipsis, and which after it.

    All are before it where the layer has at most `most`; else `most` − 1 are drawn in all,
    the larger half first.
    """
    if size <= most:
        return tuple(range(size)), ()
    drawn = most - 1
    first = (drawn + 1) // 2
    return tuple(range(first)), tuple(range(size - drawn + first, size))


def _places(size: int, most: int) -> int:
    return min(size, most)


def _column(size: int, x: float, middle: float, layout: Layout) -> Column:
    """Return a layer's neurons one below the other, centred on the height `middle`."""
    first, last = drawn_units(size, layout.most)
    top = middle - (_places(size, layout.most) - 1) / 2 * layout.spacing
    centres = [
        Point(rounded(x), rounded(top + place * layout.spacing))
        for place in range(_places(size, layout.most))
    ]
    after = len(centres) - len(last)
    above = [Neuron(unit, centres[place]) for place, unit in enumerate(first)]
    below = [Neuron(unit, centres[after + place]) for place, unit in enumerate(last)]
    ellipsis = centres[len(first)] if last else None
    return Column(size, rounded(x), (*above, *below), ellipsis)


def _connection(layer: int, source: Neuron, target: Neuron, radius: float) -> Connection:
    """Return the line between two neurons, from the rim of one to that of the other."""
    across = target.centre.x - source.centre.x
    down = target.centre.y - source.centre.y
    share = radius / (across**2 + down**2) ** 0.5
    start = Point(
        rounded(source.centre.x + share * across), rounded(source.centre.y + share * down)
    )
    end = Point(rounded(target.centre.x - share * across), rounded(target.centre.y - share * down))
    return Connection(layer, source.unit, target.unit, start, end)
