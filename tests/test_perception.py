"""The measure of looks passes what no eye sees, and finds what one does."""

import pytest
from PIL import Image, ImageDraw

from tests.perception import difference

SIZE = (400, 120)


def picture(x: int = 40, *, ink: str = "#333333", wide: int = 80) -> Image.Image:
    image = Image.new("RGB", SIZE, "#fdfcf9")
    ImageDraw.Draw(image).rectangle((x, 30, x + wide, 60), fill=ink)
    return image


def test_a_picture_looks_like_itself() -> None:
    assert difference(picture(), picture()) == difference(picture(), picture().copy())
    assert difference(picture(), picture()).share == 0


def test_what_a_coder_loses_is_not_seen() -> None:
    noisy = picture()
    for x in range(0, SIZE[0], 2):
        for y in range(SIZE[1]):
            red, green, blue = noisy.getpixel((x, y))  # type: ignore[misc]  # of an RGB image
            noisy.putpixel((x, y), (max(0, red - 3), green, min(255, blue + 3)))
    assert difference(picture(), noisy).share == 0


@pytest.mark.parametrize(
    "other",
    [
        picture(44),
        picture(ink="#6b3333"),
        picture(wide=84),
        picture().crop((0, 0, 400, 112)),
        picture().crop((0, 0, 392, 120)),
    ],
    ids=["moved", "coloured", "widened", "shorter", "narrower"],
)
def test_what_moved_or_changed_is_seen_and_where(other: Image.Image) -> None:
    found = difference(picture(), other)
    assert found.share > 0
    assert found.box is not None
    left, top, right, bottom = found.box
    assert 0 <= left < right <= SIZE[0]
    assert 0 <= top < bottom <= SIZE[1]
