"""The same essay gives the same bytes, wherever, by whomever and at whatever hour it is built."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.essays import FRONT, SETTINGS, content

PROJECT = Path(__file__).parents[2]
TEXT = (
    FRONT
    + """
It gets {{ value("networks.digits.test.accuracy", "percent") }} right.

{{ figure("weights", network="digits") }}
{{ figure("confusion_matrix", network="digits") }}
{{ figure("mistakes", network="digits") }}
{{ figure("random_sample", dataset="mnist") }}
"""
)
AROUND: dict[str, dict[str, str]] = {
    "another locale": {"LC_ALL": "C", "LANG": "tr_TR.UTF-8"},
    "another time zone": {"TZ": "Pacific/Chatham"},
    "another seed of hashes": {"PYTHONHASHSEED": "77"},
    "another width of terminal": {"COLUMNS": "20", "TERM": "dumb"},
    "more threads": {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
}


def built(
    folder: Path,
    *arguments: str,
    umask: int = -1,
    around: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Build from nothing in `folder`, as a process of its own; return the site."""
    essay = folder / "essay"
    essay.mkdir(parents=True)
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (essay / "index.md").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "netviz", "build", "--sample", "--quiet", *arguments]
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(folder / "data"), **(around or {})}
    subprocess.run(command, cwd=folder, env=environment, umask=umask, check=True)
    return content(folder / "build" / "site")


@pytest.mark.torture
def test_neither_place_nor_time_nor_surroundings_reach_the_bytes(tmp_path: Path) -> None:
    first = built(tmp_path / "first", "--jobs", "1")
    assert len(first) > 20
    others = {"two workers": built(tmp_path / "a folder with spaces" / "ü", "--jobs", "2")}
    others["another umask"] = built(tmp_path / "private", umask=0o077)
    for name, around in AROUND.items():
        others[name] = built(tmp_path / name, around=around)
    for name, site in others.items():
        assert site == first, name


@pytest.mark.torture
def test_a_checkout_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for part in ("src", "templates"):
        shutil.copytree(PROJECT / part, elsewhere / part)
    here = built(tmp_path / "here")
    assert built(tmp_path / "there", around={"PYTHONPATH": str(elsewhere / "src")}) == here
