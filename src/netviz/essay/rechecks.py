"""Which numbers of a claim its page can compute again: those of networks and images that it has.

The page's script does (`templates/js/late/check.js`), when a reader asks for it. It has the weights
of a network whole, and of the images that the network was measured on a part.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from netviz.analysis.moving import DISTANCES
from netviz.essay.measurements import Value

SHARE = re.compile(r"networks\.(?P<network>[^.]+)\.test\.(?:moved\.(?P<move>\d+)\.)?accuracy")
WEIGHTS = re.compile(
    r"networks\.(?P<network>[^.]+)\.templates\.classes\.(?P<unit>\d+)\."
    r"(?P<part>lowest|highest|centre|ring)"
)


@dataclass(frozen=True)
class Shipped:
    """What a page has of a network.

    Attributes:
        network: the address of its late data.
        images: that of images which it was measured on; empty where the page has none.
        count: how many images it was measured on.
    """

    network: str
    images: str
    count: int


@dataclass(frozen=True)
class ShareAgain:
    """The share of images that a network reads correctly, moved to the left by `left` pixels."""

    network: str
    images: str
    value: float
    count: int
    left: int = 0


@dataclass(frozen=True)
class WeightAgain:
    """The lowest or highest weight of an output `unit`, or the mean of a `part` of its picture."""

    network: str
    value: float
    unit: int
    part: str


def recheck(
    key: str, value: Value, shipped: Mapping[str, Shipped]
) -> ShareAgain | WeightAgain | None:
    """Return what to compute again of the number at `key`; None where the page cannot."""
    if not isinstance(value, float):
        return None
    if (found := WEIGHTS.fullmatch(key)) and (has := shipped.get(found["network"])):
        return WeightAgain(has.network, value, int(found["unit"]), found["part"])
    if (found := SHARE.fullmatch(key)) and (has := shipped.get(found["network"])) and has.images:
        left = DISTANCES[int(found["move"] or 0)]
        return ShareAgain(has.network, has.images, value, has.count, left)
    return None


def rechecks(
    values: Mapping[str, Value], shipped: Mapping[str, Shipped]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each key of `values` that the page can compute again, and what it needs for that."""
    for key, value in values.items():
        if (found := recheck(key, value, shipped)) is not None:
            yield key, asdict(found)
