"""Test images drawn at random, to see what a class is made of; as many draws as one likes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Split
from netviz.figures.figure import Asset, Config, DatasetName, Drawing, Json, Materials, Output
from netviz.figures.parts.refusals import no_test_image
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted, words
from netviz.figures.words import listed, number, say
from netviz.rendering.pictures import to_image

SHOWN = 30  # photographs in one draw: five rows of six, or six of five
DRAWS = 16
SEED = 10
ALL = "{count} images drawn at random from the {total} test images of {dataset}: {list}."
SOME = "{count} images drawn at random from the {total} test images of {dataset}: {list} and so on."
NAMED = 6  # classes of images, in the text alternative


@dataclass(frozen=True)
class Arguments:
    """The data set to draw from."""

    dataset: DatasetName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw several samples of all classes, and one of each class.

    Raises:
        EssayError: a class has no test image.
    """
    dataset = materials.datasets[arguments.dataset]
    names = dataset.description.class_names
    for label in range(len(names)):
        if label not in dataset.test.labels:
            raise no_test_image(dataset.description, label)
    rng = np.random.default_rng(SEED)
    mixed = _mixed_draws(len(dataset.test), rng)
    sheets = [
        _sheet(output, f"draw-{number}", dataset.test, chosen)
        for number, chosen in enumerate(mixed, 1)
    ]
    held = [
        _sheet(output, f"class-{number}", dataset.test, _of_class(dataset.test, number, rng))
        for number in range(len(names))
    ]
    height, width, _ = dataset.description.image_shape
    distinct = {image for chosen in mixed for image in chosen.tolist()}
    first = [names[label] for label in dataset.test.labels[mixed[0]].tolist()]
    return Drawing(
        finding=say(
            SOME if len(first) > NAMED else ALL,
            count=number(len(mixed[0])),
            total=number(len(dataset.test)),
            dataset=dataset.description.title,
            list=listed(first[:NAMED]),
        ),
        caption=say(
            "{count} images drawn at random from the test set of {dataset}. Ask for another draw, "
            "or hold one class.",
            count=number(len(mixed[0])),
            dataset=dataset.description.title,
        ),
        states=(
            choice("draw", counted(len(sheets))),
            choice("class", ["all", *words(names)]),
        ),
        context={
            "dataset": dataset.description.title,
            "classes": list(names),
            "sheets": list(sheets),
            "side": max(height, width),
            "count": len(distinct),
            "total": len(dataset.test),
        },
        config={
            "classes": list(names),
            "sheets": [_for_script(sheet) for sheet in sheets],
            "held": [_for_script(sheet) for sheet in held],
        },
    )


def _for_script(sheet: Mapping[str, Json]) -> Config:
    return {"src": Asset(str(sheet["name"])), "labels": sheet["labels"]}


def _mixed_draws(total: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Deal images of all classes into draws, no image twice."""
    dealt = rng.permutation(total)[: SHOWN * DRAWS].astype(np.intp)
    return np.array_split(dealt, max(1, len(dealt) // SHOWN))


def _of_class(split: Split, label: int, rng: np.random.Generator) -> NDArray[np.intp]:
    images = np.flatnonzero(split.labels == label)
    return rng.choice(images, min(SHOWN, len(images)), replace=False)


def _sheet(output: Output, name: str, split: Split, chosen: NDArray[np.intp]) -> dict[str, Json]:
    """Write the chosen images as a strip; return it with their labels."""
    strip = write_strip(output, name, [to_image(split.images[image]) for image in chosen.tolist()])
    return {"name": name, "labels": split.labels[chosen].tolist(), "count": strip["count"]}
