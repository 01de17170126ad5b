"""Points, bands and costs are those of the sweep; no label hides another, or a line."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from netviz.analysis.sweep import Sweep, SweepPoint
from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials
from netviz.figures.width_and_depth.frame import BELOW_AXIS, Frame
from netviz.figures.width_and_depth.lines import HEIGHT, LEFT, WIDTH, Line
from netviz.figures.width_and_depth.plot import Plot, plotted
from netviz.figures.width_and_depth.shapes import Shape, shapes_of
from netviz.figures.width_and_depth.width_and_depth import Arguments, draw
from netviz.rendering.labels import around
from tests.figures.conftest import Written, contents
from tests.miniatures import at

ACCURACIES: Mapping[tuple[int, ...], tuple[float, ...]] = {
    (): (0.90, 0.91, 0.92),
    (4,): (0.70, 0.76, 0.73),
    (2,): (0.40, 0.60, 0.50),
    (16,): (0.93, 0.95, 0.94),
    (4, 4): (0.74, 0.75, 0.76),
    (4, 4, 4): (0.70, 0.72, 0.71),
}
Points = list[tuple[float, float]]


def sweep(accuracies: Mapping[tuple[int, ...], tuple[float, ...]] = ACCURACIES) -> Sweep:
    points = [
        SweepPoint(hidden, seed, 100 * (1 + sum(hidden)), 10 + sum(hidden), accuracy)
        for hidden, values in accuracies.items()
        for seed, accuracy in enumerate(values, 1)
    ]
    return Sweep("swept", "Shapes", tuple(points))


def drawn(written: Written, *sweeps: Sweep) -> dict[str, Json]:
    named = {f"sweep-{number}": one for number, one in enumerate(sweeps)}
    return contents(draw(Arguments(tuple(named)), Materials(sweeps=named), written))


def points(path: str) -> Points:
    return [(float(x), float(y)) for x, y in re.findall(r"([-\d.]+),([-\d.]+)", path)]


def test_the_seeds_of_a_shape_are_gathered() -> None:
    shapes = {shape.hidden: shape for shape in shapes_of(sweep())}
    assert list(shapes) == list(ACCURACIES)
    assert shapes[(2,)].accuracy.mean == pytest.approx(0.5)
    assert (shapes[(2,)].accuracy.low, shapes[(2,)].accuracy.high) == (0.4, 0.6)
    assert shapes[(2,)].multiply_adds == 300
    assert shapes[(2,)].parameters == 12


def test_readers_can_take_the_shapes_along(written: Written) -> None:
    drawn(written, sweep())
    head, *rows = written.tables["sweep-0"]
    assert [row[0] for row in rows] == ["x".join(map(str, hidden)) for hidden in ACCURACIES]
    (two,) = (dict(zip(head, row, strict=True)) for row in rows if row[0] == "2")
    assert two == {
        "hidden": "2",
        "parameters": 12,
        "multiply_adds": 300,
        "seeds": len(ACCURACIES[(2,)]),
        "mean_accuracy": pytest.approx(0.5),
        "lowest_accuracy": 0.4,
        "highest_accuracy": 0.6,
    }


def test_marks_are_in_the_order_of_their_cost_and_then_of_depth(written: Written) -> None:
    marks = at(drawn(written, sweep()), "rows.0.marks")
    assert [(mark["kind"], mark["hidden"]) for mark in marks] == [
        ("none", ""),
        ("wide", "2"),
        ("wide", "4"),
        ("wide", "16"),
        ("deep", "4"),
        ("deep", "4 – 4"),
        ("deep", "4 – 4 – 4"),
    ]


def test_an_address_names_each_mark(written: Written) -> None:
    (point,) = draw(Arguments(("it",)), Materials(sweeps={"it": sweep()}), written).states
    assert list(point.values) == [
        "none",
        *(f"swept.width.{units}" for units in (0, 2, 4, 16)),
        *(f"swept.depth.{layers}" for layers in (1, 2, 3)),
    ]


def test_points_are_where_the_logarithm_of_their_cost_says() -> None:
    for shapes in SHAPES.values():
        plot = plotted(shapes)
        marks = [mark for mark in plot.marks if mark.kind != "deep" or not plot.frame]
        first, last = marks[0], max(marks, key=lambda mark: mark.shape.multiply_adds)
        assert LEFT <= first.at.x < last.at.x <= LEFT + WIDTH
        decade = (last.at.x - first.at.x) / decades(first.shape, last.shape)
        for mark in marks:
            away = decade * decades(first.shape, mark.shape)
            assert mark.at.x == pytest.approx(first.at.x + away, abs=0.11)
        for tick in plot.across:
            away = decade * math.log10(tick.value / first.shape.multiply_adds)
            assert tick.position == pytest.approx(first.at.x + away, abs=0.11)


def decades(cheap: Shape, dear: Shape) -> float:
    return math.log10(dear.multiply_adds / cheap.multiply_adds)


def test_line_and_band_pass_through_mean_lowest_and_highest() -> None:
    for shapes in SHAPES.values():
        plot = plotted(shapes)
        first, last = plot.up[0], plot.up[-1]
        slope = (last.position - first.position) / (last.value - first.value)
        one_layer = [mark.shape for mark in plot.marks if mark.kind == "wide"]
        layers = [mark.shape for mark in plot.marks if mark.kind == "deep"]
        for line, along in ((plot.wide, one_layer), (plot.deep, layers)):
            found = [shape.accuracy for shape in along]
            for drawn, values in (
                (line.points, [one.mean for one in found]),
                (line.upper, [one.high for one in found]),
                (line.lower, [one.low for one in found]),
            ):
                heights = [first.position + slope * (value - first.value) for value in values]
                assert [point.y for point in drawn] == pytest.approx(heights, abs=0.06)
                assert all(0 <= height <= HEIGHT for height in heights)


def test_the_page_has_the_lines_of_the_plot(written: Written) -> None:
    lines = at(drawn(written, sweep()), "rows.0.lines")
    plot = plotted(shapes_of(sweep()))
    assert [line["kind"] for line in lines] == ["wide", "deep"]
    for line, there in zip(lines, (plot.wide, plot.deep), strict=True):
        assert points(line["path"]) == [(point.x, point.y) for point in there.points]
        outline = [*there.upper, *reversed(there.lower)]
        assert points(line["band"]) == [(point.x, point.y) for point in outline]


def test_a_network_without_hidden_layer_is_a_mark_if_there_is_one(written: Written) -> None:
    def kinds(one: Sweep) -> list[str]:
        return [mark["kind"] for mark in at(drawn(written, one), "rows.0.marks")]

    assert kinds(sweep()).count("none") == 1
    without = {hidden: values for hidden, values in ACCURACIES.items() if hidden}
    assert "none" not in kinds(sweep(without))


# --- the frame and the labels ----------------------------------------------------------------


def realistic(inputs: int, none: float, single: list[float], layers: list[float]) -> Sweep:
    """Return a sweep of 1, 2, 4, … units and of layers of 64, with true costs."""
    accuracies: dict[tuple[int, ...], float] = {(): none}
    accuracies |= {(2**power,): value for power, value in enumerate(single)}
    accuracies |= {(64,) * count: value for count, value in enumerate(layers, 2)}
    points = []
    for hidden, mean in accuracies.items():
        sizes = (inputs, *hidden, 10)
        cost = sum(before * after for before, after in pairwise(sizes))
        points += [
            SweepPoint(hidden, seed, cost, cost + sum(sizes[1:]), mean + change)
            for seed, change in enumerate((-0.004, 0.001, 0.003), 1)
        ]
    return Sweep("swept", "Shapes", tuple(points))


DIGITS = realistic(
    784,
    0.919,
    [0.348, 0.666, 0.849, 0.922, 0.947, 0.961, 0.968, 0.971, 0.974, 0.974],
    [0.972, 0.970, 0.969],
)
PHOTOGRAPHS = realistic(
    3072,
    0.394,
    [0.161, 0.226, 0.309, 0.382, 0.424, 0.454, 0.472, 0.486, 0.492, 0.501],
    [0.455, 0.444, 0.435],
)
FALLING = realistic(784, 0.9, [0.9 - 0.05 * power for power in range(10)], [0.55, 0.5, 0.45])
STRAIGHT = realistic(784, 0.5, [0.5] * 10, [0.5, 0.5, 0.5])
SHAPES = {
    "digits": shapes_of(DIGITS),
    "photographs": shapes_of(PHOTOGRAPHS),
    "falling": shapes_of(FALLING),
    "straight": shapes_of(STRAIGHT),
    "few": shapes_of(sweep()),
}
every_sweep = pytest.mark.parametrize("shapes", SHAPES.values(), ids=list(SHAPES))


@every_sweep
def test_no_label_hides_another_or_a_line(shapes: list[Shape]) -> None:
    assert collisions(plotted(shapes)) == []


def test_labels_that_hide_something_are_found() -> None:
    plot = plotted(SHAPES["digits"])
    one, other, *_ = plot.texts
    assert collisions(replace(plot, texts=(one, replace(other, box=one.box)))) != []
    point = around(plot.wide.points[3], 2)
    assert collisions(replace(plot, texts=(replace(one, box=point),))) != []


def collisions(plot: Plot) -> list[str]:
    """Return what the labels of a plot hide, or are hidden by."""
    found = [
        f"{one.kind} over {other.kind}"
        for one, other in combinations(plot.texts, 2)
        if one.box.overlaps(other.box)
    ]
    lines = [plot.wide, plot.deep, *([plot.frame.deep] if plot.frame else [])]
    covered = [box for line in lines if line.points for box in line.boxes]
    covered += [around(mark.at, 4) for mark in plot.marks]
    for text in plot.texts:
        found += [f"{text.kind} over a line" for box in covered if text.box.overlaps(box)]
        if plot.frame and text.kind != "deep" and text.box.overlaps(plot.frame.box):
            found.append(f"{text.kind} over the frame")
    return found


@pytest.mark.parametrize(
    "shapes", [SHAPES["digits"], SHAPES["photographs"]], ids=["digits", "photographs"]
)
def test_every_point_of_a_real_sweep_is_named(shapes: list[Shape]) -> None:
    plot = plotted(shapes)
    assert {text.mark for text in plot.texts} == {None, *plot.marks}
    bands = [*plot.wide.band_boxes, *plot.deep.band_boxes]
    assert not any(text.box.overlaps(band) for text in plot.texts for band in bands)
    assert [text.kind for text in plot.texts if text.mark is None] == ["wide"]


@pytest.mark.parametrize(
    "shapes", [SHAPES["digits"], SHAPES["photographs"]], ids=["digits", "photographs"]
)
def test_the_frame_magnifies_its_part_evenly(shapes: list[Shape]) -> None:
    plot = plotted(shapes)
    frame = frame_of(plot)
    (x, y), (far_x, far_y) = (
        (line.points[-1].x - line.points[0].x, line.points[-1].y - line.points[0].y)
        for line in (plot.deep, frame.deep)
    )
    assert far_x / x == pytest.approx(times(plot.deep, frame.deep), rel=0.02)
    assert abs(far_y - y * far_x / x) <= 1.5  # the plot's own points are to a tenth
    assert all(frame.part.holds(around(point, 0)) for point in plot.deep.points)
    assert all(frame.view.padded(0.1).holds(around(point, 0)) for point in frame.wide)
    assert frame.deep.points[0] in frame.wide


def frame_of(plot: Plot) -> Frame:
    assert plot.frame
    return plot.frame


def times(small: Line, large: Line) -> float:
    return (large.extent.width + large.extent.height) / (small.extent.width + small.extent.height)


@every_sweep
def test_the_frame_hides_nothing(shapes: list[Shape]) -> None:
    plot = plotted(shapes)
    if plot.frame:
        drawn = [*plot.wide.boxes, *plot.wide.band_boxes]
        assert not any(plot.frame.box.overlaps(box) for box in drawn)
        assert plot.frame.box.bottom <= plot.height + BELOW_AXIS


def test_a_frame_without_room_in_the_plot_is_below_it() -> None:
    zigzag = realistic(784, 0.5, [0.1, 0.9] * 5, [0.1, 0.1, 0.1])
    frame = frame_of(plotted(shapes_of(zigzag)))
    assert frame.box.top >= HEIGHT
    assert plotted(shapes_of(zigzag)).height > HEIGHT
    assert frame_of(plotted(SHAPES["digits"])).box.bottom < HEIGHT
    assert plotted(SHAPES["digits"]).height == HEIGHT


def test_what_is_easily_told_apart_is_not_magnified(written: Written) -> None:
    row = at(drawn(written, sweep()), "rows.0")
    assert row["frame"] is None
    assert {"deep", "wide"} == {name["kind"] for name in row["names"]}


def test_points_in_a_wide_band_are_named_in_it() -> None:
    plot = plotted(shapes_of(sweep({(2**power,): (0.1, 0.5, 0.9) for power in range(10)})))
    assert {text.mark for text in plot.texts} >= set(plot.marks)
    assert collisions(plot) == []


def test_the_caption_tells_of_a_frame_only_where_there_is_one(written: Written) -> None:
    assert "magnifies" not in str(drawn(written, sweep())["caption"])
    assert "magnifies" in str(drawn(written, DIGITS)["caption"])


def test_every_shape_is_in_the_table(written: Written) -> None:
    table = at(drawn(written, sweep()), "rows.0.shapes")
    assert [row["hidden"] for row in table] == ["", "4", "2", "16", "4 – 4", "4 – 4 – 4"]
    for row, (hidden, values) in zip(table, ACCURACIES.items(), strict=True):
        assert row["mean"] == pytest.approx(sum(values) / 3)
        assert (row["low"], row["high"]) == (min(values), max(values))
        assert row["multiply_adds"] == 100 * (1 + sum(hidden))


def test_the_finding_tells_means_and_cost(written: Written) -> None:
    finding = str(drawn(written, sweep())["finding"])
    assert (
        "On Shapes, accuracy rises from 50.0% with 2 hidden units to 94.0% with 16 hidden units"
        in finding
    )
    assert "6-fold up to 16 units" in finding  # 1,700 to 300 multiply-adds


def test_accuracy_that_does_not_rise_with_width_is_not_said_to(written: Written) -> None:
    finding = str(drawn(written, sweep({(2,): (0.9,), (4,): (0.8,), (8,): (0.7,)}))["finding"])
    assert "rises" not in finding
    assert "no width does better than 90.0% with 2 hidden units" in finding


def test_one_hidden_unit_is_spoken_of_in_the_singular(written: Written) -> None:
    finding = str(drawn(written, sweep({(1,): (0.2,), (4,): (0.8,)}))["finding"])
    assert "from 20.0% with 1 hidden unit to 80.0% with 4 hidden units" in finding


def test_each_sweep_has_a_row_and_a_sentence(written: Written) -> None:
    context = drawn(written, sweep(), Sweep("other", "Others", sweep().points))
    assert [row["dataset"] for row in at(context, "rows")] == ["Shapes", "Others"]
    assert "On Shapes" in str(context["finding"])
    assert "On Others" in str(context["finding"])


def test_without_depth_there_is_one_line(written: Written) -> None:
    row = at(drawn(written, sweep({(2,): (0.5,), (4,): (0.6,)})), "rows.0")
    assert [line["kind"] for line in row["lines"]] == ["wide"]
    assert row["frame"] is None


@pytest.mark.parametrize("shapes", [{}, {(): (0.9,)}, {(2,): (0.5,), (2, 2): (0.6,)}])
def test_fewer_than_two_widths_are_refused(
    shapes: dict[tuple[int, ...], tuple[float, ...]], written: Written
) -> None:
    with pytest.raises(EssayError, match="at least two shapes of one hidden layer"):
        drawn(written, sweep(shapes))


def test_no_sweeps_are_refused(written: Written) -> None:
    with pytest.raises(EssayError, match="width_and_depth needs a sweep"):
        drawn(written)
