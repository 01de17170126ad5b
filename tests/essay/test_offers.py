"""What a figure's menu says of where the figure is: citations and the code that shows it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from netviz.errors import Place
from netviz.essay.figure_calls import FigureCall
from netviz.essay.front_matter import FrontMatter
from netviz.essay.languages import ENGLISH
from netviz.essay.offers import FigurePlace
from netviz.figures.registry import Registry

URL = "https://example.org/nets/"
CALL = FigureCall(Registry().find("weights"), None, "fig-a", 3, None, Place("index.md", 1))
FRONT = FrontMatter("Nets & more", "D.", ("Ada L.", "The group"), "2026-01-31")
HERE = FigurePlace(FRONT, ENGLISH, "index.html", "")
THERE = replace(HERE, site_url=URL)
EMBED = "embed/index/fig-a.html"
HOSTILE = "\"'><script>alert(1)</script> {\\input{x}} 100% $x$ #1 a_b ~^"


def test_a_citation_names_authors_text_figure_day_and_address() -> None:
    cited = "Ada L., The group, “Nets & more”, Figure 3, 2026-01-31."
    assert HERE.offer(CALL).citation == cited
    assert THERE.offer(CALL).citation == f"{cited} {URL}#fig-a"
    other = replace(THERE, path="a page.html").offer(CALL)
    assert other.citation.endswith(f" {URL}a%20page.html#fig-a")
    alike = replace(THERE, path="reindex.html").offer(CALL)
    assert alike.citation.endswith(f" {URL}reindex.html#fig-a")


def key(title: str, path: str) -> str:
    entry = replace(HERE, front=replace(FRONT, title=title), path=path).offer(CALL).bibtex
    return entry.removeprefix("@misc{").partition(",")[0]


def test_entries_of_two_pages_have_two_keys_in_whatever_letters_their_titles_are() -> None:
    assert key("Épées, ñandús & Ærø", "a.html") == "epees-nandus-r-a-fig-a"
    assert key("Épées", "a.html") == "epees-fig-a"
    assert key("第一章", "one.html") == "one-fig-a"
    assert key("第一章", "two.html") == "two-fig-a"
    assert key("Net: 第一章", "index.ja.html") == "net-index-ja-fig-a"


def test_an_entry_for_bibtex_says_the_same() -> None:
    assert THERE.offer(CALL).bibtex == (
        "@misc{nets-more-fig-a,\n"
        "  title = {{Nets \\& more, Figure 3}},\n"
        "  author = {{Ada L.} and {The group}},\n"
        "  date = {2026-01-31},\n"
        "  year = {2026},\n"
        f"  url = {{{URL}#fig-a}}\n"
        "}"
    )
    assert "url" not in HERE.offer(CALL).bibtex


def test_no_title_or_name_ends_its_field() -> None:
    front = replace(FRONT, title=HOSTILE, authors=(HOSTILE,))
    entry = replace(THERE, front=front).offer(CALL).bibtex
    assert re.match(r"@misc\{script-alert-1-script-input-x-100-x-1-a-b-fig-a,\n", entry)
    plain = re.sub(r"\\(?:[{}#$%&_]|text\w+\{\})", "", entry)
    assert "\\" not in plain
    depth = 0
    for place, sign in enumerate(plain):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth > 0 or place < len("@misc") or place == len(plain) - 1
    assert depth == 0


class Frames(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_code_is_one_frame_whatever_the_title_says() -> None:
    front = replace(FRONT, title=HOSTILE)
    frames = Frames()
    frames.feed(replace(THERE, front=front).offer(CALL, EMBED).code)
    ((tag, attributes),) = frames.found
    assert tag == "iframe"
    assert attributes["src"] == URL + EMBED
    assert attributes["title"] == f"Figure 3: {HOSTILE}"


def test_there_is_no_code_without_a_page_or_its_address() -> None:
    assert THERE.offer(CALL).code == ""
    assert HERE.offer(CALL, EMBED).code == ""
    assert HERE.offer(CALL, EMBED).embed == EMBED
