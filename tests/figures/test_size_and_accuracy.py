"""Weights against accuracy: dots and rings are where their numbers say, and labels hide nothing."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from netviz.analysis.spread import spread
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Json, Materials, NetworkMaterial
from netviz.figures.size_and_accuracy.plot import (
    ABOVE_PLOT,
    CLEAR,
    DOT,
    HEIGHT,
    LEFT,
    WIDTH,
    Entry,
    Mark,
    Plot,
    plotted,
)
from netviz.figures.size_and_accuracy.size_and_accuracy import Arguments, draw
from netviz.network.layers import GlobalAverage
from netviz.rendering.labels import Box, along, around
from tests.figures.conftest import Written, contents, in_english
from tests.miniatures import convolutional, dataset, material


def entry(
    name: str, parameters: int, multiply_adds: int, accuracies: Sequence[float], title: str = ""
) -> Entry:
    is_shared = multiply_adds > 2 * parameters
    return Entry(
        name, title or f"the {name}", parameters, multiply_adds, is_shared, spread(accuracies)
    )


DIGITS = [
    entry("one", 7_850, 7_840, (0.919, 0.9184, 0.92), "the one-layer network"),
    entry("ten", 7_960, 7_940, (0.9413, 0.9407, 0.9376), "the ten-unit network"),
    entry("hundred", 79_510, 79_400, (0.975, 0.9745, 0.9739), "the hundred-unit network"),
    entry("small", 2_010, 128_912, (0.9832, 0.9835, 0.9836), "the small sliding network"),
    entry("conv", 5_034, 323_360, (0.988, 0.9873, 0.9884), "the sliding network"),
]
PHOTOGRAPHS = [
    entry("one", 30_730, 30_720, (0.409, 0.41, 0.408), "the one-layer network for photographs"),
    entry("two", 308_310, 308_200, (0.533, 0.539), "the hundred-unit network for photographs"),
    entry("conv", 81_866, 6_488_704, (0.779, 0.777), "the sliding network for photographs"),
]
ALIKE = [entry(f"copy-{k}", 5_034, 323_360, (0.9, 0.9)) for k in range(6)]
ALONE = [entry("alone", 785, 784, (0.5,))]
TINY = [entry("none", 0, 0, (0.0,)), entry("perfect", 1, 1, (1.0,))]
LONG = [
    entry(f"n{k}", 10**k, 10 ** (k + 1), (0.1 * k,), "a title that goes on and on " * 5)
    for k in range(2, 8)
]
EVERY = {
    "digits": DIGITS,
    "photographs": PHOTOGRAPHS,
    "alike": ALIKE,
    "alone": ALONE,
    "tiny": TINY,
    "long titles": LONG,
}
every_chart = pytest.mark.parametrize("entries", EVERY.values(), ids=list(EVERY))


@every_chart
def test_dots_and_rings_are_where_the_logarithm_of_their_count_says(entries: list[Entry]) -> None:
    plot = plotted(entries)
    (first, other, *_) = plot.across
    decade = (other.position - first.position) / math.log10(other.value / first.value)

    def position(count: int) -> float:
        return first.position + decade * math.log10(max(1, count) / first.value)

    for mark in plot.marks:
        assert mark.dot.x == pytest.approx(position(mark.entry.parameters), abs=0.2)
        ring = position(mark.entry.multiply_adds)
        assert (mark.ring is None) == (abs(ring - mark.dot.x) <= 2 * DOT)
        assert mark.ring is None or mark.ring.x == pytest.approx(ring, abs=0.2)
        assert mark.ring is None or mark.ring.y == mark.dot.y
        assert LEFT <= mark.dot.x <= LEFT + WIDTH


@every_chart
def test_dots_are_at_the_mean_and_bars_reach_from_the_worst_to_the_best(
    entries: list[Entry],
) -> None:
    plot = plotted(entries)
    first, last = plot.up[0], plot.up[-1]
    slope = (last.position - first.position) / (last.value - first.value)
    for mark in plot.marks:
        found = mark.entry.accuracy
        heights = [first.position + slope * (one - first.value) for one in (found.mean, found.high)]
        assert [mark.dot.y, mark.top] == pytest.approx(heights, abs=0.11)
        assert 0 <= mark.top <= mark.dot.y <= mark.bottom <= HEIGHT


def test_marks_are_in_the_order_of_their_weights() -> None:
    found = [mark.entry.name for mark in plotted(DIGITS).marks]
    assert found == ["small", "conv", "one", "ten", "hundred"]


@every_chart
def test_no_label_hides_another_or_a_mark(entries: list[Entry]) -> None:
    plot = plotted(entries)
    assert collisions(plot) == []
    bounds = Box(LEFT, -ABOVE_PLOT, LEFT + WIDTH, HEIGHT)
    assert all(bounds.holds(mark.text.box) for mark in plot.marks if mark.text)


@pytest.mark.parametrize("entries", [DIGITS, PHOTOGRAPHS], ids=["digits", "photographs"])
def test_every_network_of_a_real_chart_is_named(entries: list[Entry]) -> None:
    assert all(mark.text for mark in plotted(entries).marks)


CLOSE = [
    entry("dense", 43_235, 43_235, (0.942,), "the dense network"),
    entry("sliding", 35_368, 2_122_080, (0.946,), "the sliding network"),
    entry("other", 10_113, 606_780, (0.823,), "the other network"),
]


@pytest.mark.parametrize(
    "entries",
    [DIGITS, PHOTOGRAPHS, CLOSE],
    ids=["digits", "photographs", "close"],
)
def test_a_label_is_nearest_to_its_own_mark(entries: list[Entry]) -> None:
    for mark in (plot := plotted(entries)).marks:
        assert mark.text
        near = {
            other.entry.name: min(distance(mark.text.box, box) for box in drawn_of(other))
            for other in plot.marks
        }
        assert min(near, key=lambda name: near[name]) == mark.entry.name, near
        assert min(near[name] for name in near if name != mark.entry.name) >= CLEAR, near


def distance(one: Box, other: Box) -> float:
    across = max(0.0, one.left - other.right, other.left - one.right)
    down = max(0.0, one.top - other.bottom, other.top - one.bottom)
    return math.hypot(across, down)


def test_labels_that_hide_something_are_found() -> None:
    plot = plotted(DIGITS)
    one, other, *rest = plot.marks
    assert one.text
    assert collisions(replace(plot, marks=(one, replace(other, text=one.text), *rest))) != []
    over = replace(one.text, box=around(other.dot, 2))
    assert collisions(replace(plot, marks=(replace(one, text=over), other, *rest))) != []


def collisions(plot: Plot) -> list[str]:
    """Return what the labels of a plot hide, or are hidden by."""
    texts = [(mark.entry.name, mark.text.box) for mark in plot.marks if mark.text]
    found = [
        f"{name} over {below}"
        for (name, one), (below, other) in combinations(texts, 2)
        if one.overlaps(other)
    ]
    for mark in plot.marks:
        found += [
            f"{name} over the mark of {mark.entry.name}"
            for name, box in texts
            if any(box.overlaps(one) for one in drawn_of(mark))
        ]
    return found


def drawn_of(mark: Mark) -> list[Box]:
    ring = mark.ring or mark.dot
    line = along((mark.dot, ring), (mark.dot, ring)) if mark.ring else ()
    return [around(mark.dot, 5), around(ring, 4), *line]


# --- the figure ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared() -> NetworkMaterial:
    rng = np.random.default_rng(21)
    known = material(convolutional(rng, join=GlobalAverage()), dataset())
    return replace(known, name="shared", title="the shared one")


@pytest.fixture(scope="module")
def materials(grey: NetworkMaterial, colour: NetworkMaterial, shared: NetworkMaterial) -> Materials:
    data = replace(colour.dataset, description=replace(colour.dataset.description, title="Colours"))
    data = replace(data, digest="1" * 64)
    return Materials(
        networks={
            "grey": replace(grey, name="grey", title="the grey one"),
            "shared": shared,
            "colour": replace(colour, name="colour", title="the other", dataset=data),
        },
        accuracies={"grey": (0.25, 0.75), "shared": (0.5, 0.625, 0.75)},
    )


NAMES = ("grey", "shared", "colour")


@pytest.fixture
def drawing(materials: Materials, written: Written) -> Drawing:
    return draw(Arguments(NAMES), materials, written)


def marks(drawing: Drawing) -> dict[str, dict[str, Any]]:
    charts = contents(drawing)["charts"]
    return {mark["name"]: mark for chart in charts for mark in chart["marks"]}


def test_each_data_set_has_a_chart(drawing: Drawing) -> None:
    charts = contents(drawing)["charts"]
    assert [chart["dataset"] for chart in charts] == ["Shapes", "Colours"]
    assert [len(chart["marks"]) for chart in charts] == [2, 1]
    assert [chart["best"] for chart in charts] == ["shared", "colour"]


def test_a_mark_has_the_size_of_its_network_and_the_accuracy_of_all_seeds(
    drawing: Drawing, materials: Materials
) -> None:
    found = marks(drawing)
    for name in NAMES:
        network = materials.networks[name].trained.network
        size = (found[name]["parameters"], found[name]["multiply_adds"])
        assert size == (network.parameters, network.multiply_adds)
    assert [found["shared"][key] for key in ("seeds", "mean", "low", "high")] == [
        3,
        0.625,
        0.5,
        0.75,
    ]
    assert found["grey"]["mean"] == 0.5
    assert [one["kind"] for one in found.values()] == ["shared", "dense", "dense"]


def test_where_one_seed_is_known_its_accuracy_is_that_of_the_network(
    drawing: Drawing, materials: Materials
) -> None:
    mark = marks(drawing)["colour"]
    expected = materials.networks["colour"].evaluation.accuracy
    assert [mark[key] for key in ("seeds", "mean", "low", "high")] == [1, *[expected] * 3]


def test_only_where_weights_are_used_again_is_there_a_ring(drawing: Drawing) -> None:
    assert {name: mark["ring"] is None for name, mark in marks(drawing).items()} == {
        "shared": False,
        "grey": True,
        "colour": True,
    }


def test_an_address_names_each_network(drawing: Drawing) -> None:
    (setting,) = drawing.states
    assert list(setting.values) == ["none", *marks(drawing)]


def test_the_first_filters_of_each_network_are_drawn(
    drawing: Drawing, materials: Materials, written: Written
) -> None:
    strips: Any = drawing.context["strips"]
    assert set(written.pictures) == {f"filters-{name}" for name in NAMES}
    for name in NAMES:
        filters = materials.networks[name].trained.network.filters()
        assert strips[name]["of"] == len(filters)
        assert strips[name]["count"] == min(5, len(filters))
        width = strips[name]["count"] * filters.shape[2]
        assert written.pictures[f"filters-{name}"].size == (width, filters.shape[1])


def test_the_finding_tells_of_the_best_of_either_kind(drawing: Drawing) -> None:
    text = in_english(drawing.finding)
    assert "On Shapes, the shared one classifies 62.5% of the test images correctly" in text
    assert "The grey one classifies 50.0%, with 195 weights and 192 multiply-adds." in text
    assert "On Colours, the other classifies" in text


def test_readers_can_take_the_numbers_along(drawing: Drawing, written: Written) -> None:
    head, *rows = written.tables["networks"]
    assert [row[:2] for row in rows] == [
        ["Shapes", "grey"],
        ["Shapes", "shared"],
        ["Colours", "colour"],
    ]
    found: dict[str, Json] = dict(zip(map(str, head), rows[0], strict=True))
    assert found["parameters"] == marks(drawing)["grey"]["parameters"]
    reached = ("seeds", "mean_accuracy", "lowest_accuracy", "highest_accuracy")
    assert [found[key] for key in reached] == [2, 0.5, 0.25, 0.75]


def test_one_seed_has_no_bar_to_tell_of(materials: Materials, written: Written) -> None:
    assert "; a bar" in in_english(draw(Arguments(NAMES), materials, written).caption)
    alone = draw(Arguments(("colour",)), materials, written)
    assert "a bar" not in in_english(alone.caption)


def test_a_network_named_twice_is_one_mark(materials: Materials, written: Written) -> None:
    assert list(marks(draw(Arguments(("grey", "grey")), materials, written))) == ["grey"]


def test_a_network_of_which_only_answers_are_known_is_refused(
    materials: Materials, written: Written
) -> None:
    answers = replace(materials.networks["grey"], training=None)
    with pytest.raises(EssayError, match="only its answers are known"):
        draw(Arguments(("grey",)), Materials({"grey": answers}), written)


def test_no_networks_are_refused(written: Written) -> None:
    with pytest.raises(EssayError, match="size_and_accuracy needs networks"):
        draw(Arguments(()), Materials(), written)
