"""Sprites, found again in the file by their index alone."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from netviz.rendering.pictures import encode_png
from netviz.rendering.sprites import SpriteIndex, sprite_sheet
from tests.conftest import CompareGolden

# Two values in few pixels: equal images come up often.
IMAGES = st.tuples(
    st.integers(1, 12), st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 3])
).flatmap(lambda shape: arrays(np.uint8, shape, elements=st.sampled_from([0, 200])))


@given(IMAGES, st.none() | st.integers(1, 20))
def test_every_image_is_found_again_from_file_and_index(
    images: np.ndarray, columns: int | None
) -> None:
    sheet = sprite_sheet(images, columns)
    index = SpriteIndex(**json.loads(json.dumps(sheet.index.json())))
    with Image.open(io.BytesIO(encode_png(sheet.image))) as file:
        decoded = np.asarray(file.convert("RGB"))
    for image, slot in zip(images, sheet.slots, strict=True):
        left, top, right, bottom = index.box(slot)
        tile = decoded[top:bottom, left:right]
        assert np.array_equal(tile, np.broadcast_to(image, tile.shape))


@given(IMAGES)
def test_equal_images_share_a_slot_and_others_do_not(images: np.ndarray) -> None:
    sheet = sprite_sheet(images)
    distinct = {image.tobytes() for image in images}
    assert sheet.index.count == len(distinct)
    for i, j in np.ndindex(len(images), len(images)):
        assert (sheet.slots[i] == sheet.slots[j]) == np.array_equal(images[i], images[j])
    # Slots are given out in the order of first appearance.
    assert list(dict.fromkeys(sheet.slots)) == list(range(sheet.index.count))


def test_a_sheet_is_about_square() -> None:
    images = np.arange(100, dtype=np.uint8).reshape(100, 1, 1, 1).repeat(8, 1).repeat(4, 2)
    sheet = sprite_sheet(images)
    assert sheet.index == SpriteIndex(columns=15, width=4, height=8, count=100)
    assert sheet.image.size == (60, 56)
    assert sheet.image.mode == "L"


def test_a_golden_sheet(golden: CompareGolden) -> None:
    rows, columns = np.mgrid[0:6, 0:6]
    shapes = [rows, columns, rows + columns, rows, rows * columns // 2]
    images = np.stack([10 * shape for shape in shapes]).astype(np.uint8)[..., None]
    sheet = sprite_sheet(images, columns=3)
    assert sheet.slots == (0, 1, 2, 0, 3)
    golden("rendering/sprites", sheet.image)


def test_no_images_and_no_such_slot_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sprite_sheet(np.empty((0, 4, 4, 1), np.uint8))
    index = SpriteIndex(columns=2, width=4, height=4, count=3)
    assert index.box(2) == (0, 4, 4, 8)
    for slot in (3, -1):
        with pytest.raises(IndexError):
            index.box(slot)
