"""A build that has nothing to do says so at once, and nothing that matters escapes it."""

import os
from pathlib import Path

import pytest

from netviz.build.unchanged import READ_WHOLE, Circumstances, is_unchanged, leave_note


class Place:
    """A source folder, a site made of it, and the note of the build."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.out = folder / "site"
        self.note = folder / "note.json"
        self.text = self.source / "part" / "text.md"
        self.large = self.source / "large.bin"
        self.page = self.out / "index.html"
        for file in (self.text, self.page):
            file.parent.mkdir(parents=True)
            file.write_text("as it was", encoding="utf-8")
        self.large.write_bytes(bytes(READ_WHOLE + 1))
        self.leave(Circumstances({"sample": "False"}, ()))

    def leave(self, circumstances: Circumstances) -> None:
        sources = [self.source]
        leave_note(self.note, self.out, circumstances, sources, circumstances.digest(sources))

    def is_unchanged(self, sample: str = "False", own: tuple[Path, ...] = ()) -> bool:
        return is_unchanged(self.note, self.out, Circumstances({"sample": sample}, own))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_after_a_build_nothing_has_changed(place: Place) -> None:
    assert place.is_unchanged()


def test_a_file_written_again_with_the_same_text_is_no_change(place: Place) -> None:
    os.utime(place.text, (1, 1))
    assert place.is_unchanged()


def test_an_edit_of_the_same_length_and_time_is_a_change(place: Place) -> None:
    status = place.text.stat()
    place.text.write_text("as it WAS", encoding="utf-8")
    os.utime(place.text, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not place.is_unchanged()


def test_a_large_file_counts_by_its_time(place: Place) -> None:
    os.utime(place.large, (1, 1))
    assert not place.is_unchanged()


def test_a_new_file_and_a_removed_one_are_changes(place: Place) -> None:
    added = place.source / "new.md"
    added.touch()
    assert not place.is_unchanged()
    added.unlink()
    assert place.is_unchanged()
    place.text.unlink()
    assert not place.is_unchanged()


def test_a_site_that_was_altered_or_removed_is_built_again(place: Place) -> None:
    place.page.write_text("altered", encoding="utf-8")
    assert not place.is_unchanged()
    place.page.unlink()
    place.out.rmdir()
    assert not place.is_unchanged()


def test_other_settings_and_another_day_are_changes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not place.is_unchanged(sample="True")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert not place.is_unchanged()


def test_what_builds_write_themselves_is_no_source(tmp_path: Path) -> None:
    place = Place(tmp_path)
    own = place.source / "cache"
    own.mkdir()
    place.leave(Circumstances({"sample": "False"}, (own,)))
    (own / "entry").write_text("made", encoding="utf-8")
    assert place.is_unchanged(own=(own,))
    assert not place.is_unchanged()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"site": 1, "sources": 2, "digest": 3}'])
def test_a_note_that_cannot_be_read_is_none(place: Place, text: str) -> None:
    place.note.write_text(text, encoding="utf-8")
    assert not place.is_unchanged()


def test_an_edit_while_the_build_ran_leaves_no_note(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.note.unlink()
    circumstances = Circumstances({"sample": "False"}, ())
    before = circumstances.digest([place.source])
    place.text.write_text("edited", encoding="utf-8")
    leave_note(place.note, place.out, circumstances, [place.source], before)
    assert not place.note.exists()


def test_a_source_that_is_not_there_leaves_no_note(tmp_path: Path) -> None:
    circumstances = Circumstances({}, ())
    missing = [tmp_path / "missing"]
    assert circumstances.digest(missing) is None
    leave_note(tmp_path / "note", tmp_path, circumstances, missing, circumstances.digest(missing))
    assert not (tmp_path / "note").exists()


def test_a_name_that_is_not_utf8_counts_like_any_other(place: Place) -> None:
    strange = os.fsencode(place.source) + b"/\xff.png"
    try:
        Path(os.fsdecode(strange)).touch()
    except OSError:
        pytest.skip("THIS DISK TAKES NO NAME THAT IS NOT UTF-8")
    assert not place.is_unchanged()
    place.leave(Circumstances({"sample": "False"}, ()))
    assert place.is_unchanged()
    Path(os.fsdecode(strange)).unlink()
    assert not place.is_unchanged()


def test_what_stands_behind_a_link_counts_where_it_stays_inside(place: Place) -> None:
    (place.source / "linked").symlink_to(place.source / "part")
    (place.source / "part" / "circle").symlink_to(place.source)
    (place.source / "to nothing").symlink_to("user@host.1:1")
    (place.source / "to itself").symlink_to("to itself")
    (place.source / "outwards").symlink_to("/")
    place.leave(Circumstances({"sample": "False"}, ()))
    assert place.is_unchanged()
    (place.source / "linked" / "new.md").touch()
    assert not place.is_unchanged()


def test_a_pipe_is_not_read(place: Place) -> None:
    os.mkfifo(place.source / "pipe")
    place.leave(Circumstances({"sample": "False"}, ()))
    assert place.is_unchanged()


def test_an_empty_folder_may_be_a_page_s_name_and_is_a_change(place: Place) -> None:
    (place.source / "x.md").mkdir()
    assert not place.is_unchanged()


@pytest.mark.parametrize("name", ["note", "out"])
def test_nothing_is_known_of_what_a_link_leads_to(name: str, place: Place) -> None:
    path = getattr(place, name)
    moved = path.rename(path.with_name("elsewhere"))
    path.symlink_to(moved)
    assert not place.is_unchanged()
