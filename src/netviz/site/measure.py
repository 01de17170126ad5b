"""What is measured: one network's part of measurements.json, and the whole of it.

Numbers other than counts and shares are rounded to six significant digits, so that the last
bits, in which CPUs differ, do not reach the page.
"""

import json
import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import __version__
from netviz.analysis.averages import averages
from netviz.analysis.calibration import calibrate
from netviz.analysis.confusion import confusion, flips
from netviz.analysis.evaluation import Evaluation
from netviz.analysis.spread import mcnemar, permutation_test, spread
from netviz.analysis.sweep import SweepPoint
from netviz.analysis.templates import (
    blueness,
    explained,
    region_means,
    regions,
    resemblance_to_averages,
    resemblance_to_differences,
    shortcut,
)
from netviz.datasets.dataset import Dataset
from netviz.datasets.store import open_dataset
from netviz.figures.figure import Json, NetworkMaterial
from netviz.records import record

SURE = 0.9
LISTED_CONFUSIONS = 10
DIGITS = 6


def measure_network(material: NetworkMaterial) -> dict[str, Json]:
    """Return everything measured of one network, trained from the seed that figures show."""
    trained = material.trained
    architecture = trained.network.architecture
    measured: dict[str, Json] = {
        "title": material.title,
        "dataset": material.dataset.description.name,
        "architecture": {
            "image_shape": list(architecture.image_shape),
            "hidden": list(architecture.hidden),
            "classes": architecture.classes,
            "activation": architecture.activation,
            "parameters": architecture.parameters,
            "multiply_adds": architecture.multiply_adds,
        },
        "recipe": asdict(trained.recipe),
        "seed": trained.seed,
        "identity": trained.network.identity,
        "steps": trained.steps,
        "counts": {
            "train": trained.train_count,
            "validation": trained.validation_count,
            "test": len(material.dataset.test),
        },
        "train": {"accuracy": trained.train_accuracy},
        "validation": {"accuracy": trained.validation_accuracy},
        "test": _test(material.evaluation, material.dataset.description.class_names),
    }
    if architecture.hidden:
        measured["hidden"] = _hidden(material)
    else:
        measured["templates"] = _templates(material)
    return measured


def _test(evaluation: Evaluation, names: Sequence[str]) -> dict[str, Json]:
    matrix = confusion(evaluation)
    sure = (evaluation.confidences >= SURE) & ~evaluation.correct
    calibration = calibrate(evaluation)
    classes: list[Json] = [
        {
            "name": name,
            "count": int(matrix.counts[k].sum()),
            "recall": _plain(matrix.recall[k]),
            "precision": _plain(matrix.precision[k]),
        }
        for k, name in enumerate(names)
    ]
    return {
        "count": matrix.total,
        "correct": int(matrix.counts.trace()),
        "errors": matrix.total - int(matrix.counts.trace()),
        "accuracy": evaluation.accuracy,
        "confusion_matrix": matrix.counts.tolist(),
        "classes": classes,
        "best_class": classes[int(np.nanargmax(matrix.recall))],
        "worst_class": classes[int(np.nanargmin(matrix.recall))],
        "largest_confusions": [
            {
                "actual": names[pair.actual],
                "predicted": names[pair.predicted],
                "count": pair.count,
                "share_of_row": _plain(matrix.row_shares[pair.actual, pair.predicted]),
            }
            for pair in matrix.pairs[:LISTED_CONFUSIONS]
        ],
        "sure_mistakes": {"threshold": SURE, "count": int(sure.sum())},
        "calibration": {
            "expected_error": _plain(calibration.expected_error),
            "overconfidence": _plain(calibration.overconfidence),
            "mean_confidence": _plain(evaluation.confidences.mean()),
        },
    }


def _templates(material: NetworkMaterial) -> dict[str, Json]:
    """Measure the weight pictures of a network of one layer, a picture a class."""
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    average = averages(material.dataset.train, len(names))
    plain = resemblance_to_averages(filters, average)
    centred = resemblance_to_differences(filters, average)
    parts = regions(filters.shape[1], filters.shape[2])
    means = {
        part: region_means(filters, getattr(parts, part)).mean(axis=1)
        for part in ("centre", "ring", "rim")
    }
    classes: list[Json] = []
    coloured = filters.shape[-1] == 3
    blue = blueness(filters, parts.rim) if coloured else np.full(len(names), math.nan)
    for k, name in enumerate(names):
        entry: dict[str, Json] = {
            "name": name,
            "nearest_average": names[int(plain.nearest[k])],
            "correlation_own": _plain(plain.own[k]),
            "correlation_own_centred": _plain(centred.own[k]),
            "lowest": _plain(filters[k].min()),
            "highest": _plain(filters[k].max()),
            **{part: _plain(means[part][k]) for part in means},
        }
        if coloured:
            entry["rim_blueness"] = _plain(blue[k])
        classes.append(entry)
    by_blue = np.argsort(-blue).tolist() if coloured else []
    return {
        "classes": classes,
        "nearest_own_count": int((plain.nearest == np.arange(len(names))).sum()),
        "nearest_own_count_centred": int((centred.nearest == np.arange(len(names))).sum()),
        "mean_correlation_own": _plain(plain.own.mean()),
        "mean_correlation_own_centred": _plain(centred.own.mean()),
        "largest_correlation_own": _plain(plain.own.max()),
        "bluest_rims": [names[k] for k in by_blue],
    }


