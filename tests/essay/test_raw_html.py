"""HTML in a text: what could harm readers is refused at its line, and what is harmless stays."""

import html
import re
from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.html_rules import OUR_CLASSES
from netviz.essay.manuscript import Manuscript, read_manuscript
from netviz.essay.markup import Dialect, to_html
from netviz.essay.measurements import Measurements
from netviz.essay.policy import Policy, our_policy
from netviz.essay.raw_html import Issued, refused
from netviz.figures.registry import Registry
from tests.essays import FRONT

MEASURED = Measurements({"digits": {"accuracy": 0.91}})
REAL = '<data class="nv-value" value="0.91" data-key="digits.accuracy" data-from="">0.91</data>'

# Each with the column at which it stands, and a word of what is said.
REFUSED = {
    '<meta http-equiv="refresh" content="0;url=//e.org">': (1, "<meta>"),
    "Words <META charset=x> here.": (7, "<meta>"),
    '<link rel="stylesheet" href="feed.xml">': (1, "<link>"),
    '<link rel="preconnect" href="https://e.org">': (1, "<link>"),
    '<base href="https://e.org/">': (1, "<base>"),
    "<script>alert(1)</script>": (1, "<script>"),
    "<style>p { position: fixed }</style>": (1, "<style>"),
    '<form action="https://e.org"><input name="word"></form>': (1, "<form>"),
    '<object data="x.svg"></object>': (1, "<object>"),
    '<embed src="x.svg">': (1, "<embed>"),
    '<iframe src="https://e.org/v"></iframe>': (14, "frame-src https://e.org."),
    "<iframe srcdoc='<p>x</p>'></iframe>": (9, "'srcdoc'"),
    "<portal src='x'></portal>": (1, "<portal>"),
    "<dialog open>Sign in</dialog>": (1, "<dialog>"),
    "<noscript><!--</noscript><i>x</i>": (1, "<noscript>"),
    "<select><button><meta name=x></select>": (1, "<select>"),
    "<textarea>": (1, "<textarea>"),
    "<body class='x'>": (1, "<body>"),
    "<svg><script>x</script></svg>": (6, "<script>"),
    "<svg><foreignObject><p>x</p></foreignObject></svg>": (6, "<foreignobject>"),
    '<svg><a href="#"><animate attributeName="href" to="javascript:x"/></a></svg>':
        (18, "<animate>"),
    '<svg overflow="visible"><path d="M0 0"/></svg>': (6, "'overflow'"),
    '<svg><![CDATA[><b title="]]><i>x</i>"></svg>': (6, "CDATA"),
    "<b onclick='x()'>x</b>": (4, "'onclick'"),
    "<b/onmouseover=x()>x</b>": (4, "'onmouseover'"),
    "<p STYLE='position:fixed'>x</p>": (4, "'style'"),
    "*x*{onclick='y'}": (5, "'onclick'"),
    '<a href="x.html" ping="https://e.org">x</a>': (18, "'ping'"),
    "<div popover>x</div>": (6, "'popover'"),
    '<a href="java&#10;script:alert(1)">x</a>': (1, "javascript:"),
    "[x](javascript:alert)": (5, "javascript:"),
    "[x](data:text/html,x)": (5, "data:"),
    '<video src="https://e.org/v.mp4"></video>': (13, "media-src https://e.org."),
    "<audio src='//e.org/a.mp3'></audio>": (13, "media-src https://e.org."),
    "<video src='v.mp4'></video>": (13, "media-src 'self'."),
    "![x](https://e.org/x.png)": (6, "img-src https://e.org."),
    '<img alt="" srcset="a.png 1x, //e.org/b.png 2x">': (21, "img-src https://e.org."),
    "<b " + " ".join(f"a{n}" for n in range(9000)) + ">x</b>": (1, "more than 100 attributes"),
    '<p><a href="https://e.org">more</p>': (4, "never closed"),
    '<a href="x.html"><i>more</i>': (1, "never closed"),
    "$a\\raisebox{60em}{b}$": (13, "moved by 60em"),
    '<math><mpadded voffset="-900px"><mi>x</mi></mpadded></math>': (25, "moved by -900px"),
    '<nv-weights data-config="{}"></nv-weights>': (1, "<nv-weights>"),
    '<p class="nv-tip">over all</p>': (11, "'nv-tip'"),
    '<p class="&#110;v-tip x=y">over all</p>': (None, "'nv-tip'"),
    "*x*{.nv-theme}": (6, "'nv-theme'"),
    REAL.replace("0.91", "0.99"): (14, "a measured number"),
    "*99%*{.nv-value}": (8, "a measured number"),
    "<data class='nv-value x'>99%</data>": (14, "a measured number"),
    '<span class="nv-claim" id="claim-9">All is well.</span>': (14, "a claim"),
    '<div class="nv-figure-marker" id="fig-x"></div>': (13, "a figure"),
}  # fmt: skip
HARMLESS = [
    "`<script>`, `` <style> `` and `<data class=\"nv-value\">` as code",
    "```html\n<meta http-equiv=\"refresh\">\n<p onclick=\"x\" class=\"nv-tip\">\n```",
    "    <script>indented</script>\n",
    "<!-- <script>a comment</script> -->",
    "$\\raisebox{-0.5em}{b}$ and $a \\mathbin{=} b \\quad \\hspace{9em} c$",
    "If $a<b$ and x = 3 on = style = y, &lt;script&gt; is a word.",
    '<details><summary>More</summary><p lang="de" class="own">x</p></details>',
    '<p title="<script> on=">x</p>',
    ('<svg viewBox="0 0 9 9" role="img" aria-label="x"><g transform="scale(2)"><path d="M0 0"/></g>'
     '<a href="#x"><text>x</text></a></svg>'),
    '<img alt="" src="data:image/png;base64,AAAA"> ![x](data:image/png;base64,AA) <kbd>x</kbd>',
    "[x](https://e.org/?a=b) <https://e.org> <me@e.org> [y](#z) [z](mailto:me@e.org)",
    '<span class="nv-ltr">x</span> *x*{.own #own}',
    "| a | b |\n|:--|--:|\n| x[^1] | $y$ |\n\n[^1]: z\n\n!!! note\n    z\n",
]  # fmt: skip


