"""What is measured of one network: its part of measurements.json.

Numbers other than counts and shares are rounded to six significant digits, so that the last
bits, in which CPUs differ, do not reach the page.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import Averages, averages
from netviz.analysis.calibration import calibrate
from netviz.analysis.confusion import Confusion, confusion
from netviz.analysis.evaluation import Evaluation, features_of
from netviz.analysis.hidden import Survival, silence_each, survival
from netviz.analysis.learning import dead_units, never_answered
from netviz.analysis.maps import Maps, accuracy_in_grey, measure_maps, measure_tiles
from netviz.analysis.mistaken import mistaken_for
from netviz.analysis.painting import paint
from netviz.analysis.pairs import (
    PairValue,
    alike_pairs,
    confused_pairs,
    largest_first,
    rank_correlation,
)
from netviz.analysis.separation import between_class_share, class_means, nearest_mean, pixels_of
from netviz.analysis.templates import (
    blueness,
    correlations,
    explained,
    region_means,
    regions,
    resemblance_to_averages,
    resemblance_to_differences,
    shortcut,
)
from netviz.analysis.votes import votes
from netviz.datasets.dataset import Dataset
from netviz.measurements.material import NetworkMaterial
from netviz.network.layers import Activation
from netviz.network.network import Network
from netviz.records import Json
from netviz.training.recipe import Recipe

SURE = 0.9
LISTED = 10  # of a ranking
MOSTLY = 0.9  # of the images of a class
BLUE = (60, 110, 200)
RIM_WIDTHS = (0, 1, 2, 3, 4)  # in pixels
RIM_SHARE = 0.1  # of the test images, those with the bluest rims
DIGITS = 6


def measure_network(material: NetworkMaterial) -> dict[str, Json]:
    """Return everything measured of one network, trained from the seed that figures show."""
    dataset, evaluation = material.dataset, material.evaluation
    average = averages(dataset.train, evaluation.classes)
    measured: dict[str, Json] = {
        "title": material.title,
        "dataset": dataset.description.name,
        "identity": evaluation.identity,
        "recipe": None,
        "seed": None,
        "counts": {"test": len(dataset.test)},
        "test": _test(evaluation, dataset, average),
    }
    return measured | (_inside(material, average) if material.training else {})


def _inside(material: NetworkMaterial, average: Averages) -> dict[str, Json]:
    """Return what is measured of a network whose weights and training are known."""
    trained = material.trained
    network = trained.network
    measured: dict[str, Json] = {
        "architecture": {
            "image_shape": list(network.image_shape),
            "hidden": list(network.hidden),
            "classes": network.classes,
            "activation": network.activation,
            "parameters": network.parameters,
            "multiply_adds": network.multiply_adds,
        },
        "recipe": None if trained.recipe is None else asdict(trained.recipe),
        "seed": trained.seed,
        "steps": trained.steps,
        "counts": {
            "train": trained.train_count,
            "validation": trained.validation_count,
            "test": len(material.dataset.test),
        },
        "train": {"accuracy": trained.train_accuracy},
        "validation": {"accuracy": trained.validation_accuracy},
        "rearranged": {
            "tiles": [
                {"across": one.across, "accuracy": plain(one.accuracy)}
                for one in measure_tiles(network, material.dataset.test)
            ],
            "grey": plain(accuracy_in_grey(network, material.dataset.test)),
        },
    }
    if maps := measure_maps(network, material.dataset):
        measured["maps"] = _maps(maps)
    if network.has_hidden_units:
        measured["hidden"] = _hidden(material, average)
    if network.is_linear:
        measured["templates"] = _templates(material, average)
        if trained.recipe is not None:
            measured["film"] = _film(material, trained.recipe, average)
    return measured


def _maps(maps: Maps) -> dict[str, Json]:
    """Return the measurements of places."""
    tree = asdict(maps)
    tree |= {name: _plain(tree[name]) for name in ("filters", "covered")}
    return _plain(tree)


def _plain(tree: Mapping[str, Any]) -> dict[str, Json]:
    """Return the numbers of `tree` as `plain` does; what is a tree itself stays as it is."""
    return {
        name: value if isinstance(value, dict) else plain(value) for name, value in tree.items()
    }


# --- answers to the test set -----------------------------------------------------------------


def _test(evaluation: Evaluation, dataset: Dataset, average: Averages) -> dict[str, Json]:
    names = dataset.description.class_names
    matrix = confusion(evaluation)
    classes = _classes(evaluation, matrix, dataset)
    ranks = _ranks_of_truth(evaluation)
    sure = evaluation.confidences >= SURE
    calibration = calibrate(evaluation)
    pairs = confused_pairs(matrix)
    alike = alike_pairs(likeness(average))
    return {
        "count": matrix.total,
        "correct": int(matrix.counts.trace()),
        "errors": matrix.total - int(matrix.counts.trace()),
        "accuracy": evaluation.accuracy,
        "confusion_matrix": matrix.counts.tolist(),
        "classes": classes,
        "never_answered": [
            names[k] for k in never_answered(evaluation.predictions, evaluation.classes)
        ],
        "best_class": classes[int(np.nanargmax(matrix.recall))],
        "worst_class": classes[int(np.nanargmin(matrix.recall))],
        "largest_confusions": [
            {
                "actual": names[pair.actual],
                "predicted": names[pair.predicted],
                "count": pair.count,
                "share_of_row": plain(matrix.row_shares[pair.actual, pair.predicted]),
            }
            for pair in matrix.pairs[:LISTED]
        ],
        "confused_pairs": named(largest_first(pairs)[:LISTED], names, "count"),
        "likeness_rank_correlation": plain(rank_correlation(pairs, alike)),
        "second_guess": {
            "errors": int((ranks == 1).sum()),
            "share_of_errors": plain(_share(ranks == 1, ranks > 0)),
            "accuracy": float((ranks <= 1).mean()),
        },
        "sure_mistakes": {
            "threshold": SURE,
            "answers": int(sure.sum()),
            "count": int((sure & ~evaluation.correct).sum()),
            "share": plain(_share(sure & ~evaluation.correct, sure)),
        },
        "calibration": {
            "expected_error": plain(calibration.expected_error),
            "overconfidence": plain(calibration.overconfidence),
            "mean_confidence": plain(evaluation.confidences.mean()),
            "bins": [
                {name: plain(value) for name, value in asdict(bin_).items()}
                for bin_ in calibration.bins
            ],
        },
    }


def _classes(evaluation: Evaluation, matrix: Confusion, dataset: Dataset) -> list[Json]:
    """Describe each class: how it is read, and what is mistaken for it."""
    mistaken = mistaken_for(evaluation, dataset.test.images)
    return [
        {
            "name": name,
            "count": int(matrix.counts[k].sum()),
            "predicted": int(matrix.counts[:, k].sum()),
            "recall": plain(matrix.recall[k]),
            "precision": plain(matrix.precision[k]),
            "mistaken": {
                "count": mistaken[k].count,
                "ink": plain(mistaken[k].ink),
                "centre_ink": plain(mistaken[k].centre_ink),
            },
        }
        for k, name in enumerate(dataset.description.class_names)
    ]


def _ranks_of_truth(evaluation: Evaluation) -> NDArray[np.intp]:
    """Return how many classes are more probable than the true one, (n,); equals go by number."""
    order = np.argsort(-evaluation.logits, axis=1, kind="stable")
    ranks: NDArray[np.intp] = (order == evaluation.labels[:, None]).argmax(axis=1)
    return ranks


def likeness(average: Averages) -> NDArray[np.float64]:
    """Correlate every two class averages over the pixels that are ever lit."""
    return resemblance_to_averages(average.classes, average).correlations


# --- templates -------------------------------------------------------------------------------


def _templates(material: NetworkMaterial, average: Averages) -> dict[str, Json]:
    """Measure the weight pictures of a network of one layer, a picture a class."""
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    like = resemblance_to_averages(filters, average)
    centred = resemblance_to_differences(filters, average)
    parts = regions(filters.shape[1], filters.shape[2])
    means = {
        part: region_means(filters, getattr(parts, part)).mean(axis=1)
        for part in ("centre", "ring", "rim")
    }
    alike = largest_first(alike_pairs(likeness(average)))[0]
    each_other = correlations(filters, filters, ~average.never_lit).correlations
    measured: dict[str, Json] = {
        "classes": [
            {
                "name": name,
                "nearest_average": names[int(like.nearest[k])],
                "correlation_own": plain(like.own[k]),
                "correlation_own_centred": plain(centred.own[k]),
                "lowest": plain(filters[k].min()),
                "highest": plain(filters[k].max()),
                **{part: plain(means[part][k]) for part in means},
            }
            for k, name in enumerate(names)
        ],
        "nearest_own_count": int((like.nearest == np.arange(len(names))).sum()),
        "nearest_own_count_centred": int((centred.nearest == np.arange(len(names))).sum()),
        "mean_correlation_own": plain(like.own.mean()),
        "mean_correlation_own_centred": plain(centred.own.mean()),
        "largest_correlation_own": plain(like.own.max()),
        "most_alike_averages": {
            "first": names[alike.first],
            "second": names[alike.second],
            "correlation_averages": plain(alike.value),
            "correlation_templates": plain(each_other[alike.first, alike.second]),
        },
    }
    if filters.shape[-1] == 3:
        measured["blue"] = _blue(material)
    return measured


def _blue(material: NetworkMaterial) -> dict[str, Json]:
    """Measure what a blue rim does: in the templates, and in the answers to photographs."""
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    rim = regions(filters.shape[1], filters.shape[2]).rim
    of_filters = blueness(filters, rim)
    order = np.argsort(-of_filters, kind="stable")
    test = material.dataset.test
    of_images = blueness(pixels_of(test).reshape(test.images.shape), rim)
    bluest = np.zeros(len(test), np.bool_)
    bluest[np.argsort(-of_images, kind="stable")[: round(RIM_SHARE * len(test))]] = True
    called = np.isin(material.evaluation.predictions, order[:2])
    are = np.isin(test.labels, order[:2])
    return {
        "painted": _painted(material),
        "rims": [{"name": names[k], "blueness": plain(of_filters[k])} for k in order],
        "bluest_images": {
            "count": int(bluest.sum()),
            "are": plain(_share(are & bluest, bluest)),
            "called": plain(_share(called & bluest, bluest)),
            "others_called": plain(_share(called & bluest & ~are, bluest & ~are)),
        },
        "all_images": {
            "are": plain(are.mean()),
            "called": plain(called.mean()),
            "others_called": plain(_share(called & ~are, ~are)),
        },
    }


def _painted(material: NetworkMaterial) -> list[Json]:
    """Paint the rims of the test images blue, wider and wider: what are they taken for?"""
    rows: list[Json] = []
    for width in RIM_WIDTHS:
        painted = paint(material.trained.network, material.dataset.test, width, BLUE)
        rows.append(
            {
                "width": width,
                "class": material.dataset.description.class_names[painted.winner],
                "share": plain(painted.shares[painted.winner]),
            }
        )
    return rows


def _film(material: NetworkMaterial, recipe: Recipe, average: Averages) -> dict[str, Json]:
    """Follow the templates of a network of one layer from the first frame to the last."""
    batch = min(recipe.batch_size, material.trained.train_count)
    frames: list[dict[str, Json]] = [
        {
            "step": frame.step,
            "images": frame.step * batch,
            "accuracy": frame.accuracy,
            "loss": plain(frame.loss),
            "correlation_own_centred": plain(
                resemblance_to_differences(frame.filters, average).own.mean()
            ),
        }
        for frame in material.trained.film
    ]
    likest = max(frames, key=lambda frame: _number(frame["correlation_own_centred"]))
    return {"frames": [*frames], "likest_averages": likest, "last": frames[-1]}


def _number(value: Json) -> float:
    """Return a measured number for comparison; what is not defined comes last."""
    return value if isinstance(value, float) else -math.inf


# --- hidden layers ---------------------------------------------------------------------------


def _hidden(material: NetworkMaterial, average: Averages) -> dict[str, Json]:
    """Measure what the hidden layers make of the test set."""
    network = material.trained.network
    dataset = material.dataset
    classes = network.classes
    pixels = pixels_of(dataset.test)
    # The maps of all images would not fit into memory.
    outputs = [] if network.convolutions else network.outputs(pixels)
    logits = outputs[-1] if outputs else material.evaluation.logits
    last = outputs[-2] if outputs else features_of(network, dataset.test)
    labels = material.evaluation.labels
    silenced = silence_each(logits, last, network.dense[-1].weights, labels)
    means = class_means(features_of(network, dataset.train), dataset.train.labels, classes)
    active = (last > 0).mean(axis=0)
    measured: dict[str, Json] = {
        "units": last.shape[1],
        "dead_units": int((active == 0).sum()),
        "dead_by_layer": [
            dead_units(output)
            for layer, output in zip(network.layers, outputs, strict=False)
            if isinstance(layer, Activation) and output.ndim == 2
        ],
        "mean_active_share": plain(active.mean()),
        "silenced": {
            "smallest_loss": plain(min(-one.accuracy_change for one in silenced)),
            "largest_loss": plain(max(-one.accuracy_change for one in silenced)),
            **_lost(survival(logits, last, network.dense[-1].weights, labels), dataset),
        },
        "votes": _votes(material, last),
        "nearest_average_accuracy": float((nearest_mean(last, means) == labels).mean()),
        "between_class_share": plain(between_class_share(last, labels, classes)),
    }
    if network.reads_pixels and network.is_dense:
        like = resemblance_to_differences(network.filters(), average).correlations
        largest = np.abs(like).max(axis=1)
        measured["filters"] = {"mean_largest_correlation": plain(largest.mean())}
        measured["shortcut"] = _shortcut(network, pixels, logits, labels)
    return measured


def _lost(left: Survival, dataset: Dataset) -> dict[str, Json]:
    """Say for each class which unit it misses most, and how many of its images that unit costs."""
    classes: list[Json] = []
    for k, name in enumerate(dataset.description.class_names):
        unit = int(left.without[:, k].argmin())
        classes.append(
            {
                "name": name,
                "unit": unit + 1,
                "whole": int(left.whole[k]),
                "left": int(left.without[unit, k]),
            }
        )
    return {"lost_classes": int(left.lost.sum()), "classes": classes}


def _votes(material: NetworkMaterial, activations: NDArray[np.float32]) -> dict[str, Json]:
    """Tell for each class how its images, read rightly, come by their votes."""
    evaluation = material.evaluation
    entries: list[dict[str, Json]] = []
    for k, name in enumerate(material.dataset.description.class_names):
        chosen = activations[(evaluation.labels == k) & evaluation.correct]
        found = votes(chosen, material.trained.network.dense[-1].weights, k)
        entries.append(
            {
                "name": name,
                "count": found.count,
                "voters": found.voters,
                "leader": found.leader + 1,
                "leader_share": plain(found.leader_share),
                "patterns": found.patterns,
                "commonest_share": plain(found.commonest_share),
            }
        )
    led = [entry for entry in entries if entry["leader_share"] is not None]
    by_share = sorted(led, key=lambda entry: _number(entry["leader_share"]))
    return {
        "classes": [*entries],
        "led_by_one": sum(_number(entry["leader_share"]) > MOSTLY for entry in led),
        "least_led": by_share[0] if led else None,
        "most_led": by_share[-1] if led else None,
    }


def _shortcut(
    network: Network,
    pixels: NDArray[np.float32],
    logits: NDArray[np.float32],
    labels: NDArray[np.intp],
) -> dict[str, Json]:
    """Compare the network with itself less its activations, which is a network of one layer."""
    estimate = shortcut(network.dense).logits(pixels)
    found = explained(logits, estimate)
    return {
        "accuracy": float((estimate.argmax(axis=1) == labels).mean()),
        "r_squared": plain(found.r_squared),
        "mean_fitted": plain(found.fitted.mean()),
        "agreement": plain(found.agreement),
    }


# --- plain values ----------------------------------------------------------------------------


def named(pairs: Sequence[PairValue], names: Sequence[str], value: str) -> list[Json]:
    """Return pairs of classes by name, with what was found under the key `value`."""
    return [
        {"first": names[pair.first], "second": names[pair.second], value: plain(pair.value)}
        for pair in pairs
    ]


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    """Return how many of `whole` are in `part`; nan where the whole is empty."""
    return float(part.sum() / whole.sum()) if whole.any() else math.nan


def plain(number: float | np.floating[Any] | NDArray[Any] | None) -> float | int | None:
    """Return a number rounded to six significant digits; None for one that is not defined.

    Whole numbers of Python stay as they are.
    """
    if number is None or isinstance(number, int):
        return number
    value = float(number)
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
