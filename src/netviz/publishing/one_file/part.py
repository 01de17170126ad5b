"""What the parts of a page as one file are read from, and what each of them gives."""

import base64
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from netviz.essay.addresses import published_path
from netviz.essay.markup import split
from netviz.publishing.tags import Edit

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


@dataclass(frozen=True)
class Origin:
    """The page at `path` of a `site`, whose files are given by path.

    `site_url` is the address where the site is published, or empty where nobody has said yet.
    """

    path: str
    site: Mapping[str, bytes]
    site_url: str

    def file(self, address: str, base: str | None = None) -> str | None:
        """Return the path of the site's file that `address` in `base`, or the page, names."""
        parts = split(address)
        if parts is None or not parts.path:
            return None
        folder = posixpath.dirname(self.path if base is None else base)
        path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        return path if path in self.site else None

    def held(self, path: str) -> str:
        """Return the file at `path` as an address that holds it."""
        return data_uri(path, self.site[path])

    def holding(self, address: str) -> str:
        """Return `address`, or where it names a file of the site, one that holds the file."""
        path = self.file(address)
        return address if path is None else self.held(path)

    def published(self, path: str, address: str) -> str:
        """Return where the file at `path`, which `address` names, is published."""
        fragment = urlsplit(address).fragment
        whole = self.site_url + quote(published_path(path))
        return f"{whole}#{fragment}" if fragment else whole


@dataclass(frozen=True)
class Part:
    """What becomes of one kind of things of a page.

    `styles` and `scripts` are the texts that stand in the page in the place of files, `renewed`
    the hash of each style that stood in it, with the new one; `left_out` are the paths of files
    that links lead to no more.
    """

    edits: tuple[Edit, ...] = ()
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    renewed: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        """Return both as one."""
        return Part(
            self.edits + other.edits,
            self.styles + other.styles,
            self.scripts + other.scripts,
            self.renewed + other.renewed,
            self.left_out + other.left_out,
        )


def data_uri(path: str, content: bytes) -> str:
    """Return the file of this `path` and `content` as an address that holds it."""
    return f"data:{kind_of(path)};base64,{base64.b64encode(content).decode()}"


def kind_of(path: str) -> str:
    """Return the media type of a file by the ending of its name."""
    return KINDS.get(PurePosixPath(path).suffix.lower(), FALLBACK_KIND)
