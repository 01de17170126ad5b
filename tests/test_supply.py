"""What netviz is made of is known: each package pinned, needed, permitted and listed."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from license_expression import get_spdx_licensing  # type: ignore[import-untyped]  # ships no types
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements.packages import LOCK, PROJECT, declared, licence_of, read_lock, run_time_packages
from requirements.sbom import SBOM, document

LOCKS = sorted(LOCK.parent.glob("*.lock"))
SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"benchmarks", "netviz", "requirements", "tests"}

# All that the project installs by itself: from a lock file, the checkout, and PyTorch to compare
# with, whose builds differ by processor.
INSTALLATIONS = {
    "$(INSTALL) --require-hashes --requirement $<",
    "$(INSTALL) --no-deps --no-build-isolation --editable .",
    '@$(PY) -c "import torch" 2>/dev/null || $(INSTALL) $(TORCH) || true',
    # Into environments of their own, which only `make notebooks` and `make frameworks` make and
    # nothing else uses.
    ".venv-notebooks/bin/python -m pip install --quiet --disable-pip-version-check $(NOTEBOOKS)",
    ".venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check $(FRAMEWORKS)",
    # On the systems that have no make.
    "- run: python -m pip install --require-hashes --requirement requirements/test.lock",
    "- run: python -m pip install --no-deps --no-build-isolation --editable .",
}
INSTALLERS = re.compile(r"\$\(INSTALL\)|\bpip3? +(install|download)|\buvx? +(pip|tool|run)\b|pipx")
SCRIPTS = ("Makefile", ".ci/run", ".pre-commit-config.yaml", ".github/workflows/*.yml")

# An action runs with the rights of its job: a tag may move, the hash of a commit does not.
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.y*ml"))
ACTION = re.compile(r"^[\s-]*[\"']?uses[\"']?\s*:\s*(.*)$", re.MULTILINE)
PINNED_ACTION = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

PERMISSIVE = {
    "0BSD",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MIT License",
    "MIT-CMU",
    "PSF-2.0",
    "Zlib",
}
# The MPL binds changes of their own files, and we change none: installed as they are.
COPYLEFT_BY_FILE = {"certifi": "MPL-2.0", "tqdm": "MPL-2.0 AND MIT"}


# --- pinned ----------------------------------------------------------------------------------


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_pinned_by_the_hash_of_a_commit(workflow: Path) -> None:
    used = ACTION.findall(workflow.read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not PINNED_ACTION.fullmatch(action)] == []


def test_the_same_action_has_the_same_hash_in_every_workflow() -> None:
    used = {one for file in WORKFLOWS for one in ACTION.findall(file.read_text(encoding="utf-8"))}
    assert len({one.partition("@")[0] for one in used}) == len(used)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_a_version_and_hashes(lock: Path) -> None:
    pins = read_lock(lock)
    assert len(pins) > 20
    for pin in pins:
        assert pin.hashes, pin.name
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in pin.hashes), pin.name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_what_builds_netviz_is_locked_too(lock: Path) -> None:
    pins = {pin.name: pin for pin in read_lock(lock)}
    for line in SETTINGS["build-system"]["requires"]:
        backend = Requirement(line)
        assert pins[backend.name].version in backend.specifier
    assert "editables" in pins


def test_all_locks_pin_the_same_run_time() -> None:
    """What is tested is what a site is built with."""
    run = {(pin.name, pin.version) for pin in read_lock(LOCK)}
    for lock in LOCKS:
        assert run <= {(pin.name, pin.version) for pin in read_lock(lock)}, lock.name


def test_nothing_is_installed_from_outside_the_locks() -> None:
    found = set()
    for pattern in SCRIPTS:
        for script in PROJECT.glob(pattern):
            lines = script.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
            found |= {line.strip() for line in lines if INSTALLERS.search(line)}
    found = {line for line in found if not line.startswith(("#", "INSTALL :=", "COMPILE ="))}
    assert found == INSTALLATIONS


# --- needed ----------------------------------------------------------------------------------


def names_of(lines: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines}


@lru_cache
def homes() -> Mapping[str, list[str]]:
    """Return, by module, the distributions that bring it."""
    return packages_distributions()


def imported(*folders: str) -> set[str]:
    """Return the distributions whose modules the Python files below `folders` import.

    A module that no distribution brings stands for itself.
    """
    modules = set()
    for file in (file for folder in folders for file in (PROJECT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    others = modules - sys.stdlib_module_names - OURS
    return {canonicalize_name(homes().get(module, [module])[0]) for module in others}


def test_the_code_imports_what_is_declared_and_nothing_else() -> None:
    extras = SETTINGS["project"]["optional-dependencies"].values()
    optional = names_of(line for extra in extras for line in extra)
    wanted = {canonicalize_name(need.name) for need in declared()} | optional
    assert imported("src") == wanted


@pytest.mark.slow
def test_tests_and_tools_import_what_is_declared() -> None:
    test = names_of(SETTINGS["dependency-groups"]["test"])
    run = {canonicalize_name(need.name) for need in declared()}
    assert imported("tests", "requirements", ".ci") <= run | test | of_frameworks()


def of_frameworks() -> set[str]:
    """Return what `make frameworks` installs, under which modules are known that are not here."""
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    listed = text.partition("FRAMEWORKS := ")[2].partition("\n\n")[0]
    packages = {line.partition("==")[0] for line in listed.split() if "==" in line}
    modules = {"scikit-learn": "sklearn", "dm-haiku": "haiku"}
    return {modules.get(name, name) for name in packages} | {"torch", "optax"}  # Flax needs it


def test_every_dependency_has_its_reason_in_the_documentation() -> None:
    page = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    _, _, table = page.partition("| package | why netviz needs it |\n|---|---|\n")
    rows = re.findall(r"^\| `([\w.-]+)` \| (.+) \|$", table.partition("\n\n")[0], re.MULTILINE)
    assert len(rows) == table.partition("\n\n")[0].count("\n") + 1
    assert sorted(name for name, _ in rows) == sorted(need.name for need in declared())
    assert all(len(reason) > 30 for _, reason in rows)


# --- permitted -------------------------------------------------------------------------------


def permissive(licence: str) -> bool:
    """Say whether all that `licence` names is permissive, which is more than "or" would need."""
    if licence in PERMISSIVE:
        return True
    named = get_spdx_licensing().license_keys(licence) if re.search(r" (AND|OR) ", licence) else []
    return bool(named) and set(named) <= PERMISSIVE


@pytest.mark.parametrize(
    "licence",
    ["", "GPL-3.0-only", "MIT AND LGPL-2.1-only", "MIT OR GPL-2.0-only", "Proprietary", "MPL-2.0"],
)
def test_an_unknown_or_copyleft_licence_is_not_permissive(licence: str) -> None:
    assert not permissive(licence)


def test_every_package_that_a_site_needs_is_permissively_licensed() -> None:
    packages = run_time_packages({pin.name for pin in read_lock(LOCK)})
    assert len(packages) > len(declared())
    others = {
        package.name: package.licence
        for package in packages.values()
        if not permissive(package.licence)
    }
    assert others == COPYLEFT_BY_FILE


def test_licences_are_read_as_old_and_new_packages_state_them() -> None:
    assert licence_of("numpy").startswith("BSD-3-Clause")  # License-Expression
    assert licence_of("requests") == "Apache-2.0"  # License
    assert licence_of("jinja2") == "BSD License"  # classifiers alone


# --- listed ----------------------------------------------------------------------------------


def test_the_sbom_is_that_of_the_lock() -> None:
    assert SBOM.read_text(encoding="utf-8") == document(), "renew it with `make sbom`"


@pytest.mark.slow
def test_the_sbom_keeps_to_the_schema() -> None:
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 - takes seconds

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(SBOM.read_text(encoding="utf-8")) is None
    assert validator.validate_str('{"bomFormat": "CycloneDX"}') is not None


def test_the_sbom_leaves_out_what_only_builds() -> None:
    locked = {pin.name for pin in read_lock(LOCK)}
    building = {"editables", "hatchling", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
    assert locked - set(run_time_packages(locked)) == building
