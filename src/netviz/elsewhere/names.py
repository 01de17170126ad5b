"""The names of arrays, taken apart: which belong together in one module, and in what role.

`net.3.running_mean` is the leaf `running_mean` of the module `net.3`; `weights_0` and `bias_0` are
leaves of the module `0`; `fc1_weight` is a leaf of `fc1`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

BIASES = {
    "bias",
    "biases",
    "b",
    "intercept",
    "intercepts",
    "intercept_",
    "intercepts_",
    "bias_orig",
}
MASKED = ({"weight_orig"}, {"weight_mask", "bias_mask"})
BOOKKEEPING = {"seed_generator_state", "n_averaged"}  # of dropout, of averaging: no arithmetic

_WEIGHTS = "weights?|kernel|coefs?_?|[Ww]"
_BIASES = "bias(?:es)?|intercepts?_?|b"
_STATISTICS = (
    "num_batches_tracked|running_mean|running_var|moving_mean|moving_variance|gamma|beta|alpha"
    "|scale|mean|variance|var|std|count|pixel_mean|pixel_std"
)
_FOLDED = "(?:weight|bias)_(?:orig|mask)|weight_[gv]"
_PARAMETRISED = re.compile(r"(.+)\.parametrizations\.weight\.(original[01])")
_SEPARATED = re.compile(rf"((?:.*[./])?)({_WEIGHTS}|{_BIASES}|{_STATISTICS}|{_FOLDED})")
_NUMBERED = re.compile(rf"((?:.*[./_])?)({_WEIGHTS}|{_BIASES})[._/]?(\d+)")
_UNDERSCORED = re.compile(rf"(.+)_({_WEIGHTS}|{_BIASES}|{_STATISTICS})")
_VALUE = re.compile(r"[./](value|raw_value)$|:0$")  # of a variable of Flax, of TensorFlow
_COLLECTION = re.compile(r"(params|batch_stats)[./]")
_DIGITS = re.compile(r"\d+")
_NO_LEAF = re.compile(r"in_proj_|lora_|(?:depth|point)wise_kernel")


@dataclass(frozen=True)
class Module:
    """The arrays of one module, by leaf, and their whole names.

    `number` is the one behind the leaf, as in `weights_0`; empty where the name ends in a leaf.
    """

    prefix: str
    number: str
    leaves: dict[str, NDArray[Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What errors and settings call it: `net.3`, or its weights where these bear the number."""
        if self.prefix and not self.number:
            return self.prefix.rstrip("./")
        first = [name for leaf, name in self.names.items() if leaf not in BIASES]
        return (first or list(self.names.values()))[0]

    @property
    def called(self) -> str:
        """Its arrays as the subject of a sentence, up to the word not: "a and b are not"."""
        names = list(self.names.values())
        if len(names) < 3:
            return " and ".join(names) + (" is not" if len(names) == 1 else " are not")
        return f"{self.name} is not"

    def described(self, *leaves: str) -> list[str]:
        """Return name, type and shape of each of its arrays, or of some."""
        return [
            f"{self.names[leaf]} {self.leaves[leaf].dtype} {self.leaves[leaf].shape}"
            for leaf in leaves or self.leaves
        ]


def modules_of(arrays: Mapping[str, NDArray[Any]]) -> tuple[list[Module], list[str]]:
    """Return the modules that `arrays` belong to, and the names that tell of none."""
    found: dict[tuple[str, str], Module] = {}
    strange = []
    for name, array in arrays.items():
        if re.split(r"[./]", name)[-1] in BOOKKEEPING:
            continue
        taken = _taken_apart(_VALUE.sub("", _COLLECTION.sub("", name, count=1)))
        module = found.setdefault(taken[:2], Module(*taken[:2])) if taken else None
        if taken is None or module is None or taken[2] in module.leaves:
            strange.append(name)
        else:
            module.leaves[taken[2]] = array
            module.names[taken[2]] = name
    return list(found.values()), strange


def _taken_apart(name: str) -> tuple[str, str, str] | None:
    """Return prefix, number behind the leaf, and leaf; None where no leaf is known."""
    if _NO_LEAF.search(name):
        return None
    if match := _PARAMETRISED.fullmatch(name):
        return match[1], "", match[2]
    if match := _SEPARATED.fullmatch(name):
        return match[1].rstrip("./"), "", match[2]
    if match := _NUMBERED.fullmatch(name):
        return match[1].rstrip("._/"), match[3], match[2]
    if match := _UNDERSCORED.fullmatch(name):
        return match[1], "", match[2]
    return None


def keyed(names: Sequence[str]) -> Mapping[str, tuple[str, tuple[int, ...]]]:
    """Return each name without its numbers, and these; Keras calls the first of several `dense`."""
    found = {
        name: (_DIGITS.sub("{}", name), tuple(map(int, _DIGITS.findall(name)))) for name in names
    }
    for template, numbers in list(found.values()):
        first = template.replace("_{}", "")
        if first in found and first != template and not found[first][1]:
            found[first] = (template, (0,) * len(numbers))
    return found
