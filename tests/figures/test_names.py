"""Names of classes where room is short keep apart, and keep to it."""

import pytest

from netviz.figures.parts.names import initials, shortened


def test_a_long_name_loses_its_middle() -> None:
    assert shortened("short", 8) == "short"
    assert shortened("benign keratosis-like lesions", 16) == "benign ker…sions"
    assert len(shortened("x" * 100, 22)) == 22


@pytest.mark.parametrize(
    ("names", "marks"),
    [
        (("cat", "dog"), ["C", "D"]),
        (("T-shirt/top", "trouser", "dress"), ["Ts", "Tr", "D"]),
        (("same thing", "same time"), ["1", "2"]),
        (("ähnlich", "anders"), ["Ä", "A"]),
        (("a", "ab"), ["1", "2"]),
        (("?!", "b"), ["1", "2"]),
    ],
)
def test_initials_tell_names_apart_or_are_numbers(names: tuple[str, ...], marks: list[str]) -> None:
    assert initials(names) == marks
