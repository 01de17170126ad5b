"""Prepared data are those of the bytes of one essay's files, and no other build ends them."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.datasets import content
from netviz.datasets.content import fingerprint
from netviz.datasets.description import OwnDataset
from netviz.datasets.manifest import FILE_NAME
from netviz.datasets.store import IN_USE_SECONDS, is_whole, open_dataset, prepare_own
from netviz.errors import DataError

RNG = np.random.default_rng(5)
LABELS = np.arange(12, dtype=np.int64) % 3


def write_npz(essay: Path, shade: int) -> Path:
    """Write a data set of one shade, whose file has the same size for every shade."""
    essay.mkdir(parents=True, exist_ok=True)
    images = np.full((12, 9, 8), shade, np.uint8)
    images[:, 0, 0] = 255  # so that no image is taken for one of another scale
    np.savez(essay / "data.npz", images=images, labels=LABELS)
    return essay / "data.npz"


def shade(folder: Path) -> float:
    return float(np.median(open_dataset(folder).train.images))


OWN = OwnDataset("Mine", "data.npz")


def test_two_files_of_one_size_and_time_are_two_data_sets(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    prepared = []
    for who, value in (("evil", 9), ("victim", 202)):
        file = write_npz(tmp_path / who / "essay", value)
        os.utime(file, (1, 1))
        prepared.append(prepare_own("mine", OWN, file.parent, cache))
    assert [shade(folder) for folder in prepared] == [9, 202]


def test_another_file_unpacked_at_the_same_path_is_noticed_whatever_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "SETTLED_SECONDS", -1.0)  # all is remembered at once
    file = write_npz(tmp_path / "essay", 9)
    os.utime(file, (1, 1))
    prepare_own("mine", OWN, file.parent, tmp_path / "cache")
    other = write_npz(tmp_path / "other", 202)
    os.utime(other, (1, 1))
    other.replace(file)
    assert shade(prepare_own("mine", OWN, file.parent, tmp_path / "cache")) == 202


def test_what_is_remembered_is_not_hashed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "SETTLED_SECONDS", -1.0)
    file = write_npz(tmp_path / "essay", 9)
    first = fingerprint("", file, file.parent, tmp_path / "hashes.json")
    read: list[Path] = []
    monkeypatch.setattr("hashlib.file_digest", lambda *_: read.append(file))
    assert fingerprint("", file, file.parent, tmp_path / "hashes.json") == first
    assert not read


def test_a_file_saved_just_now_is_not_remembered(tmp_path: Path) -> None:
    file = write_npz(tmp_path / "essay", 9)
    fingerprint("", file, file.parent, tmp_path / "hashes.json")
    assert not (tmp_path / "hashes.json").exists()


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": [[1], "x"]}', "[" * 100_000])
def test_a_damaged_memory_is_none(text: str, tmp_path: Path) -> None:
    file = write_npz(tmp_path / "essay", 9)
    (tmp_path / "hashes.json").write_text(text)
    found = fingerprint("", file, file.parent, tmp_path / "hashes.json")
    assert found == fingerprint("", file, file.parent, tmp_path / "none.json")


def test_a_name_that_begins_like_another_evicts_nothing(tmp_path: Path) -> None:
    essay, cache = write_npz(tmp_path / "essay", 9).parent, tmp_path / "cache"
    long = prepare_own("mine-two", OWN, essay, cache)
    short = prepare_own("mine", OWN, essay, cache)
    assert is_whole(long)
    assert is_whole(short)


def test_essays_with_a_data_set_of_one_name_keep_theirs(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    essays = [write_npz(tmp_path / name, n).parent for n, name in enumerate("ab")]
    folders = [prepare_own("mine", OWN, essay, cache) for essay in essays]
    assert all(map(is_whole, folders))
    assert [prepare_own("mine", OWN, essay, cache) for essay in essays] == folders


def test_older_contents_go_when_no_build_can_be_using_them(tmp_path: Path) -> None:
    made = []
    for number in range(5):
        essay = write_npz(tmp_path / "essay", number).parent
        made.append(prepare_own("mine", OWN, essay, tmp_path / "cache"))
        assert all(map(is_whole, made)), "a build may be using it"
    for number, folder in enumerate(made):
        long_ago = time.time() - IN_USE_SECONDS - 100 + number
        os.utime(folder / FILE_NAME, (long_ago, long_ago))
    write_npz(tmp_path / "essay", 99)
    made.append(prepare_own("mine", OWN, essay, tmp_path / "cache"))
    assert [folder.exists() for folder in made] == [False, False, False, True, True, True]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """An essay whose class folder `b` is a link to a folder beside."""
    essay = tmp_path / "essay"
    for name in ("pictures/a", "beside"):
        (essay / name).mkdir(parents=True)
        for n in range(4):
            Image.fromarray(RNG.integers(0, 256, (9, 8), np.uint8)).save(essay / name / f"{n}.png")
    (essay / "pictures" / "b").symlink_to(essay / "beside")
    return essay


def test_a_change_behind_a_link_within_the_essay_is_noticed(pictures: Path, tmp_path: Path) -> None:
    own = OwnDataset("Mine", "pictures")
    first = prepare_own("mine", own, pictures, tmp_path / "cache")
    Image.fromarray(np.zeros((9, 8), np.uint8)).save(pictures / "beside" / "0.png")
    assert prepare_own("mine", own, pictures, tmp_path / "cache") != first


def test_a_link_outwards_behind_a_link_inwards_is_refused(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes((pictures / "beside" / "0.png").read_bytes())
    (pictures / "beside" / "9.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(DataError, match="leads out of the essay"):
        prepare_own("mine", OwnDataset("Mine", "pictures"), pictures, tmp_path / "cache")


def circle(essay: Path) -> None:
    (essay / "pictures" / "a" / "c").symlink_to(essay / "pictures")


def fan(essay: Path) -> None:
    """Links by which a folder is reached in 2 ** 40 ways."""
    for n in range(40):
        (essay / "pictures" / f"d{n}").mkdir()
    for n in range(39):
        for way in "xy":
            (essay / "pictures" / f"d{n}" / way).symlink_to(essay / "pictures" / f"d{n + 1}")


def to_itself(essay: Path) -> None:
    (essay / "pictures" / "a" / "5.png").symlink_to(essay / "pictures" / "a" / "5.png")


@pytest.mark.parametrize("plant", [circle, fan, to_itself])
def test_links_in_circles_end(
    plant: Callable[[Path], None], pictures: Path, tmp_path: Path
) -> None:
    plant(pictures)
    path = pictures / "pictures"
    assert fingerprint("", path, pictures, tmp_path / "h") == fingerprint(
        "", path, pictures, tmp_path / "h"
    )


def test_a_name_that_is_not_utf8_counts(pictures: Path, tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(pictures / "pictures" / "a") + b"/\xff.png"))
    path = pictures / "pictures"
    before = fingerprint("", path, pictures, tmp_path / "hashes.json")
    try:
        shutil.copy(path / "a" / "0.png", strange)
    except OSError:
        pytest.skip("THIS DISK TAKES NO NAME THAT IS NOT UTF-8")
    assert fingerprint("", path, pictures, tmp_path / "hashes.json") != before


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "data.npz/inner"])
def test_a_path_that_no_disk_may_have_is_told(path: str, tmp_path: Path) -> None:
    essay = write_npz(tmp_path / "essay", 9).parent
    with pytest.raises(DataError):
        prepare_own("mine", OwnDataset("Mine", path), essay, tmp_path / "cache")
