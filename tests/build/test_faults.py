"""What may go wrong around a build: its cache rots, its disk fills, its clock jumps."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import pytest

from netviz.build.build import build
from netviz.build.options import Options
from netviz.engine.entries import MANIFEST
from netviz.engine.local import LocalExecutor
from netviz.errors import SiteError
from tests.essays import SETTINGS, TEXT, content

Damage = Callable[[Path], None]
SIZES = range(60, 1260, 60)  # kilobytes that are left; what a build takes lies between two of them


def flip(file: Path) -> None:
    """Turn one bit in the middle, and leave size and time as they were."""
    status, found = file.stat(), bytearray(file.read_bytes())
    found[len(found) // 2] ^= 1
    file.write_bytes(found)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def cut(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replace_by_link(file: Path) -> None:
    kept = file.rename(file.with_name("elsewhere"))
    file.symlink_to(kept)


DAMAGES: tuple[Damage, ...] = (flip, cut, empty, Path.unlink, replace_by_folder, replace_by_link)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    essay = tmp_path / "essay"
    essay.mkdir()
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (essay / "index.md").write_text(TEXT, encoding="utf-8")
    return Options(essay, tmp_path / "site", tmp_path / "cache", tmp_path / "data", sample=True)


def run(options: Options, executor: Executor) -> dict[str, bytes]:
    """Build in a session of its own; return the site."""
    build(options, executor, lambda _: None)
    return content(options.out)


@pytest.mark.torture
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_whatever_file_of_the_cache_rots_the_next_build_is_right(
    options: Options, workers: LocalExecutor, damage: Damage
) -> None:
    whole = run(options, workers)
    files = [file for file in options.step_cache.rglob("*") if file.parent.name == "files"]
    files += options.step_cache.glob(f"*/*/{MANIFEST}")
    assert len(files) >= 20
    for file in sorted(files):
        if file.is_file() and file.stat().st_size:
            damage(file)
            shutil.rmtree(options.out)
            assert run(options, workers) == whole, f"{damage.__name__} of {file}"


@pytest.mark.torture
@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_jumps_changes_nothing(
    options: Options, workers: LocalExecutor, years: int
) -> None:
    whole = run(options, workers)
    jump = years * 365 * 86_400 * 10**9
    for file in (
        *options.step_cache.rglob("*"),
        *options.essay.rglob("*"),
        *options.out.rglob("*"),
    ):
        status = file.stat()
        os.utime(file, ns=(status.st_atime_ns + jump, status.st_mtime_ns + jump))
    assert run(options, workers) == whole
    (options.essay / "index.md").write_text(TEXT.replace("It gets", "This gets"), encoding="utf-8")
    assert b"This gets" in run(options, workers)["index.html"]


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Callable[[int], None]]:
    """Put a file system of a size in memory at `folder`; give a function that changes the size."""

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            pytest.skip("NO SMALL DISK CAN BE MOUNTED HERE: this takes root on Linux")

    folder.mkdir()
    mount(f"size={kilobytes}k")
    try:
        yield lambda size: mount(f"remount,size={size}k")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.torture
def test_a_disk_that_is_full_at_any_moment_loses_neither_site_nor_cache(
    options: Options, workers: LocalExecutor, tmp_path: Path
) -> None:
    first = run(options, workers)
    edited = TEXT.replace("It gets", "This gets")
    refused = 0
    for number, size in enumerate(SIZES):
        with small_disk(tmp_path / f"disk-{number}", size) as resize:
            disk = tmp_path / f"disk-{number}"
            there = Options(
                options.essay, disk / "site", disk / "cache", options.data_cache, sample=True
            )
            resize(50_000)
            shutil.copytree(options.out, there.out)
            (options.essay / "index.md").write_text(edited, encoding="utf-8")
            resize(shutil.disk_usage(disk).used // 1024 + size)
            if (told := fault(there, workers)) is not None:
                refused += 1
                assert "the disk is full" in told
                assert content(there.out) == first, f"the last site suffered at {size} kB"
            resize(50_000)
            second = run(there, workers)
            assert b"This gets" in second["index.html"]
            (options.essay / "index.md").write_text(TEXT, encoding="utf-8")
    assert refused > len(SIZES) // 4
    assert refused < len(SIZES), "no disk was large enough: the sizes show nothing"


def fault(options: Options, executor: Executor) -> str | None:
    """Build; return what is told to be wrong, if anything."""
    try:
        run(options, executor)
    except SiteError as error:
        return str(error)
    return None
