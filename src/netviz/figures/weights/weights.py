"""Weights as pictures: what each unit of the first layer looks for.

Each picture is shown as the essay first explains it, its lowest weight black and its highest
white, beside the average image of its class where the unit is the output of a class. Script adds
the signed scale, single channels, class-centred weights and the value under the pointer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import Averages, averages
from netviz.analysis.templates import Resemblance, resemblance_to_averages
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.filters import is_coloured, plain_picture
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import encoded, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import Setting, choice
from netviz.figures.words import Said, Words, number, say, sentences
from netviz.network.network import Network
from netviz.rendering.colour import Scale, grey
from netviz.rendering.pictures import to_image

# A pixel that no training image lights is hatched; the lines are drawn finer than a pixel.
HATCH_FACTOR = 4
HATCH_PERIOD = 4
SEEN = 0.005  # of a weight: what two decimals show
# As many pictures as the page's styles can crop out of one strip.
MOST_SHOWN = 128
WALL = 50  # pictures of hidden units, from which they are shown as a wall, without names
WALL_SIDE = 320  # pixels that a wall may be wide: what the narrowest page has room for
NO_CONTRAST = say("They or the averages are of one value throughout, so nothing can be compared.")
MOST_PARTS = 6
LEAD = 1.5  # pixels of the picture between its edge and the names of its parts


@dataclass(frozen=True)
class Part:
    """A part of a picture: a pixel in it, by row and column from 1, and its name in `text`."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Arguments:
    """`unit` shows one picture, enlarged; without it, all, or the first of very many.

    `parts` of that picture are named beside it, each with the weight of its pixel.
    """

    network: NetworkName
    unit: int | None = None
    parts: tuple[Part, ...] = ()


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the pictures of one unit or of all.

    Raises:
        EssayError: not all layers are dense, the network has no unit of that number, or a part
            lies in no picture.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    require(network.is_dense, "weights", "a network of dense layers", material)
    filters = network.filters()  # (units, height, width, channels)
    shown = _shown_units(arguments, len(filters))
    classes = material.dataset.description.class_names
    average = averages(material.dataset.train, len(classes))
    stands_for_class = network.is_linear
    pictures = write_strip(output, "weights", [plain_picture(filters[unit]) for unit in shown])
    is_wall = not stands_for_class and len(shown) >= WALL
    if not is_wall:
        output.data(f"network-{arguments.network}", network_data(network))
        mask = encoded(np.asarray(average.never_lit.all(axis=-1)), "u1")
        output.data("never-lit", {"mask": mask})
    units: list[dict[str, Config]] = [
        {
            "number": unit,
            "name": classes[unit]
            if stands_for_class
            else say("hidden unit {number}", number=number(unit + 1)),
            "low": float(filters[unit].min()),
            "high": float(filters[unit].max()),
        }
        for unit in shown
    ]
    return Drawing(
        finding=_finding(material, network, shown, average),
        caption=_caption(material, shown, stands_for_class),
        states=() if is_wall else _states(network),
        context={
            "title": material.title,
            "one": arguments.unit is not None,
            "wall": is_wall,
            "columns": _columns(len(shown), filters.shape[2]) if is_wall else None,
            "units": units,
            "pictures": pictures,
            "averages": _average_strip(output, average, shown) if stands_for_class else None,
            "hatch": _hatch(output, average) if average.never_lit.any() else None,
            "never_lit": int(average.never_lit.all(axis=-1).sum()),
            "pixels": int(np.prod(filters.shape[1:3])),
            "width": filters.shape[2],
            "height": filters.shape[1],
            "channels": filters.shape[3],
            "limit": Scale.symmetric(filters).limit,
            "stands_for_class": stands_for_class,
            "parts": _parts(arguments, filters, average),
            "lead": LEAD,
        },
        # The weights behind a wall are too many to load, and nobody reads one of its pixels.
        config={}
        if is_wall
        else {
            "data": Asset(f"network-{arguments.network}"),
            "mask": Asset("never-lit"),
            "units": units,
            "width": filters.shape[2],
            "height": filters.shape[1],
            "channels": filters.shape[3],
            # Training from zero keeps the mean over the classes at zero: nothing would change then.
            "centred": stands_for_class and bool(np.abs(filters.mean(axis=0)).max() >= SEEN),
        },
    )


