"""Where a measured value comes from, in words: what the page answers when a number is asked."""

from collections.abc import Mapping
from typing import Any, cast

from netviz.essay.measurements import Measurements
from netviz.figures.words import Said, number, say
from netviz.measurements.comparisons import BETWEEN

SEED = "{network}, seed {seed}"
OF_IMAGES = {
    "train": "{network}, seed {seed}, {count} training images",
    "validation": "{network}, seed {seed}, {count} validation images",
    "test": "{network}, seed {seed}, {count} test images",
}
ELSEWHERE = "{network}, trained elsewhere"
ELSEWHERE_OF_IMAGES = {
    "train": "{network}, trained elsewhere, {count} training images",
    "validation": "{network}, trained elsewhere, {count} validation images",
    "test": "{network}, trained elsewhere, {count} test images",
}
LEARNT = "{network}, trained elsewhere, {count} held-out images it may have learnt from"


def origin(measurements: Measurements, key: str) -> Said:
    """Return a phrase on the value at `key`: "one layer on MNIST, seed 1, 10,000 test images".

    Empty where the key speaks for itself.
    """
    kind, _, rest = key.partition(".")
    name, _, what = rest.partition(".")
    if kind == "networks":
        return _network(cast("Mapping[str, Any]", measurements.at(f"networks.{name}")), what)
    if kind == "datasets":
        return say("counted in {dataset}", dataset=str(measurements.at(f"datasets.{name}.title")))
    if kind == "comparisons":
        first, _, second = name.partition(BETWEEN)
        learnt = (
            measurements.at(f"networks.{one}.test.may_have_learnt") for one in (first, second)
        )
        pattern = (
            "{first} against {second}, on the same held-out images"
            if any(learnt)
            else "{first} against {second}, on the same test images"
        )
        return say(pattern, first=first, second=second)
    if kind == "sweeps":
        seeds = cast("int", measurements.at(f"sweeps.{name}.seeds"))
        return say("over {count} seeds for each shape", count=number(seeds))
    return ""


def _network(network: Mapping[str, Any], what: str) -> Said:
    title = network["title"]
    if what.startswith("seeds."):
        return say(
            "{network}, {count} seeds", network=title, count=number(network["seeds"]["count"])
        )
    seed = network["seed"]
    split = what.partition(".")[0]
    places: dict[str, Said] = {"network": title}
    if seed is not None:
        places["seed"] = number(seed, "d")
    if split in OF_IMAGES:
        places["count"] = number(network["counts"][split])
    return say(_pattern(network, split), **places)


def _pattern(network: Mapping[str, Any], split: str) -> str:
    if network["seed"] is not None:
        return OF_IMAGES.get(split, SEED)
    if split == "test" and network["test"]["may_have_learnt"]:
        return LEARNT
    return ELSEWHERE_OF_IMAGES.get(split, ELSEWHERE)
