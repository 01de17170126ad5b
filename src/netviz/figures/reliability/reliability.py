"""The reliability diagram: confidence against accuracy, one panel a network."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from netviz.analysis.calibration import Bin, calibrate
from netviz.errors import EssayError
from netviz.figures.figure import (
    Cell,
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, sentences
from netviz.rendering.charts import LinearScale, line_path

SIDE = 240  # of a panel's plot, in units of its view box
MARGIN = 44  # left of it and below, for labels
BINS = 10
FEW = 10  # answers of a bin; of fewer, the share that is right says next to nothing


@dataclass(frozen=True)
class Arguments:
    """The networks to compare, one panel each."""

    networks: tuple[NetworkName, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw a reliability diagram of each network.

    Raises:
        EssayError: no network is named.
    """
    if not arguments.networks:
        raise EssayError("reliability needs a network", expected='networks=["name"]')
    compared = [materials.networks[name] for name in arguments.networks]
    panels = [_panel(material) for material in compared]
    for material in compared:
        output.table(material.name, _table(material))
    across, up = _scales()
    return Drawing(
        finding=sentences(*map(_sentence, compared)),
        caption=sentences(
            _shown(len(panels)),
            say(
                "On the dashed line a network that says 80% is right four times out of five; "
                "below it, it is too sure of itself. Upright lines show the 95% interval, bars at "
                "the foot how many answers fall there."
            ),
            _few_told(panels),
        ),
        states=(choice("point", ["none", *_points(arguments, materials)]),),
        context={
            "panels": list(panels),
            "side": SIDE,
            "margin": MARGIN,
            "across": [asdict(tick) for tick in across.ticks()],
            "up": [asdict(tick) for tick in up.ticks()],
        },
    )


def _table(material: NetworkMaterial) -> Iterator[Sequence[Cell]]:
    """Yield a row for each range of confidences; one without answers has no means."""
    yield ["confidence_from", "confidence_to", "answers", "mean_confidence", "accuracy"]
    for one in calibrate(material.evaluation, BINS).bins:
        yield [one.low, one.high, one.count, one.confidence, one.accuracy]


def _points(arguments: Arguments, materials: Materials) -> list[str]:
    """Return what an address calls the points: a network, and from how many percent sure on."""
    return [
        f"{name}.{round(100 * found.low)}"
        for name in arguments.networks
        for found in calibrate(materials.networks[name].evaluation, BINS).bins
        if found.count
    ]


def _shown(networks: int) -> Said:
    if networks == 1:
        return say("How sure the network is, and how often it is right.")
    return say("How sure the networks are, and how often they are right.")


def _few_told(panels: Sequence[dict[str, Config]]) -> Said | None:
    """Say what a hollow point means, where there is one."""
    marks = [mark for panel in panels for mark in cast("list[dict[str, Json]]", panel["marks"])]
    if not any(mark["few"] for mark in marks):
        return None
    return say(
        "A hollow point stands for fewer than {count} answers, and says little.", count=number(FEW)
    )


def _scales() -> tuple[LinearScale, LinearScale]:
    return LinearScale(0, 1, MARGIN, MARGIN + SIDE), LinearScale(0, 1, SIDE, 0)


def _panel(material: NetworkMaterial) -> dict[str, Config]:
    calibration = calibrate(material.evaluation, BINS)
    filled = [_mark(bin_, len(material.evaluation.labels)) for bin_ in calibration.bins]
    marks = [mark for mark in filled if mark is not None]
    return {
        "title": material.title,
        "marks": list(marks),
        "line": "".join(line_path(points) for points in _joined(calibration.bins)),
        "expected_error": calibration.expected_error,
        "sentence": sentences(_sentence(material)),
    }


def _joined(bins: Sequence[Bin]) -> list[list[tuple[float, float]]]:
    """Return the points that a line joins; where a bin holds few answers, it is interrupted."""
    across, up = _scales()
    stretches: list[list[tuple[float, float]]] = [[]]
    for bin_ in bins:
        if bin_.confidence is None or bin_.accuracy is None:
            continue
        if bin_.count < FEW:
            stretches.append([])
        else:
            point = (across.position(bin_.confidence), up.position(bin_.accuracy))
            stretches[-1].append(point)
    return stretches


def _mark(bin_: Bin, total: int) -> dict[str, Json] | None:
    """Return where a bin's point, interval and bar lie, with its numbers; None if it is empty."""
    if bin_.confidence is None or bin_.accuracy is None:
        return None
    across, up = _scales()
    low, high = bin_.accuracy_low, bin_.accuracy_high
    return {
        "x": across.position(bin_.confidence),
        "y": up.position(bin_.accuracy),
        "top": up.position(high if high is not None else bin_.accuracy),
        "bottom": up.position(low if low is not None else bin_.accuracy),
        "left": across.position(bin_.low),
        "width": across.span(bin_.low, bin_.high).length,
        "share": SIDE / 4 * bin_.count / total,
        "low": bin_.low,
        "high": bin_.high,
        "count": bin_.count,
        "few": bin_.count < FEW,
        "confidence": bin_.confidence,
        "accuracy": bin_.accuracy,
    }


def _sentence(material: NetworkMaterial) -> Said:
    calibration = calibrate(material.evaluation, BINS)
    parts: dict[str, Said] = {
        "network": material.title,
        "error": number(100 * calibration.expected_error, ".1f"),
        "gap": number(100 * abs(calibration.overconfidence), ".1f"),
    }
    if calibration.overconfidence > 0:
        return say(
            "{network}: confidence and accuracy differ by {error} percentage points on average; "
            "over all answers it is too sure of itself by {gap}.",
            **parts,
        )
    return say(
        "{network}: confidence and accuracy differ by {error} percentage points on average; over "
        "all answers it is too modest by {gap}.",
        **parts,
    )
