"""Each fault that a careful reader would find in an essay or its site is found, with its line."""

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

from netviz.errors import EssayError, NetvizError, Place, SiteError
from netviz.essay.policy import our_policy
from netviz.publishing.check import check_site
from netviz.publishing.check_essay import check_essay

POLICY = f'<meta http-equiv="Content-Security-Policy" content="{our_policy().text}">'
PAGE = f"""<!doctype html>
<html lang="en">
<head>{POLICY}<title>A page</title><link rel="stylesheet" href="assets/style.css"></head>
<body id="top">
<a href="#top">up</a> <a href="other.html#there">there</a> <a href="https://example.org/x">out</a>
<a href="mailto:a@example.org">write</a> <a href="data/">data</a>
<img src="pictures/a%20b.webp" alt="">
FAULT
<script src="assets/page.js" defer></script>
</body>
</html>
"""
BUDGET = 50
LINE = 8  # of the fault


def site_with(folder: Path, fault: str = "") -> Path:
    """Write a small sound site, with `fault` on a line of its first page."""
    files = {
        "index.html": PAGE.replace("FAULT", fault),
        "other.html": f'<!doctype html>{POLICY}<title>Other</title><p id="there">here</p>',
        "data/index.html": f"<!doctype html>{POLICY}<title>Data</title>",
        "assets/style.css": "p { color: red }",
        "assets/page.js": "'use strict';",
        "pictures/a b.webp": "a picture",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def messages(faults: "list[NetvizError] | list[SiteError]", folder: Path) -> list[str]:
    return [str(fault).replace(f"{folder}{os.sep}", "") for fault in faults]


# --- the site --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('<meta http-equiv="Refresh" content="0;url=other.html">', "sends its readers elsewhere"),
        ('<link rel="stylesheet" href="data/index.html">', "of another kind"),
        ('<script src="assets/style.css"></script>', "of another kind"),
        ('<iframe src="https://e.org/x"></iframe>', "a file of another host"),
        ('<video src="https://e.org/x"></video>', "a file of another host"),
        ('<object data="gone.svg"></object>', "a link leads nowhere: gone.svg"),
    ],
)
def test_what_loads_or_leads_elsewhere_is_found_at_its_line(
    written: str, said: str, tmp_path: Path
) -> None:
    (found,) = messages(check_site(site_with(tmp_path, written), BUDGET), tmp_path)
    assert found.startswith(f"index.html:{LINE}: ")
    assert said in found


def test_a_sound_site_has_no_fault(tmp_path: Path) -> None:
    assert check_site(site_with(tmp_path), BUDGET) == []


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="pictures/a%20b.webp" alt="" loading="lazy" width="8" height="8">',
        '<span class="nv-tile nv-i-3"><img src="pictures/a%20b.webp" alt="" loading="lazy"></span>',
    ],
)
def test_a_late_picture_whose_size_is_known_is_no_fault(picture: str, tmp_path: Path) -> None:
    assert check_site(site_with(tmp_path, picture), BUDGET) == []


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_what_the_policy_allows_by_its_hash_may_stand_inline_and_nothing_else(
    tmp_path: Path,
) -> None:
    """Nor has data a fault, which no browser runs; and all in one file may weigh what it must."""
    script, style = "const less = 1 < 2 && '</p>';", "p > a { color: red }"
    policy = f"script-src {hashed(script)}; style-src {hashed(style)}"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    heavy = "".join(hashed(str(number)) for number in range(2000))
    data = f'<script type="application/json">{json.dumps(heavy)}</script>'
    page = f"{head}{data}<style>{style}</style><script>{script}</script>"
    assert check_site(site_with(tmp_path, page), BUDGET) == []
    other = page.replace("const less", "const more").replace("red", "blue").replace(data, "")
    found = messages(check_site(site_with(tmp_path, other), BUDGET), tmp_path)
    assert [fault.split(":", 2)[2].split(",")[0] for fault in found] == [
        " an inline style",
        " an inline script",
    ]


