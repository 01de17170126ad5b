"""How large a network pays: accuracy against hidden units and layers, with its cost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from netviz.analysis.spread import Spread, spread
from netviz.analysis.sweep import Sweep
from netviz.errors import EssayError
from netviz.figures.figure import Cell, Config, Drawing, Json, Materials, Output, SweepName
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, say_counted, sentences
from netviz.rendering.charts import LinearScale, LogScale, band_path, line_path

# A chart's plot and the room for its labels, in units of its view box.
WIDTH, HEIGHT = 300, 200
LEFT, RIGHT, BOTTOM = 44, 16, 62
ROOM = 0.05  # above and below accuracies that are all alike
# How a large number is shortened from which on: unit, form, words. The bounds are those from which
# rounding gives the next form.
SHORT_FORMS = (
    (9_950_000, 1_000_000, ".0f", "{number}M"),
    (999_500, 1_000_000, ".1f", "{number}M"),
    (9_950, 1_000, ".0f", "{number}k"),
    (1_000, 1_000, ".1f", "{number}k"),
)


@dataclass(frozen=True)
class Arguments:
    """The sweeps to show, one row of charts each."""

    sweeps: tuple[SweepName, ...]


@dataclass(frozen=True)
class Shape:
    """The networks of one shape, over all their seeds."""

    hidden: tuple[int, ...]
    multiply_adds: int
    parameters: int
    accuracy: Spread


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw a chart of width and one of depth for each sweep.

    Raises:
        EssayError: there is no sweep, or one has fewer than two widths to draw a line through.
    """
    if not arguments.sweeps:
        raise EssayError("width_and_depth needs a sweep", expected='sweeps=["name"]')
    rows = [_row(materials.sweeps[name]) for name in arguments.sweeps]
    for name in arguments.sweeps:
        output.table(name, _table(materials.sweeps[name]))
    points = [point for name in arguments.sweeps for point in _points(materials.sweeps[name])]
    return Drawing(
        finding=sentences(*(_finding(materials.sweeps[name]) for name in arguments.sweeps)),
        caption=_caption(rows),
        states=(choice("point", ["none", *points]),),
        context={
            "rows": list(rows),
            "box": {"width": LEFT + WIDTH + RIGHT, "height": HEIGHT + BOTTOM, "left": LEFT},
            "plot": {"width": WIDTH, "height": HEIGHT},
        },
    )


def _table(sweep: Sweep) -> Iterator[Sequence[Cell]]:
    """Yield a row for each shape, hidden layers as in 64x64."""
    yield ["hidden", "parameters", "multiply_adds", "seeds", "mean", "lowest", "highest"]
    for one in shapes_of(sweep):
        cost = (one.parameters, one.multiply_adds)
        found = one.accuracy
        yield [
            "x".join(map(str, one.hidden)),
            *cost,
            found.count,
            found.mean,
            found.low,
            found.high,
        ]


def _points(sweep: Sweep) -> list[str]:
    """Return what an address calls the points of a sweep's charts, in their order."""
    shapes = shapes_of(sweep)
    deep = _deepest_family(shapes)
    depths = [len(shape.hidden) for shape in deep] if len(deep) > 1 else []
    return [
        *(f"{sweep.name}.width.{shape.hidden[0]}" for shape in _wide(shapes)),
        *(f"{sweep.name}.depth.{depth}" for depth in depths),
    ]


def _wide(shapes: Iterable[Shape]) -> list[Shape]:
    """Return the shapes of one hidden layer, narrow ones first."""
    return sorted((one for one in shapes if len(one.hidden) == 1), key=lambda one: one.hidden)


def _caption(rows: Sequence[dict[str, Config]]) -> Said:
    """Say what the charts show, and what a point is: one network, or several."""
    if all(row["seeds"] == 1 for row in rows):
        return say(
            "Accuracy on the test set against the number of hidden units, then of hidden layers. "
            "A point is one network. Below each point: multiply-adds for one image, the cost."
        )
    return say(
        "Accuracy on the test set against the number of hidden units, then of hidden layers. A "
        "point is the mean over several seeds, the band reaches from the worst seed to the best. "
        "Below each point: multiply-adds for one image, the cost."
    )


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


