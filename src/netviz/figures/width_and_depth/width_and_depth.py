"""How large a network pays: accuracy against cost, of wider networks and of deeper ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netviz.analysis.sweep import Sweep
from netviz.errors import EssayError
from netviz.figures.figure import Cell, Config, Drawing, Json, Materials, Output, SweepName
from netviz.figures.parts.axes import ORIGIN, box_path, short, tenth
from netviz.figures.states import choice
from netviz.figures.width_and_depth.frame import BELOW_AXIS, Frame
from netviz.figures.width_and_depth.lines import HEIGHT, LEFT, WIDTH, Mark, path
from netviz.figures.width_and_depth.plot import Plot, by_cost, plotted
from netviz.figures.width_and_depth.shapes import Shape, deep, shapes_of, wide
from netviz.figures.width_and_depth.texts import Text
from netviz.figures.words import Said, number, say, say_counted, sentences
from netviz.rendering.geometry import Point
from netviz.rendering.labels import Box

TOP, RIGHT = 24, 8  # room beside the plot, in units of its view box


@dataclass(frozen=True)
class Arguments:
    """The sweeps to show, one chart each."""

    sweeps: tuple[SweepName, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw for each sweep what more units and more layers cost, and bring.

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
            "box": {"width": LEFT + WIDTH + RIGHT, "left": LEFT, "top": TOP},
            "plot": {"width": WIDTH, "height": HEIGHT},
        },
    )


def _table(sweep: Sweep) -> Iterator[Sequence[Cell]]:
    """Yield a row for each shape, hidden layers as in 64x64."""
    yield [
        *("hidden", "parameters", "multiply_adds", "seeds"),
        *("mean_accuracy", "lowest_accuracy", "highest_accuracy"),
    ]
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
    """Return what an address calls the marks of a sweep's chart, in their order.

    The width of a network without hidden layer is 0.
    """
    shapes = shapes_of(sweep)
    return [
        *(f"{sweep.name}.width.{sum(shape.hidden)}" for shape in by_cost(shapes)),
        *(f"{sweep.name}.depth.{len(shape.hidden)}" for shape in deep(shapes)),
    ]


def _caption(rows: Sequence[dict[str, Config]]) -> Said:
    """Say what the charts show, and what a point is: one network, or several."""
    is_one = all(row["seeds"] == 1 for row in rows)
    return sentences(
        say(
            "Accuracy on the test set against the multiply-adds that one image costs. Numbers at "
            "the points count hidden units: 64×4 is four layers of 64."
        ),
        say("A point is one network.")
        if is_one
        else say(
            "A point is the mean over several seeds, the band reaches from the worst to the best."
        ),
        say("The frame magnifies the deeper networks.")
        if any(row["frame"] for row in rows)
        else None,
    )


def _row(sweep: Sweep) -> dict[str, Config]:
    shapes = shapes_of(sweep)
    widths = len(wide(shapes))
    if widths < 2:
        raise EssayError(
            f"the sweep {sweep.name!r} has too few widths to draw",
            expected="at least two shapes of one hidden layer",
            got=str(widths),
        )
    plot = plotted(shapes)
    return {
        "name": sweep.name,
        "dataset": sweep.dataset,
        "seeds": max(shape.accuracy.count for shape in shapes),
        "shapes": [_plain(shape) for shape in shapes],
        "units": next((shape.hidden[0] for shape in deep(shapes)), None),
        "height": TOP + plot.height + BELOW_AXIS,
        **_drawn(plot),
    }


def _drawn(plot: Plot) -> dict[str, Config]:
    """Return a plot as the template takes it."""
    return {
        "up": [{"y": tenth(one.position), "value": one.value} for one in plot.up],
        "across": [
            {"x": tenth(one.position), "label": short(round(one.value))} for one in plot.across
        ],
        "lines": [
            {"kind": kind, "path": line.path, "band": line.band}
            for kind, line in (("wide", plot.wide), ("deep", plot.deep))
            if line.points
        ],
        "frame": None if plot.frame is None else _framed(plot.frame),
        "marks": [_mark(mark, plot.texts) for mark in plot.marks],
        "names": [_label(text) for text in plot.texts if text.mark is None],
    }


def _framed(frame: Frame) -> dict[str, Config]:
    return {
        "box": _plain_box(frame.box),
        "part": _plain_box(frame.part),
        "path": frame.deep.path,
        "band": frame.deep.band,
        "wide": path(frame.wide),
        "links": "".join(map(path, frame.links)),
    }


def _plain_box(box: Box) -> dict[str, Json]:
    return {"x": box.left, "y": box.top, "width": box.width, "height": box.height}


def _mark(mark: Mark, texts: Sequence[Text]) -> dict[str, Config]:
    """Return a mark with its label, whose place is counted from the mark; None without room."""
    label = next((_label(text, mark.at) for text in texts if text.mark is mark), None)
    at: dict[str, Json] = {
        "kind": mark.kind,
        "x": tenth(mark.at.x),
        "y": tenth(mark.at.y),
        "target": box_path(mark.target),
    }
    size = {"units": sum(mark.shape.hidden[:1]), "layers": len(mark.shape.hidden)}
    return {**at, **size, **_plain(mark.shape), "text": label}


def _label(text: Text, origin: Point = ORIGIN) -> dict[str, Json]:
    return {
        "kind": text.kind,
        "x": tenth(text.x - origin.x),
        "y": tenth(text.y - origin.y),
        "anchor": text.anchor,
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


def _finding(sweep: Sweep) -> Said:
    widths = wide(shapes_of(sweep))
    best = max(widths, key=lambda shape: shape.accuracy.mean)
    first, last = widths[0], widths[-1]
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
