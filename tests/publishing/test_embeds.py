"""A figure that leaves its page: what it names is found from its new place."""

import json

import pytest

from netviz.publishing.embeds import embed_path, readdressed
from netviz.publishing.tags import read_tags

FILES = {"pictures/a.webp", "data/d.js"}


def attribute(html: str, name: str) -> str:
    """Return an attribute of the first tag, moved from the page `a page.html`."""
    figure = readdressed(f'<figure id="fig-a">{html}</figure>', "a page.html", FILES)
    return read_tags(figure).starts[1].get(name)


@pytest.mark.parametrize(
    ("tag", "name", "moved"),
    [
        ('<img src="pictures/a.webp">', "src", "../../pictures/a.webp"),
        ('<img src="files/b.png">', "src", "../../files/b.png"),
        ('<img src="data:image/png;base64,AA">', "src", "data:image/png;base64,AA"),
        ('<img srcset="files/b.png, c.png 2x">', "srcset", "../../files/b.png, ../../c.png 2x"),
        ('<a href="other.html#there">', "href", "../../other.html#there"),
        ('<a href="https://example.org/">', "href", "https://example.org/"),
        ('<a href="#claim-1">', "href", "../../a%20page.html#claim-1"),
        ('<a href="#fig-a">', "href", "#fig-a"),
        ('<use href="#shape"/>', "href", "#shape"),
    ],
)
def test_what_a_figure_names_is_addressed_from_its_own_folder(
    tag: str, name: str, moved: str
) -> None:
    assert attribute(tag, name) == moved


@pytest.mark.parametrize(
    ("href", "opens"),
    [("#fig-a", ""), ("#claim-1", "_blank"), ("o.html", "_blank"), ("https://a.org", "_blank")],
)
def test_a_link_that_leaves_the_figure_leaves_the_frame(href: str, opens: str) -> None:
    assert attribute(f'<a href="{href}">', "target") == opens


def test_a_configuration_names_files_of_the_site_and_keeps_its_texts() -> None:
    config = {"data": "data/d.js", "names": ["pictures/a.webp", "pictures/none.webp", "d"], "k": 1}
    written = json.dumps(config).replace('"', "&quot;")
    moved = json.loads(attribute(f'<nv-a data-config="{written}">', "data-config"))
    assert moved["data"] == "../../data/d.js"
    assert moved["names"] == ["../../pictures/a.webp", "pictures/none.webp", "d"]
    assert moved["k"] == 1


def test_a_configuration_that_is_no_json_stays() -> None:
    assert attribute('<nv-a data-config="its own">', "data-config") == "its own"


def test_figures_of_two_pages_never_share_an_address() -> None:
    assert embed_path("a.es.html", "fig-b") == "embed/a.es/fig-b.html"
    assert embed_path("a.html", "fig-b-c") != embed_path("a-b.html", "fig-c")
