"""Files of a site as a page can hold them: as data, as style and script, and what its policy says.

Large pictures, which are photographs by the dozen, are written with a loss that cannot be seen, in
a quarter of their bytes. A picture that is shown many times is held once, in a style.
"""

import base64
import io
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from PIL import Image

from netviz.essay.policy import Policy
from netviz.essay.style import as_text, source_hash, with_plain_ends, within_page
from netviz.publishing.assets import PICTURE_FOLDER
from netviz.publishing.tags import escaped

LARGE_PICTURE = 64 * 1024  # bytes
QUALITY = 90  # of large pictures
LEAST_SHARED = 512  # bytes; a smaller picture is shorter than what it takes to share it
KINDS = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
FALLBACK_KIND = "application/octet-stream"


def single_policy(policy: str, scripts: list[str], styles: list[str]) -> str:
    """Return a page's Content-Security-Policy for its single file.

    What was allowed to the site itself is allowed to what became of its files; nothing else is.
    """
    became = {
        "script-src": [f"'{source_hash(text)}'" for text in scripts],
        "style-src": [f"'{source_hash(text)}'" for text in styles],
        "img-src": ["data:"],
        "font-src": ["data:"],
    }
    directives = dict(Policy(policy).directives)
    if "'self'" in directives.get("default-src", ()):
        for name in became:
            directives.setdefault(name, ["'self'"])
    for name, sources in directives.items():
        if "'self'" in sources:
            kept = [source for source in sources if source != "'self'"]
            directives[name] = list(dict.fromkeys([*became.get(name, []), *kept])) or ["'none'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def data_uri(path: str, content: bytes) -> str:
    """Return the file of this `path` and `content` as an address that holds it."""
    kind = KINDS.get(ending_of(path), FALLBACK_KIND)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def ending_of(path: str) -> str:
    """Return the ending of a file's name in small letters, with its dot."""
    return PurePosixPath(path).suffix.lower()


def can_be_shared(path: str, content: bytes) -> bool:
    """Say whether it is one of our own pictures, of known form, and large enough to gain by it."""
    return len(content) >= LEAST_SHARED and path.startswith(f"{PICTURE_FOLDER}/")


def mailable(path: str, content: bytes) -> bytes:
    """Return a picture of ours, if it is large, with a loss."""
    if len(content) < LARGE_PICTURE or ending_of(path) != ".webp":
        return content
    packed = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.save(packed, "WEBP", quality=QUALITY)
    return min(content, packed.getvalue(), key=len)


def placeholder(number: int, content: bytes) -> str:
    """Return an empty picture as large as `content`; the `number` tells it from others."""
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' id='p{number}' "
    return "data:image/svg+xml," + quote(f"{drawing}width='{width}' height='{height}'/>", "='/: ")


def sharing_style(shared: Mapping[str, str], site: Mapping[str, bytes]) -> str:
    """Return the style that lays pictures behind the empty ones in their places.

    The rules hold by what an `<img>` shows: where a script gives it another picture, they end.
    `--nv-shown` is the part of the picture that a tile shows (08-tiles.css).
    While they hold nothing may overrule them, since there would be no picture.
    """
    rules = [
        f'img[src="{empty}"]{{background:url({data_uri(path, site[path])}) '
        "var(--nv-shown,0 0/100% 100%) no-repeat content-box!important;"
        "-webkit-print-color-adjust:exact;print-color-adjust:exact}"
        for path, empty in shared.items()
    ]
    return within_page("\n".join(rules))


def script_text(script: bytes) -> str:
    """Return a script as it may be written in a <script>, the same script and the bytes hashed."""
    text = re.sub(r"<(?=/script|!--)", r"\\x3c", as_text(script), flags=re.IGNORECASE)
    return with_plain_ends(text)


def block(path: str, kind: str, text: str) -> str:
    """Return a block that no browser executes, with the `text` of the file at `path`."""
    return f'<script type="{kind}" data-file="{escaped(path)}">{text}</script>\n'
