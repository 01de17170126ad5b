"""Small files that ask for much: refused before they are read, by a message with the bound."""

import io
import struct
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from netviz.bounds import (
    LARGEST_HEADER,
    LONGEST_NAME,
    MOST_ARRAYS,
    MOST_NUMBERS,
    MOST_SCANS,
    check_files,
    check_npz,
    check_picture,
    check_safetensors,
)
from netviz.datasets.description import OwnDataset
from netviz.datasets.store import prepare_own
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError, EssayError
from netviz.essay.settings import read_settings
from netviz.network.storage import LARGEST

EXPECTED = Expected((1, 2, 1), 2, "relu")


def jpeg(scans: int, side: int = 64) -> bytes:
    """Return a progressive JPEG with its last scan as often as to make `scans` more."""
    stream = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (side, side), np.uint8)
    exif = Image.Exif()
    exif[0x010E] = "\u00ff\u00da" * 300  # what looks like scans within a segment is none
    Image.fromarray(pixels).save(stream, "JPEG", progressive=True, exif=exif)
    content = stream.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * scans + b"\xff\xd9"


def test_a_jpeg_of_many_scans_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(MOST_SCANS))
    with pytest.raises(
        DataError, match=f"at most {MOST_SCANS} scans of a JPEG; got {MOST_SCANS + 1}"
    ):
        check_picture(file)
    file.write_bytes(jpeg(40))
    check_picture(file)


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "BMP", "JPEG"])
def test_a_picture_as_programs_write_it_is_read(form: str, tmp_path: Path) -> None:
    file = tmp_path / "a.x"
    pixels = np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8)
    Image.fromarray(pixels).save(file, form)
    check_picture(file)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0",
                                     b"\xff\xd8" + b"\xff" * 10**6,
                                     b"\xff\xd8" + b"\xff\xda\0\0" * 10**5],
                         ids=len)  # fmt: skip
def test_a_jpeg_that_ends_anywhere_is_looked_through_in_no_time(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(content)
    started = time.monotonic()
    try:
        check_picture(file)
    except DataError as error:
        assert "scans" in str(error)  # noqa: PT017 - it may be refused or left to its reader
    assert time.monotonic() - started < 1


def class_folders(essay: Path) -> Path:
    for name in ("a", "b"):
        (essay / "photos" / name).mkdir(parents=True)
        for number in range(4):
            pixels = np.full((16, 16), 40 * number, np.uint8)
            Image.fromarray(pixels).save(essay / "photos" / name / f"{number}.png")
    return essay / "photos"


def test_a_data_set_with_such_a_picture_is_refused_by_one_message(tmp_path: Path) -> None:
    file = class_folders(tmp_path / "essay") / "b" / "9.jpg"
    file.write_bytes(jpeg(MOST_SCANS))
    own = OwnDataset(title="Photos", path="photos", side=16)
    with pytest.raises(DataError) as error:
        prepare_own("photos", own, tmp_path / "essay", tmp_path / "cache")
    assert str(error.value).startswith(
        f"{file}: the picture takes too long to read; expected at most"
    )
    file.unlink()
    prepare_own("photos", own, tmp_path / "essay", tmp_path / "cache")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["caf\udce9", "a\nb", "a\x1b[2J"], ids=ascii)
def test_a_class_whose_name_cannot_be_shown_is_refused(name: str, tmp_path: Path) -> None:
    folder = class_folders(tmp_path / "essay")
    (folder / "a").rename(folder / name)
    own = OwnDataset(title="Photos", path="photos", side=16)
    with pytest.raises(DataError, match="this name cannot be shown") as error:
        prepare_own("photos", own, tmp_path / "essay", tmp_path / "cache")
    assert str(error.value).isprintable()


def header(tensors: int, shape: str = "[0]") -> bytes:
    entries = (
        f'"{n}":{{"dtype":"F32","shape":{shape},"data_offsets":[0,0]}}' for n in range(tensors)
    )
    text = ("{" + ",".join(entries) + "}").encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (header(1_000_000), f"the header is too large; expected at most {LARGEST_HEADER:,} bytes"),
        (header(MOST_ARRAYS + 1), f"too many arrays; expected at most {MOST_ARRAYS:,} arrays"),
        (
            header(1, f"[{MOST_NUMBERS}, 2]"),
            f"too large; expected at most {MOST_NUMBERS:,} numbers",
        ),
        (header(1, "[99999999999, 99999999999]"), "the network is too large"),
    ],
    ids=["a million arrays", "many arrays", "many numbers", "endless numbers"],
)
def test_weights_that_ask_for_too_much_are_refused_unread(
    content: bytes, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "w.safetensors"
    file.write_bytes(content)
    started = time.monotonic()
    with pytest.raises(DataError) as error:
        read_foreign(file, EXPECTED)
    assert time.monotonic() - started < 2
    assert said in str(error.value)
    assert str(error.value).startswith(f"{file}: ")


@pytest.mark.parametrize("content", [b"", b"\xff" * 8, struct.pack("<Q", 2) + b"{}", b"\2\0\0\0",
                                     struct.pack("<Q", 30) + b"[" * 30,
                                     struct.pack("<Q", 4) + b"null",
                                     struct.pack("<Q", 7) + b'{"a":1}'])  # fmt: skip
def test_what_is_no_file_of_weights_is_left_to_its_reader(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    file.write_bytes(content)
    check_safetensors(file)
    with pytest.raises(DataError, match=r"w\.safetensors: "):
        read_foreign(file, EXPECTED)


def test_a_member_that_is_no_array_is_named(tmp_path: Path) -> None:
    file = tmp_path / "w.npz"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("0.weight.npy", b"not read, since")
        archive.writestr("0.bias", b"this is no array")
    with pytest.raises(
        DataError, match=r"w\.npz: the archive holds a file that is no array.*0\.bias"
    ):
        check_npz(file, LARGEST)


@pytest.mark.parametrize("form", ["npz", "safetensors"])
def test_an_endless_name_is_refused(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"w.{form}"
    arrays = {f"{'7' * 5000}.weight": np.zeros((2, 2), np.float32)}
    if form == "npz":
        np.savez(file, **arrays)  # type: ignore[arg-type]  # as its users call it
    else:
        save_file(arrays, file)
    with pytest.raises(DataError, match=f"at most {LONGEST_NAME} characters; got 5,007"):
        read_foreign(file, EXPECTED)


def test_archives_of_a_data_set_are_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "data.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_train.npy", bytes(2**21))
    with pytest.raises(
        DataError, match=r"data\.npz: the file is too large; expected at most 1,024"
    ):
        check_files(tmp_path, 1024)
    file.write_bytes(b"no archive")
    check_npz(file, 1024)


@pytest.mark.parametrize("setting", ["path", "weights"])
def test_a_path_with_a_nul_is_refused_at_its_line(setting: str, tmp_path: Path) -> None:
    table = "datasets" if setting == "path" else "networks"
    lines = [f"[{table}.a]", 'title = "T"', f'{setting} = "a\\u0000b"']
    lines += [] if setting == "path" else ['dataset = "mnist"']
    file = tmp_path / "essay.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(EssayError) as error:
        read_settings(file)
    assert str(error.value) == f"{file}:3:1: {setting!r} is no path; got " + repr("a\0b")
