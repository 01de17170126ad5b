"""Every file of an author's data set is read within limits, and named to whoever watches."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.datasets.description import OwnDataset
from netviz.datasets.own import read_own
from netviz.limits import SECONDS_NAME, WATCH, Limits

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 8, 8), np.uint8)
LABELS = np.arange(20) % 2


class Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def begins(self, file: Path, seconds: float) -> None:
        self.told.append((file.name, seconds))

    def ends(self) -> None:
        pass


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    token = WATCH.set(watcher)
    yield watcher
    WATCH.reset(token)


def arrays(folder: Path) -> str:
    np.savez(folder / "data.npz", images=IMAGES, labels=LABELS)
    return "data.npz"


def table(folder: Path) -> str:
    pixels = [",".join(map(str, image.ravel())) for image in IMAGES]
    rows = [f"{label},{row}" for label, row in zip(LABELS, pixels, strict=True)]
    names = "label," + ",".join(f"pixel{k}" for k in range(64))
    (folder / "train.csv").write_text("\n".join([names, *rows]), encoding="utf-8")
    return "train.csv"


def pictures(folder: Path) -> str:
    for k, (image, label) in enumerate(zip(IMAGES, LABELS, strict=True)):
        place = folder / "shapes" / "ab"[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{k}.png")
    return "shapes"


@pytest.mark.parametrize("write", [arrays, table, pictures])
def test_each_file_is_named_with_the_time_that_it_may_take(
    write: "object", tmp_path: Path, watcher: Watcher
) -> None:
    assert callable(write)
    path = write(tmp_path)
    read_own("mine", OwnDataset(title="Mine", path=path), tmp_path / path)
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert {name for name, _ in watcher.told} == {file.name for file in files}
    assert {seconds for _, seconds in watcher.told} == {Limits.of_data().seconds_by_the_clock}


def test_the_environment_sets_the_time_of_data_too(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS_NAME, "50")
    read_own("mine", OwnDataset(title="Mine", path=arrays(tmp_path)), tmp_path / "data.npz")
    assert watcher.told == [("data.npz", Limits(seconds=50).seconds_by_the_clock)]
