"""A page as one file, for mail or to keep: all that it shows and loads is in it.

The file is made of the published site and of nothing else, so that both say the same, and tags of
our templates, an essay's own, figures and authors are treated alike. Tags that name a file of
the site are replaced (`tags.py`); what is not understood stays as it was. It then loads nothing:
the page keeps its Content-Security-Policy, in which the site, `'self'`, gives way to what became of
its files: the hashes of exactly this script and these styles, and pictures and fonts as data.

Without script the page is as complete as in the site. What only scripts ask for, late data and the
pictures of `data-config`, is in blocks that no browser executes, `<script type="…"
data-file="PATH">`, where js/core.js finds them; they are read when the reader comes near. Data are
not compressed: that would save a twentieth of a large page, which the zip of a mail does as well,
and the figures would not work in older browsers.
"""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from netviz.essay.style import as_text, source_hash, with_addresses, within_page
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.assets import ASSET_FOLDER, DATA_FOLDER, is_hashed, late_json, late_parts
from netviz.publishing.embedding import (
    KINDS,
    block,
    can_be_shared,
    data_uri,
    ending_of,
    mailable,
    placeholder,
    script_text,
    sharing_style,
    single_policy,
)
from netviz.publishing.tags import Edit, Tag, Tags, edited, escaped, read_tags
from netviz.publishing.writer import publish, published, single_folder

ELSEWHERE = "data-elsewhere"  # on links to files that stay where the site is published
HIDDEN: Mapping[str, str | None] = {"href": None, "download": None, "hidden": ""}
NOT_EXPORTED = {"404.html"}  # an answer of a host, not a page to keep
LARGEST_DOWNLOAD = 256 * 1024  # bytes; what is larger is linked where it is published
MAILABLE = 18_000_000  # bytes; many servers take 25 MB, and a mail's own encoding adds a third
PICTURES = {
    "img": ("src",),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "video": ("poster",),
}
# One picture of a srcset: an address ends at white space, or at a comma before it.
CANDIDATE = re.compile(r"[\s,]*(?P<address>\S*[^\s,])(?P<size>[^,]*)(?:,|$)")


@dataclass(frozen=True)
class SinglePage:
    """A page as one file, and the links that lead nowhere from it, since nothing is published."""

    html: bytes
    left_out: tuple[str, ...]


def export(out: Path, site_url: str, tell: Callable[[str], None]) -> None:
    """Write each page of the site in `out` as one file, and `tell` its size in a sentence.

    Raises:
        SiteError: the disk refuses, another build will not end, or the folder for the files holds
            something that netviz did not write.
    """
    site = published(out)
    folder = single_folder(out)
    pages = {path: single_page(path, site, site_url) for path in exported_pages(site)}
    publish({path: page.html for path, page in pages.items()}, folder)
    for path, page in pages.items():
        too_large = len(page.html) > MAILABLE
        advice = "; most mail servers refuse as much: send it zipped" if too_large else ""
        tell(f"{folder / path}: the whole page, {len(page.html) / 1e6:.1f} MB{advice}")
    left_out = sorted({path for page in pages.values() for path in page.left_out})
    if left_out:
        tell(
            f"too large to come along: {', '.join(left_out)}; "
            "with site_url in essay.toml their links lead to the published site"
        )


