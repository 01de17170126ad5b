"""A sweep: the same recipe over many shapes of network, several seeds each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SweepPoint:
    """One network of a sweep: its hidden widths, seed, cost and accuracy on the test set.

    `multiply_adds` counts those that one image costs on its way through the network.
    """

    hidden: tuple[int, ...]
    seed: int
    multiply_adds: int
    parameters: int
    accuracy: float


@dataclass(frozen=True)
class Sweep:
    """All points of one sweep over one data set, `dataset` its title."""

    name: str
    dataset: str
    points: tuple[SweepPoint, ...]
