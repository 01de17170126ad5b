"""Looking over an essay and its built site as a careful reader would.

In the essay: numbers typed by hand, networks that nothing reads. In the site: links, ids,
text alternatives, what the page's policy forbids, weight.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from netviz.errors import EssayError, NetvizError, Place, SiteError, nearest_name
from netviz.essay.settings import SETTINGS_NAME
from netviz.essay.typed_numbers import typed_numbers
from netviz.site.build import open_essay

LINKING = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}
# Links of these kinds are followed, not loaded, and may lead to other hosts.
FOLLOWED = ("alternate", "author", "canonical", "license")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass
class _Page(HTMLParser):
    """What a page's markup says about itself."""

    file: Path
    site_url: str
    ids: Counter[str] = field(default_factory=Counter)
    links: list[tuple[str, int]] = field(default_factory=list)
    faults: list[SiteError] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        line = self.getpos()[0]
        if identifier := attributes.get("id"):
            self.ids[identifier] += 1
        if target := attributes.get(LINKING.get(tag, "")):
            target = self._relative(target)
            self.links.append((target, line))
            self._check_host(target, tag, attributes.get("rel"), line)
        if tag == "img" and "alt" not in attributes:
            self._fault("a picture has no text alternative", line, "an alt attribute", tag)
        if "style" in attributes or tag == "style":
            self._forbidden("an inline style", line, "a class", tag)
        if tag == "script" and not attributes.get("src"):
            self._forbidden("an inline script", line, "src", tag)
        if any(name.startswith("on") for name in attributes):
            self._forbidden("an inline handler of events", line, "a listener in a script", tag)

    handle_startendtag = handle_starttag

    def _relative(self, target: str) -> str:
        """Return an address within the published site as one from its root, others as they are."""
        if self.site_url and target.startswith(self.site_url):
            return target.removeprefix(self.site_url) or "./"
        return target

    def _check_host(self, target: str, tag: str, rel: str | None, line: int) -> None:
        parts = urlsplit(target)
        if parts.scheme == "javascript":
            self._forbidden("an inline script", line, "src", tag)
        elif tag == "a" or (rel or "") in FOLLOWED:
            return
        elif parts.netloc:
            self._forbidden("a file of another host", line, "a file of the site", tag)

    def _forbidden(self, what: str, line: int, expected: str, tag: str) -> None:
        self._fault(f"{what}, which the page's policy forbids", line, expected, tag)

    def _fault(self, problem: str, line: int, expected: str, tag: str) -> None:
        place = Place(self.file, line)
        self.faults.append(SiteError(problem, place=place, expected=expected, got=f"<{tag}>"))


def check_essay(folder: Path) -> list[NetvizError]:
    """Return the faults of the essay in `folder` that can be seen before it is built.

    Raises:
        EssayError: the essay cannot be opened at all.
    """
    essay = open_essay(folder)
    faults: list[NetvizError] = []
    texts = {page: page.read_text(encoding="utf-8") for page in essay.pages}
    for page, text in texts.items():
        faults += [number.fault for number in typed_numbers(page, text)]
    calls = "\n".join(code for text in texts.values() for code in JINJA.findall(text))
    for kind, names in (("network", essay.settings.networks), ("sweep", essay.settings.sweeps)):
        for name in names:
            if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", calls):
                place = Place(folder / SETTINGS_NAME)
                remedy = "Remove it, or write about it."
                faults.append(
                    EssayError(f"no page reads the {kind} {name!r}", place=place, remedy=remedy)
                )
    return faults


def check_site(site: Path, page_budget_kb: int, site_url: str = "") -> list[SiteError]:
    """Return the faults of the site in the folder `site`, page by page.

    `page_budget_kb` bounds what a page may weigh compressed before its reader does anything:
    the HTML, its styles and its script. What begins with `site_url` is of the site itself.
    """
    pages = {file: _read(file, site_url) for file in sorted(site.glob("*.html"))}
    faults: list[SiteError] = []
    for page in pages.values():
        faults += page.faults
        faults += _repeated_ids(page)
        faults += _broken_links(page, pages, site)
        faults += _weight(page, site, page_budget_kb)
    return faults


def _read(file: Path, site_url: str) -> _Page:
    page = _Page(file, site_url)
    page.feed(file.read_text(encoding="utf-8"))
    page.close()
    return page


def _repeated_ids(page: _Page) -> Iterator[SiteError]:
    for identifier, count in page.ids.items():
        if count > 1:
            yield SiteError(f"the id {identifier!r} stands {count} times", place=Place(page.file))


def _broken_links(page: _Page, pages: dict[Path, _Page], site: Path) -> Iterator[SiteError]:
    for target, line in page.links:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        place = Place(page.file, line)
        file = (page.file.parent / unquote(parts.path)) if parts.path else page.file
        if file.is_dir():
            file = file / "index.html"
        if not file.exists() or not file.resolve().is_relative_to(site.resolve()):
            known = [other.relative_to(site).as_posix() for other in site.rglob("*")]
            yield SiteError(
                f"a link leads nowhere: {target}",
                place=place,
                nearest=nearest_name(parts.path, known),
            )
        elif parts.fragment and file in pages and parts.fragment not in pages[file].ids:
            yield SiteError(
                f"a link leads to no anchor: {target}",
                place=place,
                nearest=nearest_name(parts.fragment, pages[file].ids),
            )


def _weight(page: _Page, site: Path, budget_kb: int) -> Iterator[SiteError]:
    files = {page.file}
    for target, _ in page.links:
        file = page.file.parent / target
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
