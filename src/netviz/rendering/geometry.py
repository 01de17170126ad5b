"""Points and numbers as SVG takes them, for diagrams and charts alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A place in a view box, in its units, y downwards."""

    x: float
    y: float


def rounded(coordinate: float) -> float:
    """Return a coordinate to a hundredth: finer than any screen, and short in the file."""
    return round(coordinate, 2) + 0.0  # never −0


def number(coordinate: float) -> str:
    """Return a coordinate as text: at most two decimals, no zeros to spare."""
    return f"{rounded(coordinate):.2f}".rstrip("0").rstrip(".")
