"""Warnings about networks that learnt little, by their measurements.

A build publishes such a network, since an essay may be about one; but its author is warned, with
advice, so that readers are not shown a picture of nothing.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from netviz.errors import EssayError, listed
from netviz.essay.settings import SETTINGS_NAME, NetworkSettings, Settings, place_of

LISTED = 3  # names of classes in one message


def signs_of_little_learning(
    folder: Path, settings: Settings, measured: Mapping[str, Any]
) -> list[EssayError]:
    """Return a notice for each network and sweep of the essay in `folder` that learnt little.

    `measured` is the tree of measurements.json. On the bundled sample only what is beyond doubt
    is reported; networks trained on shuffled labels are meant to learn nothing and are passed over.
    """
    file = folder / SETTINGS_NAME
    text = file.read_text(encoding="utf-8-sig")
    notices = []
    for name, network in settings.networks.items():
        if name in measured.get("networks", {}) and not network.shuffled_labels:
            found = measured["networks"][name]
            share = _most_frequent(measured, found["dataset"])
            signs = list(_signs(found, share, whole=not measured["sample"]))
            if signs:
                place = place_of(file, text, ("networks", name))
                problem = f"network {name!r} {'; '.join(signs)}"
                notices.append(EssayError(problem, place=place, remedy=_advice(network)))
    for name, sweep in settings.sweeps.items():
        if name in measured.get("sweeps", {}):
            share = _most_frequent(measured, sweep.dataset)
            shapes = [one for one in measured["sweeps"][name]["shapes"] if one["layers"]]
            if shapes and all(one["highest"] <= share for one in shapes):
                problem = (
                    f"no network of sweep {name!r} with hidden units does better than answering "
                    "one class always"
                )
                place = place_of(file, text, ("sweeps", name))
                remedy = "Try a smaller learning_rate in its recipe."
                notices.append(EssayError(problem, place=place, remedy=remedy))
    return notices


def _most_frequent(measured: Mapping[str, Any], dataset: str) -> float:
    """Return the accuracy of always answering the class that most test images have."""
    return float(measured["datasets"][dataset]["most_frequent_class"]["share"])


def _signs(found: Mapping[str, Any], share: float, *, whole: bool) -> Iterator[str]:
    """Yield what there is to tell of a network, the gravest first; minor signs if `whole`."""
    classes = len(found["test"]["classes"])
    silent = found["test"].get("never_answered", [])  # which older versions did not measure
    if len(silent) == classes - 1:
        yield "answers one class only"
    elif found["test"]["accuracy"] <= share:
        yield (
            f"classifies {found['test']['accuracy']:.1%} of the test images correctly, no more "
            "than the answer of one class to all would"
        )
    elif silent and whole:
        yield f"never answers {len(silent)} of {classes} classes ({listed(silent, LISTED)})"
    for number, (dead, units) in enumerate(_layers(found), 1):
        if dead == units or (dead and whole):
            where = f" of layer {number}" if len(found["architecture"]["hidden"]) > 1 else ""
            yield f"{dead} of {units} hidden units{where} {'is' if dead == 1 else 'are'} dead"


def _layers(found: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield for each hidden layer how many of its units are dead, and how many it has."""
    if "hidden" in found:
        dead = found["hidden"].get("dead_by_layer", [])
        yield from zip(dead, found["architecture"]["hidden"], strict=False)


def _advice(network: NetworkSettings) -> str:
    if network.answers is not None:
        return "Compare the order of the test images and of the classes with that of its answers."
    if network.weights is not None:
        return "Compare pixel_mean, pixel_deviation and activation with those of its training."
    centring = "" if network.recipe.centred else ", or centred = true"
    return f"Try a smaller learning_rate{centring}, or more epochs."
