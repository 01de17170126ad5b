"""The card shown where a link to a page is shared: its title over a row of pictures."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # what sites that show cards ask for, in pixels
MARGIN = 72
PAPER, INK, MUTED = "#fdfcf9", "#1b1c1f", "#5d5f66"
TITLE_PIXELS, SUBTITLE_PIXELS = 76, 34
TITLE_LETTERS, SUBTITLE_LETTERS = 26, 62  # a line, at these sizes
GAP = 12
BOLD, REGULAR = 700, 400


def share_card(
    title: str, subtitle: str, pictures: Sequence[Image.Image], font: Path
) -> Image.Image:
    """Draw the card.

    Args:
        title: set large, on up to three lines.
        subtitle: below it, on up to two.
        pictures: a row along the bottom, enlarged by a whole factor; as many as fit are shown.
        font: a variable font whose axis is the weight.
    """
    card = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(card)
    y = MARGIN
    for text, letters, lines, pixels, weight, colour in (
        (title, TITLE_LETTERS, 3, TITLE_PIXELS, BOLD, INK),
        (subtitle, SUBTITLE_LETTERS, 2, SUBTITLE_PIXELS, REGULAR, MUTED),
    ):
        face = ImageFont.truetype(font, pixels)
        face.set_variation_by_axes([weight])
        for line in textwrap.wrap(text, letters, max_lines=lines, placeholder=" …"):
            draw.text((MARGIN, y), line, font=face, fill=colour)
            y += round(1.2 * pixels)
        y += GAP
    _paste_row(card, pictures)
    return card


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
