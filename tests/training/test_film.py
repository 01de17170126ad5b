"""The film: when frames are taken and how they are scored."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.datasets.dataset import Split
from netviz.network.network import dense_network
from netviz.network.parameters import fresh
from netviz.network.softmax import cross_entropy
from netviz.training.batches import hold_out
from netviz.training.film import frame_steps, score


@given(st.integers(1, 100_000), st.integers(2, 60))
def test_frames_run_from_the_first_step_to_the_last(steps: int, frames: int) -> None:
    chosen = frame_steps(steps, frames)
    assert chosen[0] == 0
    assert chosen[-1] == steps
    assert len(chosen) == min(frames, steps + 1)
    assert all(early < late for early, late in pairwise(chosen))


def test_frames_stand_closer_together_at_first() -> None:
    assert frame_steps(1000, 5) == (0, 1, 10, 100, 1000)
    assert frame_steps(1000, 2) == (0, 1000)
    assert frame_steps(1000, 1) == (1000,)


@pytest.mark.parametrize("hidden", [(), (4,)])
def test_networks_scored_together_are_scored_as_if_alone(
    split: Split, hidden: tuple[int, ...]
) -> None:
    start = dense_network((6, 5, 2), hidden, 3)
    networks = [fresh(start, np.random.default_rng(seed)).network for seed in range(3)]
    examples, _ = hold_out(split, 50)
    pixels = (split.pixels[examples.indices] / 255).astype(np.float32)
    labels = split.labels[examples.indices]
    for network, (accuracy, loss) in zip(networks, score(networks, examples), strict=True):
        logits = network.logits(pixels)
        assert accuracy == pytest.approx(float((logits.argmax(axis=1) == labels).mean()))
        assert loss == pytest.approx(cross_entropy(logits, labels), rel=1e-5)
