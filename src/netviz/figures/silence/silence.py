"""What each class loses when one unit of the last hidden layer is switched off.

A row of the table is the network without one unit: of every class, the share of test images that it
still classifies correctly. The unit of a convolution is a whole map. Script lets a reader switch
off units together, and counts again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.analysis.evaluation import features_of
from netviz.analysis.hidden import Survival, survival
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
from netviz.figures.parts.filters import filter_picture
from netviz.figures.parts.names import are_words
from netviz.figures.parts.required import require
from netviz.figures.parts.shipped import encoded
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import cells, several
from netviz.figures.words import Said, number, say, sentences
from netviz.network.network import Network
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image

MOST_UNITS = 12
MOST_CLASSES = 20
SHADES = 20  # of a cell; as many as the page's styles have
SHIPPED = 250_000  # bytes of features that a page may be asked to load
STEPS = 32767  # of a feature shipped as a 16-bit integer, from 0 to the unit's largest


@dataclass(frozen=True)
class Arguments:
    """A network whose last layer is dense and reads hidden units, or maps."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the filters, count what is left without each unit, and ship the units' outputs.

    Raises:
        EssayError: the network has no hidden units, or too many classes.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    names = material.dataset.description.class_names
    require(
        network.has_hidden_units, "silence", "a dense last layer that reads hidden units", material
    )
    if len(names) > MOST_CLASSES:
        raise EssayError(
            "silence shows a column for each class",
            expected=f"at most {MOST_CLASSES} classes",
            got=f"{len(names)}",
        )
    features = features_of(network, material.dataset.test)
    evaluation, units = material.evaluation, network.feature_units
    left = survival(
        evaluation.logits, features, network.dense[-1].weights, evaluation.labels, units
    )
    shown = _shown(left)
    pictures = _pictures(material, features, shown)
    output.data(f"features-{arguments.network}", _features(material, features))
    return Drawing(
        finding=_finding(material, left),
        caption=_caption(material),
        states=(
            several("off", [str(unit + 1) for unit in shown]),
            cells("cell", [*(str(unit + 1) for unit in shown), "chosen"], names),
        ),
        context={
            "classes": list(names),
            "words": are_words(names),
            "width": pictures[0].width,
            "height": pictures[0].height,
            "pictures": write_strip(output, "units", pictures),
            "shows_filters": _shows_filters(network),
            "whole": _row(left, left.whole, evaluation.labels),
            "units": [
                {"number": unit + 1, "cells": _row(left, left.without[unit], evaluation.labels)}
                for unit in shown
            ],
            "hidden": units,
            "maps": network.ends_in_maps,
        },
        config={
            "data": Asset(f"features-{arguments.network}"),
            "classes": list(names),
            "maps": network.ends_in_maps,
        },
    )


def _shown(left: Survival) -> list[int]:
    """Return the units of the rows: all, or of many those that cost some class most, in order."""
    worst = np.nan_to_num(left.shares, nan=1.0).min(axis=1)
    return sorted(np.argsort(worst, kind="stable")[:MOST_UNITS].tolist())


def _shows_filters(network: Network) -> bool:
    """Whether the units are those of the first layer, so that a filter says what each looks for."""
    return len(network.weighted) == 2 and network.reads_pixels


def _pictures(
    material: NetworkMaterial, features: NDArray[np.float32], shown: Sequence[int]
) -> list[Image.Image]:
    """Return the filter of each unit, or else the test image that excites it most."""
    network = material.trained.network
    if _shows_filters(network):
        filters = network.filters()
        scale = Scale.symmetric(filters)
        return [filter_picture(filters[unit], scale) for unit in shown]
    by_unit = features.reshape(len(features), -1, network.feature_units).sum(axis=1)
    images = material.dataset.test.images
    return [to_image(images[by_unit[:, unit].argmax()]) for unit in shown]


def _caption(material: NetworkMaterial) -> Said:
    if material.trained.network.ends_in_maps:
        return say(
            "Each row is {network} with one of its last maps switched off: of every class, the "
            "percentage of test images that it still classifies correctly. Plum is what is lost.",
            network=material.title,
        )
    return say(
        "Each row is {network} with one hidden unit switched off: of every class, the "
        "percentage of test images that it still classifies correctly. Plum is what is lost.",
        network=material.title,
    )


def _row(left: Survival, counts: NDArray[np.intp], labels: NDArray[np.intp]) -> list[Json]:
    """Return a cell for each class: counts, the share in percent, and how dark its shade is."""
    totals = np.bincount(labels, minlength=len(counts))
    cells: list[Json] = []
    for whole, count, total in zip(left.whole, counts, totals, strict=True):
        lost = (int(whole) - int(count)) / int(total) if total else 0.0
        cells.append(
            {
                "count": int(count),
                "whole": int(whole),
                "total": int(total),
                "percent": f"{100 * count / total:.0f}" if total else "–",
                "shade": round(SHADES * min(1.0, max(0.0, lost))),
            }
        )
    return cells


def _features(material: NetworkMaterial, features: NDArray[np.float32]) -> dict[str, Json]:
    """Return what the last layer reads of the first test images, and its weights."""
    network = material.trained.network
    last = network.dense[-1]
    count = min(len(features), max(1, SHIPPED // (2 * features.shape[1])))
    limits = np.maximum(np.abs(features[:count]).max(axis=0), np.finfo(np.float32).tiny)
    steps = np.rint(features[:count].astype(np.float64) / limits * STEPS)
    return {
        "count": count,
        "units": network.feature_units,
        "features": encoded(steps, "<i2"),
        "steps": encoded(limits / STEPS, "<f4"),
        "labels": encoded(material.evaluation.labels[:count], "u1"),
        "weights": encoded(last.weights, "<f4"),
        "biases": encoded(last.biases, "<f4"),
    }


def _finding(material: NetworkMaterial, left: Survival) -> Said:
    names = material.dataset.description.class_names
    maps = material.trained.network.ends_in_maps
    if not left.whole.any():
        return say(
            "{network} classifies none of {count} test images correctly.",
            network=material.title,
            count=number(len(material.evaluation.labels)),
        )
    lost = int(left.lost.sum())
    unit, k = np.unravel_index(np.nanargmin(left.shares), left.shares.shape)
    worst = say(
        "Of the {whole} images of {class} that it classifies correctly, {left} are left without "
        "map {number}."
        if maps
        else "Of the {whole} images of {class} that it classifies correctly, {left} are left "
        "without hidden unit {number}.",
        **{"class": names[k]},
        whole=number(int(left.whole[k])),
        left=number(int(left.without[unit, k])),
        number=number(int(unit) + 1),
    )
    if not lost:
        none = say(
            "No class of {network} depends on one map."
            if maps
            else "No class of {network} depends on one hidden unit.",
            network=material.title,
        )
        return sentences(none, worst)
    some = say(
        "{count} of {classes} classes of {network} are lost with a single map: fewer than a tenth "
        "of what it classifies correctly is left."
        if maps
        else "{count} of {classes} classes of {network} are lost with a single hidden unit: fewer "
        "than a tenth of what it classifies correctly is left.",
        count=number(lost),
        classes=number(len(names)),
        network=material.title,
    )
    return sentences(some, worst)
