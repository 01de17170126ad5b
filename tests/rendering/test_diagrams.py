"""Diagrams: nothing overlaps, nothing leaves its box, and every line joins two neurons."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.rendering.diagrams import NARROW, WIDE, Layout, drawn_units, network_diagram
from netviz.rendering.geometry import Point

SIZES = st.lists(st.integers(1, 4000), min_size=2, max_size=5).map(tuple)
LAYOUTS = st.sampled_from([WIDE, NARROW])


def distance(one: Point, other: Point) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


@given(st.integers(1, 4000), st.integers(3, 20))
def test_the_first_and_the_last_neurons_are_drawn(size: int, most: int) -> None:
    first, last = drawn_units(size, most)
    drawn = [*first, *last]
    assert drawn == sorted(set(drawn))
    assert (drawn[0], drawn[-1]) == (0, size - 1)
    if size <= most:
        assert drawn == list(range(size))
    else:
        assert len(drawn) == most - 1  # and one place for the ellipsis
        assert list(first) == list(range(len(first)))
        assert len(first) - len(last) in (0, 1)


@given(SIZES, LAYOUTS)
def test_everything_lies_apart_and_inside(sizes: tuple[int, ...], layout: Layout) -> None:
    diagram = network_diagram(sizes, layout)
    assert diagram.width == layout.width
    assert [column.size for column in diagram.columns] == list(sizes)
    for column in diagram.columns:
        assert (column.ellipsis is not None) == (column.left_out > 0)
        centres = [neuron.centre for neuron in column.neurons]
        if column.ellipsis:
            centres.append(column.ellipsis)
        for place, centre in enumerate(centres):
            assert layout.left <= centre.x <= layout.width - layout.right + 0.01
            assert layout.top - 0.01 <= centre.y <= diagram.height - layout.top + 0.01
            assert all(distance(centre, other) >= 24 for other in centres[:place])
    across = [column.x for column in diagram.columns]
    assert all(right - left > 24 for left, right in pairwise(across))


@given(SIZES, LAYOUTS)
def test_the_ellipsis_stands_between_what_it_divides(
    sizes: tuple[int, ...], layout: Layout
) -> None:
    for column in network_diagram(sizes, layout).columns:
        if column.ellipsis is None:
            continue
        above = [n.unit for n in column.neurons if n.centre.y < column.ellipsis.y]
        below = [n.unit for n in column.neurons if n.centre.y > column.ellipsis.y]
        assert len(above) + len(below) == len(column.neurons)
        assert min(below) - max(above) == column.left_out + 1


@pytest.mark.slow
@given(SIZES, LAYOUTS)
def test_connections_join_all_neighbours_rim_to_rim(sizes: tuple[int, ...], layout: Layout) -> None:
    diagram = network_diagram(sizes, layout)
    centres = {
        (layer, neuron.unit): neuron.centre
        for layer, column in enumerate(diagram.columns)
        for neuron in column.neurons
    }
    joined = {(line.layer, line.source, line.target) for line in diagram.connections}
    assert joined == {
        (layer, source, target)
        for layer, source in centres
        for above, target in centres
        if above == layer + 1
    }
    assert len(joined) == len(diagram.connections)
    for line in diagram.connections:
        source = centres[line.layer, line.source]
        target = centres[line.layer + 1, line.target]
        assert distance(line.start, source) == pytest.approx(layout.radius, abs=0.02)
        assert distance(line.end, target) == pytest.approx(layout.radius, abs=0.02)
        whole = distance(source, target)
        assert distance(line.start, line.end) == pytest.approx(whole - 2 * layout.radius, abs=0.03)


def test_a_known_diagram() -> None:
    diagram = network_diagram((3, 1), Layout(100, 20, 10, 5, 30, 5, 4))
    assert (diagram.width, diagram.height) == (100, 70)
    assert [n.centre for n in diagram.columns[0].neurons] == [
        Point(20, 5),
        Point(20, 35),
        Point(20, 65),
    ]
    level = diagram.connections[1]
    assert (level.start, level.end, level.at(0.5)) == (Point(25, 35), Point(85, 35), Point(55, 35))


@pytest.mark.parametrize("sizes", [(10,), (), (784, 0, 10)])
def test_what_is_no_network_is_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no network"):
        network_diagram(sizes)
