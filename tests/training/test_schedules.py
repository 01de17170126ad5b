"""Schedules: their ends, their middle, their direction."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.training.recipe import ScheduleName
from netviz.training.schedules import rate_factor

SCHEDULES = get_args(ScheduleName)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        ("constant", [1, 1, 1, 1]),
        ("linear", [1, 0.75, 0.5, 0.25]),
        ("cosine", [1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5]),
    ],
)
def test_known_factors(schedule: ScheduleName, factors: list[float]) -> None:
    assert [rate_factor(schedule, step, 4) for step in range(4)] == pytest.approx(factors)


@given(st.sampled_from(SCHEDULES), st.integers(1, 10_000), st.data())
def test_factors_fall_from_one_and_never_reach_zero(
    schedule: ScheduleName, steps: int, data: st.DataObject
) -> None:
    step = data.draw(st.integers(0, steps - 1))
    factor = rate_factor(schedule, step, steps)
    assert rate_factor(schedule, 0, steps) == 1
    assert 0 < factor <= 1
    assert rate_factor(schedule, step + 1, steps) <= factor


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_warm_up_rises_in_equal_parts_and_the_schedule_follows(schedule: ScheduleName) -> None:
    factors = [rate_factor(schedule, step, 13, warm_up=0.25) for step in range(13)]
    assert factors[:3] == pytest.approx([0.25, 0.5, 0.75])
    assert factors[3:] == pytest.approx([rate_factor(schedule, step, 10) for step in range(10)])


@given(st.sampled_from(SCHEDULES), st.integers(1, 10_000), st.floats(0, 0.999), st.data())
def test_whatever_the_warm_up_factors_stay_between_zero_and_one(
    schedule: ScheduleName, steps: int, warm_up: float, data: st.DataObject
) -> None:
    step = data.draw(st.integers(0, steps - 1))
    assert 0 < rate_factor(schedule, step, steps, warm_up) <= 1
