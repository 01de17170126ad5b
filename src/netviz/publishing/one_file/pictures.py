"""The pictures of a page as one file: each in its place, and one that is shown often in a style."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from PIL import Image

from netviz.essay.links import with_candidates
from netviz.essay.style import within_page
from netviz.publishing.assets import PICTURE_FOLDER
from netviz.publishing.one_file.part import Origin, Part
from netviz.publishing.tags import Tag, Tags, changed

LEAST_SHARED = 512  # bytes; a smaller picture is shorter than what it takes to share it
SHOWN_BY = {
    "img": ("src",),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "video": ("poster",),
}
WITH_CANDIDATES = ("img", "source")


def read_pictures(tags: Tags, page: Origin) -> Part:
    """Return what becomes of the tags that show pictures."""
    shared = _shared(tags.starts, page)
    edits = changed((tag, dict(_changes(tag, shared, page))) for tag in tags.starts)
    if not shared:
        return Part(edits)
    style = _sharing_style(shared, page)
    return Part((*edits, tags.add_to_head(f"<style>{style}</style>\n")), styles=(style,))


def _changes(tag: Tag, shared: Mapping[str, str], page: Origin) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag that change; of one that shows no picture there are none."""
    candidates = tag.get("srcset") if tag.name in WITH_CANDIDATES else ""
    for attribute in SHOWN_BY.get(tag.name, ()):
        if path := page.file(tag.get(attribute)):
            is_shared = path in shared and tag.name == "img" and not candidates
            yield attribute, shared[path] if is_shared else page.held(path)
    if candidates:
        yield "srcset", with_candidates(candidates, page.holding)


def _shared(tags: Sequence[Tag], page: Origin) -> Mapping[str, str]:
    """Return for each picture that is held once, by its path, the empty one in its places."""
    shown = Counter(page.file(tag.get("src")) for tag in tags if tag.name == "img")
    return {
        path: _placeholder(number, page.site[path])
        for number, (path, count) in enumerate(shown.items())
        if path and count > 1 and _can_be_shared(path, page.site[path])
    }


def _can_be_shared(path: str, content: bytes) -> bool:
    """Say whether it is one of our own pictures, of known form, and large enough to gain by it."""
    return len(content) >= LEAST_SHARED and path.startswith(f"{PICTURE_FOLDER}/")


def _placeholder(number: int, content: bytes) -> str:
    """Return an empty picture as large as `content`; the `number` tells it from others."""
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' id='p{number}' "
    return "data:image/svg+xml," + quote(f"{drawing}width='{width}' height='{height}'/>", "='/: ")


def _sharing_style(shared: Mapping[str, str], page: Origin) -> str:
    """Return the style that lays pictures behind the empty ones in their places.

    The rules hold by what an `<img>` shows: where a script gives it another picture, they end.
    `--nv-shown` is the part of the picture that a tile shows (08-tiles.css).
    While they hold nothing may overrule them, since there would be no picture.
    """
    rules = [
        f'img[src="{empty}"]{{background:url({page.held(path)}) '
        "var(--nv-shown,0 0/100% 100%) no-repeat content-box!important;"
        "-webkit-print-color-adjust:exact;print-color-adjust:exact}"
        for path, empty in shared.items()
    ]
    return within_page("\n".join(rules))
