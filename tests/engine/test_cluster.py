"""Steps on a Dask cluster: the same bytes, even where a worker is killed half-way."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.essays import SETTINGS, TEXT, build, content, netviz

MORE = "more_seeds = [2, 3, 4, 5, 6, 7, 8]"


@dataclass(frozen=True)
class Cluster:
    """A cluster's address, and the processes of its workers."""

    address: str
    workers: tuple[int, ...]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="THE EXTRA netviz[dask] IS NOT INSTALLED")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(Path(__file__).with_name("a_cluster.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        address, *workers = process.stdout.readline().split()
        yield Cluster(address, tuple(map(int, workers)))
        process.terminate()


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    folder = tmp_path / "essay"
    folder.mkdir()
    (folder / "essay.toml").write_text(SETTINGS.replace("more_seeds = [2]", MORE), encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    return folder


def kill_soon(cluster: Cluster, cache: Path) -> None:
    """Kill one worker as soon as a step has been kept."""
    while not list(cache.glob("train/*")):
        time.sleep(0.002)
    os.kill(cluster.workers[0], signal.SIGKILL)


@pytest.mark.torture
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    essay: Path, cluster: Cluster, tmp_path: Path
) -> None:
    killer = threading.Thread(target=kill_soon, args=(cluster, tmp_path / "build" / "cache"))
    killer.start()
    made = build(essay, "--executor", "dask", "--scheduler", cluster.address)
    killer.join()
    assert made.returncode == 0, made.stderr
    assert "Traceback" not in made.stderr
    there = content(tmp_path / "build" / "site")
    here = build(essay, "--out", "elsewhere/site")
    assert here.returncode == 0, here.stderr
    assert content(tmp_path / "elsewhere" / "site") == there


@pytest.mark.torture
def test_a_scheduler_that_is_not_there_is_told(
    essay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="THE EXTRA netviz[dask] IS NOT INSTALLED")
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    told = build(essay, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert told.returncode == 1
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:9'" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("half", [["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:9"]])
def test_half_of_what_a_cluster_takes_is_wrong_usage(essay: Path, half: list[str]) -> None:
    told = netviz(essay, "build", *half)
    assert told.returncode == 2
    assert "belong together" in told.stderr