FAULTS = {
    '<img src="pictures/a%20b.webp">': "a picture has no text alternative; expected an alt",
    '<img src="pictures/a%20b.webp" alt="" loading="lazy" width="8">': "a late picture has no size "
    "before it is loaded, and some browsers never load it; expected width and height, or a tile",
    '<p style="color: red"></p>': "an inline style, which the page's policy forbids; expected a",
    "<style>p { color: red }</style>": "an inline style, which the page's policy forbids",
    "<script>alert(1)</script>": "an inline script, which the page's policy forbids; expected src",
    '<script src="">alert(1)</script>': "an inline script, which the page's policy forbids",
    '<button onclick="alert(1)"></button>': "an inline handler of events, which the",
    '<a href="javascript:alert(1)"></a>': "an inline script, which the page's policy forbids",
    '<img src="https://example.org/a.png" alt="">': "a file of another host, which the page's",
    '<script src="//example.org/a.js"></script>': "a file of another host, which the page's",
    '<link rel="stylesheet" href="http://example.org/a.css">': "a file of another host, which the",
    '<a href="othr.html"></a>': "a link leads nowhere: othr.html; did you mean other.html?",
    '<img src="pictures/gone.webp" alt="">': "a link leads nowhere: pictures/gone.webp",
    '<script src="assets/pgae.js"></script>': "a link leads nowhere: assets/pgae.js; did you mean",
    '<a href="data/deeper/"></a>': "a link leads nowhere: data/deeper/",
    '<a href="pictures/"></a>': "a link leads nowhere: pictures/",
    '<a href="/"></a>': "a link leads nowhere: /",
    '<a href="../outside.html"></a>': "a link leads nowhere: ../outside.html",
    '<a href="#tpo"></a>': "a link leads to no anchor: #tpo; did you mean top?",
    '<a href="other.html#ther"></a>': "a link leads to no anchor: other.html#ther; did you mean",
    '<a href="index.html#gone"></a>': "a link leads to no anchor: index.html#gone",
    '<a href="data/../index.html#gone"></a>': "a link leads to no anchor: data/../index.html#gone",
    '<a href="http://["></a>': "an address that cannot be read; expected a path",
    '<img src="//[" alt="">': "an address that cannot be read; expected a path",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_at_its_line(fault: str, tmp_path: Path) -> None:
    site = site_with(tmp_path / "site", fault)
    (tmp_path / "outside.html").touch()
    (found,) = messages(check_site(site, BUDGET), site)
    assert found.startswith(f"index.html:{LINE}: {FAULTS[fault]}")


INVALID = {
    "<p>Words</p></p>": "an end tag that closes nothing; got </p>",
    "<b>bold <i>both</b></i>": "a tag is closed before what it holds; got </b>",
    "Tom &Ann": "an & that begins no entity",
    '<p lang="en" lang="de">a</p>': "a duplicate attribute",
    "<table><p>a</p></table>": "a tag that no table may hold; got <p>",
    "<div>": "a tag is still open where its parent is closed",
}


@pytest.mark.parametrize("fault", INVALID)
def test_what_is_no_valid_html_is_found_at_its_line(fault: str, tmp_path: Path) -> None:
    site = site_with(tmp_path, fault)
    (found,) = check_site(site, BUDGET)
    assert found.place is not None
    assert (found.place.line, str(found).partition(": ")[2]) == (
        LINE + 2 * (fault == "<div>"),  # which is missed only where its parent ends
        f"the HTML is not valid: {INVALID[fault]}",
    )


def test_what_is_no_valid_html_is_told_where_its_author_wrote_it(tmp_path: Path) -> None:
    essay, site = tmp_path / "essay", site_with(tmp_path / "site", "<div>Words</div></div>")
    essay.mkdir()
    text = essay / "index.md"
    text.write_text("---\n---\n\nMore\n\n<div>Words</div></div>\n")
    (found,) = check_site(site, BUDGET, essay=essay)
    assert found.place == Place(text, 6, 1)


def test_an_id_that_stands_twice_is_found(tmp_path: Path) -> None:
    site = site_with(tmp_path, '<p id="top"><i id="top"></i></p>')
    assert messages(check_site(site, BUDGET), site) == ["index.html: 3 elements have the id 'top'"]


@pytest.mark.parametrize(
    "sound",
    [
        '<link rel="canonical" href="https://example.org/">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">',
        '<a href="">here</a>',
        '<img src="pictures/a%20b.webp" alt="A &lt;b onclick=&quot;&quot;&gt;">',
    ],
)
def test_what_is_allowed_is_no_fault(sound: str, tmp_path: Path) -> None:
    assert check_site(site_with(tmp_path, sound), BUDGET) == []


URL = "https://example.org/essays/"


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        (f'<a href="{URL}">start</a> <a href="{URL}other.html#there">x</a>', None),
        (f'<script src="{URL}assets/page.js" defer></script>', None),
        (f'<a href="{URL}othr.html">x</a>', "a link leads nowhere: othr.html"),
        ('<script src="https://example.org/page.js"></script>', "a file of another host"),
    ],
)
def test_full_addresses_within_the_published_site_are_its_own(
    markup: str, message: str | None, tmp_path: Path
) -> None:
    found = [fault.problem for fault in check_site(site_with(tmp_path, markup), BUDGET, URL)]
    assert [problem.split(", ")[0] for problem in found] == ([message] if message else [])


