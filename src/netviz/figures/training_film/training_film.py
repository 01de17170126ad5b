"""Training as a film: the pictures of the weights from the first step to the last."""

from dataclasses import dataclass

from PIL import Image

from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, Needs, NetworkMaterial, Output
from netviz.figures.parts.strips import write_strip
from netviz.rendering.charts import LinearScale, line_path
from netviz.rendering.pictures import contact_sheet, weight_picture
from netviz.training.trained import Frame

SHOWN_UNITS = 10
STILLS = 4  # frames shown before script takes over
WIDTH, HEIGHT = 600, 90


@dataclass(frozen=True)
class Arguments:
    """The network whose training is shown."""

    network: str


def needs(arguments: Arguments) -> Needs:
    """Return what the figure reads: its network."""
    return Needs(networks=(arguments.network,))


def draw(arguments: Arguments, materials: Materials, output: Output) -> dict[str, Json]:
    """Draw every kept frame as a row of pictures, and the curve of accuracy.

    Raises:
        EssayError: the network was trained elsewhere.
    """
    material = materials.networks[arguments.network]
    if material.trained.recipe is None:
        raise EssayError(
            f"there is no film of {arguments.network!r}, which was trained elsewhere",
            expected="a network with a recipe",
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
    loss_up = LinearScale(0, max(frame.loss for frame in film), HEIGHT, 0)
    return {
        "network": arguments.network,
        "frames": [_numbers(frame) for frame in film],
        "stills": list(stills),
        "units": units,
        "names": _names(material, units),
        "width": width,
        "height": height,
        "chart": {"width": WIDTH, "height": HEIGHT},
        "accuracy_line": line_path(
            [(across.position(k), up.position(frame.accuracy)) for k, frame in enumerate(film)]
        ),
        "loss_line": line_path(
            [(across.position(k), loss_up.position(frame.loss)) for k, frame in enumerate(film)]
        ),
        "finding": _finding(film),
        "caption": (
            f"The weights of {material.title} while it learns, from the first step to the last; "
            "under them accuracy and loss on held-out images. The frames lie close together at "
            "first, where most happens."
        ),
    }


def _row(frame: Frame, units: int) -> list[Image.Image]:
    style = "colour" if frame.filters.shape[-1] == 3 else "grey"
    return [weight_picture(weights, style) for weights in frame.filters[:units]]  # type: ignore[arg-type]  # one of two literals


def _names(material: NetworkMaterial, units: int) -> list[Json]:
    if not material.trained.network.is_linear:
        return [str(unit + 1) for unit in range(units)]
    return list(material.dataset.description.class_names[:units])


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
    return (
        f"Over {last.step:,} steps accuracy on held-out images rises from "
        f"{100 * first.accuracy:.1f}% to {100 * last.accuracy:.1f}%. Nine tenths of the "
        f"final accuracy are reached by step {enough.step:,}; the pictures take shape with it."
    )
