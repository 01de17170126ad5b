"""What is measured of the hidden layers: what they make of the test images, unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import Averages
from netviz.analysis.evaluation import features_of
from netviz.analysis.hidden import Survival, survival
from netviz.analysis.learning import dead_units
from netviz.analysis.separation import between_class_share, class_means, nearest_mean
from netviz.analysis.templates import explained, resemblance_to_differences, shortcut
from netviz.analysis.votes import votes
from netviz.datasets.dataset import to_unit_range
from netviz.measurements.material import NetworkMaterial
from netviz.measurements.plain import Exact, Number, or_least, rounded
from netviz.network.layers import Activation
from netviz.network.network import Network

MOSTLY = 0.9  # of the images of a class

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class MissedUnit:
    """The unit that a class misses most: its images with all units, and those without this one."""

    name: str
    unit: int
    whole: int
    left: int


@dataclass(frozen=True)
class SilencedMeasurements:
    """What one unit that always gives 0 costs: accuracy, and classes that are lost.

    The unit of a convolution is a whole map.
    """

    smallest_loss: Number
    largest_loss: Number
    lost_classes: int
    classes: tuple[MissedUnit, ...]


@dataclass(frozen=True)
class ClassVotes:
    """How the correctly classified images of a class come by their votes; units count from 1."""

    name: str
    count: int
    voters: int
    leader: int
    leader_share: Number
    patterns: int
    commonest_share: Number


@dataclass(frozen=True)
class VotesMeasurements:
    classes: tuple[ClassVotes, ...]
    led_by_one: int
    least_led: ClassVotes | None
    most_led: ClassVotes | None


@dataclass(frozen=True)
class FiltersMeasurements:
    mean_largest_correlation: Number


@dataclass(frozen=True)
class ShortcutMeasurements:
    """The network without its activations, which is a network of one layer."""

    accuracy: Exact
    r_squared: Number
    mean_fitted: Number
    agreement: Number


@dataclass(frozen=True)
class HiddenMeasurements:
    """The hidden layers; `filters` and `shortcut` of dense networks that read pixels."""

    units: int
    dead_units: int
    dead_by_layer: tuple[int, ...]
    mean_active_share: Number
    silenced: SilencedMeasurements
    votes: VotesMeasurements
    nearest_average_accuracy: Exact
    between_class_share: Number
    filters: FiltersMeasurements | None = None
    shortcut: ShortcutMeasurements | None = None


def measure_hidden(material: NetworkMaterial, average: Averages) -> HiddenMeasurements:
    """Measure what the hidden layers make of the test set."""
    network, dataset = material.trained.network, material.dataset
    # The maps of all images would not fit into memory.
    outputs = [] if network.convolutions else network.outputs(to_unit_range(dataset.test.pixels))
    logits = outputs[-1] if outputs else material.evaluation.logits
    last = outputs[-2] if outputs else features_of(network, dataset.test)
    labels = material.evaluation.labels
    means = class_means(features_of(network, dataset.train), dataset.train.labels, network.classes)
    compares = network.reads_pixels and network.is_dense
    return HiddenMeasurements(
        units=last.shape[1],
        dead_units=dead_units(last),
        dead_by_layer=_dead_by_layer(network, outputs),
        mean_active_share=(last > 0).mean(axis=0).mean(),
        silenced=_silenced(material, logits, last),
        votes=_votes(material, last),
        nearest_average_accuracy=float((nearest_mean(last, means) == labels).mean()),
        between_class_share=between_class_share(last, labels, network.classes),
        filters=_filters(network, average) if compares else None,
        shortcut=_shortcut(material, logits) if compares else None,
    )


def _dead_by_layer(network: Network, outputs: Sequence[NDArray[np.floating]]) -> tuple[int, ...]:
    return tuple(
        dead_units(output)
        for layer, output in zip(network.layers, outputs, strict=False)
        if isinstance(layer, Activation) and output.ndim == 2
    )


def _silenced(material: NetworkMaterial, logits: Floats, last: Floats) -> SilencedMeasurements:
    network, labels = material.trained.network, material.evaluation.labels
    weights, units = network.dense[-1].weights, network.feature_units
    left = survival(logits, last, weights, labels, units)
    whole = int(left.whole.sum()) / len(labels)
    losses = [-(correct / len(labels) - whole) for correct in left.without.sum(axis=1).tolist()]
    return SilencedMeasurements(
        smallest_loss=min(losses),
        largest_loss=max(losses),
        lost_classes=int(left.lost.sum()),
        classes=_missed(left, material.dataset.description.class_names),
    )


def _missed(left: Survival, names: Sequence[str]) -> tuple[MissedUnit, ...]:
    units = left.without.argmin(axis=0)
    return tuple(
        MissedUnit(name, int(unit) + 1, int(left.whole[k]), int(left.without[unit, k]))
        for k, (name, unit) in enumerate(zip(names, units, strict=True))
    )


def _votes(material: NetworkMaterial, activations: Floats) -> VotesMeasurements:
    evaluation = material.evaluation
    weights = material.trained.network.dense[-1].weights
    classes = []
    for k, name in enumerate(material.dataset.description.class_names):
        chosen = activations[(evaluation.labels == k) & evaluation.correct]
        found = votes(chosen, weights, k)
        classes.append(
            ClassVotes(
                name=name,
                count=found.count,
                voters=found.voters,
                leader=found.leader + 1,
                leader_share=rounded(found.leader_share),
                patterns=found.patterns,
                commonest_share=found.commonest_share,
            )
        )
    led = [one for one in classes if one.leader_share is not None]
    by_share = sorted(led, key=lambda one: or_least(one.leader_share))
    return VotesMeasurements(
        classes=tuple(classes),
        led_by_one=sum(or_least(one.leader_share) > MOSTLY for one in led),
        least_led=by_share[0] if led else None,
        most_led=by_share[-1] if led else None,
    )


def _filters(network: Network, average: Averages) -> FiltersMeasurements:
    like = resemblance_to_differences(network.filters(), average).correlations
    return FiltersMeasurements(np.abs(like).max(axis=1).mean())


def _shortcut(material: NetworkMaterial, logits: Floats) -> ShortcutMeasurements:
    pixels = to_unit_range(material.dataset.test.pixels)
    estimate = shortcut(material.trained.network.dense).logits(pixels)
    found = explained(logits, estimate)
    return ShortcutMeasurements(
        accuracy=float((estimate.argmax(axis=1) == material.evaluation.labels).mean()),
        r_squared=found.r_squared,
        mean_fitted=found.fitted.mean(),
        agreement=found.agreement,
    )