def exported_pages(site: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the pages that are worth a file of their own."""
    return [path for path in sorted(site) if path.endswith(".html") and path not in NOT_EXPORTED]


def single_page(path: str, site: Mapping[str, bytes], site_url: str = "") -> SinglePage:
    """Return the page at `path` of the `site`, whose files are given by path, as one file.

    Links to other pages lead to where the site is published; where `site_url` is empty they lead
    to the other page's file in the same folder.
    """
    text = site[path].decode()
    page = _Page(path, text, site, site_url, read_tags(text))
    for tag in page.tags.starts:
        page.take(tag)
    return SinglePage(edited(text, page.all_edits(len(text))).encode(), tuple(page.left_out))


@dataclass
class _Page:
    """A page on its way into one file: the edits of its text, and what is put into it."""

    path: str
    text: str
    site: Mapping[str, bytes]
    site_url: str
    tags: Tags
    edits: list[Edit] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)  # the id of its link, by path
    left_out: list[str] = field(default_factory=list)
    policies: list[Tag] = field(default_factory=list)
    renewed: dict[str, str] = field(default_factory=dict)  # the hash of each style, by its old one

    def __post_init__(self) -> None:
        shown = Counter(self.file(tag.get("src")) for tag in self.tags.starts if tag.name == "img")
        self.shared = {
            path: placeholder(number, self.site[path])
            for number, (path, count) in enumerate(shown.items())
            if path and count > 1 and can_be_shared(path, self.site[path])
        }

    def file(self, address: str, base: str | None = None) -> str | None:
        """Return the path of the site's file that `address` in `base`, or the page, names."""
        try:
            parts = urlsplit(address)
        except ValueError:  # no address at all
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        folder = posixpath.dirname(self.path if base is None else base)
        path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        return path if path in self.site else None

    def _ours(self, address: str, ending: str) -> str | None:
        """Return the path of one of our own styles or scripts, by its `ending`.

        Browsers check the kind of a file, but not of what is inside the page: text that
        an author chose, such as the feed, could pass for a style.
        """
        path = self.file(address)
        if path is None or not path.startswith(f"{ASSET_FOLDER}/"):
            return None
        return path if is_hashed(path, self.site[path], ending) else None

    def take(self, tag: Tag) -> None:
        """Put what `tag` names into the page."""
        changes = self._changes(tag)
        if changes:
            self.edits.append(Edit(tag.start, tag.end, tag.changed(changes)))
        if "data-config" in tag.attributes:
            for address, path in self._named(tag.get("data-config")):
                self._add_block(address, path)

    def _changes(self, tag: Tag) -> dict[str, str | None]:
        """Return the attributes that change; a tag that goes away as a whole is edited here."""
        match tag.name:
            case "meta" if tag.get("http-equiv").lower() == "content-security-policy":
                self.policies.append(tag)
            case "link":
                return self._take_link(tag)
            case "style":
                self._take_style(tag)
            case "script" if path := self._ours(tag.get("src"), ".js"):
                self._take_script(path)
                self.edits.append(Edit(tag.start, self.tags.end_of(tag), ""))
            case "a" | "area" if tag.get("href"):
                return self._followed(tag)
            case _:
                return self._pictures(tag)
        return {}

    def _take_link(self, tag: Tag) -> dict[str, str | None]:
        """Put a style in the place of its <link>; return the changes of links of other kinds."""
        path = self.file(tag.get("href"))
        kinds = tag.get("rel").lower().split()
        if path is None:
            return {}
        if "stylesheet" in kinds:
            if self._ours(tag.get("href"), ".css") is None:
                return {}
            style = self._embedding(as_text(self.site[path]), path)
            self.styles.append(style)
            media = f' media="{escaped(tag.get("media"))}"' if tag.get("media") else ""
            self.edits.append(Edit(tag.start, tag.end, f"<style{media}>{style}</style>"))
        elif any(kind.endswith("icon") for kind in kinds):
            return {"href": data_uri(path, self.site[path])}
        elif any(kind.endswith(("preload", "prefetch")) for kind in kinds):
            self.edits.append(Edit(tag.start, tag.end, ""))
        elif self.site_url:
            return {"href": self._published(tag.get("href"))}
        elif "alternate" in kinds and path not in exported_pages(self.site):
            self.edits.append(Edit(tag.start, tag.end, ""))  # it is nowhere beside the page
        return {}

    def _take_script(self, path: str) -> None:
        """Put a script into the page, and after it the parts that it would load late."""
        for one in (path, *late_parts(self.site[path])):
            self.scripts.append(script_text(self.site[one]))

    def _take_style(self, tag: Tag) -> None:
        """Put into a style of the page the files that it names, if the policy allows it by hash."""
        start, end = self.tags.content_of(tag)
        old = self.text[start:end]
        if not any(source_hash(old) in policy.get("content") for policy in self.policies):
            return
        style = self._embedding(old, self.path)
        self.renewed[source_hash(old)] = source_hash(style)
        self.edits.append(Edit(start, end, style))

    def _embedding(self, css: str, base: str) -> str:
        """Return a style sheet with the files in it that it names, as seen from the file `base`."""

        def embedded(address: str) -> str | None:
            named = self.file(address, base)
            if named is None:
                return None
            if KINDS.get(ending_of(named), "").startswith("font/"):
                self._add_licences(posixpath.dirname(named))
            return data_uri(named, self.site[named])

        return within_page(with_addresses(css, embedded))

    def _add_licences(self, folder: str) -> None:
        """Let the texts beside a font travel with it, as its licence asks."""
        for path in sorted(self.site):
            if posixpath.dirname(path) == folder and path.endswith(".txt"):
                text = as_text(self.site[path]).replace("<!--", "<! --").replace("</", "< /")
                self.blocks.setdefault(path, block(path, "text/plain", text))

    def _pictures(self, tag: Tag) -> dict[str, str | None]:
        """Return the changes of a tag that shows pictures; of any other there are none."""
        changes: dict[str, str | None] = {}
        for attribute in PICTURES.get(tag.name, ()):
            if path := self.file(tag.get(attribute)):
                changes[attribute] = (
                    self.shared[path]
                    if path in self.shared and tag.name == "img" and not tag.get("srcset")
                    else data_uri(path, self.site[path])
                )
        if tag.name in ("img", "source") and tag.get("srcset"):
            changes["srcset"] = self._source_set(tag.get("srcset"))
        return changes

    def _source_set(self, written: str) -> str:
        """Return the `srcset` with the pictures that it chooses among in it."""
        candidates = []
        for match in CANDIDATE.finditer(written):
            path = self.file(match["address"])
            address = data_uri(path, self.site[path]) if path else match["address"]
            candidates.append(f"{address} {match['size'].strip()}".strip())
        return ", ".join(candidates)

    def _followed(self, tag: Tag) -> dict[str, str | None]:
        """Return the changes of a link that a reader may follow."""
        href = tag.get("href")
        path = self.file(href)
        if path == self.path:
            return {"href": f"#{urlsplit(href).fragment}"}
        if path is None:
            return {}
        if path in exported_pages(self.site):
            return {"href": self._published(href)} if self.site_url else {}
        return self._downloaded(tag, path)

    def _downloaded(self, tag: Tag, path: str) -> dict[str, str | None]:
        """Return the changes of a link to a file; the first link to it holds it."""
        content = self.site[path]
        if ELSEWHERE in tag.attributes:  # of every figure, so that copies would be many
            if not self.site_url:
                return dict(HIDDEN)
            return {"href": self._published(tag.get("href"))}
        if path in self.downloads:
            return {"href": f"#{self.downloads[path]}"}
        if len(content) > LARGEST_DOWNLOAD and path != MEASUREMENTS_NAME:
            if self.site_url:
                return {"href": self._published(tag.get("href"))}
            if path not in self.left_out:
                self.left_out.append(path)
            return {"href": None}
        self.downloads[path] = tag.get("id") or f"nv-file-{len(self.downloads) + 1}"
        return {
            "href": data_uri(path, content),
            "download": posixpath.basename(path),
            "data-file": path,
            "id": self.downloads[path],
        }

    def _published(self, href: str) -> str:
        """Return the address of what `href` names in the site that is published."""
        parts = urlsplit(href)
        path = self.file(href) or parts.path
        address = self.site_url + quote(path.removesuffix("index.html"))
        return f"{address}#{parts.fragment}" if parts.fragment else address

    def _named(self, config: str) -> Iterator[tuple[str, str]]:
        """Yield each address of a file of the site in a figure's configuration, and its path."""
        try:
            found = json.loads(config)
        except ValueError:  # an author's own, of which its script makes what it can
            return
        for text in _texts(found):
            if path := self.file(text):
                yield text, path

    def _add_block(self, address: str, path: str) -> None:
        """Put late data, or a picture that a script shows, where core.js finds it by `address`."""
        if address in self.blocks:
            return
        if path.startswith(f"{DATA_FOLDER}/"):
            # In JSON, "<" is only in strings, where it may be written so.
            value = late_json(self.site[path]).decode().replace("<", "\\u003c")
            self.blocks[address] = block(address, "application/json", value)
        else:
            content = mailable(path, self.site[path])
            self.blocks[address] = block(address, "text/plain", data_uri(path, content))

    def all_edits(self, length: int) -> list[Edit]:
        """Return every edit of the page, whose text has this `length`."""
        at_head = self.tags.ends.get("head", ((0, 0),))[0][0]
        at_end = self.tags.ends.get("body", ((length, length),))[-1][0]
        if self.shared:
            self.styles.append(sharing_style(self.shared, self.site))
            self.edits.append(Edit(at_head, at_head, f"<style>{self.styles[-1]}</style>\n"))
        # The script comes last, as if it were deferred: it finds the page and all blocks there.
        scripts = [f"<script>{script}</script>\n" for script in self.scripts]
        self.edits.append(Edit(at_end, at_end, "".join([*self.blocks.values(), *scripts])))
        return [*self.edits, *(self._policy(tag) for tag in self.policies)]

    def _policy(self, tag: Tag) -> Edit:
        policy = tag.get("content")
        for old, new in self.renewed.items():
            policy = policy.replace(old, new)
        content = single_policy(policy, self.scripts, self.styles)
        return Edit(tag.start, tag.end, tag.changed({"content": content}))


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
