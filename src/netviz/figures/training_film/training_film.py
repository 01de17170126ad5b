"""Training as a film: the pictures of the weights from the first step to the last."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from netviz.analysis.templates import correlations
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice
from netviz.rendering.charts import LinearScale, line_path
from netviz.rendering.pictures import contact_sheet, weight_picture
from netviz.training.trained import Frame

SHOWN_UNITS = 10
STILLS = 4  # frames shown before script takes over
WIDTH, HEIGHT = 600, 90


@dataclass(frozen=True)
class Arguments:
    """The network whose training is shown."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw every kept frame as a row of pictures, and the curve of accuracy.

    Raises:
        EssayError: the network was trained elsewhere.
    """
    material = materials.networks[arguments.network]
    if material.trained.recipe is None:
        raise EssayError(
            f"there is no film of {arguments.network!r}, which was trained elsewhere",
            expected="a network with a recipe",
            remedy="Give it a recipe instead of `weights`, or show its `weights` as they are.",
        )
    film = material.trained.film
    units = min(SHOWN_UNITS, film[0].filters.shape[0])
    rows = [_row(frame, units) for frame in film]
    output.picture("film", contact_sheet([picture for row in rows for picture in row], units))
    stills = sorted({round(k * (len(film) - 1) / (STILLS - 1)) for k in range(STILLS)})
    write_strip(output, "stills", [picture for index in stills for picture in rows[index]])
    height, width = film[0].filters.shape[1:3]
    across = LinearScale(0, max(1, len(film) - 1), 0, WIDTH)
    up = LinearScale(0, 1, HEIGHT, 0)
    loss_up = LinearScale.from_zero([frame.loss for frame in film], HEIGHT, 0)
    frames: list[Json] = [_numbers(frame) for frame in film]
    shown = _names(material, units)
    return Drawing(
        finding=_finding(film),
        caption=(
            f"The weights of {material.title} while it learns, from the first step to the last"
            f"{_part(film[0], units)}; under them accuracy and loss on held-out images. "
            "The frames lie close together at first, where most happens."
        ),
        states=(choice("step", [str(frame.step) for frame in film]),),
        context={
            "frames": frames,
            "stills": list(stills),
            "units": units,
            "names": shown,
            "width": width,
            "height": height,
            "chart": {"width": WIDTH, "height": HEIGHT},
            "accuracy_line": line_path(
                [(across.position(k), up.position(frame.accuracy)) for k, frame in enumerate(film)]
            ),
            "loss_line": line_path(
                [(across.position(k), loss_up.position(frame.loss)) for k, frame in enumerate(film)]
            ),
        },
        config={
            "film": Asset("film"),
            "frames": frames,
            "units": units,
            "names": shown,
            "width": width,
            "height": height,
            "chart": {"width": WIDTH, "height": HEIGHT},
        },
    )


def _row(frame: Frame, units: int) -> list[Image.Image]:
    style = "colour" if frame.filters.shape[-1] == 3 else "grey"
    return [weight_picture(weights, style) for weights in frame.filters[:units]]  # type: ignore[arg-type]  # one of two literals


def _names(material: NetworkMaterial, units: int) -> list[Json]:
    if not material.trained.network.is_linear:
        return [f"hidden unit {unit + 1}" for unit in range(units)]
    return list(material.dataset.description.class_names[:units])


def _part(frame: Frame, units: int) -> str:
    """Say where only some of the pictures are shown."""
    whole = len(frame.filters)
    return "" if units == whole else f", {units} of {whole:,} pictures"


def _numbers(frame: Frame) -> dict[str, Json]:
    return {"step": frame.step, "accuracy": frame.accuracy, "loss": frame.loss}


def _finding(film: tuple[Frame, ...]) -> str:
    first, last = film[0], film[-1]
    if last.accuracy <= first.accuracy:
        return (
            f"After {last.step:,} steps accuracy on held-out images is "
            f"{100 * last.accuracy:.1f}%, no more than the {100 * first.accuracy:.1f}% at step "
            f"{first.step:,}."
        )
    enough = next(frame for frame in film if frame.accuracy >= last.accuracy * 0.9)
    likeness = _likeness(enough, last)
    pictures = (
        f"; the pictures of that step correlate with the last ones by {likeness:.2f} on average"
        if likeness is not None
        else ""
    )
    return (
        f"Over {last.step:,} steps accuracy on held-out images rises from "
        f"{100 * first.accuracy:.1f}% to {100 * last.accuracy:.1f}%. Nine tenths of the "
        f"final accuracy are reached by step {enough.step:,}{pictures}."
    )


def _likeness(frame: Frame, last: Frame) -> float | None:
    """Return the mean correlation of each picture with the last of its unit, where it is defined.

    There is none of the last frame with itself, nor of pictures without any contrast.
    """
    if frame is last:
        return None
    own = correlations(frame.filters, last.filters).own
    return float(own[np.isfinite(own)].mean()) if np.isfinite(own).any() else None
