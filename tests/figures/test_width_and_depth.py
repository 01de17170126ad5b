"""Points, bands and costs are those of the sweep; nothing is said to rise that does not."""

import re
from collections.abc import Mapping

import pytest

from netviz.analysis.sweep import Sweep, SweepPoint
from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials
from netviz.figures.width_and_depth.width_and_depth import (
    HEIGHT,
    LEFT,
    WIDTH,
    Arguments,
    draw,
    shapes_of,
    short,
)
from tests.figures.conftest import Written, contents, in_english
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
        "mean": pytest.approx(0.5),
        "lowest": 0.4,
        "highest": 0.6,
    }


def test_the_chart_of_width_has_one_hidden_layer_in_order(written: Written) -> None:
    chart = at(drawn(written, sweep()), "rows.0.charts.0")
    assert [mark["label"] for mark in chart["marks"]] == ["2", "4", "16"]
    assert [mark["mean"] for mark in chart["marks"]] == pytest.approx([0.5, 0.73, 0.94])
    first, second, third = (mark["x"] for mark in chart["marks"])
    assert second - first == pytest.approx((third - second) / 2, abs=0.02)  # 2, 4, 16: doublings
    assert LEFT <= first < third <= LEFT + WIDTH


def test_the_chart_of_depth_has_equal_layers_in_order(written: Written) -> None:
    chart = at(drawn(written, sweep()), "rows.0.charts.1")
    assert chart["units"] == 4
    assert [mark["label"] for mark in chart["marks"]] == ["1", "2", "3"]
    assert [mark["hidden"] for mark in chart["marks"]] == ["4", "4 – 4", "4 – 4 – 4"]


def test_line_and_band_pass_through_mean_lowest_and_highest(written: Written) -> None:
    row = at(drawn(written, sweep()), "rows.0")
    first, last = row["up"][0], row["up"][-1]
    slope = (last["position"] - first["position"]) / (last["value"] - first["value"])

    def height(accuracy: float) -> float:
        return float(first["position"] + slope * (accuracy - first["value"]))

    for chart in row["charts"]:
        marks = chart["marks"]
        assert points(chart["line"]) == [(mark["x"], mark["y"]) for mark in marks]
        for mark in marks:
            assert mark["y"] == pytest.approx(height(mark["mean"]), abs=0.02)
            assert 0 <= mark["y"] <= HEIGHT
        band = points(chart["band"])
        highest, lowest = band[: len(marks)], band[len(marks) :][::-1]
        assert [y for _, y in highest] == pytest.approx(
            [height(m["high"]) for m in marks], abs=0.02
        )
        assert [y for _, y in lowest] == pytest.approx([height(m["low"]) for m in marks], abs=0.02)


def test_the_straight_line_is_the_network_without_hidden_layers(written: Written) -> None:
    row = at(drawn(written, sweep()), "rows.0")
    assert row["straight"]["accuracy"] == pytest.approx(0.91)
    without = {hidden: values for hidden, values in ACCURACIES.items() if hidden}
    assert at(drawn(written, sweep(without)), "rows.0.straight") is None


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


def test_without_depth_there_is_one_chart(written: Written) -> None:
    row = at(drawn(written, sweep({(2,): (0.5,), (4,): (0.6,)})), "rows.0")
    assert [chart["units"] for chart in row["charts"]] == [None]


@pytest.mark.parametrize("shapes", [{}, {(): (0.9,)}, {(2,): (0.5,), (2, 2): (0.6,)}])
def test_fewer_than_two_widths_are_refused(
    shapes: dict[tuple[int, ...], tuple[float, ...]], written: Written
) -> None:
    with pytest.raises(EssayError, match="at least two shapes of one hidden layer"):
        drawn(written, sweep(shapes))


def test_no_sweeps_are_refused(written: Written) -> None:
    with pytest.raises(EssayError, match="width_and_depth needs a sweep"):
        drawn(written)


@pytest.mark.parametrize(
    ("count", "label"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (7_840, "7.8k"),
        (9_949, "9.9k"),
        (9_950, "10k"),
        (99_999, "100k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (1_578_506, "1.6M"),
        (9_949_999, "9.9M"),
        (9_960_000, "10M"),
        (25_000_000, "25M"),
    ],
)
def test_large_numbers_are_shortened_by_rounding(count: int, label: str) -> None:
    assert in_english(short(count)) == label
