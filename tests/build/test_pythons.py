"""Every Python that netviz runs on builds the same site, byte by byte.

The interpreters are looked for as python3.11 to python3.14 on the PATH; NETVIZ_PYTHONS names
others, parted as the PATH is. Each gets an environment of its own from the lock file.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.essays import content

PROJECT = Path(__file__).parents[2]
RUNNING = f"3.{sys.version_info.minor}"
ASK_FOR_VERSION = """
import ensurepip, sys, venv
assert sys.version_info >= (3, 11, 5)
print(f"3.{sys.version_info.minor}")
"""


def supported() -> list[str]:
    """Return the versions of Python that pyproject.toml claims, as in "3.11"."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    classifiers = settings["project"]["classifiers"]
    return [line.rpartition(" ")[2] for line in classifiers if ":: Python :: 3." in line]


def surroundings() -> dict[str, str]:
    """Return the environment without what would lead another Python to this one's packages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def find_python(version: str) -> str | None:
    """Return an interpreter of that version which can make an environment; None without one."""
    named = os.environ.get("NETVIZ_PYTHONS", "").split(os.pathsep)
    on_path = [
        shutil.which(f"python{version}", path=folder)
        for folder in os.environ["PATH"].split(os.pathsep)
    ]
    for candidate in filter(None, [*named, *on_path]):
        command = [candidate, "-c", ASK_FOR_VERSION]
        asked = subprocess.run(
            command, env=surroundings(), capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and asked.stdout.strip() == version:
            return candidate
    return None


def site_built_by(python: Path | str, folder: Path) -> dict[str, bytes]:
    """Build the essay on the bundled sample from nothing; return the site."""
    folder.mkdir()
    command = [str(python), "-m", "netviz", "build", str(PROJECT / "essay"), "--sample", "--quiet"]
    environment = {
        **surroundings(),
        "NETVIZ_CACHE_DIR": str(folder / "data"),
        "PYTHONPATH": str(PROJECT / "src"),
        "PYTHONWARNINGS": "error",
    }
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return content(folder / "build" / "site")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return site_built_by(sys.executable, tmp_path_factory.mktemp("ours") / "essay")


@pytest.mark.torture
@pytest.mark.parametrize("version", [version for version in supported() if version != RUNNING])
def test_another_python_builds_the_same_bytes(
    version: str, ours: dict[str, bytes], tmp_path: Path
) -> None:
    python = find_python(version)
    if python is None:
        pytest.skip(f"no Python {version} here: put python{version} on the PATH, or name one in "
                    "NETVIZ_PYTHONS")  # fmt: skip
    subprocess.run([python, "-m", "venv", tmp_path / "venv"], env=surroundings(), check=True)
    programs = tmp_path / "venv" / "bin"
    lock = PROJECT / "requirements" / "run.lock"
    subprocess.run(
        [programs / "pip", "install", "--quiet", "--require-hashes", "--requirement", lock],
        env=surroundings(),
        check=True,
    )
    theirs = site_built_by(programs / "python", tmp_path / "essay")
    assert len(ours) > 50
    assert theirs.keys() == ours.keys()
    assert [name for name in ours if theirs[name] != ours[name]] == []


def test_the_pythons_that_are_claimed_are_those_that_ci_runs() -> None:
    assert supported()[0] == "3.11"
    workflow = (PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f"python: {list(supported())}".replace("'", '"') in workflow
