"""Checks of a built site: what a careful reader would find.

Validity, links, ids, text alternatives, what the page's policy forbids, weight.
"""

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from netviz.errors import Place, SiteError, nearest_name, place_at
from netviz.essay.markup import split
from netviz.essay.places import read_text
from netviz.essay.policy import loosened, policy_fault
from netviz.essay.style import source_hash
from netviz.limits import reading, within_limits
from netviz.publishing.embeds import EMBED_FOLDER
from netviz.publishing.published import FILE_FOLDER, SHOWN
from netviz.publishing.validity import first_invalid

LINKING = {
    "a": "href", "area": "href", "audio": "src", "embed": "src", "iframe": "src", "img": "src",
    "input": "src", "link": "href", "object": "data", "script": "src", "source": "src",
    "track": "src", "video": "src",
}  # fmt: skip
# What browsers take for a style or a script is known by the ending of its name.
ENDINGS = {"link": ".css", "script": ".js"}
# Links of these kinds are followed, not loaded, and may lead to other hosts.
FOLLOWED = ("alternate", "author", "canonical", "license")
HASH = re.compile(r"'(sha256-[A-Za-z0-9+/=]+)'")
# What a <script> of such a type holds is run; what any other holds is data.
SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module"}
LATE_WITHOUT_SIZE = (
    "a late picture has no size before it is loaded, and some browsers never load it"
)


@dataclass
class _Page(HTMLParser):
    """What a page's markup says about itself."""

    file: Path
    site_url: str
    html: str
    ids: Counter[str] = field(default_factory=Counter)
    links: list[tuple[str, int]] = field(default_factory=list)
    faults: list[SiteError] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)  # hashes of what is allowed inline
    inline: tuple[str, int] | None = None  # the open element of that kind, and its line
    inline_text: str = ""
    is_one_file: bool = False  # it contains its script, allowed by the policy
    in_tile: bool = False  # the last tag opened a tile, whose style gives its picture a size

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        line = self.getpos()[0]
        if identifier := attributes.get("id"):
            self.ids[identifier] += 1
        if target := attributes.get(LINKING.get(tag, "")):
            self._check_target(self._relative(target), tag, attributes.get("rel"), line)
        if tag == "meta" and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            self._fault("the page sends its readers elsewhere", line, "a link", tag)
        if tag == "img":
            self._check_picture(attributes, line)
        self.in_tile = "nv-tile" in (attributes.get("class") or "").split()
        self._check_inline_parts(tag, attributes, line)

    def _check_picture(self, attributes: Mapping[str, str | None], line: int) -> None:
        if "alt" not in attributes:
            self._fault("a picture has no text alternative", line, "an alt attribute", "img")
        if not self.in_tile and _comes_late_without_size(attributes):
            expected = "width and height, or a tile of tiles.html"
            self._fault(LATE_WITHOUT_SIZE, line, expected, "img")

    def _check_inline_parts(
        self, tag: str, attributes: Mapping[str, str | None], line: int
    ) -> None:
        """Check what the page's policy says of styles, scripts and handlers in the markup."""
        if "style" in attributes:
            self._forbidden("an inline style", line, "a class", tag)
        if (attributes.get("http-equiv") or "").lower() == "content-security-policy":
            self.allowed.update(HASH.findall(attributes.get("content") or ""))
        if tag == "style" or (tag == "script" and _is_inline_script(attributes)):
            self.inline, self.inline_text = (tag, line), ""
        if any(name.startswith("on") for name in attributes):
            self._forbidden("an inline handler of events", line, "a listener in a script", tag)

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self.inline is not None:
            self.inline_text += data

    def handle_endtag(self, tag: str) -> None:
        self.in_tile = False
        if self.inline is not None and self.inline[0] == tag:
            self._check_inline(*self.inline)
            self.inline = None

    def close(self) -> None:
        super().close()
        if self.inline is not None:  # never ended
            self._check_inline(*self.inline)

    def _check_inline(self, tag: str, line: int) -> None:
        if source_hash(self.inline_text) in self.allowed:
            self.is_one_file |= tag == "script"
        elif tag == "style":
            self._forbidden("an inline style", line, "a class", tag)
        else:
            self._forbidden("an inline script", line, "src", tag)

    def _relative(self, target: str) -> str:
        """Return an address within the published site as one from its root, others as they are."""
        if self.site_url and target.startswith(self.site_url):
            return target.removeprefix(self.site_url) or "./"
        return target

    def _check_target(self, target: str, tag: str, rel: str | None, line: int) -> None:
        try:
            parts = urlsplit(target)
        except ValueError:
            self._fault("an address that cannot be read", line, "a path, or a whole address", tag)
            return
        self.links.append((target, line))
        self._check_host(parts, tag, rel, line)
        self._check_kind(parts, tag, rel, line)

    def _check_host(self, parts: SplitResult, tag: str, rel: str | None, line: int) -> None:
        if parts.scheme == "javascript":
            self._forbidden("an inline script", line, "src", tag)
        elif tag in ("a", "area") or (rel or "") in FOLLOWED:
            return
        elif parts.netloc:
            self._forbidden("a file of another host", line, "a file of the site", tag)

    def _check_kind(self, parts: SplitResult, tag: str, rel: str | None, line: int) -> None:
        ending = ENDINGS.get(tag, "")
        is_used = tag == "script" or "stylesheet" in (rel or "").lower().split()
        if is_used and not parts.path.endswith(ending):
            self._fault("a file of another kind, which browsers refuse", line, ending, tag)

    def _forbidden(self, what: str, line: int, expected: str, tag: str) -> None:
        self._fault(f"{what}, which the page's policy forbids", line, expected, tag)

    def _fault(self, problem: str, line: int, expected: str, tag: str) -> None:
        place = Place(self.file, line)
        self.faults.append(SiteError(problem, place=place, expected=expected, got=f"<{tag}>"))