def read(folder: Path, body: str, policy: Policy | None = None) -> Manuscript:
    file = folder / "index.md"
    file.write_text(FRONT + body, encoding="utf-8")
    return read_manuscript(file, MEASURED, Registry(), policy=policy)


@pytest.mark.parametrize("written", REFUSED, ids=lambda text: text[:40])
def test_what_could_harm_readers_is_refused_at_its_line_and_column(
    written: str, tmp_path: Path
) -> None:
    column, said = REFUSED[written]
    with pytest.raises(EssayError, match=re.escape(said)) as error:
        read(tmp_path, f"\nFirst `<script>` words.\n\n{written}\n")
    place = error.value.place
    assert place is not None
    assert (place.line, place.column) == (None if column is None else 10, column)
    assert error.value.remedy


@pytest.mark.parametrize("written", HARMLESS)
def test_what_is_harmless_stays(written: str, tmp_path: Path) -> None:
    text = f"Words.\n\n{written}\n"
    assert read(tmp_path, text).html == to_html(text, Dialect()).html


@pytest.mark.parametrize("written", REFUSED, ids=lambda text: text[:40])
def test_the_quick_look_takes_nothing_for_plain_that_is_refused(written: str) -> None:
    """The HTML itself, whatever text led to it, with its entities resolved or not."""
    for made in (written, f"<p>{html.unescape(written)}</p>"):
        if made.removeprefix("<p>").startswith(("![", "[", "*", "$")):
            continue
        assert refused(made, Issued(), our_policy()) is not None, made


@pytest.mark.parametrize("before", ["", "\ufdd0", "\ufdd3 ", " \t", "\n\ufdef"])
def test_nothing_before_an_address_hides_where_it_leads(before: str) -> None:
    for made in (
        f'<img alt="" src="{before}//e.org/x.png">',
        f'<a href="{before}javascript:x">x</a>',
    ):
        assert refused(made, Issued(), our_policy()) is not None
    assert refused(f'<img alt="" src="{before}x.png">', Issued(), our_policy()) is None


def test_a_caption_is_held_to_the_same(tmp_path: Path) -> None:
    figure = "{{ figure('weights', network='a', caption='x "
    assert read(tmp_path, f"\n{figure}<kbd>y</kbd> $z$') }}}}\n").calls
    with pytest.raises(EssayError, match="<meta>") as error:
        read(tmp_path, f"\n{figure}<meta name=y>') }}}}\n")
    assert str(error.value).startswith(f"{tmp_path / 'index.md'}:8:46: ")


def test_what_jinja_puts_together_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match="<script>"):
        read(tmp_path, "\n{{ '<scr' ~ 'ipt>' }}\n")


def test_numbers_and_claims_that_were_called_are_real(tmp_path: Path) -> None:
    body = "{{ value('digits.accuracy') }} {% claim number('digits.accuracy') > 0 %}"
    body += "*so* {{ value('digits.accuracy') }}"
    made = read(tmp_path, f"{body}{{% endclaim %}}\n\n## At {{{{ value('digits.accuracy') }}}}\n")
    assert made.html.count(REAL) == 3


def test_a_claim_cannot_be_shown_twice(tmp_path: Path) -> None:
    copied = '<span class="nv-claim" id="claim-1">Another.</span>'
    claim = '{% claim number("digits.accuracy") > 0 %}One.{% endclaim %}'
    with pytest.raises(EssayError, match="only looks like a claim") as error:
        read(tmp_path, f"{claim}\n\n{copied}\n")
    assert error.value.place is not None
    assert (error.value.place.line, error.value.place.column) == (9, 14)


def test_the_page_s_own_policy_decides_what_may_be_shown(tmp_path: Path) -> None:
    written = '\n<video src="https://media.e.org/v.mp4"></video>\n'
    for source in ("https://media.e.org", "https://*.e.org", "https:", "*", "media.e.org"):
        read(tmp_path, written, Policy(f"default-src 'none'; media-src {source}"))
    for source in ("'self'", "https://e.org", "http://media.e.org", "https://*.media.e.org"):
        with pytest.raises(EssayError, match=r"media-src https://media\.e\.org"):
            read(tmp_path, written, Policy(f"default-src 'none'; media-src {source}"))


def test_every_class_that_our_markdown_gives_is_known() -> None:
    """A new one has to be named as harmless, or no text that gets it can be read."""
    folder = Path(__file__).parents[2] / "src" / "netviz" / "essay"
    apart = {"raw_html.py", "html_rules.py"}  # which name those that are refused
    modules = [file for file in folder.glob("*.py") if file.name not in apart]
    given = {
        re.sub(r"\{.*\}", "left", name)
        for module in modules
        for name in re.findall(r"\bnv-[a-z-]*(?:[a-z]|\{.*?\})", module.read_text("utf-8"))
    }
    claiming = {"nv-value", "nv-claim", "nv-figure-marker", "nv-steps-begin", "nv-steps-end"}
    claiming |= {"nv-steps", "nv-steps-left"}  # put in their place afterwards; the id of a marker
    assert "nv-text-left" in given
    assert {one for one in given - claiming if not OUR_CLASSES.fullmatch(one)} == set()
