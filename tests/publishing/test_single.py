"""A page as one file holds what it names, loads nothing else, and is what the site is."""

import base64
import hashlib
import html
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.errors import SiteError
from netviz.essay.style import page_style, source_hash
from netviz.publishing.assets import SiteFiles
from netviz.publishing.check import check_site
from netviz.publishing.one_file.allowed import single_policy
from netviz.publishing.one_file.blocks import LARGE_PICTURE
from netviz.publishing.one_file.links import LARGEST_DOWNLOAD
from netviz.publishing.one_file.part import data_uri
from netviz.publishing.single import export, exported_pages, single_page
from netviz.publishing.tags import Tag, read_tags
from netviz.publishing.writer import MARKER, publish, single_folder

URL = "https://example.org/essays/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
STYLE = """@font-face { src: url(fonts/f.woff2) }
/* url(fonts/f.woff2) */ p::after { content: "url(fonts/f.woff2) </style>" }
.a { background: url( "../pictures/a.webp" ) }\r\n.b { background: url('nowhere.png') }
"""
AUTHORS = "{} main { display: none } /* netviz */"
SCRIPT = "'use strict';\r\nconst end = '</SCRIPT><!--';\n"
STYLE_NAME = SiteFiles().add_hashed("assets", "style", ".css", STYLE.encode())
SCRIPT_NAME = SiteFiles().add_hashed("assets", "page", ".js", SCRIPT.encode())
HEAD = f"""<!doctype html>
<html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>T</title>
<link rel="icon" href="assets/icon.svg"><link rel="stylesheet" href="{STYLE_NAME}">
<script src="{SCRIPT_NAME}" defer></script>
</head>
<body>
"""


def picture(width: int, height: int) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True)
    return file.getvalue()


def site_with(body: str, **others: bytes) -> dict[str, bytes]:
    """Return the files of a site whose first page has this `body`."""
    return {
        "index.html": f"{HEAD}{body}</body></html>\n".encode(),
        "other.html": HEAD.replace("<title>T", "<title>Other").encode(),
        "404.html": b"<!doctype html><title>Not here</title>",
        "measurements.json": b'{"networks": {}}\n',
        STYLE_NAME: STYLE.encode(),
        SCRIPT_NAME: SCRIPT.encode(),
        "assets/icon.svg": b"<svg/>",
        "assets/fonts/f.woff2": b"a font",
        "assets/fonts/f-OFL.txt": b"To all who <read> </script> <!-- this.",
        "pictures/a.webp": picture(30, 10),
        "pictures/b.webp": picture(20, 20),
        **others,
    }


def single(body: str = "", site_url: str = "", **others: bytes) -> str:
    return single_page("index.html", site_with(body, **others), site_url).html.decode()


def tags(page: str, name: str) -> list[Tag]:
    return [tag for tag in read_tags(page).starts if tag.name == name]


def texts(page: str, name: str, kind: str = "") -> list[str]:
    """Return what the elements of this `name`, and of this type where one is given, hold."""
    found = read_tags(page)
    ends = {name: [start for start, _ in found.ends[name]] for name in ("style", "script")}
    return [
        page[tag.end : next(end for end in ends[name] if end >= tag.end)]
        for tag in found.starts
        if tag.name == name and tag.get("type") == kind
    ]


# --- style, script, policy -------------------------------------------------------------------


def test_style_and_script_stand_in_the_page_and_nothing_is_asked_for() -> None:
    page = single('<img src="pictures/a.webp" alt="">')
    for tag in read_tags(page).starts:
        for attribute in ("src", "href", "srcset"):
            assert tag.get(attribute).startswith("data:") or attribute not in tag.attributes
    (style,) = texts(page, "style")
    assert data_uri("f.woff2", b"a font") in style.split("/*")[0]
    assert "/* url(fonts/f.woff2) */" in style
    assert r'"url(fonts/f.woff2) <\/style>"' in style
    assert ".a { background: url(data:image/webp;base64," in style
    assert "url('nowhere.png')" in style
    (script,) = texts(page, "script")
    assert script == "'use strict';\nconst end = '\\x3c/SCRIPT>\\x3c!--';\n"


