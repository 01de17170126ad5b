"""A build may be killed at any moment: the last site stays whole, and the next build is right."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netviz.engine.cache import STAGING, Cache
from netviz.errors import SiteError
from tests.engine.workshop import Workshop

SCRIPT = Path(__file__).with_name("small_build.py")
SEED = 20_240_607
VERSIONS = ("one", "two")

Site = dict[str, bytes]


def start(folder: Path, version: str) -> "subprocess.Popen[bytes]":
    """Start a build as the leader of a session of its own, so that all its processes are known."""
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), version],
        start_new_session=True,
        stderr=subprocess.PIPE,
    )


def build(folder: Path, version: str) -> None:
    process = start(folder, version)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told.decode()


def site_in(folder: Path) -> Site:
    site = folder / "site"
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }


def session_members(session: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Site], float]:
    """The site of each version, and the seconds that a build from nothing takes."""
    sites = {}
    seconds = 0.0
    for version in VERSIONS:
        folder = tmp_path_factory.mktemp(version)
        started = time.monotonic()
        build(folder, version)
        seconds = time.monotonic() - started
        sites[version] = site_in(folder)
    assert sites["one"] != sites["two"]
    return sites, seconds


def kill_many(folder: Path, kills: int, undisturbed: tuple[dict[str, Site], float]) -> int:
    """Kill builds at random moments; return how many were killed before they were done."""
    sites, seconds = undisturbed
    rng = random.Random(SEED)  # noqa: S311 - moments to kill at, not secrets
    build(folder, "one")
    standing = "one"
    caught = 0
    for number in range(kills):
        version = VERSIONS[(number + 1) % 2]
        if rng.random() < 0.7:  # else go on where the last one was killed
            shutil.rmtree(folder / "cache", ignore_errors=True)
        process = start(folder, version)
        seconds = wait_to_kill(process, rng.uniform(0.3, 1.1) * seconds, seconds)
        process.kill()
        process.communicate(timeout=20)  # in vain where a worker keeps the pipe open
        caught += process.returncode == -signal.SIGKILL
        found = site_in(folder)
        assert found in (sites[standing], sites[version]), f"kill {number} left a mixture"
        standing = "one" if found == sites["one"] else "two"
        assert_all_end(process.pid)
        if number % 5 == 4:
            build(folder, version)
            standing = version
            assert site_in(folder) == sites[version]
            assert {path.name for path in folder.iterdir()} == {"cache", "site"}
            assert list((folder / "cache" / STAGING).iterdir()) == []
    return caught


def wait_to_kill(process: subprocess.Popen[bytes], moment: float, seconds: float) -> float:
    """Wait until `moment`; return how long a build takes, less where this one was quicker.

    The machine may have been busier when `seconds` was measured than it is now.
    """
    began = time.monotonic()
    while time.monotonic() - began < moment:
        if process.poll() is not None:
            return time.monotonic() - began
        time.sleep(0.002)
    return seconds


def assert_all_end(session: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    deadline = time.monotonic() + 10
    while session_members(session):
        assert time.monotonic() < deadline, "workers outlive their build"
        time.sleep(0.01)


def test_a_few_kills(tmp_path: Path, undisturbed: tuple[dict[str, Site], float]) -> None:
    assert kill_many(tmp_path, 5, undisturbed) >= 1


@pytest.mark.torture
def test_two_hundred_kills(tmp_path: Path, undisturbed: tuple[dict[str, Site], float]) -> None:
    assert kill_many(tmp_path, 200, undisturbed) >= 100


@pytest.mark.parametrize("versions", [("one", "one"), ("one", "two")])
def test_two_builds_at_once_do_not_disturb_each_other(
    versions: tuple[str, str], tmp_path: Path, undisturbed: tuple[dict[str, Site], float]
) -> None:
    sites, _ = undisturbed
    processes = [start(tmp_path, version) for version in versions]
    for process in processes:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told.decode()
    assert site_in(tmp_path) in [sites[version] for version in versions]
    build(tmp_path, "one")
    assert site_in(tmp_path) == sites["one"]


def test_an_interrupted_build_ends_all_its_workers(tmp_path: Path) -> None:
    """Ctrl-C on a terminal goes to the workers as well; none may answer with a traceback."""
    process = start(tmp_path, "one")
    while not list((tmp_path / "cache" / STAGING).glob("build-*/step-*")):
        assert process.poll() is None
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=20)
    if process.returncode == 0:
        pytest.skip("the build was quicker than the signal")
    assert told.decode().count("Traceback") == 1, told.decode()  # of the build itself
    assert b"KeyboardInterrupt" in told
    assert_all_end(process.pid)
    assert list((tmp_path / "cache" / STAGING).iterdir()) == []


@pytest.mark.torture
@pytest.mark.parametrize("limit", [*range(0, 2000, 200), *range(9_000, 100_000, 10_000)])
def test_a_disk_that_fills_loses_nothing(limit: int, workshop: Workshop) -> None:
    with pytest.raises(SiteError, match="grew beyond what this machine allows"):
        workshop.run(workshop.step("too_much", limit=limit))
    workshop.executor.stop()
    workshop.cache = Cache(workshop.cache.folder)
    workshop.run(workshop.step("too_much", limit=1_000_000))
    assert workshop.names("made") == ["too_much"]
