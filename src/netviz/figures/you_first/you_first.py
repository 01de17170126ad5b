"""You first: the reader names a run of hard images, and only then sees what the network said.

Hard are the images about which the network was most undecided: those whose two most probable
classes lie closest together. Right or wrong plays no part in the choice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation
from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Json, Materials, NetworkName, Output
from netviz.figures.parts.names import are_words
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted
from netviz.figures.words import number, say
from netviz.rendering.pictures import to_image

MOST = 40  # images in a run; a strip can show no more than its styles can count


@dataclass(frozen=True)
class Arguments:
    """`count` is the length of the run."""

    network: NetworkName
    count: int = 10


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Choose the images and draw them in a strip.

    Raises:
        EssayError: the run would be empty or too long.
    """
    if not 1 <= arguments.count <= MOST:
        raise EssayError(
            "such a run cannot be shown", expected=f"1 to {MOST} images", got=str(arguments.count)
        )
    material = materials.networks[arguments.network]
    evaluation = material.evaluation
    names = material.dataset.description.class_names
    chosen = most_undecided(evaluation, arguments.count)
    images = material.dataset.test.images[chosen]
    height, width, _ = material.dataset.description.image_shape
    right = int(evaluation.correct[chosen].sum())
    answers: list[Json] = [
        {
            "label": int(evaluation.labels[image]),
            "read": int(evaluation.predictions[image]),
            "share": float(evaluation.confidences[image]),
        }
        for image in chosen
    ]
    return Drawing(
        finding=say(
            "The {count} test images of {dataset} about which {network} was most undecided. It "
            "read {right} of them correctly.",
            count=number(len(chosen)),
            dataset=material.dataset.description.title,
            network=material.title,
            right=number(right),
        ),
        caption=say(
            "The {count} test images that the network found hardest to decide: its two most "
            "probable classes lie closest together. Name each before you see its answer.",
            count=number(len(chosen)),
        ),
        states=(choice("image", counted(len(chosen))),),
        context={
            "words": are_words(names),
            "classes": list(names),
            "width": width,
            "height": height,
            "strip": write_strip(output, "images", [to_image(image) for image in images]),
            "answers": answers,
            "right": right,
        },
        config={"classes": list(names), "answers": answers},
    )


def most_undecided(evaluation: Evaluation, count: int) -> NDArray[np.intp]:
    """Return the `count` images with the smallest lead of the first class over the second.

    The smallest first; ties by the index of the image.
    """
    ordered = np.sort(evaluation.probabilities, axis=1)
    leads = ordered[:, -1] - ordered[:, -2]
    chosen: NDArray[np.intp] = np.argsort(leads, kind="stable")[:count]
    return chosen
