"""What stands beside the pages: downloads, the page for lost readers, sitemap and feed."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import tinyhtml5  # type: ignore[import-untyped]  # it has no types

from netviz.network.storage import load
from netviz.pipeline.downloads import json_text, write_downloads
from tests.essays import SETTINGS, TEXT, build
from tests.miniatures import network

URL = "https://example.org/essays/nets/"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "a": "http://www.w3.org/2005/Atom"}
RNG = np.random.default_rng(3)
NETWORK = network([RNG.normal(size=(64, 4)), RNG.normal(size=(4, 3))])


def test_downloads_are_described_by_size_and_sha256(tmp_path: Path) -> None:
    downloads = write_downloads(NETWORK, "mine", tmp_path)
    for described in downloads.values():
        content = (tmp_path / described.file).read_bytes()
        assert described.bytes == len(content)
        assert described.sha256 == hashlib.sha256(content).hexdigest()


def test_both_downloads_hold_every_weight_exactly(tmp_path: Path) -> None:
    write_downloads(NETWORK, "mine", tmp_path)
    assert load(tmp_path / "weights" / "mine.npz").identity == NETWORK.identity
    layers = json.loads(json_text(NETWORK))["layers"]
    assert [layer["kind"] for layer in layers] == [layer.kind for layer in NETWORK.layers]
    dense = [layer for layer in layers if layer["kind"] == "dense"]
    for written, layer in zip(dense, NETWORK.dense, strict=True):
        assert np.array_equal(np.array(written["weights"], np.float32), layer.weights)
        assert np.array_equal(np.array(written["biases"], np.float32), layer.biases)


def test_a_download_follows_its_network(tmp_path: Path) -> None:
    other = network([2 * layer.weights for layer in NETWORK.dense])
    described = []
    for number, one in enumerate((NETWORK, other)):
        folder = tmp_path / str(number)
        folder.mkdir()
        described.append(write_downloads(one, "mine", folder))
    assert described[0] != described[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two pages whose address is known; the name of the second ends as the first's."""
    folder = tmp_path_factory.mktemp("beside") / "essay"
    folder.mkdir()
    (folder / "essay.toml").write_text(f'site_url = "{URL}"\n{SETTINGS}', encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    (folder / "reindex.md").write_text(TEXT.replace("A test", "Once & again"), encoding="utf-8")
    built = build(folder)
    assert built.returncode == 0, built.stderr
    return folder.parent / "build" / "site"


def parsed(file: Path) -> "ET.ElementTree[Any]":
    return ET.parse(file)  # noqa: S314 - our own


def file_of(site: Path, url: str) -> Path:
    assert url.startswith(URL)
    return site / (url.removeprefix(URL) or "index.html")


@pytest.mark.slow
def test_the_sitemap_names_every_page(site: Path) -> None:
    tree = parsed(site / "sitemap.xml")
    found = [file_of(site, loc.text or "") for loc in tree.iterfind("s:url/s:loc", NAMES)]
    assert found == [site / "index.html", site / "reindex.html"]


@pytest.mark.slow
def test_the_feed_has_an_entry_for_every_page(site: Path) -> None:
    tree = parsed(site / "feed.xml")
    titles = [title.text for title in tree.iterfind("a:entry/a:title", NAMES)]
    assert titles == ["A test", "Once & again"]
    for link in tree.iterfind("a:entry/a:link", NAMES):
        assert file_of(site, link.get("href") or "").is_file()


LINK = re.compile(r"(?<!\\)\[(?:\\.|[^\]\\])*\]\(([^)]+)\)")


@pytest.mark.slow
def test_each_page_is_there_as_markdown_with_its_numbers(site: Path) -> None:
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    accuracy = measured["networks"]["digits"]["test"]["accuracy"]
    for name, title in {"index": "A test", "reindex": "Once & again"}.items():
        written = (site / f"{name}.md").read_text(encoding="utf-8")
        assert written.startswith(f"# {title}\n")
        assert f"It gets {accuracy:.1%} right; see [Figure 1]({URL}" in written
        assert "<" not in written
        assert "nv-" not in written
        for address in LINK.findall(written):
            if address.startswith(URL):
                assert file_of(site, address.partition("#")[0]).is_file()
        page: Any = tinyhtml5.parse(
            (site / f"{name}.html").read_bytes(), namespace_html_elements=False
        )
        link = page.find(".//link[@type='text/markdown']")
        assert site / link.get("href") == site / f"{name}.md"


@pytest.mark.slow
def test_the_list_for_machines_leads_to_every_page(site: Path) -> None:
    written = (site / "llms.txt").read_text(encoding="utf-8")
    assert written.startswith("# A test\n\n> An essay for tests.\n")
    found = [file_of(site, one) for one in LINK.findall(written) if one.startswith(URL)]
    assert found == [site / "index.md", site / "reindex.md", site / "measurements.json"]
    assert all(file.is_file() for file in found)
    assert "- [MNIST](https://yann.lecun.org/exdb/mnist/index.html): Y. LeCun" in written


@pytest.mark.slow
def test_each_page_describes_itself_to_machines(site: Path) -> None:
    page: Any = tinyhtml5.parse((site / "reindex.html").read_bytes(), namespace_html_elements=False)
    (script,) = page.iterfind(".//script[@type='application/ld+json']")
    found = json.loads(script.text)
    assert found["headline"] == "Once & again"
    assert found["url"] == URL + "reindex.html"
    assert [one["name"] for one in found["isBasedOn"]] == ["MNIST"]


@pytest.mark.slow
def test_each_page_names_its_own_address(site: Path) -> None:
    for name, address in {"index.html": URL, "reindex.html": URL + "reindex.html"}.items():
        tree: Any = tinyhtml5.parse((site / name).read_bytes(), namespace_html_elements=False)
        canonical = tree.find(".//link[@rel='canonical']")
        assert canonical is not None
        assert canonical.get("href") == address


@pytest.mark.slow
def test_the_page_for_lost_readers_works_at_any_depth(site: Path) -> None:
    tree: Any = tinyhtml5.parse((site / "404.html").read_bytes(), namespace_html_elements=False)
    fonts = re.findall(r"url\(([^)#]+)\)", tree.find(".//style").text)
    assert fonts
    for address in [*fonts, tree.find(".//script").get("src")]:
        assert urlsplit(address).scheme == "https"
        assert file_of(site, address).is_file()


def test_an_address_without_a_slash_at_its_end_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "essay"
    folder.mkdir()
    (folder / "essay.toml").write_text('site_url = "https://example.org/nets"\n', encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    built = build(folder)
    assert built.returncode == 1
    assert "essay.toml:1:1: 'site_url' is not the address of a site" in built.stderr
