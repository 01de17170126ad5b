"""The whole of measurements.json: every network, data set and sweep, and how they compare."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import __version__
from netviz.analysis.averages import averages
from netviz.analysis.confusion import flips
from netviz.analysis.evaluation import Evaluation
from netviz.analysis.hidden import Survival
from netviz.analysis.moving import DISTANCES
from netviz.analysis.pairs import alike_pairs, largest_first
from netviz.analysis.separation import between_class_share, nearest_mean, pixels_of
from netviz.analysis.spread import mcnemar, permutation_test, spread
from netviz.analysis.sweep import SweepPoint
from netviz.datasets.dataset import Dataset
from netviz.measurements.network import LISTED, likeness, named, plain
from netviz.records import Json


@dataclass(frozen=True)
class Run:
    """What one seed of a network came to.

    `moved` holds its accuracy on images moved by each of DISTANCES, where it was asked about these;
    `survival` what is left without each hidden unit, if there are any.
    """

    seed: int | None
    answers: Evaluation
    moved: NDArray[np.float64] | None
    survival: Survival | None


@dataclass(frozen=True)
class Seeded:
    """A network: what was `measured` of the seed that figures show, and what all seeds came to."""

    measured: dict[str, Any]
    runs: Sequence[Run]
    may_have_learnt: bool

    def tree(self) -> dict[str, Any]:
        """Return all measurements of the network."""
        seeds = _seeds([one.seed for one in self.runs], [one.answers.accuracy for one in self.runs])
        if "hidden" in self.measured:
            seeds["lost_classes"] = _lost_classes([one.survival for one in self.runs])
        test = {**self.measured["test"], "may_have_learnt": self.may_have_learnt}
        if all(one.moved is not None for one in self.runs):
            test["moved"] = _moved([one.moved for one in self.runs])
        return {**self.measured, "test": test, "seeds": seeds}


def assembled(
    datasets: Mapping[str, Dataset],
    networks: Mapping[str, Seeded],
    sweeps: Mapping[str, Sequence[SweepPoint]],
    *,
    is_sample: bool,
) -> dict[str, Json]:
    """Put the whole tree of measurements together."""
    trees: dict[str, Json] = {name: network.tree() for name, network in networks.items()}
    answers = {name: network.runs[0].answers for name, network in networks.items()}
    return {
        "sample": is_sample,
        "versions": _versions(),
        "datasets": {name: _dataset(dataset) for name, dataset in datasets.items()},
        "networks": trees,
        "comparisons": _comparisons(trees, answers),
        "sweeps": {name: _sweep(points) for name, points in sweeps.items()},
    }


def _seeds(seeds: Sequence[int | None], accuracies: Sequence[float]) -> dict[str, Json]:
    summary = spread(accuracies)
    return {
        "values": list(seeds),
        "count": summary.count,
        "accuracies": list(accuracies),
        "mean": plain(summary.mean),
        "lowest": summary.low,
        "highest": summary.high,
        "standard_deviation": plain(summary.sd),
    }


def _moved(accuracies: Sequence[NDArray[np.float64] | None]) -> list[Json]:
    """Return the accuracy on images moved to the left, of the seed shown and over all seeds."""
    by_seed = np.array(accuracies)
    return [
        {
            "pixels": pixels,
            "accuracy": plain(by_seed[0, place]),
            "lowest": plain(by_seed[:, place].min()),
            "highest": plain(by_seed[:, place].max()),
        }
        for place, pixels in enumerate(DISTANCES)
    ]


def _lost_classes(survivals: Sequence[Survival | None]) -> dict[str, Json]:
    """Return how many classes are lost with one hidden unit, the fewest and the most of a seed."""
    lost = [int(one.lost.sum()) for one in survivals if one is not None]
    return {"lowest": min(lost), "highest": max(lost)}


def _versions() -> dict[str, Json]:
    """Return the versions of what shapes the numbers and pictures; Python's does not."""
    return {
        "netviz": __version__,
        "numpy": version("numpy"),
        "pillow": version("pillow"),
    }


