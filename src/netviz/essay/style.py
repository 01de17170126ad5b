"""The style of a page, which is part of the page: no request delays the first paint.

A page's policy allows exactly this style, by its hash.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# One token of a style sheet that matters here; names of files in comments and strings are none.
CSS_TOKEN = re.compile(
    r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
    r"""|url\(\s*(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)'|(?P<bare>[^)'"\s\\]*))\s*\)""",
    re.DOTALL,
)
# What would end an address that is written without quotes.
ENDING = re.compile(r"""[\s()'"\\]""")


@dataclass(frozen=True)
class Style:
    """All style of a page, as it is written in a `<style>`, and its hash, as a policy names it."""

    text: str = field(repr=False)
    hash: str

    def seen_from(self, root: str) -> "Style":
        """Return this style for a page elsewhere, which finds the folder of this one at `root`.

        `root` is an address that ends in a slash, or is empty.
        """
        return page_style(self.text, root) if root else self


def page_style(css: str, folder: str) -> Style:
    """Return the style of a page that finds the files which `css` names in `folder`.

    `folder` is an address as the page writes it, with a slash at its end.
    """

    def moved(address: str) -> str | None:
        parts = urlsplit(address)
        is_there = parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/")
        return None if is_there else folder + address

    text = within_page(with_addresses(css, moved))
    return Style(text, source_hash(text))


def source_hash(text: str) -> str:
    """Return the hash of a style or script in a page, which a policy names between quotes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def with_addresses(css: str, change: Callable[[str], str | None]) -> str:
    """Return `css` with each address of a url() changed; for None it is kept as it is written."""

    def changed(match: re.Match[str]) -> str:
        address = match["double"] or match["single"] or match["bare"]
        other = change(address) if address else None
        return match[0] if other is None else f"url({ENDING.sub(_encoded, other)})"

    return CSS_TOKEN.sub(changed, css)


def _encoded(sign: re.Match[str]) -> str:
    return f"%{ord(sign[0]):02X}"


def within_page(css: str) -> str:
    r"""Return `css` as it may be written in a `<style>`: the same style, the bytes to be hashed.

    Nothing in it ends the element or looks like the body that comes after it, and its lines end
    in "\n" alone, as browsers read them.
    """
    return with_plain_ends(css).replace("</", "<\\/").replace("<body", "<\\62 ody")


def with_plain_ends(text: str) -> str:
    """Return `text` with the ends of lines that a browser reads, which are what it hashes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_text(content: bytes) -> str:
    """Return a style sheet or script as a browser reads it in a page that is UTF-8."""
    return content.decode("utf-8-sig", errors="replace")