def test_a_style_of_the_page_takes_its_fonts_and_pictures_in_and_stays_allowed() -> None:
    style = page_style(STYLE, "assets/")
    head = HEAD.replace("style-src 'self'", f"style-src 'self' '{style.hash}'")
    link = f'<link rel="stylesheet" href="{STYLE_NAME}">'
    assert link in head
    page = head.replace(link, f"<style>{style.text}</style>") + "</body></html>"
    shown = single_page("index.html", site_with("") | {"index.html": page.encode()}).html.decode()
    (text,) = texts(shown, "style")
    assert data_uri("f.woff2", b"a font") in text.split("/*")[0]
    assert ".a { background: url(data:image/webp;base64," in text
    assert f"style-src '{source_hash(text)}';" in shown
    assert style.hash not in shown


def test_a_style_that_the_policy_does_not_allow_stays_as_it_is() -> None:
    style = f"<style>{STYLE.replace('</style>', '')}</style>"
    shown = single(style)
    assert style in shown


def test_the_policy_allows_exactly_what_stands_in_the_page() -> None:
    page = single('<img src="pictures/a.webp" alt=""><img src="pictures/a.webp" alt="">')
    (policy,) = (tag.get("content") for tag in tags(page, "meta") if tag.get("http-equiv"))
    found = {name: sources for name, *sources in map(str.split, policy.split(";"))}
    hashes = {
        kind: [
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in texts(page, kind)
        ]
        for kind in ("script", "style")
    }
    assert len(hashes["style"]) == 2  # one shares the picture
    assert set(found.pop("style-src")) == set(hashes["style"])
    assert found == {
        "default-src": ["'none'"],
        "script-src": hashes["script"],
        "img-src": ["data:"],
        "font-src": ["data:"],
        "worker-src": ["blob:"],
        "connect-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


def test_what_a_script_would_load_late_comes_after_it_and_is_allowed() -> None:
    files = SiteFiles()
    late = files.add_hashed("assets", "film", ".js", b"netviz.deliver('film', 1);\n")
    named = f'netviz.late = {{"film": "{late.removeprefix("assets/")}"}};\n'
    script = files.add_hashed("assets", "page", ".js", f"{SCRIPT}{named}".encode())
    site = {**site_with(""), **files.files}
    site["index.html"] = site["index.html"].replace(SCRIPT_NAME.encode(), script.encode())
    page = single_page("index.html", site).html.decode()
    (policy,) = (tag.get("content") for tag in tags(page, "meta") if tag.get("http-equiv"))
    first, second = texts(page, "script")
    assert first.endswith(named)
    assert second == "netviz.deliver('film', 1);\n"
    assert f"script-src '{source_hash(first)}' '{source_hash(second)}';" in policy


def test_a_policy_of_an_authors_own_keeps_what_it_says() -> None:
    policy = single_policy("default-src 'self'; img-src https://example.org;", ["x"], [])
    assert re.fullmatch(
        r"default-src 'none'; img-src https://example\.org; script-src 'sha256-[^' ]+'; "
        "style-src 'none'; font-src data:",
        policy,
    )


def test_a_style_keeps_its_medium_and_is_read_as_a_browser_reads_it() -> None:
    style = b"\xef\xbb\xbfp::after { content: '\xe9' }"
    path = SiteFiles().add_hashed("assets", "own", ".css", style)
    site = site_with(f'<link rel="stylesheet" media="print" href="{path}">') | {path: style}
    page = single_page("index.html", site).html.decode()
    assert "<style media=\"print\">p::after { content: '\ufffd' }</style>" in page


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="stylesheet" href="{}">',
        '<link rel="alternate stylesheet" href="{}">',
        '<script src="{}"></script>',
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "feed.xml",
        "measurements.json",
        "other.html",
        "assets/own.css",
        "assets/own.0123456789.css",
        "assets/own.0123456789.js",
        SiteFiles().add_hashed("files", "own", ".css", AUTHORS.encode()),
        SiteFiles().add_hashed("files", "own", ".js", AUTHORS.encode()),
    ],
)
def test_only_our_own_styles_and_scripts_come_into_the_page(tag: str, path: str) -> None:
    """What an author's text fills would be style or script by its place alone."""
    site = site_with(tag.format(path)) | {path: AUTHORS.encode()}
    page = single_page("index.html", site).html.decode()
    assert AUTHORS not in page
    assert f'"{path}"' in page


def test_the_licence_of_a_font_travels_with_it() -> None:
    assert "To all who <read> < /script> <! -- this." in texts(single(), "script", "text/plain")


def test_what_is_no_tag_is_left_as_it_is() -> None:
    kept = '<!-- <img src="pictures/a.webp"> --><p title="pictures/a.webp">pictures/a.webp &lt;</p>'
    assert kept in single(kept)


# --- pictures --------------------------------------------------------------------------------


