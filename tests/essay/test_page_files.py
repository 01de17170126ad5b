"""Which texts of a folder are pages, the same on every system, and what is told of the others."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.measurements import Measurements
from netviz.essay.opening import Essay, open_essay, read_page
from tests.essays import TEXT, write_essay

FRONT = "---\ntitle: Notes\n---\n"


def opened(folder: Path, **files: str) -> Essay:
    """Open an essay with `files`, named with `_` for the point."""
    write_essay(folder)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return open_essay(folder)


@pytest.mark.parametrize(
    "name", ["notes_MD", "notes_Md", "index_es_MD", "notes_markdown", "notes_MARKDOWN", "notes_qmd"]
)
def test_a_page_whose_name_ends_otherwise_is_told(tmp_path: Path, name: str) -> None:
    essay = opened(tmp_path, **{name: FRONT})
    assert [page.name for page in essay.pages] == ["index.md"]
    (said,) = essay.left_out
    file = name.replace("_", ".")
    assert said.startswith(f"{tmp_path / file}: not published: the name of a page ends in .md, in ")
    assert said.endswith(f"such as {Path(file).stem}.md")


def test_what_is_meant_for_others_is_passed_over(tmp_path: Path) -> None:
    files = {"README_MD": FRONT, "_draft_MD": FRONT, "notes_markdown": "No page.", "a_mdb": FRONT}
    (tmp_path / ".hidden.MD").write_text(FRONT, encoding="utf-8")
    (tmp_path / "folder.MDX").mkdir()
    assert opened(tmp_path, **files).left_out == ()


def test_a_text_without_front_matter_is_told_by_its_name_alone(tmp_path: Path) -> None:
    assert "NOTES.MD: not published" in opened(tmp_path, NOTES_MD="No page yet.").left_out[0]


@pytest.mark.parametrize("name", ["index.MD", "Index.md", "INDEX.MD"])
def test_the_first_page_is_looked_for_under_its_name_in_small_letters(
    tmp_path: Path, name: str
) -> None:
    """A system that knows no case would open it by the name that is looked for."""
    write_essay(tmp_path)
    (tmp_path / "index.md").rename(tmp_path / name)
    with pytest.raises(EssayError, match="the essay has no text; expected") as caught:
        open_essay(tmp_path)
    assert f"a file index.md; got {name}. Rename it: capitals count." in str(caught.value)


def test_where_names_have_no_case_the_first_page_is_the_one_that_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_essay(tmp_path)
    (tmp_path / "index.md").rename(tmp_path / "Index.md")
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda file: is_file(file) or (file.name == "index.md"))
    with pytest.raises(EssayError, match=r"got Index\.md\. Rename it"):
        open_essay(tmp_path)


@pytest.mark.parametrize("name", ["more.md", "more.MD"])
def test_a_page_in_a_subfolder_is_refused_however_its_name_ends(tmp_path: Path, name: str) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / name).write_text(f"\ufeff{FRONT}", encoding="utf-8")
    with pytest.raises(EssayError, match="a page is in a subfolder of the essay"):
        opened(tmp_path)


def test_a_link_to_a_page_whose_ending_is_in_capitals_is_no_link_to_a_file(tmp_path: Path) -> None:
    text = TEXT[: TEXT.index("It gets")] + "[Notes](notes.MD)"
    essay = opened(tmp_path, index_md=text, notes_md=FRONT)
    with pytest.raises(EssayError, match=r"there is no page 'notes\.MD'.*did you mean notes\.md"):
        read_page(essay, tmp_path / "index.md", Measurements({}), {}, strict=True)


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("straße", "STRASSE"), ("é", "e\u0301")])
def test_pages_whose_names_many_disks_do_not_tell_apart_are_refused(
    tmp_path: Path, one: str, other: str
) -> None:
    write_essay(tmp_path)
    for name in (one, other):
        (tmp_path / f"{name}.md").write_text(TEXT, encoding="utf-8")
    if len(list(tmp_path.glob("*.md"))) < 3:
        pytest.skip("this disk does not tell them apart")
    with pytest.raises(EssayError, match="many disks do not tell the name of this page from"):
        open_essay(tmp_path)
    (tmp_path / f"{other}.md").rename(tmp_path / "b.md")
    assert len(open_essay(tmp_path).pages) == 3
