"""What sharing buys: accuracy against the number of weights, and what the weights cost at work.

A network is a dot where its weights are counted. From there a line leads to the multiply-adds
that one image costs: they are as many as the weights where each is used once, and more where
filters are used at many places.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from netviz.errors import EssayError
from netviz.figures.figure import (
    Cell,
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    Output,
    SeededNetworkName,
)
from netviz.figures.parts.axes import box_path, short, tenth
from netviz.figures.parts.filters import filter_picture, is_coloured
from netviz.figures.parts.strips import write_strip
from netviz.figures.size_and_accuracy.plot import (
    HEIGHT,
    LEFT,
    LINE,
    MOST_LINES,
    WIDTH,
    Entry,
    Mark,
    Plot,
    Text,
    plotted,
)
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, sentences
from netviz.rendering.colour import Scale
from netviz.rendering.geometry import Point

TOP, RIGHT, BELOW_AXIS = 24, 8, 40  # room beside the plot, in units of its view box
PICTURES = 5  # of the first layer of each network


@dataclass(frozen=True)
class Arguments:
    """The networks to compare: one chart for each data set that they read."""

    networks: tuple[SeededNetworkName, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the networks of each data set in a chart of their own.

    Raises:
        EssayError: no network is named, or of one only its answers are known.
    """
    if not arguments.networks:
        raise EssayError("size_and_accuracy needs networks", expected='networks=["name"]')
    groups = _by_dataset(dict.fromkeys(arguments.networks), materials)
    plots = [(one.title, plotted(one.entries)) for one in groups]
    entries = [mark.entry for _, plot in plots for mark in plot.marks]
    output.table("networks", _table(groups))
    strips = {one.name: _strip(materials.networks[one.name], output) for one in entries}
    charts = [_chart(title, plot, strips) for title, plot in plots]
    return Drawing(
        finding=sentences(*(_finding(one.title, one.entries) for one in groups)),
        caption=_caption(entries),
        states=(choice("network", ["none", *(one.name for one in entries)]),),
        context={
            "charts": charts,
            "strips": strips,
            "rings": any(chart["rings"] for chart in charts),
            "kinds": len({one.shares for one in entries}) > 1,
            "box": {"width": LEFT + WIDTH + RIGHT, "height": TOP + HEIGHT + BELOW_AXIS},
            "plot": {"left": LEFT, "top": TOP, "width": WIDTH, "height": HEIGHT},
            "lines": {"height": LINE, "most": MOST_LINES},
        },
    )


@dataclass(frozen=True)
class _Group:
    """The networks that read one data set, whose title another may have too."""

    title: str
    entries: Sequence[Entry]


def _by_dataset(names: Iterable[str], materials: Materials) -> list[_Group]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(materials.networks[name].dataset.digest, []).append(name)
    return [
        _Group(
            materials.networks[group[0]].dataset.description.title,
            [_entry(name, materials) for name in group],
        )
        for group in found.values()
    ]


def _entry(name: str, materials: Materials) -> Entry:
    material = materials.networks[name]
    network = material.trained.network
    return Entry(
        name,
        material.title,
        network.parameters,
        network.multiply_adds,
        bool(network.convolutions),
        materials.accuracy(name),
    )


def _table(groups: Iterable[_Group]) -> Iterator[Sequence[Cell]]:
    """Yield a row for each network."""
    yield [
        *("dataset", "network", "title", "parameters", "multiply_adds"),
        *("seeds", "mean_accuracy", "lowest_accuracy", "highest_accuracy"),
    ]
    for group in groups:
        for one in group.entries:
            found = one.accuracy
            size = (one.parameters, one.multiply_adds)
            reached = (found.count, found.mean, found.low, found.high)
            yield [group.title, one.name, one.title, *size, *reached]