def _is_inline_script(attributes: Mapping[str, str | None]) -> bool:
    kind = (attributes.get("type") or "").strip().lower()
    return not attributes.get("src") and kind in SCRIPT_TYPES


def _comes_late_without_size(attributes: Mapping[str, str | None]) -> bool:
    is_late = (attributes.get("loading") or "").lower() == "lazy"
    return is_late and not (attributes.get("width") and attributes.get("height"))


def check_site(
    site: Path,
    page_budget_kb: int,
    site_url: str = "",
    essay: Path | None = None,
    picture_budget_kb: int = 2000,
) -> list[SiteError]:
    """Return the faults of the site in the folder `site`, page by page.

    A broken link is reported at its place in the markdown of the folder `essay`, if it is there.

    `page_budget_kb` bounds what a page may weigh compressed before its reader does anything:
    the HTML, its styles and its script; a page exported as one file brings all at once and has
    no such bound. `picture_budget_kb` bounds what an author's own pictures on it weigh. What
    begins with `site_url` is of the site itself.
    """
    files = sorted([*site.glob("*.html"), *site.glob(f"{EMBED_FOLDER}/**/*.html")])
    pages = {file: _read(file, site_url) for file in files}
    faults: list[SiteError] = []
    for page in pages.values():
        text = essay / f"{page.file.stem}.md" if essay is not None else None
        faults += page.faults
        with reading(page.file):
            faults += _loosened(page)
            faults += _invalid(page, text)
            faults += _repeated_ids(page)
            faults += _broken_links(page, pages, site, text)
            if not page.is_one_file:
                faults += _weight(page, site, page_budget_kb)
                faults += _picture_weight(page, site, picture_budget_kb)
    return faults


def _loosened(page: _Page) -> Iterator[SiteError]:
    """Yield what the page allows beyond our policy without a reason."""
    more = loosened(page.html, is_one_file=page.is_one_file)
    if more is not None:
        yield policy_fault(SiteError, more, Place(page.file))


@within_limits
def _read(file: Path, site_url: str) -> _Page:
    page = _Page(file, site_url, file.read_text(encoding="utf-8"))
    page.feed(page.html)
    page.close()
    return page


def _invalid(page: _Page, text: Path | None) -> Iterator[SiteError]:
    if (found := first_invalid(page.html)) is not None:
        lines = page.html.splitlines()
        line = lines[min(found.line, len(lines)) - 1].strip()
        yield SiteError(
            f"the HTML is not valid: {found.problem}",
            place=_written_line(text, line) or Place(page.file, found.line, found.column),
            got=found.tag,
        )


