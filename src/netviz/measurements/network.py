"""What is measured of one network: `networks.NAME` of measurements.json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import averages
from netviz.analysis.evaluation import Evaluation
from netviz.analysis.hidden import Survival
from netviz.analysis.maps import Maps, Tiles, accuracy_in_grey, measure_maps, measure_tiles
from netviz.analysis.moving import DISTANCES
from netviz.analysis.pooling import Pooling, measure_pooling
from netviz.analysis.spread import spread
from netviz.elsewhere.unsaid import Tried
from netviz.measurements.answers import AnswerMeasurements, Moved, measure_answers
from netviz.measurements.hidden import HiddenMeasurements, measure_hidden
from netviz.measurements.material import NetworkMaterial
from netviz.measurements.plain import EXACT, Exact, Number
from netviz.measurements.templates import (
    FilmMeasurements,
    TemplatesMeasurements,
    measure_film,
    measure_templates,
)
from netviz.network.network import Network
from netviz.training.recipe import Recipe


@dataclass(frozen=True)
class Run:
    """The results of one seed of a network.

    `moved` holds its accuracy on images moved by each of DISTANCES, where it was asked about these;
    `survival` what is left without each hidden unit, if there are any.
    """

    seed: int | None
    answers: Evaluation
    moved: NDArray[np.float64] | None
    survival: Survival | None


@dataclass(frozen=True)
class Architecture:
    image_shape: tuple[int, ...]
    hidden: tuple[int, ...]
    classes: int
    activation: str | None
    parameters: int
    multiply_adds: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many images; of a network of which only its answers are known, those of the test."""

    train: int | None = None
    validation: int | None = None
    test: int


@dataclass(frozen=True)
class Score:
    accuracy: Annotated[float | None, EXACT]


@dataclass(frozen=True)
class Rearranged:
    """The accuracy on images whose tiles changed places, and on images without colours."""

    tiles: tuple[Tiles, ...]
    grey: Number


@dataclass(frozen=True)
class Download:
    """A file of weights, by its path in the site."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class LostClasses:
    """How many classes are lost with one hidden unit, the fewest and the most of a seed."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class SeedsMeasurements:
    """The accuracy over all seeds of a network."""

    values: tuple[int | None, ...]
    count: int
    accuracies: Annotated[tuple[float, ...], EXACT]
    mean: Number
    lowest: Exact
    highest: Exact
    standard_deviation: Number
    lost_classes: LostClasses | None = None


@dataclass(frozen=True)
class NetworkMeasurements:
    """All that is measured of one network, trained from the seed that figures show.

    What follows `test` is there where it applies: from `architecture` on where the weights are
    known.
    """

    title: str
    dataset: str
    identity: str
    recipe: Annotated[Recipe | None, EXACT]
    seed: int | None
    counts: Counts
    test: AnswerMeasurements
    architecture: Architecture | None = None
    steps: int | None = None
    train: Score | None = None
    validation: Score | None = None
    rearranged: Rearranged | None = None
    maps: Maps | None = None
    pooling: tuple[Pooling, ...] | None = None
    hidden: HiddenMeasurements | None = None
    templates: TemplatesMeasurements | None = None
    film: FilmMeasurements | None = None
    downloads: Mapping[str, Download] | None = None
    seeds: SeedsMeasurements | None = None
    tried: Tried | None = None


def measure_network(material: NetworkMaterial) -> NetworkMeasurements:
    """Return everything measured of one network from one seed."""
    if material.training is not None:
        return _with_weights(material)
    dataset, evaluation = material.dataset, material.evaluation
    average = averages(dataset.train, evaluation.classes)
    return NetworkMeasurements(
        title=material.title,
        dataset=dataset.description.name,
        identity=evaluation.identity,
        recipe=None,
        seed=None,
        counts=Counts(test=len(dataset.test)),
        test=measure_answers(evaluation, dataset, average),
    )


def _with_weights(material: NetworkMaterial) -> NetworkMeasurements:
    """Return what is measured of a network whose weights and training are known."""
    trained, dataset, evaluation = material.trained, material.dataset, material.evaluation
    network, recipe = trained.network, trained.recipe
    average = averages(dataset.train, evaluation.classes)
    is_filmed = network.is_linear and recipe is not None
    return NetworkMeasurements(
        title=material.title,
        dataset=dataset.description.name,
        identity=evaluation.identity,
        recipe=recipe,
        seed=trained.seed,
        counts=Counts(
            train=trained.train_count, validation=trained.validation_count, test=len(dataset.test)
        ),
        test=measure_answers(evaluation, dataset, average),
        architecture=_architecture(network),
        steps=trained.steps,
        train=Score(trained.train_accuracy),
        validation=Score(trained.validation_accuracy),
        rearranged=Rearranged(
            tuple(measure_tiles(network, dataset.test)), accuracy_in_grey(network, dataset.test)
        ),
        maps=measure_maps(network, dataset) or None,
        pooling=measure_pooling(network, dataset.test.images) or None,
        hidden=measure_hidden(material, average) if network.has_hidden_units else None,
        templates=measure_templates(material, average) if network.is_linear else None,
        film=measure_film(material, recipe, average) if is_filmed and recipe else None,
    )


def _architecture(network: Network) -> Architecture:
    return Architecture(
        image_shape=network.image_shape,
        hidden=network.hidden,
        classes=network.classes,
        activation=network.activation,
        parameters=network.parameters,
        multiply_adds=network.multiply_adds,
    )


def measure_seeds(runs: Sequence[Run]) -> SeedsMeasurements:
    """Return the accuracy over all seeds, and what silencing a unit costs."""
    accuracies = tuple(run.answers.accuracy for run in runs)
    summary = spread(accuracies)
    lost = [int(run.survival.lost.sum()) for run in runs if run.survival is not None]
    return SeedsMeasurements(
        values=tuple(run.seed for run in runs),
        count=summary.count,
        accuracies=accuracies,
        mean=summary.mean,
        lowest=summary.low,
        highest=summary.high,
        standard_deviation=summary.sd,
        lost_classes=LostClasses(min(lost), max(lost)) if lost else None,
    )


def measure_moved(runs: Sequence[Run]) -> tuple[Moved, ...] | None:
    """Return the accuracy on images moved to the left, of the seed shown and over all seeds."""
    found = [run.moved for run in runs if run.moved is not None]
    if not found:
        return None
    by_seed = np.array(found)
    return tuple(
        Moved(pixels, by_seed[0, place], by_seed[:, place].min(), by_seed[:, place].max())
        for place, pixels in enumerate(DISTANCES)
    )
