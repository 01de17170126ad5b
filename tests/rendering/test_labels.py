"""Labels hide nothing, and a pointer means the point that it is at."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from netviz.rendering.geometry import Point
from netviz.rendering.labels import (
    ABOVE,
    BELOW,
    BELOW_LEFT,
    ON_THE_RIGHT,
    Box,
    along,
    around,
    beside,
    between,
    first_free,
    targets,
)

COORDINATES = st.integers(0, 200)
POINTS = st.lists(st.builds(Point, COORDINATES, COORDINATES), min_size=1, max_size=8, unique=True)
ROOM = Box(0, 0, 100, 100)
HERE = Point(50, 50)


def test_boxes_overlap_where_they_share_an_area() -> None:
    box = Box(0, 0, 10, 10)
    assert box.overlaps(Box(9, 9, 20, 20))
    assert not box.overlaps(Box(10, 0, 20, 10))  # they touch
    assert box.overlaps(box.padded(1))
    assert box.padded(1).holds(box)
    assert not box.holds(box.padded(1))
    assert (box.padded(1).width, box.padded(2).height) == (12, 14)


def test_a_label_is_beside_its_point() -> None:
    above = beside(HERE, ABOVE, 20, 10, 5)
    assert above.box == Box(40, 35, 60, 45)
    assert (above.x, above.anchor) == (50, "middle")
    right = beside(HERE, ON_THE_RIGHT, 20, 10, 5)
    assert right.box == Box(55, 45, 75, 55)
    assert (right.x, right.anchor) == (55, "start")
    left = beside(HERE, BELOW_LEFT, 20, 10, 10)
    assert left.box == Box(23, 57, 43, 67)
    assert (left.x, left.anchor) == (43, "end")


def test_the_first_free_place_is_taken() -> None:
    places = [beside(HERE, side, 20, 10, 5) for side in (ABOVE, BELOW)]
    assert first_free(places, ROOM, []) == places[0]
    assert first_free(places, ROOM, [Box(0, 0, 100, 40)]) == places[1]
    assert first_free(places, Box(0, 40, 100, 100), []) == places[1]
    assert first_free(places, ROOM, [ROOM]) is None


@given(POINTS, st.floats(0, 1))
def test_a_line_is_covered_by_its_boxes(points: list[Point], share: float) -> None:
    boxes = list(along(points, points))
    for first, second in pairwise(points):
        point = between(first, second, share)
        assert any(box.padded(1e-9).holds(around(point, 0)) for box in boxes)
    assert all(box.width * box.height <= 3 * 3 for box in boxes)  # not a box for all of it


def test_a_band_is_covered_from_its_upper_to_its_lower_line() -> None:
    upper, lower = [Point(0, 10), Point(30, 20)], [Point(0, 40), Point(30, 50)]
    boxes = list(along(upper, lower))
    assert (boxes[0].left, boxes[-1].right) == (0, 30)
    for box in boxes:
        middle = (box.left + box.right) / 2
        assert box.top <= 10 + middle / 3
        assert box.bottom >= 40 + middle / 3


@given(POINTS)
def test_targets_hold_their_point_and_no_two_overlap(points: list[Point]) -> None:
    boxes = targets(points, 15, 22)
    for point, box in zip(points, boxes, strict=True):
        assert box.holds(around(point, 0))
        assert Box(point.x - 15, point.y - 22, point.x + 15, point.y + 22).holds(box)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_a_lonely_point_has_a_target_of_full_size() -> None:
    assert targets([HERE], 15, 22) == [Box(35, 28, 65, 72)]
    near = targets([HERE, Point(58, 51)], 15, 22)
    assert [(box.left, box.right) for box in near] == [(35, 54), (54, 73)]
    assert targets([HERE, HERE], 15, 22) == 2 * targets([HERE], 15, 22)
