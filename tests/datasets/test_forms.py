"""Files and folders that are there but not read: known by their content, told with a way out."""

import re
from pathlib import Path

import pytest

from tests.datasets.own_data import refused


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("train.parquet", b"PAR1" + bytes(50), "got Parquet.*pandas.*np.savez"),
        ("data.h5", b"\x89HDF\r\n\x1a\n" + bytes(50), "got HDF5.*h5py"),
        ("data.mat", b"MATLAB 5.0 MAT-file", "got MATLAB.*loadmat"),
        ("data.zip", b"PK\x03\x04" + bytes(50), "got a zip archive. Unpack it"),
        ("data.tar.gz", b"\x1f\x8b" + bytes(50), "got packed by gzip. Unpack it"),
        ("data.tar", bytes(257) + b"ustar" + bytes(200), "got a tar archive"),
        ("data.pkl", b"\x80\x04\x95" + bytes(50), "got pickled.*can run code"),
        ("index.html", b"<!doctype html>", "got a web page"),
        ("data.txt", b"1 2 3", "got a file that ends in '.txt'"),
        ("data", b"", "got a file without an ending"),
    ],
)
def test_a_file_of_another_form_is_said_to_be_there(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    said = refused(tmp_path / name)
    assert re.search(f"{name}: the data set is of no form that is read.*{message}", said), said


def test_what_is_not_there_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    said = refused(tmp_path / "shape")
    assert "there is no such data set" in said
    assert "did you mean shapes?" in said
    assert "there is no such data set" in refused(tmp_path / "no" / "folder")


@pytest.mark.parametrize("damage", [b"PK\x03\x04", b"not an archive", b""])
def test_a_damaged_npz_is_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "data.npz").write_bytes(damage)
    assert "not a readable archive" in refused(tmp_path / "data.npz")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "got nothing"),
        ({"a.h5": b"\x89HDF\r\n\x1a\n"}, "got a.h5.*h5py"),
        ({"a.txt": b"", "b.bin": b""}, "got a.txt, b.bin"),
        ({f"{n}.bin": b"" for n in range(40)}, "got 40 .bin"),
    ],
)
def test_a_folder_without_data_is_told_with_what_lies_there(
    tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    said = refused(tmp_path)
    assert re.search(f"no pictures or arrays; expected a folder of pictures.*{message}", said), said
