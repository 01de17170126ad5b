"""Publishing: exactly the files given, whole at every moment, and nothing of anyone else's lost."""

import errno
import os
import resource
import stat
import threading
from pathlib import Path

import pytest

from netviz.engine.lock import Lock
from netviz.errors import SiteError
from netviz.publishing import writer
from netviz.publishing.writer import MARKER, publish, published, recover

FILES = {"index.html": b"<p>one", "pictures/a.webp": b"a", "pictures/b.webp": b"b"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "build" / "site"


def found(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != MARKER
    }


def beside(out: Path) -> set[str]:
    return {path.name for path in out.parent.iterdir()}


def test_the_site_holds_the_files_and_nothing_is_left_beside_it(out: Path) -> None:
    assert publish(FILES, out)
    assert found(out) == FILES
    assert beside(out) == {"site"}


def test_what_was_published_is_read_back_and_nothing_else(out: Path) -> None:
    publish(FILES, out)
    (out / ".DS_Store").touch()
    assert published(out) == FILES


def test_a_file_that_is_no_more_goes_and_a_new_one_comes(out: Path) -> None:
    publish(FILES, out)
    now = {"index.html": b"<p>two", "pictures/b.webp": b"b", "new/c": b""}
    assert publish(now, out)
    assert found(out) == now
    assert not (out / "pictures" / "a.webp").exists()
    assert beside(out) == {"site"}


def test_the_same_bytes_leave_the_site_as_it_stands(out: Path) -> None:
    publish(FILES, out)
    before = out.stat()
    assert not publish(FILES, out)
    assert out.stat().st_ino == before.st_ino


def test_an_unchanged_file_stays_the_same_file(out: Path) -> None:
    """So that its time of change stays, and only what changed is written."""
    publish(FILES, out)
    before = (out / "pictures" / "a.webp").stat()
    publish({**FILES, "index.html": b"two"}, out)
    after = (out / "pictures" / "a.webp").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_one_new_file_takes_its_place_alone_and_two_take_theirs_together(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two renames a site would be neither the old nor the new one."""
    publish(FILES, out)
    folder = out.stat().st_ino
    one = {**FILES, "index.html": b"<p>two"}
    assert publish(one, out)
    assert (out.stat().st_ino, found(out), beside(out)) == (folder, one, {"site"})
    monkeypatch.setattr(writer, "_replace", None)
    for files in ({**one, "index.html": b"3", "pictures/a.webp": b"3"}, {**one, "c.webp": b"c"}):
        assert publish(files, out)
        assert found(out) == files


def test_a_damaged_site_is_mended(out: Path) -> None:
    publish(FILES, out)
    (out / "index.html").write_bytes(b"<p>0ne")
    (out / "pictures" / "a.webp").unlink()
    (out / "pictures" / "b.webp").unlink()
    (out / "pictures" / "b.webp").symlink_to("/etc/hostname")
    assert publish(FILES, out)
    assert found(out) == FILES
    assert not (out / "pictures" / "b.webp").is_symlink()


@pytest.mark.parametrize("renames", ["exchanged", "one after the other"])
def test_whoever_looks_always_sees_a_whole_site(
    renames: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two versions take turns; a look through an open folder never finds a mixture."""
    if renames != "exchanged":
        monkeypatch.setattr(writer, "_exchanged", lambda *_: False)
    versions = [{f"{n}.txt": text for n in range(20)} for text in (b"a", b"b")]
    publish(versions[0], out)
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            publish(versions[turn % 2], out)

    thread = threading.Thread(target=write)
    thread.start()
    looks = 0
    while looks < 60:
        try:
            folder = os.open(out, os.O_RDONLY)
        except FileNotFoundError:
            assert renames != "exchanged"
            continue
        try:
            texts = {_read_in(folder, f"{n}.txt") for n in range(20)}
        except FileNotFoundError:  # this one is being removed: we held on to it for too long
            continue
        finally:
            os.close(folder)
        assert texts in ({b"a"}, {b"b"})
        looks += 1
    stop.set()
    thread.join()


def _read_in(folder: int, name: str) -> bytes:
    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read()


def test_a_build_killed_between_two_renames_loses_nothing(out: Path) -> None:
    publish(FILES, out)
    out.rename(out.with_name(".site-last"))
    out.with_name(".site-next").mkdir()
    recover(out)
    assert found(out) == FILES
    assert beside(out) == {"site"}


def test_what_a_killed_build_left_half_written_is_cleared(out: Path) -> None:
    publish(FILES, out)
    out.with_name(".site-next").mkdir()
    out.with_name(".site-next").joinpath("half").touch()
    publish({"index.html": b"two"}, out)
    assert beside(out) == {"site"}


# --- what is not ours ------------------------------------------------------------------------


def test_a_folder_with_other_files_is_left_alone(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(SiteError, match=r"did not write; got thesis\.txt\. Move them away"):
        publish(FILES, out)
    assert found(out) == {"thesis.txt": b"years of work"}


def test_a_file_put_into_the_site_is_not_thrown_away(out: Path) -> None:
    publish(FILES, out)
    (out / "pictures" / "mine.txt").write_text("mine")
    with pytest.raises(SiteError, match=r"pictures/mine\.txt"):
        publish({"index.html": b"two"}, out)
    assert found(out) == {**FILES, "pictures/mine.txt": b"mine"}


def test_a_folder_is_not_ours_for_the_name_of_a_file_alone(out: Path) -> None:
    """A foreign folder may happen to have an index.html, or even a file called like the marker."""
    out.mkdir(parents=True)
    (out / "index.html").write_text("someone's")
    (out / MARKER).write_text("index.html\n")
    with pytest.raises(SiteError, match=r"did not write"):
        publish(FILES, out)


def test_what_a_file_manager_left_is_no_hindrance(out: Path) -> None:
    publish(FILES, out)
    (out / ".DS_Store").touch()
    assert publish({"index.html": b"two"}, out)


def test_an_empty_folder_is_taken(out: Path) -> None:
    out.mkdir(parents=True)
    assert publish(FILES, out)
    assert found(out) == FILES


def test_a_link_is_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    out.parent.mkdir()
    out.symlink_to(tmp_path / "home")
    with pytest.raises(SiteError, match="the site's folder is a link"):
        publish(FILES, out)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_file_for_a_folder_is_told(out: Path) -> None:
    out.parent.mkdir()
    out.touch()
    with pytest.raises(SiteError, match="a file has the place of the site"):
        publish(FILES, out)


@pytest.mark.parametrize("path", ["Index.html", "PICTURES/A.webp"])
def test_two_paths_that_many_disks_do_not_tell_apart_are_refused(path: str, out: Path) -> None:
    publish(FILES, out)
    with pytest.raises(SiteError, match=f"many disks do not tell apart.* and {path}"):
        publish({**FILES, path: b"other"}, out)
    assert found(out) == FILES


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/a",
        "a/../../b",
        "a//b",
        "./a",
        "a\\b",
        "c:a",
        "a\0",
        "",
        "a/",
        "a\nb",
        "\udcff",
        MARKER,
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, out: Path) -> None:
    with pytest.raises(SiteError, match="would be called"):
        publish({path: b""}, out)
    assert not out.exists()


# --- what the disk refuses -------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 40, 700])
def test_a_full_disk_leaves_the_last_site_whole(limit: int, out: Path) -> None:
    publish(FILES, out)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(SiteError, match="grew beyond what this machine allows"):
            publish({**FILES, "index.html": b"x" * 1000}, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert found(out) == FILES
    assert beside(out) == {"site"}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "access is not allowed"),
    ],
)
def test_what_the_disk_refuses_is_told_with_a_remedy(
    number: int, told: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path, _content: bytes) -> int:
        raise OSError(number, os.strerror(number), str(file))

    publish(FILES, out)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(SiteError, match=told) as caught:
            publish({"index.html": b"two"}, out)
    assert caught.value.remedy is not None
    assert "index.html" in str(caught.value.place)
    assert found(out) == FILES