@pytest.mark.parametrize(
    ("head", "got"),
    [
        ("", "no policy before what the page loads"),
        (f'<link rel="icon" href="data:,">{POLICY}', "no policy before what the page loads"),
        (POLICY.replace("script-src 'self'", "script-src https:"), "script-src https:"),
        (POLICY.replace(" form-action 'none'", ""), "form-action"),
        (POLICY.replace("'self' data:", "*") + "<!-- own policy: -->", "img-src *"),
        (POLICY.replace("default-src 'none'", "default-src 'none'; media-src https://e.org"),
         "media-src https://e.org"),
        (f'{POLICY.replace("font-src", "font-src *;font-src")}', "font-src *"),
    ],
)  # fmt: skip
def test_a_page_that_allows_more_than_our_policy_is_found(
    head: str, got: str, tmp_path: Path
) -> None:
    site = site_with(tmp_path)
    body = f'<body><p id="there">{POLICY}<!-- own policy: x -->'
    (site / "other.html").write_text(f"<!doctype html>{head}<title>Other</title>{body}")
    (found,) = messages(check_site(site, BUDGET), tmp_path)
    assert found.startswith(
        "other.html: the page allows its readers' browsers more than our policy"
    )
    assert f"; got {got}. " in found


@pytest.mark.parametrize(
    "head",
    [
        f"{POLICY.replace('https:', '')}",
        POLICY.replace("connect-src 'self'", "connect-src 'none'"),
        POLICY.replace("default-src 'none'", "default-src 'none'; media-src"),
        "<!-- own policy: a frame of the seminar's -->",
    ],
)
def test_a_page_that_allows_less_or_says_why_is_sound(head: str, tmp_path: Path) -> None:
    site = site_with(tmp_path)
    page = f'<!doctype html>{head}<title>Other</title><body><p id="there">here'
    (site / "other.html").write_text(page)
    assert check_site(site, BUDGET) == []


def test_faults_of_every_page_are_found(tmp_path: Path) -> None:
    site = site_with(tmp_path, '<a href="gone"></a>')
    other = f"<!doctype html>{POLICY}<title>Other</title><p id=there>\n<a href=gone></a>"
    (site / "other.html").write_text(other)
    places = [str(fault.place) for fault in check_site(site, BUDGET)]
    assert places == [f"{site / 'index.html'}:{LINE}", f"{site / 'other.html'}:2"]


@pytest.mark.parametrize("heavy", ["index.html", "assets/style.css", "assets/page.js"])
def test_what_a_page_loads_at_once_is_weighed_compressed(heavy: str, tmp_path: Path) -> None:
    site = site_with(tmp_path)
    text = (site / heavy).read_text()
    (site / heavy).write_text(text + "<!-- -->" * 20_000)
    assert check_site(site, BUDGET) == []  # 160 kB of the same compress to almost nothing
    (site / heavy).write_text(f"{text}<!-- {os.urandom(40_000).hex()} -->")
    (found,) = messages(check_site(site, BUDGET - 10), site)
    assert found.startswith(
        "index.html: the page is too heavy before its reader does anything; "
        "expected at most 40 KB compressed; got 4"
    )


