"""The frame that magnifies deeper networks.

They cost nearly the same, so that their points are hard to tell apart at the scale of the plot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netviz.figures.width_and_depth.lines import DOT, HEIGHT, LEFT, WIDTH, Line, short_point
from netviz.rendering.geometry import Point
from netviz.rendering.labels import Box, along, between

SIZE = (150, 140)
HEAD, PAD = 36, (30, 14)  # its name, and the room around its points
EDGE = 6  # between the frame and the plot's sides
BELOW_AXIS = 40  # room for the ticks and the name of the axis
LEAST, MOST = 1.5, 20  # magnification: below the least there is no frame
CLEAR = 2  # around the part: the room that labels leave it


@dataclass(frozen=True)
class Frame:
    """A part of the plot, magnified: its box, the part, the lines in it, what links them."""

    box: Box
    part: Box
    deep: Line
    wide: tuple[Point, ...]
    links: tuple[tuple[Point, Point], ...]

    @property
    def boxes(self) -> list[Box]:
        """What a label of the plot must not cover."""
        links = [box for link in self.links for box in along(link, link)]
        return [self.box, self.part.padded(CLEAR), *links]

    @property
    def view(self) -> Box:
        """The room below the frame's name."""
        return Box(self.box.left, self.box.top + HEAD, self.box.right, self.box.bottom)

    @property
    def inner_boxes(self) -> list[Box]:
        """What a label in the frame must not cover."""
        return [*self.deep.boxes, *along(self.wide, self.wide)]


def framed(deeper: Line, wider: Line, taken: Sequence[Box]) -> Frame | None:
    """Return the frame that magnifies the line of deeper networks; None if they need none."""
    extent = deeper.extent
    room = (SIZE[0] - 2 * PAD[0], SIZE[1] - HEAD - 2 * PAD[1])
    spans = ((room[0], extent.width), (room[1], extent.height))
    times = min(MOST, *(space / span for space, span in spans if span))
    if times < LEAST:
        return None
    part = extent.padded(DOT)
    box = _frame_box([*taken, part])
    middle = Point((box.left + box.right) / 2, (box.top + HEAD + box.bottom) / 2)

    def magnified(point: Point) -> Point:
        return short_point(
            middle.x + times * (point.x - (extent.left + extent.right) / 2),
            middle.y + times * (point.y - (extent.top + extent.bottom) / 2),
        )

    view = Box(box.left, box.top + HEAD, box.right, box.bottom)
    shown = _shown(deeper.points[0], wider.points, magnified, view)
    return Frame(box, part, deeper.mapped(magnified), shown, _links(part, box))


def _frame_box(taken: Sequence[Box]) -> Box:
    """Return the corner of the plot that is free for the frame; below the plot if none is."""
    right, bottom = LEFT + WIDTH - EDGE - SIZE[0], HEIGHT - EDGE - SIZE[1]
    places = ((right, bottom), (LEFT + EDGE, EDGE), (LEFT + EDGE, bottom), (right, EDGE))
    boxes = (Box(x, y, x + SIZE[0], y + SIZE[1]) for x, y in places)
    free = (box for box in boxes if not any(box.padded(EDGE).overlaps(one) for one in taken))
    below = HEIGHT + BELOW_AXIS
    return next(free, Box(right, below, right + SIZE[0], below + SIZE[1]))


def _shown(
    shared: Point, wider: Sequence[Point], to: Callable[[Point], Point], view: Box
) -> tuple[Point, ...]:
    """Return the line of wider networks as far as it is in view, on both sides of a point on it.

    Empty where the line does not pass through `shared`.
    """
    if shared not in wider:
        return ()
    at = wider.index(shared)
    before = _in_view([to(point) for point in reversed(wider[: at + 1])], view)
    after = _in_view([to(point) for point in wider[at:]], view)
    return (*reversed(before), *after[1:])


def _in_view(points: Sequence[Point], view: Box) -> list[Point]:
    """Return the beginning of the way through `points`, up to where it leaves the view."""
    way = [points[0]]
    for point in points[1:]:
        way.append(_leaving(way[-1], point, view))
        if way[-1] != point:
            break
    return way


def _leaving(start: Point, end: Point, view: Box) -> Point:
    """Return where the way from `start`, in `view`, to `end` leaves it; `end` if it does not."""
    share = 1.0
    for near, far, low, high in (
        (start.x, end.x, view.left, view.right),
        (start.y, end.y, view.top, view.bottom),
    ):
        if not low <= far <= high:
            share = min(share, ((high if far > high else low) - near) / (far - near))
    return between(start, end, share)


def _links(part: Box, box: Box) -> tuple[tuple[Point, Point], ...]:
    """Return the lines from the part to the side of the frame that faces it."""
    near, far = (part.bottom, box.top) if part.bottom < box.top else (part.top, box.bottom)
    return (
        (Point(part.left, near), Point(box.left, far)),
        (Point(part.right, near), Point(box.right, far)),
    )
