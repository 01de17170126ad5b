"""Every image that a network misreads, and four of them chosen by a rule rather than by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation

NEAR = 0.2  # the largest margin of a near tie
SURE = 0.5  # the least probability of a wrong class that is called sure


@dataclass(frozen=True, eq=False)
class Mistake:
    """One misread image: its index in the split, its class, and `probabilities` (classes,)."""

    image: int
    actual: int
    predicted: int
    probabilities: NDArray[np.float32]

    @property
    def confidence(self) -> float:
        """The probability given to the wrong class."""
        return float(self.probabilities[self.predicted])

    @property
    def margin(self) -> float:
        """By how much the probability of the wrong class exceeds that of the true one."""
        return self.confidence - float(self.probabilities[self.actual])

    @property
    def is_near_tie(self) -> bool:
        """Whether the true class came second, by a margin of at most `NEAR`."""
        return self.is_runner_up and self.margin <= NEAR

    @property
    def is_sure(self) -> bool:
        """Whether the wrong class was given more than half of the probability, and no near tie."""
        return self.confidence > SURE and not self.is_near_tie

    @property
    def is_runner_up(self) -> bool:
        """Whether no class but the predicted one was more probable than the true one."""
        above = self.probabilities > self.probabilities[self.actual]
        above[self.predicted] = False
        return not above.any()


@dataclass(frozen=True)
class Choice:
    """A selection of mistakes: some that a person might make too, some that nobody would."""

    near_ties: tuple[Mistake, ...]
    sure_and_wrong: tuple[Mistake, ...]


def find_mistakes(evaluation: Evaluation) -> tuple[Mistake, ...]:
    """Return every misread image in the order of the split."""
    return tuple(
        Mistake(
            image,
            int(evaluation.labels[image]),
            int(evaluation.predictions[image]),
            evaluation.probabilities[image],
        )
        for image in np.flatnonzero(~evaluation.correct).tolist()
    )


def choose_mistakes(mistakes: Iterable[Mistake], each: int = 2) -> Choice:
    """Choose `each` near ties and `each` that are sure and wrong, by this rule.

    Near ties (`Mistake.is_near_tie`) are those with the smallest margin; the sure and wrong are
    those with the most probable wrong class, whether it was given much or little. Equals go by the
    index of the image. In each group an image comes first whose true class is not shown yet, so
    that the choice does not dwell on one class; no image is chosen twice. Fewer are returned
    where there are not enough mistakes.
    """
    mistakes = tuple(mistakes)
    ties = sorted(
        (mistake for mistake in mistakes if mistake.is_near_tie),
        key=lambda mistake: (mistake.margin, mistake.image),
    )
    near_ties = _varied(ties, each, shown=())
    sure = sorted(
        (mistake for mistake in mistakes if mistake not in near_ties),
        key=lambda mistake: (-mistake.confidence, mistake.image),
    )
    return Choice(near_ties, _varied(sure, each, shown=near_ties))


def _varied(ranked: list[Mistake], count: int, shown: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Take `count` of `ranked`, first those of true classes not shown yet, then the rest."""
    fresh = list(_first_of_each_class(ranked, {mistake.actual for mistake in shown}))
    rest = [mistake for mistake in ranked if mistake not in fresh]
    return tuple((fresh + rest)[:count])


def _first_of_each_class(ranked: list[Mistake], seen: set[int]) -> Iterator[Mistake]:
    for mistake in ranked:
        if mistake.actual not in seen:
            seen.add(mistake.actual)
            yield mistake