def test_a_picture_stands_in_its_place() -> None:
    site = site_with("")
    body = '<IMG src="pictures/a.webp?x#y" alt=\'"\' hidden><svg><image href="pictures/b.webp"/>'
    page = single_page("index.html", site | site_with(body)).html.decode()
    (image,) = tags(page, "img")
    assert image.get("src").startswith("data:image/webp;base64,")
    assert image.get("alt") == '"'
    assert "hidden" in image.attributes
    (inner,) = tags(page, "image")
    assert inner.is_closed
    assert inner.get("href").startswith("data:image/webp;base64,")


def test_a_picture_shown_many_times_stands_there_once() -> None:
    site = site_with('<img src="pictures/a.webp" alt="">' * 9)
    content = base64.b64encode(site["pictures/a.webp"]).decode()
    page = single_page("index.html", {**site, STYLE_NAME: b""}).html.decode()
    assert page.count(content) == 1
    (placeholder,) = {tag.get("src") for tag in tags(page, "img")}
    assert "width='30' height='10'" in placeholder.replace("%20", " ")
    assert f'img[src="{placeholder}"]{{background:url(data:image/webp;base64,{content})' in page


def test_each_candidate_of_a_source_set_is_embedded() -> None:
    body = '<picture><source srcset="pictures/a.webp, pictures/b.webp 2x,https://example.org/c 3x">'
    (source,) = tags(single(body), "source")
    one, two, three = source.get("srcset").split(", ")
    assert re.fullmatch(r"data:image/webp;base64,\S+", one)
    assert re.fullmatch(r"data:image/webp;base64,\S+ 2x", two)
    assert three == "https://example.org/c 3x"


# --- what scripts ask for --------------------------------------------------------------------


def test_late_data_and_pictures_of_a_figure_stand_in_blocks_that_nothing_runs() -> None:
    files = SiteFiles()
    value = {"text": "</script><!--<script> \u2028", "numbers": [1, 2.5]}
    late = files.add_late_data("net, work", json.dumps(value, ensure_ascii=False).encode())
    config = {"late": late, "sheets": [["pictures/a.webp", 3]], "word": "pictures/none.webp"}
    body = f'<nv-x data-config="{html.escape(json.dumps(config))}"></nv-x>' * 2
    page = single_page("index.html", site_with(body) | files.files).html.decode()
    (block,) = texts(page, "script", "application/json")
    assert json.loads(block) == value
    pictures = [text for text in texts(page, "script", "text/plain") if text.startswith("data:")]
    assert len(pictures) == 1
    named = [tag.get("data-file") for tag in tags(page, "script") if tag.get("data-file")]
    assert named == ["assets/fonts/f-OFL.txt", late, "pictures/a.webp"]
    assert page.index("data-file") < page.index("'use strict'") < page.index("</body>")
    (kept,) = {tag.get("data-config") for tag in tags(page, "nv-x")}
    assert json.loads(kept) == config