def _written_line(text: Path | None, line: str) -> Place | None:
    """Return the place of a line of the page in the markdown `text`, if it is there just once."""
    if text is None or not text.is_file() or not line:
        return None
    written = read_text(text)
    return place_at(text, written, written.index(line)) if written.count(line) == 1 else None


def _repeated_ids(page: _Page) -> Iterator[SiteError]:
    for identifier, count in page.ids.items():
        if count > 1:
            yield SiteError(f"{count} elements have the id {identifier!r}", place=Place(page.file))


def _broken_links(
    page: _Page, pages: dict[Path, _Page], site: Path, text: Path | None
) -> Iterator[SiteError]:
    for target, line in page.links:
        parts = split(target)
        if parts is None:
            continue
        file = _file_at(page, parts.path)
        if file.is_dir():
            file = file / "index.html"
        if not file.exists() or not file.resolve().is_relative_to(site.resolve()):
            known = [other.relative_to(site).as_posix() for other in site.rglob("*")]
            yield SiteError(
                f"a link leads nowhere: {target}",
                place=_written(text, target) or Place(page.file, line),
                nearest=nearest_name(parts.path, known),
            )
        elif file in pages and not _has_anchor(pages[file], parts.fragment):
            yield SiteError(
                f"a link leads to no anchor: {target}",
                place=_written(text, target) or Place(page.file, line),
                nearest=nearest_name(parts.fragment, pages[file].ids),
            )


def _file_at(page: _Page, path: str) -> Path:
    """Return the file at a `path` as the page writes it; the page itself where that is empty."""
    return Path(os.path.normpath(page.file.parent / unquote(path))) if path else page.file


def _has_anchor(page: _Page, fragment: str) -> bool:
    return not fragment or fragment in page.ids or unquote(fragment) in page.ids


def _written(text: Path | None, target: str) -> Place | None:
    """Return where the author of the markdown file `text` wrote a link to `target`."""
    if text is None or not text.is_file():
        return None
    written = read_text(text)
    address = re.escape(target).replace(r"\.html", r"\.(?:html|md)")
    found = re.search(rf"(?:\]\(<?|\]:\s*|href=[\"'])({address})(?=[\s\"'>)])", written)
    return place_at(text, written, found.start(1)) if found else None


def _weight(page: _Page, site: Path, budget_kb: int) -> Iterator[SiteError]:
    files = {page.file}
    for target, _ in page.links:
        parts = split(target)
        file = page.file if parts is None else _file_at(page, parts.path)
        if file.suffix in (".css", ".js") and file.is_file():
            files.add(file)
    fonts = site.glob("assets/fonts/*.woff2")
    compressed = sum(len(gzip.compress(file.read_bytes())) for file in files)
    kilobytes = (compressed + sum(font.stat().st_size for font in fonts)) / 1000
    if kilobytes > budget_kb:
        yield SiteError(
            "the page is too heavy before its reader does anything",
            place=Place(page.file),
            expected=f"at most {budget_kb} KB compressed",
            got=f"{kilobytes:.0f} KB",
            remedy="Move data out of fragments, or raise page_budget_kb in essay.toml.",
        )


def _picture_weight(page: _Page, site: Path, budget_kb: int) -> Iterator[SiteError]:
    own = {unquote(target) for target, _ in page.links if target.startswith(f"{FILE_FOLDER}/")}
    sizes = {
        path: (site / path).stat().st_size
        for path in own
        if Path(path).suffix in SHOWN and (site / path).is_file()
    }
    if sum(sizes.values()) > 1000 * budget_kb:
        heaviest = max(sizes, key=lambda path: sizes[path])
        yield SiteError(
            "the pictures of the page are too heavy",
            place=Place(page.file),
            expected=f"at most {budget_kb} KB",
            got=f"{sum(sizes.values()) / 1000:.0f} KB, most of it {heaviest}",
            remedy="Make them smaller, or raise picture_budget_kb in essay.toml.",
        )
