"""What is built to be installed carries everything a site needs, and runs where nothing else is."""

import hashlib
import json
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

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"  # of an environment


def run(*command: str | Path, folder: Path, **around: str) -> str:
    """Return what the command prints; the test's own paths and settings do not reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**kept, **around},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist and a wheel, both built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--directory", folder, folder=PROJECT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture
def unpacked(built: Path, tmp_path: Path) -> Path:
    """The sdist as an installer unpacks it."""
    shutil.unpack_archive(next(built.glob("*.tar.gz")), tmp_path / "sdist", filter="data")
    return next((tmp_path / "sdist").iterdir())


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
    docs = {Path("netviz") / path for path in files_below("docs")}
    assert package | templates | docs <= packed
    assert {path.suffix for path in packed} & {".pyc", ".log"} == set()


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_fonts_and_data_stand_beside_their_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        fonts = [name for name in archive.namelist() if name.endswith(".woff2")]
        licences = [name for name in archive.namelist() if name.endswith("-OFL.txt")]
        assert fonts
        for font in fonts:
            (own,) = [name for name in licences if font.startswith(name.removesuffix("OFL.txt"))]
            holder, _, terms = archive.read(own).decode().partition("\n")
            assert holder.startswith(("Copyright", "©"))
            assert "SIL Open Font License, Version 1.1" in terms
        notice = archive.read("netviz/datasets/sample/NOTICE.md").decode()
    assert "MNIST" in notice
    assert "CIFAR-10" in notice


def test_the_wheel_lists_what_others_made(wheel: Path) -> None:
    """Its SBOM is the one of the lock, and has each font and picture with its hash."""
    with zipfile.ZipFile(wheel) as archive:
        (place,) = [name for name in archive.namelist() if ".dist-info/sboms/" in name]
        sbom = archive.read(place)
        foreign = {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if Path(name).suffix in (".woff2", ".webp")
            and not name.startswith("netviz/docs/")  # pictures that netviz drew
        }
    assert sbom == (PROJECT / "requirements" / "netviz.cdx.json").read_bytes()
    netviz_itself = json.loads(sbom)["metadata"]["component"]
    assert netviz_itself["version"] == netviz.__version__
    listed = {part["name"]: part["hashes"][0]["content"] for part in netviz_itself["components"]}
    assert len(foreign) > 5
    assert foreign.items() <= listed.items()


def test_the_sdist_builds_the_same_again(built: Path, unpacked: Path, tmp_path: Path) -> None:
    """Neither times, modes, time zone nor place of the files reach what is built from them."""
    for path in unpacked.rglob("*"):
        os.utime(path, (10**9, 10**9))
        path.chmod(path.stat().st_mode & ~0o077)
    again = tmp_path / "again"
    run(
        sys.executable, "-m", "hatchling", "build", "--directory", again,
        folder=unpacked, TZ="Pacific/Chatham",
    )  # fmt: skip
    first = {file.name: file.read_bytes() for file in built.iterdir()}
    second = {file.name: file.read_bytes() for file in again.iterdir()}
    assert len(first) == 2
    assert [name for name in first if second[name] != first[name]] == []


def test_the_sdist_can_be_tested(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names
    parts = ("benchmarks", "docs", "essay", "requirements", "src", "templates", "tests")
    assert {str(path) for path in files_below(*parts)} <= names


def test_the_unpacked_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """The code on the path is the wheel's, not the checkout's."""
    shutil.unpack_archive(wheel, tmp_path, "zip")
    program = "import netviz, netviz.cli; print(netviz.__file__); netviz.cli.main(['--version'])"
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"
    place, version = run(sys.executable, "-I", "-c", code, folder=tmp_path).splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert version == f"netviz {netviz.__version__}"


def test_the_unpacked_wheel_builds_its_documentation(wheel: Path, tmp_path: Path) -> None:
    """No checkout is needed to read it, and the list of figures is filled in."""
    shutil.unpack_archive(wheel, tmp_path / "unpacked", "zip")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'unpacked')!r}); import netviz.cli\n"
        "if __name__ == '__main__': sys.exit(netviz.cli.main(['docs', '--out', 'manual']))"
    )
    program = tmp_path / "program.py"  # of which worker processes can be started
    program.write_text(code, encoding="utf-8")
    data = str(tmp_path / "data")
    said = run(sys.executable, "-I", program, folder=tmp_path, NETVIZ_CACHE_DIR=data)
    assert said.strip().endswith("manual/index.html")
    assert {file.stem for file in (tmp_path / "manual").glob("*.html")} - {"404"} == {
        file.stem for file in (PROJECT / "docs").glob("*.md")
    }
    page = (tmp_path / "manual" / "reference.html").read_text(encoding="utf-8")
    assert 'id="figure-weights"' in page


@pytest.mark.torture
def test_the_wheel_starts_builds_and_checks_an_essay_in_a_clean_environment(
    wheel: Path, tmp_path: Path
) -> None:
    """All that it needs is in the lock: it is installed with hashes, and no checkout is near."""
    venv.create(tmp_path / "venv", with_pip=True)
    pip, command = (tmp_path / "venv" / PROGRAMS / name for name in ("pip", "netviz"))
    lock = PROJECT / "requirements" / "run.lock"
    run(pip, "install", "--quiet", "--require-hashes", "--requirement", lock, folder=tmp_path)
    run(pip, "install", "--quiet", "--no-deps", wheel, folder=tmp_path)
    run(pip, "check", folder=tmp_path)
    assert run(command, "--version", folder=tmp_path) == f"netviz {netviz.__version__}\n"
    run(command, "new", "my-essay", folder=tmp_path)
    text = tmp_path / "my-essay" / "index.md"
    named = text.read_text(encoding="utf-8").replace("Your Name", "A. Author")
    text.write_text(named, encoding="utf-8")
    run(command, "build", "my-essay", "--sample", folder=tmp_path)
    run(command, "check", "my-essay", folder=tmp_path)
    site = tmp_path / "build" / "site"
    assert (site / "index.html").is_file()
    published = {file.name for file in (site / "assets" / "fonts").iterdir()}
    assert published == {
        file.name
        for file in (PROJECT / "templates" / "fonts").iterdir()
        if file.suffix == ".woff2" or file.name.endswith("-OFL.txt")
    }
