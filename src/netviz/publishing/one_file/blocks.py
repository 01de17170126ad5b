"""What scripts ask for later, late data and pictures, in blocks that no browser executes.

`this.config` names them, and js/core.js finds each by its address there. Large pictures, which are
photographs by the dozen, are written with a loss that cannot be seen, in a quarter of their bytes.
"""

import io
import json
from collections.abc import Iterator
from typing import Any

from PIL import Image

from netviz.publishing.assets import DATA_FOLDER, late_json
from netviz.publishing.one_file.part import Origin, Part, data_uri, kind_of
from netviz.publishing.tags import Tags, escaped

LARGE_PICTURE = 64 * 1024  # bytes
QUALITY = 90  # of large pictures


def read_blocks(tags: Tags, page: Origin) -> Part:
    """Return the blocks of all files that the configurations of figures name."""
    named = {
        address: path
        for tag in tags.starts
        if "data-config" in tag.attributes
        for address in _texts(_config(tag.get("data-config")))
        if (path := page.file(address)) is not None
    }
    blocks = (_late_block(address, path, page) for address, path in named.items())
    return Part((tags.add_to_body("".join(blocks)),))


def block(address: str, kind: str, text: str) -> str:
    """Return a block that no browser executes, with the `text` of the file at `address`."""
    return f'<script type="{kind}" data-file="{escaped(address)}">{text}</script>\n'


def _late_block(address: str, path: str, page: Origin) -> str:
    content = page.site[path]
    if path.startswith(f"{DATA_FOLDER}/"):
        # In JSON, "<" is only in strings, where it may be written so.
        value = late_json(content).decode().replace("<", "\\u003c")
        return block(address, "application/json", value)
    return block(address, "text/plain", data_uri(path, _mailable(path, content)))


def _mailable(path: str, content: bytes) -> bytes:
    """Return a picture of ours, if it is large, with a loss."""
    if len(content) < LARGE_PICTURE or kind_of(path) != "image/webp":
        return content
    packed = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.save(packed, "WEBP", quality=QUALITY)
    return min(content, packed.getvalue(), key=len)


def _config(written: str) -> Any:  # noqa: ANN401 - JSON
    """Return a figure's configuration, or None of an author's own that is no JSON."""
    try:
        return json.loads(written)
    except ValueError:  # its script makes of it what it can
        return None


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield every text in a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