def _dataset(dataset: Dataset) -> dict[str, Json]:
    description = dataset.description
    names = description.class_names
    average = averages(dataset.train, len(names))
    pixels = pixels_of(dataset.test)
    labels = dataset.test.labels.astype(np.intp)
    means = average.classes.reshape(len(names), -1).astype(np.float64)
    counts = np.bincount(labels, minlength=len(names))
    alike = largest_first(alike_pairs(likeness(average)))
    return {
        "title": description.title,
        "train": len(dataset.train),
        "test": len(dataset.test),
        "classes": list(names),
        "image_shape": list(description.image_shape),
        "pixels": math.prod(description.image_shape[:2]),
        "chance": 1 / len(names),
        "most_frequent_class": {
            "name": names[int(counts.argmax())],
            "share": plain(counts.max() / counts.sum()),
        },
        "never_lit": int(average.never_lit.all(axis=-1).sum()),
        "most_alike": named(alike[:LISTED], names, "correlation"),
        "nearest_average_accuracy": float((nearest_mean(pixels, means) == labels).mean()),
        "between_class_share": plain(between_class_share(pixels, labels, len(names))),
        "citation": description.citation,
        "licence": description.licence,
        "homepage": description.homepage,
        "digest": dataset.digest,
    }


def _comparisons(networks: Mapping[str, Any], answers: Mapping[str, Evaluation]) -> dict[str, Json]:
    """Compare every two networks on the same data set, by the images and by the seeds."""
    found: dict[str, Json] = {}
    for first, second in _pairs(networks):
        changed = flips(answers[first], answers[second])
        mended, spoilt = len(changed.to_right), len(changed.to_wrong)
        before, after = (networks[name]["seeds"]["accuracies"] for name in (first, second))
        found[f"{second}-over-{first}"] = {
            "difference": plain(answers[second].accuracy - answers[first].accuracy),
            "to_right": mended,
            "to_wrong": spoilt,
            "p_value": plain(mcnemar(spoilt, mended)),
            "p_value_seeds": plain(permutation_test(before, after, np.random.default_rng(0))),
        }
    return found


def _pairs(networks: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = list(networks)
    for position, second in enumerate(names):
        for first in names[:position]:
            if networks[first]["dataset"] == networks[second]["dataset"]:
                yield first, second


def _sweep(points: Sequence[SweepPoint]) -> dict[str, Any]:
    by_shape: dict[tuple[int, ...], list[SweepPoint]] = {}
    for point in points:
        by_shape.setdefault(point.hidden, []).append(point)
    shapes = [_shape(same) for same in by_shape.values()]
    wide = sorted((shape for shape in shapes if shape["layers"] == 1), key=_units)
    straight = [shape for shape in shapes if shape["layers"] == 0]
    return {
        "seeds": max(shape["seeds"] for shape in shapes),
        "shapes": shapes,
        "shape_count": len(shapes),
        "no_hidden": straight[0] if straight else None,
        "narrowest": wide[0] if wide else None,
        "widest": wide[-1] if wide else None,
        "best": max(shapes, key=lambda shape: shape["mean"]),
        "doublings": [_doubling(narrow, wider) for narrow, wider in pairwise(wide)],
        "depths": _depths(shapes),
    }


def _units(shape: Mapping[str, Any]) -> int:
    return int(shape["units"])


def _shape(points: Sequence[SweepPoint]) -> dict[str, Any]:
    summary = spread([point.accuracy for point in points])
    first = points[0]
    return {
        "hidden": list(first.hidden),
        "units": sum(first.hidden),
        "layers": len(first.hidden),
        "multiply_adds": first.multiply_adds,
        "parameters": first.parameters,
        "seeds": summary.count,
        "mean": plain(summary.mean),
        "lowest": summary.low,
        "highest": summary.high,
    }


def _doubling(narrow: Mapping[str, Any], wider: Mapping[str, Any]) -> dict[str, Json]:
    """Return what one doubling of the hidden units brings between two widths."""
    doublings = math.log2(_units(wider) / _units(narrow))
    return {
        "from": _units(narrow),
        "to": _units(wider),
        "gain": plain((wider["mean"] - narrow["mean"]) / doublings),
        "cost": plain(wider["multiply_adds"] / narrow["multiply_adds"]),
    }


def _depths(shapes: Sequence[dict[str, Any]]) -> dict[str, Json] | None:
    """Return the shapes of equal layers whose depth varies most, from shallow to deep."""
    families: dict[int, list[dict[str, Any]]] = {}
    for shape in shapes:
        if len(set(shape["hidden"])) == 1:
            families.setdefault(shape["hidden"][0], []).append(shape)
    if not families:
        return None
    width, family = max(families.items(), key=lambda item: len(item[1]))
    deepening = sorted(family, key=lambda shape: int(shape["layers"]))
    return {
        "units": width,
        "shapes": [*deepening],
        "gain": plain(deepening[-1]["mean"] - deepening[0]["mean"]),
    }
