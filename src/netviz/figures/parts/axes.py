"""Numbers and shapes as charts write them."""

from netviz.figures.words import Said, number, say
from netviz.rendering.geometry import Point
from netviz.rendering.labels import Box

ORIGIN = Point(0, 0)
SHORT = ((1_000_000, "{number}M"), (1_000, "{number}k"))  # how a large number is shortened


def short(count: int) -> Said:
    """Return a number as an axis can carry it, if that is exact: 10,000 → "10k", 1,500 → "1.5k"."""
    for size, words in SHORT:
        if count >= size and count % (size // 10) == 0:
            return say(words, number=number(count / size, ".1f" if count % size else ".0f"))
    return number(count)


def tenth(coordinate: float) -> float:
    """Return a coordinate to a tenth of a unit, a whole one without decimals."""
    short = round(coordinate, 1)
    return int(short) if short == int(short) else short


def box_path(box: Box, origin: Point = ORIGIN) -> str:
    """Return the path of a box as seen from `origin`, to a tenth of a unit."""
    left, top = tenth(box.left - origin.x), tenth(box.top - origin.y)
    width, height = tenth(box.width), tenth(box.height)
    return f"M{left},{top}h{width}v{height}h-{width}z"
