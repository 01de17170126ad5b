"""Votes of a hidden layer, counted by hand."""

import numpy as np
import pytest

from netviz.analysis.votes import votes

# Two classes; unit 0 votes for class 0, unit 1 a little, unit 2 against.
WEIGHTS = np.array([[2, -1], [1, 1], [-3, 0]], np.float32)
ACTIVATIONS = np.array([[1, 0, 0], [1, 1, 0], [1, 3, 0], [2, 0, 1]], np.float32)


def test_leaders_and_patterns_are_counted() -> None:
    found = votes(ACTIVATIONS, WEIGHTS, 0)
    assert (found.count, found.voters) == (4, 2)
    assert (found.leader, found.patterns) == (0, 3)
    assert found.leader_share == pytest.approx(3 / 4)
    assert found.commonest_share == pytest.approx(2 / 4)


def test_a_class_that_is_never_read_rightly_has_no_leader() -> None:
    found = votes(ACTIVATIONS[:0], WEIGHTS, 1)
    assert (found.count, found.voters, found.patterns) == (0, 1, 0)
    assert np.isnan(found.leader_share)
    assert np.isnan(found.commonest_share)


def test_more_units_than_bits_of_a_byte_are_told_apart() -> None:
    activations = np.eye(12, dtype=np.float32)
    assert votes(activations, np.ones((12, 2), np.float32), 0).patterns == 12
