"""Where a measured value comes from, in words: what the page answers when a number is asked."""

from collections.abc import Mapping
from typing import Any, cast

from netviz.essay.measurements import Measurements

SPLITS = {"train": "training", "validation": "validation", "test": "test"}


def origin(measurements: Measurements, key: str) -> str:
    """Return a phrase on the value at `key`: "one layer on MNIST, seed 1, 10,000 test images".

    Empty where the key speaks for itself.
    """
    kind, _, rest = key.partition(".")
    name, _, what = rest.partition(".")
    if kind == "networks":
        return _network(cast("Mapping[str, Any]", measurements.at(f"networks.{name}")), what)
    if kind == "datasets":
        return f"counted in {measurements.at(f'datasets.{name}.title')}"
    if kind == "comparisons":
        first, _, second = name.partition("-over-")
        learnt = (
            measurements.at(f"networks.{one}.test.may_have_learnt") for one in (first, second)
        )
        kind = "held-out" if any(learnt) else "test"
        return f"{first} against {second}, on the same {kind} images"
    if kind == "sweeps":
        return f"over {measurements.at(f'sweeps.{name}.seeds')} seeds for each shape"
    return ""


def _network(network: Mapping[str, Any], what: str) -> str:
    if what.startswith("seeds."):
        return f"{network['title']}, {network['seeds']['count']} seeds"
    split = what.partition(".")[0]
    seed = network["seed"]
    parts = [network["title"], "trained elsewhere" if seed is None else f"seed {seed}"]
    if split in SPLITS:
        count = f"{network['counts'][split]:,}"
        if split == "test" and network["test"]["may_have_learnt"]:
            parts.append(f"{count} held-out images it may have learnt from")
        else:
            parts.append(f"{count} {SPLITS[split]} images")
    return ", ".join(parts)
