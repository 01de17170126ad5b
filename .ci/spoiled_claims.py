"""Spoil the networks and see their claims fall: a claim that survives says nothing.

Each network's weights are negated, it is measured again, and the essay is read with what was found.
Every claim about its weights must then be false.
"""

import dataclasses
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netviz.analysis.evaluation import evaluate
from netviz.datasets.store import open_dataset, prepare
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.settings import read_settings
from netviz.figures.figure import NetworkMaterial
from netviz.figures.registry import Registry
from netviz.folders import default_cache_dir
from netviz.measurements.network import measure_network
from netviz.measurements.plain import plain_record
from netviz.training.trained import HISTORY_FILE, Frame, Trained, load_trained

PROJECT = Path(__file__).parents[1]
ESSAY = PROJECT / "essay"
SITE = PROJECT / "build" / "site"
CACHE = PROJECT / "build" / "cache"


def negated(trained: Trained) -> Trained:
    """Return the network with every weight and bias of its first layer turned round."""
    network = trained.network
    place = network.first_weighted
    first = network.layers[place]
    turned = first.with_arrays({name: -array for name, array in first.arrays.items()})
    layers = (*network.layers[:place], turned, *network.layers[place + 1 :])
    spoiled = dataclasses.replace(network, layers=layers)
    film = tuple(
        Frame(frame.step, -frame.filters, frame.accuracy, frame.loss) for frame in trained.film
    )
    return dataclasses.replace(trained, network=spoiled, film=film)


def measured_anew(name: str, identity: str) -> dict[str, Any]:
    """Measure the network `name`, negated, on the whole test set."""
    settings = read_settings(ESSAY / "essay.toml").networks[name]
    dataset = open_dataset(prepare(settings.dataset, default_cache_dir(), None))
    for history in CACHE.rglob(HISTORY_FILE):
        if json.loads(history.read_text(encoding="utf-8"))["identity"] == identity:
            trained = negated(load_trained(history.parent))
            answers = evaluate(trained.network, dataset.test)
            material = NetworkMaterial(name, settings.title, trained, dataset, answers)
            return plain_record(measure_network(material))
    raise SystemExit(f"the cache does not hold {name}, weights {identity[:12]}")


def survivors(tree: Mapping[str, Any], name: str) -> tuple[int, list[str]]:
    """Return how many claims speak of the weights of `name`, and those that stay true."""
    measured = tree["networks"][name]
    again = measured_anew(name, measured["identity"])
    # What is added when all measurements are put together is not a matter of the weights.
    spoiled = {**measured, **again, "test": {**measured["test"], **again["test"]}}
    networks = {**tree["networks"], name: spoiled}
    measurements = Measurements({**tree, "networks": networks})
    pages = [page.name for page in ESSAY.glob("*.md")]
    registry = Registry(ESSAY / "figures")
    read = read_manuscript(ESSAY / "index.md", measurements, registry, strict=False, pages=pages)
    about = [
        claim
        for claim in read.claims
        if any(key.startswith(f"networks.{name}.templates.") for key in claim.values)
    ]
    return len(about), [
        f"{claim.file}:{claim.line}: {claim.text}" for claim in about if claim.holds
    ]


def main() -> int:
    """Spoil one network after the other; return 1 if a claim about its weights survives."""
    tree = json.loads((SITE / "measurements.json").read_text(encoding="utf-8"))
    fell, stood = 0, []
    for name, network in tree["networks"].items():
        if "templates" in network and name != "mnist-shuffled":  # whose claim is of no likeness
            about, survived = survivors(tree, name)
            fell += about - len(survived)
            stood += survived
    print(f"{fell} claims about weights fell with the weights negated")
    for line in stood:
        print(f"still true: {line}")
    return 1 if stood or not fell else 0


if __name__ == "__main__":
    sys.exit(main())
