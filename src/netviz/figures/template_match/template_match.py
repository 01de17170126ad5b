"""An image laid over the template of each class: the score of each class, and where it comes from.

The page runs the network itself. For a network of one layer the ledger is exact: pixel times
weight, summed over all pixels, plus the bias, is the score.
"""

from dataclasses import dataclass

import numpy as np

from netviz.analysis.ledger import Ledger, class_ledger
from netviz.datasets.dataset import to_unit_range
from netviz.figures.figure import (
    Asset,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import CENTRED, exhibits, exhibits_data
from netviz.figures.parts.names import are_words
from netviz.figures.parts.refusals import check_one_grey_layer
from netviz.figures.parts.shipped import network_data
from netviz.figures.states import choice, counted, words
from netviz.figures.words import Said, number, say
from netviz.rendering.charts import LinearScale
from netviz.rendering.colour import Scale
from netviz.rendering.pictures import to_image, weight_picture

BAR_WIDTH = 200


@dataclass(frozen=True)
class Arguments:
    """The network that scores: one layer, grey images."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the scores and the evidence of one image; ship the network and more images.

    Raises:
        EssayError: the network has hidden layers, or reads coloured images.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    check_one_grey_layer(
        f"template_match cannot lay an image over the weights of {arguments.network!r}", network
    )
    names = material.dataset.description.class_names
    chosen = exhibits(material.evaluation)
    shown = int(chosen[0])
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    logits = material.evaluation.logits[shown]
    winner = int(logits.argmax())
    pixels = to_unit_range(material.dataset.test.images[shown])
    ledger = class_ledger(network.dense[0], pixels, winner)
    limit = Scale.symmetric(ledger.terms)
    output.picture("image", to_image(material.dataset.test.images[shown]))
    output.picture("evidence", weight_picture(ledger.terms, "diverging", limit))
    height, width, _ = network.image_shape
    return Drawing(
        finding=_finding(material, shown, ledger),
        caption=_caption(can_draw=width == height),
        states=(
            choice("image", counted(len(chosen))),
            choice("why", ["winner", *words(names)]),
            choice("not", ["none", "second", *words(names)]),
        ),
        context={
            "words": are_words(names),
            "classes": list(names),
            "actual": names[int(material.evaluation.labels[shown])],
            "winner": names[winner],
            "scores": _scores(material, shown),
            "bar_width": BAR_WIDTH,
            "limit": limit.high,
            "ledger": _sums(ledger),
            "width": width,
            "height": height,
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "exhibits": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "digits": material.dataset.description.name in CENTRED,
            "width": width,
            "height": height,
        },
    )


def _scores(material: NetworkMaterial, image: int) -> list[Json]:
    """Return each class's logit and probability, and where its bar lies about the zero line."""
    logits = material.evaluation.logits[image].tolist()
    probabilities = material.evaluation.probabilities[image].tolist()
    scale = LinearScale.from_zero(logits, 0, BAR_WIDTH)
    scores: list[Json] = []
    for name, logit, probability in zip(
        material.dataset.description.class_names, logits, probabilities, strict=True
    ):
        bar = scale.span(0, logit)
        scores.append(
            {
                "name": name,
                "logit": logit,
                "probability": probability,
                "start": bar.start,
                "length": bar.length,
                "zero": scale.position(0),
            }
        )
    return scores


def _sums(ledger: Ledger) -> dict[str, Json]:
    return {
        "evidence_for": float(ledger.terms[ledger.terms > 0].sum()),
        "evidence_against": -_against(ledger),
        "bias": ledger.bias,
        "total": ledger.total,
    }


def _against(ledger: Ledger) -> float:
    """Return the size of all evidence against the class, at least 0."""
    return float(np.abs(ledger.terms[ledger.terms < 0]).sum())


def _caption(*, can_draw: bool) -> Said:
    """Say what there is to see and to do; the pad to draw on is a square, as images are to be."""
    if can_draw:
        return say(
            "An image, the score of every class, and the evidence for one of them: each pixel "
            "times its weight, blue for, orange against. Choose another image, draw one, or ask "
            "why one class and not another."
        )
    return say(
        "An image, the score of every class, and the evidence for one of them: each pixel times "
        "its weight, blue for, orange against. Choose another image, or ask why one class and not "
        "another."
    )


def _finding(material: NetworkMaterial, image: int, ledger: Ledger) -> Said:
    names = material.dataset.description.class_names
    evaluation = material.evaluation
    order = np.argsort(-evaluation.logits[image])
    return say(
        "For a test image of {actual} the highest score is that of {class}, {total}: evidence for "
        "it of {plus}, against it of {minus}, and a bias of {bias}. The runner-up is {second}.",
        **{"class": names[int(order[0])]},
        actual=names[int(evaluation.labels[image])],
        total=number(ledger.total, ".2f"),
        plus=number(ledger.terms[ledger.terms > 0].sum(), ".2f"),
        minus=number(_against(ledger), ".2f"),
        bias=number(ledger.bias, ".2f"),
        second=names[int(order[1])],
    )
