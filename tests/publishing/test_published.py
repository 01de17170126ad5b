"""An author's pictures and files are published, and what is no page is not."""

from pathlib import Path

import pytest
from PIL import Image

from netviz.errors import EssayError
from netviz.essay.links import settled
from netviz.essay.manuscript import Manuscript, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.opening import open_essay
from netviz.essay.page_files import page_files
from netviz.figures.registry import Registry
from netviz.publishing.assets import SiteFiles
from netviz.publishing.published import Published, refuse_unfound
from tests.essays import FRONT

HEAD = f"{FRONT}\n"


def picture(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20)).save(file, "PNG")


def read(folder: Path, body: str) -> tuple[Path, Manuscript]:
    page = folder / "index.md"
    page.write_text(HEAD + body, encoding="utf-8")
    return page, read_manuscript(page, Measurements({}), Registry(None), pages=["index.md"])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("photo.png", "photo.png"), ("my photo.png", "my%20photo.png"),
        ("my photo.png", "<my photo.png>"),
        ("bäum.PNG", "bäum.PNG"), ("bäum.PNG", "b%C3%A4um.PNG"), ("in/ner/x.png", "in/ner/x.png"),
        ("x.png", "./x.png"), ("a#b.png", "a%23b.png"),
    ],
)  # fmt: skip
def test_a_picture_beside_the_text_is_published_with_its_size(
    tmp_path: Path, name: str, written: str
) -> None:
    picture(tmp_path / name)
    page, manuscript = read(tmp_path, f"![A cat]({written})\n")
    site = SiteFiles()
    published = Published(tmp_path, site)
    ((address, size),) = published.of_page(page, manuscript).values()
    (path,) = site.files
    assert path.startswith("files/")
    assert path.endswith(".png")
    assert site.files[path] == (tmp_path / name).read_bytes()
    assert address.isascii()
    assert "#" not in address
    assert size == 'width="30" height="20"'


SHOWING = [
    '<picture><source srcset="a.png 1x, in/b.png 2x"><img src="a.png" alt="A cat"></picture>',
    '<img alt="A src=c.png of b" srcset="a.png, in/b.png 2x" src=a.png>',
    '<svg viewBox="0 0 3 2"><image href="a.png" width="3" height="2"/></svg>',
    '<svg viewBox="0 0 3 2"><image xlink:href="in/b.png" width="3" height="2"/></svg>',
]


@pytest.mark.parametrize("body", SHOWING)
def test_whatever_shows_a_picture_of_the_essay_is_published(tmp_path: Path, body: str) -> None:
    for name in ("a.png", "in/b.png"):
        picture(tmp_path / name)
    page, manuscript = read(tmp_path, f"{body}\n")
    site = SiteFiles()
    published = Published(tmp_path, site).of_page(page, manuscript)
    finished = settled(manuscript.html, {}, lambda *shown: published[shown])
    assert set(site.files) == {address for address, _ in published.values()}
    assert all(path in finished for path in site.files)
    assert '"a.png' not in finished
    assert "in/b.png" not in finished
    assert (' width="30" height="20"' in finished) == ("<img" in body)
    if "A src=" in body:
        assert 'alt="A src=c.png of b"' in finished


@pytest.mark.parametrize("body", SHOWING)
def test_whatever_shows_a_picture_that_is_not_there_is_told(tmp_path: Path, body: str) -> None:
    picture(tmp_path / "c.png")
    page, manuscript = read(tmp_path, f"{body}\n")
    with pytest.raises(EssayError, match=r"there is no file '(a|in/b)\.png' beside the text"):
        refuse_unfound(tmp_path, {page: manuscript})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("\n![A](nope.png)\n", ":9:6: there is no file 'nope.png' beside the text"),
        ("![A](Photo.png)\n", "did you mean photo.png"),
        ("![A](../secret.png)\n", ":8:6: a link leads out of the essay's folder"),
        ("[A](.env)\n", ":8:5: a hidden file is not published"),
        ("![A](broken.png)\n", ":8:6: broken.png cannot be read as a picture"),
        ("![A](x.tiff)\n", ":8:6: browsers show no such picture"),
        ("[A](drawing.svg)\n", ":8:5: a browser would run"),
        ("[A](linked.csv)\n", ":8:5: a link leads out"),
    ],
)
def test_what_cannot_be_published_is_told_at_its_line(
    tmp_path: Path, body: str, message: str
) -> None:
    folder = tmp_path / "essay"
    picture(folder / "photo.png")
    picture(tmp_path / "secret.png")
    for name in (".env", "broken.png", "x.tiff", "drawing.svg"):
        (folder / name).write_text("<svg></svg>", encoding="utf-8")
    (folder / "linked.csv").symlink_to(tmp_path / "secret.png")
    page, manuscript = read(folder, body)
    with pytest.raises(EssayError) as caught:
        refuse_unfound(folder, {page: manuscript})
    assert message in str(caught.value)


