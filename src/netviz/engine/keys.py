"""The key of a step: everything that decides its result, and what changed since last time."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from netviz.engine.graph import Step, Tree, leaves, mapped
from netviz.engine.sources import Sources, library_versions

MISSING = "nothing"
SHOWN_LENGTH = 40


@dataclass(frozen=True)
class Key:
    """What decides the result of a step.

    Attributes:
        function: the step's "package.module:function".
        parameters: plain JSON values, as the function will see them.
        inputs: the digest of the content of each input, in the tree of the step's inputs.
        sources: the digest of the code of each module that the function's module imports, directly
            or not, and of that module itself.
        versions: of Python (major and minor) and of the libraries.
    """

    function: str
    parameters: Mapping[str, Any]
    inputs: Tree[str]
    sources: Mapping[str, str]
    versions: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all of it."""
        return hashlib.sha256(canonical(self.plain()).encode()).hexdigest()

    def plain(self) -> dict[str, Any]:
        """Return the key as JSON has it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def changes_since(self, before: "Key") -> list[str]:
        """Say what is different from the key `before`, one phrase for each difference."""
        changes = [f"function: {before.function} → {self.function}"] * (
            before.function != self.function
        )
        changes += _differences(before.parameters, self.parameters, "")
        changes += _changed("input", dict(leaves(before.inputs)), dict(leaves(self.inputs)))
        changes += _changed("code of", before.sources, self.sources)
        changes += _differences(before.versions, self.versions, "")
        return changes


class Keys:
    """Computes keys of the cache for one run, for which code and versions are read once."""

    def __init__(self, code: Sources) -> None:
        self._code = code
        self._sources: dict[str, dict[str, str]] = {}
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        self._versions = {"python": minor, **library_versions()}

    def key(self, step: Step, inputs: Tree[str]) -> Key:
        """Return the key of `step`, given the tree of the content digests of its inputs."""
        if step.function not in self._sources:
            self._sources[step.function] = self._code.of_function(step.function)
        return Key(
            function=step.function,
            parameters=json.loads(canonical(step.parameters)),
            inputs=mapped(inputs, str),
            sources=self._sources[step.function],
            versions=self._versions,
        )


def canonical(value: object) -> str:
    """Return the one JSON text of a plain value: keys sorted, no NaN."""
    return json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _differences(before: object, now: object, path: str) -> Iterator[str]:
    """Yield "path: old → new" for each leaf in which two plain values differ."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in sorted({*before, *now}):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(before.get(key, MISSING), now.get(key, MISSING), inner)
    elif before != now:
        yield f"{path}: {_shown(before)} → {_shown(now)}"


def _changed(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            yield f"{kind} {name}"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
