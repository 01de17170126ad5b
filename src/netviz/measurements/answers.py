"""What is measured of the answers to the test images: right, wrong, mistaken for what, how sure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.averages import Averages
from netviz.analysis.calibration import Bin, calibrate
from netviz.analysis.confusion import Confusion, confusion
from netviz.analysis.evaluation import Evaluation
from netviz.analysis.learning import never_answered
from netviz.analysis.mistaken import mistaken_for
from netviz.analysis.pairs import (
    PairValue,
    alike_pairs,
    confused_pairs,
    largest_first,
    rank_correlation,
)
from netviz.analysis.spread import wilson_interval
from netviz.analysis.templates import resemblance_to_averages
from netviz.datasets.dataset import Dataset
from netviz.measurements.plain import Exact, Number, share

SURE = 0.9
LISTED = 10  # of a ranking


@dataclass(frozen=True)
class Mistaken:
    """The images that were taken for a class and are not of it."""

    count: int
    ink: Number
    centre_ink: Number


@dataclass(frozen=True)
class ClassAnswers:
    """One class: how its images are classified, and what is mistaken for it."""

    name: str
    count: int
    predicted: int
    recall: Number
    precision: Number
    mistaken: Mistaken


@dataclass(frozen=True)
class LargestConfusion:
    actual: str
    predicted: str
    count: int
    share_of_row: Number


@dataclass(frozen=True)
class ConfusedPair:
    first: str
    second: str
    count: int


@dataclass(frozen=True)
class AlikePair:
    """Two classes and the correlation of their averages."""

    first: str
    second: str
    correlation: Number


@dataclass(frozen=True)
class SecondGuess:
    errors: int
    share_of_errors: Number
    accuracy: Exact


@dataclass(frozen=True)
class SureMistakes:
    """Answers at least as sure as the threshold, and how many of them are wrong."""

    threshold: float
    answers: int
    count: int
    share: Number


@dataclass(frozen=True)
class CalibrationMeasurements:
    expected_error: Number
    overconfidence: Number
    mean_confidence: Number
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Moved:
    """The accuracy on test images moved by `pixels`: of the seed shown, and over all seeds."""

    pixels: int
    accuracy: Number
    lowest: Number
    highest: Number


@dataclass(frozen=True)
class AccuracyInterval:
    """Where the accuracy on all such images lies, with 95 % confidence."""

    low: Number
    high: Number


@dataclass(frozen=True)
class AnswerMeasurements:
    """The answers of one network to the test images."""

    count: int
    correct: int
    errors: int
    accuracy: Exact
    accuracy_interval: AccuracyInterval
    confusion_matrix: tuple[tuple[int, ...], ...]
    classes: tuple[ClassAnswers, ...]
    never_answered: tuple[str, ...]
    best_class: ClassAnswers
    worst_class: ClassAnswers
    largest_confusions: tuple[LargestConfusion, ...]
    confused_pairs: tuple[ConfusedPair, ...]
    likeness_rank_correlation: Number
    second_guess: SecondGuess
    sure_mistakes: SureMistakes
    calibration: CalibrationMeasurements
    may_have_learnt: bool | None = None
    moved: tuple[Moved, ...] | None = None


def measure_answers(
    evaluation: Evaluation, dataset: Dataset, average: Averages
) -> AnswerMeasurements:
    """Return what is measured of the answers in `evaluation` to the test images of `dataset`."""
    names = dataset.description.class_names
    matrix = confusion(evaluation)
    correct = int(matrix.counts.trace())
    interval = wilson_interval(correct, matrix.total)
    classes = _classes(evaluation, matrix, dataset)
    pairs = confused_pairs(matrix)
    return AnswerMeasurements(
        count=matrix.total,
        correct=correct,
        errors=matrix.total - correct,
        accuracy=evaluation.accuracy,
        accuracy_interval=AccuracyInterval(interval.low, interval.high),
        confusion_matrix=tuple(map(tuple, matrix.counts.tolist())),
        classes=classes,
        never_answered=tuple(
            names[k] for k in never_answered(evaluation.predictions, evaluation.classes)
        ),
        best_class=classes[int(np.nanargmax(matrix.recall))],
        worst_class=classes[int(np.nanargmin(matrix.recall))],
        largest_confusions=_largest_confusions(matrix, names),
        confused_pairs=tuple(
            ConfusedPair(names[pair.first], names[pair.second], int(pair.value))
            for pair in largest_first(pairs)[:LISTED]
        ),
        likeness_rank_correlation=rank_correlation(pairs, alike_pairs(likeness(average))),
        second_guess=_second_guess(evaluation),
        sure_mistakes=_sure_mistakes(evaluation),
        calibration=_calibration(evaluation),
    )


def _classes(
    evaluation: Evaluation, matrix: Confusion, dataset: Dataset
) -> tuple[ClassAnswers, ...]:
    mistaken = mistaken_for(evaluation, dataset.test.images)
    return tuple(
        ClassAnswers(
            name=name,
            count=int(matrix.counts[k].sum()),
            predicted=int(matrix.counts[:, k].sum()),
            recall=matrix.recall[k],
            precision=matrix.precision[k],
            mistaken=Mistaken(mistaken[k].count, mistaken[k].ink, mistaken[k].centre_ink),
        )
        for k, name in enumerate(dataset.description.class_names)
    )


def _largest_confusions(matrix: Confusion, names: Sequence[str]) -> tuple[LargestConfusion, ...]:
    return tuple(
        LargestConfusion(
            actual=names[pair.actual],
            predicted=names[pair.predicted],
            count=pair.count,
            share_of_row=matrix.row_shares[pair.actual, pair.predicted],
        )
        for pair in matrix.pairs[:LISTED]
    )


def _second_guess(evaluation: Evaluation) -> SecondGuess:
    """Count the images whose class is the second most probable one; equals go by number."""
    order = np.argsort(-evaluation.logits, axis=1, kind="stable")
    ranks: NDArray[np.intp] = (order == evaluation.labels[:, None]).argmax(axis=1)
    return SecondGuess(
        errors=int((ranks == 1).sum()),
        share_of_errors=share(ranks == 1, ranks > 0),
        accuracy=float((ranks <= 1).mean()),
    )


def _sure_mistakes(evaluation: Evaluation) -> SureMistakes:
    sure = evaluation.confidences >= SURE
    wrong = sure & ~evaluation.correct
    return SureMistakes(SURE, int(sure.sum()), int(wrong.sum()), share(wrong, sure))


def _calibration(evaluation: Evaluation) -> CalibrationMeasurements:
    found = calibrate(evaluation)
    return CalibrationMeasurements(
        expected_error=found.expected_error,
        overconfidence=found.overconfidence,
        mean_confidence=float(evaluation.confidences.mean()),
        bins=found.bins,
    )


def likeness(average: Averages) -> NDArray[np.float64]:
    """Correlate every two class averages over the pixels that are ever lit."""
    return resemblance_to_averages(average.classes, average).correlations


def alike(pairs: Sequence[PairValue], names: Sequence[str]) -> tuple[AlikePair, ...]:
    """Return pairs of classes by name, with the correlation that was found of them."""
    return tuple(AlikePair(names[one.first], names[one.second], one.value) for one in pairs)
