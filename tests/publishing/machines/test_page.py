"""A page as markdown, what it says of itself, and the list of the site, without a build."""

from dataclasses import replace

import pytest

from netviz.essay.figure_texts import FigureText
from netviz.essay.front_matter import FrontMatter
from netviz.essay.languages import ENGLISH, Catalogue, Language
from netviz.essay.loaded import Loaded
from netviz.essay.manuscript import Manuscript
from netviz.essay.page import PageLink, Surroundings, Version
from netviz.essay.sources import DataSource
from netviz.essay.style import page_style
from netviz.publishing.machines.description import described
from netviz.publishing.machines.list import site_list
from netviz.publishing.machines.page import markdown_path, page_markdown, site_address

URL = "https://example.org/nets/"
OURS = DataSource("MNIST", "They, 1998.", "Free.", "https://example.org/mnist", is_ours=True)
THEIRS = DataSource("Weeds", "", "Mine [all]", "ask at the door", is_ours=False)
AROUND = Surroundings(
    loaded=Loaded(page_style("", ""), "s.js", (), {}),
    site_url="",
    path="a page.html",
    card="assets/card.png",
    is_sample=False,
    pages=(PageLink("a page.html", "Nets"),),
    sources=(OURS, THEIRS),
    markdown="a page.md",
)
FRONT = FrontMatter("Nets", "About nets.", ("A. Author", "B"), "2026-01-31", subtitle="Small ones")
TEXT = Manuscript(
    front=FRONT,
    html='<p>As <a href="#fig-a">Figure 1</a>, <a href="b.html#c">there</a>:</p>\n'
    '<div class="nv-figure-marker" id="fig-a"></div>',
    headings=(),
    words=300,
    calls=(),
    claims=(),
    keys=frozenset({"networks.one.test.accuracy"}),
    language=ENGLISH,
)
FIGURE = FigureText("fig-a", 1, "It <shows> 3.", "What <em>it</em> is.", ("It may know them.",))
PAGE = """\
# Nets

*Small ones*

A. Author · B · 2026-01-31 · [a page.html](a%20page.html)

As [Figure 1](a%20page.html#fig-a), [there](b.html#c):

> **[Figure 1](a%20page.html#fig-a).** It &lt;shows> 3.
>
> What *it* is. It may know them.

---

Every number on this page was measured when it was built: [measurements.json](measurements.json).

Where the data come from:

- **MNIST.** They, 1998. Free. [https://example.org/mnist](https://example.org/mnist)
- **Weeds.** Mine \\[all\\] ask at the door
"""


def test_a_page_is_its_text_its_figures_in_words_and_its_sources() -> None:
    assert page_markdown(TEXT, [FIGURE], AROUND) == PAGE


def test_addresses_are_full_ones_where_the_site_has_one() -> None:
    written = page_markdown(TEXT, [FIGURE], replace(AROUND, site_url=URL))
    assert f"[Figure 1]({URL}a%20page.html#fig-a)" in written
    assert f"[there]({URL}b.html#c)" in written
    assert f"({URL}measurements.json)" in written


def test_it_leads_to_the_same_page_in_other_languages() -> None:
    spanish = Version("es", "Español", "a page.es.html", f"{URL}a%20page.es.html")
    english = Version("en", "English", "a page.html", f"{URL}a%20page.html")
    written = page_markdown(TEXT, [FIGURE], replace(AROUND, versions=(english, spanish)))
    head = PAGE.partition("As [Figure")[0]
    assert written == PAGE.replace(head, f"{head}[Español](a%20page.es.md)\n\n")


@pytest.mark.parametrize(
    ("address", "alone", "published"),
    [
        ("#here", "index.html#here", f"{URL}#here"),
        ("index.html", "index.html", URL),
        ("docs/index.html#a", "docs/index.html#a", f"{URL}docs/#a"),
        ("reindex.html#a", "reindex.html#a", f"{URL}reindex.html#a"),
        ("b.html#fig-a?x=1", "b.html#fig-a?x=1", f"{URL}b.html#fig-a?x=1"),
        ("https://a.org/b#c", "https://a.org/b#c", "https://a.org/b#c"),
        ("mailto:a@b.org", "mailto:a@b.org", "mailto:a@b.org"),
        ("//a.org/b", "//a.org/b", "//a.org/b"),
    ],
)
def test_an_address_holds_beside_the_page_or_anywhere(
    address: str, alone: str, published: str
) -> None:
    around = replace(AROUND, path="index.html")
    assert site_address(around, address) == alone
    assert site_address(replace(around, site_url=URL), address) == published


