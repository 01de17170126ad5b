"""Colours, against a loop over the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netviz.rendering.colour import NEGATIVE, POSITIVE, Scale, diverging, grey

NUMBERS = arrays(np.float32, (4, 3), elements=st.floats(-50, 50, width=32))


@given(NUMBERS)
def test_grey_runs_from_the_lowest_to_the_highest(numbers: np.ndarray) -> None:
    levels = grey(numbers)
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        assert (levels == 128).all()
        return
    assert levels[numbers == low].tolist() == [0] * int((numbers == low).sum())
    assert levels[numbers == high].tolist() == [255] * int((numbers == high).sum())
    for number, level in zip(numbers.flat, levels.flat, strict=True):
        assert abs(int(level) - 255 * (float(number) - low) / (high - low)) <= 0.5 + 1e-9


@given(NUMBERS)
def test_sign_gives_the_hue_and_size_the_opacity(numbers: np.ndarray) -> None:
    pixels = diverging(numbers)
    assert pixels.shape == (4, 3, 4)
    limit = float(np.abs(numbers).max())
    for number, pixel in zip(numbers.flat, pixels.reshape(-1, 4).tolist(), strict=True):
        *hue, alpha = pixel
        if limit:
            assert abs(alpha - 255 * abs(float(number)) / limit) <= 0.5 + 1e-9
        if alpha == 0:
            assert hue == [0, 0, 0]
        else:
            assert tuple(hue) == (POSITIVE if number > 0 else NEGATIVE)


@given(NUMBERS)
def test_negated_numbers_swap_their_hues_only(numbers: np.ndarray) -> None:
    pixels, negated = diverging(numbers), diverging(-numbers)
    assert np.array_equal(pixels[..., 3], negated[..., 3])
    seen = pixels[..., 3] > 0
    assert (pixels[seen][:, :3] != negated[seen][:, :3]).any(axis=1).all()


def test_all_zero_is_transparent() -> None:
    assert not diverging(np.zeros((2, 2))).any()


def test_a_shared_scale_makes_equal_numbers_look_equal() -> None:
    faint, strong = np.array([[0.5, -0.5]]), np.array([[2.0, 0.5]])
    scale = Scale.symmetric(np.stack([faint, strong]))
    assert (scale.low, scale.high, scale.limit) == (-2, 2, 2)
    assert np.array_equal(diverging(faint, scale)[0, 0], diverging(strong, scale)[0, 1])
    scale = Scale.of(np.stack([faint, strong]))
    assert (scale.low, scale.high) == (-0.5, 2)
    assert grey(faint, scale)[0, 0] == grey(strong, scale)[0, 1]
    assert grey(faint)[0, 0] != grey(strong)[0, 1]


def test_beyond_the_scale_is_painted_as_its_end() -> None:
    numbers = np.array([[-9.0, 9.0]])
    assert grey(numbers, Scale(-1, 1)).tolist() == [[0, 255]]
    assert diverging(numbers, Scale(-1, 1))[..., 3].tolist() == [[255, 255]]


def test_colours_share_one_scale() -> None:
    """Scaled channel by channel, a picture would change its colours."""
    numbers = np.zeros((1, 2, 3))
    numbers[0, 0] = [0, 1, 2]
    assert grey(numbers).tolist() == [[[0, 128, 255], [0, 0, 0]]]


@pytest.mark.parametrize("stray", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(stray: float) -> None:
    numbers = np.array([[0, stray]])
    with pytest.raises(ValueError, match="finite"):
        grey(numbers)
    with pytest.raises(ValueError, match="finite"):
        diverging(numbers)
