"""Calibration, against a loop over the answers and cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.analysis.calibration import calibrate
from netviz.analysis.evaluation import Evaluation
from tests.analysis.evaluations import evaluations, from_probabilities


@given(evaluations(), st.integers(1, 15))
def test_bins_hold_every_answer_once(evaluation: Evaluation, bins: int) -> None:
    calibration = calibrate(evaluation, bins)
    error = 0.0
    placed = 0
    for bin_ in calibration.bins:
        inside = [
            image
            for image, confidence in enumerate(evaluation.confidences.tolist())
            if bin_.low < confidence <= bin_.high
        ]
        assert bin_.count == len(inside)
        placed += len(inside)
        if not inside:
            assert bin_.accuracy is bin_.confidence is None
            continue
        accuracy = np.mean([evaluation.correct[image] for image in inside])
        confidence = np.mean([float(evaluation.confidences[image]) for image in inside])
        assert bin_.accuracy == pytest.approx(accuracy)
        assert bin_.confidence == pytest.approx(confidence)
        assert bin_.accuracy_low is not None
        assert bin_.accuracy_high is not None
        assert bin_.accuracy_low <= accuracy <= bin_.accuracy_high
        error += len(inside) * abs(accuracy - confidence)
    assert placed == len(evaluation.labels)
    assert calibration.expected_error == pytest.approx(error / placed)


def test_a_network_that_is_right_as_often_as_it_says_has_no_error() -> None:
    evaluation = from_probabilities([[0.75, 0.25]] * 4, [0, 0, 0, 1])
    calibration = calibrate(evaluation)
    assert calibration.expected_error == pytest.approx(0, abs=1e-6)
    assert calibration.overconfidence == pytest.approx(0, abs=1e-6)


def test_sure_and_always_wrong_is_the_whole_confidence() -> None:
    calibration = calibrate(from_probabilities([[0.9, 0.1]] * 3, [1, 1, 1]))
    assert calibration.expected_error == pytest.approx(0.9)
    assert calibration.overconfidence == pytest.approx(0.9)


def test_complete_certainty_falls_into_the_last_bin() -> None:
    certain = Evaluation(np.array([[200, 0]], np.float32), np.array([0]), "0" * 64)
    assert [bin_.count for bin_ in calibrate(certain, 4).bins] == [0, 0, 0, 1]


def test_nothing_to_calibrate_is_refused() -> None:
    empty = Evaluation(np.empty((0, 2), np.float32), np.empty(0, np.intp), "0" * 64)
    with pytest.raises(ValueError, match="at least one"):
        calibrate(empty)
