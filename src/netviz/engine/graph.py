"""The build graph: steps, what each makes, and the key that says whether it must run again.

A step is a function of its parameters and its inputs that fills one folder. What it made is
an `Artifact`: that folder and the digest of its content. The key of a step is computed from
its function's name, its parameters, the *content* of its inputs, the source of every module
that its function reaches, and the versions of the libraries that shape the result; equal
keys mean equal bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, Union, cast

from netviz.errors import Place

Leaf = TypeVar("Leaf")
Other = TypeVar("Other")
# Leaves of one type, nested in mappings by name and in lists.
Tree: TypeAlias = Union[Leaf, Mapping[str, "Tree[Leaf]"], Sequence["Tree[Leaf]"]]  # noqa: UP007 - refers to itself


@dataclass(frozen=True)
class Artifact:
    """Something made: a folder of files, and the SHA-256 of their names and contents."""

    folder: Path
    digest: str

    @property
    def stands(self) -> bool:
        """Whether its folder is there; `netviz clean` may have removed it."""
        return self.folder.is_dir()


@dataclass(frozen=True)
class Step:
    """One piece of work.

    Attributes:
        name: unique in the graph, for people: "train mnist-1layer".
        function: "package.module:function", called in a worker process as
            function(inputs, parameters, folder: Path), to fill `folder`.
        parameters: plain JSON values; part of the key.
        inputs: the steps and artifacts that this one reads, in a tree of names. The function gets
            a tree of the same shape with the folder of each.
        weight: roughly how long it takes, in seconds, for the order of work and the display.
        place: where the essay asks for it, which its faults then name.
    """

    name: str
    function: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, "Tree[Step | Artifact]"] = field(default_factory=dict)
    weight: float = 0.1
    place: Place | None = None

    @property
    def sources(self) -> "list[Step]":
        """The steps that this one reads."""
        found: Iterator[tuple[str, Step | Artifact]] = leaves(self.inputs)
        return [leaf for _, leaf in found if isinstance(leaf, Step)]


Input: TypeAlias = Step | Artifact


def leaves(tree: Tree[Leaf], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Leaf]]:
    """Yield each leaf of `tree` with its path, such as "networks.one.training"."""
    if isinstance(tree, Mapping):
        for name, branch in tree.items():
            yield from leaves(branch, (*path, name))
    elif isinstance(tree, (list, tuple)):
        for index, branch in enumerate(tree):
            yield from leaves(branch, (*path, str(index)))
    else:
        yield ".".join(path), cast("Leaf", tree)


def mapped(tree: Tree[Leaf], change: Callable[[Leaf], Other]) -> Tree[Other]:
    """Return a tree of the same shape with `change` of each leaf; sequences become lists."""
    if isinstance(tree, Mapping):
        return {name: mapped(branch, change) for name, branch in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [mapped(branch, change) for branch in tree]
    return change(cast("Leaf", tree))


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
            waiting += step.sources
        elif known is not step and known != step:
            raise ValueError(f"two different steps are called {step.name!r}")
    return found
