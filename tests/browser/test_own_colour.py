"""The colour of an author's own, by the documentation's recipe, in the light page and the dark."""

from pathlib import Path

import pytest

from netviz.essay.templates import built_in_templates
from tests.browser.conftest import OpenPage
from tests.browser.readers import Reader
from tests.test_docs import blocks

COLOURS = {"light": "rgb(138, 59, 18)", "dark": "rgb(240, 168, 120)"}
SEEN = 'getComputedStyle(document.querySelector("a")).color'
CHOOSE = "(theme) => { document.documentElement.dataset.theme = theme; }"


@pytest.mark.browser
@pytest.mark.quick
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_colour_by_the_recipe_is_right_on_the_light_page_and_the_dark(
    tmp_path: Path, open_page: OpenPage, system: str
) -> None:
    """Whether the system asks for it or the reader chooses it."""
    (recipe,) = [block.code for block in blocks("writing.md") if block.language == "css"]
    tokens = (built_in_templates() / "css" / "01-tokens.css").read_text(encoding="utf-8")
    style = "a { color: var(--nv-accent); }"
    (tmp_path / "style.css").write_text(f"{tokens}\n{recipe}\n{style}", encoding="utf-8")
    page = tmp_path / "page.html"
    link = '<link rel="stylesheet" href="style.css">'
    page.write_text(f"<!doctype html><title>T</title>{link}<a href='#'>A</a>", encoding="utf-8")
    opened = open_page(page.as_uri(), Reader(dark=system == "dark"))
    assert opened.evaluate(SEEN) == COLOURS[system]
    for theme, colour in COLOURS.items():
        opened.evaluate(CHOOSE, theme)
        assert opened.evaluate(SEEN) == colour
