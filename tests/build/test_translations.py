"""A page in two languages: what ties them together, and what is told when they come apart."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.essays import FRONT, SETTINGS, build, netviz

URL = "https://example.org/nets/"
ORIGINAL = (
    FRONT
    + """
## First

{% claim number("networks.digits.test.accuracy") > 0 %}It gets
{{ value("networks.digits.test.accuracy", "percent") }} right{% endclaim %}; see [](#fig-weights).

{% claim number("networks.digits.seed") == 1 %}The seed is one.{% endclaim %}

{{ figure("weights", network="digits") }}

### Then

The end.
"""
)
TRANSLATION = """\
---
title: Una prueba
description: Un ensayo de prueba.
authors: [A]
date: 2026-01-02
---

## Primero

{% claim %}Acierta el
{{ value("networks.digits.test.accuracy", "percent") }}{% endclaim %}; véase [](#fig-weights).

{% claim %}La semilla es uno.{% endclaim %}

{{ figure("weights", network="digits") }}

### Después

El final.
"""


def write(folder: Path, translation: str = TRANSLATION) -> Path:
    (folder / "templates" / "languages").mkdir(parents=True, exist_ok=True)
    (folder / "essay.toml").write_text(f'site_url = "{URL}"\n{SETTINGS}', encoding="utf-8")
    (folder / "index.md").write_text(ORIGINAL, encoding="utf-8")
    (folder / "index.es.md").write_text(translation, encoding="utf-8")
    own = '[text]\n"one layer" = "una capa"\n'
    (folder / "templates" / "languages" / "es.toml").write_text(own, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an essay in two languages, built."""
    folder = tmp_path_factory.mktemp("languages") / "essay"
    finished = build(write(folder))
    assert finished.returncode == 0, finished.stderr
    assert "is missing" not in finished.stderr, finished.stderr
    return folder


def page(built: Path, name: str) -> str:
    return (built.parent / "build" / "site" / name).read_text(encoding="utf-8")


def test_what_netviz_says_follows_the_language(built: Path) -> None:
    spanish = page(built, "index.es.html")
    for shown in (
        '<html lang="es"',
        "Figura 1</a>",
        "Pesos de 3",
        "2 de enero de 2026",
        "Contenido",
    ):
        assert shown in spanish
    for hidden in ("Weights of", "Figure", "Contents", "one layer"):
        assert hidden not in spanish
    assert "Weights of 3" in page(built, "index.html")


def test_both_show_the_same_measurements_each_in_its_form(built: Path) -> None:
    found = [
        re.findall(r'<data class="nv-value" value="(.+?)" data-key="(.+?)".*?>(.+?)</data>', text)
        for text in (page(built, "index.html"), page(built, "index.es.html"))
    ]
    ((value, key, english),), ((again, same, spanish),) = found
    assert (value, key) == (again, same)
    assert english.replace(".", ",").replace("%", "\N{NO-BREAK SPACE}%") == spanish


def test_a_page_runs_as_the_language_that_its_front_matter_names(tmp_path: Path) -> None:
    essay = tmp_path / "essay"
    essay.mkdir()
    (essay / "essay.toml").write_text("", encoding="utf-8")
    named = {"index": "en", "persian": "fa-IR", "romanised": "ar-Latn"}
    for name, tag in named.items():
        front = f"title: T\ndescription: D.\nauthors: [A]\ndate: 2026-01-02\nlanguage: {tag}\n"
        (essay / f"{name}.md").write_text(f"---\n{front}---\n\nText.\n", encoding="utf-8")
    finished = build(essay)
    assert finished.returncode == 0, finished.stderr
    starts = [page(essay, f"{name}.html").splitlines()[1] for name in named]
    assert starts == [
        '<html lang="en" dir="ltr">',
        '<html lang="fa-IR" dir="rtl">',
        '<html lang="ar-Latn" dir="ltr">',
    ]


def test_headings_have_the_same_ids_so_that_a_link_serves_both(built: Path) -> None:
    ids = [re.findall(r'<h[23] id="(.+?)"', page(built, name)) for name in PAGES]
    assert ids[0] == ids[1] == ["first", "then"]


def test_the_pages_lead_to_each_other(built: Path) -> None:
    for name in PAGES:
        html = page(built, name)
        for tag, address in {"en": URL, "es": f"{URL}index.es.html", "x-default": URL}.items():
            assert f'<link rel="alternate" hreflang="{tag}" href="{address}">' in html
        assert 'href="index.es.html" lang="es" hreflang="es"' in html
        assert html.count('aria-current="page"') == 1


PAGES = ("index.html", "index.es.html")


def test_the_sitemap_and_the_feed_know_both(built: Path) -> None:
    sitemap = ET.fromstring(page(built, "sitemap.xml"))  # noqa: S314 - our own
    names = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    urls = sitemap.findall("s:url", names)
    assert [url.findtext("s:loc", "", names) for url in urls] == [URL, f"{URL}index.es.html"]
    for url in urls:
        tags = [link.get("hreflang") for link in url.findall("x:link", names)]
        assert tags == ["en", "x-default", "es"]
    assert '<entry xml:lang="es">' in page(built, "feed.xml")


def test_a_claim_is_measured_once(built: Path) -> None:
    claims = json.loads(page(built, "measurements.json"))["claims"]
    assert [claim["file"] for claim in claims] == ["index.md", "index.md"]
    assert page(built, "index.es.html").count('class="nv-claim"') == 2


def test_the_site_and_the_essay_have_no_faults(built: Path) -> None:
    checked = netviz(built, "check")
    assert checked.returncode == 0, checked.stderr


def test_a_text_that_is_missing_is_told_and_written_down_until_it_is_there(
    built: Path, tmp_path: Path
) -> None:
    shutil.copytree(built.parent, tmp_path, dirs_exist_ok=True)
    catalogue = tmp_path / "essay" / "templates" / "languages" / "es.toml"
    kept = catalogue.read_text(encoding="utf-8")
    catalogue.write_text("", encoding="utf-8")
    told = build(tmp_path / "essay")
    assert told.returncode == 0
    assert "languages/es.toml is missing 1 text, such as" in told.stderr
    missing = tmp_path / "build" / "cache" / "missing" / "es.toml"
    written = missing.read_text(encoding="utf-8")
    assert '\n\n# index.es.md\n"one layer" = ""\n' in written
    assert "seed 1" not in written  # the sentence around the title is there, with holes
    assert tomllib.loads(written)["text"].items() >= {"one layer": ""}.items()
    catalogue.write_text(kept, encoding="utf-8")
    assert "is missing" not in build(tmp_path / "essay").stderr
    assert not missing.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{% claim %}La semilla es uno.{% endclaim %}", "", "a claim of the original is not"),
        ("### Después", "Después", "headings of its original"),
        ('"networks.digits.test.accuracy"', '"networks.digits.counts.test"', "does not show the"),
        ("El final.", "{% claim %}Una más.{% endclaim %}", "this claim has no condition"),
        ("El final.", "Un 92,3 % justo.", "this number is typed by hand"),
    ],
)
def test_a_translation_that_comes_apart_from_its_original_is_refused(
    built: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    shutil.copytree(built.parent, tmp_path, dirs_exist_ok=True)
    assert old in TRANSLATION
    write(tmp_path / "essay", TRANSLATION.replace(old, new, 1))
    checked = netviz(tmp_path / "essay", "check")
    assert checked.returncode == 1
    (told,) = checked.stdout.splitlines()
    assert said in told
    assert told.startswith("essay/index.es.md")


def test_a_false_claim_of_the_original_is_told_once(built: Path, tmp_path: Path) -> None:
    """Its sentence stands in both languages, its condition in one."""
    shutil.copytree(built.parent, tmp_path, dirs_exist_ok=True)
    text = ORIGINAL.replace(
        'number("networks.digits.seed") == 1', 'number("networks.digits.seed") == 2'
    )
    (tmp_path / "essay" / "index.md").write_text(text, encoding="utf-8")
    told = build(tmp_path / "essay")
    assert "this claim does not hold: “The seed is one.”" in told.stderr


def test_the_sources_of_the_data_stand_on_each_page_in_its_language(built: Path) -> None:
    """What a work is called stays as it is; what we say of it follows the page."""
    site = built.parent / "build" / "site"
    said = {"index": "Where the data come from:", "index.es": "De dónde vienen los datos:"}
    for name, label in said.items():
        foot = (site / f"{name}.html").read_text(encoding="utf-8").rpartition("<footer")[2]
        assert label in foot
        assert "“Gradient-based learning applied to document recognition”" in foot
        assert 'href="https://yann.lecun.org/exdb/mnist/index.html"' in foot
    assert "suele difundirse bajo CC BY-SA 3.0." in foot
