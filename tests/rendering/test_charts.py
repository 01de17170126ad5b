"""Scales, ticks and paths."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netviz.rendering.charts import LinearScale, LogScale, Span, band_path, line_path
from netviz.rendering.geometry import number

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.integers(3, 12))
def test_a_nice_scale_holds_its_values_and_ends_on_ticks(values: list[float], most: int) -> None:
    assume(max(values) == min(values) or max(values) - min(values) > 1e-5)
    scale = LinearScale.nice(values, 300, 20, most)
    step = scale.ticks(most)[1].value - scale.ticks(most)[0].value
    for value in values:
        assert scale.low - 1e-6 * step <= value <= scale.high + 1e-6 * step
        assert 20 <= scale.position(value) <= 300
    first, *_, last = scale.ticks(most)
    assert (first.value, last.value) == (scale.low, scale.high)
    assert (first.position, last.position) == (300, 20)


@given(NUMBERS, st.floats(1e-4, 1e6), st.integers(2, 12))
def test_linear_ticks_are_few_even_and_round(low: float, span: float, most: int) -> None:
    assume(span > 1e-6 * abs(low))  # else floats themselves are too coarse
    scale = LinearScale(low, low + span, 0, 1000)
    ticks = scale.ticks(most)
    assert len(ticks) <= most
    values = [tick.value for tick in ticks]
    assert all(low - 1e-6 * span <= value <= low + span + 1e-6 * span for value in values)
    for before, after in pairwise(values):
        step = after - before
        lead = step / 10 ** math.floor(math.log10(step) + 1e-6)
        assert min(abs(lead - nice) for nice in (1, 2, 5)) < 1e-3
    for tick in ticks:
        assert float(tick.label) == pytest.approx(tick.value)
        assert not tick.label.startswith("-0") or tick.value < 0
        assert tick.position == pytest.approx(1000 * (tick.value - low) / span, abs=0.01)


def test_known_ticks() -> None:
    scale = LinearScale.nice([0.905, 0.982], 200, 0)
    assert [tick.label for tick in scale.ticks()] == [
        "0.90", "0.92", "0.94", "0.96", "0.98", "1.00",
    ]  # fmt: skip
    assert [tick.label for tick in LinearScale(0, 1, 0, 100).ticks()] == [
        "0.0", "0.2", "0.4", "0.6", "0.8", "1.0",
    ]  # fmt: skip
    assert [tick.label for tick in LinearScale.nice([-150, 190], 0, 1, 3).ticks(3)] == [
        "-200",
        "0",
        "200",
    ]


def test_a_bar_spans_from_zero_to_either_side() -> None:
    scale = LinearScale(-2, 2, 0, 400)
    assert scale.span(0, 1) == Span(200, 100)
    assert scale.span(0, -1) == Span(100, 100)
    assert LinearScale(0, 2, 100, 0).span(0, 2) == Span(0, 100)


@given(st.integers(0, 5), st.integers(1, 4))
def test_equal_ratios_are_equally_far_apart(first: int, decades: int) -> None:
    scale = LogScale(10.0**first, 10.0 ** (first + decades), 10, 310)
    ticks = scale.ticks()
    assert [tick.value for tick in ticks] == [10.0**p for p in range(first, first + decades + 1)]
    assert (ticks[0].position, ticks[-1].position) == (10, 310)
    for power, tick in enumerate(ticks):
        assert tick.position == pytest.approx(10 + 300 * power / decades, abs=0.006)


def test_powers_are_thinned_out_and_written_in_full() -> None:
    assert [tick.label for tick in LogScale(1, 1e8, 0, 90).ticks(5)] == [
        "1", "100", "10000", "1000000", "100000000",
    ]  # fmt: skip
    assert [tick.label for tick in LogScale(0.05, 2e6, 0, 90).ticks()] == [
        "0.1", "1", "10", "100", "1000", "10000", "100000", "1000000",
    ]  # fmt: skip


def test_between_two_powers_of_ten_ticks_are_multiples() -> None:
    ticks = LogScale(300, 1700, 0, 90).ticks(5)
    assert [tick.label for tick in ticks] == ["500", "1000", "1500"]
    assert ticks[1].position == pytest.approx(90 * math.log(10 / 3) / math.log(17 / 3), abs=0.01)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, math.inf), (math.nan, 1)])
def test_a_scale_without_extent_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no scale runs"):
        LinearScale(low, high, 0, 1)


def test_a_logarithm_needs_more_than_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        LogScale(0, 1, 0, 1)


def test_paths() -> None:
    assert line_path([(0, 1.5), (10.126, -0.001)]) == "M0,1.5L10.13,0"
    upper, lower = [(0, 1), (5, 2)], [(0, 3), (5, 4)]
    assert band_path(upper, lower) == "M0,1L5,2L5,4L0,3Z"
    assert line_path([]) == band_path([], []) == ""


@given(st.floats(-1e5, 1e5))
def test_numbers_are_short_and_true(coordinate: float) -> None:
    text = number(coordinate)
    assert abs(float(text) - coordinate) <= 0.005 + 1e-6
    assert text != "-0"
    assert "." not in text or not text.endswith("0")


def test_a_scale_from_zero_holds_zero_and_all_numbers() -> None:
    scale = LinearScale.from_zero([2.0, 5.0], 0, 100)
    assert (scale.low, scale.high) == (0, 5)
    assert LinearScale.from_zero([-3.0, -1.0], 0, 100).high == 0


def test_of_zeros_alone_a_scale_from_zero_reaches_to_one() -> None:
    assert LinearScale.from_zero([0.0, 0.0], 100, 0).position(0) == 100
