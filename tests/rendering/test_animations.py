"""Animations: every frame comes back from the file as it was, in the same bytes each time."""

import io

import numpy as np
import pytest
from PIL import Image

from netviz.rendering.animations import (
    ENDS_MS,
    FRAME_MS,
    GAP,
    GROUND,
    TILE,
    encode_animation,
    grid_frame,
)
from netviz.rendering.pictures import to_image

SIDE = 28


def pictures(seed: int, count: int = 7) -> list[Image.Image]:
    rng = np.random.default_rng(seed)
    return [to_image(rng.integers(0, 256, (SIDE, SIDE, 4), np.uint8)) for _ in range(count)]


def test_pictures_are_enlarged_by_a_whole_factor_between_gaps() -> None:
    found = np.asarray(grid_frame(pictures(1), 5))
    side, factor = TILE, TILE // SIDE
    assert found.shape == (2 * side + 3 * GAP, 5 * side + 6 * GAP, 3)
    second_row = found[side + 2 * GAP : -GAP, GAP : side + GAP]
    np.testing.assert_array_equal(
        second_row, np.kron(second_row[::factor, ::factor], np.ones((factor, factor, 1)))
    )
    assert (found[:GAP] == GROUND).all()
    assert (found[side + 2 * GAP :, 2 * side + 3 * GAP :] == GROUND).all()  # seven of ten places


def test_what_is_transparent_is_white() -> None:
    found = grid_frame([Image.new("RGBA", (4, 4), (9, 9, 9, 0))], 5)
    assert found.getpixel((GAP, GAP)) == (255, 255, 255)


def test_every_frame_comes_back_from_the_file_as_it_was() -> None:
    frames = [grid_frame(pictures(seed), 5) for seed in range(4)]
    content = encode_animation(frames)
    assert content == encode_animation(frames)
    with Image.open(io.BytesIO(content)) as read:
        assert read.info["loop"] == 0
        times = []
        for number, frame in enumerate(frames):
            read.seek(number)
            np.testing.assert_array_equal(np.asarray(read.convert("RGB")), np.asarray(frame))
            times.append(read.info["duration"])
        with pytest.raises(EOFError):
            read.seek(len(frames))
    assert times == [ENDS_MS, FRAME_MS, FRAME_MS, ENDS_MS]


@pytest.mark.parametrize("sizes", [[(4, 4)], [(4, 4), (4, 5)]])
def test_what_cannot_move_is_refused(sizes: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="two frames or more, of one size"):
        encode_animation([Image.new("RGB", size) for size in sizes])
