"""Pictures, read back from their files and compared pixel by pixel."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from netviz.rendering.colour import Scale, diverging, grey
from netviz.rendering.pictures import (
    contact_sheet,
    encode_png,
    encode_webp,
    to_image,
    weight_picture,
)
from tests.conftest import CompareGolden


def decoded(file: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGBA"))


SHAPES = st.tuples(st.integers(1, 20), st.integers(1, 20)).flatmap(
    lambda size: st.sampled_from([size, (*size, 3), (*size, 4)])
)
# Few distinct values give palettes; all values, full colour.
PIXELS = SHAPES.flatmap(
    lambda shape: st.one_of(
        arrays(np.uint8, shape, elements=st.sampled_from([0, 90, 255])), arrays(np.uint8, shape)
    )
)


@given(PIXELS)
def test_files_give_back_every_pixel(pixels: np.ndarray) -> None:
    image = to_image(pixels)
    expected = np.asarray(image.convert("RGBA"))
    assert np.array_equal(decoded(encode_png(image)), expected)
    assert np.array_equal(decoded(encode_webp(image)), expected)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("colours", [256, 257])
def test_a_palette_is_used_up_to_256_colours(colours: int, channels: int) -> None:
    rng = np.random.default_rng(0)
    table = rng.permutation(np.stack(np.divmod(np.arange(512), 256), axis=1))[:colours]
    rgba = np.zeros((colours, 4), np.uint8)
    rgba[:, :2] = table
    rgba[:, 3] = np.arange(colours) % 256 if channels == 4 else 255
    pixels = rgba[rng.permutation(np.arange(64 * 64) % colours)].reshape(64, 64, 4)
    file = encode_png(to_image(pixels))
    with Image.open(io.BytesIO(file)) as image:
        assert (image.mode == "P") == (colours == 256)
    assert np.array_equal(decoded(file), pixels)


def test_a_picture_already_in_palette_mode_is_kept() -> None:
    expected = diverging(np.round(3 * smooth_weights()))
    with Image.open(io.BytesIO(encode_png(to_image(expected)))) as image:
        assert image.mode == "P"
        assert np.array_equal(decoded(encode_png(image)), expected)
        assert np.array_equal(decoded(encode_webp(image)), expected)


def test_a_grey_picture_is_stored_as_grey() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    coloured = to_image(np.repeat(levels[:, :, None], 3, axis=2))
    assert encode_png(coloured) == encode_png(to_image(levels))
    with Image.open(io.BytesIO(encode_png(coloured))) as image:
        assert image.mode == "L"


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_picture_with_one_channel_apart_keeps_its_colours(channel: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 1), np.uint8).repeat(3, axis=2)
    pixels[..., channel] ^= 1
    assert np.array_equal(decoded(encode_png(to_image(pixels)))[..., :3], pixels)


def test_files_are_smaller_than_plain_ones_and_the_same_each_time() -> None:
    image = weight_picture(smooth_weights(), "diverging")
    plain = io.BytesIO()
    image.save(plain, "PNG")
    assert len(encode_png(image)) < len(plain.getvalue())
    assert len(encode_webp(image)) < len(plain.getvalue())
    assert encode_png(image) == encode_png(image.copy())
    assert encode_webp(image) == encode_webp(image.copy())


def smooth_weights() -> np.ndarray:
    """A wave that runs through both signs, 28 × 28."""
    rows, columns = np.mgrid[-1:1:28j, -1:1:28j]
    weights: np.ndarray = np.cos(4 * np.hypot(rows, columns)) + 0.3 * columns
    return weights


def test_weight_pictures_are_their_colours() -> None:
    weights = smooth_weights()
    scale = Scale(-3, 3)
    assert np.array_equal(np.asarray(weight_picture(weights, "grey")), grey(weights))
    assert np.array_equal(
        np.asarray(weight_picture(weights[..., None], "diverging", scale)),
        diverging(weights, scale),
    )
    coloured = np.stack([weights, -weights, weights**2], axis=-1)
    assert np.array_equal(np.asarray(weight_picture(coloured, "colour")), grey(coloured))


@pytest.mark.parametrize(
    ("shape", "style"), [((4, 4), "colour"), ((4, 4, 3), "grey"), ((4, 4, 3), "diverging")]
)
def test_a_style_refuses_other_channels(shape: tuple[int, ...], style: str) -> None:
    with pytest.raises(ValueError, match="does not paint"):
        weight_picture(np.zeros(shape), style)  # type: ignore[arg-type]  # one of the styles


def test_golden_pictures(golden: CompareGolden) -> None:
    weights = smooth_weights()
    golden("rendering/grey", weight_picture(weights, "grey"))
    golden("rendering/diverging", weight_picture(weights, "diverging"))
    golden("rendering/shared", weight_picture(weights, "diverging", Scale(-4, 4)))
    coloured = np.stack([weights, weights.T, -weights], axis=-1)
    golden("rendering/colour", weight_picture(coloured, "colour"))
    pictures = [weight_picture(factor * weights, "diverging") for factor in (1, -1, 1)]
    golden("rendering/sheet", contact_sheet(pictures, columns=2, gap=3))


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 3))
def test_a_contact_sheet_holds_each_picture_in_its_place(
    count: int, columns: int, gap: int
) -> None:
    rng = np.random.default_rng(count)
    tiles = rng.integers(1, 256, (count, 4, 3), np.uint8)
    sheet = np.asarray(contact_sheet([to_image(tile) for tile in tiles], columns, gap)).copy()
    used = min(columns, count)
    rows = -(-count // used)
    assert sheet.shape == (rows * (4 + gap) - gap, used * (3 + gap) - gap)
    for place, tile in enumerate(tiles):
        top, left = (place // used) * (4 + gap), (place % used) * (3 + gap)
        assert np.array_equal(sheet[top : top + 4, left : left + 3], tile)
        sheet[top : top + 4, left : left + 3] = 0
    assert not sheet.any()


def test_a_contact_sheet_of_unlike_pictures_is_refused() -> None:
    one, other = to_image(np.zeros((2, 2), np.uint8)), to_image(np.zeros((2, 3), np.uint8))
    for pictures in ([one, other], []):
        with pytest.raises(ValueError, match="one size and mode"):
            contact_sheet(pictures, 2)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (1, 4, 4, 3)])
def test_other_shapes_are_no_pictures(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no picture has the shape"):
        to_image(np.zeros(shape, np.uint8))