def test_fonts_count_towards_the_weight(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    (site / "assets" / "fonts").mkdir()
    (site / "assets" / "fonts" / "serif.woff2").write_bytes(bytes(BUDGET * 1000))
    found = messages(check_site(site, BUDGET), site)
    assert [message.split(":")[0] for message in found] == ["index.html", "other.html"]


def test_late_pictures_and_data_do_not_count(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    (site / "pictures" / "a b.webp").write_bytes(os.urandom(90_000))
    (site / "data" / "late.js").write_text(os.urandom(90_000).hex())
    assert check_site(site, BUDGET) == []


# --- the essay -------------------------------------------------------------------------------

SETTINGS = """
[networks.digits]
title = "one layer"
dataset = "mnist"
[networks.digits-wide]
title = "two layers"
dataset = "mnist"
hidden = [16]
[sweeps.digits-sweep]
dataset = "mnist"
shapes = [[4], [8]]
seeds = [1]
"""
FRONT = "---\ntitle: A test\ndescription: Words.\nauthors: [A]\ndate: 2026-01-02\n---\n"
TEXT = """
It gets {{ value("networks.digits.test.accuracy", "percent") }} right.

{{ figure("weights", network="digits-wide") }}

{{ figure("width_and_depth", sweeps=["digits-sweep"]) }}
"""


def essay(folder: Path, text: str = TEXT) -> Path:
    (folder / "essay.toml").write_text(SETTINGS)
    (folder / "index.md").write_text(FRONT + text)
    return folder


def test_a_sound_essay_has_no_fault(tmp_path: Path) -> None:
    assert check_essay(essay(tmp_path)) == []


def test_a_number_typed_by_hand_is_found_at_its_line_and_column(tmp_path: Path) -> None:
    (found,) = messages(check_essay(essay(tmp_path, TEXT + "It gets 92.3 % right.\n")), tmp_path)
    assert found.startswith("index.md:13:9: this number is typed by hand")
    assert "got 92.3 %" in found


def test_a_page_s_own_language_says_how_its_numbers_are_written(tmp_path: Path) -> None:
    folder = essay(tmp_path, TEXT + "Das sind 0,95 davon.\n")
    catalogue = folder / "templates" / "languages" / "de.toml"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('name = "Deutsch"\n[numbers]\ndecimal = ","\n')
    assert check_essay(folder) == []  # in English, a comma makes no decimal
    text = (folder / "index.md").read_text()
    (folder / "index.md").write_text(text.replace("title:", "language: de\ntitle:"))
    (found,) = messages(check_essay(folder), tmp_path)
    assert "got 0,95" in found


@pytest.mark.parametrize(
    ("call", "kind", "name"),
    [
        ('value("networks.digits.test', "network", "digits"),
        ('network="digits-wide"', "network", "digits-wide"),
        ('sweeps=["digits-sweep"]', "sweep", "digits-sweep"),
    ],
)
def test_what_no_page_reads_is_found_though_another_s_name_begins_like_it(
    call: str, kind: str, name: str, tmp_path: Path
) -> None:
    folder = essay(tmp_path, TEXT.replace(call, call.replace(name, "something")))
    (found,) = messages(check_essay(folder), tmp_path)
    line = SETTINGS.split("\n").index(f"[{kind}s.{name}]") + 1
    assert found.startswith(f"essay.toml:{line}:2: no page reads the {kind} '{name}'")


def test_a_name_in_the_prose_reads_nothing(tmp_path: Path) -> None:
    text = TEXT.replace("digits-wide", "digits") + "\nThe network digits-wide is larger.\n"
    (found,) = messages(check_essay(essay(tmp_path, text)), tmp_path)
    assert "no page reads the network 'digits-wide'" in found


def test_a_network_may_be_read_on_another_page(tmp_path: Path) -> None:
    folder = essay(tmp_path, TEXT.replace("digits-wide", "digits"))
    (folder / "more.md").write_text(FRONT + '{{ figure("weights", network="digits-wide") }}\n')
    assert check_essay(folder) == []


def test_an_essay_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match=r"essay\.toml"):
        check_essay(tmp_path)