def test_of_several_missing_or_broken_pictures_each_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_text("no picture", encoding="utf-8")
    page, manuscript = read(tmp_path, "![A](nope.png)\n\n![B](broken.png)\n\n![C](none.png)\n")
    with pytest.raises(EssayError) as caught:
        refuse_unfound(tmp_path, {page: manuscript})
    lines = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in lines] == ["8", "10", "12"]
    for line, said in zip(lines, ("nope.png", "broken.png", "none.png"), strict=True):
        assert said in line


def test_a_link_to_no_file_of_essay_or_site_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a", encoding="utf-8")
    page, manuscript = read(tmp_path, "[a](data.csv) [m](measurements.json) [b](dta.csv)\n")
    site = SiteFiles()
    site.add("measurements.json", b"")
    published = Published(tmp_path, site)
    addresses = published.of_page(page, manuscript)
    assert addresses["data.csv", False][0].startswith("files/data.")
    with pytest.raises(
        EssayError, match=r":8:\d+: there is no file 'dta.csv'.*did you mean data.csv"
    ):
        published.refuse_dead_links()


def test_what_is_no_page_is_left_out(tmp_path: Path) -> None:
    names = [
        "index.md", "notes.md", "index.de.md", "index.zh-Hant.md", ".hidden.md", "._index.md",
        "#index.md#.md", "_draft.md", "README.md", "index.sync-conflict-2026.md", "index copy.md",
        "index (conflicted copy).md", "notes.final.md", "index.old.md", "index.en_US.md",
        "index (1).md",
    ]  # fmt: skip
    for name in names:
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    (tmp_path / ".#index.md").symlink_to("user@host.1:1")
    (tmp_path / "draft.md").write_text(HEAD.replace("date", "draft: true\ndate"), encoding="utf-8")
    found = page_files(tmp_path, drafts=False)
    kept = ["index.de.md", "index.md", "index.zh-Hant.md", "notes.md"]
    assert [file.name for file in found.texts] == kept
    assert [file.name for file in found.originals] == ["index.de.md", "index.zh-Hant.md"]
    told = "\n".join(found.left_out)
    for name in ("sync-conflict", "conflicted copy", "notes.final.md", "index.old.md", "draft.md"):
        assert name in told
    assert "README" not in told
    assert ".hidden" not in told
    shown = page_files(tmp_path, drafts=True)
    assert tmp_path / "draft.md" in shown.texts


def test_a_draft_is_shown_where_drafts_are_wanted_alone(tmp_path: Path) -> None:
    (tmp_path / "essay.toml").write_text('\ufeffpages = ["draft"]\n', encoding="utf-8")
    (tmp_path / "index.md").write_text(HEAD, encoding="utf-8")
    draft = tmp_path / "draft.md"
    draft.write_text(HEAD.replace("date", "draft: true\ndate"), encoding="utf-8")
    assert draft not in open_essay(tmp_path).pages
    assert draft in open_essay(tmp_path, drafts=True).pages
    (tmp_path / "index.md").write_text(HEAD.replace("date", "draft: true\ndate"), encoding="utf-8")
    with pytest.raises(EssayError, match=r"index\.md:5: the first page is a draft"):
        open_essay(tmp_path)
