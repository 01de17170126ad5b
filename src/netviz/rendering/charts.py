"""Scales, ticks and paths for charts drawn as SVG by a template."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netviz.rendering.geometry import number, rounded

# Steps between ticks that readers count in without effort, times a power of ten.
NICE_STEPS = (1, 2, 5, 10)
# A number this little beside a tick, in steps, is a rounding error of one on it.
SLACK = 1e-9


@dataclass(frozen=True)
class Tick:
    """A number on an axis, its position, and how it is written."""

    value: float
    position: float
    label: str


@dataclass(frozen=True)
class Span:
    """A stretch of an axis: where it begins, and how long it is (never negative)."""

    start: float
    length: float


@dataclass(frozen=True)
class LinearScale:
    """Equal steps for equal differences: `low` lies at `start`, `high` at `end`.

    `start` may exceed `end`, as it does on the upright axis of an SVG.
    """

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        _check(self.low, self.high)

    @classmethod
    def from_zero(cls, values: Iterable[float], start: float, end: float) -> "LinearScale":
        """Return a scale that holds 0 and all of `values`; from 0 to 1 where they are all 0."""
        values = (0.0, *values)
        low, high = min(values), max(values)
        return cls(low, high if low < high else 1.0, start, end)

    @classmethod
    def nice(
        cls, values: Iterable[float], start: float, end: float, most: int = 6
    ) -> "LinearScale":
        """Return a scale whose ends are the nice numbers around all of `values`."""
        values = tuple(values)
        low, high = min(values), max(values)
        if low == high:
            low, high = low - 0.5, high + 0.5
        while True:  # widening the scale may call for a wider step, which widens it again
            step = _nice_step(high - low, most)
            below = _multiple(math.floor(low / step + SLACK), step)
            above = _multiple(math.ceil(high / step - SLACK), step)
            if (below, above) == (low, high):
                return cls(low, high, start, end)
            low, high = below, above

    def position(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return rounded(self.start + share * (self.end - self.start))

    def span(self, first: float, second: float) -> Span:
        """Return the stretch between two numbers, such as a bar's from 0 to its value."""
        low, high = sorted((self.position(first), self.position(second)))
        return Span(low, rounded(high - low))

    def ticks(self, most: int = 6) -> tuple[Tick, ...]:
        """Return at most `most` ticks, on multiples of 1, 2 or 5 times a power of ten."""
        step = _nice_step(self.high - self.low, most)
        first, last = math.ceil(self.low / step - SLACK), math.floor(self.high / step + SLACK)
        values = (_multiple(count, step) for count in range(first, last + 1))
        return tuple(
            Tick(value, self.position(value), f"{value:.{_places(step)}f}") for value in values
        )


@dataclass(frozen=True)
class LogScale:
    """Equal steps for equal ratios; `low` above 0."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        _check(self.low, self.high)
        if self.low <= 0:
            raise ValueError("a logarithmic scale begins above 0")

    def position(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return rounded(self.start + share * (self.end - self.start))

    def ticks(self, most: int = 10) -> tuple[Tick, ...]:
        """Return the powers of ten on the scale; every second, third, … if over `most`.

        A scale that holds fewer than two powers has the ticks of a linear one.
        """
        first = math.ceil(math.log10(self.low) - SLACK)
        last = math.floor(math.log10(self.high) + SLACK)
        every = max(1, math.ceil((last - first + 1) / most))
        values = [10.0**power for power in range(first, last + 1, every)]
        if len(values) < 2:
            values = [t.value for t in LinearScale(self.low, self.high, 0, 1).ticks(most)]
        return tuple(Tick(value, self.position(value), f"{value:.15g}") for value in values)


def line_path(points: Iterable[tuple[float, float]]) -> str:
    """Return the SVG path through `points` (x, y); empty without any."""
    return _joined(points)


def band_path(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> str:
    """Return the closed SVG path between two lines that run the same way; empty without any."""
    outline = _joined([*upper, *reversed(lower)])
    return f"{outline}Z" if outline else ""


def _joined(points: Iterable[tuple[float, float]]) -> str:
    path = "L".join(f"{number(x)},{number(y)}" for x, y in points)
    return f"M{path}" if path else ""


def _check(low: float, high: float) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"no scale runs from {low} to {high}")


def _nice_step(span: float, most: int) -> float:
    """Return the smallest nice step that divides `span` into fewer than `most` parts."""
    least = span / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(least))
    return next(nice * power for nice in NICE_STEPS if nice * power >= least * (1 - 1e-9))


def _places(step: float) -> int:
    """Return the decimals that multiples of `step` need."""
    return max(0, -math.floor(math.log10(step) + SLACK))


def _multiple(count: int, step: float) -> float:
    """Return `count` steps, without the rounding error of the product."""
    return round(count * step, _places(step)) + 0.0  # never −0