def _strip(material: NetworkMaterial, output: Output) -> dict[str, Json] | None:
    """Draw the first units of the first layer; return None where their weights are no pictures."""
    try:
        filters = material.trained.network.filters()
    except ValueError:  # a layer whose weights belong to no pixels
        return None
    pictures = [filter_picture(one, Scale.symmetric(one)) for one in filters[:PICTURES]]
    return {
        **write_strip(output, f"filters-{material.name}", pictures),
        "of": len(filters),
        "colour": is_coloured(filters),
    }


def _chart(
    dataset: str, plot: Plot, strips: Mapping[str, Mapping[str, Json] | None]
) -> dict[str, Config]:
    best = max(plot.marks, key=lambda mark: mark.entry.accuracy.mean)
    found = [strip for mark in plot.marks if (strip := strips[mark.entry.name])]
    is_signed = any(not strip["colour"] for strip in found)
    return {
        "dataset": dataset,
        "up": [{"y": tenth(one.position), "value": one.value} for one in plot.up],
        "across": [
            {"x": tenth(one.position), "label": short(round(one.value))} for one in plot.across
        ],
        "marks": [_mark(mark) for mark in plot.marks],
        "rings": any(mark.ring for mark in plot.marks),
        "best": best.entry.name,
        "legend": ("signed" if is_signed else "colour") if found else None,
    }


def _mark(mark: Mark) -> dict[str, Config]:
    """Return a mark as the template takes it, all places counted from its dot."""
    entry, dot = mark.entry, mark.dot
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": "shared" if entry.shares else "dense",
        "x": tenth(dot.x),
        "y": tenth(dot.y),
        "top": tenth(mark.top - dot.y),
        "bottom": tenth(mark.bottom - dot.y),
        "ring": None if mark.ring is None else tenth(mark.ring.x - dot.x),
        "target": box_path(mark.target, dot),
        "text": None if mark.text is None else _label(mark.text, dot),
        "parameters": entry.parameters,
        "multiply_adds": entry.multiply_adds,
        "seeds": entry.accuracy.count,
        "mean": entry.accuracy.mean,
        "low": entry.accuracy.low,
        "high": entry.accuracy.high,
    }


def _label(text: Text, origin: Point) -> dict[str, Json]:
    return {
        "x": tenth(text.x - origin.x),
        "y": tenth(text.y - origin.y),
        "anchor": text.anchor,
        "signs": text.signs,
    }


def _caption(entries: Sequence[Entry]) -> Said:
    several = any(one.accuracy.count > 1 for one in entries)
    return sentences(
        say(
            "Accuracy on the test set against the number of weights, biases among them. Where "
            "weights are used more than once for an image, a line leads from the dot to a ring: "
            "the multiply-adds that one image costs."
        ),
        say(
            "A dot is the mean over several seeds; a bar, where it is longer than the dot, reaches "
            "from the worst to the best."
        )
        if several
        else None,
        say("Point at a network to read its numbers and see some of its filters."),
    )


def _finding(dataset: str, entries: Sequence[Entry]) -> Said:
    """Say of the most accurate network of either kind what it holds, costs and reaches."""
    best = [
        max(found, key=lambda one: one.accuracy.mean)
        for found in ([one for one in entries if one.shares is shares] for shares in (True, False))
        if found
    ]
    first = say(
        "On {dataset}, {network} classifies {accuracy} of the test images correctly, with "
        "{weights} weights and {cost} multiply-adds for an image.",
        dataset=dataset,
        **_numbers(best[0]),
    )
    others = (
        say(
            "{network} classifies {accuracy}, with {weights} weights and {cost} multiply-adds.",
            **_numbers(one),
        )
        for one in best[1:]
    )
    return sentences(first, *others)


def _numbers(entry: Entry) -> dict[str, Said]:
    return {
        "network": entry.title,
        "accuracy": number(entry.accuracy.mean, ".1%"),
        "weights": number(entry.parameters),
        "cost": number(entry.multiply_adds),
    }
