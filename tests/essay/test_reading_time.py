"""How long a page takes to read: its words, and its figures."""

import pytest

from netviz.essay.page import READING_SPEED, reading_minutes


@pytest.mark.parametrize(
    ("words", "figures", "minutes"),
    [
        (0, 0, 1),
        (READING_SPEED, 0, 1),
        (READING_SPEED + 1, 0, 2),
        (READING_SPEED, 19, 11),  # a short text with many figures is no matter of a minute
        (10 * READING_SPEED, 1, 11),
    ],
)
def test_figures_take_time_as_words_do(words: int, figures: int, minutes: int) -> None:
    assert reading_minutes(words, figures) == minutes