def _hidden(material: NetworkMaterial) -> dict[str, Json]:
    """Measure what the hidden layers make of the test set."""
    network = material.trained.network
    dataset = material.dataset
    pixels = dataset.test.pixels.astype(np.float32) / np.float32(255)
    layers = network.activations(pixels)
    straight = shortcut(network.weights, network.biases).logits(pixels)
    found = explained(layers[-1], straight)
    active = (layers[0] > 0).mean(axis=0)
    return {
        "units": network.architecture.hidden[0],
        "dead_units": int((active == 0).sum()),
        "mean_active_share": _plain(active.mean()),
        "shortcut": {
            "r_squared": _plain(found.r_squared),
            "mean_fitted": _plain(found.fitted.mean()),
            "agreement": _plain(found.agreement),
        },
    }


def assemble(inputs: Mapping[str, Path], parameters: Mapping[str, Any]) -> dict[str, Json]:
    """Put the whole tree of measurements together.

    `inputs` are the folders of the steps by role (see `plan`); `parameters` holds the seeds of
    each network, the number of points of each sweep, and whether this is the sample.
    """
    datasets = {name: open_dataset(inputs[f"dataset:{name}"]) for name in parameters["datasets"]}
    networks: dict[str, Any] = {}
    answers: dict[str, Evaluation] = {}
    for name, seeds in parameters["networks"].items():
        text = (inputs[f"measured:{name}"] / "measurements.json").read_text(encoding="utf-8")
        networks[name] = json.loads(text)
        dataset = datasets[networks[name]["dataset"]]
        evaluations = [
            _evaluation(inputs[f"evaluation:{name}:{index}"], dataset)
            for index in range(len(seeds))
        ]
        answers[name] = evaluations[0]
        networks[name]["seeds"] = _seeds(seeds, [found.accuracy for found in evaluations])
    return {
        "sample": parameters["is_sample"],
        "versions": _versions(),
        "datasets": {name: _dataset(dataset) for name, dataset in datasets.items()},
        "networks": networks,
        "comparisons": _comparisons(networks, answers),
        "sweeps": {
            name: _sweep([inputs[f"sweep:{name}:{index}"] for index in range(points)])
            for name, points in parameters["sweeps"].items()
        },
    }


def _evaluation(folder: Path, dataset: Dataset) -> Evaluation:
    logits = np.load(folder / "logits.npy", allow_pickle=False)
    return Evaluation(logits, dataset.test.labels.astype(np.intp), "")


def _seeds(seeds: Sequence[int], accuracies: Sequence[float]) -> dict[str, Json]:
    summary = spread(accuracies)
    return {
        "values": list(seeds),
        "count": summary.count,
        "accuracies": list(accuracies),
        "mean": _plain(summary.mean),
        "lowest": summary.low,
        "highest": summary.high,
        "standard_deviation": None if summary.sd is None else _plain(summary.sd),
    }


def _versions() -> dict[str, Json]:
    return {
        "netviz": __version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": version("numpy"),
        "pillow": version("pillow"),
    }


def _dataset(dataset: Dataset) -> dict[str, Json]:
    description = dataset.description
    never = averages(dataset.train, len(description.class_names)).never_lit
    return {
        "title": description.title,
        "train": len(dataset.train),
        "test": len(dataset.test),
        "classes": list(description.class_names),
        "image_shape": list(description.image_shape),
        "pixels": math.prod(description.image_shape[:2]),
        "chance": 1 / len(description.class_names),
        "never_lit": int(never.all(axis=-1).sum()),
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
            "difference": _plain(answers[second].accuracy - answers[first].accuracy),
            "to_right": mended,
            "to_wrong": spoilt,
            "p_value": _plain(mcnemar(spoilt, mended)),
            "p_value_seeds": _plain(permutation_test(before, after, np.random.default_rng(0))),
        }
    return found


def _pairs(networks: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = list(networks)
    for position, second in enumerate(names):
        for first in names[:position]:
            if networks[first]["dataset"] == networks[second]["dataset"]:
                yield first, second


def _sweep(folders: Sequence[Path]) -> dict[str, Any]:
    by_shape: dict[tuple[int, ...], list[SweepPoint]] = {}
    for folder in folders:
        text = (folder / "point.json").read_text(encoding="utf-8")
        point = record(SweepPoint, json.loads(text))
        by_shape.setdefault(point.hidden, []).append(point)
    shapes = [_shape(points) for points in by_shape.values()]
    wide = sorted(
        (shape for shape in shapes if shape["layers"] == 1), key=lambda shape: shape["units"]
    )
    gains = [
        {"from": a["units"], "to": b["units"], "gain": _plain(b["mean"] - a["mean"])}
        for a, b in pairwise(wide)
    ]
    best = max(wide, key=lambda shape: shape["mean"])
    return {"shapes": shapes, "best": best, "doublings": gains}


def _shape(points: Sequence[SweepPoint]) -> dict[str, Any]:
    summary = spread([point.accuracy for point in points])
    first = points[0]
    return {
        "hidden": list(first.hidden),
        "units": sum(first.hidden),
        "layers": len(first.hidden),
        "multiply_adds": first.multiply_adds,
        "parameters": first.parameters,
        "mean": _plain(summary.mean),
        "lowest": summary.low,
        "highest": summary.high,
    }


def _plain(number: float | np.floating[Any] | NDArray[Any]) -> float | None:
    """Return a number rounded to six significant digits; None for one that is not defined."""
    value = float(number)
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