def test_a_page_of_the_sample_and_a_draft_say_so_in_every_form() -> None:
    around = replace(AROUND, is_sample=True)
    draft = replace(TEXT, front=replace(FRONT, draft=True))
    for written in (page_markdown(draft, [FIGURE], around), site_list({"a": draft}, {"a": around})):
        assert "> **Built from a small sample.** The networks on this page saw a few" in written
        assert "**This page is a draft.**" in written
    assert "\n\n> **This page is a draft.**\n\n" in page_markdown(draft, [FIGURE], around)
    assert described(draft, around)["creativeWorkStatus"] == (
        "Draft; Built from a small sample of its data sets"
    )
    assert "creativeWorkStatus" not in described(TEXT, AROUND)


def test_the_list_tells_of_the_sample_if_any_page_measured_it_and_which_pages_are_drafts() -> None:
    plain = replace(TEXT, keys=frozenset())
    draft = replace(TEXT, front=replace(FRONT, draft=True))
    around = replace(AROUND, is_sample=True)
    written = site_list({"a": plain, "b": draft}, {"a": around, "b": around})
    assert "# Nets\n\n> About nets.\n\n> **Built from a small sample.** The networks" in written
    assert "(a.md): About nets.\n" in written
    assert "(b.md): About nets. **This page is a draft.**\n" in written


def test_a_page_that_measures_nothing_says_nothing_of_measurements() -> None:
    plain = replace(TEXT, keys=frozenset())
    around = replace(AROUND, site_url=URL, is_sample=True, sources=())
    found = described(plain, around)
    assert found["@type"] == "Article"
    assert "hasPart" not in found
    assert "isBasedOn" not in found
    assert "creativeWorkStatus" not in found
    for written in (page_markdown(plain, [], around), site_list({"a": plain}, {"a": around})):
        assert "easure" not in written
        assert "sample" not in written


def test_a_page_names_its_authors_its_day_and_its_data_sets() -> None:
    assert described(TEXT, AROUND) == {
        "@context": "https://schema.org",
        "@type": ["Article", "LearningResource"],
        "headline": "Nets",
        "alternativeHeadline": "Small ones",
        "description": "About nets.",
        "inLanguage": "en",
        "author": [{"name": "A. Author"}, {"name": "B"}],
        "datePublished": "2026-01-31",
        "timeRequired": "PT2M",
        "isBasedOn": [
            {
                "@type": "Dataset",
                "name": "MNIST",
                "citation": "They, 1998.",
                "license": {"@type": "CreativeWork", "description": "Free."},
                "url": "https://example.org/mnist",
            },
            {
                "@type": "Dataset",
                "name": "Weeds",
                "license": {"@type": "CreativeWork", "description": "Mine [all]"},
            },
        ],
    }


def test_addresses_are_told_where_the_site_has_one_and_are_full() -> None:
    found = described(TEXT, replace(AROUND, site_url=URL))
    assert found["url"] == f"{URL}a%20page.html"
    assert found["image"] == f"{URL}assets/card.png"
    assert found["encoding"]["contentUrl"] == f"{URL}a%20page.md"
    assert found["hasPart"]["distribution"]["contentUrl"] == f"{URL}measurements.json"


def test_a_translation_names_its_original_and_the_original_its_translations() -> None:
    versions = (
        Version("en", "English", "index.html", URL),
        Version("es", "Español", "index.es.html", f"{URL}index.es.html"),
    )
    around = replace(AROUND, site_url=URL, path="index.html", versions=versions)
    assert described(TEXT, around)["workTranslation"] == [{"@id": f"{URL}index.es.html"}]
    translated = described(TEXT, replace(around, path="index.es.html"))
    assert translated["translationOfWork"] == {"@id": URL}
    assert "workTranslation" not in translated


def test_the_list_names_pages_by_language_measurements_and_licences() -> None:
    other = replace(TEXT, front=replace(FRONT, title="More [nets]"))
    spanish = replace(other, language=Language("es", Catalogue(name="Español")))
    texts = {"index.html": TEXT, "b.html": other, "b.es.html": spanish}
    surroundings = {path: replace(AROUND, path=path) for path in texts}
    assert (
        site_list(texts, surroundings)
        == """\
# Nets

> About nets.

## Pages

- [Nets](index.md): About nets.
- [More \\[nets\\]](b.md): About nets.

## Español

- [More \\[nets\\]](b.es.md): About nets.

## Measurements

- [measurements.json](measurements.json): Every number of these pages, as it was measured

## Data sets

- [MNIST](https://example.org/mnist): They, 1998. Free.
- Weeds: Mine \\[all\\] ask at the door
"""
    )


def test_the_markdown_of_a_page_lies_beside_it() -> None:
    assert markdown_path("index.es.html") == "index.es.md"
