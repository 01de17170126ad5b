"""One picture: its depth, ground, size and frames, and what is refused by its file."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from netviz.datasets.description import OwnDataset
from netviz.datasets.pictures import (
    LARGEST_PICTURE,
    READ_WHOLE,
    Picture,
    read_picture_of_class,
)
from netviz.errors import DataError
from tests.datasets.own_data import COLOURED, IMAGES

GREY, COLOUR = IMAGES[0], COLOURED[0]
DEEP = GREY.astype(np.uint16) * 257


def saved(folder: Path, image: Image.Image, name: str = "a.png", **options: Any) -> Path:  # noqa: ANN401 - Pillow's
    image.save(folder / name, **options)
    return folder / name


def read(file: Path, **settings: Any) -> Picture:  # noqa: ANN401 - of every type that settings have
    return read_picture_of_class(file, OwnDataset("Mine", "", **settings))


@pytest.mark.parametrize("turned", [3, 5, 6, 7, 8])
@pytest.mark.parametrize("ending", ["tif", "png", "webp"])
def test_a_picture_is_turned_upright_whatever_its_form(
    tmp_path: Path, ending: str, turned: int
) -> None:
    wide = Image.fromarray(GREY[:8])
    exif = Image.Exif()
    exif[274] = turned  # orientation
    form = {"lossless": True} if ending == "webp" else {}
    found = read(saved(tmp_path, wide, f"a.{ending}", exif=exif, **form), side=8)
    copied = wide.copy()
    copied.getexif()[274] = turned
    upright = ImageOps.exif_transpose(copied)
    expected = read(saved(tmp_path, upright, "b.png"), side=8)
    assert np.array_equal(found.pixels[..., 0], expected.pixels[..., 0])


def test_deep_numbers_of_which_0_is_white_are_inverted(tmp_path: Path) -> None:
    file = saved(tmp_path, Image.fromarray(DEEP), "a.tif")
    content = file.read_bytes()
    black_is_zero, white_is_zero = (struct.pack("<HHII", 262, 3, 1, one) for one in (1, 0))
    assert content.count(black_is_zero) == 1
    file.write_bytes(content.replace(black_is_zero, white_is_zero))
    assert np.array_equal(read(file).pixels[..., 0], 255 - GREY)


def test_transparent_pixels_of_16_bits_are_refused(tmp_path: Path) -> None:
    file = saved(tmp_path, Image.fromarray(DEEP), transparency=int(DEEP.max()))
    with pytest.raises(DataError, match="8 bits a colour, or no transparent pixels"):
        read(file)


def refused(file: Path, **settings: Any) -> str:  # noqa: ANN401 - as above
    with pytest.raises(DataError) as caught:
        read(file, **settings)
    assert file.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.TIFF", "a.pgm"])
def test_sixteen_bits_keep_their_scale(tmp_path: Path, name: str) -> None:
    found = read(saved(tmp_path, Image.fromarray(DEEP), name))
    assert np.array_equal(found.pixels[..., 0], GREY)
    assert (found.brightest, found.white) == (65535, 65535)


def test_sixteen_bits_that_are_scaled_to_a_side_keep_their_scale(tmp_path: Path) -> None:
    wide = np.repeat(np.repeat(DEEP, 4, 0), 4, 1)
    found = read(saved(tmp_path, Image.fromarray(wide)), side=12)
    assert np.corrcoef(found.pixels.ravel(), GREY.ravel())[0, 1] > 0.9


def test_the_number_that_means_white_may_be_set(tmp_path: Path) -> None:
    file = saved(tmp_path, Image.fromarray(GREY.astype(np.uint16) * 16))
    assert np.array_equal(read(file, brightest=4080).pixels[..., 0], GREY)
    assert "expected 0 to 4,000; got 4,080" in refused(file, brightest=4000)
    dark = saved(tmp_path, Image.fromarray(GREY // 16), "b.png")
    assert read(dark, brightest=15).pixels.max() == 255
    assert read(dark).pixels.max() == 15


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.gif", "a.webp", "a.tif", "a.ppm"])
def test_lossless_pictures_of_every_format_give_their_pixels(tmp_path: Path, name: str) -> None:
    image, options = Image.fromarray(COLOUR), {"lossless": True, "quality": 100}
    if name == "a.gif":
        image, options = Image.fromarray(GREY), {}
    found = read(saved(tmp_path, image, name, **(options if name == "a.webp" else {})))
    assert np.array_equal(found.pixels, np.asarray(image.convert("RGB")))


def test_pictures_of_avif_are_read(tmp_path: Path) -> None:
    grey = Image.new("RGB", (12, 12), (100, 100, 100))
    found = read(saved(tmp_path, grey, "a.avif", quality=100))
    assert np.abs(found.pixels.astype(int) - 100).max() <= 2


def ink(mode: str, level: int) -> Image.Image:
    """Return ink of one grey level on a transparent ground."""
    plain = Image.new("L", (12, 12), level)
    return Image.merge(mode, [*[plain] * (len(mode) - 1), Image.fromarray(GREY)])


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_ink_on_a_transparent_ground_is_laid_on_white_or_what_is_set(
    tmp_path: Path, mode: str
) -> None:
    black = saved(tmp_path, ink(mode, 0))
    found = read(black)
    assert found.was_transparent
    assert np.array_equal(found.pixels[..., 0], 255 - GREY)
    file = saved(tmp_path, ink(mode, 255), "white.png")
    assert re.search('vanishes on white.*ground = "black"', refused(file))
    assert np.array_equal(read(file, ground="black").pixels[..., 0], GREY)
    assert read(file, ground="white").pixels.min() == 255


@pytest.mark.parametrize(("mode", "see_through"), [("P", 1), ("L", 1), ("RGB", (1, 1, 1))])
@pytest.mark.parametrize("kind", ["png", "gif"])
def test_a_transparent_colour_is_laid_on_white(
    tmp_path: Path,
    mode: str,
    see_through: int | tuple[int, ...],
    kind: str,
) -> None:
    hard = Image.fromarray(np.where(GREY > 100, 0, 1).astype(np.uint8))
    image = hard.convert(mode) if mode != "P" else hard
    if mode == "P":
        image.putpalette([0, 0, 0, 1, 1, 1])
    if kind == "gif" and mode != "P":
        pytest.skip("a GIF always has a palette")
    found = read(saved(tmp_path, image, f"a.{kind}", transparency=see_through))
    assert found.was_transparent
    assert np.array_equal(found.pixels[..., 0], np.where(GREY > 100, 0, 255))


def test_an_alpha_channel_that_hides_nothing_changes_nothing(tmp_path: Path) -> None:
    image = Image.fromarray(COLOUR)
    image.putalpha(255)
    found = read(saved(tmp_path, image))
    assert np.array_equal(found.pixels, COLOUR)
    assert not found.was_transparent


def test_pictures_with_several_frames_are_known(tmp_path: Path) -> None:
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    options = {"save_all": True, "append_images": frames[1:]}
    assert read(saved(tmp_path, frames[0], "a.gif", **options)).has_more_frames
    assert not read(saved(tmp_path, frames[0])).has_more_frames


@pytest.mark.parametrize("size", [(5712, 4284), (12000, 9000)])
def test_large_photographs_are_reduced_as_they_are_read(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    image = Image.new("L", size, 40)
    image.paste(200, (0, 0, size[0] // 2, size[1]))
    assert size[0] * size[1] > READ_WHOLE
    found = read(saved(tmp_path, image, "a.jpg"), side=16).pixels[..., 0]
    assert found[:, :7].min() > 190
    assert found[:, 9:].max() < 50


def test_a_large_photograph_that_lies_on_its_side_is_turned(tmp_path: Path) -> None:
    image = Image.new("L", (5000, 5000), 40)
    image.paste(200, (0, 0, 2500, 5000))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter, clockwise: left becomes up
    found = read(saved(tmp_path, image, "a.jpg", exif=exif), side=16).pixels[..., 0]
    assert found[:7].min() > 190
    assert found[9:].max() < 50


def test_a_large_picture_of_another_format_is_reduced(tmp_path: Path) -> None:
    hard = Image.new("1", (4500, 4500))
    hard.paste(1, (0, 0, 2250, 4500))
    found = read(saved(tmp_path, hard), side=16).pixels[..., 0]
    assert found[:, :7].min() > 250
    assert found[:, 9:].max() < 5


def test_a_large_picture_of_16_bits_keeps_its_scale(tmp_path: Path) -> None:
    deep = np.zeros((4500, 4500), np.uint16)
    deep[:, :2250] = 1000
    found = read(saved(tmp_path, Image.fromarray(deep), "a.tif"), side=16, brightest=2000)
    assert np.abs(found.pixels[:, :7, 0].astype(int) - 128).max() <= 2
    assert (found.brightest, found.white) == (1000, 2000)


def header(width: int, height: int) -> bytes:
    """Return a PNG that claims to be as large, with no pixels in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9000, 60000])
