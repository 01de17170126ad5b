"""The whole of measurements.json but its claims: all that is measured, and how networks compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated

import numpy as np

from netviz import __version__
from netviz.analysis.confusion import flips
from netviz.analysis.evaluation import Evaluation
from netviz.analysis.spread import mcnemar, permutation_test
from netviz.measurements.comparisons import comparison_name
from netviz.measurements.dataset import DatasetMeasurements
from netviz.measurements.plain import EXACT, Number
from netviz.measurements.sweep import SweepMeasurements
from netviz.records import Json


@dataclass(frozen=True)
class Versions:
    """The versions of what shapes the numbers and pictures; Python's does not."""

    netviz: str
    numpy: str
    pillow: str


@dataclass(frozen=True)
class Comparison:
    """Two networks on the same images: of those, how many the second gains and loses."""

    difference: Number
    to_right: int
    to_wrong: int
    p_value: Number
    p_value_seeds: Number


@dataclass(frozen=True)
class AllMeasurements:
    """Everything measured, by name; `networks` as their own steps wrote `NetworkMeasurements`."""

    sample: bool
    versions: Versions
    datasets: Mapping[str, DatasetMeasurements]
    networks: Annotated[Mapping[str, Json], EXACT]
    comparisons: Mapping[str, Comparison]
    sweeps: Mapping[str, SweepMeasurements]


@dataclass(frozen=True)
class Compared:
    """A network to compare with others: its data set, and the answers of all its seeds."""

    dataset: str
    answers: Sequence[Evaluation]


def versions() -> Versions:
    return Versions(netviz=__version__, numpy=version("numpy"), pillow=version("pillow"))


def compare(networks: Mapping[str, Compared]) -> dict[str, Comparison]:
    """Compare every two networks on the same data set, by the images and by the seeds."""
    return {
        comparison_name(second, first): _comparison(networks[first], networks[second])
        for first, second in _pairs(networks)
    }


def _comparison(first: Compared, second: Compared) -> Comparison:
    changed = flips(first.answers[0], second.answers[0])
    gained, lost = len(changed.to_right), len(changed.to_wrong)
    before, after = ([one.accuracy for one in network.answers] for network in (first, second))
    return Comparison(
        difference=second.answers[0].accuracy - first.answers[0].accuracy,
        to_right=gained,
        to_wrong=lost,
        p_value=mcnemar(lost, gained),
        p_value_seeds=permutation_test(before, after, np.random.default_rng(0)),
    )


def _pairs(networks: Mapping[str, Compared]) -> Iterator[tuple[str, str]]:
    names = list(networks)
    for position, second in enumerate(names):
        for first in names[:position]:
            if networks[first].dataset == networks[second].dataset:
                yield first, second
