"""What is built to be installed carries everything a site needs, and runs where nothing else is."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import netviz

PROJECT = Path(__file__).parents[1]


def run(*command: str | Path, folder: Path) -> str:
    """Return what the command prints; the test's own paths and settings do not reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one sdist, and one wheel built from that sdist as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, folder=PROJECT)
    shutil.unpack_archive(next(folder.glob("*.tar.gz")), folder, filter="data")
    unpacked = next(path for path in folder.iterdir() if path.is_dir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=unpacked)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


def files_below(*folders: str) -> set[Path]:
    """Return the files below `folders`, relative to the project; not what Python cached there."""
    files = (path for folder in folders for path in (PROJECT / folder).rglob("*"))
    return {
        path.relative_to(PROJECT)
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    """Fragments, scripts, styles and the bundled sample are there, and nothing stray."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {Path(name) for name in archive.namelist()}
    package = {path.relative_to("src") for path in files_below("src/netviz")}
    templates = {Path("netviz") / path for path in files_below("templates")}
    assert package | templates <= packed
    assert {path.suffix for path in packed} & {".pyc", ".log"} == set()


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_the_sdist_can_be_tested(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names
    assert {str(path) for path in files_below("src", "templates", "tests")} <= names


def test_the_unpacked_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """The code on the path is the wheel's, not the checkout's."""
    shutil.unpack_archive(wheel, tmp_path, "zip")
    program = "import netviz, netviz.cli; print(netviz.__file__); netviz.cli.main(['--version'])"
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"
    place, version = run(sys.executable, "-I", "-c", code, folder=tmp_path).splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert version == f"netviz {netviz.__version__}"


@pytest.mark.torture
def test_the_wheel_installs_and_builds_the_sample_in_a_clean_environment(
    wheel: Path, tmp_path: Path
) -> None:
    """An environment with nothing but the wheel and what it asks for builds the essay."""
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel, folder=tmp_path)
    assert run(programs / "netviz", "--version", folder=tmp_path).split()[0] == "netviz"
    run(
        programs / "netviz", "build", PROJECT / "essay", "--sample", "--out", "site",
        folder=tmp_path,
    )  # fmt: skip
    assert (tmp_path / "site" / "index.html").is_file()