def test_a_large_picture_that_a_figure_asks_for_loses_only_what_no_eye_sees() -> None:
    ramp = np.linspace(0, 255, 600).astype(np.uint8)
    noise = np.random.default_rng(2).integers(0, 8, (600, 600, 3), np.uint8)
    pixels = (ramp[:, None, None] // 2 + ramp[None, :, None] // 3 + noise).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True)
    assert len(file.getvalue()) > LARGE_PICTURE
    config = html.escape(json.dumps({"picture": "pictures/large.webp"}))
    site = site_with(f'<nv-x data-config="{config}"></nv-x>')
    site["pictures/large.webp"] = file.getvalue()
    (block,) = texts(single_page("index.html", site).html.decode(), "script", "text/plain")[-1:]
    packed = base64.b64decode(block.partition(",")[2])
    assert len(packed) < len(file.getvalue()) / 2
    with Image.open(io.BytesIO(packed)) as picture:
        assert np.abs(np.asarray(picture, float) - pixels).mean() < 3


def test_a_configuration_that_is_no_json_is_its_scripts_affair() -> None:
    assert '<nv-x data-config="{">' in single('<nv-x data-config="{"></nv-x>')


# --- links -----------------------------------------------------------------------------------


def hrefs(body: str, site_url: str = "", **others: bytes) -> list[str | None]:
    return [tag.attributes.get("href") for tag in tags(single(body, site_url, **others), "a")]


LINKS = (
    '<a href="#x">1</a><a href="index.html">2</a><a href="index.html#x">3</a>'
    '<a href="other.html#y">4</a><a href="https://example.org/">5</a><a href="mailto:a@b.c">6</a>'
    '<a>7</a><a href="http://[">8</a>'
)


def test_links_lead_to_the_published_site_or_to_the_files_beside() -> None:
    outside = ["https://example.org/", "mailto:a@b.c", None, "http://["]
    assert hrefs(LINKS) == ["#x", "#", "#x", "other.html#y", *outside]
    assert hrefs(LINKS, URL) == ["#x", "#", "#x", f"{URL}other.html#y", *outside]
    back = single_page(
        "other.html", site_with("") | {"other.html": b'<a href="index.html#z">'}, URL
    )
    assert f'href="{URL}#z"' in back.html.decode()


def test_what_the_page_is_in_another_form_is_linked_where_it_is_published_or_not_at_all() -> None:
    link = '<link rel="alternate" type="text/markdown" href="index.md">'
    site = site_with(link, **{"index.md": b"# T\n"})
    for site_url, addresses in {"": [], URL: [f"{URL}index.md"]}.items():
        page = single_page("index.html", site, site_url).html.decode()
        found = (tag for tag in tags(page, "link") if tag.get("rel") == "alternate")
        assert [tag.get("href") for tag in found] == addresses


def test_a_link_of_every_figure_leads_to_the_published_file_or_is_not_shown() -> None:
    link = '<a href="measurements.json" download data-elsewhere>All</a>'
    (found,) = tags(single(link, URL), "a")
    assert found.get("href") == f"{URL}measurements.json"
    (found,) = tags(single(link), "a")
    assert "hidden" in found.attributes
    assert "href" not in found.attributes
    later = tags(single(f'{link}<a href="measurements.json">here</a>'), "a")[1]
    assert later.get("href").startswith("data:application/json")


def test_what_the_page_says_of_itself_to_machines_stays() -> None:
    data = '<script type="application/ld+json">{"headline": "T"}</script>'
    assert data in single(data)


def test_measurements_and_small_downloads_come_along_and_a_second_link_leads_to_the_first() -> None:
    weights = {"weights/n.npz": b"numbers", "measurements.json": bytes(LARGEST_DOWNLOAD + 1)}
    body = (
        '<a id="own" href="measurements.json">m</a><a href="weights/n.npz">w</a>'
        '<a href="measurements.json">m</a><a href="weights/n.npz">w</a>'
    )
    one, two, three, four = tags(single(body, URL, **weights), "a")
    assert (one.get("download"), one.get("data-file")) == ("measurements.json",) * 2
    assert one.get("href") == data_uri("measurements.json", weights["measurements.json"])
    assert two.get("href") == "data:application/octet-stream;base64,bnVtYmVycw=="
    assert two.get("download") == "n.npz"
    assert [three.get("href"), four.get("href")] == ["#own", f"#{two.get('id')}"]


def test_a_large_download_is_linked_where_it_is_published_or_told_to_be_left_out() -> None:
    large = {"weights/n.npz": bytes(LARGEST_DOWNLOAD + 1)}
    body = '<a href="weights/n.npz">w</a><a href="weights/n.npz">w</a>'
    assert hrefs(body, URL, **large) == [f"{URL}weights/n.npz"] * 2
    page = single_page("index.html", site_with(body, **large))
    assert [tag.attributes for tag in tags(page.html.decode(), "a")] == [{}, {}]
    assert page.left_out == ("weights/n.npz",)


# --- the whole -------------------------------------------------------------------------------


def test_the_same_site_gives_the_same_bytes_in_any_order() -> None:
    site = site_with('<img src="pictures/b.webp" alt="">')
    assert single_page("index.html", site) == single_page(
        "index.html", dict(reversed(site.items()))
    )


def test_every_page_but_the_one_for_lost_readers_is_exported() -> None:
    assert exported_pages(site_with("")) == ["index.html", "other.html"]


def test_an_export_stands_beside_the_site_and_has_no_fault(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(site_with('<a href="other.html">o</a><a href="measurements.json">m</a>'), out)
    told: list[str] = []
    export(out, "", told.append)
    single_files = single_folder(out)
    assert {file.name for file in single_files.iterdir()} == {"index.html", "other.html", MARKER}
    assert len(told) == 2
    assert check_site(single_files, 1) == []


def test_what_the_export_did_not_write_it_leaves_alone(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(site_with(""), out)
    mine = single_folder(out) / "index.html"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(SiteError, match="did not write"):
        export(out, "", print)
    assert mine.read_text() == "mine"
