"""Class folders as people have them: what is read, passed over by name, or refused by name."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.datasets.own_data import (
    COLOURED,
    IMAGES,
    LABELS,
    by_class,
    pictures,
    read,
    refused,
    seen,
)

WHOLE = {image.tobytes() for image in IMAGES}


@pytest.mark.parametrize(
    ("train", "test"),
    [("train", "test"), ("Train", "Test"), ("training", "testing"), ("TRAIN", "val"),
     ("train", "valid"), ("train", "Validation")],
)  # fmt: skip
def test_splits_are_known_by_the_names_of_their_folders(
    tmp_path: Path, train: str, test: str
) -> None:
    pictures(tmp_path, by_class(split=f"{train}/"))
    pictures(tmp_path, {f"{test}/{name}/1.png": IMAGES[0] for name in "abcd"})
    _, (first, second) = read(tmp_path)
    assert {image.tobytes() for image in first.images} == WHOLE
    assert np.array_equal(first.labels, np.sort(LABELS))
    assert len(second) == 4


def test_of_three_splits_the_validation_pictures_are_passed_over_and_counted(
    tmp_path: Path,
) -> None:
    for split in ("train", "val", "test"):
        pictures(tmp_path, by_class(split=f"{split}/"))
    found = read(tmp_path)
    assert len(found[1][1]) == 24
    assert f"{tmp_path.name}: val is passed over (24 pictures)" in found[0].notes


def test_test_pictures_without_class_folders_are_counted(tmp_path: Path) -> None:
    pictures(tmp_path, by_class(split="train/"))
    pictures(tmp_path, {f"test/{n}.png": IMAGES[n] for n in range(5)})
    assert f"{tmp_path.name}: test has no class folders" in " ".join(read(tmp_path)[0].notes)


def test_a_training_folder_alone_is_divided(tmp_path: Path) -> None:
    assert seen(read(pictures(tmp_path, by_class(split="train/")))) == WHOLE


def test_a_class_may_be_called_train(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    (root / "a").rename(root / "train")
    assert read(root)[0].class_names == ("b", "c", "d", "train")


def test_folders_with_one_folder_alone_are_followed(tmp_path: Path) -> None:
    pictures(tmp_path / "data" / "data" / "archive", by_class())
    (tmp_path / "data" / "__MACOSX").mkdir()
    assert seen(read(tmp_path / "data")) == WHOLE


@pytest.mark.parametrize(
    "name",
    ["._00.png", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints/00-checkpoint.png",
     "@eaDir/00.png", "__MACOSX/._00.png"],
)  # fmt: skip
@pytest.mark.parametrize("below", ["", "a/"])
def test_what_systems_leave_is_passed_over_without_a_word(
    tmp_path: Path, name: str, below: str
) -> None:
    root = pictures(tmp_path, by_class())
    left = root / below / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"\0\5\x16\7")
    found = read(root)
    assert seen(found) == WHOLE
    assert found[0].notes == ()


def test_files_of_other_endings_are_counted_and_named(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    for name in ("a/1.heic", "a/2.HEIC", "b/3.dng", "c/README", "labels.csv"):
        (root / name).write_bytes(b"?")
    (note,) = read(root)[0].notes
    assert note.endswith(
        "24 pictures are read, other files passed over: 5 "
        "(2 .heic, 1 .csv, 1 .dng, 1 without an ending)"
    )


def test_pictures_of_16_bits_keep_their_scale_beside_those_of_8(tmp_path: Path) -> None:
    files = {
        name: Image.fromarray(image.astype(np.uint16) * 257) if n % 2 else image
        for n, (name, image) in enumerate(by_class().items())
    }
    assert seen(read(pictures(tmp_path, files))) == WHOLE


@pytest.mark.parametrize(("factor", "asked"), [(1, 255), (16, 4080)])
def test_pictures_that_would_be_nearly_black_are_asked_about(
    tmp_path: Path, factor: int, asked: int
) -> None:
    dark = {name: Image.fromarray(i.astype(np.uint16) * factor) for name, i in by_class().items()}
    root = pictures(tmp_path, dark)
    assert re.search(f"nearly black.*brightest = {asked} makes", refused(root))
    assert seen(read(root, brightest=asked)) == WHOLE
    assert seen(read(root, brightest=65535)) != WHOLE


def test_deep_pictures_that_would_be_nearly_black_beside_others_are_asked_about(
    tmp_path: Path,
) -> None:
    root = pictures(tmp_path, by_class())
    for file in (root / "a").iterdir():
        deep = np.asarray(Image.open(file)).astype(np.uint16) * 16  # 12 bits
        Image.fromarray(deep).save(file)
    assert "brightest = " in refused(root)
    (train, test) = read(root, brightest=4095)[1]
    brightest = {label: max(one.images[one.labels == label].max() for one in (train, test))
                 for label in range(4)}  # fmt: skip
    assert min(brightest.values()) > 200


def test_transparent_pictures_are_counted(tmp_path: Path) -> None:
    files = by_class()
    files["a/00.png"] = Image.merge("LA", (Image.new("L", (12, 12)), Image.fromarray(IMAGES[0])))
    found = read(pictures(tmp_path, files))
    assert (255 - IMAGES[0]).tobytes() in seen(found)
    assert "1 of 24 images are transparent, laid on white" in found[0].notes[0]


def test_moving_pictures_are_counted(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    frames = [Image.fromarray(IMAGES[0]), Image.fromarray(IMAGES[1])]
    frames[0].save(root / "a" / "x.gif", save_all=True, append_images=frames[1:])
    assert "1 pictures have several frames" in read(root)[0].notes[0]


def test_classes_choose_and_order_the_folders_and_the_others_are_named(tmp_path: Path) -> None:
    found = read(pictures(tmp_path, by_class()), classes=("d", "a"))
    assert found[0].class_names == ("d", "a")
    assert "classes does not name b, c" in found[0].notes[0]


def test_names_are_compared_in_composed_unicode(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    (root / "a").rename(root / "cafe\u0301")
    assert read(root)[0].class_names == ("b", "c", "caf\xe9", "d")
    assert read(root, classes=("caf\xe9", "b"))[0].class_names == ("caf\xe9", "b")
    shutil.copytree(root / "b", root / "caf\xe9")
    assert "two folders have one name" in refused(root)


def test_grey_training_pictures_and_coloured_test_pictures_become_colour(tmp_path: Path) -> None:
    pictures(tmp_path, by_class(split="train/"))
    pictures(tmp_path, {f"test/{name}/1.png": COLOURED[0] for name in "abcd"})
    description, (train, _) = read(tmp_path)
    assert description.image_shape == (12, 12, 3)
    assert np.array_equal(train.images[..., 0], train.images[..., 2])


# --- what is refused -------------------------------------------------------------------------


def test_an_empty_class_folder_is_told_by_its_name(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    (root / "new").mkdir()
    assert re.search("class folder 'new' has no pictures.*got an empty folder", refused(root))
    assert seen(read(root, classes=("a", "b", "c", "d"))) == WHOLE
    (root / "new" / "1.heic").write_bytes(b"?")
    assert re.search("class folder 'new' has no pictures.*got 1 .heic", refused(root))


def test_a_class_folder_with_folders_of_pictures_is_told_by_its_name(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    pictures(root / "a" / "tabby", {"1.png": IMAGES[0]})
    assert re.search("class folder 'a' has folders with pictures.*tabby/", refused(root))


def test_a_class_of_the_test_split_alone_is_refused_by_its_name(tmp_path: Path) -> None:
    for split in ("train", "test"):
        pictures(tmp_path, by_class(split=f"{split}/"))
    shutil.copytree(tmp_path / "test" / "a", tmp_path / "test" / "extra")
    said = refused(tmp_path)
    assert "none of the training split; expected a folder 'extra' in train as well" in said
    assert "extra" in read(tmp_path, classes=("a", "b", "c", "d"))[0].notes[0]


def test_a_class_without_test_pictures_is_named(tmp_path: Path) -> None:
    for split in ("train", "test"):
        pictures(tmp_path, by_class(split=f"{split}/"))
    shutil.rmtree(tmp_path / "test" / "b")
    found = read(tmp_path)
    assert found[1][1].labels.tolist() == [0] * 6 + [2] * 6 + [3] * 6
    assert found[0].notes == (f"{tmp_path.name}: there are no test images of 'b'",)


def test_test_pictures_of_no_class_that_is_named_are_told(tmp_path: Path) -> None:
    for split in ("train", "test"):
        pictures(tmp_path, by_class(split=f"{split}/"))
    for name in ("a", "b"):
        shutil.rmtree(tmp_path / "test" / name)
    assert "none of the classes has a picture here" in refused(tmp_path, classes=("a", "b"))


def test_two_folders_for_one_split_are_asked_about(tmp_path: Path) -> None:
    for split in ("train", "training"):
        pictures(tmp_path, by_class(split=f"{split}/"))
    assert re.search("two folders are for one split.*train and training", refused(tmp_path))


def test_pictures_without_class_folders_are_told_with_what_lies_there(tmp_path: Path) -> None:
    for number in range(9):
        pictures(tmp_path, {f"{number}.png": IMAGES[0]})
    said = refused(tmp_path)
    assert "expected a folder of pictures for each class" in said
    assert "got 9 .png" in said


def test_splits_without_class_folders_are_not_taken_for_classes(tmp_path: Path) -> None:
    for split in ("train", "test"):
        pictures(tmp_path, {f"{split}/{n}.png": image for n, image in enumerate(IMAGES)})
    said = refused(tmp_path)
    assert re.search(
        r"no pictures or arrays; expected a folder.*got test/, train/ with 48 \.png", said
    )


def test_one_folder_of_pictures_beside_a_list_is_told_with_both(tmp_path: Path) -> None:
    pictures(tmp_path, {f"images/{n}.png": image for n, image in enumerate(IMAGES)})
    (tmp_path / "labels.csv").write_text("file,label\n0,a\n")
    assert "expected 2 to 100 class folders; got images/ with 24 .png, labels.csv" in refused(
        tmp_path
    )


def test_class_folders_of_unread_pictures_are_told_by_their_endings(tmp_path: Path) -> None:
    assert "got a/, b/, c/, d/ with 24 .jp2" in refused(pictures(tmp_path, by_class("jp2")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_links_that_lead_nowhere_and_pipes_are_refused_by_name(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    (root / "a" / "x.png").symlink_to(tmp_path / "nowhere")
    assert re.search(r"x\.png: the picture cannot be read.*got a link to nothing", refused(root))
    (root / "a" / "x.png").unlink()
    os.mkfifo(root / "a" / "x.png")
    assert re.search(r"x\.png: the picture cannot be read.*got no plain file", refused(root))


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    (root / "a").rename(root / b"caf\xe9".decode("utf-8", "surrogateescape"))
    said = refused(root)
    assert "not UTF-8" in said
    assert said.encode()


def test_labels_from_has_no_meaning_for_folders(tmp_path: Path) -> None:
    assert "has no meaning" in refused(pictures(tmp_path, by_class()), labels_from=1)


def test_of_several_pictures_that_cannot_be_read_all_are_counted(tmp_path: Path) -> None:
    root = pictures(tmp_path, by_class())
    for name in ("a/0", "b/1", "d/0"):
        (root / f"{name}x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    told = refused(root)
    assert "a/0x.png: the picture cannot be read (and 2 more: b/1x.png, d/0x.png); expected" in told
    (root / "b" / "1x.png").unlink()
    (root / "d" / "0x.png").unlink()
    assert "the picture cannot be read; expected" in refused(root)