def test_a_build_waits_for_another_and_says_so_in_the_end(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(FILES, out)
    other = Lock(out.with_name(".site.lock"))
    assert other.acquire()
    with monkeypatch.context() as patch:
        patch.setattr(writer, "PATIENCE_SECONDS", 0.1)
        with pytest.raises(SiteError, match="another build is writing this site"):
            publish({"index.html": b"two"}, out)
    threading.Timer(0.1, other.release).start()
    assert publish({"index.html": b"two"}, out)


def test_everyone_may_read_the_site(out: Path) -> None:
    before = os.umask(0o022)
    try:
        publish(FILES, out)
    finally:
        os.umask(before)
    assert stat.S_IMODE(out.stat().st_mode) == 0o755
    assert stat.S_IMODE((out / "index.html").stat().st_mode) == 0o644


def test_a_list_of_files_names_none_that_netviz_could_not_have_written(out: Path) -> None:
    """Nor does a name split into two by a mark that some take for the end of a line."""
    publish({**FILES, "a\u2028b.html": b"odd"}, out)
    assert published(out) == {**FILES, "a\u2028b.html": b"odd"}
    publish(FILES, out)
    (out.parent / "mine.txt").write_text("mine")
    with (out / MARKER).open("a") as marker:
        marker.write("../mine.txt\n/etc/passwd\npictures/../../mine.txt\n")
    assert published(out) == FILES
    writer.remove_site(out)
    assert beside(out) == {"mine.txt"}


def test_a_site_is_removed_up_to_what_others_put_there(out: Path) -> None:
    publish(FILES, out)
    (out / "pictures" / "mine.txt").write_text("mine")
    (out / "a.html").symlink_to(out / "index.html")
    writer.remove_site(out)
    assert {path.name for path in out.rglob("*")} == {"pictures", "mine.txt", "a.html"}


def test_a_folder_that_became_a_link_gives_way_and_is_not_read(out: Path, tmp_path: Path) -> None:
    publish(FILES, out)
    (out / "pictures").rename(tmp_path / "elsewhere")
    (out / "pictures").symlink_to(tmp_path / "elsewhere")
    with (out / MARKER).open("a") as marker:
        marker.write("pictures\n")
    publish(FILES, out)
    assert not (out / "pictures").is_symlink()
    assert found(out) == FILES
    assert not (out / "pictures/a.webp").samefile(tmp_path / "elsewhere/a.webp")


@pytest.mark.parametrize("name", [".site-next", ".site-last"])
def test_a_link_in_the_place_of_the_next_or_last_site_gives_way(
    name: str, out: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    publish(FILES, victim)
    out.parent.mkdir()
    (out.parent / name).symlink_to(victim)
    publish({"index.html": b"two"}, out)
    assert found(out) == {"index.html": b"two"}
    assert not out.is_symlink()
    assert found(victim) == FILES
    assert beside(out) == {"site"}
