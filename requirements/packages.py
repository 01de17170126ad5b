"""The packages that netviz needs at run time: how run.lock pins them, what they say of themselves.

The lock is for every system at once, so a package that only some systems need is here as well.
"""

import tomllib
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
LOCK = PROJECT / "requirements" / "run.lock"
HASH = " --hash=sha256:"


@dataclass(frozen=True)
class Pin:
    """A package of a lock file: `hashes` are the SHA-256 of its files, of which one is installed.

    `marker` says where this version is wanted, as in "sys_platform == 'win32'"; "" is everywhere.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """What a package says of itself: its licence, and the names of those it may need."""

    name: str
    licence: str
    needs: tuple[str, ...]


def read_lock(file: Path) -> tuple[Pin, ...]:
    """Return what a lock file pins, in its order; one package may be there in two versions."""
    lines = file.read_text(encoding="utf-8").replace(" \\\n   ", "").splitlines()
    return tuple(_pin(line) for line in lines if not line.startswith("#"))


def declared() -> tuple[Requirement, ...]:
    """Return the run-time dependencies of pyproject.toml."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return tuple(Requirement(line) for line in project["dependencies"])


def run_time_packages(locked: Collection[str]) -> Mapping[str, Package]:
    """Return, by name, the packages of `locked` that the declared ones lead to.

    What builds netviz is locked with them, but nothing leads there.

    Raises:
        importlib.metadata.PackageNotFoundError: one is not installed here.
    """
    needs: dict[str, set[str]] = {}
    waiting = deque(declared())
    seen: set[str] = set()
    while waiting:
        requirement = waiting.popleft()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        found = [need for need in _needs(requirement) if canonicalize_name(need.name) in locked]
        names = {canonicalize_name(need.name) for need in found}
        # Asked for with other extras, it may need more.
        needs.setdefault(canonicalize_name(requirement.name), set()).update(names)
        waiting += found
    return {
        name: Package(name, licence_of(name), tuple(sorted(names))) for name, names in needs.items()
    }


def licence_of(name: str) -> str:
    """Return the licence that a package states in the version installed here, "" where none.

    It is an SPDX expression or, of older packages, what their classifiers say: "BSD License".
    """
    metadata = distribution(name).metadata
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier", [])
        if line.startswith("License :: ")
    ]
    fields = [*metadata.get_all("License-Expression", []), *metadata.get_all("License", [])]
    # An old field "License" may hold the whole text.
    stated = [text for text in fields if text and "\n" not in text]
    return stated[0] if stated else " AND ".join(classifiers)


def _pin(line: str) -> Pin:
    head, *hashes = line.split(HASH)
    requirement = Requirement(head)
    (specifier,) = requirement.specifier
    return Pin(requirement.name, specifier.version, str(requirement.marker or ""), tuple(hashes))


def _needs(requirement: Requirement) -> Iterator[Requirement]:
    """Yield what a package may need on any system, given the extras that are asked of it."""
    for line in distribution(requirement.name).requires or []:
        need = Requirement(line)
        if _is_asked_for(need.marker, requirement.extras):
            yield need


def _is_asked_for(marker: Marker | None, extras: Collection[str]) -> bool:
    if marker is None or "extra" not in str(marker):
        return True
    return any(marker.evaluate({"extra": extra}) for extra in extras)
