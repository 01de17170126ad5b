"""Unpacked batches of CIFAR, all or some of them, and what is refused."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.datasets.own_data import read, refused

RNG = np.random.default_rng(3)
PLANES = RNG.integers(0, 256, (20, 3072), np.uint8)
LABELS = np.arange(20, dtype=np.uint8) % 10
IMAGES = PLANES.reshape(20, 3, 32, 32).transpose(0, 2, 3, 1)


def binary(labels: list[NDArray[np.uint8]]) -> bytes:
    return np.column_stack([*labels, PLANES]).astype(np.uint8).tobytes()


@pytest.mark.parametrize("below", ["", "cifar-10-batches-bin"])
def test_binary_batches_are_read_with_the_names_beside_them(tmp_path: Path, below: str) -> None:
    folder = tmp_path / "data" / below
    folder.mkdir(parents=True)
    for name in ("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"):
        (folder / name).write_bytes(binary([LABELS]))
    (folder / "batches.meta.txt").write_text("".join(f"class {n}\n" for n in range(10)) + "\n")
    description, (train, test) = read(tmp_path / "data")
    assert description.class_names == tuple(f"class {n}" for n in range(10))
    assert np.array_equal(train.images, np.concatenate([IMAGES, IMAGES]))
    assert np.array_equal(test.images, IMAGES)
    assert np.array_equal(test.labels, LABELS)


def test_batches_for_python_are_read_without_running_them(tmp_path: Path) -> None:
    batch = {b"data": PLANES, b"labels": LABELS.tolist()}
    for name in ("data_batch_1", "test_batch"):
        (tmp_path / name).write_bytes(pickle.dumps(batch, protocol=3))
    assert np.array_equal(read(tmp_path)[1][0].images, IMAGES)
    (tmp_path / "data_batch_1").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    assert "it asks for os.system" in refused(tmp_path)


def test_cifar_100_is_read_by_its_fine_labels(tmp_path: Path) -> None:
    for name in ("train.bin", "test.bin"):
        (tmp_path / name).write_bytes(binary([LABELS * 0, LABELS]))
    found = read(tmp_path)
    assert np.array_equal(found[1][0].labels, LABELS)
    assert np.array_equal(found[1][1].images, IMAGES)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "a multiple of 3074"), (b"0" * 3075, "a multiple of 3074"),
     (binary([LABELS, LABELS + 95]), "a label is out of range; expected 0 to 99; got 104")],
)  # fmt: skip
def test_damaged_batches_are_told(tmp_path: Path, content: bytes, message: str) -> None:
    for name in ("train.bin", "test.bin"):
        (tmp_path / name).write_bytes(content)
    assert message in refused(tmp_path)


def test_batches_without_a_test_batch_are_divided_and_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "data_batch_1.bin").write_bytes(binary([LABELS]))
    assert "there is no test_batch" in read(tmp_path)[0].notes[0]
