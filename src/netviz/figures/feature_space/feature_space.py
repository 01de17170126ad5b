"""Where test images fall in the space of pixels, and in that of the hidden layer beside it.

Both maps show the same images, flattened by principal component analysis of the whole test set.
A point is the name of its class; script shows the image itself, in both maps at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import features_of
from netviz.analysis.projection import fit_projection, turned_towards
from netviz.analysis.separation import between_class_share
from netviz.datasets.dataset import to_unit_range
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
from netviz.figures.parts.names import are_words, initials
from netviz.figures.parts.shipped import first_of_each_class
from netviz.figures.states import choice, counted, words
from netviz.figures.words import Said, number, say
from netviz.rendering.sprites import sprite_sheet

POINTS = 300  # images shown, over all classes
FITTED = 2000  # images that the axes are fitted to
SIDE = 340.0  # of a map, in units of its view box
MARGIN = 12.0
COLUMNS = 20
HUES = 10  # colours of classes; of more, letters alone tell apart those of one colour
STEPS = 20  # from an image's place by pixels to that by features


@dataclass(frozen=True)
class Arguments:
    """Whose hidden layer; the last, if it has several."""

    network: NetworkName


@dataclass(frozen=True)
class Space:
    """One space: its points (n, d) for the whole test set.

    `title` says by what images are placed in it, `placed` the same as the name of a map.
    """

    title: Said
    placed: Said
    points: NDArray[np.float32]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw both maps.

    Raises:
        EssayError: the network has no hidden layer.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    if not network.has_hidden_units:
        raise EssayError(
            f"the network {arguments.network!r} has no hidden layer",
            expected="a network whose `hidden` names at least one layer",
            remedy="Name another network, or remove the figure.",
        )
    test = material.dataset.test
    names = material.dataset.description.class_names
    pixels = to_unit_range(test.pixels)
    features = features_of(network, test)
    each = max(1, POINTS // len(names))
    chosen = first_of_each_class(test, each)
    spaces = (
        Space(
            say("by {count} pixels", count=number(pixels.shape[1])),
            say("Test images placed by {count} pixels", count=number(pixels.shape[1])),
            pixels,
        ),
        Space(
            say("by {count} features", count=number(features.shape[1])),
            say("Test images placed by {count} features", count=number(features.shape[1])),
            features,
        ),
    )
    sheet = sprite_sheet(test.images[chosen], COLUMNS)
    evaluation = material.evaluation
    shares = [between_class_share(one.points, evaluation.labels, len(names)) for one in spaces]
    images: list[Json] = [
        {"label": int(evaluation.labels[image]), "read": int(evaluation.predictions[image])}
        for image in chosen
    ]
    by_pixels, by_features = (_placed(space, chosen) for space in spaces)
    # The axes of a map are its own. So turned, an image's two places are as near as they can be.
    flat = (by_pixels.points, turned_towards(by_features.points, by_pixels.points))
    maps = [
        _map(space, points, placed.explained, share)
        for space, points, placed, share in zip(
            spaces, flat, (by_pixels, by_features), shares, strict=True
        )
    ]
    return Drawing(
        finding=_finding(material, len(chosen), shares),
        caption=say(
            "{count} test images of {dataset}, at most {each} of a class, placed by their pixels "
            "and by what the hidden layer makes of them. Point at one to see it in both maps, or "
            "pick out a class.",
            count=number(len(chosen)),
            each=number(each),
            dataset=material.dataset.description.title,
        ),
        states=(
            choice("class", ["none", *words(names)]),
            choice("image", ["none", *counted(len(chosen))]),
            choice("features", [str(100 * step // STEPS) for step in range(STEPS, -1, -1)]),
        ),
        context={
            "classes": list(names),
            "marks": _marks(names),
            "hues": [place % HUES for place in range(len(names))],
            "maps": maps,
            "images": images,
            "side": SIDE,
            "index": {**sheet.index.json()},
        },
        config={
            "classes": list(names),
            "images": images,
            "slots": list(sheet.slots),
            "index": {**sheet.index.json()},
            "steps": STEPS,
            "sheet": Asset(output.picture("images", sheet.image)),
        },
    )


def _marks(names: tuple[str, ...]) -> list[Json]:
    """Return the label of each class in a map: its name where that is short, else initials."""
    return [*(initials(names) if are_words(names) else names)]


@dataclass(frozen=True)
class _Placed:
    """Points (n, 2) in the plane of a projection, and the share of the spread that it holds."""

    points: NDArray[np.float64]
    explained: float


def _placed(space: Space, chosen: NDArray[np.intp]) -> _Placed:
    projection = fit_projection(space.points[:FITTED])
    return _Placed(projection.project(space.points[chosen]), float(projection.explained.sum()))


def _map(
    space: Space, flat: NDArray[np.float64], explained: float, share: float
) -> dict[str, Config]:
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = (SIDE - 2 * MARGIN) / float((high - low).max() or 1.0)
    placed = (flat - (low + high) / 2) * scale * (1, -1) + SIDE / 2
    return {
        "title": space.title,
        "placed": space.placed,
        "points": placed.round(1).tolist(),
        "explained": explained,
        "between": None if np.isnan(share) else share,
    }


def _finding(material: NetworkMaterial, shown: int, shares: list[float]) -> Said:
    if not np.isfinite(shares).all():
        return _flat_finding(material, shown, shares)
    return say(
        "{count} test images on two maps. Of the spread of all test images, {first} lies between "
        "the classes when images are compared by their pixels, and {second} when they are compared "
        "by the hidden layer of {network}.",
        count=number(shown),
        first=number(shares[0], ".0%"),
        second=number(shares[1], ".0%"),
        network=material.title,
    )


def _flat_finding(material: NetworkMaterial, shown: int, shares: list[float]) -> Said:
    """Say which of the two spaces has no spread, so that no share of it lies anywhere."""
    if not np.isfinite(shares[0]):
        return say(
            "{count} test images on two maps, all at one point: the test images of {dataset} are "
            "all alike.",
            count=number(shown),
            dataset=material.dataset.description.title,
        )
    return say(
        "{count} test images on two maps. Of the spread of all test images, {first} lies between "
        "the classes when images are compared by their pixels. The hidden layer of {network} makes "
        "the same of every test image, so there all lie at one point.",
        count=number(shown),
        first=number(shares[0], ".0%"),
        network=material.title,
    )
