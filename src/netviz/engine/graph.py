"""The build graph: steps, what each makes, and the key that says whether it must run again.

A step is a function of its parameters and its inputs that fills one folder. What it made is
an `Artifact`: that folder and the digest of its content. The key of a step is computed from
its function's name, its parameters, the *content* of its inputs, the source of every module
that its function reaches, and the versions of the libraries that shape the result; equal
keys mean equal bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netviz.errors import Place


@dataclass(frozen=True)
class Artifact:
    """Something made: a folder of files, and the SHA-256 of their names and contents."""

    folder: Path
    digest: str


@dataclass(frozen=True)
class Step:
    """One piece of work.

    Attributes:
        name: unique in the graph, for people: "train mnist-1layer".
        function: "package.module:function", called in a worker process as
            function(inputs: Mapping[str, Path], parameters, folder: Path), to fill `folder`.
        parameters: plain JSON values; part of the key.
        inputs: a role for each step or artifact that this one reads.
        weight: roughly how long it takes, in seconds, for the order of work and the display.
        place: where the essay asks for it, which its faults then name.
    """

    name: str
    function: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, "Step | Artifact"] = field(default_factory=dict)
    weight: float = 0.1
    place: Place | None = None


def reachable(steps: Iterable[Step]) -> dict[str, Step]:
    """Return `steps` and all steps that they read, directly or not, by name.

    Raises:
        ValueError: two different steps have one name.
    """
    found: dict[str, Step] = {}
    waiting = list(steps)
    while waiting:
        step = waiting.pop()
        known = found.get(step.name)
        if known is None:
            found[step.name] = step
            waiting += [source for source in step.inputs.values() if isinstance(source, Step)]
        elif known is not step and known != step:
            raise ValueError(f"two different steps are called {step.name!r}")
    return found