def _row(sweep: Sweep) -> dict[str, Config]:
    shapes = shapes_of(sweep)
    straight = next((shape for shape in shapes if not shape.hidden), None)
    wide = _wide(shapes)
    if len(wide) < 2:
        raise EssayError(
            f"the sweep {sweep.name!r} has too few widths to draw",
            expected="at least two shapes of one hidden layer",
            got=str(len(wide)),
        )
    deep = _deepest_family(shapes)
    accuracies = [value for s in shapes for value in (s.accuracy.low, s.accuracy.high)]
    up = LinearScale.nice(_with_room(accuracies), HEIGHT, 0)
    by_width = LogScale(wide[0].hidden[0], wide[-1].hidden[0], LEFT + 14, LEFT + WIDTH - 14, 2)
    charts = [_chart([(by_width.position(s.hidden[0]), s) for s in wide], up)]
    if len(deep) > 1:
        by_depth = LinearScale(1, len(deep[-1].hidden), LEFT + 30, LEFT + WIDTH - 30)
        placed = [(by_depth.position(len(s.hidden)), s) for s in deep]
        charts.append(_chart(placed, up, units=deep[0].hidden[0]))
    return {
        "name": sweep.name,
        "dataset": sweep.dataset,
        "seeds": max(shape.accuracy.count for shape in shapes),
        "up": [asdict(tick) for tick in up.ticks()],
        "straight": None
        if straight is None
        else {"y": up.position(straight.accuracy.mean), "accuracy": straight.accuracy.mean},
        "charts": list(charts),
        "shapes": [_plain(shape) for shape in shapes],
    }


def _with_room(accuracies: Sequence[float]) -> Sequence[float]:
    """Return what an axis has to hold: shares between 0 and 1, even if there is but one."""
    low, high = min(accuracies), max(accuracies)
    return accuracies if low < high else (max(0.0, low - ROOM), min(1.0, high + ROOM))


def _deepest_family(shapes: Iterable[Shape]) -> list[Shape]:
    """Return the shapes of equal layers whose depth varies most, shallow ones first."""
    families: dict[int, list[Shape]] = {}
    for shape in shapes:
        if shape.hidden and len(set(shape.hidden)) == 1:
            families.setdefault(shape.hidden[0], []).append(shape)
    family = max(families.values(), key=len)
    return sorted(family, key=lambda shape: len(shape.hidden))


def _chart(
    placed: Sequence[tuple[float, Shape]], up: LinearScale, *, units: int | None = None
) -> dict[str, Config]:
    """Return a chart of width or, of layers of so many `units`, of depth."""
    return {
        "units": units,
        "line": line_path([(x, up.position(s.accuracy.mean)) for x, s in placed]),
        "band": band_path(
            [(x, up.position(s.accuracy.high)) for x, s in placed],
            [(x, up.position(s.accuracy.low)) for x, s in placed],
        ),
        "marks": [
            {
                "x": x,
                "y": up.position(shape.accuracy.mean),
                "label": number(shape.hidden[0] if units is None else len(shape.hidden), "d"),
                "cost": short(shape.multiply_adds),
                **_plain(shape),
            }
            for x, shape in placed
        ],
    }


def _plain(shape: Shape) -> dict[str, Json]:
    return {
        "hidden": " – ".join(map(str, shape.hidden)),
        "mean": shape.accuracy.mean,
        "low": shape.accuracy.low,
        "high": shape.accuracy.high,
        "multiply_adds": shape.multiply_adds,
        "parameters": shape.parameters,
    }


def short(count: int) -> Said:
    """Return a large number as a label can carry it: 7,840 → "7.8k", 1,578,506 → "1.6M"."""
    for least, size, form, words in SHORT_FORMS:
        if count >= least:
            return say(words, number=number(count / size, form))
    return number(count)


def _finding(sweep: Sweep) -> Said:
    wide = _wide(shapes_of(sweep))
    best = max(wide, key=lambda shape: shape.accuracy.mean)
    first, last = wide[0], wide[-1]
    parts: dict[str, Said] = {
        "dataset": sweep.dataset,
        "first": _with_units(first),
        "ratio": number(last.multiply_adds / first.multiply_adds, ",.0f"),
        "units": number(last.hidden[0], "d"),
    }
    if best is first:
        return say(
            "On {dataset}, no width does better than {first}, while the cost of one image grows "
            "{ratio}-fold up to {units} units.",
            **parts,
        )
    return say(
        "On {dataset}, accuracy rises from {first} to {best}, while the cost of one image grows "
        "{ratio}-fold up to {units} units.",
        **parts,
        best=_with_units(best),
    )


def _with_units(shape: Shape) -> Said:
    return say_counted(
        "{share} with {count} hidden units",
        "{share} with {count} hidden unit",
        share=number(shape.accuracy.mean, ".1%"),
        count=number(shape.hidden[0], "d"),
    )
