"""Animations to take away: frames of enlarged pictures in a grid, and their lossless file.

A page draws its films itself, from one sheet of small pictures. An animation is for slides and
chats, which show a file as it is: its pixels are enlarged, and its ground is not transparent.
"""

import io
import math
from collections.abc import Sequence

from PIL import Image

TILE = 140  # pixels of the longer side of a picture, at most
GAP = 4  # pixels between pictures and around them
GROUND = (221, 221, 221)  # of the gaps
PAPER = (255, 255, 255, 255)  # below what is transparent in a picture
FRAME_MS = 220
ENDS_MS = 1000  # of the first frame and the last


def grid_frame(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Return pictures of one size, enlarged by a whole factor, in rows of `columns` with gaps."""
    width, height = pictures[0].size
    factor = max(1, TILE // max(width, height))
    across, down = factor * width + GAP, factor * height + GAP
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    frame = Image.new("RGB", (columns * across + GAP, rows * down + GAP), GROUND)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        large = _on_paper(picture).resize(
            (factor * width, factor * height), Image.Resampling.NEAREST
        )
        frame.paste(large, (GAP + column * across, GAP + row * down))
    return frame


def encode_animation(frames: Sequence[Image.Image]) -> bytes:
    """Return frames of one size as a lossless animated WebP that begins again after its end.

    A GIF of the same frames is five times as large, and its 256 colours a frame are too few.

    Raises:
        ValueError: the frames are fewer than two, or differ in size.
    """
    if len(frames) < 2 or len({frame.size for frame in frames}) != 1:
        raise ValueError("an animation needs two frames or more, of one size")
    times = [ENDS_MS, *[FRAME_MS] * (len(frames) - 2), ENDS_MS]
    file = io.BytesIO()
    frames[0].save(
        file,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        lossless=True,
        quality=50,
        method=2,
    )
    return file.getvalue()


def _on_paper(picture: Image.Image) -> Image.Image:
    painted = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", painted.size, PAPER), painted).convert("RGB")