def _columns(count: int, side: int) -> int | None:
    """Return how many of `count` pictures of `side` pixels make a row of a wall, all rows full.

    None where such a wall would be far higher than wide, as of a prime number of pictures.
    """
    fit = range(1, WALL_SIDE // side + 1)
    fullest = max((one for one in fit if count % one == 0), default=1)
    return fullest if 1.5 * fullest * fullest >= count else None


def _parts(
    arguments: Arguments, filters: NDArray[np.float32], average: Averages
) -> list[dict[str, Config]]:
    """Return the parts of the picture from its top on, with the position of each one's name."""
    if not arguments.parts:
        return []
    _, height, width, channels = filters.shape
    if arguments.unit is None or len(arguments.parts) > MOST_PARTS:
        raise EssayError(
            "`parts` name pixels of one picture",
            expected=f"a unit, and at most {MOST_PARTS} parts",
            got=f"{len(arguments.parts)} parts of "
            + ("all units" if arguments.unit is None else f"unit {arguments.unit}"),
        )
    never_lit = np.asarray(average.never_lit.all(axis=-1))
    found: list[dict[str, Config]] = []
    ordered = sorted(arguments.parts, key=lambda part: (part.row, part.column))
    for place, part in enumerate(ordered):
        if not (1 <= part.row <= height and 1 <= part.column <= width and part.text.strip()):
            raise EssayError(
                f"the part {part.text!r} lies in no picture",
                expected=f"a row of 1 to {height}, a column of 1 to {width}, and a text",
                got=f"row {part.row}, column {part.column}",
            )
        row, column = part.row - 1, part.column - 1
        is_read = channels == 1 and not never_lit[row, column]
        found.append(
            {
                "text": part.text.strip(),
                "x": column + 0.5,
                "y": row + 0.5,
                "name_y": round((place + 0.5) / len(ordered) * height, 2),
                "weight": float(filters[arguments.unit, row, column, 0]) if is_read else None,
            }
        )
    return found


def _states(network: Network) -> tuple[Setting, ...]:
    """Return what a reader can set."""
    scale = choice("scale", ["grey", "signed"])
    channel = choice("channel", ["all", "red", "green", "blue"])
    weights = choice("weights", ["raw", "centred"])
    coloured = is_coloured(network.filters())
    return (scale, *([channel] if coloured else []), *([weights] if _has_mean(network) else []))


def _has_mean(network: Network) -> bool:
    """Say whether taking away the mean over the classes changes the pictures.

    Training from zero keeps that mean at zero.
    """
    return network.is_linear and bool(np.abs(network.filters().mean(axis=0)).max() >= SEEN)


def _shown_units(arguments: Arguments, units: int) -> list[int]:
    if arguments.unit is None:
        return list(range(min(units, MOST_SHOWN)))
    if not 0 <= arguments.unit < units:
        raise EssayError(
            f"the network {arguments.network!r} has no unit {arguments.unit}",
            expected=f"0 to {units - 1}",
        )
    return [arguments.unit]


def _average_strip(output: Output, average: Averages, shown: list[int]) -> dict[str, Json]:
    images = [to_image(grey(average.classes[unit], Scale(0, 1))) for unit in shown]
    return write_strip(output, "averages", images)


def _hatch(output: Output, average: Averages) -> str:
    """Write the picture that covers pixels never lit with slanting lines."""
    mask = average.never_lit.all(axis=-1)  # (height, width)
    fine = mask.repeat(HATCH_FACTOR, axis=0).repeat(HATCH_FACTOR, axis=1)
    rows, columns = np.indices(fine.shape)
    lines = fine & ((rows + columns) % HATCH_PERIOD == 0)
    pixels = np.zeros((*fine.shape, 4), np.uint8)
    pixels[lines] = (128, 128, 128, 255)
    return output.picture("hatch", to_image(pixels))


def _finding(
    material: NetworkMaterial, network: Network, shown: list[int], average: Averages
) -> Said:
    filters = network.filters()
    resemblance = resemblance_to_averages(filters, average)
    if not network.is_linear:
        return _hidden_finding(material, resemblance, shown)
    if len(shown) == 1:
        return _one_finding(material, resemblance, shown[0])
    known = resemblance.own[np.isfinite(resemblance.own)]
    count, network_name = number(len(shown)), material.title
    if not len(known):
        pictures = say(
            "Pictures of the weights of all {count} outputs of {network}.",
            count=count,
            network=network_name,
        )
        return sentences(pictures, NO_CONTRAST)
    own = int((resemblance.nearest == np.arange(len(filters)))[np.isfinite(resemblance.own)].sum())
    return say(
        "Pictures of the weights of all {count} outputs of {network}. {own} of {all} resemble the "
        "average image of their own class more than that of any other; the correlation with their "
        "own is {low} to {high}.",
        count=count,
        network=network_name,
        own=number(own),
        all=number(len(filters)),
        low=number(known.min(), ".2f"),
        high=number(known.max(), ".2f"),
    )


def _hidden_finding(material: NetworkMaterial, resemblance: Resemblance, shown: list[int]) -> Said:
    found = resemblance.correlations[shown]
    whose = _hidden_units(material, shown)
    if not np.isfinite(found).any():
        return sentences(say("Pictures of the weights of {whose}.", whose=whose), NO_CONTRAST)
    return say(
        "Pictures of the weights of {whose}. The strongest correlation of {which} with the average "
        "image of any class is {value}.",
        whose=whose,
        which=say("all") if len(shown) > 1 else say("it"),
        value=number(np.nanmax(found), ".2f"),
    )


def _hidden_units(material: NetworkMaterial, shown: list[int]) -> Words:
    """Return words for a network and those of its hidden units that are shown.

    The title comes first, since it often counts the units itself.
    """
    units, title = material.trained.network.dense[0].units, material.title
    if len(shown) == units == 1:
        return say("{network}, its one hidden unit", network=title)
    if len(shown) == units:
        return say("{network}, all {count} hidden units", network=title, count=number(units))
    if len(shown) == 1:
        return say(
            "{network}, hidden unit {number} of {count}",
            network=title,
            number=number(shown[0] + 1),
            count=number(units),
        )
    return say(
        "{network}, the first {shown} of {count} hidden units",
        network=title,
        shown=number(len(shown)),
        count=number(units),
    )


def _one_finding(material: NetworkMaterial, resemblance: Resemblance, unit: int) -> Said:
    names = material.dataset.description.class_names
    nearest = names[int(resemblance.nearest[unit])]
    own = {"class": names[unit]}
    if not np.isfinite(resemblance.own[unit]):
        picture = say("The weights of the output for {class} as a picture.", **own)
        return sentences(picture, NO_CONTRAST)
    return say(
        "The weights of the output for {class} as a picture. Of all class averages it is most like "
        "that of {nearest}; its correlation with its own is {value}.",
        **own,
        nearest=nearest,
        value=number(resemblance.own[unit], ".2f"),
    )


def _caption(material: NetworkMaterial, shown: list[int], stands_for_class: bool) -> Said:
    if stands_for_class and len(shown) > 1:
        return say(
            "The weights of {network} as pictures, each above the average image of its class. "
            "Point at a pixel to read its weight.",
            network=material.title,
        )
    whose = _hidden_units(material, shown)
    if stands_for_class:
        name = material.dataset.description.class_names[shown[0]]
        whose = say(
            "the output for {class} of {network}", **{"class": name}, network=material.title
        )
    if len(shown) == 1:
        return say(
            "The weights of {whose} as a picture. Point at a pixel to read its weight.", whose=whose
        )
    return say(
        "The weights of {whose} as pictures. Point at a pixel to read its weight.", whose=whose
    )
