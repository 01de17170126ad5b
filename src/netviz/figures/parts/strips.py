"""Strips: pictures of one size in a row, one file, cropped to a tile by the page's styles."""

from collections.abc import Sequence

from PIL import Image

from netviz.figures.figure import Json, Output
from netviz.rendering.pictures import contact_sheet


def write_strip(output: Output, name: str, pictures: Sequence[Image.Image]) -> dict[str, Json]:
    """Write `pictures` side by side as `name`; return what the macro `tile` needs to crop one."""
    output.picture(name, contact_sheet(pictures, len(pictures)))
    width, height = pictures[0].size
    return {"name": name, "count": len(pictures), "width": width, "height": height}
