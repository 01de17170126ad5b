"""The card shown where a link to a page is shared: its title over a row of pictures."""

import contextlib
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from netviz.rendering.typefaces import is_right_to_left, runs

SIZE = (1200, 630)  # what sites that show cards ask for, in pixels
MARGIN = 72
PAPER, INK, MUTED = "#fdfcf9", "#1b1c1f", "#5d5f66"
TITLE_PIXELS, SUBTITLE_PIXELS = 76, 34
TITLE_LETTERS, SUBTITLE_LETTERS = 26, 62  # a line, at these sizes
GAP = 12
BOLD, REGULAR = 700, 400

Faces: TypeAlias = Mapping[Path, ImageFont.FreeTypeFont]


def share_card(
    title: str, subtitle: str, pictures: Sequence[Image.Image], fonts: Sequence[Path]
) -> Image.Image:
    """Draw the card.

    Args:
        title: set large, on up to three lines.
        subtitle: below it, on up to two.
        pictures: a row along the bottom, enlarged by a whole factor; as many as fit are shown.
        fonts: those that have the letters of both, our own first; where there are none, the card
            has no words.
    """
    card = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(card)
    y = MARGIN
    for text, letters, lines, pixels, weight, colour in (
        (title, TITLE_LETTERS, 3, TITLE_PIXELS, BOLD, INK),
        (subtitle, SUBTITLE_LETTERS, 2, SUBTITLE_PIXELS, REGULAR, MUTED),
    ):
        # Other objects draw: measuring leaves marks on a face, by which letters move a little.
        measuring, drawing = (
            {font: _face(font, pixels, weight) for font in fonts} for _ in range(2)
        )
        for line in _lines(text, letters, lines, measuring):
            _draw_line(draw, y, line, drawing, colour)
            y += round(1.2 * pixels)
        y += GAP
    _paste_row(card, pictures)
    return card


def _lines(text: str, letters: int, most: int, faces: Faces) -> list[str]:
    """Return `text` in lines of at most so many `letters`, and as few as the card has room for."""
    lines: list[str] = []
    for width in range(letters, 0, -1) if faces else ():
        lines = textwrap.wrap(text, width, max_lines=most, placeholder=" …"[-width:])
        if all(_length(line, faces) <= SIZE[0] - 1.5 * MARGIN for line in lines):
            break
    return lines


def _length(line: str, faces: Faces) -> float:
    return sum(faces[font].getlength(piece) for font, piece in runs(line, list(faces)))


def _face(font: Path, pixels: int, weight: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(font, pixels)
    with contextlib.suppress(OSError):  # it has but one weight
        face.set_variation_by_axes([weight])
    return face


def _draw_line(draw: ImageDraw.ImageDraw, y: int, line: str, faces: Faces, colour: str) -> None:
    """Draw a line of text, each letter in the first face that has it."""
    first = next(iter(faces.values()))
    if len(faces) == 1 and is_right_to_left(line):
        end = (SIZE[0] - MARGIN, y)
        draw.text(end, line, font=first, fill=colour, anchor="ra", direction="rtl")
        return
    if len(faces) == 1:
        plain = "".join(piece for _, piece in runs(line, list(faces)))
        draw.text((MARGIN, y), plain, font=first, fill=colour)
        return
    x: float = MARGIN
    baseline = y + first.getmetrics()[0]  # faces differ in height but share one baseline
    for font, piece in runs(line, list(faces)):
        draw.text((x, baseline), piece, font=faces[font], fill=colour, anchor="ls")
        x += faces[font].getlength(piece)


def _paste_row(card: Image.Image, pictures: Sequence[Image.Image]) -> None:
    """Set `pictures` along the bottom, each as large as its share of the width allows."""
    if not pictures:
        return
    width, height = pictures[0].size
    room = SIZE[0] - 2 * MARGIN
    factor = max(1, (room + GAP) // len(pictures) - GAP) // width or 1
    step = factor * width + GAP
    for place, picture in enumerate(pictures[: (room + GAP) // step]):
        enlarged = picture.convert("RGB").resize(
            (factor * width, factor * height), Image.Resampling.NEAREST
        )
        card.paste(enlarged, (MARGIN + place * step, SIZE[1] - MARGIN - factor * height))
