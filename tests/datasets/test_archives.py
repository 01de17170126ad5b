"""Archives that are damaged, or made to do harm, end in a message and touch nothing."""

import gzip
import io
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.datasets import archives
from netviz.datasets.archives import read_file, read_members
from netviz.errors import DataError
from tests.datasets.conftest import tar_gz

MEMBERS = {"package/a.bin": b"a" * 3000, "package/notes.txt": b"n", "package/b.bin": b"b" * 10}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "pack.tgz"
    file.write_bytes(tar_gz(MEMBERS))
    return file


def test_wanted_files_come_by_their_bare_names(archive: Path) -> None:
    found = dict(read_members(archive, ["a.bin", "b.bin"]))
    assert found == {"a.bin": b"a" * 3000, "b.bin": b"b" * 10}


def test_a_missing_file_is_named(archive: Path) -> None:
    with pytest.raises(DataError, match=r"pack\.tgz: the archive is incomplete.* c\.bin"):
        list(read_members(archive, ["a.bin", "c.bin"]))


def test_a_path_that_leads_out_of_the_archive_gives_only_its_bare_name(tmp_path: Path) -> None:
    file = tmp_path / "pack.tgz"
    file.write_bytes(tar_gz({"../../etc/a.bin": b"1", "/root/b.bin": b"2"}))
    assert dict(read_members(file, ["a.bin", "b.bin"])) == {"a.bin": b"1", "b.bin": b"2"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_no_files(tmp_path: Path, kind: bytes) -> None:
    file = tmp_path / "pack.tgz"
    with tarfile.open(file, "w:gz") as tar:
        info = tarfile.TarInfo("a.bin")
        info.type, info.linkname = kind, "/etc/hostname"
        tar.addfile(info)
    with pytest.raises(DataError, match="incomplete"):
        list(read_members(file, ["a.bin"]))


@given(st.data())
def test_every_archive_cut_short_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = tar_gz(MEMBERS)
    # Less than the last block of the archive: the end of the .gz file alone proves it whole.
    length = data.draw(st.integers(0, len(whole) - 12))
    file = tmp_path_factory.mktemp("cut") / "pack.tgz"
    file.write_bytes(whole[:length])
    with pytest.raises(DataError, match=r"pack\.tgz: the (file is damaged|archive is incomplete)"):
        list(read_members(file, ["a.bin", "b.bin", "never.bin"]))


def test_an_archive_that_unpacks_beyond_its_bound_is_left_in_time(tmp_path: Path) -> None:
    file = tmp_path / "bomb.tgz"
    file.write_bytes(tar_gz({"padding": bytes(20_000_000), "a.bin": b"1"}))
    with pytest.raises(DataError, match="too large; expected at most 1000000 bytes"):
        list(read_members(file, ["a.bin"], limit=1_000_000))


def test_a_header_that_claims_gigabytes_takes_no_more_memory_than_the_bound(
    tmp_path: Path,
) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 60_000_000
    file = tmp_path / "bomb.tgz"
    file.write_bytes(gzip.compress(header.tobuf() + bytes(60_000_000), 1))
    tracemalloc.start()
    with pytest.raises(DataError, match="too large"):
        list(read_members(file, ["a.bin"], limit=2_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000


def test_a_member_above_the_bound_is_not_read(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 2999)
    with pytest.raises(DataError, match=r"a\.bin: the file is too large"):
        list(read_members(archive, ["a.bin"]))


def test_files_are_read_plain_and_packed(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"content")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(b"content"))
    assert read_file(tmp_path / "plain") == read_file(tmp_path / "packed.gz") == b"content"


def test_a_packed_file_above_the_bound_is_told(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(1_000_000)))
    with pytest.raises(DataError, match=r"bomb\.gz: the file is too large; expected at most 1000"):
        read_file(tmp_path / "bomb.gz", limit=1000)


@pytest.mark.parametrize(
    "content",
    [gzip.compress(bytes(100), mtime=0)[:-9], b"\x1f\x8bnot gzip"],
    ids=["cut", "foreign"],
)
def test_a_damaged_packed_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.gz: the file is damaged; expected a whole \.gz"):
        read_file(tmp_path / "a.gz")


@pytest.mark.parametrize("content", [b"", b"not packed"])
def test_what_is_packed_is_known_by_its_content_not_by_its_name(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "unpacked.gz").write_bytes(content)
    (tmp_path / "packed").write_bytes(gzip.compress(content))
    assert read_file(tmp_path / "unpacked.gz") == read_file(tmp_path / "packed") == content


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: the file is damaged"):
        read_file(tmp_path / "nowhere")


def test_a_stream_without_any_member_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pack.tgz"
    file.write_bytes(gzip.compress(io.BytesIO(bytes(10240)).read()))
    with pytest.raises(DataError, match="incomplete"):
        list(read_members(file, ["a.bin"]))
