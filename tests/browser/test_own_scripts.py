"""A figure of an essay's own whose script does not run says so; all others live.

The scripts are of a syntax that the build is told not to judge, or fail as they run.
"""

from pathlib import Path

import pytest

from netviz.publishing.single import single_page
from netviz.publishing.writer import published
from tests.browser.conftest import OpenPage, Watch, until
from tests.browser.readers import READERS
from tests.essays import SETTINGS, TEXT, build, netviz, write_essay

pytestmark = pytest.mark.browser

SAID = "The controls of this figure could not be loaded."
BROKEN = {  # by the word of the figure
    "a_brace": "// own syntax: a planted fault\n{\n",
    "b_throws": 'const named = "theirs";\nundefined.fails();\n',
    "d_text": '// own syntax: a planted fault\nconst text = "</script>;\n',
}
WHOLE = "c_whole"
LATE = "e_late"  # it defines its figure, but only after a while
WORDS = [*BROKEN, WHOLE, LATE]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of an essay with one of our figures, and five of its own of which three fail."""
    folder = tmp_path_factory.mktemp("own")
    essay = write_essay(folder / "essay", TEXT, SETTINGS)
    calls = []
    for word in WORDS:
        made = netviz(essay, "new", "figure", word)
        assert made.returncode == 0, made.stderr
        calls.append(made.stdout.splitlines()[-1])
        script = essay / "figures" / word / f"{word}.js"
        whole = script.read_text(encoding="utf-8")
        if word in BROKEN:
            script.write_text(BROKEN[word] + whole, encoding="utf-8")
        elif word == LATE:
            script.write_text(f"setTimeout(() => {{{whole}}}, 300);\n", encoding="utf-8")
        else:  # a name that another script declares too
            script.write_text(f'const named = "mine";\n{whole}', encoding="utf-8")
    write_essay(essay, "\n\n".join([TEXT, *calls]), SETTINGS)
    built = build(essay, "--embeds")
    assert built.returncode == 0, built.stderr
    return published(folder / "build" / "site")


@pytest.fixture(params=["site", "one file"])
def page_address(request: pytest.FixtureRequest, site: dict[str, bytes], tmp_path: Path) -> str:
    files = (
        site if request.param == "site" else {"index.html": single_page("index.html", site).html}
    )
    return written(files, tmp_path)


def written(site: dict[str, bytes], folder: Path) -> str:
    """Write a site to `folder`; return the address of its page."""
    for path, content in site.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return (folder / "index.html").as_uri()


def tag(word: str) -> str:
    return "nv-" + word.replace("_", "-")


def test_a_script_that_fails_leaves_all_other_figures_alive(
    page_address: str, open_page: OpenPage, watch: Watch
) -> None:
    """The figure that it should have brought to life is whole, and says what it lacks."""
    page = open_page(page_address)
    faults = "\n".join(watch.faults)
    watch.faults.clear()
    assert faults.count("exception: ") == len(BROKEN), faults
    for word in BROKEN:
        figure = page.locator(tag(word))
        assert figure.locator(".nv-failed").all_inner_texts() == [SAID]
        assert figure.locator("li").count() == 10
        assert figure.locator("button").count() == 0
    until(page, f"!!customElements.get('{tag(LATE)}')")
    for word in (WHOLE, LATE):
        figure = page.locator(tag(word))
        figure.scroll_into_view_if_needed()
        figure.get_by_role("button", name="best first").click()
        assert figure.locator("[aria-live]").inner_text() == "Best first."
    page.locator("nv-weights").scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-weights').awake")
    assert page.locator(".nv-failed").count() == len(BROKEN)


def test_the_page_of_such_a_figure_alone_says_so_too(
    site: dict[str, bytes], tmp_path: Path, open_page: OpenPage, watch: Watch
) -> None:
    written(site, tmp_path)
    folder = tmp_path / "embed" / "index"
    for word, said in (("a_brace", [SAID]), (WHOLE, [])):
        page = open_page((folder / f"fig-{word.replace('_', '-')}.html").as_uri())
        until(page, f"!!document.querySelector('{tag(word)}')")
        assert page.locator(".nv-failed").all_inner_texts() == said
        assert page.locator("script[src]").count() == 2
    assert len(watch.faults) == 1
    watch.faults.clear()


def test_without_script_nothing_is_said_to_be_missing(
    page_address: str, open_page: OpenPage
) -> None:
    page = open_page(page_address, READERS["scriptless"])
    assert page.locator(".nv-failed").count() == 0
    for word in WORDS:
        assert page.locator(tag(word)).locator("li").count() == 10


def test_a_page_without_own_figures_has_nothing_of_this(built_site: Path) -> None:
    for name in ("index.html", "index.es.html"):
        page = (built_site / name).read_text(encoding="utf-8")
        assert page.count("<script src=") == 1
    for script in (built_site / "assets").glob("page.*.js"):
        assert "netviz.own" not in script.read_text(encoding="utf-8")