def test_a_picture_beyond_the_bound_is_refused_unread(tmp_path: Path, side: int) -> None:
    (tmp_path / "a.png").write_bytes(header(side, side))
    assert side * side > LARGEST_PICTURE
    said = refused(tmp_path / "a.png", side=16)
    assert "expected at most 170 megapixels as a plain JPEG, else 67" in said
    assert "Scale it down." in said


@pytest.mark.parametrize("shape", [(12, 65), (7, 12)])
def test_without_a_side_the_bounds_of_images_hold_for_pictures(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    file = saved(tmp_path, Image.fromarray(np.zeros(shape, np.uint8)))
    assert re.search('8 to 64 pixels a side; got .*Set "side"', refused(file))


@pytest.mark.parametrize("numbers", [GREY.astype(np.int32), GREY.astype(np.float32)])
def test_numbers_of_32_bits_are_refused(tmp_path: Path, numbers: NDArray[Any]) -> None:
    said = refused(saved(tmp_path, Image.fromarray(numbers), "a.tif"))
    assert "32-bit numbers" in said


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "cannot be read"), (b"<html>", "got a web page"),
     (b"\x89PNG\r\n\x1a\n", "cannot be read"), (b"\0\5\x16\7", "cannot be read")],
)  # fmt: skip
def test_what_is_no_picture_is_told_in_words(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.png").write_bytes(content)
    assert message in refused(tmp_path / "a.png")


def test_a_truncated_photograph_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    Image.fromarray(COLOUR).save(stream, "JPEG")
    (tmp_path / "a.jpg").write_bytes(stream.getvalue()[:-60])
    assert "cannot be read" in refused(tmp_path / "a.jpg")
