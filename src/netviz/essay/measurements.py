"""Everything measured, as one tree that keys reach into: "networks.mnist-1layer.test.accuracy"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netviz.errors import EssayError, nearest_name

Value: TypeAlias = "bool | int | float | str | Sequence[Value] | Mapping[str, Value] | None"


@dataclass(frozen=True)
class Measurements:
    """The content of measurements.json."""

    tree: Mapping[str, Value]

    def at(self, key: str) -> Value:
        """Return what stands at the dotted `key`; a whole number reaches into a list.

        Raises:
            EssayError: nothing stands there; the message gives the part of the key that fails
                and the names that would have been right.
        """
        here: Value = self.tree
        walked: list[str] = []
        for part in key.split("."):
            here = _child(here, part, key, ".".join(walked))
            walked.append(part)
        return here


def _child(parent: Value, part: str, key: str, walked: str) -> Value:
    if isinstance(parent, Mapping):
        names = list(parent)
        if part in parent:
            return parent[part]
    elif isinstance(parent, Sequence) and not isinstance(parent, str):
        names = [str(index) for index in range(len(parent))]
        if part in names:
            return parent[int(part)]
    else:
        names = []
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    raise EssayError(
        f"nothing is measured at {key!r}",
        expected=f"one of {shown} after {walked!r}" if names else f"{walked!r} to be the end",
        got=repr(part),
        nearest=nearest_name(part, names),
        remedy="All keys stand in measurements.json.",
    )
