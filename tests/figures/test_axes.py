"""Numbers as axes write them: shortened, but never rounded to another number."""

import pytest

from netviz.figures.parts.axes import short, tenth
from tests.figures.conftest import in_english


@pytest.mark.parametrize(
    ("count", "label"),
    [
        (1, "1"),
        (999, "999"),
        (1_000, "1k"),
        (1_500, "1.5k"),
        (1_550, "1,550"),
        (10_000, "10k"),
        (100_000, "100k"),
        (100_050, "100,050"),
        (1_000_000, "1M"),
        (2_500_000, "2.5M"),
        (1_001_000, "1001k"),
        (100_000_000, "100M"),
    ],
)
def test_large_numbers_are_shortened_where_that_is_exact(count: int, label: str) -> None:
    assert in_english(short(count)) == label


@pytest.mark.parametrize(
    ("coordinate", "written"), [(12.0, "12"), (12.04, "12"), (-0.26, "-0.3"), (7.25, "7.2")]
)
def test_places_are_written_to_a_tenth(coordinate: float, written: str) -> None:
    assert str(tenth(coordinate)) == written
