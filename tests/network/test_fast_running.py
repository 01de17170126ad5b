"""What a batch normalisation keeps of the batches it saw."""

import numpy as np
import pytest

from netviz.network.fast.running import RunningStatistics


def test_before_the_first_batch_nothing_is_normalised() -> None:
    mean, variance = RunningStatistics(3).found
    assert mean.tolist() == [0, 0, 0]
    assert variance.tolist() == [1, 1, 1]


def test_one_batch_is_known_exactly() -> None:
    """Without a share of the zeros that the sums start from."""
    running = RunningStatistics(2)
    running.add(np.array([3.0, -1.0]), np.array([4.0, 0.5]))
    assert running.found[0] == pytest.approx([3, -1])
    assert running.found[1] == pytest.approx([4, 0.5])


def test_later_batches_count_more() -> None:
    running = RunningStatistics(1)
    for value in (0.0, 0.0, 1.0):
        running.add(np.array([value]), np.array([1 - value]))
    mean, variance = running.found
    assert 1 / 3 < mean[0] < 0.4
    assert mean[0] + variance[0] == pytest.approx(1)
