"""The data sets that netviz knows by name, each in a file of its own."""

from collections.abc import Iterable, Mapping

from netviz.datasets.cifar10 import CIFAR10
from netviz.datasets.entry import Entry
from netviz.datasets.mnist import MNIST
from netviz.errors import EssayError, nearest_name

CATALOGUE: Mapping[str, Entry] = {"mnist": MNIST, "cifar10": CIFAR10}


def entry(name: str, others: Iterable[str] = ()) -> Entry:
    """Return the data set called `name`; `others` are names that would have been right as well.

    Raises:
        EssayError: there is none; the nearest name is given.
    """
    if name not in CATALOGUE:
        known = [*CATALOGUE, *others]
        raise EssayError(
            f"unknown data set {name!r}",
            expected="one of " + ", ".join(known),
            nearest=nearest_name(name, known),
        )
    return CATALOGUE[name]
