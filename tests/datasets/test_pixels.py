"""What numbers of pixels mean: scales without doubt, scales that are asked about, grounds."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import COLOURED, IMAGES, LABELS, is_stripes, npz, pair, read, refused

BRIGHT = IMAGES > 100


@pytest.mark.parametrize(
    ("images", "settings", "right"),
    [
        *[
            (IMAGES.astype(kind), {}, IMAGES)
            for kind in ("u1", "i2", "<u2", ">u2", "i4", ">i4", "u4", "i8", "u8", "f2", "f4", ">f8")
        ],
        (IMAGES + np.float32(0.25), {"brightest": 255.25}, None),
        (IMAGES / np.float64(255), {}, IMAGES),
        ((IMAGES / 255).astype(np.float16), {}, IMAGES),
        (IMAGES / np.float32(127.5) - np.float32(1), {}, IMAGES),
        (BRIGHT, {}, BRIGHT * np.uint8(255)),
        (BRIGHT.astype(np.float32), {}, BRIGHT * np.uint8(255)),
        (BRIGHT.astype(np.uint8), {"brightest": 1}, BRIGHT * np.uint8(255)),
        (BRIGHT.astype(np.uint8) * 16, {"brightest": 16}, BRIGHT * np.uint8(255)),
        (IMAGES // 8, {"brightest": 255}, IMAGES // 8),
        (IMAGES.astype(np.uint16) * 257, {}, IMAGES),
        (IMAGES.astype(np.int32) * 257, {"brightest": 65535}, IMAGES),
        (IMAGES.astype(np.uint16) * 16, {"brightest": 4080}, IMAGES),
        (IMAGES * 0, {}, IMAGES * 0),
    ],
)
def test_scales_that_leave_no_doubt_and_those_that_are_set_are_read(
    tmp_path: Path,
    images: NDArray[Any],
    settings: dict[str, Any],
    right: NDArray[np.uint8] | None,
) -> None:
    found = read(pair(tmp_path, images), **settings)
    assert right is None or is_stripes(found, right)
    assert found[0].notes == ()


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (IMAGES // 16, "nearly black.*got 15 as.*brightest = 15 makes.*brightest = 255 keeps"),
        (BRIGHT.astype(np.uint8), "nearly black.*got 1 as the brightest"),
        (BRIGHT.astype(np.int64), "nearly black"),
        (IMAGES / 4096, "nearly black"),
        (IMAGES.astype(np.uint16) * 16, "nearly black.*brightest = 4080"),
        (IMAGES.astype(np.int32) * 16, "not certain which.*up to 4,080.*brightest = 4080"),
        (IMAGES.astype(np.float32) * 4, "not certain.*brightest = 1020"),
        (IMAGES.astype(np.int16) - 128, "pixels are negative.*deviation"),
        (IMAGES.astype(np.int8), "pixels are negative"),
        ((IMAGES - 33.3) / 78.6, "pixels are negative.*astype"),
        (np.where(BRIGHT, np.nan, 1.0), r"no finite number.*image 0"),
        (np.where(BRIGHT, np.inf, 1.0), "no finite number"),
        (IMAGES.astype(np.complex64), "no numbers.*complex numbers"),
        (IMAGES.astype("datetime64[s]"), "no numbers.*dates"),
        (IMAGES.astype(str), "no numbers.*texts"),
    ],
)  # fmt: skip
def test_scales_in_doubt_are_asked_about(
    tmp_path: Path, images: NDArray[Any], message: str
) -> None:
    said = refused(pair(tmp_path, images))
    assert re.search(message, said), said
    assert "data.npz: " in said


def test_pixels_outside_of_the_scale_that_is_set_are_refused(tmp_path: Path) -> None:
    assert "expected 0 to 100; got 0 to 255" in refused(pair(tmp_path), brightest=100)


@pytest.mark.parametrize("test", [IMAGES, IMAGES.astype(np.float32)], ids=["bytes", "floats"])
def test_training_images_scaled_and_test_images_not_are_refused(
    tmp_path: Path, test: NDArray[Any]
) -> None:
    arrays = {"x_train": IMAGES / 255, "y_train": LABELS, "x_test": test, "y_test": LABELS}
    assert "on different scales" in refused(npz(tmp_path, arrays))


def with_alpha(colour: int) -> NDArray[np.uint8]:
    """The stripes as ink of one colour, on a transparent ground."""
    ink = np.full((*IMAGES.shape, 4), colour, np.uint8)
    ink[..., 3] = IMAGES
    return ink


@pytest.mark.parametrize(
    ("colour", "ground", "right"),
    [(0, None, 255 - IMAGES), (0, "white", 255 - IMAGES), (255, "black", IMAGES)],
)
@pytest.mark.parametrize("first", [False, True], ids=["channels last", "channels first"])
def test_transparent_arrays_are_laid_on_their_ground_and_it_is_said(
    tmp_path: Path, colour: int, ground: str | None, right: NDArray[np.uint8], *, first: bool
) -> None:
    images = with_alpha(colour).transpose(0, 3, 1, 2) if first else with_alpha(colour)
    found = read(pair(tmp_path, images), ground=ground)
    assert is_stripes(found, np.repeat(right[..., None], 3, axis=3))
    assert f"24 of 24 images are transparent, laid on {ground or 'white'}" in found[0].notes[0]


def test_white_ink_that_would_vanish_on_white_is_asked_about(tmp_path: Path) -> None:
    assert 'ground = "black"' in refused(pair(tmp_path, with_alpha(255)))


def test_an_alpha_channel_that_hides_nothing_is_dropped_without_a_word(tmp_path: Path) -> None:
    opaque = np.concatenate([COLOURED, np.full_like(COLOURED[..., :1], 255)], axis=3)
    found = read(pair(tmp_path, opaque))
    assert is_stripes(found, COLOURED)
    assert found[0].notes == ()
