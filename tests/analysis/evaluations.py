"""Evaluations of no network in particular, for tests."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation


def from_probabilities(rows: list[list[float]], labels: list[int]) -> Evaluation:
    """Return the evaluation whose answers have these probabilities (rows adding up to 1)."""
    logits = np.log(np.array(rows, np.float32))
    return Evaluation(logits, np.array(labels, np.intp), "0" * 64)


def from_predictions(labels: NDArray[np.intp], predictions: list[int], classes: int) -> Evaluation:
    """Return an evaluation that predicts these classes."""
    return Evaluation(np.eye(classes, dtype=np.float32)[predictions], labels, "0" * 64)


@st.composite
def evaluations(draw: st.DrawFn, most: int = 60) -> Evaluation:
    """Answers of every quality, with ties among the confidences."""
    classes = draw(st.integers(2, 6))
    count = draw(st.integers(1, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    logits = rng.integers(-3, 4, (count, classes)).astype(np.float32)
    return Evaluation(logits, rng.integers(0, classes, count).astype(np.intp), "0" * 64)


@st.composite
def pairs_of_evaluations(draw: st.DrawFn) -> tuple[Evaluation, Evaluation]:
    """Two networks' answers to the same images."""
    first = draw(evaluations())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moved = rng.integers(-3, 4, first.logits.shape).astype(np.float32)
    return first, Evaluation(moved, first.labels, "1" * 64)
