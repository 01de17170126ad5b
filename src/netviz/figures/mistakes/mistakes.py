"""Misread images with the probability of every class: four chosen by a rule, and all to browse.

Two of the four are near ties that a person would forgive, two were misread with confidence
(`netviz.analysis.mistakes.choose_mistakes` states the rule).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from netviz.analysis.mistakes import Mistake, choose_mistakes, find_mistakes
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
from netviz.figures.parts.names import shortened
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, words
from netviz.figures.words import Said, listed, number, say
from netviz.rendering.pictures import to_image
from netviz.rendering.sprites import sprite_sheet

MOST = 900  # mistakes that can be browsed
PER_SHEET = 100
COLUMNS = 10
BAR = 100.0  # the length of a bar of probability 1, in units of its drawing
ROW = 13.0
LABEL, LETTER = 62.0, 5.8  # the room for names: at least, and for each letter of the longest
MOST_LETTERS = 22  # of a name beside its bar
MOST_BARS = 10  # classes that a drawing lists
NO_BROWSE: Mapping[str, Config] = {"sheets": [], "index": None, "each": 0}
# For as many mistakes as are shown: how many of each kind, of all, and of more than these.
TIES = ("", "one near tie", "two near ties", "three near ties", "four near ties")
SURE = (
    "",
    "one read wrongly with confidence",
    "two read wrongly with confidence",
    "three read wrongly with confidence",
    "four read wrongly with confidence",
)
UNSURE = (
    "",
    "one read wrongly without confidence",
    "two read wrongly without confidence",
    "three read wrongly without confidence",
    "four read wrongly without confidence",
)
ALL = (
    "",
    "The one misread image",
    "The two misread images",
    "The three misread images",
    "The four misread images",
)
SOME = ("", "One", "Two", "Three", "Four")


@dataclass(frozen=True)
class Arguments:
    """Whose mistakes."""

    network: NetworkName


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Choose the mistakes and draw them; of a network without any, say so."""
    material = materials.networks[arguments.network]
    mistakes = find_mistakes(material.evaluation)
    chosen = choose_mistakes(mistakes)
    cards = [*chosen.near_ties, *chosen.sure_and_wrong]
    images = material.dataset.test.images
    names = material.dataset.description.class_names
    height, width, _ = material.dataset.description.image_shape
    listed = spaced(mistakes, MOST)
    return Drawing(
        finding=_finding(material, cards, len(mistakes)),
        caption=_caption(material, cards, len(mistakes)),
        states=(
            choice("actual", ["any", *words(names)]),
            choice("read", ["any", *words(names)]),
        )
        if len(mistakes) > len(cards)
        else (),
        context={
            "classes": list(names),
            "width": width,
            "height": height,
            "strip": write_strip(output, "four", [to_image(images[card.image]) for card in cards])
            if cards
            else None,
            "cards": [_card(card, names) for card in cards],
            "row": ROW,
            "label": max(LABEL, LETTER * min(MOST_LETTERS, max(map(len, names)))),
            "count": len(material.dataset.test),
        },
        config={
            "classes": list(names),
            "width": width,
            "height": height,
            # Where the cards show every mistake there is nothing left to browse.
            **(_browse(material, listed, output) if len(mistakes) > len(cards) else NO_BROWSE),
            "listed": len(listed),
            "total": len(mistakes),
        },
    )


def spaced(mistakes: Sequence[Mistake], most: int) -> list[Mistake]:
    """Return at most `most` mistakes, spaced evenly from the surest to the least sure."""
    ranked = sorted(mistakes, key=lambda one: (-one.confidence, one.image))
    if len(ranked) <= most:
        return ranked
    places = np.linspace(0, len(ranked) - 1, most).round().astype(int)
    return [ranked[place] for place in places]


def _card(mistake: Mistake, names: Sequence[str]) -> dict[str, Config]:
    """Return a mistake with its bars, the most probable class first where not all fit."""
    probabilities = mistake.probabilities
    order = np.arange(len(names))
    if len(names) > MOST_BARS:
        order = np.argsort(-probabilities, kind="stable")[:MOST_BARS]
    bars: list[Json] = [
        {
            "name": names[k],
            "short": shortened(names[k], MOST_LETTERS),
            "share": float(probabilities[k]),
            "length": round(BAR * float(probabilities[k]), 2),
            "kind": "right" if k == mistake.actual else "wrong" if k == mistake.predicted else "",
        }
        for k in order.tolist()
    ]
    return {
        "actual": names[mistake.actual],
        "read": names[mistake.predicted],
        "kind": _kind(mistake),
        "bars": bars,
    }


def _kind(mistake: Mistake) -> Said:
    if mistake.is_near_tie:
        return say("a near tie")
    return say("sure, and wrong") if mistake.is_sure else say("unsure, and wrong")


def _browse(
    material: NetworkMaterial, listed: Sequence[Mistake], output: Output
) -> dict[str, Config]:
    """Write the sheets and the list of all mistakes that can be browsed; return where they are.

    A mistake is listed as [actual, predicted, slot on its sheet, confidence in thousandths].
    """
    sheets: list[Config] = []
    slots: list[int] = []
    for start in range(0, len(listed), PER_SHEET):
        part = [one.image for one in listed[start : start + PER_SHEET]]
        sheet = sprite_sheet(material.dataset.test.images[part], COLUMNS)
        name = output.picture(f"mistakes-{start // PER_SHEET}", sheet.image)
        sheets.append([Asset(name), sheet.index.columns])
        slots += sheet.slots
    index = output.data(
        f"mistakes-{material.name}",
        {
            "mistakes": [
                [one.actual, one.predicted, slot, round(1000 * one.confidence)]
                for one, slot in zip(listed, slots, strict=True)
            ]
        },
    )
    return {"sheets": sheets, "index": Asset(index), "each": PER_SHEET}


def _caption(material: NetworkMaterial, cards: Sequence[Mistake], total: int) -> Said:
    """Say of the mistakes shown how many they are, and of which kinds."""
    if not cards:
        return say("{network} makes no mistake to show here.", network=material.title)
    which = say(ALL[total]) if len(cards) == total else _some(len(cards))
    ties = sum(one.is_near_tie for one in cards)
    sure = sum(one.is_sure for one in cards)
    kinds = [(TIES, ties), (SURE, sure), (UNSURE, len(cards) - ties - sure)]
    told: list[Said] = [say(texts[count]) for texts, count in kinds if count]
    while len(told) > 1:
        told[-2:] = [say("{first}, and {second}", first=told[-2], second=told[-1])]
    return say("{which}, with the probability of each class: {kinds}.", which=which, kinds=told[0])


def _some(count: int) -> Said:
    return say("{count} of the misread images", count=say(SOME[count]))


def _finding(material: NetworkMaterial, cards: Sequence[Mistake], total: int) -> Said:
    names = material.dataset.description.class_names
    if not cards:
        return say(
            "Of {count} test images {network} misreads none.",
            count=number(len(material.dataset.test)),
            network=material.title,
        )
    told = [
        say(
            "{actual} read as {predicted}, {share} sure",
            actual=names[card.actual],
            predicted=names[card.predicted],
            share=number(card.confidence, ".1%"),
        )
        for card in cards
    ]
    return say(
        "{count} of the {total} test images that {network} misreads: {list}.",
        count=number(len(cards)),
        total=number(total),
        network=material.title,
        list=listed(told, "; "),
    )
