"""Training as a film: the pictures of the weights from the first step to the last."""

from collections.abc import Sequence
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
from netviz.figures.parts.filters import is_coloured, signed_picture
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice
from netviz.figures.words import Said, number, say, sentences
from netviz.rendering.animations import grid_frame
from netviz.rendering.charts import LinearScale, line_path
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import LONGEST_SIDE, contact_sheet
from netviz.training.trained import Frame

SHOWN_UNITS = 10
COLUMNS = 5  # of the pictures in a frame of the animation, as on the page
STILLS = 4  # frames shown before script takes over
WIDTH, HEIGHT = 600, 90


@dataclass(frozen=True)
class Arguments:
    """The network whose training is shown."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw every kept frame as a row of pictures, and the curve of accuracy.

    Raises:
        EssayError: the network was trained elsewhere, or its film is too long.
    """
    material = materials.networks[arguments.network]
    if material.trained.recipe is None:
        raise EssayError(
            f"there is no film of {arguments.network!r}, which was trained elsewhere",
            expected="a network with a recipe",
            remedy="Give it a recipe instead of `weights`, or show its `weights` as they are.",
        )
    film = material.trained.film
    _check_length(film, arguments.network)
    units = min(SHOWN_UNITS, film[0].filters.shape[0])
    rows = [_row(frame, units) for frame in film]
    output.picture("film", contact_sheet([picture for row in rows for picture in row], units))
    if len(film) > 1:
        output.animation("film", [grid_frame(pictures, COLUMNS) for pictures in rows])
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
        caption=sentences(_caption(material, film[0], units), _colours(film[0])),
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


def _check_length(film: Sequence[Frame], network: str) -> None:
    """Refuse a film whose frames, one below the other, are too high for one picture."""
    most = LONGEST_SIDE // film[0].filters.shape[1]
    if len(film) > most:
        raise EssayError(
            f"the film of {network!r} is too long",
            expected=f"at most {most} frames",
            got=str(len(film)),
            remedy="Set fewer frames in its recipe.",
        )


def _row(frame: Frame, units: int) -> list[Image.Image]:
    """Return the pictures of one frame: by sign, all on the frame's own scale, or in colour."""
    shown = frame.filters[:units]
    scale = Scale.symmetric(shown)
    return [signed_picture(weights, scale) for weights in shown]


def _colours(frame: Frame) -> Said | None:
    """Say how weights of single channels are painted."""
    if is_coloured(frame.filters):
        return None
    return say("Blue is positive, orange negative, each frame on a scale of its own.")


def _names(material: NetworkMaterial, units: int) -> list[Said]:
    if not material.trained.network.is_linear:
        return [say("hidden unit {number}", number=number(unit + 1)) for unit in range(units)]
    return list(material.dataset.description.class_names[:units])


def _caption(material: NetworkMaterial, frame: Frame, units: int) -> Said:
    """Say what the film shows, and where only some of the pictures are shown, how many."""
    whole = len(frame.filters)
    if units == whole:
        return say(
            "The weights of {network} while it learns, from the first step to the last; under them "
            "accuracy and loss on held-out images. The frames lie close together at first, where "
            "most happens.",
            network=material.title,
        )
    return say(
        "The weights of {network} while it learns, from the first step to the last, {shown} of "
        "{count} pictures; under them accuracy and loss on held-out images. The frames lie close "
        "together at first, where most happens.",
        network=material.title,
        shown=number(units),
        count=number(whole),
    )


def _numbers(frame: Frame) -> dict[str, Json]:
    return {"step": frame.step, "accuracy": frame.accuracy, "loss": frame.loss}


def _finding(film: tuple[Frame, ...]) -> Said:
    first, last = film[0], film[-1]
    if last.accuracy <= first.accuracy:
        return say(
            "After {steps} steps accuracy on held-out images is {last}, no more than the {first} "
            "at step {step}.",
            steps=number(last.step),
            last=number(last.accuracy, ".1%"),
            first=number(first.accuracy, ".1%"),
            step=number(first.step),
        )
    enough = next(frame for frame in film if frame.accuracy >= last.accuracy * 0.9)
    likeness = _likeness(enough, last)
    rise: dict[str, Said] = {
        "steps": number(last.step),
        "first": number(first.accuracy, ".1%"),
        "last": number(last.accuracy, ".1%"),
        "step": number(enough.step),
    }
    if likeness is None:
        return say(
            "Over {steps} steps accuracy on held-out images rises from {first} to {last}. Nine "
            "tenths of the final accuracy are reached by step {step}.",
            **rise,
        )
    return say(
        "Over {steps} steps accuracy on held-out images rises from {first} to {last}. Nine tenths "
        "of the final accuracy are reached by step {step}; the pictures of that step correlate "
        "with the last ones by {value} on average.",
        **rise,
        value=number(likeness, ".2f"),
    )


def _likeness(frame: Frame, last: Frame) -> float | None:
    """Return the mean correlation of each picture with the last of its unit, where it is defined.

    There is none of the last frame with itself, nor of pictures without any contrast.
    """
    if frame is last:
        return None
    own = correlations(frame.filters, last.filters).own
    return float(own[np.isfinite(own)].mean()) if np.isfinite(own).any() else None
