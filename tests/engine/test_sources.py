"""Which code a step reaches: its module and all that this imports, directly or not."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from netviz.engine.sources import Sources, library_versions

STEPS = """
import json as text_format
from {package}.one import (  # see (one)
    helper,
)
import os, {package}.many
from {package} import sub


def step(inputs, parameters, folder):
    from {package}.late import late
    return helper(late)
"""
FILES = {
    "__init__.py": "",
    "one.py": "import {package}.deep.below; x = 1; from {package} import beside\n",
    "deep/__init__.py": "",
    "deep/below.py": "from netviz.errors import SiteError\n",
    "beside.py": "",
    "many.py": "",
    "sub.py": "",
    "late.py": "",
    "unused.py": "",
}


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """A package of steps with a name that no other test uses."""
    folder = tmp_path / f"netviz_sources_{abs(hash(request.node.nodeid))}"
    for name, text in {"steps.py": STEPS, **FILES}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.replace("{package}", folder.name))
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_imports_are_followed_in_every_form_and_at_any_depth(package: Path) -> None:
    found = Sources().of_function(f"{package.name}.steps:step")
    assert {name.removeprefix(f"{package.name}.") for name in found} == {
        *("steps", "one", "deep", "deep.below", "beside", "late", "many", "sub"),
        *(package.name, "netviz", "netviz.errors"),
    }


def test_an_edit_of_the_steps_own_module_changes_it(package: Path) -> None:
    name = f"{package.name}.steps"
    before = Sources().of_function(f"{name}:step")
    file = package / "steps.py"
    file.write_text(file.read_text() + "LATER = 1\n")
    after = Sources().of_function(f"{name}:step")
    assert {one for one in after if after[one] != before[one]} == {name}


def test_an_edit_far_below_changes_that_module_alone(package: Path) -> None:
    before = Sources().of_function(f"{package.name}.steps:step")
    (package / "deep" / "below.py").write_text("from netviz.errors import DataError\n")
    after = Sources().of_function(f"{package.name}.steps:step")
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{package.name}.deep.below"
    }


def test_the_digest_of_a_file_holds_what_it_imports_of_netviz(tmp_path: Path) -> None:
    file = tmp_path / "figure.py"
    digests = set()
    for text in ("", "import netviz.errors\n", "import netviz.records\n"):
        file.write_text(text)
        digests.add(Sources().digest(file))
    assert len(digests) == 3
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    (moved / "figure.py").write_text("import netviz.records\n")
    assert Sources().digest(moved / "figure.py") == Sources().digest(file)


def test_versions_are_those_of_the_libraries() -> None:
    assert library_versions() == {"numpy": version("numpy"), "pillow": version("pillow")}


def test_nothing_heavy_is_loaded_to_run_what_has_not_changed() -> None:
    code = (
        "import sys, netviz.engine.execute as e, netviz.engine.sources as s; s.library_versions();"
        "print(*{'numpy', 'PIL', 'multiprocessing', 'importlib.metadata'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == ""
